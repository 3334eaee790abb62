"""Which plans decide over one object at the same time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.timed import Span, Timed, TimedObject, TimedState, met_by, span_of, timed_of

START = datetime(2026, 11, 27, 18, tzinfo=UTC)
HOURS = st.integers(0, 50)
SPANS = st.builds(
    lambda objects, begins, lasts: Span(
        frozenset(objects),
        START + timedelta(hours=begins),
        None if lasts is None else START + timedelta(hours=begins + lasts),
    ),
    st.sets(st.sampled_from("abc"), min_size=1),
    HOURS,
    st.none() | st.integers(1, 50),
)


@given(one=SPANS, other=SPANS)
def test_two_plans_meet_when_some_hour_and_some_object_belong_to_both(
    one: Span, other: Span
) -> None:
    last = START + timedelta(hours=200)
    hours = [START + timedelta(minutes=30 * each) for each in range(402)]

    def decides(span: Span, at: datetime) -> bool:
        return span.begins <= at < (span.ends or last + timedelta(days=1))

    both = any(decides(one, at) and decides(other, at) for at in hours)
    assert one.meets(other) == other.meets(one) == bool(both and one.objects & other.objects)


def plan(**more: object) -> Timed:
    objects = (TimedObject(entity="flow", id="a"),)
    return Timed(**({"id": "t", "objects": objects, "at": START} | more))  # type: ignore[arg-type]


def test_what_is_over_decides_nothing() -> None:
    for state in (TimedState.DONE, TimedState.CANCELLED, TimedState.FAILED):
        assert span_of(plan(state=state)) is None
        assert plan(state=state).next_at is None


def test_a_return_alone_is_for_good() -> None:
    back = plan(at=None, returns_at=START)
    assert (back.is_return, back.next_at) == (True, START)
    assert span_of(back) == Span(frozenset("a"), START)


def test_what_is_live_goes_on_deciding_until_it_comes_back() -> None:
    live = plan(state=TimedState.LIVE, returns_at=START + timedelta(days=2), went_live_at=START)
    assert live.next_at == START + timedelta(days=2)
    between = Span(frozenset("a"), START + timedelta(days=1))
    after = Span(frozenset("a"), START + timedelta(days=2))
    assert met_by(between, [live]) == live
    assert met_by(after, [live]) is None
    assert met_by(Span(frozenset("b"), START), [live]) is None


def test_what_a_newer_service_adds_is_let_be() -> None:
    entity = {"type": "timed_publication", "id": "t", "state": "waiting", "tomorrow": 1}
    assert timed_of(entity).id == "t"
