"""References: what a flow points to, and names for ids when it leaves the project."""

from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.flow.graph import Flow, Node, NodeId
from cx_desktop.domain.flow.references import Context, Reference, references, to_ids, to_names
from tests.domain.flow.strategies import IDS, flows

FLOW = Flow(
    meta={"operator": "queue", "spoken_language": "fr-FR"},
    nodes={
        NodeId("queue"): Node(
            NodeId("queue"),
            "transfer_queue",
            props={
                "queue": "q1",
                "music": "p1",
                "waiting_prompt": [{"type": "audio", "ref": "p2"}, {"type": "text", "text": "p1"}],
            },
        ),
        NodeId("menu"): Node(
            NodeId("menu"), "menu", props={"retry_prompts": [[{"type": "audio", "ref": "p1"}], 3]}
        ),
        NodeId("jump"): Node(NodeId("jump"), "goto_node", props={"target": "menu"}),
        NodeId("more"): Node(NodeId("more"), "subflow", props={"flow": "f1"}),
        NodeId("odd"): Node(NodeId("odd"), "transfer_queue", props={"queue": 7, "music": ""}),
    },
)
KNOWN = Context(
    queues={"q1": "Ventes", "q2": "Atelier"},
    prompts={"p1": "Musique", "p2": "Annonce"},
    flows={"f1": "Accueil", "f2": "Accueil"},
)


def test_every_reference_is_told_with_its_place() -> None:
    assert list(references(FLOW)) == [
        Reference(None, "operator", "node", "queue"),
        Reference(NodeId("queue"), "queue", "queue", "q1"),
        Reference(NodeId("queue"), "music", "prompt", "p1"),
        Reference(NodeId("queue"), "waiting_prompt", "prompt", "p2"),
        Reference(NodeId("menu"), "retry_prompts", "prompt", "p1"),
        Reference(NodeId("jump"), "target", "node", "menu"),
        Reference(NodeId("more"), "flow", "flow", "f1"),
    ]


def test_names_stand_for_ids_outside_the_project_but_not_inside_the_flow() -> None:
    named = to_names(FLOW, KNOWN)
    assert [(each.property, each.target) for each in references(named)] == [
        ("operator", "queue"),
        ("queue", "Ventes"),
        ("music", "Musique"),
        ("waiting_prompt", "Annonce"),
        ("retry_prompts", "Musique"),
        ("target", "menu"),
        ("flow", "f1"),
    ]
    assert to_ids(named, KNOWN) == FLOW


def test_a_name_that_two_objects_bear_says_nothing() -> None:
    flow = Flow(nodes={NodeId("n"): Node(NodeId("n"), "goto_flow", props={"flow": "Accueil"})})
    assert to_ids(flow, KNOWN) == flow


def test_an_unknown_name_stays_to_be_found_missing() -> None:
    flow = Flow(nodes={NodeId("n"): Node(NodeId("n"), "set_queue", props={"queue": "Nobody"})})
    assert to_ids(flow, KNOWN) == flow


def test_where_nothing_is_known_nothing_is_renamed() -> None:
    assert to_names(FLOW, Context()) == FLOW
    assert to_ids(FLOW, Context()) == FLOW


NAMES = st.dictionaries(IDS, st.text(min_size=1, max_size=3), max_size=6)
CONTEXTS = st.builds(Context, queues=NAMES, schedules=NAMES, prompts=NAMES, flows=NAMES)


@given(flows(), CONTEXTS)
def test_what_is_known_comes_back_by_its_name(flow: Flow, context: Context) -> None:
    back = to_ids(to_names(flow, context), context)
    for before, after in zip(references(flow), references(back), strict=True):
        known = context.names_of(before.refers_to) or {}
        if before.target in known or before.target not in known.values():
            assert after == before
