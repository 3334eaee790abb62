"""What the rules say about prompts, and the way of a studio order."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import pytest

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.domain.prompts import (
    RULES,
    Around,
    Audio,
    Music,
    OrderState,
    Prompt,
    Spoken,
    findings,
    is_outdated,
    languages_of,
    moved,
    ordered,
    prompt_of,
)

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Document

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
BLOB = "a" * 64
GOOD = Audio(blob=BLOB, bytes=16_044, seconds=1.0, loudness=-19.0, peak=-3.0)


def said(prompt: Prompt, around: Around | None = None) -> set[tuple[str, str | None]]:
    return {(each.rule, each.node) for each in findings(prompt, around or Around())}


def recorded(audio: Audio, text: str = "") -> Prompt:
    return Prompt(languages={"fr-FR": Spoken(text=text, audio=audio)})


def test_a_good_recording_and_a_good_text_need_no_word() -> None:
    assert not said(recorded(GOOD))
    assert not said(Prompt(languages={"fr-FR": Spoken(text="Bonjour {caller}.")}))


@pytest.mark.parametrize("languages", [{}, {"fr-FR": Spoken()}, {"fr-FR": Spoken(text="  ")}])
def test_a_prompt_that_says_nothing_is_not_published(languages: dict[str, Spoken]) -> None:
    assert said(Prompt(languages=languages)) == {("PRM-01", None)}


def test_a_language_without_words_is_told_beside_one_that_has_some() -> None:
    prompt = Prompt(languages={"fr-FR": Spoken(text="Bonjour"), "en-GB": Spoken()})
    assert said(prompt) == {("PRM-02", "en-GB")}


def test_a_language_that_a_flow_plays_is_missed() -> None:
    prompt = Prompt(languages={"fr-FR": Spoken(text="Bonjour")})
    around = Around(wanted={"fr-FR": "Accueil", "en-GB": "Accueil"})
    assert said(prompt, around) == {("PRM-03", "en-GB")}


def test_music_needs_a_declaration_and_no_synthetic_voice() -> None:
    played = Prompt(languages={"fr-FR": Spoken(audio=GOOD)}, music=Music(title="Boléro"))
    assert said(played) == {("STU-02", None)}
    declared = msgspec.structs.replace(played, music=Music(sacem="2026-0042"))
    assert not said(declared)
    spoken = Prompt(languages={"fr-FR": Spoken(text="Bonjour")}, music=Music(sacem="2026-0042"))
    assert said(spoken) == {("TTS-02", "fr-FR")}
    assert RULES["STU-02"].severity == RULES["TTS-02"].severity == "blocking"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"is_silent": True, "loudness": None}, "PRM-04"),
        ({"clipped": 12}, "PRM-05"),
        ({"loudness": -41.0}, "PRM-06"),
        ({"loudness": -5.0}, "PRM-07"),
        ({"silent_end": 3.2}, "PRM-08"),
    ],
)
def test_sound_that_callers_would_suffer_from_is_told(
    changes: dict[str, object], rule: str
) -> None:
    assert said(recorded(msgspec.structs.replace(GOOD, **changes))) == {(rule, "fr-FR")}


def test_a_voice_needs_its_option_and_a_file_has_to_be_at_the_service() -> None:
    without = Around(features=frozenset({"ivr"}), held=frozenset())
    assert said(Prompt(languages={"fr-FR": Spoken(text="Bonjour")}), without) == {
        ("PRM-09", "fr-FR")
    }
    assert said(recorded(GOOD), without) == {("PRM-10", "fr-FR")}
    assert not said(recorded(GOOD), Around(held=frozenset({BLOB})))


def test_a_text_that_cannot_be_filled_in_is_shown_at_its_place() -> None:
    (finding,) = findings(Prompt(languages={"fr-FR": Spoken(text="Bonjour {caller")}))
    assert finding.rule == "PRM-11"
    assert str(finding.params["value"]).startswith("{caller")


def test_a_recording_cannot_say_a_variable_nor_words_written_later() -> None:
    assert said(recorded(GOOD, "Bonjour {caller}")) == {("PRM-12", "fr-FR")}
    with_text = msgspec.structs.replace(GOOD, text="Bonjour")
    assert said(recorded(with_text, "Bonjour  \n")) == set()
    assert said(recorded(with_text, "Bonsoir")) == {("PRM-13", "fr-FR")}


def test_an_order_goes_its_way_and_tells_when_the_text_moved_on() -> None:
    spoken = Spoken(text="Bonjour à tous")
    order = ordered(spoken, NOW, voice=" Anne ")
    assert (order.state, order.voice, order.at) == (OrderState.ORDERED, "Anne", NOW)
    spoken = msgspec.structs.replace(spoken, order=order)
    assert not is_outdated(spoken)
    later = msgspec.structs.replace(spoken, text="Bonsoir à tous")
    assert is_outdated(later)
    assert said(Prompt(languages={"fr-FR": later})) == {("PRM-14", "fr-FR")}
    for state in (OrderState.DELIVERED, OrderState.REFUSED, OrderState.DELIVERED):
        order = moved(order, state, NOW)
    assert moved(order, OrderState.ACCEPTED, NOW).state is OrderState.ACCEPTED
    with pytest.raises(ValueError, match="not followed"):
        moved(order, OrderState.ORDERED, NOW)


def test_nothing_to_say_is_nothing_to_order() -> None:
    with pytest.raises(CXError, match="studio-no-words"):
        ordered(Spoken(text=" « ! » "), NOW)


def test_a_prompt_reads_back_as_it_was_written() -> None:
    order = ordered(Spoken(text="Bonjour"), NOW)
    prompt = Prompt(
        languages={"fr-FR": Spoken(text="Bonjour", audio=GOOD, order=order)}, music=Music("Boléro")
    )
    assert prompt_of(msgspec.to_builtins(prompt)) == prompt
    assert prompt.blobs == {BLOB}


def test_a_flow_wants_a_prompt_in_its_language_and_in_those_of_its_nodes() -> None:
    played = [{"type": "audio", "ref": "p1"}]
    flow = flow_of(
        {
            "meta": {"spoken_language": "en-GB"},
            "nodes": {
                "a": {"id": "a", "kind": "play", "props": {"prompt": played}},
                "b": {"id": "b", "kind": "play", "props": {"prompt": played, "language": "de-DE"}},
                "c": {"id": "c", "kind": "play", "props": {"prompt": [], "language": "it-IT"}},
            },
            "links": {},
            "notes": {},
        }
    )
    assert languages_of(flow, "p1") == {"en-GB", "de-DE"}
    assert languages_of(flow, "p2") == set()
    changing: Document = {"id": "d", "kind": "config", "props": {"language": "es-ES"}}
    document = msgspec.to_builtins(flow)
    document["nodes"]["d"] = changing
    assert languages_of(flow_of(document), "p1") == {"de-DE"}
    assert languages_of(msgspec.structs.replace(flow, meta={}), "p1") == {"fr-FR", "de-DE"}
