"""How the steps behave that choose a way without asking the caller."""

from collections.abc import Iterator

from cx_desktop.domain.flow.behaviour.move import (
    ANONYMOUS,
    Case,
    Chosen,
    Constant,
    Counted,
    End,
    Move,
    Sets,
    Subject,
)
from cx_desktop.domain.flow.behaviour.shapes import failure, outcome
from cx_desktop.domain.flow.behaviour.step import Step
from cx_desktop.domain.flow.behaviour.stimuli import Measured
from cx_desktop.domain.flow.expressions.operators import holds
from cx_desktop.domain.flow.expressions.values import Value, as_number, value_of
from cx_desktop.domain.flow.graph import ExitId, NodeId
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.patch import Json


def schedule(step: Step) -> Iterator[Move]:
    """Looks at opening hours at this moment, or at `test_instant` in simulation.

    An exceptional date decides before a public holiday, a public holiday before the usual week.
    A public holiday leaves by `holiday` and an exceptional date by `exceptional`, whatever hours
    they have. Hours of the queue are those of the queue that an earlier step has set. When there
    are no such hours it leaves by `error`.
    """
    for way in ("open", "closed", "holiday", "exceptional"):
        yield from outcome(step, way)
    yield from failure(step, "error")


def caller(step: Step) -> Iterator[Move]:
    """Holds the caller's number against its cases, in order; the first that holds is taken.

    A caller who shows no number leaves by `anonymous` before any case is looked at. `in_list` is
    a list of the project, `starts` and `equals` compare the number in international form,
    `country` its country (`FR`), `mobile` and `landline` the sort of line, `foreign` any number
    from abroad. When none holds: `default`.
    """
    yield from _chosen(step, Subject.CALLER, "caller")
    if step.has("anonymous"):
        when = Chosen(Subject.CALLER, "caller", (), ANONYMOUS)
        yield Move(exit=ExitId("anonymous"), when=when)


def repeat_caller(step: Step) -> Iterator[Move]:
    """Whether this caller came within the last `days` days, and remembers that they came now.

    Flows with the same `memory_key` share their memory. The variable `repeat_caller` says the
    same. A caller who shows no number is never known.
    """
    for way in ("known", "unknown"):
        yield from outcome(step, way, sets=(Sets("repeat_caller", Constant(way == "known")),))


def switch(step: Step) -> Iterator[Move]:
    """Compares the value of `operand` with its cases, in order; the first that holds is taken.

    When none holds: `default`. `error` is taken when the formula has no value.
    """
    yield from _chosen(step, Subject.FORMULA, step.text("operand"))
    yield from failure(step, "error")


def queue_status(step: Step) -> Iterator[Move]:
    """Compares a figure of a queue with its cases, in order; the first that holds is taken.

    Agents signed in (`staffed`), agents free (`available`), calls waiting (`length`), seconds the
    first of them has waited (`oldest`). When none holds: `default`; without a queue, or when its
    figures are not known: `error`.
    """
    for move in _chosen(step, Subject.METRIC, step.text("metric")):
        value = _figure(move)
        if value is not None:
            stimuli = (Measured(value),)
            yield Move(exit=move.exit, when=move.when, stimuli=stimuli, longest=stimuli)
    yield from failure(step, "error")


def random(step: Step) -> Iterator[Move]:
    """Draws one of its shares by their weights, or takes each in turn (`round_robin`).

    In simulation the draw follows from the seed of the world, `seed` and how often the call has
    come here; with `sticky` from the caller's number instead, so that it is always the same.
    A share of 0 is never drawn; without shares the call ends.
    """
    weights = weights_of(step)
    for way, weight in weights.items():
        if weight > 0:
            yield from outcome(step, way)
    if not weights:
        yield Move(exit=None, end=End.DROPPED)


def weights_of(step: Step) -> dict[ExitId, float]:
    """The weight of each share; equal ones where they are taken in turn, or nothing is weighed."""
    weights: dict[ExitId, float] = {}
    for row in rows(step.props.get("shares")):
        name = row.get("id")
        if isinstance(name, str) and name:
            weights.setdefault(ExitId(f"case:{name}"), _weight(row.get("weight")))
    if step.text("mode") == "round_robin" or not any(weights.values()):
        return dict.fromkeys(weights, 1.0)
    return weights


def _weight(value: Json) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= 100:
        return 0.0
    return float(value)


def loop(step: Step) -> Iterator[Move]:
    """Leaves by `again` so many times as `loops` says, then by `done`.

    The rounds begun are counted in `counter`, if it names a variable (blank counts as 0, and
    setting it elsewhere changes the count), else unseen for this visit of the flow. On `done` the
    count begins anew, unless `reset` is `never`: then it leaves by `done` ever after.
    """
    counter = counter_of(step)
    cases = (Case("less", step.whole("loops")),)
    if step.whole("loops") > 0:
        yield Move(
            exit=ExitId("again"),
            when=Chosen(Subject.VARIABLE, counter, cases, 0),
            sets=(Sets(counter, Counted(), scope_of(step)),),
        )
    resets = step.text("reset") != "never"
    yield Move(
        exit=ExitId("done"),
        when=Chosen(Subject.VARIABLE, counter, cases, None),
        sets=(Sets(counter, Constant("0"), scope_of(step)),) if resets else (),
    )


def counter_of(step: Step) -> str:
    """The variable in which a loop counts."""
    return step.text("counter") or unseen_counter(step.node.id)


def unseen_counter(node: NodeId) -> str:
    """The variable of a loop that names none; nobody types such a name by chance."""
    return f"#rounds of {node}"


def scope_of(step: Step) -> str:
    """How long a loop's count is kept."""
    return "call" if step.text("counter") else "flow"


def _chosen(step: Step, subject: Subject, of: str) -> Iterator[Move]:
    """One move for each case, and one for none of them; a row without its own id is no case."""
    cases: dict[str, Case] = {}
    for row in rows(step.props.get("cases")):
        name = row.get("id")
        if isinstance(name, str) and name:
            cases.setdefault(name, Case(str(row.get("operator")), row.get("value")))
    known = tuple(cases.values())
    for index, name in enumerate(cases):
        yield Move(exit=ExitId(f"case:{name}"), when=Chosen(subject, of, known, index))
    yield Move(exit=ExitId("default"), when=Chosen(subject, of, known, None))


def _figure(move: Move) -> int | None:
    """A figure by which a queue's state leaves so: cases bound it, so it lies next to a bound."""
    if move.when is None:
        return None
    bounds = (as_number(value_of(case.value)) for case in move.when.cases)
    floors = (int(each) for each in bounds if each is not None)
    near = sorted({0, *(each + side for each in floors for side in (-1, 0, 1))})
    fitting = (each for each in near if each >= 0)
    return next(
        (each for each in fitting if first_of(move.when.cases, each) == move.when.index), None
    )


def first_of(cases: tuple[Case, ...], value: Value) -> int | None:
    """The first case that holds for a value."""
    held = (holds(each.operator, value, value_of(each.value)) for each in cases)
    return next((index for index, each in enumerate(held) if each), None)
