"""One editor per kind of setting."""

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from cx_desktop.models.settings import Setting
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.spin_box import SpinBox

Change = Callable[[object], object]


def editor(look: Look, setting: Setting, change: Change) -> QWidget:
    """The widget that edits a setting and tells each new value to ``change``."""
    value, kind = setting.value, setting.declaration.kind
    if isinstance(value, bool):
        return _check(look, setting, value, change)
    if isinstance(value, StrEnum) and issubclass(kind, StrEnum):
        return _choice(look, setting, kind, change)
    if isinstance(value, int):
        return _number(look, setting, value, change)
    if isinstance(value, tuple):
        return _lines([str(each) for each in value], change)
    return _FilePicker(look, str(value), change)


def _check(look: Look, setting: Setting, value: bool, change: Change) -> QCheckBox:  # noqa: FBT001  (it is the value)
    box = QCheckBox()
    box.setChecked(value)
    look.language.bind(box, box.setText, f"settings.{setting.declaration.name}.check")
    box.toggled.connect(change)
    return box


def _choice(look: Look, setting: Setting, kind: type[StrEnum], change: Change) -> QComboBox:
    box = QComboBox()
    choices = list(kind)
    for each in choices:
        box.addItem("", each)

    def retext() -> None:
        for index, each in enumerate(choices):
            key = f"settings.{setting.declaration.name}.{each.value}"
            box.setItemText(index, look.language.text(key))

    look.language.follow(box, retext)
    box.setCurrentIndex(choices.index(kind(str(setting.value))))
    box.activated.connect(lambda index: change(choices[index]))
    return box


def _number(look: Look, setting: Setting, value: int, change: Change) -> SpinBox:
    declared = setting.declaration
    box = SpinBox()
    box.setRange(declared.minimum, declared.maximum)
    box.setSingleStep(declared.step)
    box.setValue(value)
    look.language.bind(
        box,
        lambda unit: box.setSuffix(f"\N{NO-BREAK SPACE}{unit}"),
        f"settings.{declared.name}.unit",
    )
    step = declared.step
    box.valueChanged.connect(lambda number: change(round(number / step) * step))
    return box


def _lines(lines: list[str], change: Change) -> QPlainTextEdit:
    field = QPlainTextEdit("\n".join(lines))
    field.setFixedHeight(88)
    field.setTabChangesFocus(True)

    def tell() -> None:
        typed = (line.strip() for line in field.toPlainText().splitlines())
        change(tuple(line for line in typed if line))

    field.textChanged.connect(tell)
    return field


class _FilePicker(QWidget):
    """A path to type, or to choose."""

    def __init__(self, look: Look, path: str, change: Change) -> None:
        super().__init__()
        self._look = look
        self._change = change
        self._path = QLineEdit(path)
        self._path.setClearButtonEnabled(True)
        choose = Button(look, "settings.choose-file", icon="folder-open")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._path, 1)
        layout.addWidget(choose)
        self.setFocusProxy(self._path)
        self._path.editingFinished.connect(lambda: change(self._path.text().strip()))
        self._path.textChanged.connect(lambda text: None if text else change(""))
        choose.clicked.connect(self._choose)
        look.language.bind(self, self._path.setAccessibleName, "settings.ca_file.label")

    def _choose(self) -> None:
        title = self._look.language.text("settings.choose-file")
        path, _ = QFileDialog.getOpenFileName(self, title, self._path.text())
        if path:
            self._path.setText(path)
            self._change(path)
