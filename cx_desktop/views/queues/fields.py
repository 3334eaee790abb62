"""The editors of a queue's settings. Each tells only what a person changes, not what is shown."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.inspector.fields.choice import ComboBox
from cx_desktop.views.queues.words import EMPTY
from cx_desktop.views.widgets.duration_box import DurationBox
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.spin_box import SpinBox

_WIDEST = 380


class TextField(QLineEdit):
    """One line; what is being typed survives what is shown meanwhile."""

    chosen = Signal(object)

    def __init__(self, most: int, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(most)
        self.setMaximumWidth(_WIDEST)
        self._kept = ""
        self.editingFinished.connect(self.settle)

    def show_value(self, value: object) -> None:
        """Show a text."""
        if not (self.hasFocus() and self.isModified()):
            self._kept = str(value)
            self.setText(self._kept)

    def lock(self, *, is_locked: bool) -> None:
        """Whether it can only be read."""
        self.setReadOnly(is_locked)

    def settle(self) -> None:
        """Hand out what was typed last."""
        text = self.text().strip()
        self.setModified(False)
        if text != self._kept and not self.isReadOnly():
            self._kept = text
            self.chosen.emit(text)


class Count(SpinBox):
    """A whole number; what nought means may have words."""

    chosen = Signal(object)

    def __init__(
        self,
        look: Look,
        least: int,
        most: int,
        *,
        nought: str = "",
        suffix: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._is_showing = False
        self.setRange(least, most)
        self.setSuffix(suffix)
        self.setMinimumWidth(140)
        self.setMaximumWidth(220)
        if nought:
            look.language.bind(self, self.setSpecialValueText, nought)
        self.valueChanged.connect(self._tell)

    def show_value(self, value: object) -> None:
        """Show a number."""
        self._is_showing = True
        self.setValue(value if isinstance(value, int) else 0)
        self._is_showing = False

    def lock(self, *, is_locked: bool) -> None:
        """Whether it can only be read."""
        self.setEnabled(not is_locked)

    def settle(self) -> None:
        """Hand out what was typed last."""
        self.interpretText()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # it scrolls the form around it

    def _tell(self, value: int) -> None:
        if not self._is_showing:
            self.chosen.emit(value)


class Duration(DurationBox):
    """Seconds; what nought means may have words."""

    chosen = Signal(object)

    def __init__(
        self, look: Look, least: int, most: int, *, nought: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(least, most, parent=parent)
        self._is_showing = False
        if nought:
            look.language.bind(self, self.setSpecialValueText, nought)
        self.valueChanged.connect(self._tell)

    def show_value(self, value: object) -> None:
        """Show a duration."""
        self._is_showing = True
        self.setValue(value if isinstance(value, int) else 0)
        self._is_showing = False

    def lock(self, *, is_locked: bool) -> None:
        """Whether it can only be read."""
        self.setEnabled(not is_locked)

    def settle(self) -> None:
        """Hand out what was typed last."""
        self.interpretText()

    def _tell(self, value: int) -> None:
        if not self._is_showing:
            self.chosen.emit(value)


class Tick(QCheckBox):
    """Yes or no."""

    chosen = Signal(object)

    def __init__(self, look: Look, key: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        look.language.bind(self, self.setText, key)
        self.clicked.connect(lambda: self.chosen.emit(self.isChecked()))

    def show_value(self, value: object) -> None:
        """Show whether it is so."""
        self.setChecked(value is True)

    def lock(self, *, is_locked: bool) -> None:
        """Whether it can only be read."""
        self.setEnabled(not is_locked)

    def settle(self) -> None:
        """A click is done at once."""


class Choice(ComboBox):
    """One of some, by their words."""

    chosen = Signal(object)

    def __init__(self, look: Look, words: Mapping[str, str]) -> None:
        super().__init__()
        self._look = look
        self._words = words
        self.setMaximumWidth(_WIDEST)
        for value in words:
            self.addItem("", value)
        self.activated.connect(lambda _row: self.chosen.emit(self.currentData()))
        look.language.follow(self, self._retext)

    def show_value(self, value: object) -> None:
        """Show what is chosen."""
        self.setCurrentIndex(self.findData(str(value)))

    def lock(self, *, is_locked: bool) -> None:
        """Whether it can only be read."""
        self.setEnabled(not is_locked)

    def settle(self) -> None:
        """A choice is made at once."""

    def _retext(self) -> None:
        for row, key in enumerate(self._words.values()):
            self.setItemText(row, self._look.language.text(key))


class Reference(ComboBox):
    """An object of the project, or none; what is chosen and gone is shown as such."""

    chosen = Signal(object)

    def __init__(self, look: Look, field: str) -> None:
        super().__init__()
        self._look = look
        self._empty = EMPTY.get(field, "queues.nothing-chosen")
        self._names: Mapping[str, str] = {}
        self._value = ""
        self.setMaximumWidth(_WIDEST)
        self.activated.connect(self._on_activated)
        look.language.follow(self, self._fill)

    def show_names(self, names: Mapping[str, str]) -> None:
        """The objects there are, by id."""
        if dict(names) != self._names:
            self._names = dict(names)
            self._fill()

    def show_value(self, value: object) -> None:
        """Show what is chosen."""
        if str(value) != self._value or self.currentIndex() < 0:
            self._value = str(value)
            self._fill()

    def lock(self, *, is_locked: bool) -> None:
        """Whether it can only be read."""
        self.setEnabled(not is_locked)

    def settle(self) -> None:
        """A choice is made at once."""

    def _fill(self) -> None:
        self.clear()
        self.addItem(self._look.language.text(self._empty), "")
        for key, name in sorted(self._names.items(), key=lambda each: each[1].casefold()):
            self.addItem(name, key)
        if self._value and self._value not in self._names:
            self.addItem(self._look.language.text("queues.gone"), self._value)
        self.setCurrentIndex(self.findData(self._value))

    def _on_activated(self, row: int) -> None:
        value = str(self.itemData(row))
        if value != self._value:
            self._value = value
            self.chosen.emit(value)
