"""A flow as a value: read from a document, edited without being touched, written back."""

import msgspec
import pytest
from hypothesis import given

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.graph import (
    ExitId,
    Flow,
    Link,
    NodeId,
    changes_between,
    document_of,
    flow_of,
)
from cx_desktop.domain.patch import Change, Document, apply
from cx_desktop.domain.patterns import compiles, matches
from tests.domain.flow.strategies import flows
from tests.fakes import drawing

SHOP = """
    start -next→ menu
    menu -1→ sales / -2→ menu
    sales (transfer_queue) -full→ hangup
"""


def test_a_picture_and_its_flow_say_the_same() -> None:
    assert drawing.picture_of(drawing.flow_of(SHOP)) == (
        "start -next→ menu\nmenu -1→ sales / -2→ menu\nsales (transfer_queue) -full→ hangup"
    )


def test_links_are_told_from_both_ends() -> None:
    flow = drawing.flow_of(SHOP)
    assert flow.start == "start"
    assert flow.target(NodeId("menu"), ExitId("key_1")) == "sales"
    assert flow.target(NodeId("hangup"), ExitId("next")) is None
    assert flow.links_into(NodeId("menu")) == (
        Link(NodeId("start"), ExitId("next"), NodeId("menu")),
        Link(NodeId("menu"), ExitId("key_2"), NodeId("menu")),
    )
    assert Flow().start is None


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"nodes": {"a": {"id": "a"}}}, "kind"),
        ({"nodes": {"a": {"id": "b", "kind": "play"}}}, "nodes['a']"),
        ({"nodes": []}, "nodes"),
        ({"links": {"a": {"next": 3}}}, "links"),
        ({"notes": {"n": {"id": "n", "x": "left"}}}, "x"),
    ],
)
def test_a_document_that_is_no_flow_is_refused_with_its_place(
    document: Document, place: str
) -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        flow_of(document)
    assert place in str(refused.value)


def test_fields_that_we_do_not_know_do_not_disturb() -> None:
    node = {"id": "a", "kind": "play", "colour": "red"}
    assert flow_of({"nodes": {"a": node}, "version": 3}).nodes[NodeId("a")].kind == "play"


def test_what_stays_the_same_is_shared() -> None:
    flow = drawing.flow_of(SHOP)
    after = flow.with_changes([Change(("nodes", "menu", "title"), "Menu")])
    assert after.links is flow.links
    assert after.nodes[NodeId("sales")] is flow.nodes[NodeId("sales")]
    assert [*after.nodes] == [*flow.nodes]


def test_a_whole_part_can_be_replaced() -> None:
    flow = drawing.flow_of(SHOP)
    assert flow.with_changes([Change(("links",), {})]).links == {}


@given(flows(), flows())
def test_the_changes_between_two_flows_lead_from_one_to_the_other(old: Flow, new: Flow) -> None:
    changes = changes_between(old, new)
    assert old.with_changes(changes) == flow_of(apply(document_of(old), changes))
    assert old.with_changes(changes) == new
    assert changes_between(old, old) == ()


@given(flows())
def test_a_flow_comes_back_from_its_document(flow: Flow) -> None:
    assert flow_of(document_of(flow)) == flow


def test_a_broken_pattern_matches_nothing_and_breaks_nothing() -> None:
    assert matches("[0-9]{8}", "12345678")
    assert not matches("[0-9]{8}", "123456789")
    assert not matches("[", "[")
    assert not matches(".*", "\ud800")
    assert not compiles("\ud800")
    assert not compiles("(a{1000}){1000}")


def test_a_fault_of_the_world_tells_its_name_and_values() -> None:
    assert str(CXError("problem.timeout")) == "problem.timeout"
    assert str(CXError("problem.timeout", seconds=3)) == "problem.timeout (seconds=3)"
