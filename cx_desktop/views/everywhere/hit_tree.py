"""What was found, by flow and node: each place with a tick, in its context."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.flow.replace import Hit
from cx_desktop.models.everywhere.hits import FlowHits
from cx_desktop.models.everywhere.replacing import Replacing
from cx_desktop.overrides import override
from cx_desktop.views.everywhere import words
from cx_desktop.views.everywhere.hit_line import LINE, HitDelegate, Line
from cx_desktop.views.widgets.look import Look

#: More places than this are counted and not listed: nobody reads them.
MOST = 3_000
#: So many are listed before the window may do something else.
_AT_ONCE = 150

_FLOW = Qt.ItemDataRole.UserRole
_HIT = Qt.ItemDataRole.UserRole + 1
_WORDS, _WHERE = range(2)
_TICKABLE = Qt.ItemFlag.ItemIsUserCheckable


class HitTree(QTreeWidget):
    """Space ticks, Enter goes to the place."""

    wanted = Signal(str, str)  # the ids of a flow and of a node ("" for the flow)
    ticks_changed = Signal()

    def __init__(self, look: Look, replacing: Replacing, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._replacing = replacing
        self._is_filling = self._is_stale = False
        self._work: Iterator[int] | None = None
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self._go_on)
        self.setColumnCount(2)
        self.setItemDelegateForColumn(_WORDS, HitDelegate(look, self))
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_WORDS, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_WHERE, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(_WHERE, 340)
        look.language.bind(self, self.setAccessibleName, "everywhere.hits")
        self.itemChanged.connect(self._on_item_changed)
        self.itemActivated.connect(self._on_activated)

    @property
    def chosen(self) -> dict[str, tuple[Hit, ...]]:
        """The ticked places, by flow."""
        chosen: dict[str, list[Hit]] = {}
        for item in self._hit_items():
            if item.checkState(_WORDS) is Qt.CheckState.Checked:
                chosen.setdefault(str(item.data(_WORDS, _FLOW)), []).append(item.data(_WORDS, _HIT))
        return {flow: tuple(hits) for flow, hits in chosen.items()}

    @property
    def lines(self) -> tuple[str, ...]:
        """Every place in words, from top to bottom."""
        return tuple(item.text(_WORDS) for item in self._hit_items())

    @property
    def is_ready(self) -> bool:
        """Whether every place is listed as it stands now."""
        return self._work is None

    def show_found(self) -> None:
        """Show what was found, every place ticked that can be replaced."""
        self._start(self._fill())

    def show_replacement(self) -> None:
        """Show what would come of each place, and which ones stay as they are."""
        if self._work is not None:
            self._is_stale = True
        else:
            self._start(self._refresh())

    def _start(self, work: Iterator[int]) -> None:
        """Begin to list, a part at once and the rest in its time: the window stays alive."""
        self._work, self._is_stale = work, False
        self._go_on()

    def _go_on(self) -> None:
        done = 0
        self._is_filling = True
        while self._work is not None and done < _AT_ONCE:
            listed = next(self._work, None)
            done += listed or 0
            if listed is None:
                self._work = self._refresh() if self._is_stale else None
                self._is_stale = False
        self._is_filling = False
        if self._work is not None:
            self._rest.start()
        self.ticks_changed.emit()

    def _fill(self) -> Iterator[int]:
        """List what was found, flow by flow; says how many places each one has."""
        self.clear()
        self._name_columns()
        found = self._replacing.found
        left = MOST
        for each in found.flows if found is not None else ():
            if left <= 0:
                break
            hits = each.hits[:left]
            self._add_flow(each, hits)
            left -= len(hits)
            yield len(hits)

    def _refresh(self) -> Iterator[int]:
        """Show each place anew, flow by flow."""
        self._name_columns()
        for top in tuple(_children(self.invisibleRootItem())):
            yield self._show_lines(top)

    def _show_lines(self, top: QTreeWidgetItem) -> int:
        hits = [each for node in _children(top) for each in _children(node)]
        for each in hits:
            self._show_line(each)
        self._sum_up(top)
        return len(hits)

    def _name_columns(self) -> None:
        text = self._look.language.text
        self.setHeaderLabels([text("everywhere.column.words"), text("everywhere.column.where")])

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and item is not None:
            self._on_activated(item)
        else:
            super().keyPressEvent(event)

    def _add_flow(self, found: FlowHits, hits: Sequence[Hit]) -> None:
        top = self._branch(found.name, "tree-structure", found.id, "")
        count = self._look.language.plural("everywhere.count", len(found.hits))
        top.setText(_WHERE, count)
        self.addTopLevelItem(top)
        branches: dict[str, QTreeWidgetItem] = {}
        for hit in hits:
            key = hit.passage.node or f"note {hit.passage.note}"
            if key not in branches:
                branches[key] = self._node_branch(found, hit)
                top.addChild(branches[key])
            item = QTreeWidgetItem(branches[key])
            item.setData(_WORDS, _FLOW, found.id)
            item.setData(_WORDS, _HIT, hit)
        top.setExpanded(True)
        for branch in branches.values():
            branch.setExpanded(True)
        self._show_lines(top)

    def _node_branch(self, found: FlowHits, hit: Hit) -> QTreeWidgetItem:
        language, name = self._look.language, hit.passage.node
        if name is None:
            return self._branch(language.text("everywhere.note"), "note", found.id, "")
        node = found.flow.nodes[NodeId(name)]
        icon = kind_of(node).icon.removeprefix("ph.")
        return self._branch(words.node_words(language, node), icon, found.id, name)

    def _branch(self, text: str, icon: str, flow: str, node: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text])
        item.setIcon(_WORDS, self._look.icons.icon(icon, "muted"))
        item.setData(_WORDS, _FLOW, flow)
        item.setData(_WORDS, _HIT, node)
        return item

    def _show_line(self, item: QTreeWidgetItem) -> None:
        hit, flow = item.data(_WORDS, _HIT), str(item.data(_WORDS, _FLOW))
        refusal = self._replacing.refusal(flow, hit)
        by = None if refusal is not None or self._replacing.problem else self._by(hit)
        line = Line(hit.before, hit.found, by, hit.after)
        item.setData(_WORDS, LINE, line)
        item.setText(_WORDS, line.text)
        item.setToolTip(_WORDS, line.text)
        where = words.property_words(self._look.language, hit.passage)
        can_tick = refusal is None and not self._replacing.why_not_replace
        flags = item.flags() | _TICKABLE if can_tick else item.flags() & ~_TICKABLE
        if refusal is not None:
            why = words.refusal_words(self._look.language, refusal)
            where = self._look.language.text("everywhere.stays", where=where, why=why)
            item.setIcon(_WHERE, self._look.icons.icon("lock-simple", "warn"))
        elif not item.icon(_WHERE).isNull():
            item.setIcon(_WHERE, self._look.icons.icon("", "muted"))
        item.setText(_WHERE, where)
        item.setToolTip(_WHERE, where)
        was_tickable = bool(item.flags() & _TICKABLE)
        item.setFlags(flags)
        if not can_tick:
            item.setData(_WORDS, Qt.ItemDataRole.CheckStateRole, None)
        elif not was_tickable or item.data(_WORDS, Qt.ItemDataRole.CheckStateRole) is None:
            item.setCheckState(_WORDS, Qt.CheckState.Checked)

    def _by(self, hit: Hit) -> str | None:
        """What will stand at a place; nothing before somebody typed a replacement."""
        seeker, by = self._replacing.seeker, self._replacing.by
        if seeker is None or not by:
            return None
        try:
            return seeker.words_for(hit.passage.text, hit.span, by)
        except CXError:
            return None

    def _hit_items(self) -> Iterator[QTreeWidgetItem]:
        for flow in _children(self.invisibleRootItem()):
            for node in _children(flow):
                yield from _children(node)

    def _on_item_changed(self, item: QTreeWidgetItem) -> None:
        """A tick of a branch is one of everything below it."""
        if self._is_filling:
            return
        self._is_filling = True
        for each in _below(item):
            if each.flags() & _TICKABLE and each.childCount() == 0:
                each.setCheckState(_WORDS, item.checkState(_WORDS))
        top = item
        while (above := top.parent()) is not None:
            top = above
        self._sum_up(top)
        self._is_filling = False
        self.ticks_changed.emit()

    def _sum_up(self, flow: QTreeWidgetItem) -> None:
        """Tick branches as what stands below them; one in which nothing can change has no tick."""
        for branch in (*_children(flow), flow):
            leaves = [each for each in _below(branch) if each.childCount() == 0]
            states = {each.checkState(_WORDS) for each in leaves if each.flags() & _TICKABLE}
            if not states:
                branch.setFlags(branch.flags() & ~_TICKABLE)
                branch.setData(_WORDS, Qt.ItemDataRole.CheckStateRole, None)
                continue
            branch.setFlags(branch.flags() | _TICKABLE)
            partly = Qt.CheckState.PartiallyChecked
            branch.setCheckState(_WORDS, states.pop() if len(states) == 1 else partly)

    def _on_activated(self, item: QTreeWidgetItem) -> None:
        held = item.data(_WORDS, _HIT)
        node = held if isinstance(held, str) else held.passage.node or ""
        self.wanted.emit(str(item.data(_WORDS, _FLOW)), node)


def _children(item: QTreeWidgetItem) -> Iterator[QTreeWidgetItem]:
    yield from filter(None, map(item.child, range(item.childCount())))


def _below(item: QTreeWidgetItem) -> Iterator[QTreeWidgetItem]:
    for each in _children(item):
        yield each
        yield from _below(each)
