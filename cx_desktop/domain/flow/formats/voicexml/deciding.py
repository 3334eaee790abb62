"""``if``, ``elseif``, ``else``: cases of switches, as far as their conditions can be said."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.expressions import (
    EvaluationError,
    Expression,
    is_true,
    render,
    tree,
    variables_of,
)
from cx_desktop.domain.flow.expressions.tree import Operator
from cx_desktop.domain.flow.formats.formulas import escaped
from cx_desktop.domain.flow.formats.voicexml.markup import attribute, local
from cx_desktop.domain.flow.formats.voicexml.path import Branch, Path, Rest, Walk
from cx_desktop.domain.flow.formats.voicexml.places import Target
from cx_desktop.domain.flow.formats.voicexml.script import condition_in_ours

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Document, Json

_NO_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


class Case(NamedTuple):
    """A condition as a case of a switch."""

    operand: str
    operator: str
    value: str


def branches_of(walk: Walk, element: Element) -> tuple[Branch, ...]:
    """The branches of an ``if``; each is an element of its own, made once."""
    made = walk.branches.get(id(element))
    if made is None:
        made = walk.branches[id(element)] = tuple(_branches(element))
    return made


def _branches(element: Element) -> Iterator[Branch]:
    condition: str | None = attribute(element, "cond", "expr")
    content = Element("branch")
    content.text = element.text
    for each in element:
        if local(each) in ("elseif", "else"):
            yield Branch(condition, content)
            condition = attribute(each, "cond", "expr") if local(each) == "elseif" else None
            content = Element("branch")
            content.text = each.tail
        else:
            content.append(each)
    yield Branch(condition, content)


def drawn_if(walk: Walk, path: Path, element: Element, rest: Rest) -> Target:
    """The switches of an ``if``: as many as its conditions look at different things."""
    branches = branches_of(walk, element)
    entries = [walk.places.at("run", walk.rest_of(each.content, rest), path) for each in branches]
    conditions = [
        None if each.condition is None else condition_in_ours(each.condition) for each in branches
    ]
    last = next((at for at, each in enumerate(branches) if each.condition is None), len(branches))
    otherwise: Target = entries[last] if last < len(branches) else walk.places.at("run", rest, path)
    asked = list(zip(branches, conditions, entries, strict=True))[:last]
    groups = [
        (key, list(group)) for key, group in groupby(asked, key=lambda each: _operand(each[1]))
    ]
    for operand, group in reversed(groups):
        scripts = [each.condition or "" for each, _, _ in group]
        targets = [entry for _, _, entry in group]
        if operand is None:
            otherwise = _foreign(walk, path, scripts, targets, otherwise)
        else:
            cases = [case_of(each) for _, each, _ in group if each is not None]
            otherwise = _switch(walk, path, cases, targets, otherwise, scripts)
    return otherwise


def _operand(condition: Expression | None) -> str | None:
    return None if condition is None else case_of(condition).operand


def _switch(
    walk: Walk,
    path: Path,
    cases: Sequence[Case],
    targets: Sequence[Target],
    otherwise: Target,
    scripts: list[str],
) -> Target:
    node = walk.reserve(path, "switch")
    rows: list[Json] = [
        {"id": f"c{at}", "label": "", "operator": each.operator, "value": each.value}
        for at, each in enumerate(cases, 1)
    ]
    props: Document = {"operand": cases[0].operand, "cases": rows}
    walk.drawing.draw(node, "switch", props=props, origin=("if", list(scripts)))
    for at, target in enumerate(targets, 1):
        walk.places.lead(node, (f"case:c{at}",), target)
    walk.places.lead(node, ("default",), otherwise)
    return node


def _foreign(
    walk: Walk, path: Path, scripts: list[str], targets: Sequence[Target], otherwise: Target
) -> Target:
    node = walk.reserve(path, "if")
    walk.drawing.draw(node, "foreign", origin=("if", list(scripts)))
    for at, target in enumerate(targets, 1):
        walk.places.lead(node, (f"if {at}",), target)
    walk.places.lead(node, ("else",), otherwise)
    for script in scripts:
        walk.note_script(node, script)
    return node


def case_of(condition: Expression) -> Case:
    """A condition as a case; one that compares no two things is a case by itself."""
    match condition:
        case tree.Call("blank", (value,)):
            return Case(render(value), "blank", "")
        case tree.Not(tree.Call("blank", (value,))):
            return Case(render(value), "not_blank", "")
        case tree.Operation(operator, left, right):
            found = _compared(operator, left, right) or _compared(
                _TURNED.get(operator), right, left
            )
            if found is not None:
                return found
        case tree.AnyOf(parts):
            found = _one_of(parts)
            if found is not None:
                return found
        case _:
            pass
    return Case(render(condition), "equals", "true")


_OPERATORS = {
    Operator.EQUAL: "equals",
    Operator.NOT_EQUAL: "not_equals",
    Operator.LESS: "less",
    Operator.AT_MOST: "at_most",
    Operator.GREATER: "greater",
    Operator.AT_LEAST: "at_least",
    Operator.CONTAINS: "contains",
    Operator.STARTS: "starts",
    Operator.MATCHES: "matches",
}
_TURNED = {
    Operator.EQUAL: Operator.EQUAL,
    Operator.NOT_EQUAL: Operator.NOT_EQUAL,
    Operator.LESS: Operator.GREATER,
    Operator.GREATER: Operator.LESS,
    Operator.AT_MOST: Operator.AT_LEAST,
    Operator.AT_LEAST: Operator.AT_MOST,
}


def _compared(operator: Operator | None, left: Expression, right: Expression) -> Case | None:
    word = _OPERATORS.get(operator) if operator else None
    value = _literal(right)
    if word is None or value is None or _literal(left) is not None:
        return None
    if not value and word in ("equals", "not_equals"):
        return Case(render(left), "blank" if word == "equals" else "not_blank", "")
    return Case(render(left), word, value if word == "matches" else escaped(value))


def _literal(value: Expression) -> str | None:
    match value:
        case tree.Text(text):
            return text
        case tree.Number(number):
            return f"{number:f}"
        case tree.Negative(tree.Number(number)):
            return f"-{number:f}"
        case tree.Truth(truth):
            return "true" if truth else "false"
        case _:
            return None


def _one_of(parts: tuple[Expression, ...]) -> Case | None:
    cases = [case_of(each) for each in parts]
    operands = {each.operand for each in cases}
    is_list = all(each.operator == "equals" and "," not in each.value for each in cases)
    if len(operands) != 1 or not is_list or any(not each.value.strip() for each in cases):
        return None
    return Case(cases[0].operand, "in", ",".join(each.value for each in cases))


def decided(walk: Walk, path: Path, rest: Rest, name: str, value: str) -> Target:
    """Where a call goes on whose first question is what a variable is, as it is known to be this.

    ``None`` when the content does not begin so.
    """
    pieces = [each for each in walk.pieces(rest.element) if not _is_blank(each)]
    if not pieces and rest.outer is not None:
        return decided(walk, path, rest.outer, name, value)
    first = pieces[0] if pieces else None
    if not isinstance(first, Element) or local(first) != "if":
        return None
    behind = Rest(rest.element, walk.pieces(rest.element).index(first) + 1, rest.outer)
    for branch in branches_of(walk, first):
        holds = True if branch.condition is None else _holds(branch.condition, name, value)
        if holds is None:
            return None
        if holds:
            return walk.places.at("run", walk.rest_of(branch.content, behind), path)
    return walk.places.at("run", behind, path)


def asked_about(walk: Walk, path: Path, rest: Rest, name: str) -> list[tuple[str, Target]]:
    """The values that a content asks about, when it begins with a question about one variable."""
    pieces = [each for each in walk.pieces(rest.element) if not _is_blank(each)]
    first = pieces[0] if pieces else None
    if not isinstance(first, Element) or local(first) != "if":
        return []
    behind = Rest(rest.element, walk.pieces(rest.element).index(first) + 1, rest.outer)
    found: dict[str, Target] = {}
    for branch in branches_of(walk, first):
        value = _equal_to(branch.condition or "", name)
        if value is None:
            return []
        place = walk.places.at("run", walk.rest_of(branch.content, behind), path)
        found.setdefault(value, place)
    return list(found.items())


def _equal_to(script: str, name: str) -> str | None:
    match condition_in_ours(script):
        case tree.Operation(Operator.EQUAL, tree.Variable(asked), tree.Text(value)):
            return value if asked == name else None
        case _:
            return None


def _is_blank(piece: str | Element) -> bool:
    return isinstance(piece, str) and not piece.strip()


def _holds(script: str, name: str, value: str) -> bool | None:
    condition = condition_in_ours(script)
    if condition is None or not variables_of(condition) <= {name}:
        return None
    try:
        return is_true(condition, {name: value}, now=_NO_MOMENT)
    except EvaluationError:
        return None
