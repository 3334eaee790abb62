"""Finding words in the flow: a field, the places, and next and previous."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cx_desktop.models.flow_find import Place, find
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.widgets.button import IconButton
from cx_desktop.views.widgets.field import SearchField
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

#: How long after a letter the search waits for the next one.
QUIET_MS = 90


class FindField(SearchField):
    """Enter finds the next place, Shift+Enter the one before."""

    stepped = Signal(int)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.stepped.emit(-1 if is_back else 1)
        else:
            super().keyPressEvent(event)


class FindPanel(QWidget):
    """Searches titles, property values, exits and comments."""

    jumped = Signal(object)  # Place

    def __init__(self, look: Look, stage: Stage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._stage = stage
        self._places: list[Place] = []
        self.field = FindField(look, "editor.find.placeholder")
        self._count = Label("", "small")
        before = IconButton(look, "caret-up", "editor.find.previous", shortcut="Shift+F3")
        after = IconButton(look, "caret-down", "editor.find.next", shortcut="F3")
        self.list = QListWidget()
        self.list.setProperty("role", "plain")
        row = QHBoxLayout()
        row.setContentsMargins(8, 6, 8, 4)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self._count)
        row.addWidget(before)
        row.addWidget(after)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.list, 1)
        self._wait = QTimer(self, interval=QUIET_MS, singleShot=True)
        self._wait.timeout.connect(self.search)
        self.field.textChanged.connect(self._wait.start)
        self.field.stepped.connect(self.step)
        before.clicked.connect(lambda: self.step(-1))
        after.clicked.connect(lambda: self.step(1))
        self.list.itemActivated.connect(self._go)
        self.list.itemClicked.connect(self._go)
        stage.model.flow_changed.connect(self._wait.start)
        look.language.bind(self.list, self.list.setAccessibleName, "editor.find.places")
        look.language.follow(self, self._recount)

    def search(self) -> None:
        """Find what is in the field now."""
        self._wait.stop()
        words = self._stage.words
        found = find(self._stage.model.flow, self.field.text(), words.title, words.context)
        if found != self._places:
            self._places = found
            self.list.clear()
            for place in found:
                self.list.addItem(self._line(place))
            self._mark(None)
        self._recount()

    def step(self, by: int) -> None:
        """Go to the next place, or the one before; round and round."""
        if self._wait.isActive():
            self.search()
        if self._places:
            row = self.list.currentRow()
            if row < 0:
                row = -1 if by > 0 else 0
            self.list.setCurrentRow((row + by) % len(self._places))
            self._go()
            self._recount()

    def leave(self) -> None:
        """Mark nothing on the canvas any more."""
        self._stage.marks.found = frozenset()
        self._stage.marks.current = None
        self._stage.changed.emit()

    def _go(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._places):
            self._mark(self._places[row])
            self.jumped.emit(self._places[row])
            self._recount()

    def _mark(self, current: Place | None) -> None:
        marks = self._stage.marks
        marks.found = frozenset(place.node for place in self._places if place.node is not None)
        marks.current = None if current is None else current.node
        self._stage.changed.emit()

    def _line(self, place: Place) -> QListWidgetItem:
        text = self._look.language.text
        if place.node is None:
            where = text("editor.find.in-note")
        else:
            where = self._stage.words.title_of(self._stage.model.flow, place.node)
        if place.property and place.property != "id":
            where = f"{where} · {text(f'prop.{place.property}')}"
        return QListWidgetItem(f"{where}   {place.text}")

    def _recount(self) -> None:
        if not self.field.text().strip():
            self._count.setText("")
        elif self.list.currentRow() >= 0 and self._places:
            self._count.setText(f"{self.list.currentRow() + 1} / {len(self._places)}")
        else:
            self._count.setText(self._look.language.plural("editor.find.count", len(self._places)))
