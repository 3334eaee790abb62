"""Facts about objects, read from documents that anybody may have written."""

from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.flow.analysis.facts import (
    facts_of_flows,
    facts_of_prompt,
    facts_of_schedule,
)
from cx_desktop.domain.flow.references import PromptFacts, ScheduleFacts
from cx_desktop.domain.patch import Document, Json
from tests.domain.flow.strategies import JSON

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def week(*hours: Json) -> Document:
    return {"weekly": {day: list(hours) for day in DAYS}}


def test_usual_hours_open_and_close() -> None:
    usual = week(["09:00", "18:00"]) | {"public_holidays": "fr"}
    assert facts_of_schedule(usual) == ScheduleFacts()


def test_a_week_without_hours_never_opens_unless_a_date_does() -> None:
    assert not facts_of_schedule(week()).opens
    assert not facts_of_schedule({}).opens
    fair: Document = {"exceptions": {"a": {"first": "2026-12-05", "hours": [["10:00", "18:00"]]}}}
    assert facts_of_schedule(week() | fair).opens


def test_hours_around_the_clock_never_close_unless_a_date_does() -> None:
    always = week(["00:00", "24:00"])
    assert not facts_of_schedule(always).closes
    assert facts_of_schedule(always | {"public_holidays": "fr"}).closes
    closed: Document = {"exceptions": {"a": {"first": "2026-12-25"}}}
    assert facts_of_schedule(always | closed).closes
    assert facts_of_schedule({"weekly": {"mon": [["00:00", "24:00"]]}}).closes


def test_holidays_are_known_by_a_territory_or_by_dates() -> None:
    assert not facts_of_schedule(week(["09:00", "18:00"])).knows_holidays


def test_a_prompt_has_words_or_a_sound_or_nothing() -> None:
    said: Document = {"languages": {"fr-FR": {"text": "Bonjour."}, "en-GB": {}}}
    assert facts_of_prompt(said) == PromptFacts({"fr-FR": "Bonjour."})
    sound: Document = {"languages": {"fr-FR": {"audio": {"blob": "a"}}}}
    assert facts_of_prompt(sound) == PromptFacts({"fr-FR": ""})
    assert facts_of_prompt({}) == PromptFacts()


def test_a_sound_in_which_nothing_is_heard_says_nothing() -> None:
    """It is played instead of the text beside it."""
    silent: Document = {"blob": "a", "seconds": 3.0, "is_silent": True}
    heard: Document = {"blob": "b", "seconds": 4.5}
    both: Document = {
        "languages": {"fr-FR": {"text": "Bonjour.", "audio": silent}, "en-GB": {"audio": heard}}
    }
    assert facts_of_prompt(both) == PromptFacts({"en-GB": ""}, seconds={"en-GB": 4.5})


@given(st.dictionaries(st.sampled_from(["weekly", "exceptions", "languages", "nodes"]), JSON))
def test_any_document_is_read(draft: Document) -> None:
    facts_of_schedule(draft)
    facts_of_prompt(draft)
    assert facts_of_flows([("a", draft), ("b", None)]).keys() <= {"a"}
