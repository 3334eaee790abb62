"""Components that branch by more than exits in order: menus, conditions, loops, several questions.

Branches are tried in order. One without a condition is what is left; a step that comes behind it,
or that is switched off, is kept without a link.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from cx_desktop.domain.flow.formats.formulas import Comparison, comparison_of
from cx_desktop.domain.flow.formats.hours import WEEK, weekly_hours
from cx_desktop.domain.flow.formats.threecx.markup import Branch, Component, Entry, packed
from cx_desktop.domain.flow.formats.threecx.rules import Known, asking, collecting
from cx_desktop.domain.flow.formats.threecx.values import COMPARISONS, LANGUAGE, expression
from cx_desktop.domain.flow.formats.threecx.walk import Drawer, Step, Walk
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS
from cx_desktop.domain.patch import Document

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Json

_BLANK = {"equals": "blank", "not_equals": "not_blank"}


def _condition(formula: str, case: str) -> Known:
    """The operand and the one case of a switch that asks a condition."""
    found = comparison_of(formula, LANGUAGE, COMPARISONS)
    said = expression(formula)
    asked = found or Comparison(said.text, "equals", "true")
    operator = asked.operator if asked.value else _BLANK.get(asked.operator, asked.operator)
    row: Document = {"id": case, "label": "", "operator": operator, "value": asked.value}
    lost = (said.lost,) if said.lost and not found else ()
    return Known({"operand": asked.operand, "cases": [row]}, lost)


def _loop(walk: Walk, step: Step) -> None:
    """As long as a condition holds: a switch that the body leads back to."""
    walk.draw(step, "switch", _condition(step.component.get("Condition"), "again"))
    inside = walk.sequence(step.component.steps, step.node)
    walk.drawing.link(step.node, ("case:again",), inside)
    walk.drawing.link(step.node, ("default",), step.after)


class Asked(NamedTuple):
    """How one branch is asked for: the exit that is it, the one that goes on, hours in figures."""

    known: Known
    taken: str
    other: str
    hours: str = ""
    opening: Document | None = None
    """The same hours as a schedule, where they are certain."""


def _by_condition(branch: Branch, at: int) -> Asked | None:
    condition = branch.attributes.get("Condition", "").strip()
    if not condition:
        return None
    return Asked(_condition(condition, f"c{at}"), f"case:c{at}", "default")


def _by_hours(branch: Branch, at: int) -> Asked | None:
    entries = packed(branch.attributes.get("DateTimeConditionList", ""))
    numbers = branch.attributes.get("DIDFilterList", "")
    if not entries and not numbers:
        return None
    hours = "; ".join(filter(None, (*map(_hours, entries), numbers)))
    name = branch.attributes.get("Name") or f"{at}"
    opening = None if numbers else weekly_hours([_weekly(each) for each in entries])
    return Asked(Known({"schedule": name}), "open", "closed", hours, opening)


def _weekly(entry: Entry) -> tuple[tuple[str, ...], str, str]:
    """The days of an entry with its hours; no hours for an entry of another type."""
    is_weekly = entry.type == "DayOfWeekDateTimeCondition"
    days = [short for day, short in zip(_DAYS, WEEK, strict=True) if _is_checked(entry, day)]
    begin, end = (
        f"{entry.get(f'Hour{side}')}:{entry.get(f'Minute{side}').zfill(2)}"
        for side in ("From", "To")
    )
    return (tuple(days), begin, end) if is_weekly else ((), "", "")


def _is_checked(entry: Entry, day: str) -> bool:
    return entry.get(f"{day}Checked") == "true"


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _hours(entry: Entry) -> str:
    """Days and hours in figures: ``1 2 3 4 5 09:00-17:00``, else what the file says."""
    days = [str(at) for at, day in enumerate(_DAYS, 1) if _is_checked(entry, day)]
    if not days:
        return " ".join(f"{name}={value}" for name, value in entry.fields.items() if value)
    begin, end = (
        f"{entry.get(f'Hour{side}').zfill(2)}:{entry.get(f'Minute{side}').zfill(2)}"
        for side in ("From", "To")
    )
    return f"{' '.join(days)} {begin}-{end}"


def _conditional(walk: Walk, step: Step) -> None:
    """A switch for each condition."""
    _in_order(walk, step, "switch", _by_condition)


def _date_time(walk: Walk, step: Step) -> None:
    """Opening hours for each branch: which ones they are, a calendar of the project has to say."""
    _in_order(walk, step, "schedule", _by_hours)


def _in_order(
    walk: Walk, step: Step, kind: str, asking_for: Callable[[Branch, int], Asked | None]
) -> None:
    live = [each for each in step.component.branches if each.is_enabled]
    asked = [asking_for(each, at) for at, each in enumerate(live, 1)]
    last = next((at for at, each in enumerate(asked) if each is None), len(live))
    otherwise = walk.branch(live[last], step.after) if last < len(live) else step.after
    idle = [each for each in step.component.branches if not each.is_enabled]
    for branch in (*live[last + 1 :], *idle):
        walk.branch(branch, step.after)
    if last == 0:
        walk.draw(step, "config", Known({}))
        walk.drawing.link(step.node, ("next",), otherwise)
        return
    ids = [step.node, *(walk.drawing.reserve(kind) for _ in range(last - 1))]
    for at, each in enumerate(filter(None, asked[:last])):
        following = ids[at + 1] if at + 1 < last else otherwise
        said = _said(step, live[at], ids[at], is_first=at == 0)
        walk.draw(said, kind, _known(walk, each, ids[at], said.component.name))
        walk.drawing.link(ids[at], (each.taken,), walk.branch(live[at], step.after))
        walk.drawing.link(ids[at], (each.other,), following)


def _known(walk: Walk, asked: Asked, node: NodeId, place: str) -> Known:
    """What is known of how a branch is asked for; hours become a schedule, or are told."""
    if not asked.hours:
        return asked.known
    name, known = str(asked.known.props["schedule"]), asked.known
    if asked.opening is not None:
        name = walk.drawing.schedule(name, asked.opening)
        known = Known({"schedule": name}, known.lost)
    walk.drawing.note("threecx-hours", node, place=place, hours=asked.hours[:400], schedule=name)
    return known


def _said(step: Step, branch: Branch, node: NodeId, *, is_first: bool) -> Step:
    """The step that a branch is asked by: the component itself, then one for each further branch.

    All bear the name of the component.
    """
    if is_first:
        return step
    attributes = {**branch.attributes, "Name": step.component.name}
    return Step(Component(branch.type, attributes), node, step.after)


def _menu(walk: Walk, step: Step) -> None:
    """Keys by the options of the branches; one branch takes silence and wrong keys alike."""
    asked = asking(step.component)
    branch_by_key: dict[str, Branch] = {}
    others: list[Branch] = []
    for branch in step.component.branches:
        key = _KEYS.get(branch.attributes.get("Option", ""), "")
        is_key = key in TELEPHONE_KEYS and branch.is_enabled and key not in branch_by_key
        if is_key:
            branch_by_key[key] = branch
        else:
            others.append(branch)
    valid = [key for key in TELEPHONE_KEYS if _is_valid(step.component, key)]
    keys = [key for key in TELEPHONE_KEYS if key in {*branch_by_key, *valid}]
    labels: list[Json] = [
        {"key": key, "label": label}
        for key, branch in branch_by_key.items()
        if (label := branch.attributes.get("FriendlyName"))
    ]
    props = {**asked.props, "keys": keys, **({"key_labels": labels} if labels else {})}
    node = walk.draw(step, "menu", Known(props, asked.lost))
    for key in keys:
        found = branch_by_key.get(key)
        target = walk.branch(found, step.after) if found else step.after
        walk.lead(node, (f"key_{key}",), target)
    walk.lead(node, _WRONG, step.after)
    for branch in others:
        walk.lead(node, _WRONG, walk.branch(branch, step.after))


_WRONG = ("no_input", "invalid", "max_tries")
_NAMES = {"*": "Star", "#": "Pound"}
_KEYS = {f"Option{_NAMES.get(key, key)}": key for key in TELEPHONE_KEYS} | {
    f"Option_{_NAMES.get(key, key)}": key for key in TELEPHONE_KEYS
}


def _is_valid(component: Component, key: str) -> bool:
    return component.get(f"IsValidOption_{_NAMES.get(key, key)}").lower() == "true"


class Question(NamedTuple):
    """One of the questions that a component asks: how its attributes begin, and what it asks."""

    prefix: str
    variable: str
    wanted_by: str = ""
    is_secret: bool = False
    validation: str = "none"


def _questions(*questions: Question) -> Drawer:
    """A component that asks several things: the digits of each, one after the other."""

    def draw(walk: Walk, step: Step) -> None:
        each = step.component
        wanted = [
            question
            for question in questions
            if not question.wanted_by or each.get(question.wanted_by).lower() == "true"
        ]
        good, bad = ((*each.branches, None, None))[:2]
        ok = walk.branch(good, step.after) if good else step.after
        wrong = walk.branch(bad, step.after) if bad else step.after
        ids = [step.node, *(walk.drawing.reserve("collect") for _ in wanted[1:])]
        for at, question in enumerate(wanted):
            known = collecting(
                each,
                question.prefix,
                f"{each.name}.{question.variable}",
                is_secret=question.is_secret,
            )
            said = step._replace(node=ids[at])
            if at:
                begins = ("Name", question.prefix)
                own = {k: v for k, v in each.attributes.items() if k.startswith(begins)}
                said = said._replace(component=Component(each.type, own))
            node = walk.draw(
                said,
                "collect",
                Known({**known.props, "validation": question.validation}, known.lost),
            )
            walk.lead(node, ("ok",), ids[at + 1] if at + 1 < len(ids) else ok)
            walk.lead(node, _WRONG, wrong)

    return draw


DRAWERS: Mapping[str, Drawer] = {
    "LoopComponent": _loop,
    "ConditionalComponent": _conditional,
    "DateTimeConditionalComponent": _date_time,
    "MenuComponent": _menu,
    "AuthenticationComponent": _questions(
        Question("RequestId", "ID"),
        Question("RequestPin", "PIN", wanted_by="IsPinRequired", is_secret=True),
    ),
    "CreditCardComponent": _questions(
        Question("RequestNumber", "Number", is_secret=True, validation="luhn"),
        Question("RequestExpiration", "Expiration", wanted_by="IsExpirationRequired"),
        Question(
            "RequestSecurityCode",
            "SecurityCode",
            wanted_by="IsSecurityCodeRequired",
            is_secret=True,
        ),
    ),
}
