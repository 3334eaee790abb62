"""Applications that choose where the call goes on."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from cx_desktop.domain.flow.expressions import render
from cx_desktop.domain.flow.expressions.tree import (
    Call,
    Expression,
    Number,
    Operation,
    Operator,
    Text,
    Variable,
)
from cx_desktop.domain.flow.formats.asterisk import formulas
from cx_desktop.domain.flow.formats.asterisk.arguments import parted, pieces, split
from cx_desktop.domain.flow.formats.asterisk.around import Around
from cx_desktop.domain.flow.formats.asterisk.draft import (
    ENDS,
    ONWARD,
    Draft,
    How,
    Where,
    inner,
    jump,
    shifted,
)
from cx_desktop.domain.flow.formats.asterisk.lines import Step

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Document

Rule = Callable[[Around], Draft]
#: Reads a step that stands inside of another, as ``ExecIf`` has them.
Reading = Callable[[Around], Draft]

_OPERATORS: Mapping[Operator, str] = {
    Operator.EQUAL: "equals",
    Operator.NOT_EQUAL: "not_equals",
    Operator.LESS: "less",
    Operator.AT_MOST: "at_most",
    Operator.GREATER: "greater",
    Operator.AT_LEAST: "at_least",
    Operator.MATCHES: "matches",
}
_TURNED: Mapping[str, str] = {
    "less": "greater",
    "greater": "less",
    "at_most": "at_least",
    "at_least": "at_most",
}


class Case(NamedTuple):
    """A case of a switch."""

    operator: str
    value: str


class Question(NamedTuple):
    """A condition as a switch asks it: cases that mean yes, or cases that mean no."""

    operand: str
    cases: tuple[Case, ...]
    is_yes: bool


def question(condition: str, around: Around) -> Question:
    """A condition of ``GotoIf``: what is neither empty nor zero holds."""
    found = pieces(condition.strip())
    if len(found) == 1 and found[0].opening == "[":
        formula = around.scope.formula(found[0].text)
        if formula is None:
            name = around.scope.variable(found[0].text).name
            return _neither_empty_nor_zero(name)
        return _asked(formula)
    value = around.scope.text(condition.strip())
    return _asked(value) if formulas.is_condition(value) else _neither_empty_nor_zero(render(value))


def _neither_empty_nor_zero(operand: str) -> Question:
    return Question(operand, (Case("blank", ""), Case("equals", "0")), is_yes=False)


def _asked(formula: Expression) -> Question:
    if isinstance(formula, Call) and formula.function == "blank":
        return Question(render(formula.arguments[0]), (Case("blank", ""),), is_yes=True)
    if isinstance(formula, Operation) and formula.operator in _OPERATORS:
        compared = _compared(formula)
        if compared is not None:
            return compared
    if formulas.is_condition(formula):
        return Question(render(formula), (Case("equals", "true"),), is_yes=True)
    return _neither_empty_nor_zero(render(formula))


def _compared(formula: Operation) -> Question | None:
    """Something compared with a constant."""
    left, right = _without_guards(formula.left, formula.right)
    operator = _OPERATORS[formula.operator]
    if _constant(left) is not None and _constant(right) is None:
        left, right, operator = right, left, _TURNED.get(operator, operator)
    value = _constant(right)
    if value is None or _constant(left) is not None:
        return None
    if not value and operator in ("equals", "not_equals"):
        operator = "blank" if operator == "equals" else "not_blank"
    return Question(render(left), (Case(operator, value),), is_yes=True)


def _without_guards(left: Expression, right: Expression) -> tuple[Expression, Expression]:
    """``"x${A}" = "x1"`` without the letter that keeps either side from being empty."""
    if isinstance(left, Text) and isinstance(right, Operation):
        two, one = _without_guards(right, left)
        return one, two
    if not (isinstance(left, Operation) and left.operator is Operator.JOIN):
        return left, right
    if isinstance(left.left, Text) and isinstance(right, Text):
        guard = left.left.value
        if right.value.startswith(guard):
            return left.right, Text(right.value[len(guard) :])
    return left, right


def _constant(value: Expression) -> str | None:
    if isinstance(value, Text):
        return value.value
    return f"{value.value:f}" if isinstance(value, Number) else None


def switch(asked: Question, yes: Where, no: Where) -> Draft:
    """A switch between two ways."""
    props: Document = {
        "operand": asked.operand or '""',
        "cases": [
            {"id": f"c{number}", "label": "", "operator": case.operator, "value": case.value}
            for number, case in enumerate(asked.cases, 1)
        ],
    }
    hit, default = (yes, no) if asked.is_yes else (no, yes)
    ways = {f"case:c{number}": hit for number, _ in enumerate(asked.cases, 1)}
    return Draft("switch", props, {**ways, "default": default})


def goto(around: Around) -> Draft:
    """A jump, and nothing else."""
    return Draft("goto_node", {}, {}, jumps=around.data)


def goto_if(around: Around) -> Draft:
    """One of two places by a condition."""
    condition, places = parted(around.data, "?")
    yes, no = parted(places, ":")
    shared = _shared(condition, around, yes=jump(yes), no=jump(no))
    return shared or switch(question(condition, around), jump(yes), jump(no))


def _shared(condition: str, around: Around, *, yes: Where, no: Where) -> Draft | None:
    """Chance: a random number compared with a limit."""
    inside = pieces(condition.strip())
    formula = condition.strip()[2:-1] if len(inside) == 1 and inside[0].opening == "[" else ""
    drawn = next((each for each in pieces(formula) if each.text.startswith("RAND(")), None)
    if drawn is None:
        return None
    found = around.scope.formula(formula)
    bounds = [around.number(each) for each in split(drawn.text[5:].rstrip(")"))]
    if not isinstance(found, Operation) or len(bounds) != 2 or None in bounds:
        return None
    low, high = (int(each or 0) for each in bounds)
    limit = _constant(found.right)
    if not isinstance(found.left, Variable) or limit is None or not limit.isdigit() or high <= low:
        return None
    hits = _hits(found.operator, low, high, int(limit[:9]))
    return None if hits is None else shares(100 * hits / (high - low + 1), yes, no)


def _hits(operator: Operator, low: int, high: int, limit: int) -> int | None:
    """How many of the numbers from low to high compare so with a limit."""
    below = min(max(limit - low, 0), high - low + 1)
    upto = min(max(limit - low + 1, 0), high - low + 1)
    total = high - low + 1
    counts = {
        Operator.LESS: below,
        Operator.AT_MOST: upto,
        Operator.GREATER: total - upto,
        Operator.AT_LEAST: total - below,
        Operator.EQUAL: upto - below,
        Operator.NOT_EQUAL: total - (upto - below),
    }
    return counts.get(operator)


def shares(percent: float, hit: Where, other: Where) -> Draft:
    """Two ways by chance."""
    weight = round(min(max(percent, 0), 100), 2)
    props: Document = {
        "shares": [
            {"id": "a", "label": "", "weight": weight},
            {"id": "b", "label": "", "weight": round(100 - weight, 2)},
        ]
    }
    return Draft("random", props, {"case:a": hit, "case:b": other})


def random(around: Around) -> Draft:
    """The old way to say it: ``Random(20:context,extension,1)``."""
    percent, place = parted(around.data, ":")
    return shares(around.number(percent) or 0, jump(place), ONWARD)


def goto_if_time(around: Around) -> Draft:
    """One of two places by the hour."""
    times, places = parted(around.data, "?")
    yes, no = parted(places, ":")
    return scheduled(times, jump(yes), jump(no))


def scheduled(times: str, during: Where, else_: Where) -> Draft:
    """Opening hours that the dialplan writes out: they are the name of the schedule to make."""
    parts = [part or "*" for part in split(times)]
    while len(parts) > 1 and parts[-1] == "*":
        parts.pop()
    ways = {"open": during, "closed": else_, "error": else_}
    return Draft("schedule", {"schedule": ",".join(parts)}, ways, note="hours")


def executed(read: Reading) -> Mapping[str, Rule]:
    """The rules of applications that run others, which ``read`` reads."""
    rules = {
        "execif": _exec_if,
        "execiftime": _exec_if_time,
        "gosubif": _gosub_if,
        "exec": _exec,
        "tryexec": _exec,
    }
    return {name: partial(rule, read=read) for name, rule in rules.items()}


def _exec_if(around: Around, *, read: Reading) -> Draft:
    """An application by a condition, or another one."""
    condition, chosen = parted(around.data, "?")
    if not chosen:
        condition, *old = split(around.data) or ("",)
        chosen = f"{old[0]}({','.join(old[1:])})" if old else ""
    asked = question(condition, around)
    return _choosing(around, chosen, read, partial(switch, asked))


def _exec_if_time(around: Around, *, read: Reading) -> Draft:
    """An application by the hour."""
    times, chosen = parted(around.data, "?")
    return _choosing(around, chosen, read, partial(scheduled, times))


def _gosub_if(around: Around, *, read: Reading) -> Draft:
    """A sub-routine by a condition, or another one."""
    condition, places = parted(around.data, "?")
    chosen = ":".join(f"Gosub({each})" if each else "" for each in parted(places, ":"))
    return _choosing(around, chosen, read, partial(switch, question(condition, around)))


def _exec(around: Around, *, read: Reading) -> Draft:
    """An application whose name is in an argument."""
    return read(_within(around, around.data))


def _within(around: Around, text: str) -> Around:
    """A step that stands inside of another."""
    name, _, data = text.partition("(")
    step = around.step._replace(app=name.strip(), data=data.removesuffix(")"))
    return around._replace(step=step, depth=around.depth + 1)


def _choosing(
    around: Around, chosen: str, read: Reading, choose: Callable[[Where, Where], Draft]
) -> Draft:
    """A choice between two applications, either of which may be left out."""
    targets: list[Where] = []
    others: list[Draft] = []
    for app in parted(chosen, ":"):
        if not app:
            targets.append(ONWARD)
            continue
        targets.append(inner(len(others) + 1))
        others.extend(shifted(read(_within(around, app)), len(others) + 1))
    return choose(*targets)._replace(others=tuple(others))


def while_(around: Around) -> Draft:
    """A loop as long as a condition holds."""
    end = _loop_end(around)
    behind = ENDS if end is None else Where(How.PRIORITY, str(end + 1))
    return switch(question(around.data, around), ONWARD, behind)


def end_while(around: Around) -> Draft:
    """Back to where the loop begins."""
    begin = _loop_begin(around)
    return Draft("goto_node", {}, {}, jumps=str(begin) if begin else "")


def exit_while(around: Around) -> Draft:
    """Out of the loop."""
    begin = _loop_begin(around)
    opening = next((step for step in around.before() if step.priority == begin), None)
    end = _loop_end(around._replace(step=opening)) if opening else None
    return Draft("goto_node", {}, {}, jumps=str(end + 1) if end else "")


def _loop_end(around: Around) -> int | None:
    """The priority of the ``EndWhile`` of this ``While``."""
    return _matching(around.behind(), "while", "endwhile")


def _loop_begin(around: Around) -> int | None:
    """The priority of the ``While`` around a step."""
    return _matching(around.before(), "endwhile", "while")


def _matching(steps: Iterator[Step], deeper: str, wanted: str) -> int | None:
    depth = 0
    for step in steps:
        app = step.app.lower()
        if app == wanted:
            if not depth:
                return step.priority
            depth -= 1
        elif app == deeper:
            depth += 1
    return None


def gosub(around: Around) -> Draft:
    """A sub-routine: a flow of its own, from which the call comes back."""
    *before, last = split(around.data) or ("",)
    place, _, given = last.partition("(")
    return _called(around, ",".join((*before, place)), split(given.removesuffix(")")))


def macro(around: Around) -> Draft:
    """The old form of a sub-routine: a context whose name begins with ``macro-``."""
    name, *given = split(around.data) or ("",)
    return _called(around, f"macro-{around.plain(name)},s,1", tuple(given))


def _called(around: Around, place: str, given: tuple[str, ...]) -> Draft:
    inputs = [
        {"variable": f"ARG{number}", "expression": around.expression(each)}
        for number, each in enumerate(given, 1)
    ]
    props: Document = {"inputs": [*inputs]} if inputs else {}
    # It fails only where the place is missing; the call then goes on, as with a macro.
    return Draft("subflow", props, {"next": ONWARD, "error": ONWARD}, calls=place)


def returned(around: Around) -> Draft:
    """The end of a sub-routine, with what it found."""
    value = around.data.strip()
    values = [{"variable": "GOSUB_RETVAL", "expression": around.expression(value)}]
    return Draft("return", {"values": [*values]} if value else {}, {})


RULES: Mapping[str, Rule] = {
    "goto": goto,
    "gotoif": goto_if,
    "gotoiftime": goto_if_time,
    "random": random,
    "while": while_,
    "endwhile": end_while,
    "continuewhile": end_while,
    "exitwhile": exit_while,
    "gosub": gosub,
    "macro": macro,
    **dict.fromkeys(("return", "macroexit"), returned),
}
