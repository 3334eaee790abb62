"""How long calls can be, and what they can cost: from the exploration of a flow.

Hang-ups, errors of a step and calls that are cut for their length are left out. A caller can go
round in a flow for as long as keys lead back; such ways are taken as not gone by choice, so that
the longest call is that of somebody who wants to get on.
"""

from collections.abc import Callable, Mapping, Sequence
from heapq import heappop, heappush
from typing import NamedTuple, TypeAlias

from cx_desktop.domain.flow.analysis.circles import circles
from cx_desktop.domain.flow.analysis.exploration import Exploration
from cx_desktop.domain.flow.analysis.moving import TAKES_TOO_LONG, Passage, is_hang_up
from cx_desktop.domain.flow.analysis.pace import SILENT_EXITS
from cx_desktop.domain.flow.analysis.places import Place
from cx_desktop.domain.flow.behaviour import Cost, Digits, End, Key, Move, Reached, Speech

#: Ends in which a caller got somebody, or at least a word.
GOOD = frozenset({End.PERSON, End.GOODBYE, End.MESSAGE, End.REFUSED})

#: How much rarer than others silences, wrong keys and failures are, for the expected time.
RARE = 0.05

Ways: TypeAlias = Mapping[Place, Sequence[Passage]]


class Bounds(NamedTuple):
    """The longest, the shortest and the usual call."""

    longest: Cost | None
    """The most of each part that a call can take; ``None`` when nothing bounds it."""
    soonest: float | None
    """The fewest seconds to a person; ``None`` when nobody is ever reached."""
    expected: float | None
    """The seconds of a usual call: answers equally likely, failures rare."""
    ways: int | None
    """How many ways lead to an end."""
    is_safe: bool
    """Whether every call ends with a person, a message or a goodbye."""


def bounds_of(exploration: Exploration) -> Bounds:
    """The bounds of all calls of an exploration."""
    ways = _forward(_counted(exploration))
    order = _in_order(ways, exploration.start)
    is_bounded = exploration.is_complete and not any(True for _ in circles(ways, _onward(ways)))
    is_safe = all(each.end is None or each.end in GOOD for place in order for each in ways[place])
    if not is_bounded or exploration.start is None:
        soonest = _soonest(ways, exploration.start)
        return Bounds(None, soonest, None, None, is_safe=is_safe and is_bounded)
    longest: dict[Place, Cost] = {}
    expected: dict[Place, float] = {}
    count: dict[Place, int] = {}
    for place in order:
        longest[place] = _longest(ways[place], longest)
        expected[place] = _expected(ways[place], expected)
        count[place] = sum(count.get(each.place, 1) if each.place else 1 for each in ways[place])
    start = exploration.start
    return Bounds(
        longest[start], _soonest(ways, start), expected[start], count[start], is_safe=is_safe
    )


def is_usual(move: Move) -> bool:
    """Whether a move is neither a hang-up nor an error, nor the end of the longest duration."""
    return move.exit != "error" and move is not TAKES_TOO_LONG and not is_hang_up(move)


def _counted(exploration: Exploration) -> dict[Place, tuple[Passage, ...]]:
    return {
        place: tuple(each for each in passages if is_usual(each.move))
        for place, passages in exploration.passages.items()
        if not place.is_alone and not place.is_overtime
    }


def _forward(ways: dict[Place, tuple[Passage, ...]]) -> dict[Place, tuple[Passage, ...]]:
    """The ways without those by which a caller goes back on purpose."""
    number: dict[Place, int] = {}
    for index, circle in enumerate(circles(ways, _onward(ways))):
        number.update(dict.fromkeys(circle, index))
    return {
        place: tuple(
            each
            for each in passages
            if place not in number
            or each.place is None
            or number.get(each.place) != number[place]
            or not _is_answer(each.move)
        )
        for place, passages in ways.items()
    }


def _is_answer(move: Move) -> bool:
    by_caller = bool(move.stimuli) and isinstance(move.stimuli[0], Key | Digits | Speech)
    return by_caller and move.exit not in SILENT_EXITS


def _onward(ways: Ways) -> Callable[[Place], list[Place]]:
    """Where ways lead on to, by place."""

    def onward(place: Place) -> list[Place]:
        targets = (each.place for each in ways[place])
        return [each for each in targets if each is not None and each in ways]

    return onward


def _in_order(ways: Ways, start: Place | None) -> list[Place]:
    """The places a call can come to, each one after all that it leads to."""
    if start is None:
        return []
    order: list[Place] = []
    met = {start}
    walk = [(start, iter(_onward(ways)(start)))]
    while walk:
        place, onward = walk[-1]
        following = next((each for each in onward if each not in met), None)
        if following is None:
            order.append(place)
            walk.pop()
        else:
            met.add(following)
            walk.append((following, iter(_onward(ways)(following))))
    return order


_NOTHING = Cost()


def _longest(passages: Sequence[Passage], longest: Mapping[Place, Cost]) -> Cost:
    totals = [
        each.move.most + (longest.get(each.place, _NOTHING) if each.place else _NOTHING)
        for each in passages
    ] or [_NOTHING]
    return Cost(
        max(each.steps for each in totals),
        max(each.seconds for each in totals),
        max(each.keys for each in totals),
        max(each.sms for each in totals),
        max(each.lookups for each in totals),
    )


def _expected(passages: Sequence[Passage], expected: Mapping[Place, float]) -> float:
    weights = [RARE if _is_rare(each.move) else 1.0 for each in passages]
    total = sum(weights)
    return sum(
        weight
        / total
        * (_middle(each.move) + (expected.get(each.place, 0.0) if each.place else 0.0))
        for weight, each in zip(weights, passages, strict=True)
    )


_FAILING = SILENT_EXITS | {"failed", "http_error", "timeout", "full", "no_agent", "invalid_number"}


def _is_rare(move: Move) -> bool:
    return move.exit in _FAILING


def _middle(move: Move) -> float:
    return (move.least.seconds + move.most.seconds) / 2


def _soonest(ways: Ways, start: Place | None) -> float | None:
    """The fewest seconds to a person."""
    if start is None:
        return None
    waiting = [(0.0, 0, start)]
    best: dict[Place, float] = {start: 0.0}
    count = 0
    found: float | None = None
    while waiting:
        spent, _, place = heappop(waiting)
        if found is not None and spent >= found:
            break
        for each in ways.get(place, ()):
            after = spent + each.move.least.seconds
            if each.move.reached is Reached.PERSON:
                found = after if found is None else min(found, after)
            elif each.place is not None and after < best.get(each.place, _FOREVER):
                best[each.place] = after
                count += 1
                heappush(waiting, (after, count, each.place))
    return found


_FOREVER = float("inf")
