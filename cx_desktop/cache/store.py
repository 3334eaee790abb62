"""What the sync engine does to the cache: claim edits, settle them, apply pages, change epoch."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial

import msgspec
from sqlalchemy import Connection, insert, select

from cx_desktop.cache import (
    ages,
    claiming,
    pages,
    pushing,
    recordings,
    recovery,
    sweeping,
    tables,
)
from cx_desktop.cache.claiming import Batch, Room
from cx_desktop.cache.entities import key_of
from cx_desktop.cache.pages import Chunk, Page, load_stream
from cx_desktop.cache.pushing import Settled
from cx_desktop.cache.safekeeping import Safekeeping
from cx_desktop.cache.values import Changed, Quarantined, StreamState
from cx_desktop.cache.verify import faults
from cx_desktop.cache.writer import Writer
from cx_desktop.ports import Clock, Ids
from cx_desktop.protocol import ACTIONS, OpResult

_M = tables.meta
_EPOCH, _HIGH_SEQ, _LAST = "sync.epoch", "sync.high-seq", "sync.last-complete"


class SyncStore:
    """The cache as the sync engine sees it. Every method is one transaction, or one read."""

    def __init__(
        self,
        writer: Writer,
        read: Callable[[], AbstractContextManager[Connection]],
        *,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._writer = writer
        self._read = read
        self._clock = clock
        self._ids = ids
        self.safekeeping = Safekeeping(writer, read)

    @property
    def epoch(self) -> str:
        """The service's epoch that this cache follows; empty at first."""
        return self._meta(_EPOCH)

    @property
    def high_seq(self) -> int:
        """The highest position of the service that was ever seen in this epoch."""
        return int(self._meta(_HIGH_SEQ) or 0)

    @property
    def last_complete(self) -> datetime | None:
        """When everything was last read up to where the service was."""
        value = self._meta(_LAST)
        return datetime.fromisoformat(value) if value else None

    def streams(self) -> tuple[StreamState, ...]:
        """How far each stream has been read."""
        with self._read() as connection:
            return pages.load_streams(connection)

    def stream(self, name: str) -> StreamState:
        """How far one stream has been read."""
        with self._read() as connection:
            return load_stream(connection, name)

    def quarantined(self) -> tuple[Quarantined, ...]:
        """Rows of the service that this program could not read."""
        table = tables.quarantine
        with self._read() as connection:
            found = connection.execute(
                select(table.c.stream, table.c.id, table.c.seq, table.c.error)
            )
            return tuple(Quarantined(*row) for row in found)

    def release(self) -> None:
        """What was under way when the program ended waits again."""
        self._do(claiming.release, is_edit=True)

    def claim(
        self,
        *,
        limit: int,
        max_bytes: int,
        skip: frozenset[str] = frozenset(),
        schema: int = ACTIONS,
    ) -> Batch:
        """The edits to send next; from now on they keep their form."""
        room = Room(limit, max_bytes, skip, schema)

        def work(connection: Connection) -> tuple[Batch, tuple[Changed, ...]]:
            return claiming.claim(connection, room), ()

        return self._writer.do(work, is_edit=True)

    def settle(self, results: Sequence[OpResult], *, durable_seq: int = 0) -> Settled:
        """T3: what the service made of the edits sent."""

        def work(connection: Connection) -> tuple[Settled, tuple[Changed, ...]]:
            now = self._clock.now()
            settled, changed = pushing.settle(connection, results, now, self._ids)
            pushing.prune(connection, durable_seq)
            return settled, changed

        return self._writer.do(work, is_edit=True)

    def apply_page(self, page: Page) -> None:
        """T2: a page of changes with its cursor."""
        self._writer.do(
            lambda connection: (None, pages.apply_page(connection, page, self._clock.now())),
            is_edit=False,
        )

    def apply_chunk(self, chunk: Chunk) -> None:
        """T2: a part of a snapshot with its resume mark, or its end with the cursor."""
        self.submit_chunk(chunk).result()

    def submit_chunk(self, chunk: Chunk) -> Future[None]:
        """Like ``apply_chunk``, without waiting: the future is done after COMMIT."""

        def work(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            now = self._clock.now()
            if chunk.cursor:
                gen = load_stream(connection, chunk.stream).gen + 1
                brought = frozenset(key_of(row.id) for row in chunk.rows)
                rest = recovery.Rest(chunk.stream, gen, brought)
                recovery.recover(connection, rest, now=now, ids=self._ids)
            return None, pages.apply_chunk(connection, chunk, now)

        return self._writer.submit(work, is_edit=False)

    def sweep_of(self, chunk: Chunk) -> sweeping.Sweep:
        """What the last part of a snapshot would take away."""
        with self._read() as connection:
            return sweeping.sweep_of(connection, chunk)

    def remainder_of(self, chunk: Chunk) -> sweeping.Remainder:
        """What it would leave."""

        def known(ids: Sequence[str]) -> dict[str, int]:
            with self._read() as connection:
                return sweeping.known_of(connection, chunk, ids)

        with self._read() as connection:
            left, unfit = sweeping.remainder_of(connection, chunk)
        return sweeping.Remainder(left, unfit, known)

    def confirm(self, name: str, access_version: str) -> None:
        """A stream is complete for what the user may see."""

        def work(connection: Connection) -> None:
            state = load_stream(connection, name)
            pages.save_stream(
                connection, msgspec.structs.replace(state, access_version=access_version)
            )

        self._do(work)

    def complete(self, *, is_whole: bool = True) -> None:
        """Everything was read up to where the service was: lists get the indexes they lack.

        Not ``is_whole``: a large load waits, and what is here of it can be looked at meanwhile.
        """
        with self._read() as connection:
            missing = recordings.missing_indexes(connection)
        for name in missing:  # each by itself, so that an edit need not wait for all of them
            self._do(partial(recordings.make_index, name=name))
        if is_whole:
            now = self._clock.now().isoformat()
            self._do(lambda connection: _set_meta(connection, _LAST, now))

    def expire(self, name: str) -> None:
        """The cursor of a stream is worth nothing any more: a new snapshot begins."""
        self._do(lambda connection: pages.expire(connection, name))

    def adopt(self, epoch: str) -> None:
        """T5: the service counts anew. Every stream is read again; edits are offered again."""

        def work(connection: Connection) -> None:
            is_first = not connection.execute(select(_M.c.key).where(_M.c.key == _EPOCH)).first()
            for each in pages.load_streams(connection):
                pages.expire(connection, each.name)
            pages.forget_versions(connection)
            if not is_first:
                recovery.begin(connection, self._clock.now())
            _set_meta(connection, _EPOCH, epoch)
            _set_meta(connection, _HIGH_SEQ, "0")
            ages.forget(connection)

        self._do(work, is_edit=True)

    def saw(self, high_seq: int, server_time: datetime | None = None) -> None:
        """Remember the highest position seen, by which a service that went back is told."""
        if high_seq > self.high_seq:
            self._do(lambda connection: _set_meta(connection, _HIGH_SEQ, str(high_seq)))
        if server_time is not None:
            self._spoke(server_time, high_seq)

    def _spoke(self, server_time: datetime, high_seq: int) -> None:
        with self._read() as connection:
            is_new = ages.is_new_day(connection, server_time)
        if is_new:
            self._do(lambda connection: ages.note(connection, server_time, high_seq))

    def verify(self) -> tuple[str, ...]:
        """What contradicts itself in the cache: nothing, if all is well."""
        with self._read() as connection:
            return faults(connection)

    def _meta(self, key: str) -> str:
        with self._read() as connection:
            value = connection.execute(select(_M.c.value).where(_M.c.key == key)).scalar()
        return "" if value is None else str(value)

    def _do(self, work: Callable[[Connection], None], *, is_edit: bool = False) -> None:
        def silent(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            work(connection)
            return None, ()

        self._writer.do(silent, is_edit=is_edit)


def _set_meta(connection: Connection, key: str, value: str) -> None:
    connection.execute(insert(_M).prefix_with("OR REPLACE"), {"key": key, "value": value})
