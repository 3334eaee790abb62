"""Repair: what the cache holds of a stream in checksums, and a whole page of some ranges laid in.

A page of ranges is all that the service has there, at the position up to which the stream was read:
what it brings replaces what is here, what it does not bring is gone. Rows with unsettled edits keep
them: only their base is changed. It is one transaction, and counts only at that position.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, func, insert, select

from cx_desktop.cache import entities, recordings, tables
from cx_desktop.cache.entities import COLUMNS, Shadow, Stored, id_of, stored_of
from cx_desktop.cache.pages import Applied, Page, StalePage, load_stream, put_in_quarantine
from cx_desktop.cache.rebase import set_base
from cx_desktop.cache.values import Changed, PutRow, StreamState, Unfit
from cx_desktop.cache.writer import Writer
from cx_desktop.overrides import override
from cx_desktop.protocol import digest, is_large
from cx_desktop.protocol.digest import end_of

_E, _Q, _M = tables.entity, tables.quarantine, tables.meta
_CHECKED = "sync.checked"


class Repaired(Struct, frozen=True):
    """What was put right in one stream."""

    stream: str
    added: int = 0
    changed: int = 0
    removed: int = 0
    readable: int = 0
    """Rows that could not be read before, and now can, or are not there any more."""

    @property
    def total(self) -> int:
        """How much it was in all."""
        return self.added + self.changed + self.removed + self.readable

    def __add__(self, other: "Repaired") -> "Repaired":
        return Repaired(
            self.stream,
            self.added + other.added,
            self.changed + other.changed,
            self.removed + other.removed,
            self.readable + other.readable,
        )


class Checked(Struct, frozen=True):
    """The last comparison with the service."""

    at: datetime
    repaired: tuple[Repaired, ...] = ()
    anew: tuple[str, ...] = ()
    """Streams in which so much differed that they are read anew."""


class RepairStore:
    """The cache as a comparison with the service sees it."""

    def __init__(
        self, writer: Writer, read: Callable[[], AbstractContextManager[Connection]]
    ) -> None:
        self._writer = writer
        self._read = read

    @property
    def checked(self) -> Checked | None:
        """The last whole comparison, if there was one."""
        wanted = select(_M.c.value).where(_M.c.key == _CHECKED)
        with self._read() as connection:
            value = connection.execute(wanted).scalar()
        return None if value is None else msgspec.json.decode(value, type=Checked)

    def note(self, checked: Checked) -> None:
        """Remember a whole comparison."""
        value = msgspec.json.encode(checked).decode()

        def work(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            kept = insert(_M).prefix_with("OR REPLACE")
            connection.execute(kept, {"key": _CHECKED, "value": value})
            return None, ()

        self._writer.do(work, is_edit=True)

    def count(self, stream: str) -> int:
        """How many rows the service has in a stream, as far as is known here."""
        unreadable = select(func.count()).select_from(_Q).where(_Q.c.stream == stream)
        with self._read() as connection:
            if is_large(stream):
                counted = recordings.count(connection, stream)
                return counted + int(connection.execute(unreadable).scalar_one())
            rows = select(func.count()).select_from(_E).where(_E.c.stream == stream)
            own = sum(1 for _, ver in _dirty(connection, stream) if ver is None)
            counted = connection.execute(rows).scalar_one() - own
            return int(counted + connection.execute(unreadable).scalar_one())

    def versions(self, stream: str) -> tuple[tuple[str, int], ...]:
        """The ids and versions that the service has in a stream, as far as is known here."""
        clean = select(_E.c.id, _E.c.ver).where(_E.c.stream == stream, _E.c.dirty == 0)
        with self._read() as connection:
            found = [(id_of(key), ver) for key, ver in connection.execute(clean)]
            edited = [(key, ver) for key, ver in _dirty(connection, stream) if ver is not None]
        return (*found, *edited)

    def buckets(
        self, stream: str, depth: int, within: Iterable[str] = ()
    ) -> tuple[digest.Bucket, ...]:
        """The checksums of a stream by the ends of ids; of a large one, also of a part of it."""
        if not is_large(stream):
            return digest.buckets(self.versions(stream), depth)
        with self._read() as connection:
            found = recordings.versions(connection, stream, frozenset(within))
            return digest.buckets(found, depth)

    def mend(self, page: Page, depth: int, ends: frozenset[str]) -> Repaired:
        """Lay in all that the service has in these ranges; ``StalePage`` where it is too late."""
        here: Mapping[str, int] = {}
        if is_large(page.stream):  # found before: edits need not wait for a look at a million
            with self._read() as connection:
                here = dict(recordings.versions(connection, page.stream, ends))

        def work(connection: Connection) -> tuple[Repaired, tuple[Changed, ...]]:
            if is_large(page.stream):
                return _mended_recordings(connection, page, depth, ends, here)
            return _mended(connection, page, depth, ends)

        return self._writer.do(work, is_edit=False)

    def damaged_pages(self) -> int:
        """How many pages of the file are not what was written."""
        with self._read() as connection:
            return len(connection.exec_driver_sql("PRAGMA cipher_integrity_check").all())

    def all_readable(self, stream: str) -> None:
        """Everything that the service has in a stream is here: nothing waits to be readable."""

        def work(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            connection.execute(_Q.delete().where(_Q.c.stream == stream))
            return None, ()

        self._writer.do(work, is_edit=False)


def _dirty(connection: Connection, stream: str) -> Iterator[tuple[str, int | None]]:
    """Rows with unsettled edits, with the version that the service has; None where it has none."""
    shadow = tables.base_shadow
    wanted = (
        select(_E.c.id, shadow.c.ver, shadow.c.gone)
        .join(shadow, shadow.c.id == _E.c.id, isouter=True)
        .where(_E.c.stream == stream, _E.c.dirty == 1)
    )
    for key, ver, gone in connection.execute(wanted):
        yield id_of(key), None if ver is None or gone else int(ver)


class _Mending(Applied):
    """Rows that are what the service has, whatever their place in the order of commits."""

    added = 0
    changed = 0

    @override
    def _is_news(self, row: PutRow, here: Stored) -> bool:
        return here.ver != row.ver or (not here.dirty and here.data != bytes(row.data))

    @override
    def _note(self, here: Stored | None) -> None:
        if here is None:
            self.added += 1
        else:
            self.changed += 1

    def remove(self, here: Stored) -> bool:
        """The service does not have it; whether that is news."""
        if not here.dirty:
            entities.remove(self._connection, here.key)
        else:
            shadow = entities.load_shadow(self._connection, here.key)
            if shadow is None or shadow.gone:
                return False
            gone = Shadow(ver=shadow.ver, seq=shadow.seq, gone=True, data=shadow.data)
            set_base(self._connection, here, gone)
        self._ids[here.type].add(id_of(here.key))
        return True


def _mended(
    connection: Connection, page: Page, depth: int, ends: frozenset[str]
) -> tuple[Repaired, tuple[Changed, ...]]:
    state = _still_there(connection, page)
    before = _unreadable(connection, page.stream, depth, ends)
    mending = _Mending(connection, page.stream, state.gen)
    mending.take(page.rows)
    kept = {row.id for row in page.rows} | {each.id for each in page.unfit}
    removed = 0
    for here in _within(connection, page.stream, depth, ends):
        if id_of(here.key) not in kept:
            removed += mending.remove(here)
    readable = _read_again(connection, page.stream, before, page.unfit)
    repaired = Repaired(
        page.stream,
        added=mending.added,
        changed=mending.changed,
        removed=removed,
        readable=readable,
    )
    return repaired, mending.told()


def _mended_recordings(
    connection: Connection,
    page: Page,
    depth: int,
    ends: frozenset[str],
    here: Mapping[str, int],
) -> tuple[Repaired, tuple[Changed, ...]]:
    state = _still_there(connection, page)
    before = _unreadable(connection, page.stream, depth, ends)
    fresh = [row for row in page.rows if isinstance(row, PutRow) and here.get(row.id) != row.ver]
    kept = {row.id for row in page.rows} | {each.id for each in page.unfit}
    gone = [each for each in here if each not in kept]
    mending = recordings.Applied(connection, page.stream, state.gen)
    mending.remove([*gone, *(row.id for row in fresh)])
    mending.take(fresh)
    readable = _read_again(connection, page.stream, before, (*page.unfit, *mending.unfit))
    changed = sum(1 for row in fresh if row.id in here)
    repaired = Repaired(
        page.stream,
        added=len(fresh) - changed,
        changed=changed,
        removed=len(gone),
        readable=readable,
    )
    return repaired, mending.told()


def _still_there(connection: Connection, page: Page) -> StreamState:
    """The stream, which stands where the page does."""
    state = load_stream(connection, page.stream)
    if not state.cursor or state.high_seq != page.high_seq:
        raise StalePage
    return state


def _read_again(
    connection: Connection, stream: str, before: frozenset[str], unfit: Sequence[Unfit]
) -> int:
    """Settle what was kept aside of these ranges; how much of it is readable now."""
    for name in before:
        connection.execute(_Q.delete().where(_Q.c.stream == stream, _Q.c.id == name))
    put_in_quarantine(connection, stream, unfit)
    return len(before - {each.id for each in unfit})


def _unreadable(
    connection: Connection, stream: str, depth: int, ends: frozenset[str]
) -> frozenset[str]:
    """What is kept aside of these ranges, where its id could be read."""
    found = connection.execute(select(_Q.c.id).where(_Q.c.stream == stream)).scalars()
    return frozenset(name for name in found if "-" in name and end_of(name, depth) in ends)


def _within(connection: Connection, stream: str, depth: int, ends: frozenset[str]) -> list[Stored]:
    wanted = select(*COLUMNS).where(_E.c.stream == stream)
    if depth:
        end = func.lower(func.substr(func.hex(_E.c.id), -depth))
        wanted = wanted.where(end.in_(sorted(ends)))
    return [stored_of(tuple(each)) for each in connection.execute(wanted)]
