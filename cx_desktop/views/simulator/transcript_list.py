"""What has happened in a call, line by line."""

from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from cx_desktop.domain.flow.simulate import Call, Line, Who, spelled, transcript
from cx_desktop.overrides import override
from cx_desktop.views.simulator.keypad import KEYS
from cx_desktop.views.widgets.look import Look

ICONS = {
    Who.FLOW: ("speaker-high", "accent"),
    Who.CALLER: ("user", "text"),
    Who.WORLD: ("globe", "text"),
    Who.NOTE: ("dots-three", "muted"),
}


class TranscriptList(QListWidget):
    """The conversation, with what nobody on the telephone notices; keys go to the telephone."""

    pressed = Signal(str)
    node_chosen = Signal(str, str)  # flow, node

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._lines: tuple[Line, ...] = ()
        self._names: dict[str, str] = {}
        self.setProperty("role", "plain")
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setUniformItemSizes(False)
        self.setIconSize(QSize(16, 16))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        look.language.bind(self, self.setAccessibleName, "simulator.transcript")
        look.language.follow(self, self._refill)
        self.itemClicked.connect(self._choose)
        self.itemActivated.connect(self._choose)

    def show_call(self, call: Call | None, names: dict[str, str]) -> None:
        """Tell a call; lines that are there already stay."""
        lines = () if call is None else transcript(call)
        same = 0
        while same < min(len(lines), len(self._lines)) and lines[same] == self._lines[same]:
            same += 1
        self._names, self._lines = names, lines
        while self.count() > same:
            self.takeItem(self.count() - 1)
        for line in lines[same:]:
            self.addItem(self._item(line))
        if self.count():
            self.setCurrentRow(self.count() - 1)
            self.scrollToBottom()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was said last stays in view when the panel below it grows."""
        super().resizeEvent(event)
        if self.currentRow() == self.count() - 1:
            self.scrollToBottom()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() in KEYS:
            self.pressed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def _refill(self) -> None:
        lines, self._lines = self._lines, ()
        self.clear()
        self._lines = lines
        for line in lines:
            self.addItem(self._item(line))

    def _item(self, line: Line) -> QListWidgetItem:
        minutes, seconds = divmod(int(line.at), 60)
        words = spelled(self._named(line), self._look.language.text)
        item = QListWidgetItem(f"{minutes}:{seconds:02d}   {words}")
        icon, role = ICONS[line.who]
        item.setIcon(self._look.icons.icon(icon, role))
        who = self._look.language.text(f"simulator.who.{line.who.value}")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{who} {words}")
        if line.who is Who.NOTE:
            item.setForeground(self._look.theme.color("muted"))
        return item

    def _named(self, line: Line) -> Line:
        """The line with names in the place of ids."""
        flow = line.params.get("flow")
        if not isinstance(flow, str) or flow not in self._names:
            return line
        return replace(line, params={**line.params, "flow": self._names[flow]})

    def _choose(self, item: QListWidgetItem) -> None:
        line = self._lines[self.row(item)]
        self.node_chosen.emit(line.flow, line.node)
