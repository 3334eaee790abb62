"""Finding words in the texts of a flow, and putting others there."""

import re
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.graph import Flow, Node, NodeId, Note, NoteId, document_of
from cx_desktop.domain.flow.passages import passages
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.flow.replace import Hit, Replacing, find, replace
from cx_desktop.domain.flow.seeking import Seeker, Wanted
from cx_desktop.domain.patch import apply, inverse
from tests.domain.flow.strategies import flows


def node(name: str, kind: str, title: str = "", **props: object) -> Node:
    return Node(NodeId(name), kind, title, props)


MENU = node(
    "menu",
    "menu",
    "Menu de l’accueil",
    prompt=[{"type": "text", "text": "Pour les ventes, tapez 1. Ventes ou devis."}],
    keys=["1", "2"],
    key_labels=[{"key": "1", "label": "Ventes"}, {"key": "2", "label": "Devis"}],
)
CALL = node("call", "transfer_number", number="+33199000100", ring_timeout=30)
QUEUE = node("queue", "transfer_queue", queue="q-1", max_wait=300)
SET = node("set", "set_var", assignments=[{"variable": "total", "expression": "total + 1"}])
FLOW = Flow(
    nodes={each.id: each for each in (MENU, CALL, QUEUE, SET)},
    notes={NoteId("n"): Note(NoteId("n"), text="Les ventes ferment à 18 h.")},
)
AROUND = Context(queues={"q-1": "Ventes"})


def seeker(text: str, **options: bool) -> Seeker:
    return Seeker(Wanted(text, **options))


def places(hits: Iterable[Hit]) -> list[str]:
    return ["/".join(each.passage.path[1:]) for each in hits]


def done(flow: Flow, replacing: Replacing) -> Flow:
    return flow.with_changes(replacing.changes)


def all_replaced(flow: Flow, text: str, by: str, **options: bool) -> Replacing:
    sought = seeker(text, **options)
    return replace(flow, sought, by, find(flow, sought))


def test_words_are_found_in_titles_values_labels_and_notes_whatever_their_case() -> None:
    assert places(find(FLOW, seeker("ventes"))) == [
        "menu/props/prompt",
        "menu/props/prompt",
        "menu/props/key_labels",
        "n/text",
    ]
    assert len(find(FLOW, seeker("ventes", matches_case=True))) == 2
    assert places(find(FLOW, seeker("l'accueil"))) == ["menu/title"]


def test_a_hit_shows_what_stands_around_it() -> None:
    first, second, *_ = find(FLOW, seeker("ventes"))
    assert (first.before, first.found, first.after[:8]) == ("Pour les ", "ventes", ", tapez ")
    assert second.before.endswith("tapez 1. ")
    long = Flow(nodes={NodeId("a"): node("a", "play", "x" * 60 + "mot" + "y" * 60)})
    (hit,) = find(long, seeker("mot"))
    assert hit.before == "…" + "x" * 40
    assert hit.after == "y" * 40 + "…"


def test_whole_words_have_no_letter_beside_them_not_even_one_with_an_accent() -> None:
    flow = Flow(nodes={NodeId("a"): node("a", "play", "été étés l’été d_été été2")})
    assert [each.span.start for each in find(flow, seeker("été", is_whole_word=True))] == [0, 11]


def test_an_expression_finds_and_its_groups_come_back() -> None:
    made = all_replaced(FLOW, r"tapez (\d)", r"faites le \1", is_expression=True)
    text = done(FLOW, made).nodes[NodeId("menu")].props["prompt"]
    assert text == [{"type": "text", "text": "Pour les ventes, faites le 1. Ventes ou devis."}]


def test_a_broken_expression_or_a_group_it_has_not_is_told() -> None:
    with pytest.raises(CXError, match="search-expression"):
        seeker("(", is_expression=True)
    with pytest.raises(CXError, match="replacement-group"):
        all_replaced(FLOW, "ventes", r"\3", is_expression=True)


