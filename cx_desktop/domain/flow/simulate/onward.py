"""How a simulated call leaves a step, comes to the next one, and ends."""

from collections.abc import Mapping

from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour import (
    DEEPEST,
    GRACE,
    MOST_IN_ALL,
    MOST_STEPS,
    NEEDING_CALLER,
    By,
    Cost,
    End,
    Landing,
    Move,
    Prompt,
    Reached,
    Setting,
    Step,
    failed,
    how_it_ended,
    landing,
    longest_call,
    moves_of,
    says_something,
    setting_of,
    too_long,
)
from cx_desktop.domain.flow.behaviour.data import assignments
from cx_desktop.domain.flow.behaviour.listening import asks_at
from cx_desktop.domain.flow.behaviour.transfer import inputs
from cx_desktop.domain.flow.expressions import BLANK, PlacedError, Value, as_text
from cx_desktop.domain.flow.graph import ExitId, NodeId
from cx_desktop.domain.flow.simulate.call import Call, Frame, Visit
from cx_desktop.domain.flow.simulate.events import Came, Closed, Ended, Entered, Left, Said
from cx_desktop.domain.flow.simulate.scope import (
    assign,
    troubled,
    uttered,
    value_at,
    with_variable,
)
from cx_desktop.domain.flow.simulate.world import Closure, World

ENDLESS = "call.trouble.endless"
STUCK = "call.trouble.stuck"
NO_FLOW = "call.trouble.no-flow"
TOO_DEEP = "call.trouble.too-deep"


def begun(flow_id: str, world: World) -> Call:
    """A call that comes into a flow."""
    flow = world.flows[flow_id]
    start = flow.start
    first = flow.nodes[start] if start is not None else None
    props = Step(first, Setting()).props if first else {}
    call = Call(
        world=world,
        flow=flow_id,
        node=start if start is not None else NodeId(""),
        limit=longest_call(flow),
        settings={
            name: setting_of(each, world.lengths_in(name)) for name, each in world.flows.items()
        },
        variables={
            **world.variables,
            "caller": world.caller,
            "called": world.called,
            "language": str(props.get("spoken_language", "")),
            "channel": str(props.get("channel", "")),
            "call_id": f"call-{world.seed}",
            "queue": BLANK,
            "started": world.instant(0),
        },
    )
    if start is None:
        return finished(call, End.DROPPED)
    closure = world.closure(world.called, world.instant(0))
    return finished(announcing(call, closure), End.HUNG_UP) if closure else arrived(call, start)


def announcing(call: Call, closure: Closure) -> Call:
    """The call after it met an emergency, and its caller was told what there is to tell."""
    call = call.with_event(Closed(at=call.cost.seconds, flow=call.flow, node=call.node))
    words = closure.message.replace("{", "{{").replace("}", "}}")
    prompt: Prompt = [{"type": "text", "text": words}]
    if not says_something(prompt):
        return call
    call = saying(call, call.step, (prompt,))
    return replace(call, is_told=True, cost=call.cost + Cost(seconds=call.step.lasts(prompt)))


def arrived(call: Call, node: NodeId) -> Call:
    """The call at a step: it is entered, and begins to say what it says."""
    call = replace(call, node=node, visit=Visit(began=call.cost.seconds))
    step = call.step
    if call.is_alone and step.kind.id in NEEDING_CALLER:
        return finished(call, End.ABANDONED)
    call = call.with_event(Entered(at=call.cost.seconds, flow=call.flow, node=node))
    if call.restless >= MOST_STEPS:
        return finished(troubled(call, STUCK, {"count": MOST_STEPS}), End.STUCK)
    if call.cost.steps >= MOST_IN_ALL:
        return finished(troubled(call, ENDLESS, {"count": MOST_IN_ALL}), End.STUCK)
    return _opened(replace(call, restless=call.restless + 1), step)


def _opened(call: Call, step: Step) -> Call:
    """Keys typed ahead answer before anything is said, or are forgotten."""
    if call.buffer and step.kind.id in ("menu", "collect"):
        if step.is_on("barge_in") and not step.is_on("flush_buffer"):
            return call
        call = replace(call, buffer="")
    return saying(call, step, _opening(step))


def _opening(step: Step) -> tuple[Prompt, ...]:
    """What is said when nothing interrupts it."""
    asked = asks_at(step, 0)
    if asked is not None:
        return (asked,)
    return max((each.prompts for each in moves_of(step)), key=len, default=())


def saying(call: Call, step: Step, prompts: tuple[Prompt, ...]) -> Call:
    """The call while something begins to be said."""
    for prompt in prompts:
        if says_something(prompt):
            call = call.with_event(
                Said(
                    at=call.cost.seconds,
                    flow=call.flow,
                    node=call.node,
                    prompt=prompt,
                    parts=uttered(call, prompt),
                    language=as_text(call.values.get("language", BLANK)),
                    seconds=step.lasts(prompt),
                )
            )
    return call


