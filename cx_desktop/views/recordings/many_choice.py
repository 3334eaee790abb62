"""Any of several: a button that says what is chosen, and a list with ticks below it."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.flow.search import plain
from cx_desktop.overrides import override
from cx_desktop.views.widgets.field import SearchField
from cx_desktop.views.widgets.look import Look

_ID = Qt.ItemDataRole.UserRole
#: From so many on there is a field to look for one.
_MANY = 9
_ROWS = 12
_ON, _OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class ManyChoice(QPushButton):
    """Nothing chosen means all. Enter, Space or a click opens the list; Esc closes it."""

    changed = Signal()

    def __init__(self, look: Look, area: str, *, parent: QWidget | None = None) -> None:
        """``area`` has the words ``<area>.all`` and ``<area>.some`` (a plural)."""
        super().__init__(parent)
        self._look = look
        self._area = area
        self._names: Mapping[str, str] = {}
        self._chosen: frozenset[str] = frozenset()
        self.setProperty("kind", "choice")
        self.setAutoDefault(False)
        self.popup = _Popup(look, self)
        self.popup.list.itemChanged.connect(self._on_item_changed)
        self.clicked.connect(self._open)
        look.language.follow(self, self._say)

    @property
    def chosen(self) -> frozenset[str]:
        """What is chosen; nothing for all."""
        return self._chosen

    def offer(self, names: Mapping[str, str]) -> None:
        """What there is to choose from, by id."""
        self._names = dict(names)
        self._fill()
        self._say()

    def choose(self, chosen: frozenset[str]) -> None:
        """Show another choice."""
        if chosen != self._chosen:
            self._chosen = chosen
            self._fill()
            self._say()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down}:
            self._open()
        else:
            super().keyPressEvent(event)

    def _fill(self) -> None:
        known = {**{each: each for each in sorted(self._chosen)}, **self._names}
        self.popup.fill(
            {each: name for each, name in known.items() if each in self._names or name},
            self._chosen,
        )

    def _open(self) -> None:
        self.popup.open_below(self)

    def _on_item_changed(self, item: QListWidgetItem) -> None:
        each = str(item.data(_ID))
        is_on = item.checkState() == _ON
        chosen = self._chosen | {each} if is_on else self._chosen - {each}
        if chosen != self._chosen:
            self._chosen = frozenset(chosen)
            self._say()
            self.changed.emit()

    def _say(self) -> None:
        language = self._look.language
        names = [self._names.get(each, each) for each in self._chosen]
        if not names:
            text = language.text(f"{self._area}.all")
        elif len(names) == 1:
            text = names[0]
        else:
            text = language.plural(f"{self._area}.some", len(names))
        width = max(80, self.width() - 36)
        self.setText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width))
        self.setToolTip("\n".join(sorted(names, key=plain)))
        self.setAccessibleDescription(", ".join(sorted(names, key=plain)) or text)


class _Popup(QFrame):
    """The list with its ticks, and a field where there are many."""

    def __init__(self, look: Look, owner: QWidget) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self.search = SearchField(look, "recordings.filter.find", typed=self._filter)
        self.list = QListWidget()
        look.language.bind(self.list, self.list.setAccessibleName, "recordings.filter.choices")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.search)
        layout.addWidget(self.list)

    def fill(self, names: Mapping[str, str], chosen: frozenset[str]) -> None:
        """Show these, some of them ticked."""
        present = {str(self.list.item(row).data(_ID)) for row in range(self.list.count())}
        if present != set(names):
            self.list.clear()
            for each, name in names.items():
                item = QListWidgetItem(name)
                item.setData(_ID, each)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(_OFF)
                self.list.addItem(item)
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setCheckState(_ON if str(item.data(_ID)) in chosen else _OFF)
        self.search.setVisible(self.list.count() >= _MANY)

    def open_below(self, button: QWidget) -> None:
        """Open as wide as the button at least."""
        self.search.clear()
        rows = min(_ROWS, max(2, self.list.count()))
        row = max(24, self.list.sizeHintForRow(0))
        self.list.setFixedHeight(rows * row + 6)
        self.setFixedWidth(max(button.width(), 240))
        self.adjustSize()
        self.move(button.mapToGlobal(QPoint(0, button.height() + 2)))
        self.show()
        (self.search if self.search.isVisibleTo(self) else self.list).setFocus()
        if self.list.count():
            self.list.setCurrentRow(max(0, self.list.currentRow()))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _filter(self, typed: str) -> None:
        needle = plain(typed)
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(needle not in plain(item.text()))
