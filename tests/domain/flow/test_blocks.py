"""Building blocks: sound in both languages, put where they cover nothing, linked where wanted."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.finding import Severity
from cx_desktop.domain.flow import blocks, layout, templates
from cx_desktop.domain.flow.findings import findings
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Slot
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.flow.references import Context
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language
from tests.domain.flow.playable import playable_flows
from tests.domain.flow.test_templates import FAULTS, texts

BOTH = ("fr", "en")
EVERY = pytest.mark.parametrize("block", blocks.BLOCKS, ids=lambda each: each.id)


def read(block: blocks.Block, language: str = "fr") -> Flow:
    return blocks.filled((resources() / block.path(language)).read_bytes())


@pytest.mark.parametrize("language", BOTH)
@EVERY
def test_a_block_leaves_open_only_what_a_project_has(block: blocks.Block, language: str) -> None:
    flow = read(block, language)
    found = [each for each in findings(flow) if each.severity is not Severity.INFORMATION]
    assert {(each.rule, each.property) for each in found} <= {
        ("FLW-03", "queue"),
        ("FLW-03", "schedule"),
        ("FLW-03", "box"),
    }
    assert not layout.has_overlaps(flow)
    assert [node.title for node in flow.nodes.values() if not 0 < len(node.title) <= 24] == []


@EVERY
def test_the_two_languages_are_the_same_block(block: blocks.Block) -> None:
    french, english = read(block, "fr"), read(block, "en")
    assert french.links == english.links
    assert {n.id: n.kind for n in french.nodes.values()} == {
        n.id: n.kind for n in english.nodes.values()
    }
    said = [text for node in french.nodes.values() for text in [node.title, *texts(node.props)]]
    assert [text for text in said if FAULTS.search(text)] == []


def test_every_file_belongs_to_a_block_and_every_block_has_words() -> None:
    files = {path.relative_to(resources()) for path in (resources() / "blocks").rglob("*.yaml")}
    assert files == {Path(each.path(language)) for each in blocks.BLOCKS for language in BOTH}
    for tongue in Language:
        catalogue = Catalogue(resources() / "text", tongue)
        for each in blocks.BLOCKS:
            assert catalogue.has(f"block.{each.id}")
            assert catalogue.has(f"block.{each.id}.about")


@EVERY
def test_a_block_follows_the_node_that_leads_to_it(block: blocks.Block) -> None:
    flow = templates.blank()
    flow = Flow(flow.meta, flow.nodes, {})
    start = NodeId("start")
    after = blocks.way_to(flow, start)
    assert after == Slot(start, ExitId("next"))
    made = blocks.inserted(flow, read(block), (0, 0), after=after)
    whole = flow.with_changes(made.changes)
    assert whole.target(start, ExitId("next")) in made.nodes
    assert blocks.way_to(whole, start) is None
    assert not layout.has_overlaps(whole)
    assert sum(node.kind == "start" for node in whole.nodes.values()) == 1


def test_the_only_queue_of_a_project_is_chosen_and_one_of_several_is_not() -> None:
    offer = read(blocks.BLOCKS[3])
    one = blocks.inserted(Flow(), offer, (0, 0), around=Context(queues={"q": "Ventes"}))
    made = Flow().with_changes(one.changes)
    assert made.nodes[NodeId("choose")].props["queue"] == "q"
    two = blocks.inserted(Flow(), offer, (0, 0), around=Context(queues={"q": "V", "r": "S"}))
    assert "queue" not in Flow().with_changes(two.changes).nodes[NodeId("choose")].props


def test_a_node_without_a_free_exit_leads_nowhere_further() -> None:
    end = NodeId("end")
    assert blocks.way_to(Flow(nodes={end: Node(end, "hangup")}), end) is None
    assert blocks.way_to(Flow(), end) is None


@settings(max_examples=40)
@given(playable_flows(), st.sampled_from(blocks.BLOCKS), st.data())
def test_a_block_adds_nodes_and_leaves_what_was_there(
    flow: Flow, block: blocks.Block, data: st.DataObject
) -> None:
    node = data.draw(st.sampled_from(sorted(flow.nodes)))
    made = blocks.inserted(flow, read(block), (0, 0), after=blocks.way_to(flow, node))
    whole = flow.with_changes(made.changes)
    assert flow.nodes.items() <= whole.nodes.items()
    assert len(whole.nodes) == len(flow.nodes) + len(read(block).nodes) - 1
    for each in made.nodes:
        ways = {way.id for way in exits_of(whole.nodes[each])}
        assert whole.links.get(each, {}).keys() <= ways
