"""What the world answers at a step, where its caller does nothing."""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from cx_desktop.domain.flow.behaviour import Measured, Outcome, Silence, Step, Stimulus
from cx_desktop.domain.flow.behaviour.decision import weights_of
from cx_desktop.domain.flow.behaviour.transfer import QUEUE
from cx_desktop.domain.flow.expressions import as_text
from cx_desktop.domain.flow.graph import ExitId
from cx_desktop.domain.flow.simulate.call import Call
from cx_desktop.domain.flow.simulate.scope import filled, number_at
from cx_desktop.domain.flow.simulate.world import Closure, QueueState
from cx_desktop.domain.patch import Json
from cx_desktop.domain.patterns import matches

#: How long the telephone of somebody who answers rings.
USUAL_RING = 8.0
#: How long a source takes that answers.
USUAL_LOOKUP = 0.5

_DIALABLE = r"\+?\d{3,17}"
_ANSWERED = ExitId("answered")
_ERROR = Outcome(ExitId("error"))


def answer(call: Call, step: Step) -> Stimulus | None:
    """What happens when the caller does nothing; ``None``: what the step does by itself."""
    told = told_at(call, step)
    if told is not None and not is_offering(call, step):
        return told
    answering = _ANSWERS.get(step.kind.id)
    return answering(call, step) if answering else None


def told_at(call: Call, step: Step) -> Outcome | None:
    """What the world says of this very step; ids of steps are those of one flow."""
    outcomes = call.world.outcomes
    return outcomes.get(f"{call.flow}/{step.node.id}", outcomes.get(step.node.id))


def _silence(_call: Call, _step: Step) -> Stimulus:
    return Silence()


def _hours(call: Call, step: Step) -> Stimulus:
    name = _schedule_of(call, step)
    hours = call.world.schedules.get(name)
    if hours is None:
        return _ERROR
    instant = _instant(call, step)
    if call.world.closure(name, instant):
        state = "closed"
    else:
        state = hours if isinstance(hours, str) else hours(instant)
    return Outcome(ExitId(state)) if step.has(state) else _ERROR


def closure_at(call: Call, step: Step) -> Closure | None:
    """The emergency that decides at a step, where opening hours would."""
    if step.kind.id != "schedule" or told_at(call, step) is not None:
        return None
    return call.world.closure(_schedule_of(call, step), _instant(call, step))


def _schedule_of(call: Call, step: Step) -> str:
    if step.text("schedule_from") == "queue":
        return _queue(call, as_text(call.values.get(QUEUE, ""))).hours
    return step.text("schedule")


def _instant(call: Call, step: Step) -> datetime:
    """This moment, or the one that the step says to test with."""
    try:
        said = datetime.fromisoformat(step.text("test_instant"))
    except ValueError:
        return call.world.instant(call.cost.seconds)
    return said if said.tzinfo else said.replace(tzinfo=ZoneInfo(call.world.zone))


def _memory(call: Call, step: Step) -> Stimulus:
    days = call.world.came_before.get(step.text("memory_key"))
    is_known = bool(call.world.caller) and days is not None and days <= step.whole("days")
    return Outcome(ExitId("known" if is_known else "unknown"))


def _draw(call: Call, step: Step) -> Stimulus | None:
    weights = weights_of(step)
    if not weights:
        return None
    place = f"{call.flow}/{step.node.id}"
    visit = call.visits.get(place, 0)
    if step.text("mode") == "round_robin":
        return Outcome(list(weights)[(call.world.turns + visit) % len(weights)])
    who = call.world.caller if step.is_on("sticky") else str(visit)
    point = _chance(call.world.seed, step.whole("seed"), place, who) * sum(weights.values())
    for way, weight in weights.items():
        point -= weight
        if point < 0:
            return Outcome(way)
    return Outcome(next(way for way, weight in reversed(weights.items()) if weight))


