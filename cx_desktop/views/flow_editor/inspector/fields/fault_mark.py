"""Where a formula or a text with braces goes wrong, underlined at each letter that is typed."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QInputMethodEvent, QTextCharFormat
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit

from cx_desktop.domain.flow.expressions import Form, Problem, problems
from cx_desktop.domain.flow.kind import FieldType, Property
from cx_desktop.views.widgets.look import Look

_FORMS: Mapping[FieldType, Form] = MappingProxyType(
    {FieldType.EXPRESSION: Form.FORMULA, FieldType.NUMBER: Form.NUMBER}
)


def form_of(declared: Property) -> Form | None:
    """What a property holds beside plain text, if anything."""
    if declared.is_template:
        return Form.TEMPLATE
    return _FORMS.get(declared.type)


class FaultMark:
    """Underlines in a line what is wrong with it; the findings say it in words."""

    def __init__(self, line: QLineEdit, form: Form, look: Look) -> None:
        self._line = line
        self._form = form
        self._look = look
        self.problems: tuple[Problem, ...] = ()
        line.textChanged.connect(self._on_text_changed)

    def _on_text_changed(self, text: str) -> None:
        found = problems(text, self._form)
        if found or self.problems:
            self.problems = found
            self._underline(text)

    def _underline(self, text: str) -> None:
        """Qt lets only an input method give letters of a line a look of their own."""
        cursor = self._line.cursorPosition()
        looks = []
        for each in self.problems:
            start, end = _place(each, text)
            looks.append(
                QInputMethodEvent.Attribute(
                    QInputMethodEvent.AttributeType.TextFormat,
                    start - cursor,
                    end - start,
                    _look_of(each, self._look),
                )
            )
        QCoreApplication.sendEvent(self._line, QInputMethodEvent("", looks))


class TextMark:
    """Underlines in a text of several lines what cannot be filled in."""

    def __init__(self, box: QPlainTextEdit, look: Look) -> None:
        self._box = box
        self._look = look
        self.problems: tuple[Problem, ...] = ()
        box.textChanged.connect(self._on_text_changed)

    def _on_text_changed(self) -> None:
        text = self._box.toPlainText()
        found = problems(text, Form.TEMPLATE)
        if found or self.problems:
            self.problems = found
            self._box.setExtraSelections([self._selection(each, text) for each in found])

    def _selection(self, problem: Problem, text: str) -> QTextEdit.ExtraSelection:
        start, end = _place(problem, text)
        selection = QTextEdit.ExtraSelection()
        cursor = self._box.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, cursor.MoveMode.KeepAnchor)
        selection.cursor = cursor
        selection.format = _look_of(problem, self._look)
        return selection


def _place(problem: Problem, text: str) -> tuple[int, int]:
    """Where Qt counts a problem's place: in halves of UTF-16, and one letter wide at least."""
    start = min(problem.start, max(0, len(text) - 1))
    end = max(start + 1, problem.end)
    return _halves(text[:start]), _halves(text[:end])


def _halves(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _look_of(problem: Problem, look: Look) -> QTextCharFormat:
    wavy = QTextCharFormat()
    wavy.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SpellCheckUnderline)
    wavy.setUnderlineColor(look.theme.color("block" if problem.is_fatal else "warn"))
    return wavy
