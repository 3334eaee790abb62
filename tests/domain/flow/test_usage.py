"""Who leads into a flow."""

from cx_desktop.domain.flow.graph import Flow, Node, NodeId
from cx_desktop.domain.flow.usage import How, Mention, Use, callers_of, mentions


def leading_to(flow_id: str) -> Flow:
    go = NodeId("go")
    return Flow(nodes={go: Node(go, "goto_flow", props={"flow": flow_id})})


def test_a_flow_that_goes_to_another_uses_it() -> None:
    flows = [("a", "Accueil", leading_to("night")), ("b", "Autre", leading_to("elsewhere"))]
    assert callers_of("night", flows) == (Use("flow", "a", "Accueil", NodeId("go")),)


def test_a_flow_that_goes_to_itself_does_not_count() -> None:
    assert callers_of("a", [("a", "Accueil", leading_to("a"))]) == ()


def test_a_flow_mentions_objects_variables_and_numbers_with_their_places() -> None:
    one, two, three = NodeId("one"), NodeId("two"), NodeId("three")
    flow = Flow(
        nodes={
            one: Node(one, "transfer_queue", props={"queue": "q", "music": "m"}),
            two: Node(two, "transfer_number", props={"number": "+33 1 99 00 01 00"}),
            three: Node(
                three,
                "set_var",
                props={"assignments": [{"variable": "total", "expression": "before + 1"}]},
            ),
        }
    )
    assert set(mentions(flow)) == {
        Mention("queue", "q", one, "queue"),
        Mention("prompt", "m", one, "music"),
        Mention("number", "+33199000100", two, "number", How.CALLS),
        Mention("variable", "total", three, "", How.SETS),
        Mention("variable", "before", three, "assignments", How.READS),
    }


def test_a_flow_that_is_called_is_mentioned_as_such() -> None:
    assert Mention("flow", "night", NodeId("go"), "flow", How.CALLS) in mentions(
        leading_to("night")
    )
