"""How the rules of the analysis speak: one way to make a finding, and what they know of a node."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.flow.graph import ExitId, Node, NodeId
from cx_desktop.domain.flow.kind import Exit, Kind
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.flow.rules import Rule
from cx_desktop.domain.patch import Document

Findings = Iterator[Finding]

NO_LINKS: Mapping[ExitId, NodeId] = {}


def found(
    rule: Rule,
    node: NodeId | None = None,
    *,
    way: str | None = None,
    name: str | None = None,
    params: Mapping[str, str | int] | None = None,
) -> Finding:
    """What a rule has to say, and where."""
    return Finding(rule.id, rule.severity, node, way, name, dict(params or {}))


class Look(NamedTuple):
    """One node with all that its own rules ask of it."""

    node: Node
    kind: Kind
    props: Document
    """The properties, defaults filled in."""
    exits: tuple[Exit, ...]
    links: Mapping[ExitId, NodeId]
    nodes: Mapping[NodeId, Node]
    """All nodes of the flow: whether what this one points to exists."""
    meta: Document
    context: Context
    language: str
    """The language in which the flow speaks; "" where it may change on the way."""

    @property
    def spoken(self) -> str:
        """The language in which this node speaks; "" where it may be any."""
        told = self.props.get("language")
        return told if isinstance(told, str) and told not in ("", "inherit") else self.language
