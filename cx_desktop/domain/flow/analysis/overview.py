"""What the rules about ways ask of a flow as a whole: its variables, and whether it records."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from cx_desktop.domain.flow.analysis.circles import circles
from cx_desktop.domain.flow.analysis.signs import FIRST_VARIABLE
from cx_desktop.domain.flow.analysis.steps import Step
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.flow.variables import covers, is_predefined


class Overview(Struct, frozen=True):
    """What holds for a flow, wherever it is said in it."""

    judged: Mapping[str, int] = {}
    """The bits of those variables that are judged by where they are set."""
    unknown: frozenset[str] = frozenset()
    """Variables that are read, and that no flow of the project sets."""
    secret: frozenset[str] = frozenset()
    """Variables that hold confidential digits."""
    records: bool = False
    is_subflow: bool = False
    """Whether it gives calls back to another flow."""
    recurring: frozenset[str] = frozenset()
    """The flows that come back to themselves before they are done."""


def overview_of(steps: Mapping[NodeId, Step], context: Context) -> Overview:
    """The overview of a flow."""
    read: set[str] = set()
    assigned: set[str] = set()
    begins: set[str] = set()
    secret: set[str] = set()
    calls = False
    records = is_subflow = False
    for step in steps.values():
        if step.reads:
            read.update([each.name for each in step.reads])
        if step.sets:
            assigned.update([each.name for each in step.sets])
            begins.update(_blank_at_first(step))
            if step.keeps_secret:
                secret.update([each.name for each in step.sets])
        if step.is_noted:
            records = records or bool(step.records)
            is_subflow = is_subflow or step.kind == "return"
            calls = calls or bool(step.calls)
    names = {each for each in read if not is_predefined(each)}
    judged = sorted((names & assigned) - begins)
    return Overview(
        judged={name: FIRST_VARIABLE << number for number, name in enumerate(judged)},
        unknown=_unknown(names - assigned, assigned, context),
        secret=frozenset(secret),
        records=records,
        is_subflow=is_subflow,
        recurring=_recurring(context) if calls else frozenset(),
    )


def counts_for_all(step: Step) -> tuple[object, ...]:
    """What of a step the overview is made from."""
    noted = (step.records, step.kind == "return", step.calls)
    return (step.reads, step.sets, step.keeps_secret, bool(step.keeps), noted)


def _blank_at_first(step: Step) -> Iterable[str]:
    """Variables that may begin blank: kept from an earlier call, or counted up from nothing."""
    if step.kind != "set_var":
        return ()
    if step.keeps:
        return [each.name for each in step.sets]
    read = {each.name for each in step.reads}
    return [each.name for each in step.sets if each.name in read]


def _unknown(names: set[str], assigned: set[str], context: Context) -> frozenset[str]:
    """The names that no flow of the project sets; none where the other flows are not known."""
    facts = context.flow_facts
    if facts is None or not names:
        return frozenset()
    known = assigned.union(*(each.sets for each in facts.values()))
    open_ended = [each for each in known if each.endswith("*")]
    return frozenset(
        name
        for name in names
        if name.removeprefix("$.Attributes.") not in known
        and not any(covers(each, name) for each in open_ended)
    )


def _recurring(context: Context) -> frozenset[str]:
    facts = context.flow_facts
    if facts is None:
        return frozenset()
    calls = {name: tuple(each.calls & facts.keys()) for name, each in facts.items()}
    return frozenset(each for circle in circles(calls, calls.__getitem__) for each in circle)
