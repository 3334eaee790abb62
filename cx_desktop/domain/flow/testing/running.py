"""Running tests: what was expected, what happened instead, and at which moment of the call."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct

from cx_desktop.domain.flow.behaviour import End
from cx_desktop.domain.flow.expressions import as_text, value_of
from cx_desktop.domain.flow.expressions.operators import holds
from cx_desktop.domain.flow.graph import Flow, TestId
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.flow.simulate import World
from cx_desktop.domain.flow.simulate.answers import queue_of
from cx_desktop.domain.flow.simulate.events import Entered, Said
from cx_desktop.domain.flow.simulate.scope import number_at
from cx_desktop.domain.flow.testing.flow_test import (
    Ends,
    Expectation,
    FlowTest,
    Holds,
    NeverVisits,
    ReachesNumber,
    ReachesQueue,
    Says,
    Visits,
    met,
    place_of,
    suite_of,
)
from cx_desktop.domain.flow.testing.playing import Played, play

#: What is told of a long list.
MOST_TOLD = 5


class Told(Struct, frozen=True, omit_defaults=True):
    """What happened, in words: ``key`` with ``params``, and ``terms``, params that are keys."""

    key: str
    params: dict[str, str | int] = {}
    terms: dict[str, str] = {}


class Verdict(Struct, frozen=True, omit_defaults=True):
    """What became of one expectation."""

    expectation: Expectation
    is_met: bool
    beat: int
    """At which step of the call it was met, or where it shows that it was not."""
    instead: Told | None = None
    """What happened instead, when it was not met."""


class Result(NamedTuple):
    """What became of a test."""

    test: FlowTest
    played: Played
    verdicts: tuple[Verdict, ...]

    @property
    def left_over(self) -> int:
        """How many acts of the script never had their turn: the call was over before."""
        return self.played.left_over

    @property
    def has_passed(self) -> bool:
        """Whether everything happened as expected."""
        return not self.left_over and all(each.is_met for each in self.verdicts)

    @property
    def beat(self) -> int:
        """The step of the call to look at: the first that was not as expected, else the last."""
        wrong = (each.beat for each in self.verdicts if not each.is_met)
        return next(wrong, len(self.played.beats))


class Ran(NamedTuple):
    """What became of the tests of a flow."""

    results: Mapping[TestId, Result]
    unreadable: tuple[TestId, ...] = ()

    @property
    def failed(self) -> tuple[TestId, ...]:
        """The tests that have not passed."""
        red = (key for key, each in self.results.items() if not each.has_passed)
        return (*red, *self.unreadable)


def run(test: FlowTest, flow_id: str, world: World) -> Result:
    """Play a test in the world around its flow."""
    played = play(flow_id, met(world, test.given), test.script)
    trail = tuple(_trail(flow_id, played))
    verdicts = tuple(_judged(each, played, trail) for each in test.expects)
    return Result(test, played, verdicts)


def run_all(
    flow: Flow, flow_id: str, world: World, check: Callable[[], object] = lambda: None
) -> Ran:
    """Run every test of a flow; ``check`` is called between them and may raise to stop."""
    suite = suite_of(flow)
    results = {}
    for key, test in suite.tests.items():
        check()
        results[key] = run(test, flow_id, world)
    return Ran(results, suite.unreadable)


class _Seen(NamedTuple):
    """Something that happened, in the words of expectations."""

    kind: type[Expectation]
    what: str
    """The node, the queue, the number, the words."""
    at: float
    beat: int
    prompts: tuple[str, ...] = ()


def _trail(flow_id: str, played: Played) -> Iterator[_Seen]:
    """Everything that expectations can be about, in order."""
    done = 0
    for beat, call in enumerate(played.calls):
        for event in call.events[done:]:
            if isinstance(event, Entered):
                place = place_of(flow_id, event.flow, event.node)
                yield _Seen(Visits, place, event.at, beat)
            elif isinstance(event, Said):
                refs = tuple(str(each.get("ref")) for each in rows(event.prompt) if each.get("ref"))
                yield _Seen(Says, event.text, event.at, max(0, beat - 1), refs)
        done = len(call.events)
        if call.end is None:
            yield from _reached(played, beat)


def reached_in(flow_id: str, played: Played) -> tuple[tuple[type[Expectation], str], ...]:
    """The queues and numbers that a call came to, in order, each with its kind of expectation."""
    seen = (each for each in _trail(flow_id, played) if each.kind in (ReachesQueue, ReachesNumber))
    return tuple((each.kind, each.what) for each in seen)


def _reached(played: Played, beat: int) -> Iterator[_Seen]:
    """The queue or the number that a call comes to at the step it is at."""
    call = played.calls[beat]
    kind = call.step.kind.id
    if kind == "transfer_queue":
        yield _Seen(ReachesQueue, queue_of(call, call.step), call.cost.seconds, beat)
    elif kind in ("transfer_number", "outbound_call"):
        number = number_at(call, call.step.text("number"))
        yield _Seen(ReachesNumber, number, call.cost.seconds, beat)


def _judged(expected: Expectation, played: Played, trail: tuple[_Seen, ...]) -> Verdict:
    match expected:
        case Says():
            return _heard(expected, played, trail)
        case ReachesQueue(queue=what, within=within):
            return _came(expected, what, within, trail, _reached_instead("queues", played, trail))
        case ReachesNumber(number=what, within=within):
            return _came(expected, what, within, trail, _reached_instead("numbers", played, trail))
        case Visits(node=what, within=within):
            return _came(expected, what, within, trail, _last_node(played, trail))
        case NeverVisits(node=what):
            return _never(expected, what, played, trail)
        case Holds():
            return _held(expected, played)
        case Ends():
            return _ended(expected, played)


def _came(
    expected: Expectation,
    what: str,
    within: float | None,
    trail: tuple[_Seen, ...],
    instead: Verdict,
) -> Verdict:
    """Whether something was come to, in time."""
    seen = [each for each in trail if each.kind is type(expected) and what in ("", each.what)]
    return _in_time(expected, seen, within, instead)


def _in_time(
    expected: Expectation, seen: list[_Seen], within: float | None, instead: Verdict
) -> Verdict:
    if not seen:
        return Verdict(expected, is_met=False, beat=instead.beat, instead=instead.instead)
    first = seen[0]
    if within is not None and first.at > within:
        late = Told("simulator.instead.late", {"seconds": round(first.at)})
        return Verdict(expected, is_met=False, beat=first.beat, instead=late)
    return Verdict(expected, is_met=True, beat=first.beat)


def _heard(expected: Says, played: Played, trail: tuple[_Seen, ...]) -> Verdict:
    said = [each for each in trail if each.kind is Says]
    wanted = _plain(expected.text)
    seen = [
        each
        for each in said
        if (expected.prompt in each.prompts if expected.prompt else wanted in _plain(each.what))
    ]
    words = [each.what for each in said if each.what]
    told = (
        Told("simulator.instead.said", {"text": " / ".join(words[-MOST_TOLD:])})
        if words
        else Told("simulator.instead.silent")
    )
    last = said[-1].beat if said else len(played.beats)
    return _in_time(expected, seen, expected.within, _not(expected, last, told))


def _plain(text: str) -> str:
    """Words as they are compared: what is said, not how it is written."""
    return " ".join(text.casefold().replace("\u2019", "'").split())


def _not(expected: Expectation, beat: int, instead: Told) -> Verdict:
    return Verdict(expected, is_met=False, beat=beat, instead=instead)


def _reached_instead(name: str, played: Played, trail: tuple[_Seen, ...]) -> Verdict:
    kind = ReachesQueue if name == "queues" else ReachesNumber
    seen = [each for each in trail if each.kind is kind]
    expected = Ends()
    if not seen:
        return _not(expected, len(played.beats), _end_told(played))
    names = ", ".join(dict.fromkeys(each.what for each in seen[-MOST_TOLD:]))
    return _not(expected, seen[-1].beat, Told(f"simulator.instead.{name}", {"names": names}))


def _last_node(played: Played, trail: tuple[_Seen, ...]) -> Verdict:
    last = next((each for each in reversed(trail) if each.kind is Visits), None)
    told = Told("simulator.instead.node", {"node": last.what}) if last else _end_told(played)
    return _not(Ends(), len(played.beats), told)


def _never(expected: NeverVisits, what: str, played: Played, trail: tuple[_Seen, ...]) -> Verdict:
    seen = next((each for each in trail if each.kind is Visits and each.what == what), None)
    if seen is None:
        return Verdict(expected, is_met=True, beat=len(played.beats))
    return _not(expected, seen.beat, Told("simulator.instead.visited", {"seconds": round(seen.at)}))


def _held(expected: Holds, played: Played) -> Verdict:
    values = played.call.variables
    held, last = values.get(expected.variable, ""), len(played.beats)
    if holds("equals", held, value_of(expected.value)):
        return Verdict(expected, is_met=True, beat=last)
    key = "simulator.instead.value" if expected.variable in values else "simulator.instead.unset"
    return _not(expected, last, Told(key, {"value": as_text(held)}))


def _ended(expected: Ends, played: Played) -> Verdict:
    call, last = played.call, len(played.beats)
    if expected.end is not None and call.end is not expected.end:
        return _not(expected, last, _end_told(played))
    if expected.within is not None and call.cost.seconds > expected.within:
        late = Told("simulator.instead.late", {"seconds": round(call.cost.seconds)})
        return _not(expected, last, late)
    return Verdict(expected, is_met=True, beat=last)


def _end_told(played: Played) -> Told:
    end = played.call.end or End.STUCK
    return Told("simulator.instead.ended", terms={"end": f"simulator.end.{end.value}"})
