"""What the end of a resync would take away, and a checksum of what it would leave."""

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from sqlalchemy import Connection, Select, func, select

from cx_desktop.cache import recordings, tables
from cx_desktop.cache.entities import id_of, key_of
from cx_desktop.cache.pages import Chunk, Page, load_stream, rows_of
from cx_desktop.cache.values import PutRow
from cx_desktop.protocol import is_large, project_of
from cx_desktop.protocol.digest import Bucket, buckets, joined, less, whole

_E, _R, _Q = tables.entity, tables.recording, tables.quarantine
_AT_ONCE = 500


class Sweep(Struct, frozen=True):
    """How many rows would go, of how many that were here when the resync began."""

    goes: int
    rows: int


class Remainder:
    """What would be left of a stream, as a checksum that can follow what moves meanwhile."""

    def __init__(
        self, left: Bucket, unfit: int, known: Callable[[Sequence[str]], dict[str, int]]
    ) -> None:
        self._left = left
        self._unfit = unfit
        self._known = known
        self._moved: dict[str, int | None] = {}

    def move(self, page: Page) -> None:
        """Follow a page of changes, which is not written yet."""
        ids = [row.id for row in page.rows]
        before = self._known([each for each in ids if each not in self._moved])
        for row in page.rows:
            old = self._moved.get(row.id, before.get(row.id))
            new = row.ver if isinstance(row, PutRow) else None
            self._left = _moved(self._left, row.id, old, new)
            self._moved[row.id] = new
        self._unfit += len(page.unfit)

    def equals(self, there: Bucket) -> bool:
        """Whether that is what the service has; of what cannot be read here only the number."""
        if self._unfit:
            return self._left.rows <= there.rows <= self._left.rows + self._unfit
        return (self._left.rows, self._left.sum) == (there.rows, there.sum)


def _moved(left: Bucket, entity_id: str, old: int | None, new: int | None) -> Bucket:
    if old is not None:
        left = less(left, whole(buckets([(entity_id, old)], 0)))
    if new is not None:
        left = whole(joined([left, *buckets([(entity_id, new)], 0)], 0))
    return left


def sweep_of(connection: Connection, chunk: Chunk) -> Sweep:
    """What the last part of a snapshot would take away."""
    state = load_stream(connection, chunk.stream)
    rows = state.total if chunk.since else rows_of(connection, chunk.stream)
    if not rows:
        return Sweep(0, 0)
    old = _old(connection, chunk.stream, state.gen + 1)
    table = _R if is_large(chunk.stream) else _E
    wanted = select(func.count()).select_from(table).where(table.c.gen <= state.gen)
    came = 0
    keys = [key_of(each) for each, _ in _brought(chunk)]
    for at in range(0, len(keys), _AT_ONCE):
        some = wanted.where(table.c.id.in_(keys[at : at + _AT_ONCE]))
        if table is _E:
            some = some.where(_E.c.dirty == 0)
        came += connection.execute(some).scalar_one()
    return Sweep(max(0, old - came), rows)


def remainder_of(connection: Connection, chunk: Chunk) -> tuple[Bucket, int]:
    """The checksum of what a sweep would leave, and how many rows cannot be read here."""
    gen = load_stream(connection, chunk.stream).gen + 1
    here = (
        recordings.versions(connection, chunk.stream, gen=gen)
        if is_large(chunk.stream)
        else _versions(connection, chunk.stream, gen)
    )
    unfit = select(func.count()).select_from(_Q).where(_Q.c.stream == chunk.stream)
    left = whole([*buckets(here, 0), *buckets(_brought(chunk), 0)])
    return left, int(connection.execute(unfit).scalar_one()) + len(chunk.unfit)


def known_of(connection: Connection, chunk: Chunk, ids: Sequence[str]) -> dict[str, int]:
    """The versions that the snapshot brought of some entities."""
    gen = load_stream(connection, chunk.stream).gen + 1
    brought = dict(_brought(chunk))
    found: dict[str, int] = {each: brought[each] for each in ids if each in brought}
    rest = [key_of(each) for each in ids if each not in brought]
    for at in range(0, len(rest), _AT_ONCE):
        keys = rest[at : at + _AT_ONCE]
        if is_large(chunk.stream):
            some = select(_R.c.id, _R.c.ver).where(_R.c.id.in_(keys), _R.c.gen >= gen)
        else:
            some = _service_versions().where(_E.c.id.in_(keys), _E.c.gen >= gen)
        found |= {id_of(key): int(ver) for key, ver in connection.execute(some)}
    return found


def _old(connection: Connection, stream: str, gen: int) -> int:
    if is_large(stream):
        project = key_of(project_of(stream))
        wanted = select(func.count()).where(_R.c.project_id == project, _R.c.gen < gen)
    else:
        wanted = select(func.count()).where(_E.c.stream == stream, _E.c.gen < gen, _E.c.dirty == 0)
    return int(connection.execute(wanted).scalar_one())


def _brought(chunk: Chunk) -> Iterator[tuple[str, int]]:
    yield from ((row.id, row.ver) for row in chunk.rows if isinstance(row, PutRow))
    yield from ((row.id, row.ver) for row in chunk.recordings)


def _versions(connection: Connection, stream: str, gen: int) -> Iterator[tuple[str, int]]:
    wanted = _service_versions().where(_E.c.stream == stream, _E.c.gen >= gen)
    for key, ver in connection.execute(wanted):
        yield id_of(key), ver


def _service_versions() -> Select[bytes, int]:
    """Rows with the version that the service has, edits or not."""
    shadow = tables.base_shadow
    ver = func.coalesce(shadow.c.ver, _E.c.ver)
    return select(_E.c.id, ver).join(shadow, shadow.c.id == _E.c.id, isouter=True)
