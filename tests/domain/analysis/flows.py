"""Flows for the tests of the analysis: a picture, and properties for some of its nodes."""

from collections.abc import Mapping

from msgspec.structs import replace

from cx_desktop.domain.flow.analysis.facts import facts_of_flow
from cx_desktop.domain.flow.findings import Context, findings
from cx_desktop.domain.flow.graph import Flow, NodeId
from cx_desktop.domain.flow.references import FlowFacts
from cx_desktop.domain.patch import Document, Json
from tests.fakes import drawing


def says(text: str) -> Json:
    """A prompt of one text."""
    return [{"type": "text", "text": text}]


GOODBYE: Document = {"prompt": says("Au revoir.")}


def flow(
    picture: str, props: Mapping[str, Document] | None = None, meta: Document | None = None
) -> Flow:
    """The flow of a picture; a hang-up says goodbye unless told otherwise."""
    drawn = drawing.flow_of(picture)
    given = {node: GOODBYE for node, each in drawn.nodes.items() if each.kind == "hangup"}
    given |= {NodeId(node): each for node, each in (props or {}).items()}
    return replace(
        drawn,
        meta=meta or {},
        nodes=drawn.nodes
        | {
            node: replace(drawn.nodes[node], props=drawn.nodes[node].props | each)
            for node, each in given.items()
        },
    )


def found(flow: Flow, *rules: str, context: Context | None = None) -> list[tuple[str, str, str]]:
    """Rule, node, and exit or property of the findings by these rules."""
    return [
        (each.rule, each.node or "", each.exit or each.property or "")
        for each in findings(flow, context)
        if each.rule in rules
    ]


def params(flow: Flow, rule: str, context: Context | None = None) -> list[dict[str, str | int]]:
    """What fills the words of the findings by a rule."""
    return [each.params for each in findings(flow, context) if each.rule == rule]


def facts(flows: Mapping[str, Flow]) -> dict[str, FlowFacts]:
    """What the rules are told of other flows."""
    return {name: facts_of_flow(each) for name, each in flows.items()}
