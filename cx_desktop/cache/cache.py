"""The cache: what the program shows, and the one way it is changed.

Failure policy: a read never waits for a write. A write returns after its COMMIT or raises and
leaves nothing. When the disk is full or the file turns out to be damaged, a ``CXError`` says so;
after damage the next start verifies every page. See ``rescue.py`` for a file that cannot be read.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.engine import Engine

from cx_desktop.cache import acting, chains, database, edits, entities, rescue, tables
from cx_desktop.cache.blobs import BlobStore
from cx_desktop.cache.deciding import Deciding, decide_all
from cx_desktop.cache.edits import Keep, Stamp
from cx_desktop.cache.entities import document_of, id_of, key_of, stored_of
from cx_desktop.cache.leaving import Leaving
from cx_desktop.cache.migrations import migrate
from cx_desktop.cache.outgoing import Outgoing
from cx_desktop.cache.packing import Packing
from cx_desktop.cache.plays import OfflinePlays
from cx_desktop.cache.purging import Purging
from cx_desktop.cache.ranges import RepairStore
from cx_desktop.cache.recording_list import RecordingList
from cx_desktop.cache.recordings import recording_of
from cx_desktop.cache.said import SaidStore
from cx_desktop.cache.sealing import disk_errors
from cx_desktop.cache.sound_rows import SoundRows
from cx_desktop.cache.sounds import Sounds
from cx_desktop.cache.store import SyncStore
from cx_desktop.cache.transaction import database_errors
from cx_desktop.cache.transfers import Transfers
from cx_desktop.cache.values import (
    DISPUTED,
    Action,
    Changed,
    Conflict,
    Edit,
    KeptPart,
    OpState,
    OutboxRow,
    Row,
    Unsent,
)
from cx_desktop.cache.writer import Writer
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import Clock, Ids
from cx_desktop.protocol import SCHEMA, Recording, Schema

_PARTS = tuple[KeptPart, ...]
_NEWEST = "sync.newest-schema"
_E = tables.entity
_O = tables.outbox
_WAITING = [OpState.PENDING.value, OpState.INFLIGHT.value]


class Cache:
    """The encrypted copy of the service of one profile, with the edits not yet sent."""

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        key: bytes,
        *,
        clock: Clock,
        ids: Ids,
        schema: Schema = SCHEMA,
    ) -> None:
        self.schema = schema
        """What this program speaks with the service."""
        self._engine = engine
        self._suspect = folder / database.SUSPECT
        self._clock = clock
        self._ids = ids
        self._listeners: dict[object, Callable[[Changed], None]] = {}
        self._writer = Writer(engine, self._tell, self._note)
        self.blobs = BlobStore(folder / "blobs", key)
        self.sounds = Sounds(folder, SoundRows(key, self._writer, self._read))
        self.purging = Purging(folder, self._writer, self._read, self.sounds, clock)
        self.plays = OfflinePlays(self._writer, self._read, clock=clock, ids=ids)
        self.packing = Packing(self._read, self.sounds, self.purging)
        self.leaving = Leaving(self._writer, self._read, self.blobs, self.sounds)
        self.sync = SyncStore(self._writer, self._read, clock=clock, ids=ids)
        self.repairs = RepairStore(self._writer, self._read)
        self.transfers = Transfers(self._writer, self._read)
        self.recording_list = RecordingList(self._writer, self._read, self.sounds)
        self.said = SaidStore(self._read)
        self.deciding = Deciding(self._writer, self._read, self._stamp)
        self.outgoing = Outgoing(self._writer, self._read, self._stamp)

    @classmethod
    def open(
        cls, folder: Path, key: bytes, *, clock: Clock, ids: Ids, schema: Schema = SCHEMA
    ) -> "Cache":
        """Open the cache in ``folder``, or make one where there is none."""
        with disk_errors(), ExitStack() as undo:
            folder.mkdir(parents=True, exist_ok=True)
            engine = rescue.open_engine(folder / database.FILE, key, clock.now())
            undo.callback(engine.dispose)
            with database_errors(), engine.connect() as connection:
                migrate(connection)
            cache = cls(engine, folder, key, clock=clock, ids=ids, schema=schema)
            undo.callback(cache.close)
            cache.sync.release()
            undo.pop_all()
        return cache

    def close(self) -> None:
        """Finish what is being written, give the file back, and forget its key."""
        self._writer.close()
        self._engine.dispose()
        self.blobs.close()
        self.sounds.close()

    def rows(self, entity_type: str, *, project_id: str | None = None) -> tuple[Row, ...]:
        """All entities of a type, in the order of their creation."""
        wanted = select(*entities.COLUMNS).where(_E.c.type == entity_type).order_by(_E.c.id)
        if project_id is not None:
            wanted = wanted.where(_E.c.project_id == key_of(project_id))
        with self._read() as connection:
            return tuple(stored_of(tuple(each)).row() for each in connection.execute(wanted))

    def revisions(self, object_id: str, *, number: int | None = None) -> tuple[Row, ...]:
        """The revisions of one object, or the one with a number, in the order of their creation."""
        wanted = (
            select(*entities.COLUMNS)
            .where(tables.is_revision, tables.object_of_revision == object_id)
            .order_by(_E.c.id)
        )
        if number is not None:
            wanted = wanted.where(tables.number_of_revision == number)
        with self._read() as connection:
            return tuple(stored_of(tuple(each)).row() for each in connection.execute(wanted))

    def row(self, entity_type: str, entity_id: str) -> Row | None:
        """One entity as it stands here."""
        with self._read() as connection:
            stored = entities.load(connection, key_of(entity_id))
        return stored.row() if stored is not None and stored.type == entity_type else None

    def recordings(self, project_id: str, *, limit: int) -> tuple[Recording, ...]:
        """The newest recordings of a project that may still be here."""
        table = tables.recording
        wanted = select(table).where(
            table.c.project_id == key_of(project_id),
            table.c.delete_by > self.purging.today(project_id).isoformat(),
        )
        newest = wanted.order_by(table.c.started_at.desc(), table.c.id.desc()).limit(limit)
        with self._read() as connection:
            return tuple(recording_of(tuple(each)) for each in connection.execute(newest))

    def edit(self, *wishes: Edit, are_one: bool = False) -> tuple[str, ...]:
        """Make edits, all or none; when this returns they survive any crash. The ops' ids.

        Those that ``are_one`` gesture reach the service all or none, too.
        """
        return self.submit(*wishes, are_one=are_one).result()

    def submit(self, *wishes: Edit, are_one: bool = False) -> Future[tuple[str, ...]]:
        """Like ``edit``, without waiting: the future is done after COMMIT."""

        def work(connection: Connection) -> tuple[tuple[str, ...], tuple[Changed, ...]]:
            if self.needs_update:
                raise CXError("problem.update-needed")
            written = edits.write(connection, wishes, self._stamp(), are_one=are_one)
            return tuple(each.op_id for each in written), edits.changed_by(written)

        return self._writer.submit(work, is_edit=True)

    def act(self, *actions: Action) -> tuple[str, ...]:
        """Let guarded actions wait for the network; the ops' ids. Nothing changes here by them."""

        def work(connection: Connection) -> tuple[tuple[str, ...], tuple[Changed, ...]]:
            if self.needs_update:
                raise CXError("problem.update-needed")
            written = [acting.act(connection, each, self._stamp()) for each in actions]
            return tuple(each.op_id for each in written), edits.changed_by(written)

        return self._writer.do(work, is_edit=True)

    @property
    def needs_update(self) -> bool:
        """Whether the service is newer than this program: it reads on, and sends what waits."""
        return int(self.meta(_NEWEST) or 0) > self.schema.max

    def heard_newest(self, schema: int) -> None:
        """The service speaks up to this schema."""
        if self.meta(_NEWEST) != str(schema):
            self.set_meta(_NEWEST, str(schema))

    def resolve(self, op_id: str, keep: Keep) -> None:
        """Decide an edit that the service did not take: offer *mine* again, or take *theirs*."""

        def work(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            stamp = self._stamp()
            written = edits.drop_refused(connection, op_id, keep, stamp)
            written = written or decide_all(connection, op_id, keep, stamp)
            return None, () if written is None else edits.changed_by((written,))

        self._writer.do(work, is_edit=True)

    def subscribe(self, listener: Callable[[Changed], None]) -> Callable[[], None]:
        """Call ``listener`` on the writer thread after each COMMIT; the result ends that."""
        token = object()
        self._listeners[token] = listener
        return lambda: self._listeners.pop(token, None) and None

    def outbox(self) -> tuple[OutboxRow, ...]:
        """The edits that the service has not taken yet, oldest first."""
        with self._read() as connection:
            return tuple(each.row() for each in chains.unsettled(connection))

    def unsent(self) -> Unsent:
        """How many edits wait to be sent, and since when."""
        wanted = select(func.count(), func.min(_O.c.at)).where(_O.c.state.in_(_WAITING))
        with self._read() as connection:
            count, oldest = connection.execute(wanted).one()
        return Unsent(count, None if oldest is None else datetime.fromisoformat(oldest))

    def conflicts(self) -> tuple[Conflict, ...]:
        """The edits on which somebody has to decide, oldest first."""
        disputed = [state.value for state in DISPUTED]
        wanted = (
            select(_O, tables.conflict.c.theirs, tables.conflict.c.theirs_ver)
            .add_columns(tables.conflict.c.opened, tables.conflict.c.kept)
            .add_columns(tables.base_shadow.c.data.label("now"))
            .join(tables.conflict, tables.conflict.c.op_id == _O.c.op_id)
            .join(tables.base_shadow, tables.base_shadow.c.id == _O.c.id, isouter=True)
            .where(_O.c.state.in_(disputed))
            .order_by(_O.c.n)
        )
        with self._read() as connection:
            found = connection.execute(wanted).all()
        return tuple(
            Conflict(
                op_id=id_of(record.op_id),
                entity_type=record.entity,
                id=id_of(record.key),
                changes=record.body.changes,
                value=record.body.value,
                theirs=None if row.theirs is None else document_of(row.theirs),
                theirs_ver=row.theirs_ver,
                opened=datetime.fromisoformat(row.opened),
                problem=record.problem,
                kept=() if row.kept is None else msgspec.json.decode(row.kept, type=_PARTS),
                now=None if row.now is None else document_of(row.now),
            )
            for record, row in ((chains.record_of(row), row) for row in found)
        )

    def meta(self, key: str) -> str | None:
        """A small fact kept with the cache."""
        wanted = select(tables.meta.c.value).where(tables.meta.c.key == key)
        with self._read() as connection:
            value = connection.execute(wanted).scalar()
        return None if value is None else str(value)

    def set_meta(self, key: str, value: str) -> None:
        """Keep a small fact with the cache."""

        def work(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            connection.execute(
                insert(tables.meta).prefix_with("OR REPLACE"), {"key": key, "value": value}
            )
            return None, ()

        self._writer.do(work, is_edit=True)

    def _stamp(self) -> Stamp:
        return Stamp(self._ids, self._clock.now())

    def _tell(self, changed: Changed) -> None:
        for listener in tuple(self._listeners.values()):
            listener(changed)

    def _note(self, error: CXError) -> None:
        """After damage the next start looks at every page."""
        if error.key == "problem.cache-damaged":
            self._suspect.touch()

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        try:
            with database_errors(), self._engine.connect() as connection:
                yield connection
        except CXError as error:
            self._note(error)
            raise
