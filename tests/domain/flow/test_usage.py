"""Who leads into a flow."""

from cx_desktop.domain.flow.graph import Flow, Node, NodeId
from cx_desktop.domain.flow.usage import Use, callers_of


def leading_to(flow_id: str) -> Flow:
    go = NodeId("go")
    return Flow(nodes={go: Node(go, "goto_flow", props={"flow": flow_id})})


def test_a_flow_that_goes_to_another_uses_it() -> None:
    flows = [("a", "Accueil", leading_to("night")), ("b", "Autre", leading_to("elsewhere"))]
    assert callers_of("night", flows) == (Use("flow", "a", "Accueil", NodeId("go")),)


def test_a_flow_that_goes_to_itself_does_not_count() -> None:
    assert callers_of("a", [("a", "Accueil", leading_to("a"))]) == ()
