"""Open objects: read from the cache, saved to it at once, and followed while others change them.

Nothing here waits on the GUI thread. An edit is handed to the cache's writer; ``saved`` comes after
its COMMIT and not before. What the writer commits, ours or others', comes back in commit order as
rows; edits that are still on their way are laid over them, so that nothing typed ever flickers.
A save that fails (a full disk) keeps its edits: ``retry`` hands them over again.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal, Slot

from cx_desktop.cache import Cache, Changed, Edit, Row
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Change, Document, apply, differences, read
from cx_desktop.models.objects.facts import object_facts
from cx_desktop.ports import Clock
from cx_desktop.tasks import Tasks

if TYPE_CHECKING:
    from concurrent.futures import Future


class Arrival(Struct, frozen=True):
    """An open object as the cache has just committed it, by whoever wrote last."""

    document: Document
    """The whole draft as it now stands here."""
    changes: tuple[Change, ...]
    """What is new in it for this window; nothing when it is only told what it wrote itself."""
    who: str
    """By name; nobody where my own edit came back together with one that nobody saw here."""
    when: datetime | None
    is_mine: bool
    """Whether the same person wrote it, on another device."""
    is_here: bool = False
    """Whether it was written on this device, from another page: nobody needs to be told."""


class Shape(Struct, frozen=True):
    """How a type of object keeps its draft."""

    type: str
    draft: Callable[[Document], Document]
    """The draft inside an entity, with its parts there even when empty."""
    depth: Mapping[str, int] = {}
    """Per part of the draft, how many keys make one place; one where nothing is said."""


class OpenObject(QObject):
    """One object that a window shows, with the one way to change it."""

    saving = Signal()  # edits are on their way to the disk
    saved = Signal(object)  # datetime: everything handed over so far is committed
    save_failed = Signal(object)  # CXError: the edits are kept, see ``retry``
    arriving = Signal()  # others' edits are about to be shown: hand over what was typed before
    draft_arrived = Signal(object)  # Arrival: what the cache holds, after every commit
    entity_changed = Signal()  # anything: name, versions, sent or unsent
    gone = Signal()  # the object is no longer visible to this user

    def __init__(
        self,
        row: Row,
        *,
        shape: "Shape",
        submit: Callable[["OpenObject", tuple[Change, ...]], None],
        user_id: str,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._shape = shape
        self._row = row
        self._submit = submit
        self._user_id = user_id
        self._document = shape.draft(row.data)
        self._pending: list[tuple[Change, ...]] = []
        self._failed: list[tuple[Change, ...]] = []
        self._company: tuple[Edit, ...] = ()
        self._company_of: dict[int, tuple[Edit, ...]] = {}

    @property
    def id(self) -> str:
        """The object's id."""
        return self._row.id

    @property
    def project_id(self) -> str:
        """The project the object belongs to."""
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
        """Whether edits of this object wait to be sent."""
        return self._row.is_dirty or self.is_saving

    @property
    def is_saving(self) -> bool:
        """Whether edits are on their way to the disk, or failed to get there."""
        return bool(self._pending or self._failed)

    def save(self, changes: Iterable[Change]) -> None:
        """Change the draft; paths are those of its document."""
        changes = tuple(changes)
        self._document = apply(self._document, changes)
        self._hand_over(tuple(_below_draft(each) for each in changes))

    def save_with(self, others: Iterable[Edit], save: Callable[[], bool]) -> None:
        """Let ``save`` change the draft, in one gesture with edits of other objects.

        All of them are saved and reach the service, or none; nothing happens if it changes nothing.
        """
        self._company = tuple(others)
        save()
        self._company = ()

    def company(self, changes: tuple[Change, ...]) -> tuple[Edit, ...]:
        """Called by the store: the edits of other objects that belong to these."""
        return self._company_of.get(id(changes), ())

    def set_field(self, name: str, value: str, *, seen: str | None = None) -> None:
        """Change a field beside the draft: the object's name or description.

        ``seen`` is what stood there when the typing began, where that may have been long ago.
        """
        was = read(self._row.data, (name,)) if seen is None else seen
        if was != value:
            self._hand_over((Change(path=(name,), value=value, was=was),))

    def retry(self) -> None:
        """Hand the edits over again that could not be saved."""
        failed, self._failed = self._failed, []
        for changes in failed:
            self._company = self._company_of.pop(id(changes), ())
            self._hand_over(changes)

    def committed(self, changes: tuple[Change, ...], now: datetime) -> None:
        """Called by the store: these edits are on the disk."""
        self._forget(changes)
        self._company_of.pop(id(changes), None)
        if not self.is_saving:
            self.saved.emit(now)

    def refused(self, changes: tuple[Change, ...], error: CXError) -> None:
        """Called by the store: these edits could not be written."""
        self._forget(changes)
        self._failed.append(changes)
        self.save_failed.emit(error)

    def arrived(self, row: Row | None, *, is_here: bool = False) -> None:
        """Called by the store: the object as the cache has just committed it."""
        if row is None:
            self.gone.emit()
            return
        if not is_here:
            self.arriving.emit()
        was_unsent, self._row = self.is_unsent, row
        draft = self._shape.draft(self._with_unsaved(row.data))
        changes = differences(self._document, draft, depth=self._shape.depth)
        self._document = draft
        facts = object_facts(row.data)
        author = facts.updated_by
        is_by_me = author is not None and author.id == self._user_id
        is_merged = is_by_me and was_unsent  # my edit, upon one that nobody saw here
        self.draft_arrived.emit(
            Arrival(
                document=draft,
                changes=changes,
                who=author.name if author and not is_merged else "",
                when=facts.updated_at,
                is_mine=is_by_me and not is_merged,
                is_here=is_here,
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
            if self._company:
                self._company_of[id(changes)], self._company = self._company, ()
            self.saving.emit()
            self._submit(self, changes)

    def _forget(self, changes: tuple[Change, ...]) -> None:
        self._pending = [each for each in self._pending if each is not changes]


class ObjectStore(QObject):
    """Opens objects of one type and keeps them true."""

    failed = Signal(object)  # CXError: the cache cannot be read
    _delivered = Signal(object)  # a Callable[[], None] for the GUI thread, in commit order

    def __init__(
        self,
        shape: Shape,
        *,
        cache: Cache,
        tasks: Tasks,
        clock: Clock,
        user_id: str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._shape = shape
        self._cache = cache
        self._tasks = tasks
        self._clock = clock
        self._user_id = user_id
        self._open: dict[str, list[OpenObject]] = {}
        self._watched: frozenset[str] = frozenset()
        self._lock = Lock()
        self._is_open = True
        self._arrived_while_opening: dict[str, Row | None] = {}
        self._delivered.connect(self._call, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = cache.subscribe(self._on_committed)

    def open(
        self,
        object_id: str,
        *,
        done: Callable[[OpenObject], object],
        failed: Callable[[CXError], object],
    ) -> None:
        """Read an object and follow it; ``done`` gets it on this thread."""
        shown = self._open.setdefault(object_id, [])
        with self._lock:
            self._watched |= {object_id}

        def opened(read_row: Row | None) -> None:
            row = self._arrived_while_opening.pop(object_id, read_row)
            if row is None:
                failed(CXError("problem.object-not-here"))
                return
            found = OpenObject(
                row, shape=self._shape, submit=self._save, user_id=self._user_id, parent=self
            )
            shown.append(found)
            done(found)

        read = partial(self._cache.row, self._shape.type, object_id)
        self._tasks.run(read, done=opened, failed=failed)

    def release(self, shown: OpenObject) -> None:
        """No window shows this object any more; edits on their way still arrive."""
        others = self._open.get(shown.id, [])
        if shown in others:
            others.remove(shown)
        if not others:
            self._open.pop(shown.id, None)
            self._arrived_while_opening.pop(shown.id, None)
            with self._lock:
                self._watched -= {shown.id}

    def close(self) -> None:
        """Stop following the cache; edits on their way are still written."""
        with self._lock:
            self._is_open = False
        self._unsubscribe()

    def _save(self, shown: OpenObject, changes: tuple[Change, ...]) -> None:
        edit = Edit(entity_type=self._shape.type, id=shown.id, changes=changes)
        future = self._cache.submit(*shown.company(changes), edit, are_one=True)
        future.add_done_callback(lambda done: self._on_written(shown, changes, done))

    def _on_written(
        self, shown: OpenObject, changes: tuple[Change, ...], done: "Future[tuple[str, ...]]"
    ) -> None:
        """Writer thread: an edit is committed, or failed."""
        error = done.exception()
        if error is None:
            self._bring(lambda: shown.committed(changes, self._clock.now()))
        elif isinstance(error, CXError):
            self._bring(lambda: shown.refused(changes, error))
        else:
            self._bring(lambda: _raise(cast("Exception", error)))

    def _on_committed(self, changed: Changed) -> None:
        """Writer thread, after COMMIT: read what windows show, in commit order."""
        if changed.entity_type != self._shape.type:
            return
        with self._lock:
            ids = changed.ids & self._watched
        for object_id in ids:
            self._bring_row(object_id, is_here=changed.origin == "local")

    def _bring_row(self, object_id: str, *, is_here: bool) -> None:
        try:
            row = self._cache.row(self._shape.type, object_id)
        except CXError as error:
            problem = error
            self._bring(lambda: self.failed.emit(problem))
        else:
            self._bring(lambda: self._arrive(object_id, row, is_here=is_here))

    def _bring(self, deliver: Callable[[], None]) -> None:
        """To the GUI thread; the lock keeps this object alive until the signal is on its way."""
        with self._lock:
            if self._is_open:
                self._delivered.emit(deliver)

    def _arrive(self, object_id: str, row: Row | None, *, is_here: bool) -> None:
        shown = tuple(self._open.get(object_id, ()))
        if not shown:
            self._arrived_while_opening[object_id] = row
        for each in shown:
            each.arrived(row, is_here=is_here)

    @Slot(object)
    def _call(self, deliver: Callable[[], None]) -> None:
        deliver()


def _below_draft(change: Change) -> Change:
    return Change(path=("draft", *change.path), value=change.value, was=change.was)


def _raise(bug: Exception) -> None:
    raise bug
