"""Recordings in the cache: a table of their own, with the columns that lists sort by.

They come by the hundred thousand and are only read here: no JSON is kept of them, no edit waits on
them. The indexes of lists are made when the first load is over, which takes half the time of
keeping them while rows stream in (``sync.md`` 4).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
from sqlalchemy import Connection, delete, func, select

from cx_desktop.cache import recording_text, tables
from cx_desktop.cache.entities import id_of, key_of
from cx_desktop.cache.values import Changed, GoneRow, PageRow, Unfit
from cx_desktop.protocol import RECORDING_COLUMNS, Recording, RecordingRow, project_of

_R = tables.recording
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_COLUMNS = tuple(column.name for column in _R.columns)
_UPSERT = f"""
    INSERT INTO recording ({", ".join(_COLUMNS)})
    VALUES ({", ".join("?" for _ in _COLUMNS)})
    ON CONFLICT (id) DO UPDATE SET
        {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])}
    WHERE excluded.gen > recording.gen
        OR (excluded.seq > recording.seq AND excluded.ver >= recording.ver)
"""  # noqa: S608  (the names are our own columns')
#: What lists of recordings are sorted by and looked up by, made when a first load is over.
#: The first holds everything that lists are filtered by: they need not look at the rows.
INDEXES = {
    "recording_by_time": (
        "project_id, started_at, duration, direction, queue_id, agent_name, flow_id, delete_by"
    ),
    "recording_by_agent": "project_id, agent_name, started_at, duration",
    "recording_by_queue": "project_id, queue_id, started_at, duration",
    "recording_by_end": "delete_by, project_id, started_at, duration",
}
#: What can wait until the lists are there.
LATER = {"recording_by_duration": "project_id, duration, started_at"}
_ALL = {**INDEXES, **LATER}
_UUID_SIGNS = 36
_Record = tuple[bytes | str | int | None, ...]


class Applied:
    """Rows of one project's recordings on their way into the table."""

    def __init__(self, connection: Connection, stream: str, gen: int) -> None:
        self._connection = connection
        self._project = key_of(project_of(stream))
        self._gen = gen
        self._ids: set[str] = set()
        self._keys, self._days = _Keys(), _Days()
        self.unfit: list[Unfit] = []
        """Rows that this program cannot read."""

    def begin(self) -> None:
        """A load begins: into an empty table rows go without indexes."""
        if self._connection.execute(select(_R.c.id).limit(1)).first() is None:
            for name in _ALL:
                self._connection.exec_driver_sql(f"DROP INDEX IF EXISTS {name}")
            recording_text.forget_numbers(self._connection)

    def take(self, rows: Iterable[PageRow]) -> None:
        """Rows as objects, and tombstones, in the order of commits."""
        fresh: dict[str, RecordingRow] = {}
        for row in rows:
            if isinstance(row, GoneRow):
                fresh.pop(row.id, None)
                self._gone(row)
                continue
            try:
                found = msgspec.json.decode(row.data, type=Recording)
            except msgspec.DecodeError as error:
                self.unfit.append(Unfit(row.id, row.seq, bytes(row.data), str(error)))
                continue
            fresh[row.id] = RecordingRow(
                row.id, row.ver, row.seq, *(getattr(found, name) for name in RECORDING_COLUMNS[3:])
            )
        self.load(list(fresh.values()))

    def load(self, rows: Sequence[RecordingRow]) -> None:
        """Many rows at once."""
        try:
            values = self._records(rows)
        except ValueError:  # one of them: the others are good
            values = self._fit(rows)
        if values:
            values.sort()  # ids grow with time: the tree is filled from one side
            self._connection.exec_driver_sql(_UPSERT, values)
        self._ids.update(row.id for row in rows)

    def sweep(self) -> None:
        """The generation is complete: rows it did not bring are not on the service any more."""
        old = (_R.c.project_id == self._project) & (_R.c.gen < self._gen)
        gone = self._connection.execute(delete(_R).where(old).returning(_R.c.id))
        self._ids.update(id_of(key) for (key,) in gone)

    def remove(self, ids: Iterable[str]) -> None:
        """These are not on the service, or other than here: a repair says so."""
        keys = [(key_of(each),) for each in ids]
        if keys:
            self._connection.exec_driver_sql("DELETE FROM recording WHERE id = ?", keys)
        self._ids.update(id_of(key) for (key,) in keys)

    def told(self) -> tuple[Changed, ...]:
        """What listeners are told."""
        return (Changed("recording", frozenset(self._ids), "remote"),) if self._ids else ()

    def _gone(self, row: GoneRow) -> None:
        old = (_R.c.id == key_of(row.id)) & (_R.c.seq < row.seq)
        self._connection.execute(delete(_R).where(old))
        self._ids.add(row.id)

    def _fit(self, rows: Sequence[RecordingRow]) -> list[_Record]:
        values: list[_Record] = []
        for row in rows:
            try:
                values += self._records((row,))
            except ValueError as error:
                raw = msgspec.json.encode(row)
                self.unfit.append(Unfit(row.id, row.seq, raw, str(error)))
        return values

    def _records(self, rows: Sequence[RecordingRow]) -> list[_Record]:
        """A million of these are made in a first load: nothing is looked up twice."""
        project, gen, keys, days = self._project, self._gen, self._keys, self._days
        return [
            (
                _key(row.id),
                project,
                row.ver,
                row.seq,
                gen,
                (row.started_at - _EPOCH) // _MILLISECOND,
                row.duration,
                row.direction,
                keys[row.queue_id],
                keys[row.agent_id],
                row.agent_name,
                row.caller,
                row.called,
                keys[row.flow_id],
                row.size,
                row.blob,
                days[row.delete_by],
                int(row.held),
            )
            for row in rows
        ]


