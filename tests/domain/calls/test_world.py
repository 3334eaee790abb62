"""A project's own objects make the world of a call."""

from datetime import UTC, datetime

from msgspec.structs import replace

from cx_desktop.domain.calls.world import Objects, world_of
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.simulate import World, begin, run
from cx_desktop.domain.flow.simulate.events import Said, Uttered
from cx_desktop.domain.flow.testing import Given, met
from cx_desktop.domain.prompts import Audio, Prompt, Spoken
from cx_desktop.domain.queues import Queue
from cx_desktop.domain.schedules import schedule_of

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def welcome(language: str) -> Flow:
    start, play = NodeId("start"), NodeId("play")
    parts = [{"type": "audio", "ref": "hello"}, {"type": "text", "text": "Fin."}]
    return Flow(
        meta={},
        nodes={
            start: Node(start, "start", props={"spoken_language": language}),
            play: Node(play, "play", props={"prompt": parts}),
        },
        links={start: {ExitId("next"): play}},
    )


def met_by(language: str) -> World:
    spoken = {
        "fr-FR": Spoken(
            text="Bonjour, nouveau texte.",
            audio=Audio(blob="a" * 64, bytes=10, seconds=4.0, text="Bonjour {caller}."),
        ),
        "en": Spoken(text="Hello."),
    }
    objects = Objects(
        flows={"main": welcome(language)},
        schedules={"week": schedule_of({"weekly": {"mon": [["09:00", "12:00"]]}})},
        queues={"sales": Queue(schedule="week")},
        prompts={"hello": Prompt(languages=spoken), "empty": Prompt()},
    )
    return world_of(objects, NOW)


def said(language: str) -> Said:
    call = run(begin("main", replace(met_by(language), caller="Léa")))
    return next(each for each in call.events if isinstance(each, Said))


def test_a_prompt_is_heard_in_the_language_of_the_call() -> None:
    assert said("fr-FR").text == "Bonjour Léa. Fin."
    assert said("en-GB").text == "Hello. Fin."
    assert said("de").text == "Bonjour Léa. Fin."
    assert said("en-GB").language == "en-GB"


def test_parts_say_which_prompt_they_are_from() -> None:
    assert said("en").parts == (Uttered("Hello.", "hello"), Uttered("Fin."))


def test_the_longest_language_counts_and_texts_last_as_long_as_they_are_read() -> None:
    assert met_by("fr-FR").lengths == {"hello": 4.0}


def test_a_queue_keeps_its_hours_however_it_stands() -> None:
    there = met_by("fr-FR")
    assert there.queues["sales"].hours == "week"
    busy = replace(there.queues["sales"], available=0, hours="")
    assert met(there, Given(queues={"sales": busy})).queues["sales"].hours == "week"
