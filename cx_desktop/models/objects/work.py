"""An object under work: its draft as a value, edited step by step, each step undoable."""

from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import Generic, TypeVar

import msgspec
from msgspec import UNSET
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Change, Document, Json, Path, based, differences, same
from cx_desktop.models.objects.facts import ObjectFacts, ObjectState, object_facts
from cx_desktop.models.objects.kinds import Kind
from cx_desktop.models.objects.store import Arrival, ObjectStore, OpenObject
from cx_desktop.models.undo import FlowEdit, Refused, restorable

Draft = TypeVar("Draft")


class ObjectWork(QObject, Generic[Draft]):
    """One schedule, prompt or queue that is open. What is done here is saved at once."""

    changed = Signal()  # the draft is another, by whoever's hand
    facts_changed = Signal()  # name, state, versions, sent or unsent
    others_changed = Signal(object)  # Arrival: somebody else changed the draft
    undo_refused = Signal(object)  # Refused: places that somebody else wrote meanwhile
    gone = Signal()  # the object is no longer visible to this user

    def __init__(
        self,
        opened: OpenObject,
        store: ObjectStore,
        *,
        kind: Kind[Draft],
        is_read_only: bool,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.opened = opened
        self.is_read_only = is_read_only
        self._store = store
        self._kind = kind
        self._live_number: int | None = None
        self._live: Draft | None = None
        self.draft = kind.read(opened.document)
        self.undo_stack = QUndoStack(self)
        opened.draft_arrived.connect(self._on_draft_arrived)
        opened.entity_changed.connect(self.facts_changed)
        opened.gone.connect(self.gone)

    @property
    def id(self) -> str:
        """The object's id."""
        return self.opened.id

    @property
    def document(self) -> Document:
        """The draft verbatim."""
        return self.opened.document

    @property
    def facts(self) -> ObjectFacts:
        """The object without its draft."""
        return object_facts(self.opened.entity)

    @property
    def state(self) -> ObjectState:
        """Where the object stands between its draft and what callers hear."""
        facts = self.facts
        return facts.state(
            is_draft_unsent=self.opened.is_unsent,
            is_like_live=self._live_number is not None
            and self._live_number == facts.live_revision
            and self.draft == self._live,
        )

    @property
    def live(self) -> Draft | None:
        """What callers hear, once it is known here."""
        return self._live if self._live_number == self.facts.live_revision else None

    def know_live(self, number: int, document: Document) -> None:
        """What callers hear: the draft is compared with it from now on."""
        self._live_number, self._live = number, self._kind.read(document)
        self.facts_changed.emit()

    def do(
        self, key: str, wanted: Iterable[tuple[Path, object]], *, merge: Hashable | None = None
    ) -> bool:
        """Bring places of the draft to values as one undoable step, named by a catalogue key.

        ``UNSET`` removes a place. Steps with an equal ``merge`` that follow each other become one.
        """
        if self.is_read_only:
            return False
        plain = ((path, value if value is UNSET else _plain(value)) for path, value in wanted)
        changes = based(self.document, (Change(path, value) for path, value in plain))
        known = tuple(each for each in changes if not same(each.value, each.was))
        if not known:
            return False
        self.undo_stack.push(
            FlowEdit(key, known, make=self._make, restore=self._restore, merge=merge)
        )
        return True

    def take_over(self, document: Document, key: str) -> bool:
        """Make the draft equal to a document, as one step that undo takes back."""
        changes = differences(self.document, document)
        return self.do(key, ((each.path, each.value) for each in changes))

    def set_field(self, name: str, value: str, *, seen: str | None = None) -> None:
        """Change the name or the description; ``seen`` is what it was when the typing began."""
        if not self.is_read_only:
            self.opened.set_field(name, value, seen=seen)

    def close(self) -> None:
        """Let go of the object; what is on its way is still saved."""
        self._store.release(self.opened)

    def _make(self, changes: tuple[Change, ...]) -> None:
        self.opened.save(changes)
        self._show()

    def _restore(self, changes: tuple[Change, ...]) -> None:
        kept, refused = restorable(self.document, changes)
        if kept:
            self._make(based(self.document, kept))
        if refused:
            who = self.facts.updated_by
            self.undo_refused.emit(Refused(refused, who.name if who is not None else ""))

    def _on_draft_arrived(self, arrival: Arrival) -> None:
        if arrival.changes:
            self._show()
            if not arrival.is_here:
                self.others_changed.emit(arrival)

    def _show(self) -> None:
        """Read the draft anew; one that a newer program wrote stays as it was shown."""
        try:
            self.draft = self._kind.read(self.document)
        except msgspec.ValidationError:
            return
        self.changed.emit()
        self.facts_changed.emit()


def _plain(value: object) -> Json:
    """A value as it comes back from the cache: lists for tuples, text for days."""
    plain: Json = msgspec.json.decode(msgspec.json.encode(value))
    return plain


def open_work(
    store: ObjectStore,
    kind: Kind[Draft],
    object_id: str,
    *,
    done: Callable[[ObjectWork[Draft]], object],
    failed: Callable[[CXError], object],
    is_read_only: Callable[[ObjectFacts], bool],
) -> None:
    """Open an object for work, or only to look at it.

    ``failed`` also gets a draft that this program cannot read.
    """
    tie = partial(_tie, store, kind, done=done, failed=failed, is_read_only=is_read_only)
    store.open(object_id, done=tie, failed=failed)


def _tie(
    store: ObjectStore,
    kind: Kind[Draft],
    opened: OpenObject,
    *,
    done: Callable[[ObjectWork[Draft]], object],
    failed: Callable[[CXError], object],
    is_read_only: Callable[[ObjectFacts], bool],
) -> None:
    try:
        is_only_looked_at = is_read_only(object_facts(opened.entity))
        work = ObjectWork(opened, store, kind=kind, is_read_only=is_only_looked_at)
    except msgspec.ValidationError as error:
        store.release(opened)
        failed(CXError("problem.object-unreadable", reason=str(error)))
        return
    done(work)
