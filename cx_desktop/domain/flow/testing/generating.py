"""Few calls that go through every exit: found by the analysis, confirmed by the simulator.

For each way by which calls can go, the farthest first, a call is built as for a witness, and goes
on to its end by the shortest way. What a call goes through is what the simulator says. Of these
calls as few are kept as are needed: each time the one that goes through most of what is missing.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from cx_desktop.domain.flow.analysis.exploration import Exploration, explore
from cx_desktop.domain.flow.analysis.moving import TAKES_TOO_LONG, Passage, is_hang_up
from cx_desktop.domain.flow.analysis.places import Place
from cx_desktop.domain.flow.analysis.witness import Claim, Witness, built
from cx_desktop.domain.flow.simulate import World, advance, begin
from cx_desktop.domain.flow.simulate.events import Said
from cx_desktop.domain.flow.testing.coverage import Exit, gone_through
from cx_desktop.domain.flow.testing.flow_test import (
    Ends,
    Expectation,
    FlowTest,
    ReachesNumber,
    ReachesQueue,
    Says,
    met,
)
from cx_desktop.domain.flow.testing.playing import (
    Beat,
    Played,
    Recorded,
    given_of,
    play,
    recorded,
)
from cx_desktop.domain.flow.testing.running import reached_in

#: For so many ways a call is built even when what it goes through is known from others already:
#: there are more to choose from.
MOST_CHOICE = 60


class Generated(NamedTuple):
    """Calls that together go through as much of a flow as was found."""

    tests: tuple[FlowTest, ...]
    missing: frozenset[Exit]
    """Exits that the analysis holds possible, and to which no call was found."""


class _Candidate(NamedTuple):
    record: Recorded
    played: Played
    exits: frozenset[Exit]


def generate(
    flow_id: str,
    base: World,
    *,
    covered: frozenset[Exit] = frozenset(),
    check: Callable[[], object] = lambda: None,
) -> Generated:
    """The fewest calls found that go through every exit of a flow that is not ``covered`` yet.

    ``base`` is the world around the flow; ``check`` is called now and then and may raise to stop.
    """
    exploration = explore(base.flows, flow_id, lengths=base.lengths)
    wanted = frozenset(each for each in exploration.exits - covered if each[0] == flow_id)
    candidates = tuple(_candidates(exploration, flow_id, base, wanted, check))
    kept = _fewest(candidates, wanted)
    tests = tuple(_test(flow_id, each.record, each.played) for each in kept)
    found = frozenset().union(*(each.exits for each in kept))
    return Generated(tests, wanted - found)


def saved_as_test(flow_id: str, base: World, beats: tuple[Beat, ...], world: World) -> FlowTest:
    """The test that a call played by hand makes: it expects what happened."""
    record = recorded(flow_id, beats, given_of(world, base))
    return _test(flow_id, record, play(flow_id, met(base, record.given), record.script))


def beats_of(shown: Witness) -> tuple[Beat, ...]:
    """The steps of a witness."""
    call, beats = begin(shown.flow, shown.world), list[Beat]()
    for did in shown.script:
        if call.end is not None:
            break
        beats.append(Beat(call, did))
        call = advance(call, did)
    return tuple(beats)


def _candidates(
    exploration: Exploration,
    flow_id: str,
    base: World,
    wanted: frozenset[Exit],
    check: Callable[[], object],
) -> Iterator[_Candidate]:
    onward = _ways_to_end(exploration)
    missing = set(wanted)
    ways = [
        (place, passage)
        for place in reversed(tuple(exploration.passages))
        for passage in exploration.passages[place]
        if not wanted.isdisjoint(_exits(place, passage))
    ]
    for number, (place, passage) in enumerate(ways):
        check()
        if number >= MOST_CHOICE and missing.isdisjoint(_exits(place, passage)):
            continue
        for candidate in _calls(exploration, flow_id, base, (place, passage), onward):
            if not candidate.exits.isdisjoint(_exits(place, passage)):
                missing -= candidate.exits
                yield candidate
                break


def _exits(place: Place, passage: Passage) -> frozenset[Exit]:
    exits = set()
    if passage.move.exit is not None:
        exits.add((place.flow, place.node, passage.move.exit))
    if passage.back is not None and passage.back.exit is not None and place.frames:
        exits.add((place.frames[-1].flow, place.frames[-1].node, passage.back.exit))
    return frozenset(exits)


def _calls(
    exploration: Exploration,
    flow_id: str,
    base: World,
    last: tuple[Place, Passage],
    onward: Mapping[Place, tuple[Place, Passage]],
) -> Iterator[_Candidate]:
    """Calls that go one way: to their end by a short way, or else by silence."""
    way = (*exploration.way_to(last[0]), last)
    rest = tuple(_rest(last[1].place, onward))
    for each in ((*way, *rest), way) if rest else (way,):
        shown = built(exploration, each, Claim(flow_id))
        if shown is None:
            continue
        given = given_of(shown.world, World(flows={}, started=base.started))
        record = recorded(flow_id, beats_of(shown), given)
        played = play(flow_id, met(base, record.given), record.script)
        yield _Candidate(record, played, gone_through([played.call]).exits)


def _rest(
    place: Place | None, onward: Mapping[Place, tuple[Place, Passage]]
) -> Iterator[tuple[Place, Passage]]:
    while place is not None and place in onward:
        before, passage = onward[place]
        yield before, passage
        place = passage.place


def _ways_to_end(exploration: Exploration) -> Mapping[Place, tuple[Place, Passage]]:
    """The passage by which a call is soonest over, for each place from which it can be."""
    into: dict[Place, list[tuple[Place, Passage]]] = {}
    onward: dict[Place, tuple[Place, Passage]] = {}
    waiting: deque[Place] = deque()
    for place, passages in exploration.passages.items():
        for each in passages:
            if each.place is not None:
                into.setdefault(each.place, []).append((place, each))
            elif place not in onward and not is_cut_short(each):
                onward[place] = (place, each)
                waiting.append(place)
    while waiting:
        for before, passage in into.get(waiting.popleft(), ()):
            if before not in onward:
                onward[before] = (before, passage)
                waiting.append(before)
    return onward


def is_cut_short(passage: Passage) -> bool:
    """Whether a call is over because its caller hangs up or it has lasted too long."""
    return passage.move is TAKES_TOO_LONG or is_hang_up(passage.move)


def _fewest(candidates: tuple[_Candidate, ...], wanted: frozenset[Exit]) -> list[_Candidate]:
    """Greedy set cover; of calls that go through as much, the shortest script."""
    kept: list[_Candidate] = []
    missing = set(wanted)
    left = list(candidates)
    while missing and left:
        best = max(left, key=lambda each: (len(each.exits & missing), -len(each.record.script)))
        if missing.isdisjoint(best.exits):
            break
        kept.append(best)
        missing -= best.exits
        left = [each for each in left if not missing.isdisjoint(each.exits)]
    for each in tuple(kept):
        others: frozenset[Exit] = frozenset().union(*(one.exits for one in kept if one is not each))
        if each.exits & wanted <= others:
            kept.remove(each)
    return kept


def _test(flow_id: str, record: Recorded, played: Played) -> FlowTest:
    return FlowTest(
        given=record.given, script=record.script, expects=tuple(_expected(flow_id, played))
    )


def _expected(flow_id: str, played: Played) -> Iterator[Expectation]:
    """What happened, as far as it is worth expecting again."""
    reached = reached_in(flow_id, played)
    for kind, what in dict.fromkeys(reached):
        if kind is ReachesQueue:
            yield ReachesQueue(what)
        elif kind is ReachesNumber:
            yield ReachesNumber(what)
    said = [each.text for each in played.call.events if isinstance(each, Said) and each.text]
    if said:
        yield Says(said[-1])
    yield Ends(played.call.end)