def test_only_what_is_ticked_is_replaced() -> None:
    sought = seeker("ventes")
    _first, second, *_ = find(FLOW, sought)
    made = replace(FLOW, sought, "Achats", [second])
    text = done(FLOW, made).nodes[NodeId("menu")].props["prompt"]
    assert text == [{"type": "text", "text": "Pour les ventes, tapez 1. Achats ou devis."}]
    assert made.done == (second,)


def test_a_number_stays_a_number_within_its_bounds() -> None:
    assert done(FLOW, all_replaced(FLOW, "300", "450")).nodes[QUEUE.id].props["max_wait"] == 450
    (refusal,) = all_replaced(FLOW, "300", "cinq").refused.values()
    assert refusal.key == "number"
    (refusal,) = all_replaced(FLOW, "300", "9000").refused.values()
    assert refusal.fault is not None
    assert refusal.fault.rule.id == "FLW-13"


def test_a_telephone_number_that_is_none_is_refused_and_so_is_a_broken_formula() -> None:
    (refusal,) = all_replaced(FLOW, "+33199000100", "bientôt!").refused.values()
    assert refusal.fault is not None
    (refusal,) = all_replaced(FLOW, "total + 1", "total + (").refused.values()
    assert refusal.fault is not None
    assert all_replaced(FLOW, "+33199000100", "").refused


def test_names_of_other_objects_are_found_and_stay() -> None:
    sought = seeker("Ventes", matches_case=True)
    hits = find(FLOW, sought, AROUND)
    assert "queue/props/queue" in places(hits)
    made = replace(FLOW, sought, "Achats", hits)
    assert [each.key for each in made.refused.values()] == ["name"]
    assert done(FLOW, made).nodes[QUEUE.id] == QUEUE


def test_a_hit_whose_words_are_gone_meanwhile_is_left_out() -> None:
    sought = seeker("ventes")
    hits = find(FLOW, sought)
    other = all_replaced(FLOW, "Pour les ventes", "Pour acheter")
    made = replace(done(FLOW, other), sought, "achats", hits)
    assert places(made.done) == ["menu/props/key_labels", "n/text"]


words = st.sampled_from(["a", "e", "1", "on", "Bonjour", " ", "é"])


@settings(max_examples=40)
@given(flows(), words)
def test_replacing_words_by_themselves_changes_nothing(flow: Flow, word: str) -> None:
    assert all_replaced(flow, word, word, matches_case=True).changes == ()


@settings(max_examples=40)
@given(flows(), words)
def test_what_was_replaced_is_found_no_more_and_comes_back(flow: Flow, word: str) -> None:
    made = all_replaced(flow, word, "§")
    after = done(flow, made)
    left = [each for each in find(after, seeker(word)) if not each.passage.is_name]
    kept = {each.passage.path for each in made.refused}
    assert {each.passage.path for each in left} <= kept
    document = document_of(flow)
    assert apply(apply(document, made.changes), inverse(made.changes)) == document


@settings(max_examples=40)
@given(flows(), words)
def test_every_hit_is_done_or_refused_and_nothing_else_moves(flow: Flow, word: str) -> None:
    sought = seeker(word)
    hits = find(flow, sought)
    made = replace(flow, sought, "§", hits)
    assert len(made.done) + len(made.refused) == len(hits)
    assert {each.path for each in made.changes} <= {each.passage.path for each in hits}


@given(st.text(max_size=40), st.text(min_size=1, max_size=3))
def test_places_are_where_the_words_are(text: str, word: str) -> None:
    spans = Seeker(Wanted(word, matches_case=True)).spans(text)
    assert all(0 <= each.start < each.end <= len(text) for each in spans)
    assert all(one.end <= two.start for one, two in pairwise(spans))
    if not set(word) & set("'’‘ \u00a0\u202f"):
        found = [each.start() for each in re.finditer(re.escape(word), text)]
        assert [each.start for each in spans] == found


@settings(max_examples=40)
@given(flows())
def test_every_passage_is_a_text_that_somebody_wrote(flow: Flow) -> None:
    for each in passages(flow):
        assert each.text
        assert each.path[0] in {"nodes", "notes"}
