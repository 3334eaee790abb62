"""What may be said about sync, and no more than is true."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from cx_desktop.cache import Cache, StreamState, Way
from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Stream, family_of, is_large
from cx_desktop.sync.events import Phase, State
from cx_desktop.sync.holds import Hold
from cx_desktop.sync.pace import Load


class SyncStatus(Struct, frozen=True):
    """How far this computer and the service are from each other, as far as we know."""

    phase: Phase
    unsent: int = 0
    """Edits and files that the service has not got yet."""
    oldest_unsent: datetime | None = None
    last_complete_pull: datetime | None = None
    conflicts: int = 0
    """Edits that the service did not take and on which somebody has to decide."""
    quarantined: int = 0
    """Rows that this program cannot read, and files that came as others than they are."""
    is_complete: bool = False
    """Whether every stream was read to where the service was when it last spoke, in its epoch."""
    problem: CXError | None = None
    needs_update: bool = False
    """Whether the service is newer than this program: nothing new is edited here until then."""
    first_sync_progress: float | None = None
    loads: tuple[Load, ...] = ()
    """The large streams that are not all here yet, how far they are and how fast they come."""
    hold: Hold = Hold()
    """Why they wait, if they do."""
    sending: tuple[int, int] = (0, 0)
    """Of large files under way to the service: how many bytes arrived, and of how many."""

    @property
    def is_all_synced(self) -> bool:
        """Whether "everything is synced" may be said."""
        return (
            self.phase is Phase.IDLE
            and self.is_complete
            and not (self.unsent or self.conflicts or self.quarantined)
        )


def status_of(state: State, cache: Cache) -> SyncStatus:
    """The status as the engine's state and the cache have it."""
    unsent = cache.unsent()
    here = {each.name: each for each in cache.sync.streams()}
    streams = [
        here.get(name) or StreamState(name)
        for name in (state.access or tuple(Stream))
        if family_of(name) is not None
    ]
    is_first = any(not stream.cursor for stream in streams)
    return SyncStatus(
        phase=state.phase,
        unsent=unsent.count + len(cache.blobs.unsent()),
        oldest_unsent=unsent.oldest,
        last_complete_pull=cache.sync.last_complete,
        conflicts=len(cache.conflicts()),
        quarantined=len(cache.sync.quarantined()) + len(cache.transfers.all(Way.DOWN)),
        is_complete=(
            not is_first
            and state.epoch == cache.sync.epoch
            and all(stream.high_seq >= state.high_seq for stream in streams)
        ),
        problem=state.problem,
        needs_update=cache.needs_update,
        first_sync_progress=_progress(state, streams) if is_first and state.totals else None,
        loads=tuple(_load(state, each) for each in streams if _is_load(state, each)),
        hold=state.hold,
        sending=_sending(cache),
    )


def _sending(cache: Cache) -> tuple[int, int]:
    files = cache.transfers.all(Way.UP)
    return sum(each.done for each in files), sum(each.size for each in files)


def _is_load(state: State, stream: StreamState) -> bool:
    return is_large(stream.name) and not stream.cursor and state.totals.get(stream.name, 0) > 0


def _load(state: State, stream: StreamState) -> Load:
    known = state.loads.get(stream.name) or Load(stream.name)
    total = max(stream.rows, state.totals[stream.name])
    return Load(stream.name, stream.rows, total, known.rate)


def _progress(state: State, streams: Sequence[StreamState]) -> float:
    total = done = 0
    for stream in streams:
        expected = state.totals.get(stream.name, 0)
        total += expected
        done += expected if stream.cursor else min(stream.rows, expected)
    return done / total if total else 0.0
