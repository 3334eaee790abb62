"""What changes for callers, told in their words; and how the canvas marks it."""

import pytest
from hypothesis import given
from msgspec.structs import replace

from cx_desktop.domain.flow.diff import (
    Changelog,
    Mark,
    calls_of,
    changelog,
    in_words,
    marks,
)
from cx_desktop.domain.flow.diff.words import excerpts
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.references import Context, PromptFacts
from cx_desktop.domain.patch import Document
from cx_desktop.domain.prompts.recording import Recording, recording_of
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language
from tests.domain.flow.strategies import flows


def said(text: str) -> list[Document]:
    return [{"type": "text", "text": text}]


def node(name: str, kind: str, title: str = "", **props: object) -> Node:
    return Node(NodeId(name), kind, title=title, props=props)


def flow(*nodes: Node, **links: dict[str, str]) -> Flow:
    return Flow(
        nodes={each.id: each for each in nodes},
        links={
            NodeId(name): {ExitId(way): NodeId(target) for way, target in ways.items()}
            for name, ways in links.items()
        },
    )


MENU = node("menu", "menu", "Accueil", prompt=said("Tapez un ou deux."), keys=["1", "2"])
SALES = node("sales", "transfer_queue", "Ventes", queue="q1")
SUPPORT = node("support", "transfer_queue", "Support", queue="q2")
NOTE = node("note", "set_var", "Note", assignments=[{"variable": "a", "expression": "1"}])
BASE = flow(
    node("start", "start"),
    MENU,
    SALES,
    SUPPORT,
    start={"next": "menu"},
    menu={"key_1": "sales", "key_2": "sales", "no_input": "support"},
)


def lines(old: Flow, new: Flow, language: Language = Language.ENGLISH) -> list[str]:
    text = Catalogue(resources() / "text", language).text
    context = Context(queues={"q1": "Sales team", "q2": "Support team"})
    return [in_words(each, text, context) for each in changelog(old, new).statements]


def linked(base: Flow, name: str, **ways: str) -> Flow:
    node_id = NodeId(name)
    more = {ExitId(way): NodeId(target) for way, target in ways.items()}
    return replace(base, links={**base.links, node_id: {**base.links.get(node_id, {}), **more}})


def with_node(base: Flow, changed: Node) -> Flow:
    return replace(base, nodes={**base.nodes, changed.id: changed})


def test_a_key_that_leads_elsewhere_is_told_as_a_caller_would() -> None:
    assert lines(BASE, linked(BASE, "menu", key_2="support")) == [
        "“Accueil”: pressing 2 now reaches “Support” instead of “Ventes”."
    ]


def test_steps_that_nobody_hears_are_looked_through() -> None:
    detour = linked(with_node(linked(BASE, "menu", key_2="note"), NOTE), "note", next="sales")
    assert lines(BASE, detour) == []
    assert not changelog(detour, detour).statements


def test_french_speaks_french() -> None:
    (line,) = lines(BASE, linked(BASE, "menu", key_2="support"), Language.FRENCH)
    assert line.startswith("«\u00a0Accueil\u00a0»\u00a0: la touche 2 mène désormais à")


def test_a_new_key_and_what_it_reaches() -> None:
    menu = replace(MENU, props={**MENU.props, "keys": ["1", "2", "3"]})
    new = linked(
        with_node(with_node(BASE, menu), node("bye", "hangup", "Fin", prompt=said("Au revoir."))),
        "menu",
        key_3="bye",
    )
    assert lines(BASE, new) == [
        "“Accueil”: pressing 3 now reaches “Fin”.",
        "“Fin” now says “Au revoir”.",
    ]
    assert lines(new, BASE) == [
        "“Accueil”: pressing 3 is no longer possible; it reached “Fin”.",
        "No call comes to “Fin” any more.",
    ]


def test_an_exit_that_is_cut_ends_the_call() -> None:
    cut = replace(BASE, links={**BASE.links, NodeId("menu"): {ExitId("key_1"): NodeId("sales")}})
    assert "“Accueil”: pressing 2 now reaches the end of the call instead of “Ventes”." in lines(
        BASE, cut
    )


def test_other_words_are_quoted_and_counted() -> None:
    longer = replace(MENU, props={**MENU.props, "prompt": said("Pour les ventes, tapez un.")})
    assert lines(BASE, with_node(BASE, longer)) == [
        "“Accueil” now says “Pour les ventes, tapez un” instead of “Tapez un ou deux”."
    ]
    assert changelog(BASE, with_node(BASE, longer)).words == 1


@pytest.mark.parametrize(
    ("props", "line"),
    [
        ({"queue": "q2"}, "“Ventes”, queue: “Support team” instead of “Sales team”."),
        ({"max_wait": 60}, "60\u00a0s instead of 600\u00a0s."),
        ({"announce_position": True}, "yes instead of no."),
    ],
)
def test_other_values_are_told_by_their_names(props: Document, line: str) -> None:
    changed = replace(SALES, props={**SALES.props, **props})
    (found,) = lines(BASE, with_node(BASE, changed))
    assert found.endswith(line) or found == line


def test_a_first_version_says_what_callers_hear_and_where_keys_lead() -> None:
    found = changelog(Flow(), BASE)
    assert found.is_first
    assert lines(Flow(), BASE) == [
        "A call begins with “Accueil”.",
        "“Accueil” now says “Tapez un ou deux”.",
        "“Accueil”: pressing 1 or 2 now reaches “Ventes”.",
    ]


def test_what_is_reached_by_a_way_that_goes_without_saying_is_told_by_itself() -> None:
    spoken = node("play", "play", "Message", prompt=said("Un instant."))
    new = linked(with_node(with_node(BASE, spoken), node("mail", "voicemail", "Boîte")), "start")
    new = linked(linked(new, "menu", no_input="play"), "play", next="mail")
    told = lines(BASE, new)
    assert "Calls can now come to “Boîte”." in told
    assert "Calls can now come to “Message”." not in told


