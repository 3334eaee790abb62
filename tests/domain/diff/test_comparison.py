"""Two flows on one drawing: every change once, in reading order, with what is gone still there."""

from hypothesis import given
from msgspec.structs import replace

from cx_desktop.domain.flow.diff import Mark, compare, field_in_words
from cx_desktop.domain.flow.diff.comparison import ASIDE
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, document_of, flow_of
from cx_desktop.domain.flow.references import Context
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language
from tests.domain.diff.test_changelog import BASE, MENU, flow, linked, node, said, with_node
from tests.domain.flow.strategies import flows

TEXT = Catalogue(resources() / "text", Language.ENGLISH).text


def without(base: Flow, name: str) -> Flow:
    return Flow(
        nodes={key: each for key, each in base.nodes.items() if key != name},
        links={
            key: {way: target for way, target in ways.items() if target != name}
            for key, ways in base.links.items()
            if key != name
        },
    )


def test_an_exit_that_leads_elsewhere_is_one_change() -> None:
    (spot,) = compare(BASE, linked(BASE, "menu", key_2="support")).spots
    assert (spot.mark, spot.node, spot.exit) == (Mark.CHANGED, "menu", "key_2")
    assert (spot.old, spot.new) == ("sales", "support")


def test_links_of_a_node_that_came_or_went_are_part_of_that() -> None:
    found = compare(BASE, without(BASE, "support"))
    assert [(each.mark, each.node, each.exit) for each in found.spots] == [
        (Mark.REMOVED, "menu", "no_input"),
        (Mark.REMOVED, "support", None),
    ]
    assert [each.target for each in found.removed] == ["support"]


def test_changes_are_told_from_left_to_right_and_from_top_to_bottom() -> None:
    def at(name: str, x: float, y: float) -> Node:
        return replace(node(name, "play"), x=x, y=y)

    new = flow(at("right", 900, 0), at("low", 0, 500), at("high", 10, 0))
    assert [each.node for each in compare(Flow(), new).spots] == ["high", "low", "right"]


def test_what_is_gone_lies_below_and_beside_what_took_its_place() -> None:
    new = with_node(without(BASE, "support"), node("other", "hangup"))
    found = compare(BASE, new)
    assert next(iter(found.flow.nodes)) == "support"
    ghost = found.flow.nodes[NodeId("support")]
    assert (ghost.x, ghost.y) == (ASIDE, ASIDE)


def test_a_node_tells_its_fields_before_and_after() -> None:
    changed = replace(MENU, title="Bonjour", props={**MENU.props, "prompt": said("Un.")}, x=40.0)
    found = compare(BASE, with_node(BASE, changed))
    fields = [field_in_words(each, TEXT, Context()) for each in found.fields(NodeId("menu"))]
    assert ("Title", "Accueil", "Bonjour") in fields
    assert any(old == "Tapez un ou deux." and new == "Un." for _, old, new in fields)
    assert ("Place", "0, 0", "40, 0") in fields


def test_a_property_that_nobody_declared_is_told_by_its_own_name() -> None:
    changed = replace(MENU, props={**MENU.props, "vendor_flag": {"a": 1}})
    (field,) = compare(BASE, with_node(BASE, changed)).fields(NodeId("menu"))
    assert field_in_words(field, TEXT, Context()) == ("vendor_flag", "nothing", '{"a":1}')


@given(flows(), flows())
def test_any_comparison_can_be_drawn_and_told(old: Flow, new: Flow) -> None:
    found = compare(old, new)
    assert flow_of(document_of(found.flow)).nodes.keys() == old.nodes.keys() | new.nodes.keys()
    assert len(set(found.spots)) == len(found.spots)
    for spot in found.spots:
        for field in found.fields(spot.node):
            words = field_in_words(field, TEXT, Context())
            assert not [each for each in words if "⟦" in each]
    back = compare(new, old)
    assert found.count(Mark.ADDED) == back.count(Mark.REMOVED)
    assert found.count(Mark.CHANGED) == back.count(Mark.CHANGED)
    assert not compare(old, old).spots


def test_a_link_alone_marks_no_node() -> None:
    found = compare(BASE, linked(BASE, "menu", key_2="support"))
    assert not found.nodes
    assert {(each.exit, each.target) for each in found.added} == {(ExitId("key_2"), "support")}
