"""Actions that steer the call: decisions, loops, jumps, and tasks that are called."""

from collections.abc import Mapping

from cx_desktop.domain.flow.formats.formulas import Comparison, comparison_of
from cx_desktop.domain.flow.formats.genesys.menus import draw_menu
from cx_desktop.domain.flow.formats.genesys.rules import rule_of
from cx_desktop.domain.flow.formats.genesys.take import Known, bounded
from cx_desktop.domain.flow.formats.genesys.tree import (
    Call,
    jump_id,
    outcome_id,
    outputs_of,
    plainly,
    target_of,
)
from cx_desktop.domain.flow.formats.genesys.values import (
    LANGUAGE,
    expression,
    fields,
    formula_of,
    items,
    number,
    single,
    text,
)
from cx_desktop.domain.flow.formats.genesys.walk import Drawer, Step, Walk
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.patch import Document, Json

_BLANK = {"equals": "blank", "not_equals": "not_blank"}


def _condition(value: Json, case: str) -> Known:
    """The operand and the one case of a switch that asks a condition."""
    formula = formula_of(value)
    found = comparison_of(formula, LANGUAGE) if formula else None
    said = expression(value, is_text=False)
    asked = found or Comparison(said.text, "equals", "true")
    operator = asked.operator if asked.value else _BLANK.get(asked.operator, asked.operator)
    row: Document = {"id": case, "label": "", "operator": operator, "value": asked.value}
    lost = (said.lost,) if said.lost and not found else ()
    return Known({"operand": asked.operand, "cases": [row]}, lost)


def _decision(walk: Walk, step: Step) -> None:
    """Yes or no: a switch with one case."""
    outputs = {plainly(label): branch for label, branch in outputs_of(step.body)}
    walk.draw(step, "switch", _condition(step.body.get("condition"), "yes"))
    yes = walk.branch(outputs.get("yes", outputs.get("true", {})), step.scope)
    no = walk.branch(outputs.get("no", outputs.get("false", {})), step.scope)
    walk.drawing.link(step.node, ("case:yes",), yes)
    walk.drawing.link(step.node, ("default",), no)


def _cases_of(body: Document) -> tuple[str, list[Document], Document]:
    """How a switch goes through its cases, these, and what it does otherwise."""
    how, inside = single(body.get("evaluate"))
    listed = items(inside.get("cases")) or items(body.get("cases"))
    cases = [fields(fields(each).get("case", each)) for each in listed]
    outputs = dict(outputs_of(body))
    default = inside.get("default") or body.get("default") or outputs.get("default")
    return how, cases, fields(default)


def _switch(walk: Walk, step: Step) -> None:
    """Conditions in order: a switch for each, as each asks a formula of its own."""
    how, cases, default = _cases_of(step.body)
    otherwise = walk.branch(default, step.scope)
    if not cases:
        walk.draw(step, "config", Known({}))
        walk.drawing.link(step.node, ("next",), otherwise)
        return
    ids = [step.node, *(walk.drawing.reserve("switch") for _ in cases[1:])]
    for at, case in enumerate(cases):
        following = ids[at + 1] if at + 1 < len(ids) else otherwise
        name = {"name": text(case.get("name")) or step.title}
        said = step if at == 0 else step._replace(node=ids[at], body={**case, **name})
        walk.draw(said, "switch", _condition(case.get("value"), f"c{at + 1}"))
        goes_through_all = how == "allTrue" and at + 1 < len(ids)
        scope = step.scope._replace(after=following) if goes_through_all else step.scope
        walk.drawing.link(ids[at], (f"case:c{at + 1}",), walk.branch(case, scope))
        walk.drawing.link(ids[at], ("default",), following)


def _loop(walk: Walk, step: Step) -> None:
    value = step.body.get("loopCount") or step.body.get("count")
    count = number(value)
    counter = formula_of(step.body.get("currentIndex"))
    props: Document = {} if count is None else {"loops": bounded(count, 0, 100)}
    props |= {"counter": counter} if counter else {}
    walk.draw(step, "loop", Known(props, (formula_of(value),) if formula_of(value) else ()))
    after = step.scope.after
    inside = step.scope._replace(after=step.node, loop=step.node, loop_after=after)
    body = dict(outputs_of(step.body)).get("loop", {})
    walk.drawing.link(step.node, ("again",), walk.branch(body, inside))
    walk.drawing.link(step.node, ("done",), after)


def _goto(walk: Walk, step: Step, target: NodeId | None) -> None:
    walk.draw(step, "goto_node", Known({"target": target} if target else {}))


def _next_round(walk: Walk, step: Step) -> None:
    _goto(walk, step, step.scope.loop)


def _out_of_loop(walk: Walk, step: Step) -> None:
    _goto(walk, step, step.scope.loop_after)


def _jump(walk: Walk, step: Step) -> None:
    _goto(walk, step, walk.entry(target_of(step.body), step.node))


def _repeat_menu(walk: Walk, step: Step) -> None:
    _goto(walk, step, step.scope.menu)


def _previous_menu(walk: Walk, step: Step) -> None:
    _goto(walk, step, step.scope.outer_menu or step.scope.menu)


def _call_task(walk: Walk, step: Step) -> None:
    """A task that is called and comes back is a flow of its own, with an exit per outcome."""
    reference = target_of(step.body)
    call = walk.calls.get(reference, Call(reference))
    outputs = {outcome_id(label): branch for label, branch in outputs_of(step.body)}
    named = {*call.outcomes, *outputs} - {"default", "failure", ""}
    names = [name for name in dict.fromkeys((*call.outcomes, *outputs)) if name in named]
    leaving = {jump_id(each): each for each in call.jumps}
    rows: list[Json] = [{"id": "default", "label": ""}]
    rows += [{"id": name, "label": name} for name in (*names, *leaving)]
    has_outcomes = len(rows) > 1
    known = Known({"flow": call.handle, **({"outcomes": rows} if has_outcomes else {})})
    walk.draw(step, "subflow", known)
    usual = walk.branch(outputs.get("default", {}), step.scope)
    walk.drawing.link(step.node, ("case:default" if has_outcomes else "next",), usual)
    for name in names:
        target = walk.branch(outputs.get(name, {}), step.scope)
        walk.drawing.link(step.node, (f"case:{name}",), target)
    for name, each in leaving.items():
        walk.drawing.link(step.node, (f"case:{name}",), walk.entry(each, step.node))
    if "failure" in outputs:
        failed = walk.branch(outputs["failure"], step.scope)
        walk.drawing.link(step.node, ("error",), failed)


def _end_task(walk: Walk, step: Step) -> None:
    rule = rule_of(step.kind)
    known = rule.take(step.kind, step.body, {}) if rule else Known({})
    if walk.is_called and not known.props:
        known = Known({"outcome": "default"})
    walk.draw(step, "return", known)


DRAWERS: Mapping[str, Drawer] = {
    "decision": _decision,
    "switch": _switch,
    "loop": _loop,
    "loopNext": _next_round,
    "loopExit": _out_of_loop,
    **dict.fromkeys(("jumpToMenu", "jumpToTask", "jumpToState", "jump", "changeState"), _jump),
    **dict.fromkeys(("repeatMenu", "repeat"), _repeat_menu),
    **dict.fromkeys(("previousMenu", "previous"), _previous_menu),
    "callTask": _call_task,
    "endTask": _end_task,
    **dict.fromkeys(("menu", "subMenu", "digitalMenu"), draw_menu),
}
