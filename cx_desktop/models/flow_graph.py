"""The open flow: its verbatim document, its present value, and the news of every change to it.

There is one way in, ``apply``; whoever draws or lists the flow only listens. Gestures come through
``do``, which makes them undoable. What the other side wrote comes through ``rebase``: it never
takes away what is being typed here.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoStack

from cx_desktop.domain.flow.graph import ATOM_DEPTH, Flow, Link, NodeId, flow_of
from cx_desktop.domain.patch import (
    Change,
    Document,
    Path,
    apply,
    based,
    coalesce,
    differences,
    read,
)
from cx_desktop.models.flow_news import News, news
from cx_desktop.models.undo import FlowEdit, Refused, restorable

#: How long typing may rest before it is saved without waiting for the focus to leave.
SETTLE_MS = 400


class Save(Protocol):
    """Keeps changes of the flow document, with paths inside it, for good."""

    def __call__(self, changes: tuple[Change, ...], /) -> object:
        """Take these changes; they are already part of what the user sees."""


class FlowGraphModel(QObject):
    """A flow that is being looked at or edited."""

    node_added = Signal(str)  # NodeId
    node_changed = Signal(str)  # NodeId: its title, properties or place
    node_removed = Signal(str)  # NodeId
    link_added = Signal(object)  # Link
    link_removed = Signal(object)  # Link
    note_added = Signal(str)  # NoteId
    note_changed = Signal(str)  # NoteId
    note_removed = Signal(str)  # NoteId
    flow_changed = Signal(object)  # News: one batch is complete; the signals above came before
    flow_reset = Signal()  # everything may be different
    undo_refused = Signal(object)  # Refused: places that somebody else wrote meanwhile

    def __init__(
        self,
        *,
        document: Document,
        save: Save,
        is_read_only: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._told = document  # what the store holds, with every change given to ``save``
        self._flow = flow_of(document)
        self._save = save
        self._is_read_only = is_read_only
        self._unsaved: tuple[Change, ...] = ()
        self._is_typed = False  # whether what is unsaved came bit by bit
        self._who_by_path: dict[Path, str] = {}
        self._links_by_target = _links_by_target(self._flow)
        self.undo_stack = QUndoStack(self)
        self._settle = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self.flush)

    @property
    def flow(self) -> Flow:
        """The flow as it is now."""
        return self._flow

    @property
    def document(self) -> Document:
        """The flow's verbatim document as it is now."""
        return self._document

    @property
    def is_read_only(self) -> bool:
        """Whether gestures change nothing, as for a published revision."""
        return self._is_read_only

    def links_into(self, node: NodeId) -> tuple[Link, ...]:
        """The links that lead to a node."""
        return tuple(self._links_by_target.get(node, ()))

    def do(self, key: str, changes: Iterable[Change], *, merge: Hashable | None = None) -> bool:
        """Make a gesture's changes as one undoable step, named by a catalogue key.

        Steps with an equal ``merge`` that follow each other become one, and are saved together.
        """
        if self._is_read_only:
            return False
        known = tuple(each for each in based(self._document, changes) if each.value != each.was)
        if not known:
            return False

        def make(changes: tuple[Change, ...]) -> None:
            self._apply(changes, is_settled=merge is None)

        self.undo_stack.push(FlowEdit(key, known, make=make, restore=self._restore, merge=merge))
        return True

    def apply(self, changes: Iterable[Change]) -> None:
        """Make changes that no undo will take back."""
        self._apply(based(self._document, changes), is_settled=True)

    def rebase(self, document: Document, who: str) -> None:
        """Take over what the store holds now, after ``who`` wrote to it.

        The document already holds every change handed to ``save``; what is still being typed, and
        was not, stays as it is here.
        """
        theirs = differences(self._told, document, depth=ATOM_DEPTH)
        self._told = document
        fresh = tuple(each for each in theirs if self._is_free(each))
        for each in fresh:
            self._who_by_path[each.path] = who
        if fresh:
            self._move_to(fresh)

    def flush(self) -> None:
        """Save what was typed and has not been saved yet."""
        self._settle.stop()
        changes, self._unsaved = self._unsaved, ()
        if self._is_typed:
            self._is_typed = False
            changes = coalesce(changes)
        if changes:
            self._told = apply(self._told, changes)
            self._save(changes)

    def _is_free(self, change: Change) -> bool:
        now = read(self._document, change.path)
        return now == change.was and now != change.value

    def _apply(self, changes: tuple[Change, ...], *, is_settled: bool) -> None:
        self._move_to(changes)
        self._is_typed |= bool(self._unsaved)
        self._unsaved += changes
        if is_settled:
            self.flush()
        else:
            self._settle.start()

    def _restore(self, changes: tuple[Change, ...]) -> None:
        kept, refused = restorable(self._document, changes)
        if kept:
            self._apply(based(self._document, kept), is_settled=True)
        if refused:
            who = next(filter(None, map(self._writer_of, refused)), "")
            self.undo_refused.emit(Refused(refused, who))

    def _writer_of(self, path: Path) -> str:
        """Who of the others wrote last at a place, above it or below it."""
        return next(
            (
                who
                for place, who in reversed(self._who_by_path.items())
                if place == path[: len(place)] or path == place[: len(path)]
            ),
            "",
        )

    def _move_to(self, changes: tuple[Change, ...]) -> None:
        before = self._flow
        flow = before.with_changes(changes)
        self._document = apply(self._document, changes)
        self._flow = flow
        told = news(before, flow, changes)
        if told is None:
            self._links_by_target = _links_by_target(flow)
            self.flow_reset.emit()
        else:
            self._tell(told)

    def _tell(self, told: News) -> None:
        for link in told.links_removed:
            self._links_by_target[link.target].pop(link, None)
        for link in told.links_added:
            self._links_by_target.setdefault(link.target, {})[link] = None
        _emit(self.link_removed.emit, told.links_removed)
        _emit(self.node_removed.emit, told.nodes_removed)
        _emit(self.note_removed.emit, told.notes_removed)
        _emit(self.node_added.emit, told.nodes_added)
        _emit(self.node_changed.emit, told.nodes_changed)
        _emit(self.note_added.emit, told.notes_added)
        _emit(self.note_changed.emit, told.notes_changed)
        _emit(self.link_added.emit, told.links_added)
        self.flow_changed.emit(told)


def _emit(emit: Callable[..., object], values: Iterable[object]) -> None:
    for value in values:
        emit(value)


def _links_by_target(flow: Flow) -> dict[NodeId, dict[Link, None]]:
    by_target: dict[NodeId, dict[Link, None]] = {}
    for link in flow.each_link():
        by_target.setdefault(link.target, {})[link] = None
    return by_target
