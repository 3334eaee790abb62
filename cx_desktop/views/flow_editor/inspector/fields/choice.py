"""Choosing: on or off, one of several, several of several, an object of the project."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from cx_desktop.domain.patch import Json
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.inspector.fields.editor import Choice, Request, ValueEditor


class ComboBox(QComboBox):
    """A list to choose from; the wheel scrolls the form around it."""

    looked_at = Signal()  # the user opens it or goes to it

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(16)

    @override
    def wheelEvent(self, e: QWheelEvent) -> None:
        e.ignore()

    @override
    def focusInEvent(self, e: QFocusEvent) -> None:
        self.looked_at.emit()
        super().focusInEvent(e)

    @override
    def showPopup(self) -> None:
        self.looked_at.emit()
        super().showPopup()


class ToggleEditor(ValueEditor):
    """On or off; its label stands beside it."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.box = QCheckBox(request.around.text(f"prop.{request.declared.name}"))
        _only(self, self.box)
        self.setFocusProxy(self.box)
        self.box.clicked.connect(self._tell)

    @override
    def show_value(self, value: Json) -> None:
        self.box.setChecked(value is True)

    @property
    @override
    def focus_target(self) -> QWidget:
        return self.box

    def _tell(self, is_on: bool) -> None:  # noqa: FBT001  (the signature of Qt's signal)
        self.edited.emit(is_on)
        self.settled.emit()


class ChoiceEditor(ValueEditor):
    """One of the property's choices."""

    def __init__(self, request: Request, choices: tuple[Choice, ...] | None = None) -> None:
        super().__init__()
        self._request = request
        self.box = ComboBox()
        declared = (Choice(each, request.choice_text(each)) for each in request.declared.choices)
        for each in choices if choices is not None else declared:
            self.box.addItem(each.text, each.value)
        _only(self, self.box)
        self.setFocusProxy(self.box)
        self.box.activated.connect(self._tell)

    @override
    def show_value(self, value: Json) -> None:
        """A value that is no choice is shown as it is, so that nothing changes unseen."""
        at = self.box.findData(value)
        if at < 0 and isinstance(value, str):
            self.box.addItem(self._unknown(value), value)
            at = self.box.count() - 1
        self.box.setCurrentIndex(at)

    @property
    @override
    def focus_target(self) -> QWidget:
        return self.box

    def _unknown(self, value: str) -> str:
        return self._request.around.text("editor.field.unknown", value=value)

    def _tell(self, row: int) -> None:
        self.edited.emit(self.box.itemData(row))
        self.settled.emit()


class ReferenceEditor(ChoiceEditor):
    """An object of the project, or nothing; the list is filled when somebody looks at it."""

    def __init__(self, request: Request) -> None:
        nothing = Choice("", request.around.text("editor.field.nothing"))
        super().__init__(request, (nothing,))
        self._known = request.around.objects(request.declared.refers_to) or ()
        self._is_full = False
        self.box.looked_at.connect(self.fill)

    @override
    def show_value(self, value: Json) -> None:
        known = next((each for each in self._known if each.value == value), None)
        if known is not None and self.box.findData(value) < 0:
            self.box.addItem(known.text, known.value)
        super().show_value(value)

    def fill(self) -> None:
        """List everything that may be chosen."""
        if self._is_full:
            return
        self._is_full = True
        chosen = self.box.currentData()
        while self.box.count() > 1:
            self.box.removeItem(1)
        for each in self._known:
            self.box.addItem(each.text, each.value)
        self.show_value(chosen)


class ChoicesEditor(ValueEditor):
    """Several of the property's choices, in their declared order."""

    is_composite = True

    def __init__(self, request: Request) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._boxes: dict[str, QCheckBox] = {}
        for each in request.declared.choices:
            box = QCheckBox(request.choice_text(each))
            box.clicked.connect(self._tell)
            layout.addWidget(box)
            self._boxes[each] = box
        if self._boxes:
            self.setFocusProxy(next(iter(self._boxes.values())))

    @override
    def show_value(self, value: Json) -> None:
        chosen = value if isinstance(value, list) else []
        for name, box in self._boxes.items():
            box.setChecked(name in chosen)

    def _tell(self) -> None:
        self.edited.emit([name for name, box in self._boxes.items() if box.isChecked()])
        self.settled.emit()


def _only(parent: QWidget, child: QWidget) -> None:
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(child)