class _Keys(dict[str | None, bytes | None]):
    """References as they are stored; there are few of them, again and again."""

    def __missing__(self, entity_id: str | None) -> bytes | None:
        key = self[entity_id] = None if entity_id is None else _key(entity_id)
        return key


class _Days(dict[date, str]):
    """Days as they are stored; there are few of them, too."""

    def __missing__(self, day: date) -> str:
        text = self[day] = day.isoformat()
        return text


def count(connection: Connection, stream: str) -> int:
    """How many recordings of a project are here."""
    wanted = select(func.count()).where(_R.c.project_id == key_of(project_of(stream)))
    return int(connection.execute(wanted).scalar_one())


def versions(
    connection: Connection, stream: str, ends: frozenset[str] = frozenset(), *, gen: int = 0
) -> Iterator[tuple[str, int]]:
    """Ids and versions, of all or of ids that end so (an even number of signs), as they come.

    With ``gen`` only of what that generation brought, or a later one.
    """
    # The plus: in the order of the table, not looked up one by one in the order of an index.
    asked = "SELECT hex(id), ver FROM recording WHERE +project_id = ? AND gen >= ?"
    values: list[bytes | int] = [key_of(project_of(stream)), gen]
    keys = sorted(bytes.fromhex(each) for each in ends if each)
    if keys:
        places = ", ".join("?" for _ in keys)
        asked += f" AND substr(id, -{len(keys[0])}) IN ({places})"
        values += keys
    for digits, ver in connection.exec_driver_sql(asked, tuple(values)):
        sign = digits.lower()
        yield f"{sign[:8]}-{sign[8:12]}-{sign[12:16]}-{sign[16:20]}-{sign[20:]}", ver


def make_index(connection: Connection, name: str) -> None:
    """Make an index of lists, unless it is there."""
    connection.exec_driver_sql(f"CREATE INDEX IF NOT EXISTS {name} ON recording ({_ALL[name]})")


def missing_indexes(
    connection: Connection, wanted: Iterable[str] = tuple(INDEXES)
) -> tuple[str, ...]:
    """The indexes of lists that are not there (yet)."""
    found = connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'index'")
    there = {name for (name,) in found}
    return tuple(name for name in wanted if name not in there)


def recording_of(record: Sequence[object]) -> Recording:
    """A selected record of the table as a value."""
    (key, project, ver, _seq, _gen, at, duration, direction, queue, agent, *rest) = record
    agent_name, caller, called, flow, size, blob, end, held = rest
    return Recording(
        id=_text(key) or "",
        project_id=_text(project) or "",
        started_at=_EPOCH + int(str(at)) * _MILLISECOND,
        duration=int(str(duration)),
        direction=str(direction),
        queue_id=_text(queue),
        agent_id=_text(agent),
        agent_name=str(agent_name),
        caller=str(caller),
        called=str(called),
        flow_id=_text(flow),
        size=int(str(size)),
        blob=None if blob is None else str(blob),
        delete_by=date.fromisoformat(str(end)),
        ver=int(str(ver)),
        held=bool(held),
    )


def _text(key: object) -> str | None:
    return id_of(key) if isinstance(key, bytes) else None


def _key(entity_id: str) -> bytes:
    """Like ``key_of``, for a million ids: five times as fast, and as strict."""
    if len(entity_id) != _UUID_SIGNS:
        raise ValueError(f"{entity_id} is no id")
    key = bytes.fromhex(entity_id.replace("-", ""))
    if len(key) != 16:
        raise ValueError(f"{entity_id} is no id")
    return key
