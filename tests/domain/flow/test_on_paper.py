"""Flows as diagrams and in words, for people who read them."""

import re
from html import unescape

import pytest
from hypothesis import given, settings

from cx_desktop.domain.flow.booklet import booklet
from cx_desktop.domain.flow.findings import findings
from cx_desktop.domain.flow.formats.detect import read_any
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.mermaid import mermaid
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.patch import Json
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language
from tests.domain.flow.strategies import flows

ENGLISH = Catalogue(resources() / "text", Language.ENGLISH)
FRENCH = Catalogue(resources() / "text", Language.FRENCH)
HOME = read_any(
    (resources() / "demo" / "flows" / "fr" / "accueil-principal.yaml").read_bytes()
).flow


def node(name: str, kind: str, title: str = "", **props: Json) -> Node:
    return Node(NodeId(name), kind, title, dict(props))


FLOW = Flow(
    nodes={
        NodeId("start"): node("start", "start"),
        NodeId("menu"): node(
            "menu",
            "menu",
            'Say "hi" <b>',
            keys=["1"],
            key_labels=[{"key": "1", "label": "Sales"}],
            prompt=[{"type": "text", "text": "Press 1"}, {"type": "audio", "ref": "p"}],
        ),
        NodeId("end"): node("end", "hangup"),
    },
    links={
        NodeId("start"): {ExitId("next"): NodeId("menu")},
        NodeId("menu"): {ExitId("key_1"): NodeId("end"), ExitId("no_input"): NodeId("menu")},
    },
)


def test_a_diagram_has_every_step_with_its_kind_and_every_link_with_its_exit() -> None:
    assert mermaid(FLOW, ENGLISH.text).splitlines() == [
        "flowchart TD",
        '  n0(["Entry"])',
        '  n1[/"Say #34;hi#34; #60;b#62;<br/>Menu"/]',
        '  n2(("End"))',
        '  n0 -->|"next"| n1',
        '  n1 -->|"1 · Sales"| n2',
        '  n1 -->|"no answer"| n1',
    ]


@settings(max_examples=60, deadline=None)
@given(flows())
def test_whatever_a_flow_is_its_diagram_has_one_line_for_each_step_and_link(flow: Flow) -> None:
    lines = mermaid(flow, ENGLISH.text).splitlines()
    there = [link for link in flow.each_link() if link.target in flow.nodes]
    there = [link for link in there if link.node in flow.nodes]
    assert len(lines) == 1 + len(flow.nodes) + len(there)
    assert all(re.fullmatch(r'  n\d+(\W+".*"\W+| -->\|".*"\| n\d+)', line) for line in lines[1:])


def words(page: str) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", page))


def test_on_paper_every_step_has_its_settings_and_where_its_exits_lead() -> None:
    context = Context(prompts={"p": "Music"})
    said = " ".join(words(booklet(FLOW, (), ENGLISH.text, context)).split())
    assert 'Say "hi" <b> · Menu' in said
    assert "Press 1 [Music]" in said
    assert "→ 1 · Sales End" in said
    assert "→ not valid not linked" in said
    assert "No findings." in said


@settings(max_examples=60, deadline=None)
@given(flows())
def test_whatever_a_flow_is_it_can_be_put_in_words(flow: Flow) -> None:
    page = booklet(flow, findings(flow), ENGLISH.text)
    assert page.count("<h3>") == len(flow.nodes)


@pytest.mark.parametrize("texts", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_findings_come_first_with_their_rules_and_places(texts: Catalogue) -> None:
    found = findings(HOME)
    page = words(booklet(HOME, found, texts.text))
    assert found
    assert all(each.rule in page for each in found)
    assert page.index(found[0].rule) < page.index("tapez 1")