def test_a_call_that_begins_again_goes_to_what_it_begins_with() -> None:
    assert lines(BASE, linked(BASE, "menu", key_2="start")) == [
        "“Accueil”: pressing 2 now reaches “Accueil” instead of “Ventes”."
    ]


def test_a_call_that_begins_elsewhere_is_told() -> None:
    assert lines(BASE, linked(BASE, "start", next="support"))[0] == (
        "A call now begins with “Support” instead of “Accueil”."
    )


def test_a_step_that_only_hangs_up_is_the_end_to_callers() -> None:
    bye = linked(with_node(BASE, node("bye", "hangup", "Fin")), "sales", full="bye")
    assert lines(BASE, bye) == []
    assert lines(BASE, linked(bye, "menu", key_1="bye")) == [
        "“Accueil”: pressing 1 now reaches the end of the call instead of “Ventes”."
    ]


def test_steps_without_a_title_are_told_apart_by_what_they_say() -> None:
    def plays(name: str, words: str) -> Node:
        return node(name, "play", prompt=said(words))

    base = linked(
        with_node(with_node(BASE, plays("one", "Hop.")), plays("two", "")),
        "start",
        next="one",
    )
    assert lines(base, linked(base, "one", next="two")) == [
        "After “Message ‘Hop’”, the call now goes to “Message” instead of the end of the call.",
    ]


def test_of_a_long_text_the_part_that_differs_is_quoted() -> None:
    long = " ".join(f"mot{each}" for each in range(60))
    old, new = excerpts(long, long.replace("mot30", "autre chose"))
    assert old == "…mot26 mot27 mot28 mot29 mot30 mot31 mot32 mot33 mot34…"
    assert new == "…mot26 mot27 mot28 mot29 autre chose mot31 mot32 mot33 mot34…"


def test_recordings_are_called_by_their_words_or_else_by_their_names() -> None:
    def plays(ref: str) -> Flow:
        props = {**MENU.props, "prompt": [{"type": "audio", "ref": ref}]}
        return with_node(BASE, replace(MENU, props=props))

    text = Catalogue(resources() / "text", Language.ENGLISH).text
    context = Context(
        prompts={"p1": "Jingle", "p2": "Welcome", "p3": "Welcome again"},
        prompt_facts={
            "p1": PromptFacts(),
            "p2": PromptFacts({"en-GB": "Good morning."}),
            "p3": PromptFacts({"en-GB": "Good morning."}),
        },
    )

    def said_of(old: str, new: str) -> list[str]:
        found = changelog(plays(old), plays(new)).statements
        return [in_words(each, text, context) for each in found]

    assert said_of("p1", "p2") == ["“Accueil” now says “Good morning” instead of “[Jingle]”."]
    assert said_of("p2", "p3") == ["“Accueil” now says “[Welcome again]” instead of “[Welcome]”."]


def test_words_to_record_are_those_of_texts_that_were_not_said_before() -> None:
    words = " ".join(["mot"] * 31)
    longer = with_node(BASE, replace(MENU, props={**MENU.props, "prompt": said(words)}))
    assert recording_of(BASE, longer) == Recording(words=31, units=2)
    assert recording_of(longer, longer) == Recording()
    again = with_node(longer, node("again", "play", prompt=said(words)))
    assert recording_of(longer, again) == Recording()


def test_a_longer_message_makes_calls_longer() -> None:
    words = " ".join(["mot"] * 150)
    longer = with_node(BASE, replace(MENU, props={**MENU.props, "prompt": said(words)}))
    before, after = (calls_of(each, "f", {}) for each in (BASE, longer))
    assert before.usual is not None
    assert after.usual is not None
    assert after.usual > before.usual + 30
    assert before.messages == after.messages == 0


def test_what_is_only_drawn_elsewhere_is_marked_and_not_told() -> None:
    moved = with_node(BASE, replace(SALES, x=40.0))
    assert changelog(BASE, moved).is_empty
    assert marks(BASE, moved).nodes == {"sales": Mark.MOVED}


def test_marks_keep_what_is_gone_in_view() -> None:
    new = flow(
        BASE.nodes[NodeId("start")],
        replace(MENU, title="Bonjour"),
        SUPPORT,
        start={"next": "menu"},
        menu={"key_1": "support", "no_input": "support"},
    )
    found = marks(BASE, new)
    assert found.nodes == {"menu": Mark.CHANGED, "sales": Mark.REMOVED}
    assert found.flow.nodes.keys() == {"start", "menu", "support", "sales"}
    told = {(each.node, each.exit, each.target): mark for each, mark in found.links.items()}
    assert told == {
        ("menu", "key_1", "support"): Mark.ADDED,
        ("menu", "key_1", "sales"): Mark.REMOVED,
        ("menu", "key_2", "sales"): Mark.REMOVED,
    }


@given(flows(), flows())
def test_any_two_flows_can_be_compared_and_put_in_words(old: Flow, new: Flow) -> None:
    text = Catalogue(resources() / "text", Language.ENGLISH).text
    found: Changelog = changelog(old, new)
    for each in found.statements:
        assert "⟦" not in in_words(each, text)
    back = changelog(new, old)
    assert (found.words, len(marks(old, new).nodes)) == (-back.words, len(marks(new, old).nodes))


@given(flows())
def test_a_flow_differs_in_nothing_from_itself(flow: Flow) -> None:
    assert changelog(flow, flow).is_empty
    assert not marks(flow, flow).nodes
    assert not marks(flow, flow).links
