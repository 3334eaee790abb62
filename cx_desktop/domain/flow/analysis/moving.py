"""Where an abstract call can go from where it is: the moves of its step, and where they land."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.domain.flow.analysis.living import living
from cx_desktop.domain.flow.analysis.places import (
    UNKNOWN,
    Followed,
    Known,
    Place,
    Waiting,
    assigned,
    decided,
    decision_of,
    followed_in,
    formula,
    with_value,
)
from cx_desktop.domain.flow.behaviour import (
    NEEDING_CALLER,
    By,
    Chosen,
    End,
    HangUp,
    Landing,
    Move,
    Reached,
    Setting,
    Step,
    failed,
    how_it_ended,
    hung_up,
    landing,
    moves_of,
    setting_of,
    too_long,
)
from cx_desktop.domain.flow.behaviour.data import assignments
from cx_desktop.domain.flow.behaviour.transfer import inputs
from cx_desktop.domain.flow.graph import Flow, NodeId

#: Flows are nested no deeper.
DEEPEST = 10


class Passage(Struct, frozen=True, gc=False):
    """One way on: by a move, to a place or to the end of the call."""

    move: Move
    place: Place | None
    end: End | None
    back: Move | None = None
    """The move by which a calling flow goes on, where a sub-flow has returned."""


class Spot(NamedTuple):
    """A node as calls meet it."""

    step: Step
    ways: tuple[tuple[Move, Landing], ...]
    """Each way to leave it, and where that leads."""
    decision: Chosen | None
    can_hang_up: bool
    """Whether the caller hangs up by a way of its own."""


class Ground:
    """The flows that calls go through, with what is asked of them again and again."""

    def __init__(
        self, flows: Mapping[str, Flow], lengths: Mapping[str, float], given: frozenset[str]
    ) -> None:
        self.flows = flows
        self._settings: dict[str, Setting] = {
            name: setting_of(flow, lengths) for name, flow in flows.items()
        }
        self._spots: dict[tuple[str, NodeId], Spot] = {}
        decided_at = ("switch", "loop")
        moves = (
            move
            for name, flow in flows.items()
            for node in flow.nodes.values()
            if node.kind in decided_at
            for move, _ in self.at(name, node.id).ways
        )
        self.followed: Followed = followed_in(flows, moves, given)
        self._living = living(flows, self.followed.names, self._ways_at)
        self._hung_up = {name: hung_up(flow) for name, flow in flows.items()}
        self._too_long = {name: too_long(flow) for name, flow in flows.items()}

    def at(self, flow: str, node: NodeId) -> Spot:
        """A node with all its moves."""
        known = self._spots.get((flow, node))
        if known is None:
            there = self.flows[flow]
            step = Step(there.nodes[node], self._settings[flow])
            moves = moves_of(step)
            ways = tuple((move, landing(there, node, move)) for move in moves)
            known = Spot(step, ways, decision_of(moves), any(map(is_hang_up, moves)))
            self._spots[flow, node] = known
        return known

    def _ways_at(self, flow: str, node: NodeId) -> tuple[Step, tuple[tuple[Move, Landing], ...]]:
        spot = self.at(flow, node)
        return spot.step, spot.ways

    def onward(self, place: Place) -> Iterator[Passage]:
        """Every way a call can go on from a place."""
        spot = self.at(place.flow, place.node)
        if spot.step.kind.id == "subflow" and spot.step.text("flow") in self.flows:
            yield from self._into_subflow(place, spot)
        else:
            index = decided(self.followed, place, spot.decision)
            for move, to in spot.ways:
                is_open = not index or move.when is None or move.when.index == index[0]
                if is_open and not (place.is_alone and is_hang_up(move)):
                    yield self._by(place, move, to)
        yield from self._cut_short(place, spot)

    def _cut_short(self, place: Place, spot: Spot) -> Iterator[Passage]:
        """What can happen at any step: the caller hangs up, or the call has lasted too long."""
        if not place.is_alone and not spot.can_hang_up:
            to = self._hung_up[place.flow]
            if to.node is None:
                yield _GONE[place.reached]
            else:
                alone = replace(place, is_alone=True, is_told=False)
                yield self._landed(alone, HANGS_UP, to)
        if not place.is_overtime:
            to = self._too_long[place.flow]
            if to.node is None:
                yield _OVER
                return
            alive = self._living.at((place.flow, to.node))
            forgotten = tuple((name, UNKNOWN) for name in alive)
            late = replace(place, is_overtime=True, known=forgotten, own=())
            yield self._landed(late, TAKES_TOO_LONG, to)

    def _into_subflow(self, place: Place, spot: Spot) -> Iterator[Passage]:
        """Into the other flow, or on by ``error`` where that cannot be."""
        flow = spot.step.text("flow")
        start = self.flows[flow].start
        if start is None or len(place.frames) >= DEEPEST:
            for move, to in spot.ways:
                if move.exit == "error":
                    yield self._by(place, move, to)
            return
        own: Known = ()
        for each in inputs(spot.step):
            if each.variable in self.followed.names:
                value = formula(self.followed, place, getattr(each.what, "expression", ""))
                own = with_value(own, each.variable, value)
        inside = replace(
            place, frames=(*place.frames, Waiting(place.flow, place.node, place.own)), own=own
        )
        yield Passage(ENTERS, self._come(inside, flow, start), None)

    def _by(self, place: Place, move: Move, to: Landing) -> Passage:
        """One move: what it sets, what the caller has got by it, where it lands."""
        if move.sets:
            place = assigned(self.followed, place, move.sets)
        after = Place(
            place.flow,
            place.node,
            place.frames,
            place.known,
            place.own,
            place.is_told if move.tells is None else move.tells,
            _most(place.reached, move.reached),
            place.is_alone or is_hang_up(move),
            place.is_overtime,
        )
        return self._landed(after, move, to)

    def _landed(self, place: Place, move: Move, to: Landing) -> Passage:
        if to.by is _ON_HANGUP:
            place = replace(place, is_alone=True)
        if to.node is not None:
            return self._arrived(place, move, to.node)
        if to.flow is not None:
            return self._into(place, move, to.flow)
        if to.outcome is not None:
            return self._back(place, move, to.outcome)
        return Passage(move, None, _ended(place, to.end or End.DROPPED))

    def _arrived(self, place: Place, move: Move, node: NodeId) -> Passage:
        """At a step, or at an end: a flow without its caller stops where it would need them."""
        if place.is_alone and self.flows[place.flow].nodes[node].kind in NEEDING_CALLER:
            return Passage(move, None, _ended(place, End.ABANDONED))
        return Passage(move, self._come(place, place.flow, node), None)

    def _come(self, place: Place, flow: str, node: NodeId) -> Place:
        """The place with the call at a node: what can matter no more is not known there."""
        known, own = place.known, place.own
        if known or own:
            spot = (flow, node)
            known, own = self._living.kept(known, spot), self._living.kept(own, spot)
        return Place(
            flow,
            node,
            place.frames,
            known,
            own,
            place.is_told,
            place.reached,
            place.is_alone,
            place.is_overtime,
        )

    def _into(self, place: Place, move: Move, flow: str) -> Passage:
        """For good into another flow; one that nobody has is an error of this one."""
        start = self.flows[flow].start if flow in self.flows else None
        if start is None:
            to = failed(self.flows[place.flow])
            if to.node is None:
                return Passage(move, None, _ended(place, to.end or End.DROPPED))
            return self._arrived(place, move, to.node)
        return self._arrived(replace(place, flow=flow, frames=(), own=()), move, start)

    def _back(self, place: Place, move: Move, outcome: str) -> Passage:
        """Back in the calling flow, by the exit of the outcome."""
        if not place.frames:
            return Passage(move, None, _ended(place, End.HUNG_UP))
        frame = place.frames[-1]
        back = replace(
            place, flow=frame.flow, node=frame.node, frames=place.frames[:-1], own=frame.own
        )
        returning = self.at(place.flow, place.node).step
        for each in assignments(returning, "values"):
            if each.variable in self.followed.names:
                back = replace(back, known=with_value(back.known, each.variable, UNKNOWN))
        spot = self.at(frame.flow, frame.node)
        way = f"case:{outcome}" if outcome else "next"
        wanted = way if spot.step.has(way) else "error"
        by, to = next(each for each in spot.ways if each[0].exit == wanted)
        passage = self._by(back, by, to)
        return Passage(move, passage.place, passage.end, by)


_ON_HANGUP = By.ON_HANGUP


def called_in(flow: Flow) -> Iterator[str]:
    """The flows that a flow leads into."""
    for node in flow.nodes.values():
        target = node.props.get("flow")
        if node.kind in ("subflow", "goto_flow") and isinstance(target, str):
            yield target


def needed(flows: Mapping[str, Flow], flow_id: str) -> dict[str, Flow]:
    """A flow with those it leads into, as far as they are there."""
    found: dict[str, Flow] = {}
    waiting = [flow_id]
    while waiting:
        name = waiting.pop()
        if name in flows and name not in found:
            found[name] = flows[name]
            waiting.extend(called_in(flows[name]))
    return found


def _ended(place: Place, end: End) -> End:
    return how_it_ended(end, reached=place.reached, told=place.is_told)


def _most(one: Reached | None, other: Reached | None) -> Reached | None:
    return one if one is Reached.PERSON or other is None else other


def is_hang_up(move: Move) -> bool:
    """Whether the caller hangs up by a move."""
    return bool(move.stimuli) and isinstance(move.stimuli[-1], HangUp)


#: Going into a sub-flow takes nothing: the step counts when it is left.
ENTERS = Move(exit=None)
#: At a step that does not wait for anything a caller can hang up all the same.
HANGS_UP = Move(exit=None, end=End.ABANDONED, stimuli=(HangUp(),))
TAKES_TOO_LONG = Move(exit=None, end=End.TOO_LONG)
_OVER = Passage(TAKES_TOO_LONG, None, End.TOO_LONG)
_GONE = {
    reached: Passage(HANGS_UP, None, how_it_ended(End.ABANDONED, reached=reached, told=False))
    for reached in (None, *Reached)
}
