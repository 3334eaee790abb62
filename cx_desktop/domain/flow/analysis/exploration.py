"""Every call that can be: all places an abstract call can come to, and all ways between them."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from msgspec.structs import replace

from cx_desktop.domain.flow.analysis.moving import Ground, Passage, needed
from cx_desktop.domain.flow.analysis.places import Known, Place, Waiting, joined
from cx_desktop.domain.flow.behaviour import End
from cx_desktop.domain.flow.graph import ExitId, Flow, NodeId

#: With how many different values of variables a node is looked at before those that differ are
#: forgotten there: as many as a flow of this size can afford.
MOST_VALUES = 40
FEWEST_VALUES = 4
_VALUES_IN_ALL = 4_000

#: Where a call is, but for what it knows and has got.
Bare: TypeAlias = tuple[str, NodeId, tuple[Waiting, ...]]

#: How many places are looked at; a flow of 10,000 nodes has some more than 10,000.
MOST_PLACES = 200_000


class Exploration(NamedTuple):
    """What a call that comes into a flow can do."""

    ground: Ground
    start: Place | None
    passages: Mapping[Place, tuple[Passage, ...]]
    """Where calls can go from each place they can come to, in the order they were found."""
    came: Mapping[Place, Place]
    """From which place each one was first come to: the fewest steps."""
    is_complete: bool
    """Whether every place was looked at."""
    is_exact: bool
    """Whether no value had to be forgotten: else some ways may be ones that no call takes."""

    @property
    def nodes(self) -> frozenset[tuple[str, NodeId]]:
        """The nodes that calls can come to, with their flows."""
        return frozenset((each.flow, each.node) for each in self.passages)

    @property
    def exits(self) -> frozenset[tuple[str, NodeId, ExitId]]:
        """The exits that calls can take."""
        taken: set[tuple[str, NodeId, ExitId]] = set()
        for place, passages in self.passages.items():
            for each in passages:
                if each.move.exit is not None:
                    taken.add((place.flow, place.node, each.move.exit))
                if each.back is not None and each.back.exit is not None:
                    frame = place.frames[-1]
                    taken.add((frame.flow, frame.node, each.back.exit))
        return frozenset(taken)

    @property
    def ends(self) -> frozenset[End]:
        """The ways in which calls can end."""
        return frozenset(
            passage.end
            for passages in self.passages.values()
            for passage in passages
            if passage.end is not None
        )

    def way_to(self, place: Place) -> tuple[tuple[Place, Passage], ...]:
        """A shortest way to a place, passage by passage."""
        way: list[tuple[Place, Passage]] = []
        while place in self.came:
            before = self.came[place]
            way.append(
                (before, next(each for each in self.passages[before] if each.place == place))
            )
            place = before
        return tuple(reversed(way))


def explore(
    flows: Mapping[str, Flow],
    flow_id: str,
    *,
    lengths: Mapping[str, float] | None = None,
    given: frozenset[str] = frozenset(),
) -> Exploration:
    """Walk every way a call can go that comes into a flow.

    ``flows`` are the flow and those it leads into, by id; ``lengths`` the seconds of recordings;
    ``given`` the variables that a call may bring along. Without values the work grows with the
    number of nodes alone: after some of them a node is looked at once for all others.
    """
    ground = Ground(needed(flows, flow_id), lengths or {}, given)
    first = ground.flows[flow_id].start
    if first is None:
        return Exploration(ground, None, {}, {}, is_complete=True, is_exact=True)
    start = Place(flow_id, first)
    return _Walk(ground).walked(start)


class _Walk:
    """One walk, the nearest places first."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._passages: dict[Place, tuple[Passage, ...]] = {}
        self._came: dict[Place, Place] = {}
        self._values: dict[Bare, set[tuple[Known, Known]]] = {}
        self._joined: dict[Bare, tuple[Known, Known]] = {}
        self._is_exact = True
        nodes = sum(len(flow.nodes) for flow in ground.flows.values())
        self._most = min(MOST_VALUES, max(FEWEST_VALUES, _VALUES_IN_ALL // max(nodes, 1)))

    def walked(self, start: Place) -> Exploration:
        """The exploration from a place."""
        waiting = deque([start])
        came = self._came
        while waiting and len(self._passages) < MOST_PLACES:
            place = waiting.popleft()
            passages = tuple(self._limited(each) for each in self._ground.onward(place))
            self._passages[place] = passages
            for each in passages:
                if each.place is not None and each.place not in came and each.place != start:
                    self._came[each.place] = place
                    waiting.append(each.place)
        return Exploration(
            self._ground,
            start,
            self._passages,
            self._came,
            is_complete=not waiting,
            is_exact=self._is_exact,
        )

    def _limited(self, passage: Passage) -> Passage:
        """A passage to a place; where it is come to with too many values, they are forgotten."""
        place = passage.place
        if place is None or not (place.known or place.own):
            return passage
        bare = (place.flow, place.node, place.frames)
        values = self._values.setdefault(bare, set())
        if len(values) < self._most or (place.known, place.own) in values:
            values.add((place.known, place.own))
            return passage
        self._is_exact = False
        known, own = self._joined.get(bare) or next(iter(values))
        for others in ((place.known, place.own), *(() if bare in self._joined else values)):
            known, own = joined(known, others[0]), joined(own, others[1])
        self._joined[bare] = known, own
        return replace(passage, place=replace(place, known=known, own=own))


def unlike(exploration: Exploration, ends: frozenset[End]) -> Iterator[tuple[Place, Passage]]:
    """The passages by which calls end in one of these ways, the nearest first."""
    for place, passages in exploration.passages.items():
        for passage in passages:
            if passage.end in ends:
                yield place, passage
