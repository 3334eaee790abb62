"""What a field's ``filled`` refuses: a check that asks again by throwing ``nomatch``."""

import re
from typing import NamedTuple
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.expressions import Expression, tree
from cx_desktop.domain.flow.expressions.tree import Operator
from cx_desktop.domain.flow.formats.voicexml.deciding import Case, branches_of, case_of
from cx_desktop.domain.flow.formats.voicexml.markup import attribute, local
from cx_desktop.domain.flow.formats.voicexml.path import Rest, Walk
from cx_desktop.domain.flow.formats.voicexml.script import condition_in_ours
from cx_desktop.domain.patch import Document

#: Functions that our writer puts into a document, and the checks that they are.
FUNCTIONS = {"cx_luhn": "luhn", "cx_phone": "phone", "cx_date": "date"}


class Checked(NamedTuple):
    """A check as properties, and what is carried out behind it."""

    props: Document
    rest: Rest | None = None


def checked(walk: Walk, rest: Rest | None, name: str) -> Checked:
    """The check that a ``filled`` begins with, if it begins with one that a step of ours knows."""
    if rest is None:
        return Checked({})
    pieces = walk.pieces(rest.element)
    at = next((at for at, each in enumerate(pieces) if not _is_blank(each)), None)
    first = pieces[at] if at is not None else None
    if at is None or not isinstance(first, Element) or local(first) != "if":
        return Checked({})
    branches = branches_of(walk, first)
    if len(branches) != 1 or not _asks_again(branches[0].content, name):
        return Checked({})
    props = _props_of(branches[0].condition or "", name)
    return Checked(props, Rest(rest.element, at + 1, rest.outer)) if props else Checked({})


def _is_blank(piece: str | Element) -> bool:
    return isinstance(piece, str) and not piece.strip()


def _asks_again(content: Element, name: str) -> bool:
    steps = [(local(each), attribute(each, "namelist", "event")) for each in content]
    return steps == [("clear", name), ("throw", "nomatch")]


def _props_of(script: str, name: str) -> Document:
    called = re.fullmatch(r"!\s*(\w+)\(\s*([\w$.]+)\s*\)", script.strip())
    if called and called[1] in FUNCTIONS and called[2] == name:
        return {"validation": FUNCTIONS[called[1]]}
    condition = condition_in_ours(script)
    if not isinstance(condition, tree.Not):
        return {}
    return _of_condition(condition.operand, name)


def _of_condition(accepted: Expression, name: str) -> Document:
    variable = tree.Variable(name)
    match accepted:
        case tree.Operation(Operator.MATCHES, left, tree.Text(pattern)) if left == variable:
            return {"validation": "pattern", "expected_pattern": pattern}
        case tree.AllOf(
            (
                tree.Operation(Operator.AT_LEAST, one, lowest),
                tree.Operation(Operator.AT_MOST, other, highest),
            )
        ) if one == other == variable:
            low, high = _whole(lowest), _whole(highest)
            if low is not None and high is not None:
                return {"validation": "range", "lowest": low, "highest": high}
        case _:
            listed = _listed(case_of(accepted), name)
            if listed:
                return {"validation": "list", "allowed_values": "\n".join(listed)}
    return {}


def _listed(case: Case, name: str) -> list[str]:
    if case.operand != name or case.operator not in ("in", "equals"):
        return []
    return case.value.split(",")


def _whole(value: Expression) -> int | None:
    match value:
        case tree.Number(number) if number == number.to_integral_value():
            return int(number)
        case tree.Negative(tree.Number(number)) if number == number.to_integral_value():
            return -int(number)
        case _:
            return None
