"""Open flows: read from the cache, saved to it at once, and followed while others change them.

Nothing here waits on the GUI thread. An edit is handed to the cache's writer; ``saved`` comes after
its COMMIT and not before. What the writer commits, ours or others', comes back in commit order as
rows; edits that are still on their way are laid over them, so that nothing typed ever flickers.
A save that fails (a full disk) keeps its edits: ``retry`` hands them over again.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal, Slot

from cx_desktop.cache import Cache, Changed, Edit, Row
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.graph import ATOM_DEPTH
from cx_desktop.domain.patch import Change, Document, apply, differences, read
from cx_desktop.models.flow_entity import draft_of
from cx_desktop.models.objects.facts import object_facts
from cx_desktop.ports import Clock
from cx_desktop.tasks import Tasks

if TYPE_CHECKING:
    from concurrent.futures import Future


class Arrival(Struct, frozen=True):
    """An open flow as the cache has just committed it, by whoever wrote last."""

    document: Document
    """The whole draft as it now stands here."""
    changes: tuple[Change, ...]
    """What is new in it for this window; nothing when it is only told what it wrote itself."""
    who: str
    when: datetime | None
    is_mine: bool
    """Whether the same person wrote it, on another device."""


class OpenFlow(QObject):
    """One flow that a window shows, with the one way to change it."""

    saving = Signal()  # edits are on their way to the disk
    saved = Signal(object)  # datetime: everything handed over so far is committed
    save_failed = Signal(object)  # CXError: the edits are kept, see ``retry``
    draft_arrived = Signal(object)  # Arrival: what the cache holds, after every commit
    entity_changed = Signal()  # anything: name, versions, sent or unsent
    gone = Signal()  # the flow is no longer visible to this user

    def __init__(
        self,
        row: Row,
        *,
        submit: Callable[["OpenFlow", tuple[Change, ...]], None],
        user_id: str,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._row = row
        self._submit = submit
        self._user_id = user_id
        self._document = draft_of(row.data)
        self._pending: list[tuple[Change, ...]] = []
        self._failed: list[tuple[Change, ...]] = []

    @property
    def id(self) -> str:
        """The flow's id."""
        return self._row.id

    @property
    def project_id(self) -> str:
        """The project the flow belongs to."""
        return self._row.project_id or ""

    @property
    def entity(self) -> Document:
        """The whole entity as the cache last committed it."""
        return self._row.data

    @property
    def document(self) -> Document:
        """The draft as it stands here, with edits that are still being saved."""
        return self._document

    @property
    def is_unsent(self) -> bool:
        """Whether edits of this flow wait to be sent."""
        return self._row.is_dirty or self.is_saving

    @property
    def is_saving(self) -> bool:
        """Whether edits are on their way to the disk, or failed to get there."""
        return bool(self._pending or self._failed)

    def save(self, changes: Iterable[Change]) -> None:
        """Change the draft; paths are those of the flow document."""
        changes = tuple(changes)
        self._document = apply(self._document, changes)
        self._hand_over(tuple(_below_draft(each) for each in changes))

    def set_field(self, name: str, value: str) -> None:
        """Change a field beside the draft: the flow's name or description."""
        was = read(self._row.data, (name,))
        if was != value:
            self._hand_over((Change(path=(name,), value=value, was=was),))

    def retry(self) -> None:
        """Hand the edits over again that could not be saved."""
        failed, self._failed = self._failed, []
        for changes in failed:
            self._hand_over(changes)

    def committed(self, changes: tuple[Change, ...], now: datetime) -> None:
        """Called by the store: these edits are on the disk."""
        self._forget(changes)
        if not self.is_saving:
            self.saved.emit(now)

    def refused(self, changes: tuple[Change, ...], error: CXError) -> None:
        """Called by the store: these edits could not be written."""
        self._forget(changes)
        self._failed.append(changes)
        self.save_failed.emit(error)

    def arrived(self, row: Row | None) -> None:
        """Called by the store: the flow as the cache has just committed it."""
        if row is None:
            self.gone.emit()
            return
        self._row = row
        draft = draft_of(self._with_unsaved(row.data))
        changes = differences(self._document, draft, depth=ATOM_DEPTH)
        self._document = draft
        facts = object_facts(row.data)
        author = facts.updated_by
        self.draft_arrived.emit(
            Arrival(
                document=draft,
                changes=changes,
                who=author.name if author else "",
                when=facts.updated_at,
                is_mine=author is not None and author.id == self._user_id,
            )
        )
        self.entity_changed.emit()

    def _with_unsaved(self, entity: Document) -> Document:
        for changes in (*self._failed, *self._pending):
            entity = apply(entity, changes)
        return entity

    def _hand_over(self, changes: tuple[Change, ...]) -> None:
        if changes:
            self._pending.append(changes)
            self.saving.emit()
            self._submit(self, changes)

    def _forget(self, changes: tuple[Change, ...]) -> None:
        self._pending = [each for each in self._pending if each is not changes]


