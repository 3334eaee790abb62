"""Choosing where an exit leads, from a list: what the mouse does by drawing a line."""

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cx_desktop.domain.flow.graph import NodeId, Slot
from cx_desktop.domain.flow.linking import Refusal, can_link
from cx_desktop.models.commands import fold
from cx_desktop.models.flow_walk import reading_order
from cx_desktop.overrides import override
from cx_desktop.views.flow_editor.inspector.fields.choice import ComboBox
from cx_desktop.views.flow_editor.stage import Stage
from cx_desktop.views.widgets.field import SearchField
from cx_desktop.views.widgets.look import Look

_TARGET = Qt.ItemDataRole.UserRole + 1
#: Rows shown at most; typing narrows them.
MOST_ROWS = 300


class LinkPicker(QFrame):
    """A pop-up: the exit above, below the nodes it can lead to; others are grey, with a reason."""

    linked = Signal()

    def __init__(self, look: Look, stage: Stage, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._look = look
        self._stage = stage
        self._node: NodeId | None = None
        self.setProperty("role", "popup")
        self.exits = ComboBox()
        self.field = _Field(look)
        self.list = QListWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        for each in (self.exits, self.field, self.list):
            layout.addWidget(each)
        self.resize(360, 380)
        self.exits.activated.connect(self._fill)
        self.field.textChanged.connect(self._fill)
        self.field.stepped.connect(self._step)
        self.field.returnPressed.connect(self._choose)
        self.list.itemClicked.connect(self._choose)
        self.list.itemActivated.connect(self._choose)
        look.language.bind(self.exits, self.exits.setAccessibleName, "editor.link.exit")
        look.language.bind(self.list, self.list.setAccessibleName, "editor.link.targets")
        look.language.bind(self, self.setAccessibleName, "editor.verb.link")

    def ask(self, node: NodeId, way: str | None, at: QPoint, screen: QRect) -> bool:
        """Open for an exit of a node, else for its first one that leads nowhere."""
        shape = self._stage.geometry.shapes.get(node)
        if shape is None or not shape.ways:
            return False
        self._node = node
        links = self._stage.model.flow.links.get(node, {})
        self.exits.clear()
        for each in shape.ways:
            self.exits.addItem(self._stage.words.exit(each), each.id)
        open_ways = [each.id for each in shape.ways if each.id not in links]
        wanted = way or (open_ways[0] if open_ways else shape.ways[0].id)
        self.exits.setCurrentIndex(self.exits.findData(wanted))
        self.field.clear()
        self._fill()
        self.move(
            max(screen.left(), min(at.x(), screen.right() - self.width())),
            max(screen.top(), min(at.y(), screen.bottom() - self.height())),
        )
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        return True

    def _slot(self) -> Slot | None:
        way = self.exits.currentData()
        return Slot(self._node, way) if self._node is not None and way else None

    def _fill(self) -> None:
        slot = self._slot()
        self.list.clear()
        if slot is None:
            return
        flow, wanted = self._stage.model.flow, fold(self.field.text()).strip()
        for node in reading_order(flow):
            words = self._text(node)
            if wanted in fold(words):
                self.list.addItem(self._row(node, words, can_link(flow, slot, node)))
            if self.list.count() >= MOST_ROWS:
                break
        self._step(1)

    def _text(self, node: NodeId) -> str:
        it = self._stage.model.flow.nodes[node]
        subtitle = self._stage.words.subtitle(it)
        title = self._stage.words.title(it)
        return f"{title}   {subtitle}" if subtitle else title

    def _row(self, node: NodeId, words: str, refusal: Refusal | None) -> QListWidgetItem:
        shape = self._stage.geometry.shapes[node]
        icon = self._look.icons.icon(shape.kind.icon.removeprefix("ph."), shape.kind.family.value)
        item = QListWidgetItem(icon, words)
        item.setData(_TARGET, node)
        if refusal is not None:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            item.setToolTip(self._look.language.text(refusal.key, **refusal.params))
        return item

    def _step(self, by: int) -> None:
        row = self.list.currentRow() + by
        while 0 <= row < self.list.count():
            if self.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled:
                self.list.setCurrentRow(row)
                return
            row += by

    def _choose(self) -> None:
        item, slot = self.list.currentItem(), self._slot()
        if item is None or slot is None or not item.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        self.hide()
        self._stage.editing.link(slot, NodeId(item.data(_TARGET)))
        self.linked.emit()


class _Field(SearchField):
    """The arrows move in the list below."""

    stepped = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "editor.link.search")

    @override
    def event(self, event: QEvent) -> bool:
        """Esc closes the pop-up at once."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            self.window().hide()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down:
                self.stepped.emit(1)
            case Qt.Key.Key_Up:
                self.stepped.emit(-1)
            case _:
                QLineEdit.keyPressEvent(self, event)