def left(
    call: Call, step: Step, move: Move, cost: Cost, given: Mapping[str, Value] | None = None
) -> Call:
    """The call after it has left a step by a move, at this cost."""
    call = replace(call, cost=call.cost + cost + Cost(steps=1))
    call, is_done = assign(call, move.sets, given or {}, is_masked=step.is_on("sensitive"))
    if not is_done:
        move = next((each for each in moves_of(step) if each.exit == "error"), move)
    waited = call.visit.is_heard or call.cost.seconds > call.visit.began
    call = replace(
        call,
        restless=0 if waited else call.restless,
        reached=_most(call.reached, move.reached),
        is_told=call.is_told if move.tells is None else move.tells,
        visits=_counted(call, step),
    )
    return gone(call, landing(call.graph, call.node, move), move.exit)


def gone(call: Call, to: Landing, way: ExitId | None) -> Call:
    """The call where it lands."""
    start = _start_of(call, to.flow) if to.flow is not None else None
    if to.flow is not None and start is None:
        call, to = troubled(call, NO_FLOW, {"flow": to.flow}), failed(call.graph)
    call = call.with_event(
        Left(at=call.cost.seconds, flow=call.flow, node=call.node, exit=way, by=to.by)
    )
    if to.by is By.ON_HANGUP:
        call = replace(call, is_alone=True)
    if to.node is not None:
        return arrived(call, to.node)
    if to.flow is not None and start is not None:
        return _came(replace(call, flow=to.flow, frames=(), own={}), start)
    if to.outcome is not None:
        return _back(call, to.outcome)
    return finished(call, to.end or End.DROPPED)


def _start_of(call: Call, flow: str) -> NodeId | None:
    """Where a call comes into a flow; ``None`` when there is no such flow, or it has no start."""
    return call.world.flows[flow].start if flow in call.world.flows else None


def entered(call: Call, step: Step) -> Call | None:
    """The call in the sub-flow of a step; ``None`` when it cannot get there."""
    flow = step.text("flow")
    start = _start_of(call, flow)
    if start is None or len(call.frames) >= DEEPEST:
        return None
    given: dict[str, Value] = {}
    for each in inputs(step):
        try:
            given[each.variable] = value_at(call, getattr(each.what, "expression", ""))
        except PlacedError:
            given[each.variable] = BLANK
    frame = Frame(call.flow, call.node, call.own)
    return _came(replace(call, flow=flow, frames=(*call.frames, frame), own=given), start)


def why_not_entered(call: Call, step: Step) -> Call:
    """The call with the reason why there is no sub-flow to go into."""
    if len(call.frames) >= DEEPEST:
        return troubled(call, TOO_DEEP, {"count": DEEPEST})
    return troubled(call, NO_FLOW, {"flow": step.text("flow")})


def _came(call: Call, start: NodeId, *, is_back: bool = False) -> Call:
    came = Came(at=call.cost.seconds, flow=call.flow, node=start, is_back=is_back)
    return arrived(call.with_event(came), start)


def _back(call: Call, outcome: str) -> Call:
    """The call back in the flow that called this one, which goes on by the outcome's exit."""
    if not call.frames:
        return finished(call, End.HUNG_UP)
    returning, frame = call.step, call.frames[-1]
    values = call.values
    back = replace(
        call,
        flow=frame.flow,
        node=frame.node,
        own=frame.own,
        frames=call.frames[:-1],
        visit=Visit(began=call.visit.began),
    )
    for each in assignments(returning, "values"):
        value = _value_or_blank(call, getattr(each.what, "expression", ""), values)
        values[each.variable] = value
        back = with_variable(back, each, value)
    step = back.step
    way = f"case:{outcome}" if outcome else "next"
    wanted = way if step.has(way) else "error"
    move = next(each for each in moves_of(step) if each.exit == wanted)
    given = {
        f"returned:{text}": _value_or_blank(call, text, values)
        for text in (getattr(each.what, "detail", "") for each in move.sets)
    }
    came = Came(at=back.cost.seconds, flow=back.flow, node=back.node, is_back=True)
    return left(back.with_event(came), step, move, Cost(), given)


def _value_or_blank(call: Call, formula: str, values: Mapping[str, Value]) -> Value:
    try:
        return value_at(call, formula, values)
    except PlacedError:
        return BLANK


def overrun(call: Call) -> Call:
    """The call, as it was, when its longest duration is over: whatever it did is cut short."""
    limit = call.limit + (GRACE if call.is_overtime else 0.0)
    call = replace(call, cost=replace(call.cost, seconds=limit), restless=0)
    if call.is_overtime:
        return finished(call, End.TOO_LONG)
    return gone(replace(call, is_overtime=True), too_long(call.graph), None)


def finished(call: Call, end: End) -> Call:
    """The call when it is over."""
    end = how_it_ended(end, reached=call.reached, told=call.is_told)
    ended = Ended(at=call.cost.seconds, flow=call.flow, node=call.node, end=end)
    return replace(call, end=end).with_event(ended)


def _most(one: Reached | None, other: Reached | None) -> Reached | None:
    """What outweighs: a person before a message or a callback."""
    return one if one is Reached.PERSON or other is None else other


def _counted(call: Call, step: Step) -> Mapping[str, int]:
    """Visits are counted where chance decides, or turns are taken."""
    if step.kind.id != "random":
        return call.visits
    place = f"{call.flow}/{call.node}"
    return {**call.visits, place: call.visits.get(place, 0) + 1}