class FlowStore(QObject):
    """Opens flows of the cache and keeps them true."""

    failed = Signal(object)  # CXError: the cache cannot be read
    _delivered = Signal(object)  # a Callable[[], None] for the GUI thread, in commit order

    def __init__(
        self,
        *,
        cache: Cache,
        tasks: Tasks,
        clock: Clock,
        user_id: str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._cache = cache
        self._tasks = tasks
        self._clock = clock
        self._user_id = user_id
        self._open: dict[str, list[OpenFlow]] = {}
        self._watched: frozenset[str] = frozenset()
        self._lock = Lock()
        self._is_open = True
        self._arrived_while_opening: dict[str, Row | None] = {}
        self._delivered.connect(self._call, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = cache.subscribe(self._on_committed)

    def open(
        self,
        flow_id: str,
        *,
        done: Callable[[OpenFlow], object],
        failed: Callable[[CXError], object],
    ) -> None:
        """Read a flow and follow it; ``done`` gets it on this thread."""
        flows = self._open.setdefault(flow_id, [])
        with self._lock:
            self._watched |= {flow_id}

        def opened(read_row: Row | None) -> None:
            row = self._arrived_while_opening.pop(flow_id, read_row)
            if row is None:
                failed(CXError("problem.object-not-here"))
                return
            flow = OpenFlow(row, submit=self._save, user_id=self._user_id, parent=self)
            flows.append(flow)
            done(flow)

        self._tasks.run(lambda: self._cache.row("flow", flow_id), done=opened, failed=failed)

    def release(self, flow: OpenFlow) -> None:
        """No window shows this flow any more; edits on their way still arrive."""
        flows = self._open.get(flow.id, [])
        if flow in flows:
            flows.remove(flow)
        if not flows:
            self._open.pop(flow.id, None)
            self._arrived_while_opening.pop(flow.id, None)
            with self._lock:
                self._watched -= {flow.id}

    def close(self) -> None:
        """Stop following the cache; edits on their way are still written."""
        with self._lock:
            self._is_open = False
        self._unsubscribe()

    def _save(self, flow: OpenFlow, changes: tuple[Change, ...]) -> None:
        future = self._cache.submit(Edit(entity_type="flow", id=flow.id, changes=changes))
        future.add_done_callback(lambda done: self._on_written(flow, changes, done))

    def _on_written(
        self, flow: OpenFlow, changes: tuple[Change, ...], done: "Future[tuple[str, ...]]"
    ) -> None:
        """Writer thread: an edit is committed, or failed."""
        error = done.exception()
        if error is None:
            self._bring(lambda: flow.committed(changes, self._clock.now()))
        elif isinstance(error, CXError):
            self._bring(lambda: flow.refused(changes, error))
        else:
            self._bring(lambda: _raise(cast("Exception", error)))

    def _on_committed(self, changed: Changed) -> None:
        """Writer thread, after COMMIT: read what windows show, in commit order."""
        if changed.entity_type != "flow":
            return
        with self._lock:
            ids = changed.ids & self._watched
        for flow_id in ids:
            self._bring_row(flow_id)

    def _bring_row(self, flow_id: str) -> None:
        try:
            row = self._cache.row("flow", flow_id)
        except CXError as error:
            problem = error
            self._bring(lambda: self.failed.emit(problem))
        else:
            self._bring(lambda: self._arrive(flow_id, row))

    def _bring(self, deliver: Callable[[], None]) -> None:
        """To the GUI thread; the lock keeps this object alive until the signal is on its way."""
        with self._lock:
            if self._is_open:
                self._delivered.emit(deliver)

    def _arrive(self, flow_id: str, row: Row | None) -> None:
        flows = tuple(self._open.get(flow_id, ()))
        if not flows:
            self._arrived_while_opening[flow_id] = row
        for flow in flows:
            flow.arrived(row)

    @Slot(object)
    def _call(self, deliver: Callable[[], None]) -> None:
        deliver()


def _below_draft(change: Change) -> Change:
    return Change(path=("draft", *change.path), value=change.value, was=change.was)


def _raise(bug: Exception) -> None:
    raise bug
