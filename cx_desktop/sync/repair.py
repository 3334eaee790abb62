"""Compares the cache with the service by checksums, and mends the ranges that differ.

A comparison counts only where both stand at the same position of the same epoch; else nothing is
concluded, and the next quiet moment is as good. It narrows from the whole stream to ranges of 256
and 65,536 by the ends of ids, then asks for all rows of the differing ranges, as sealed pages.

Its cost is bounded: three questions and eight pages a stream, once a day; besides when the counts
differ in a way not seen before. Where more differs than that, the stream is read anew.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import timedelta
from itertools import islice

from msgspec import Struct

from cx_desktop.cache import Cache, Checked, Repaired, StalePage
from cx_desktop.client.service import ServiceClient
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import Clock
from cx_desktop.protocol import is_large
from cx_desktop.protocol.digest import (
    DEPTHS,
    NOTHING,
    RANGE_ROWS,
    RANGES_AT_ONCE,
    Bucket,
    range_name,
    whole,
)
from cx_desktop.sync import wire
from cx_desktop.sync.wire import EpochMoved, Question

EVERY = timedelta(days=1)
#: Counting reads the whole file: not with every change.
COUNT_EVERY = 900.0
MOST_PAGES = 8


class Difference(Struct, frozen=True):
    """Where a stream is not what the service has, at one position of both."""

    stream: str
    here: Bucket
    there: Bucket
    depth: int = 0
    ends: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    """How many rows the service has in each of these ranges."""

    @property
    def is_equal(self) -> bool:
        """Whether both sides have the same."""
        return self.here == self.there


class TooMuch(Exception):  # noqa: N818  (it says what was found)
    """More differs than is mended by ranges."""


class Unsettled(Exception):  # noqa: N818  (it says what was found)
    """The service has moved since the stream was read: nothing can be concluded now."""


class Repair:
    """The comparison of one cache with one service, made on the engine's thread."""

    def __init__(self, cache: Cache, client: ServiceClient, clock: Clock) -> None:
        self._cache = cache
        self._client = client
        self._clock = clock
        self.listeners: list[Callable[[Checked], None]] = []
        """Told what a comparison that was due has mended, on the engine's thread."""
        self._seen: dict[str, tuple[int, int]] = {}
        self._count_at = 0.0
        self._is_first = True

    def check_if_due(self, totals: Mapping[str, int]) -> None:
        """Compare, if it is time to; ``totals`` is how many rows the service says it has.

        What goes wrong waits for the next time: it is no reason to say that sync has failed.
        """
        with suppress(CXError, EpochMoved):
            due = self._due(totals)
            checked = self.check(due) if due else None
            if checked is not None and (checked.repaired or checked.anew):
                for listener in self.listeners:
                    listener(checked)

    def check(self, streams: Iterable[str]) -> Checked:
        """Compare streams, mend what differs, and remember what that came to."""
        streams = tuple(streams)
        repaired: list[Repaired] = []
        anew: list[str] = []
        is_whole = True
        for stream in streams:
            try:
                repaired.append(self._mended(stream))
            except TooMuch:
                self._cache.sync.expire(stream)
                anew.append(stream)
            except (Unsettled, StalePage):
                is_whole = False
        news = tuple(each for each in repaired if each.total)
        checked = Checked(self._clock.now(), news, tuple(anew))
        if is_whole and {*streams} >= {*self.read}:
            self._cache.repairs.note(checked)
        return checked

    @property
    def read(self) -> tuple[str, ...]:
        """The streams that have been read to an end, and can be compared."""
        return tuple(each.name for each in self._cache.sync.streams() if each.cursor)

    def compared(self, stream: str) -> Difference:
        """Where a stream differs; ``Unsettled`` when that cannot be said now."""
        mine = self._cache.repairs.buckets(stream, DEPTHS[1])
        here = whole(mine)
        there = whole(self._there(stream, 0))
        found = Difference(stream, here, there)
        if found.is_equal:
            return found
        theirs = self._there(stream, DEPTHS[1])
        for depth in DEPTHS[1:]:
            ends, rows = _differing(mine, theirs)
            found = Difference(stream, here, there, depth, ends, rows)
            if sum(rows) <= RANGE_ROWS or depth == DEPTHS[-1]:
                break
            # Of a large stream only these ranges are looked at more closely.
            mine = self._cache.repairs.buckets(stream, DEPTHS[-1], ends)
            theirs = self._there(stream, DEPTHS[-1], ends if is_large(stream) else ())
        return found

    def _due(self, totals: Mapping[str, int]) -> tuple[str, ...]:
        checked, now = self._cache.repairs.checked, self._clock.now()
        if checked is None:
            self._cache.repairs.note(Checked(now))  # all was just read for the first time
            checked = Checked(now)
        if abs(now - checked.at) >= EVERY:
            return self.read
        was_first, self._is_first = self._is_first, False
        unreadable = {each.stream for each in self._cache.sync.quarantined()}
        again = unreadable if was_first else set()
        return tuple(sorted(again | set(self._miscounted(totals))))

    def _miscounted(self, totals: Mapping[str, int]) -> Iterator[str]:
        """Streams of another size than here; each difference is looked at once."""
        now = self._clock.monotonic()
        if now < self._count_at:
            return
        self._count_at = now + COUNT_EVERY
        for stream in self.read:
            there = totals.get(stream, 0)
            pair = (self._cache.repairs.count(stream), there)
            if pair[0] != there and self._seen.get(stream) != pair:
                self._seen[stream] = pair
                yield stream

    def _mended(self, stream: str) -> Repaired:
        found = self.compared(stream)
        if found.is_equal:
            unreadable = [each for each in self._cache.sync.quarantined() if each.stream == stream]
            if unreadable:
                self._cache.repairs.all_readable(stream)
            return Repaired(stream, readable=len(unreadable))
        parts = tuple(islice(_parts(found), MOST_PAGES + 1))
        if len(parts) > MOST_PAGES:
            raise TooMuch
        repaired = Repaired(stream)
        for ends in parts:
            repaired += self._laid_in(stream, found.depth, ends)
        return repaired

    def _laid_in(self, stream: str, depth: int, ends: tuple[str, ...]) -> Repaired:
        question = Question(stream, range_name(depth, ends), self._cache.sync.epoch)
        with closing(self._client.sync.ranges(stream, depth, ends)) as lines:
            page = wire.read_page(lines, question)
        return self._cache.repairs.mend(page, depth, frozenset(ends))

    def _there(self, stream: str, depth: int, within: tuple[str, ...] = ()) -> tuple[Bucket, ...]:
        told = self._client.sync.digest(stream, depth, within)
        store = self._cache.sync
        state = store.stream(stream)
        is_same = (told.epoch, told.stream, told.depth) == (store.epoch, stream, depth)
        if not is_same or not state.cursor or told.high_seq != state.high_seq:
            raise Unsettled
        return told.buckets


def _differing(
    mine: Iterable[Bucket], theirs: Iterable[Bucket]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The ranges that are not alike, and how many rows the service has in each."""
    here = {each.suffix: each for each in mine}
    there = {each.suffix: each for each in theirs}
    ends = tuple(end for end in sorted({*here, *there}) if here.get(end) != there.get(end))
    return ends, tuple(there.get(end, NOTHING).rows for end in ends)


def _parts(found: Difference) -> Iterator[tuple[str, ...]]:
    """Ranges in groups that one page can hold."""
    group: list[str] = []
    size = 0
    for end, rows in zip(found.ends, found.rows, strict=True):
        if rows > RANGE_ROWS:
            raise TooMuch
        if group and (size + rows > RANGE_ROWS or len(group) == RANGES_AT_ONCE):
            yield tuple(group)
            group, size = [], 0
        group.append(end)
        size += rows
    if group:
        yield tuple(group)
