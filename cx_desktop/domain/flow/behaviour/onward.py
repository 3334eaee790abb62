"""Where a call goes on: along the link of an exit, or as an unlinked exit and the flow say.

The one place that knows what an exit without a link does, and which steps of a flow take calls
that no link leads on: on an error, when the caller hangs up, at the longest duration, at key 0.
"""

from enum import StrEnum

from msgspec import Struct

from cx_desktop.domain.flow.behaviour.move import End, Move, Reached
from cx_desktop.domain.flow.graph import ExitId, Flow, NodeId
from cx_desktop.domain.flow.kind import Exit, Unlinked
from cx_desktop.domain.flow.kinds import exits_of, kind_of

#: A call that goes through more steps than this without waiting for anything is stopped.
MOST_STEPS = 100
#: Nor does any call go through more than this.
MOST_IN_ALL = 10_000
#: Flows are nested no deeper.
DEEPEST = 10
#: How long a call may go on when its longest duration is over and the flow has a step for that.
GRACE = 300.0


class By(StrEnum):
    """What leads a call on."""

    LINK = "link"
    INSTEAD = "instead"
    """The exit is not linked; the link of another one stands in for it."""
    JUMP = "jump"
    """A step says where, without a link: ``goto_node``, ``goto_flow``, ``return``, key 0."""
    ON_ERROR = "on_error"
    ON_HANGUP = "on_hangup"
    ON_MAX_DURATION = "on_max_duration"
    NOTHING = "nothing"
    """The exit is not linked, and nothing stands in for it: the call ends."""
    ENDING = "ending"
    """The step itself ends the call."""


class Landing(Struct, frozen=True):
    """Where a call comes to: a step of this flow, another flow, the calling flow, or its end."""

    by: By
    node: NodeId | None = None
    flow: str | None = None
    """The other flow, which begins at its start."""
    outcome: str | None = None
    """The outcome given back to the calling flow."""
    end: End | None = None


def onward(flow: Flow, node_id: NodeId, way: ExitId, reached: Reached | None = None) -> Landing:
    """Where a call goes on that leaves a step by an exit. ``reached`` is what it got thereby.

    An unlinked exit that hangs up drops the call, unless the caller has got what they came for. A
    link to a step that is gone is none.
    """
    target = _target(flow, node_id, way)
    if target is not None:
        return Landing(By.LINK, target)
    node = flow.nodes.get(node_id)
    declared = next((each for each in exits_of(node) if each.id == way), None) if node else None
    if node is not None and declared is not None:
        if declared.unlinked is Unlinked.NEXT:
            return _instead(flow, node_id, declared, kind_of(node).main_exit)
        if declared.unlinked is Unlinked.ERROR:
            return failed(flow)
    if way == "hangup":
        return hung_up(flow)
    return Landing(By.NOTHING, end=_END_OF[reached] if reached else End.DROPPED)


def landing(flow: Flow, node_id: NodeId, move: Move) -> Landing:
    """Where a call goes on that leaves a step by a move."""
    if move.jump is not None:
        is_there = move.jump in flow.nodes
        return Landing(By.JUMP, move.jump) if is_there else failed(flow)
    if move.flow is not None:
        return Landing(By.JUMP, flow=move.flow)
    if move.outcome is not None:
        return Landing(By.JUMP, outcome=move.outcome)
    if move.end is End.ABANDONED:
        return hung_up(flow)
    if move.exit is None:
        return Landing(By.ENDING, end=move.end or End.DROPPED)
    return onward(flow, node_id, move.exit, move.reached)


def failed(flow: Flow) -> Landing:
    """Where a call goes on at an error that no link takes."""
    return _handled(flow, By.ON_ERROR) or Landing(By.NOTHING, end=End.DROPPED)


def hung_up(flow: Flow) -> Landing:
    """Where the flow goes on when the caller has hung up: without the caller."""
    return _handled(flow, By.ON_HANGUP) or Landing(By.ENDING, end=End.ABANDONED)


def too_long(flow: Flow) -> Landing:
    """Where a call goes on whose longest duration is over."""
    return _handled(flow, By.ON_MAX_DURATION) or Landing(By.ENDING, end=End.TOO_LONG)


_END_OF = {
    Reached.PERSON: End.PERSON,
    Reached.MESSAGE: End.MESSAGE,
    Reached.CALLBACK: End.MESSAGE,
}


def _instead(flow: Flow, node_id: NodeId, declared: Exit, main: ExitId | None) -> Landing:
    """The exit that stands in: if that is not linked either, the call ends."""
    other = declared.instead or main
    target = _target(flow, node_id, other) if other else None
    return Landing(By.INSTEAD, target) if target else Landing(By.NOTHING, end=End.DROPPED)


def _handled(flow: Flow, by: By) -> Landing | None:
    node = flow.meta.get(by.value)
    return Landing(by, NodeId(node)) if isinstance(node, str) and node in flow.nodes else None


def _target(flow: Flow, node_id: NodeId, way: ExitId) -> NodeId | None:
    target = flow.target(node_id, way)
    return target if target in flow.nodes else None
