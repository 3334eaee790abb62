"""Who uses what: the flows that lead into one, and all that a flow mentions, node by node."""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from cx_desktop.domain.flow.graph import Flow, Node, NodeId
from cx_desktop.domain.flow.kind import FieldType
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.flow.references import references
from cx_desktop.domain.flow.variables import assigned_by, read_by


class Use(Struct, frozen=True):
    """A number or a flow that needs another object; ``node`` says where in a flow."""

    entity: str
    id: str
    name: str
    node: NodeId | None = None


def callers_of(flow_id: str, flows: Iterable[tuple[str, str, Flow]]) -> tuple[Use, ...]:
    """The flows, given as id, name and graph, that lead into one; itself does not count."""
    uses = []
    for other_id, name, flow in flows:
        if other_id == flow_id:
            continue
        places = [
            each.node
            for each in references(flow)
            if each.refers_to == "flow" and each.target == flow_id
        ]
        if places:
            uses.append(Use(entity="flow", id=other_id, name=name, node=places[0]))
    return tuple(uses)


class How(StrEnum):
    """In what way a place uses something; ``everywhere.how.<value>``."""

    USES = "uses"
    READS = "reads"
    SETS = "sets"
    CALLS = "calls"
    """It leads into a flow, or dials a number."""
    ANSWERS = "answers"
    """It is the number that a flow answers."""


class Mention(NamedTuple):
    """One place of a flow that uses something: an object by its id, a variable or a number."""

    type: str
    """queue, schedule, prompt, flow, variable or number."""
    target: str
    node: NodeId | None
    property: str = ""
    """"" where it is the node as a whole."""
    how: How = How.USES


def mentions(flow: Flow) -> Iterator[Mention]:
    """Everything that a flow uses, by the place that does; variables and numbers too."""
    for each in references(flow):
        if each.refers_to != "node":
            how = How.CALLS if each.refers_to == "flow" else How.USES
            yield Mention(each.refers_to, each.target, each.node, each.property, how)
    for node in flow.nodes.values():
        yield from _variables(node)
        yield from _numbers(node)


def _variables(node: Node) -> Iterator[Mention]:
    for name in dict.fromkeys(each.name for each in assigned_by(node)):
        if not name.endswith("*"):
            yield Mention("variable", name, node.id, "", How.SETS)
    for each in read_by(node):
        yield Mention("variable", each.name, node.id, each.property, How.READS)


def _numbers(node: Node) -> Iterator[Mention]:
    for each in kind_of(node).properties:
        value = node.props.get(each.name)
        if each.type is FieldType.NUMBER and isinstance(value, str):
            number = _SPACES.sub("", value)
            if _NUMBER.fullmatch(number):
                yield Mention("number", number, node.id, each.name, How.CALLS)


_SPACES = re.compile(r"[\s.()-]+")
_NUMBER = re.compile(r"\+[1-9]\d{3,14}")