def _chance(*parts: object) -> float:
    """A number from 0 up to before 1 that follows from these parts."""
    digest = sha256("\0".join(map(str, parts)).encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def _lookup(call: Call, step: Step) -> Stimulus:
    asked = (filled(call, step.text(name)) for name in ("url", "function", "query"))
    answers = (call.world.lookups.get(each) for each in asked if each)
    known = next((each for each in answers if each is not None), None)
    return known if known is not None else double_of(step.props.get("test_double"))


def double_of(double: Json) -> Outcome:
    """The answer that a test double stands for: a body, or ``{outcome, body}``."""
    if isinstance(double, dict):
        way = double.get("outcome")
        if way in ("ok", "http_error", "timeout", "not_found"):
            return Outcome(ExitId(str(way)), double.get("body"))
    return Outcome(ExitId("ok"), double, USUAL_LOOKUP)


def _dialled(call: Call, step: Step) -> Stimulus:
    number = number_at(call, step.text("number"))
    if not matches(_DIALABLE, number):
        return Outcome(ExitId("failed"))
    said = call.world.numbers.get(number, Outcome(_ANSWERED, seconds=USUAL_RING))
    if step.kind.id == "outbound_call" and said.way in ("busy", "no_answer"):
        return Outcome(ExitId("failed"), seconds=said.seconds)
    is_taken = said.way == "failed" or step.has(said.way)
    return said if is_taken else Outcome(_ANSWERED, seconds=said.seconds)


def _queued(call: Call, step: Step) -> Stimulus:
    name = queue_of(call, step)
    if not name:
        return Outcome(ExitId("failed"))
    queue = _queue(call, name)
    if queue.is_full:
        return Outcome(ExitId("full"))
    if queue.staffed <= 0:
        return Outcome(ExitId("no_agent"))
    wait = step.number("max_wait") or step.setting.longest_call
    if queue.answers_after is not None and queue.answers_after <= wait:
        return Outcome(ExitId("queued"), seconds=queue.answers_after)
    return Outcome(ExitId("timeout"))


def _figure(call: Call, step: Step) -> Stimulus:
    name = queue_of(call, step)
    if not name:
        return _ERROR
    queue = _queue(call, name)
    figures = {
        "staffed": queue.staffed,
        "available": queue.available,
        "length": queue.length,
        "oldest": queue.oldest,
    }
    figure = figures.get(step.text("metric"))
    return _ERROR if figure is None else Measured(figure)


def queue_of(call: Call, step: Step) -> str:
    """The queue a step means: its own, or the one that an earlier step has set."""
    if step.text("queue_from") == "earlier":
        return as_text(call.values.get(QUEUE, ""))
    return step.text("queue")


def _queue(call: Call, name: str) -> QueueState:
    return call.world.queues.get(name, QueueState())


def is_offering(call: Call, step: Step) -> bool:
    """Whether a callback is on offer, and not accepted yet."""
    return step.kind.id == "callback" and step.is_on("offer") and not call.visit.is_confirming


def _offered(call: Call, step: Step) -> Stimulus:
    """Silence, while the offer stands; then whether the number can be called back."""
    if is_offering(call, step):
        return Silence()
    source = step.text("number_from")
    number = number_at(call, step.text("number")) if source == "collected" else call.world.caller
    is_fine = source == "earlier" or matches(_DIALABLE, number)
    return Outcome(ExitId("accepted" if is_fine else "invalid_number"))


def _sent(_call: Call, _step: Step) -> Stimulus:
    return Outcome(ExitId("sent"))


def _first_exit(_call: Call, step: Step) -> Stimulus | None:
    return Outcome(step.extra_exits[0]) if step.extra_exits else None


_ANSWERS: Mapping[str, Callable[[Call, Step], Stimulus | None]] = {
    "menu": _silence,
    "collect": _silence,
    "voicebot": _silence,
    "voicemail": _silence,
    "schedule": _hours,
    "repeat_caller": _memory,
    "random": _draw,
    "lookup": _lookup,
    "transfer_number": _dialled,
    "outbound_call": _dialled,
    "transfer_queue": _queued,
    "queue_status": _figure,
    "callback": _offered,
    "send_sms": _sent,
    "send_email": _sent,
    "foreign": _first_exit,
}
