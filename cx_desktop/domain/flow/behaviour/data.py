"""How the steps behave that fetch, keep or send something."""

from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour.move import Constant, Cost, Formula, Given, Move, Sets
from cx_desktop.domain.flow.behaviour.shapes import by_itself, failure, hang_ups, outcome, said
from cx_desktop.domain.flow.behaviour.step import Step
from cx_desktop.domain.flow.expressions import PlacedError, evaluate, variables_of
from cx_desktop.domain.flow.expressions.template import parse_assigned
from cx_desktop.domain.flow.expressions.tree import Variable
from cx_desktop.domain.flow.graph import ExitId
from cx_desktop.domain.flow.kinds.shapes import rows

#: Any moment: what is asked is whether a formula has a value, not which one.
_ONCE = datetime(2026, 1, 1, 12, tzinfo=UTC)


def set_var(step: Step) -> Iterator[Move]:
    """Gives each variable the value of its formula, one after the other.

    `call` keeps the value for the whole call, `flow` only while the call is in this flow,
    `persistent` also for the caller's next calls. When a formula has no value, the variables
    before it keep theirs and the step leaves by `error`.
    """
    sets = assignments(step, "assignments", step.text("scope"))
    surely = all(_has_value(each) for each in sets)
    yield replace(by_itself("next", sets=sets), is_certain=surely)
    yield from failure(step, "error")


def _has_value(sets: Sets) -> bool:
    """Whether a formula surely has a value, whatever its variables hold."""
    try:
        formula = parse_assigned(sets.what.expression if isinstance(sets.what, Formula) else "")
        evaluate(formula, {}, now=_ONCE)
    except PlacedError:
        return False
    return isinstance(formula, Variable) or not variables_of(formula)


def assignments(step: Step, name: str, scope: str = "call") -> tuple[Sets, ...]:
    """The variables a table of assignments sets, in order."""
    return tuple(
        Sets(variable, Formula(str(row.get("expression", ""))), scope)
        for row in rows(step.props.get(name))
        if isinstance(variable := row.get("variable"), str) and variable
    )


def lookup(step: Step) -> Iterator[Move]:
    """Says its waiting message and asks the source; the caller waits for the answer.

    An answer leaves by `ok`, and `mapping` puts fields of it into variables (blank where the
    answer has no such field). A source that knows no such object leaves by `not_found`. After an
    error, or `lookup_timeout` seconds without an answer, it asks again `retries` times; the last
    failure leaves by `http_error` or `timeout`. The waiting message is always heard to its end.
    In simulation the answer is that of the world, else `test_double`, else an empty one: the body
    of an answer, or `{outcome, body}`, where the outcome names the exit.
    """
    prompt = step.prompt("waiting_prompt")
    spoken, tries = step.lasts(prompt), step.whole("retries") + 1
    longest = max(spoken, step.number("lookup_timeout") * tries)
    for way in ("ok", "http_error", "timeout", "not_found"):
        fails = way in ("http_error", "timeout")
        waits = step.number("lookup_timeout") if way == "timeout" else 0.0
        for move in outcome(
            step,
            way,
            least=max(spoken, waits),
            most=longest,
            sets=mapped(step) if way == "ok" else (),
            prompts=said(prompt),
        ):
            yield replace(
                move,
                least=replace(move.least, lookups=tries if fails else 1),
                most=replace(move.most, lookups=tries),
            )
    for move in hang_ups(step, longest, prompts=said(prompt)):
        yield replace(move, most=replace(move.most, lookups=tries))


def mapped(step: Step) -> tuple[Sets, ...]:
    """The variables that get a field of a lookup's answer."""
    return tuple(
        Sets(variable, Given("lookup", str(row.get("path", ""))))
        for row in rows(step.props.get("mapping"))
        if isinstance(variable := row.get("variable"), str) and variable
    )


def send_sms(step: Step) -> Iterator[Move]:
    """Sends a text message and goes on without waiting for its delivery.

    `failed` is taken when the message is refused: no such recipient, a landline, no credit.
    """
    for move in outcome(step, "sent"):
        yield replace(
            move, least=replace(move.least, sms=1), most=replace(move.most, sms=1), tells=None
        )
    yield from failure(step, "failed")


def send_email(step: Step) -> Iterator[Move]:
    """Sends an e-mail and goes on without waiting for its delivery; `failed` when it is refused."""
    yield from outcome(step, "sent")
    yield from failure(step, "failed")


def recording(step: Step) -> Iterator[Move]:
    """Starts, stops, pauses or resumes the recording; before it starts, the notice is said.

    Starting twice goes on recording; stopping, pausing or resuming what does not run does nothing.
    `error` is taken when the recording cannot be started.
    """
    starts = step.text("action") == "start"
    notice = step.prompt("notice") if starts else None
    length = step.lasts(notice)
    cost = Cost(1, length)
    yield Move(
        exit=ExitId("next"),
        least=cost,
        most=cost,
        prompts=said(notice),
        tells=True if said(notice) else None,
    )
    yield from failure(step, "error")
    yield from hang_ups(step, length, prompts=said(notice))


def config(step: Step) -> Iterator[Move]:
    """Changes voice, language, logging, or the flows for queue and disconnection, from here on.

    A language other than that of the flow becomes the `language` of the call.
    """
    language = step.text("language")
    is_told = language not in ("", "inherit")
    yield by_itself("next", sets=(Sets("language", Constant(language)),) if is_told else ())


def log(_step: Step) -> Iterator[Move]:
    """Notes its label in the log and counts the passage; the caller notices nothing."""
    yield by_itself("next")
