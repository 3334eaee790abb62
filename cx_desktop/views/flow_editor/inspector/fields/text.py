"""Texts: one line, several lines, names of variables, formulas, addresses, numbers to call."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from cx_desktop.domain.flow.expressions import Form
from cx_desktop.domain.flow.kind import FieldType
from cx_desktop.domain.patch import Json
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.inspector.fields.editor import Request, ValueEditor
from cx_desktop.views.flow_editor.inspector.fields.fault_mark import FaultMark, TextMark, form_of

#: The least and the most lines a text of several lines shows at once.
LEAST_LINES, MOST_LINES = 3, 9


class LineEditor(ValueEditor):
    """One line."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.line = QLineEdit()
        layout = _only(self, self.line)
        layout.setSpacing(0)
        self.setFocusProxy(self.line)
        if request.declared.type in _MONOSPACED:
            self.line.setProperty("role", "mono")
        form = form_of(request.declared)
        self.mark = FaultMark(self.line, form, request.around.look) if form else None
        self.line.textEdited.connect(self.edited.emit)
        self.line.editingFinished.connect(self.settled)

    @override
    def show_value(self, value: Json) -> None:
        text = _as_text(value)
        if text != self.line.text():
            self.line.setText(text)

    @override
    def lock(self) -> None:
        self.line.setReadOnly(True)

    @property
    @override
    def focus_target(self) -> QWidget:
        return self.line


class TextBox(QPlainTextEdit):
    """Several lines, as high as the text; Tab leaves it."""

    typed = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_showing = False
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.textChanged.connect(self._on_text_changed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self._fit()

    def show_text(self, text: str) -> None:
        """Show a text; the cursor stays when it is the same."""
        if text != self.toPlainText():
            self._is_showing = True
            self.setPlainText(text)
            self._is_showing = False

    def _on_text_changed(self) -> None:
        self._fit()
        if not self._is_showing:
            self.typed.emit(self.toPlainText())

    def _fit(self) -> None:
        lines = min(MOST_LINES, max(LEAST_LINES, int(self.document().size().height())))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 20)

    @override
    def focusOutEvent(self, e: QFocusEvent) -> None:
        super().focusOutEvent(e)
        self.left.emit()


class LinesEditor(ValueEditor):
    """Several lines."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.box = TextBox()
        is_filled_in = form_of(request.declared) is Form.TEMPLATE
        self.mark = TextMark(self.box, request.around.look) if is_filled_in else None
        _only(self, self.box)
        self.setFocusProxy(self.box)
        self.box.typed.connect(self.edited.emit)
        self.box.left.connect(self.settled)

    @override
    def show_value(self, value: Json) -> None:
        self.box.show_text(_as_text(value))

    @override
    def lock(self) -> None:
        self.box.setReadOnly(True)

    @property
    @override
    def focus_target(self) -> QWidget:
        return self.box


_MONOSPACED = frozenset({FieldType.VARIABLE, FieldType.EXPRESSION, FieldType.URL})


def _as_text(value: Json) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _only(parent: QWidget, child: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(child)
    return layout
