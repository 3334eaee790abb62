"""Playing the script of a test, and making a script of what was played by hand."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour import Outcome, Silence, Stimulus
from cx_desktop.domain.flow.expressions import as_text
from cx_desktop.domain.flow.simulate import Call, QueueState, World, advance, begin, waits
from cx_desktop.domain.flow.simulate.events import Did
from cx_desktop.domain.flow.testing.flow_test import Act, Given, met, place_of

#: No call of a test takes more steps; one that would is over at its longest duration before.
MOST_BEATS = 3_000


#: Kinds of node where the world answers by itself, whether it is asked or not.
_ANSWERED = frozenset(
    {
        "schedule",
        "lookup",
        "transfer_queue",
        "transfer_number",
        "random",
        "repeat_caller",
        "send_sms",
        "send_email",
    }
)


class Beat(NamedTuple):
    """One step of a call: the call before it, and what happened."""

    call: Call
    did: Stimulus | None


class Played(NamedTuple):
    """A call as it was played, to its end or as far as it was."""

    beats: tuple[Beat, ...]
    call: Call
    left_over: int = 0
    """How many acts never had their turn."""

    @property
    def calls(self) -> tuple[Call, ...]:
        """The call at each moment."""
        return (*(each.call for each in self.beats), self.call)


def play(flow_id: str, world: World, script: Sequence[Act]) -> Played:
    """Play a call to its end: each act in its turn, and silence where no act is due."""
    call, turn = begin(flow_id, world), 0
    beats: list[Beat] = []
    while call.end is None and len(beats) < MOST_BEATS:
        did: Stimulus | None = None
        if turn < len(script) and is_due(flow_id, call, script[turn]):
            did = script[turn].do
            turn += 1
        beats.append(Beat(call, did))
        call = advance(call, did)
    return Played(tuple(beats), call, len(script) - turn)


def is_due(flow_id: str, call: Call, act: Act) -> bool:
    """Whether it is the turn of an act."""
    if not act.at:
        return waits(call)
    return act.at in (f"{call.flow}/{call.node}", place_of(flow_id, call.flow, call.node))


class Recorded(NamedTuple):
    """What makes a call happen again."""

    given: Given
    script: tuple[Act, ...]


def recorded(flow_id: str, beats: Sequence[Beat], given: Given) -> Recorded:
    """The script of a call that was played by hand, or by a witness, in a world that was given.

    What the caller does stands in the script by turns, so that it still fits when a message is put
    in between. What the world did at a node is given once, where it always did the same.
    """
    steady = _steady(flow_id, beats)
    told = replace(given, outcomes={**given.outcomes, **steady})
    acts: list[Act] = []
    after: dict[str, int] = {}  # how many times from here on something happens at a place
    for index in range(len(beats) - 1, -1, -1):
        call, did = beats[index]
        place = place_of(flow_id, call.flow, call.node)
        if place in steady:
            continue
        if waits(call) and not isinstance(did, Outcome):
            acts.append(Act(did if did is not None else Silence()))
        elif did is not None:
            acts.append(Act(did, place))
            after[place] = after.get(place, 0) + 1
        elif after.get(place):
            acts.append(Act(None, place))
    while acts and acts[0] == Act(Silence()):
        acts.pop(0)
    return Recorded(told, tuple(reversed(acts)))


def _steady(flow_id: str, beats: Sequence[Beat]) -> Mapping[str, Outcome]:
    """What the world did by hand at nodes, where it was the same each time."""
    seen: dict[str, set[object]] = {}
    outcomes: dict[str, Outcome] = {}
    afters = (*(each.call for each in beats[1:]), None)
    for (call, did), after in zip(beats, afters, strict=True):
        place = place_of(flow_id, call.flow, call.node)
        is_turn = call.step.kind.id not in _ANSWERED or not _was_taken(call, after)
        seen.setdefault(place, set()).add("turn" if is_turn else repr(did))
        if isinstance(did, Outcome):
            outcomes[place] = did
    return {place: did for place, did in outcomes.items() if seen[place] == {repr(did)}}


def _was_taken(call: Call, after: Call | None) -> bool:
    """Whether what happened meant something to the call."""
    if after is None:
        return False
    return any(isinstance(each, Did) for each in after.events[len(call.events) :])


def given_of(world: World, base: World) -> Given:
    """What tells a world from the one around the flow; functions of time are left to the latter."""
    return Given(
        at=world.started,
        caller=world.caller,
        called=world.called if world.called != base.called else "",
        schedules={
            key: state
            for key, state in world.schedules.items()
            if isinstance(state, str) and base.schedules.get(key) != state
        },
        queues={
            key: _without_hours(each, base.queues.get(key))
            for key, each in world.queues.items()
            if base.queues.get(key) != each
        },
        lookups={key: each for key, each in world.lookups.items() if base.lookups.get(key) != each},
        numbers={key: each for key, each in world.numbers.items() if base.numbers.get(key) != each},
        outcomes={
            key: each for key, each in world.outcomes.items() if base.outcomes.get(key) != each
        },
        variables={
            name: value if isinstance(value, bool) else as_text(value)
            for name, value in world.variables.items()
            if base.variables.get(name) != value
        },
        caller_lists=dict(world.caller_lists),
        came_before=dict(world.came_before),
        seed=world.seed,
        turns=world.turns,
    )


def _without_hours(state: QueueState, usual: QueueState | None) -> QueueState:
    """A state as it is given: opening hours are those of the queue, if they are."""
    is_usual = usual is not None and usual.hours == state.hours
    return replace(state, hours="") if is_usual else state


def replayed(flow_id: str, base: World, record: Recorded) -> Played:
    """A record played in the world around the flow."""
    return play(flow_id, met(base, record.given), record.script)
