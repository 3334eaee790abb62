"""Boxes put in line, and kinds found by what people call them."""

import pytest

from cx_desktop.domain.flow.layout.metrics import Box
from cx_desktop.models.arranging import Align, aligned, distributed
from cx_desktop.models.kind_search import KindSearch
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language

BOXES = {"a": Box(0, 0, 100, 40), "b": Box(300, 50, 400, 150), "c": Box(500, 10, 600, 30)}


@pytest.mark.parametrize(
    ("edge", "places"),
    [
        (Align.LEFT, {"a": (0, 0), "b": (0, 50), "c": (0, 10)}),
        (Align.RIGHT, {"a": (500, 0), "b": (500, 50), "c": (500, 10)}),
        (Align.CENTER, {"a": (250, 0), "b": (250, 50), "c": (250, 10)}),
        (Align.TOP, {"a": (0, 0), "b": (300, 0), "c": (500, 0)}),
        (Align.BOTTOM, {"a": (0, 110), "b": (300, 50), "c": (500, 130)}),
        (Align.MIDDLE, {"a": (0, 55), "b": (300, 25), "c": (500, 65)}),
    ],
)
def test_alignment(edge: Align, places: dict[str, tuple[float, float]]) -> None:
    assert aligned(BOXES, edge) == places


def test_gaps_become_equal_and_the_outer_two_stay() -> None:
    places = distributed(BOXES, across=True)
    assert [places[key].x for key in "abc"] == [0, 250, 500]
    assert distributed({"a": BOXES["a"], "b": BOXES["b"]}, across=True) == {}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("needle", "kind"),
    [
        ("messagerie", "voicemail"),
        ("voicemail", "voicemail"),
        ("HORAIRES", "schedule"),
        ("opening hours", "schedule"),
        ("Background", "menu"),
        ("saisie", "collect"),
        ("groupe", "transfer_queue"),
        ("requete", "lookup"),
    ],
)
def test_a_kind_is_found_in_either_language(language: Language, needle: str, kind: str) -> None:
    search = KindSearch(Catalogue(resources() / "text", language))
    assert search.find(needle)[0].kind.id == kind


def test_nonsense_finds_nothing() -> None:
    search = KindSearch(Catalogue(resources() / "text", Language.FRENCH))
    assert search.find("zzzqqq") == []
