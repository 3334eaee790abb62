"""Where a formula goes wrong, underlined in the field at each letter that is typed."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QInputMethodEvent, QTextCharFormat
from PySide6.QtWidgets import QLineEdit

from cx_desktop.domain.flow.expressions import Form, Problem, problems
from cx_desktop.domain.flow.kind import FieldType, Property
from cx_desktop.views.widgets.look import Look

_FORMS: Mapping[FieldType, Form] = MappingProxyType(
    {FieldType.EXPRESSION: Form.FORMULA, FieldType.NUMBER: Form.NUMBER}
)


def form_of(declared: Property) -> Form | None:
    """What a property of one line holds beside plain text, if anything."""
    if declared.type is FieldType.TEXT and declared.is_template:
        return Form.TEMPLATE
    return _FORMS.get(declared.type)


class FaultMark:
    """Underlines in a line of text what is wrong with it; the findings say it in words."""

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
            self._underline()

    def _underline(self) -> None:
        """Qt lets only an input method give letters of a line a look of their own."""
        cursor, length = self._line.cursorPosition(), len(self._line.text())
        looks = []
        for each in self.problems:
            start = min(each.start, max(0, length - 1))
            width = max(1, min(each.end, length) - start)
            looks.append(
                QInputMethodEvent.Attribute(
                    QInputMethodEvent.AttributeType.TextFormat,
                    start - cursor,
                    width,
                    self._look_of(each),
                )
            )
        QCoreApplication.sendEvent(self._line, QInputMethodEvent("", looks))

    def _look_of(self, problem: Problem) -> QTextCharFormat:
        wavy = QTextCharFormat()
        wavy.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SpellCheckUnderline)
        wavy.setUnderlineColor(self._look.theme.color("block" if problem.is_fatal else "warn"))
        return wavy
