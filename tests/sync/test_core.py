"""The engine's thinking alone: no network, no cache, no clock, no thread."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Limits, Problem, StreamFacts, Welcome
from cx_desktop.sync import core, events
from cx_desktop.sync.core import step
from cx_desktop.sync.events import Effect, Event, Kind, Phase, State

AWAY = CXError("problem.unreachable", retryable=True)


def welcome(epoch: str = "e1", high_seq: int = 10) -> Welcome:
    return Welcome(
        epoch=epoch,
        schema=1,
        server_time=datetime(2026, 11, 16, tzinfo=UTC),
        high_seq=high_seq,
        durable_seq=0,
        tombstone_floor_seq=0,
        lease="",
        limits=Limits(page_max=1000, op_max=8, batch_bytes=1000),
        streams=(StreamFacts("projects", 1, "a1"), StreamFacts("flows", 6, "a1")),
    )


def known(high_seq: int = 10, access: str = "a1") -> tuple[events.Known, ...]:
    return tuple(events.Known(name, True, high_seq, access) for name in ("projects", "flows"))


FRESH = tuple(events.Known(name, False, 0, "") for name in ("projects", "flows"))


@dataclass
class Mind:
    """A state, told one event after another."""

    state: State
    now: float = 0.0

    def told(self, event: Event) -> tuple[Effect, ...]:
        self.state, effects = step(self.state, event)
        return effects

    def woken(self, *, is_urgent: bool = False) -> tuple[Effect, ...]:
        return self.told(events.Woken(self.now, is_urgent))

    def failed(
        self, kind: Kind = Kind.AWAY, *, stream: str = "", retry_after: float = 0.0
    ) -> tuple[Effect, ...]:
        return self.told(
            events.Failed(self.now, 0.5, kind, AWAY, stream=stream, retry_after=retry_after)
        )

    def sent(self, *ops: str, waiting: tuple[str, ...] = ()) -> tuple[Effect, ...]:
        return self.told(events.Sent(self.now, 0.5, ops=ops, waiting=waiting, high_seq=10))


@pytest.fixture
def mind() -> Mind:
    return Mind(State(epoch="e1"))


def _in_push(mind: Mind, streams: tuple[events.Known, ...] = known()) -> tuple[Effect, ...]:
    assert mind.woken() == (events.SayHello(),)
    return mind.told(events.Welcomed(mind.now, welcome(), streams))


def test_a_cycle_says_hello_pushes_pulls_and_rests(mind: Mind) -> None:
    assert _in_push(mind, known(4)) == (events.PushBatch(8, 1000, frozenset()),)
    assert mind.sent() == (events.PullPage("projects", 1000, 10),)
    assert mind.told(events.Pulled(0, "projects", 10)) == (events.PullPage("flows", 1000, 10),)
    assert mind.told(events.Pulled(0, "flows", 8, has_more=True)) == (
        events.PullPage("flows", 1000, 10),
    )
    assert mind.told(events.Pulled(0, "flows", 10)) == (events.Complete(),)
    assert (mind.state.phase, mind.state.busy) == (Phase.IDLE, False)


def test_nothing_is_pulled_when_nothing_moved(mind: Mind) -> None:
    _in_push(mind)
    assert mind.sent() == (events.Complete(),)


def test_after_a_push_our_own_changes_are_pulled_and_then_the_rest_is_pushed(mind: Mind) -> None:
    _in_push(mind, known(9))
    assert mind.sent("op1") == (events.PullPage("projects", 1000, 10),)
    mind.told(events.Pulled(0, "projects", 10))
    assert mind.told(events.Pulled(0, "flows", 10)) == (events.PushBatch(8, 1000, frozenset()),)
    assert mind.sent() == (events.Complete(),)


def test_a_first_sync_takes_snapshots_and_then_what_moved_meanwhile(mind: Mind) -> None:
    _in_push(mind, FRESH)
    assert mind.sent() == (events.PullSnapshot("projects"),)
    effects = mind.told(events.Pulled(0, "projects", 7, is_snapshot=True))
    assert effects == (events.PullPage("projects", 1000, 10),)
    effects = mind.told(events.Pulled(0, "projects", 10))
    assert effects == (events.Confirm("projects", "a1"), events.PullSnapshot("flows"))


def test_what_one_may_see_has_changed_so_the_stream_is_asked(mind: Mind) -> None:
    _in_push(mind, known(10, "a0"))
    assert mind.sent() == (events.PullPage("projects", 1000, 10),)


def test_a_new_epoch_is_adopted_before_anything_is_sent(mind: Mind) -> None:
    mind.woken()
    effects = mind.told(events.Welcomed(0, welcome("e2"), known()))
    assert effects == (events.Adopt("e2"),)
    assert mind.told(events.Adopted(0, FRESH)) == (events.PushBatch(8, 1000, frozenset()),)
    assert mind.sent() == (events.PullSnapshot("projects"),)


def test_pauses_double_are_jittered_and_end_at_five_minutes(mind: Mind) -> None:
    pauses = []
    for _ in range(12):
        mind.woken()
        mind.failed()
        pauses.append(mind.state.wake_at - mind.now)
        mind.now = mind.state.wake_at
    assert pauses[:4] == [1, 2, 4, 8]
    assert max(pauses) == 150
    assert mind.state.phase is Phase.OFFLINE


@given(st.integers(0, 100), st.floats(0, 1, exclude_max=True))
def test_a_pause_is_never_longer_than_its_bound(failures: int, chance: float) -> None:
    assert 0 <= core.pause(failures, chance) <= min(300, 2.0 ** min(failures, 16))


def test_edits_do_not_hammer_a_service_that_is_away_but_a_person_may(mind: Mind) -> None:
    mind.woken()
    mind.failed(retry_after=100)
    assert mind.state.wake_at == 100
    mind.now = 99
    assert mind.woken() == ()
    assert mind.woken(is_urgent=True) == (events.SayHello(),)


def test_an_edit_during_a_cycle_starts_another_one(mind: Mind) -> None:
    _in_push(mind)
    assert mind.woken() == ()
    assert mind.sent() == (events.Complete(), events.SayHello())


def test_an_expired_cursor_starts_that_stream_anew(mind: Mind) -> None:
    _in_push(mind, known(4))
    mind.sent()
    assert mind.failed(Kind.CURSOR, stream="projects") == (events.Expire("projects"),)
    assert mind.told(events.Expired(0, "projects")) == (events.PullSnapshot("projects"),)
    mind.told(events.Pulled(0, "projects", 10, is_snapshot=True))
    assert mind.state.strikes == {}


def test_a_stream_that_always_expires_is_left_alone_and_reported(mind: Mind) -> None:
    _in_push(mind, known(4))
    mind.sent()
    for _ in range(2):
        assert mind.failed(Kind.CURSOR, stream="projects") == (events.Expire("projects"),)
        mind.told(events.Expired(0, "projects"))
    assert mind.failed(Kind.CURSOR, stream="projects") == (events.PullPage("flows", 1000, 10),)
    assert mind.told(events.Pulled(0, "flows", 10)) == ()
    assert mind.state.problem is not None
    assert mind.state.problem.key == "problem.sync-stuck"
    mind.now = 60
    mind.woken()
    mind.told(events.Welcomed(60, welcome(), known(4)))
    assert mind.sent() == (events.PullPage("flows", 1000, 10),)


def test_a_service_that_always_changes_epoch_is_asked_three_times_and_then_rested(
    mind: Mind,
) -> None:
    _in_push(mind)
    assert mind.failed(Kind.EPOCH) == (events.SayHello(),)
    mind.told(events.Welcomed(0, welcome(), known()))
    assert mind.failed(Kind.EPOCH) == (events.SayHello(),)
    mind.told(events.Welcomed(0, welcome(), known()))
    assert mind.failed(Kind.EPOCH) == ()
    assert not mind.state.busy


def test_a_refused_batch_is_halved_until_the_one_bad_op_is_found(mind: Mind) -> None:
    _in_push(mind)
    limits = []
    while True:
        (effect,) = mind.failed(Kind.BATCH)
        if not isinstance(effect, events.PushBatch):
            break
        limits.append(effect.limit)
    assert limits == [4, 2, 1]
    assert effect == events.Refuse(None)
    mind.sent("bad")
    assert mind.state.batch == 2


def test_an_op_that_has_to_wait_waits_longer_each_time_and_holds_up_nothing(mind: Mind) -> None:
    _in_push(mind)
    mind.sent("slow", "quick", waiting=("slow",))
    assert mind.state.later == {"slow": events.Later(1, 1.0)}
    (effect,) = _again(mind)
    assert effect == events.PushBatch(8, 1000, frozenset({"slow"}))
    mind.sent()
    assert mind.state.wake_at == 1.0
    mind.now = 1.0
    (effect,) = _again(mind)
    assert effect == events.PushBatch(8, 1000, frozenset())
    mind.sent("slow", waiting=("slow",))
    assert mind.state.later["slow"].attempts == 2


def _again(mind: Mind) -> tuple[Effect, ...]:
    """Through the pulls, if there are any, to the next push."""
    if not mind.state.busy:
        mind.woken(is_urgent=True)
        return mind.told(events.Welcomed(mind.now, welcome(), known()))
    return (events.PushBatch(8, 1000, frozenset(mind.state.later)),)


def test_a_session_that_has_ended_stops_sync_and_says_so(mind: Mind) -> None:
    mind.woken()
    assert mind.failed(Kind.ENDED) == ()
    assert mind.state.phase is Phase.STOPPED
    assert mind.state.wake_at == 300


def test_problems_are_forgotten_when_a_cycle_went_well(mind: Mind) -> None:
    mind.woken()
    mind.failed()
    mind.now = 500
    _in_push(mind)
    mind.sent()
    assert (mind.state.problem, mind.state.failures) == (None, 0)


def test_refusing_keeps_the_service_s_own_words() -> None:
    problem = Problem("x/malformed", "malformed", 400)
    assert events.Refuse(problem).problem == problem
