"""What has to leave this computer: the unsent edits of it, to be sealed first, and then all of it.

Failure policy: what is sealed and what is deleted are the same. If somebody edited in between,
nothing is deleted, and whoever asks seals anew.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    Table,
    delete,
    func,
    insert,
    or_,
    select,
)

from cx_desktop.cache import chains, tables
from cx_desktop.cache.blobs import BlobStore, Place
from cx_desktop.cache.chains import Record
from cx_desktop.cache.entities import document_of, id_of, key_of
from cx_desktop.cache.sounds import Sounds
from cx_desktop.cache.transaction import checkpoint, overwriting
from cx_desktop.cache.values import Changed
from cx_desktop.cache.writer import Writer
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol.escrow import SealedEdit, SealedFile
from cx_desktop.protocol.streams import project_of

_E, _O, _Q, _S = tables.entity, tables.outbox, tables.quarantine, tables.stream
_M = tables.meta
#: What a file is cut into, so that a package holds a piece of any file.
_PIECE = 4 << 20
_EVICTED = "devices.evicted"
_VARIABLES = 10_000


class Bundle(Struct, frozen=True):
    """Everything unsent of some projects, or of all: edits now, files when they are read."""

    edits: tuple[SealedEdit, ...]
    files: tuple[Place, ...]


class Eviction(Struct, frozen=True):
    """A project that was taken from this computer, until somebody has seen that."""

    project_id: str
    name: str
    edits: int
    """How many unsent edits were sealed."""
    files: int
    at: datetime


class Leaving:
    """The unsent part of a cache, and how a project leaves it."""

    def __init__(
        self,
        writer: Writer,
        read: Callable[[], AbstractContextManager[Connection]],
        blobs: BlobStore,
        sounds: Sounds,
    ) -> None:
        self._writer = writer
        self._read = read
        self._blobs = blobs
        self._sounds = sounds

    def bundle(self, project_id: str = "") -> Bundle:
        """What is unsent of a project, or of everything."""
        with self._read() as connection:
            edits = _edits(connection, project_id)
        files = self._blobs.unsent()
        return Bundle(
            edits, tuple(each for each in files if not project_id or each.project_id == project_id)
        )

    def pieces(self, place: Place) -> Iterator[SealedFile]:
        """An unsent file, cut up; nothing of one that this disk has damaged."""
        try:
            content = self._blobs.read(place)
        except CXError:
            return
        for at in range(0, max(1, len(content)), _PIECE):
            piece = content[at : at + _PIECE]
            yield SealedFile(place.project_id, place.sha256, len(content), at, piece)

    def name_of(self, project_id: str) -> str:
        """What a person knows a project by; "" where it is not here."""
        with self._read() as connection:
            query = select(_E.c.data).where(_E.c.id == key_of(project_id))
            data = connection.execute(query).scalar()
        return "" if data is None else str(document_of(data).get("name", ""))

    def strays(self) -> tuple[str, ...]:
        """The projects that are not here any more, of which something still is."""
        known = select(_E.c.id).where(_E.c.type == "project")
        with self._read() as connection:
            rows = select(_E.c.project_id).where(
                _E.c.project_id.is_not(None), _E.c.project_id.not_in(known)
            )
            found = {id_of(key) for key in connection.execute(rows.distinct()).scalars() if key}
            here = {id_of(key) for key in connection.execute(known).scalars()}
            large = connection.execute(select(_S.c.name)).scalars()
            found |= {own for name in large if (own := project_of(name)) and own not in here}
        return tuple(sorted(found))

    def evictions(self) -> tuple[Eviction, ...]:
        """The projects that were taken away, and nobody has seen that yet."""
        with self._read() as connection:
            return tuple(_noted(connection))

    def seen(self, eviction: Eviction) -> None:
        """Somebody has seen that a project was taken away."""

        def work(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            _note(connection, [each for each in _noted(connection) if each != eviction])
            return None, ()

        self._writer.do(work, is_edit=True)

    def evict(self, sealed: Mapping[str, Bundle], now: datetime) -> bool:
        """Take projects away, if this is all that is unsent of them; else nothing, and False."""
        gone = [
            Eviction(each, self.name_of(each), len(bundle.edits), len(bundle.files), now)
            for each, bundle in sealed.items()
        ]

        def work(connection: Connection) -> tuple[bool, tuple[Changed, ...]]:
            if not all(self._is_all(connection, each, sealed[each]) for each in sealed):
                return False, ()
            for each in gone:
                _note(connection, _with(_noted(connection), each))
            with overwriting(connection):
                told = [change for each in sealed for change in _evict(connection, each)]
            return True, tuple(told)

        is_gone = self._writer.do(work, is_edit=True)
        if is_gone:
            for each, bundle in sealed.items():
                self._blobs.forget_project(each, sealed=bundle.files)
            with self._read() as connection:
                checkpoint(connection)
            self._sounds.reload()
        return is_gone

    def _is_all(self, connection: Connection, project_id: str, sealed: Bundle) -> bool:
        files = {each for each in self._blobs.unsent() if each.project_id == project_id}
        return _said(_edits(connection, project_id)) == _said(sealed.edits) and files <= set(
            sealed.files
        )


def _noted(connection: Connection) -> list[Eviction]:
    value = connection.execute(select(_M.c.value).where(_M.c.key == _EVICTED)).scalar()
    return [] if value is None else msgspec.json.decode(str(value), type=list[Eviction])


def _with(noted: list[Eviction], gone: Eviction) -> list[Eviction]:
    """With one more; what was taken twice before anybody saw it was taken once."""
    for each in noted:
        if each.project_id == gone.project_id:
            edits, files = each.edits + gone.edits, each.files + gone.files
            name = gone.name or each.name
            gone = msgspec.structs.replace(gone, edits=edits, files=files, name=name)
    return [*(each for each in noted if each.project_id != gone.project_id), gone]


def _note(connection: Connection, evictions: list[Eviction]) -> None:
    values = {"key": _EVICTED, "value": msgspec.json.encode(evictions).decode()}
    connection.execute(insert(_M).prefix_with("OR REPLACE"), values)


def _said(edits: Iterable[SealedEdit]) -> list[bytes]:
    return [msgspec.json.encode([each.op.op_id, each.op.changes, each.op.value]) for each in edits]


def _edits(connection: Connection, project_id: str) -> tuple[SealedEdit, ...]:
    found = ((each, _of(connection, each)) for each in chains.unsettled(connection))
    return tuple(
        SealedEdit(op=each.op(), state=each.state.value, name=name, project_id=own)
        for each, (own, name) in found
        if not project_id or own == project_id
    )


def _of(connection: Connection, record: Record) -> tuple[str, str]:
    """The project that an edit belongs to, and the name of its object."""
    row = connection.execute(
        select(_E.c.project_id, _E.c.data).where(_E.c.id == record.key)
    ).one_or_none()
    document = document_of(row.data) if row is not None else record.body.value or {}
    name = str(document.get("name") or document.get("label") or "")
    if record.entity == "project":
        return id_of(record.key), name
    return str(document.get("project_id") or ""), name


def _evict(connection: Connection, project_id: str) -> tuple[Changed, ...]:
    key = key_of(project_id)
    ops = [each for each in chains.unsettled(connection) if _of(connection, each)[0] == project_id]
    of_project = or_(_E.c.project_id == key, _E.c.id == key)
    ids = {each.key for each in ops} | set(
        connection.execute(select(_E.c.id).where(of_project)).scalars()
    )
    told = connection.execute(select(_E.c.type, _E.c.id).where(of_project)).all()
    doomed = _Doomed(connection, project_id, key, ids)
    for table in tables.METADATA.sorted_tables:
        if table not in (_E, tables.meta):
            doomed.leave(table)
    doomed.leave(_E)
    changed: dict[str, set[str]] = {"project": {project_id}, "recording": set()}
    for kind, each in told:
        changed.setdefault(kind, set()).add(id_of(each))
    return tuple(Changed(kind, frozenset(some), "remote") for kind, some in changed.items())


def _among(column: ColumnElement[bytes], keys: Sequence[bytes]) -> Iterator[ColumnElement[bool]]:
    """That a column holds one of these, in as many conditions as SQLite has variables for."""
    for at in range(0, len(keys), _VARIABLES):
        yield column.in_(keys[at : at + _VARIABLES])


class _Doomed:
    """The rows of a project, found in any table by the columns that tables share."""

    def __init__(
        self, connection: Connection, project_id: str, key: bytes, ids: set[bytes]
    ) -> None:
        self._connection = connection
        self._project_id = project_id
        self._key = key
        self._ids = sorted(ids)
        self._ops = [
            each
            for mine in _among(_O.c.id, self._ids)
            for each in connection.execute(select(_O.c.op_id).where(mine)).scalars()
        ]

    def leave(self, table: Table) -> None:
        """Delete the project's rows of a table."""
        for condition in self._conditions(table):
            self._connection.execute(delete(table).where(condition))

    def _conditions(self, table: Table) -> Iterator[ColumnElement[bool]]:
        columns = table.c
        if "project_id" in columns:
            is_key = isinstance(columns.project_id.type, LargeBinary)
            yield columns.project_id == (self._key if is_key else self._project_id)
        if "op_id" in columns:
            yield from _among(columns.op_id, self._ops)
        if "id" in columns and isinstance(columns.id.type, LargeBinary):
            yield from _among(columns.id, self._ids)
        if table is _S:
            yield func.instr(columns.name, self._project_id) > 0
        if table is _Q:
            yield func.instr(columns.stream, self._project_id) > 0
            yield func.instr(columns.raw, self._project_id.encode()) > 0
