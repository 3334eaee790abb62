"""Whole numbers and durations."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QHBoxLayout, QSpinBox, QWidget

from cx_desktop.domain.patch import Json
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.inspector.fields.editor import Request, ValueEditor

_LARGEST = 2_147_483_647


class _Whole(QSpinBox):
    """The wheel scrolls the form, it does not change numbers by accident."""

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _Decimal(QDoubleSpinBox):
    """Shows no more decimals than the value has; the wheel scrolls the form."""

    @override
    def textFromValue(self, val: float) -> str:
        return self.locale().toString(val, "g", 10)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _BoxEditor(ValueEditor):
    """What the editors of numbers share: one box, which tells only what a person changes."""

    def __init__(self, box: QAbstractSpinBox, request: Request) -> None:
        super().__init__()
        self._box = box
        self._is_showing = False
        box.setLocale(request.around.look.language.locale)
        box.setMaximumWidth(140)
        box.editingFinished.connect(self.settled)
        _left(self, box)

    @override
    def lock(self) -> None:
        self._box.setReadOnly(True)

    @property
    @override
    def focus_target(self) -> QWidget:
        return self._box


class WholeEditor(_BoxEditor):
    """A whole number."""

    def __init__(self, request: Request) -> None:
        box = _Whole()
        super().__init__(box, request)
        self.box = box
        least, most = request.declared.minimum, request.declared.maximum
        self.box.setRange(
            -_LARGEST if least is None else int(least), _LARGEST if most is None else int(most)
        )
        self.box.valueChanged.connect(self._tell)

    @override
    def show_value(self, value: Json) -> None:
        number = int(value) if isinstance(value, int | float) else 0
        if number != self.box.value():
            self._is_showing = True
            self.box.setValue(number)
            self._is_showing = False

    def _tell(self, value: int) -> None:
        if not self._is_showing:
            self.edited.emit(value)


class SecondsEditor(_BoxEditor):
    """A duration in seconds."""

    def __init__(self, request: Request) -> None:
        box = _Decimal()
        super().__init__(box, request)
        self.box = box
        least, most = request.declared.minimum, request.declared.maximum
        self.box.setDecimals(3)
        self.box.setRange(0.0 if least is None else least, 1e6 if most is None else most)
        self.box.setSuffix(" s")
        self.box.valueChanged.connect(self._tell)

    @override
    def show_value(self, value: Json) -> None:
        number = float(value) if isinstance(value, int | float) else 0.0
        if number != self.box.value():
            self._is_showing = True
            self.box.setValue(number)
            self._is_showing = False

    def _tell(self, value: float) -> None:
        if not self._is_showing:
            self.edited.emit(int(value) if value.is_integer() else round(value, 3))


def _left(parent: QWidget, child: QWidget) -> None:
    layout = QHBoxLayout(parent)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(child)
    layout.addStretch(1)
    layout.setAlignment(Qt.AlignmentFlag.AlignLeft)
    parent.setFocusProxy(child)


class ShareBox(_Whole):
    """A share in percent."""

    typed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._is_showing = False
        self.setRange(0, 100)
        self.setSuffix(" %")
        self.valueChanged.connect(self._tell)

    def show_share(self, value: Json) -> None:
        """Show a share; this is not an edit."""
        number = int(value) if isinstance(value, int | float) else 0
        if number != self.value():
            self._is_showing = True
            self.setValue(number)
            self._is_showing = False

    def _tell(self, value: int) -> None:
        if not self._is_showing:
            self.typed.emit(value)
