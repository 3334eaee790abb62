"""A call in words: every line has them, in both languages."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings

from cx_desktop.domain.flow.behaviour import By, End, Key, Silence
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.simulate import World, replay
from cx_desktop.domain.flow.simulate.transcript import Who, spelled, transcript
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language
from tests.domain.flow.playable import TRULY
from tests.domain.simulate.test_calls import call_by

CATALOGUES = {each: Catalogue(resources() / "text", each) for each in Language}


def keys() -> Iterator[str]:
    yield from (f"call.ended.{each}" for each in End)
    unnamed = {By.LINK, By.INSTEAD, By.NOTHING, *(by for by in By if by.startswith("on_"))}
    yield from (f"call.by.{each}" for each in unnamed)
    yield from (f"call.left.{each}" for each in By if each is not By.LINK)


@pytest.mark.parametrize("language", Language)
def test_every_way_a_call_can_go_has_words(language: Language) -> None:
    assert [each for each in keys() if not CATALOGUES[language].has(each)] == []


@settings(max_examples=60)
@given(TRULY)
def test_every_line_of_any_call_is_in_words(chance: Random) -> None:
    world, script = call_by(chance)
    call = replay("main", world, script)
    for language in Language:
        words = CATALOGUES[language].text
        assert not [each for each in transcript(call) if "⟦" in spelled(each, words)]


def test_a_call_reads_like_a_conversation() -> None:
    prompt = [{"type": "text", "text": "Pour les ventes, tapez 1."}]
    sorry = [{"type": "text", "text": "Pardon ?"}]
    bye = [{"type": "text", "text": "Au revoir."}]
    nodes = [
        Node(NodeId("start"), "start"),
        Node(
            NodeId("m"), "menu", props={"prompt": prompt, "keys": ["1"], "retry_prompts": [sorry]}
        ),
        Node(NodeId("bye"), "hangup", props={"prompt": bye}),
    ]
    flow = Flow(
        nodes={each.id: each for each in nodes},
        links={
            NodeId("start"): {ExitId("next"): NodeId("m")},
            NodeId("m"): {ExitId("key_1"): NodeId("bye")},
        },
    )
    world = World(flows={"main": flow}, started=datetime(2026, 11, 23, 9, tzinfo=UTC))
    call = replay("main", world, [None, Silence(), Key("1"), None])
    words = CATALOGUES[Language.FRENCH].text
    said = [(each.who, spelled(each, words)) for each in transcript(call)]
    assert [each for each in said if each[0] is not Who.NOTE] == [
        (Who.FLOW, "Pour les ventes, tapez 1."),
        (Who.CALLER, "Ne fait rien."),
        (Who.FLOW, "Pardon ?"),
        (Who.CALLER, "Tape 1."),
        (Who.FLOW, "Au revoir."),
    ]
    assert said[-1] == (Who.NOTE, "Fin après un message.")
