"""Where an abstract call can go from where it is: the moves of its step, and where they land."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cx_desktop.domain.flow.analysis.places import (
    UNKNOWN,
    Followed,
    Known,
    Place,
    Waiting,
    assigned,
    followed_in,
    formula,
    possible,
    with_value,
)
from cx_desktop.domain.flow.behaviour import (
    NEEDING_CALLER,
    By,
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
from cx_desktop.domain.flow.variables import read_by

#: Flows are nested no deeper.
DEEPEST = 10


class Passage(NamedTuple):
    """One way on: by a move, to a place or to the end of the call."""

    move: Move
    place: Place | None
    end: End | None
    back: Move | None = None
    """The move by which a calling flow goes on, where a sub-flow has returned."""


class Ground:
    """The flows that calls go through, with what is asked of them again and again."""

    def __init__(
        self, flows: Mapping[str, Flow], lengths: Mapping[str, float], given: frozenset[str]
    ) -> None:
        self.flows = flows
        self._settings: dict[str, Setting] = {
            name: setting_of(flow, lengths) for name, flow in flows.items()
        }
        self._steps: dict[tuple[str, NodeId], tuple[Step, tuple[Move, ...]]] = {}
        decided = ("switch", "loop")
        moves = (
            move
            for name, flow in flows.items()
            for node in flow.nodes.values()
            if node.kind in decided
            for move in self.at(name, node.id)[1]
        )
        self.followed: Followed = followed_in(flows, moves, given)
        self._read = {name: self._read_from(name) for name in flows}

    def _read_from(self, flow: str) -> frozenset[str]:
        """The variables that are read, or counted, in a flow and in those it leads into."""
        return frozenset(
            name
            for each in needed(self.flows, flow).values()
            for node in each.nodes.values()
            for name in (
                *(read.name for read in read_by(node)),
                *((str(node.props.get("counter", "")),) if node.kind == "loop" else ()),
            )
        )

    def at(self, flow: str, node: NodeId) -> tuple[Step, tuple[Move, ...]]:
        """A step with all its moves."""
        known = self._steps.get((flow, node))
        if known is None:
            step = Step(self.flows[flow].nodes[node], self._settings[flow])
            known = self._steps[flow, node] = (step, moves_of(step))
        return known

    def onward(self, place: Place) -> Iterator[Passage]:
        """Every way a call can go on from a place."""
        step, moves = self.at(place.flow, place.node)
        if step.kind.id == "subflow" and step.text("flow") in self.flows:
            yield from self._into_subflow(place, step, moves)
        else:
            for move in possible(self.followed, place, moves):
                if not (place.is_alone and is_hang_up(move)):
                    yield self._by(place, move)
        yield from self._cut_short(place, moves)

    def _cut_short(self, place: Place, moves: tuple[Move, ...]) -> Iterator[Passage]:
        """What can happen at any step: the caller hangs up, or the call has lasted too long."""
        flow = self.flows[place.flow]
        if not place.is_alone and not any(is_hang_up(each) for each in moves):
            alone = place._replace(is_alone=True, is_told=False)
            yield self._landed(alone, HANGS_UP, hung_up(flow))
        if not place.is_overtime:
            late = place._replace(is_overtime=True, known=self.followed.forgotten, own=())
            yield self._landed(late, TAKES_TOO_LONG, too_long(flow))

    def _into_subflow(self, place: Place, step: Step, moves: tuple[Move, ...]) -> Iterator[Passage]:
        """Into the other flow, or on by ``error`` where that cannot be."""
        start = self.flows[step.text("flow")].start
        if start is None or len(place.frames) >= DEEPEST:
            for move in moves:
                if move.exit == "error":
                    yield self._by(place, move)
            return
        own: Known = ()
        for each in inputs(step):
            if each.variable in self.followed.names:
                value = formula(self.followed, place, getattr(each.what, "expression", ""))
                own = with_value(own, each.variable, value)
        inside = place._replace(
            flow=step.text("flow"),
            node=start,
            frames=(*place.frames, Waiting(place.flow, place.node, place.own)),
            own=own,
        )
        yield Passage(ENTERS, inside, None)

    def _by(self, place: Place, move: Move) -> Passage:
        """One move: what it sets, what the caller has got by it, where it lands."""
        after = assigned(self.followed, place, move.sets)._replace(
            reached=_most(place.reached, move.reached),
            is_told=place.is_told if move.tells is None else move.tells,
            is_alone=place.is_alone or is_hang_up(move),
        )
        return self._landed(after, move, landing(self.flows[place.flow], place.node, move))

    def _landed(self, place: Place, move: Move, to: Landing) -> Passage:
        if to.by is By.ON_HANGUP:
            place = place._replace(is_alone=True)
        if to.node is not None:
            return self._arrived(place._replace(node=to.node), move)
        if to.flow is not None:
            return self._into(place, move, to.flow)
        if to.outcome is not None:
            return self._back(place, move, to.outcome)
        return Passage(move, None, _ended(place, to.end or End.DROPPED))

    def _arrived(self, place: Place, move: Move) -> Passage:
        """At a step, or at an end: a flow without its caller stops where it would need them."""
        kind = self.flows[place.flow].nodes[place.node].kind
        if place.is_alone and kind in NEEDING_CALLER:
            return Passage(move, None, _ended(place, End.ABANDONED))
        return Passage(move, place, None)

    def _into(self, place: Place, move: Move, flow: str) -> Passage:
        """For good into another flow; one that nobody has is an error of this one."""
        start = self.flows[flow].start if flow in self.flows else None
        if start is None:
            to = failed(self.flows[place.flow])
            return (
                Passage(move, None, _ended(place, to.end or End.DROPPED))
                if to.node is None
                else self._arrived(place._replace(node=to.node), move)
            )
        known = tuple(each for each in place.known if each[0] in self._read[flow])
        return self._arrived(
            place._replace(flow=flow, node=start, frames=(), known=known, own=()), move
        )

    def _back(self, place: Place, move: Move, outcome: str) -> Passage:
        """Back in the calling flow, by the exit of the outcome."""
        if not place.frames:
            return Passage(move, None, _ended(place, End.HUNG_UP))
        frame = place.frames[-1]
        back = place._replace(
            flow=frame.flow, node=frame.node, frames=place.frames[:-1], own=frame.own
        )
        returning = self.at(place.flow, place.node)[0]
        for each in assignments(returning, "values"):
            if each.variable in self.followed.names:
                back = back._replace(known=with_value(back.known, each.variable, UNKNOWN))
        step, moves = self.at(frame.flow, frame.node)
        way = f"case:{outcome}" if outcome else "next"
        wanted = way if step.has(way) else "error"
        by = next(each for each in moves if each.exit == wanted)
        passage = self._by(back, by)
        return Passage(move, passage.place, passage.end, by)


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
