"""Does what the core decides: one question to the service or the cache, one event back."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import closing
from random import Random
from types import TracebackType
from typing import TYPE_CHECKING, Self

import msgspec

from cx_desktop.cache import Batch, Cache, Chunk, StalePage, SyncStore
from cx_desktop.client.errors import retry_after
from cx_desktop.client.service import ServiceClient
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import Clock
from cx_desktop.protocol import (
    Hello,
    OpResult,
    OpStatus,
    Problem,
    Push,
    Pushed,
    Welcome,
    is_large,
)
from cx_desktop.sync import events, wire
from cx_desktop.sync.arrays import damaged
from cx_desktop.sync.events import Effect, Event, Kind
from cx_desktop.sync.faults import highest_used, kind_of, newest_spoken
from cx_desktop.sync.files import Files
from cx_desktop.sync.guard import Doubtful, Guard
from cx_desktop.sync.holds import Hold
from cx_desktop.sync.repair import Repair
from cx_desktop.sync.wire import EpochMoved, Question

if TYPE_CHECKING:
    from cx_desktop.sync.heeding import Heeding

_NOTHING = Problem(type="malformed", title="malformed", status=400)


class Cycle:
    """The hands of the engine. Whatever goes wrong outside comes back as a ``Failed`` event."""

    def __init__(
        self,
        *,
        cache: Cache,
        client: ServiceClient,
        device_id: str,
        clock: Clock,
        random: Random,
        on_welcome: Callable[[Welcome], None],
    ) -> None:
        self.on_part: Callable[[events.Part], bool] = lambda _part: True
        """Hears of each part of a snapshot that is in the cache; says whether to go on."""
        self.floor = clock.now
        """The time it is at the earliest: what waits with a limit is judged by it while offline."""
        self.hold: Callable[[], Hold] = Hold
        """Says what holds large loads now."""
        self.heeding: Heeding | None = None
        """Hears what the service orders of this device."""
        self._cache = cache
        self._client = client
        self._device_id = device_id
        self._clock = clock
        self._random = random
        self._on_welcome = on_welcome
        self.files = Files(cache, client)
        self.repair = Repair(cache, client, clock)
        self._guard = Guard(cache, client, lambda: self._schema)
        self._totals: dict[str, int] = {}
        self._batch = Batch((), 0)
        self._schema = cache.schema.min
        self._durable_seq = 0

    def perform(self, effect: Effect) -> Event | None:
        """Do one thing; the event that answers it."""
        try:
            return self._perform(effect)
        except EpochMoved:
            return self._failed(effect, damaged(), Kind.EPOCH)
        except Doubtful as doubt:
            self._cache.sync.expire(doubt.stream)
            return self._failed(effect, doubt.told, Kind.DOUBT)
        except StalePage:
            return self._failed(effect, damaged(), Kind.AWAY)
        except CXError as error:
            is_push = isinstance(effect, events.PushBatch)
            kind = kind_of(error, is_push=is_push)
            if kind is Kind.CLONED:
                self._cache.sync.safekeeping.pass_the_other(highest_used(error))
            if kind is Kind.ENDED and self.heeding is not None:
                self.heeding.refused(error)
            return self._failed(effect, error, kind)

    def _failed(self, effect: Effect, error: CXError, kind: Kind) -> Event:
        if kind in {Kind.AWAY, Kind.ENDED}:
            self._cache.outgoing.withdraw_overdue(self.floor())
        if (newest := newest_spoken(error)) is not None:
            self._cache.heard_newest(newest)
        stream = effect.stream if isinstance(effect, events.PullPage | events.PullSnapshot) else ""
        return events.Failed(
            now=self._clock.monotonic(),
            chance=self._random.random(),
            kind=kind,
            error=error,
            stream=stream,
            retry_after=retry_after(error),
        )

    def _perform(self, effect: Effect) -> Event | None:
        match effect:
            case events.SayHello():
                return self._hello()
            case events.PushBatch():
                return self._push(effect)
            case events.Refuse():
                return self._refuse(effect.problem or _NOTHING)
            case events.PullPage():
                return self._page(effect)
            case events.PullSnapshot():
                return self._snapshot(effect)
            case events.Break():
                return None
            case _:
                return self._note(effect)

    def _note(
        self, effect: events.Adopt | events.Expire | events.Confirm | events.Complete
    ) -> Event | None:
        now = self._clock.monotonic()
        store = self._cache.sync
        match effect:
            case events.Adopt():
                store.adopt(effect.epoch)
                self.files.offer_again()
                return events.Adopted(now, self.known())
            case events.Expire():
                store.expire(effect.stream)
                return events.Expired(now, effect.stream)
            case events.Confirm():
                store.confirm(effect.stream, effect.access_version)
            case events.Complete():
                store.complete(is_whole=effect.is_whole)
                self.repair.check_if_due(self._totals)
                if effect.with_files:
                    self.files.bring()
                if self.heeding is not None and effect.is_whole:
                    self.heeding.complete()
        return None

    def known(self) -> tuple[events.Known, ...]:
        """What the cache knows of the streams."""
        return tuple(
            events.Known(each.name, bool(each.cursor), each.high_seq, each.access_version)
            for each in self._cache.sync.streams()
        )

    def _hello(self) -> Event:
        store = self._cache.sync
        welcome = self._client.sync.hello(
            Hello(
                device_id=self._device_id,
                app="cx-desktop",
                schema=self._cache.schema,
                epoch=store.epoch,
                high_seq=store.high_seq,
            )
        )
        self._schema = welcome.schema
        self._cache.heard_newest(max(welcome.schema, welcome.newest))
        self._on_welcome(welcome)
        if self.heeding is not None:
            self.heeding.welcomed(welcome)
        self._totals = {each.name: each.rows for each in welcome.streams}
        if welcome.epoch == store.epoch:
            store.saw(welcome.high_seq, welcome.server_time)
            if welcome.durable_seq > self._durable_seq:
                store.safekeeping.prune(welcome.durable_seq)
        self._durable_seq = welcome.durable_seq
        now = self._clock.monotonic()
        return events.Welcomed(now, welcome, self.known(), hold=self.hold())

    def _push(self, effect: events.PushBatch) -> Event:
        """Send edits; those that wait for no file first, for a file may take its time."""
        store, waiting = self._cache.sync, self.files.waited_for()
        self._batch = self._claimed(effect, waiting)
        if not self._batch.ops:
            self.files.send()
            self._batch = self._claimed(effect, frozenset()) if waiting else self._batch
        if not self._batch.ops:
            now, chance = self._clock.monotonic(), self._random.random()
            return events.Sent(now, chance, is_held=self._batch.is_held)
        pushed = self._client.sync.push(
            Push(
                device_id=self._device_id,
                epoch=store.epoch,
                schema=self._schema,
                acked_upto=self._batch.acked_upto,
                ops=self._batch.ops,
            )
        )
        store.saw(pushed.high_seq)
        return self._settled(pushed)

    def _claimed(self, effect: events.PushBatch, waiting: frozenset[str]) -> Batch:
        return self._cache.sync.claim(
            limit=effect.limit,
            max_bytes=effect.max_bytes,
            skip=effect.skip | waiting,
            schema=self._schema,
        )

    def _settled(self, pushed: Pushed) -> Event:
        ops = tuple(op.op_id for op in self._batch.ops)
        if tuple(result.op_id for result in pushed.results) != ops:
            raise damaged()
        durable_seq = max(self._durable_seq, pushed.durable_seq)
        settled = self._cache.sync.settle(pushed.results, durable_seq=durable_seq)
        return events.Sent(
            self._clock.monotonic(),
            self._random.random(),
            ops=ops,
            waiting=settled.waiting,
            high_seq=pushed.high_seq,
        )

    def _refuse(self, problem: Problem) -> Event:
        """The service does not even read the one op that was sent: it needs a person."""
        results = tuple(
            OpResult(op_id=op.op_id, status=OpStatus.REJECTED, problem=problem)
            for op in self._batch.ops
        )
        return self._settled(
            Pushed(high_seq=0, durable_seq=0, server_time=self._clock.now(), results=results)
        )

    def _page(self, effect: events.PullPage) -> Event:
        store = self._cache.sync
        since, began = store.stream(effect.stream).cursor, self._clock.monotonic()
        asked = self._client.sync.changes(effect.stream, since, effect.limit, schema=self._schema)
        with closing(asked) as lines:
            page = wire.read_page(lines, Question(effect.stream, since, store.epoch))
        # The head of a page is not under its checksum: it may not claim more than hello did.
        page = msgspec.structs.replace(page, high_seq=min(page.high_seq, effect.upto))
        store.apply_page(page)
        now = self._clock.monotonic()
        return events.Pulled(
            now,
            effect.stream,
            page.high_seq,
            has_more=page.has_more,
            rows=len(page.rows),
            seconds=now - began,
        )

    def _snapshot(self, effect: events.PullSnapshot) -> Event:
        """Read a stream as a whole, or up to the mark at which something else goes first."""
        store, stream = self._cache.sync, effect.stream
        resume, began = store.stream(stream).resume, self._clock.monotonic()
        question = Question(stream, resume, store.epoch)
        asked = self._client.sync.snapshot(
            stream,
            resume,
            rows="arrays" if is_large(stream) else "objects",
            mark=effect.size,
            schema=self._schema,
        )
        with asked as lines, _Writing(store) as writing:
            for chunk in wire.read_snapshot(lines, question):
                if (before := writing.settled()) is not None:
                    now = self._clock.monotonic()
                    if not self.on_part(self._part(before, now - began)):
                        return events.Broken(now, stream)
                    began = now
                if chunk.cursor:
                    self._guard.check(chunk)
                writing.begin(chunk)
            writing.settled()
        high_seq = store.stream(stream).high_seq
        return events.Pulled(self._clock.monotonic(), stream, high_seq, is_snapshot=True)

    def _part(self, chunk: Chunk, seconds: float) -> events.Part:
        rows = self._cache.sync.stream(chunk.stream).rows
        more = len(chunk.rows) + len(chunk.recordings)
        return events.Part(chunk.stream, rows, more, seconds, hold=self.hold())


class _Writing:
    """Writes a part while the next one is on its way; whoever leaves waits for it."""

    def __init__(self, store: SyncStore) -> None:
        self._store = store
        self._chunk: Chunk | None = None
        self._future: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._future is not None:
            wait([self._future])

    def begin(self, chunk: Chunk) -> None:
        """Write a part."""
        self._chunk, self._future = chunk, self._store.submit_chunk(chunk)

    def settled(self) -> Chunk | None:
        """The part that was written, if any; raises what kept it from that."""
        chunk, future, self._chunk, self._future = self._chunk, self._future, None, None
        if future is not None:
            future.result()
        return chunk
