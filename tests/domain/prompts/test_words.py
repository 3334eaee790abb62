"""Words and studio units, by the rule's own examples."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.domain.prompts import studio_units, units_of, words_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("  \n ", 0),
        ("« … » !", 0),
        ("Bonjour !", 1),
        ("Bonjour\u202f!", 1),
        ("Bonjour ! Comment allez-vous ? « Merci » : à bientôt ;", 6),
        ("Rendez-vous après-demain à Saint-Étienne", 4),
        ("Composez le 01 43 21 23 45", 7),
        ("Composez le 01\u00a043\u00a021\u00a023\u00a045", 3),
        ("1\u202f000\u00a0000 euros", 2),
        ("5\u00a0minutes", 2),
        ("l’heure d’ouverture aujourd'hui", 3),
        ("Bonjour {caller}.", 2),
        ("tapez 1 ; * ; #", 2),
    ],
)
def test_a_word_holds_a_letter_or_a_digit(text: str, words: int) -> None:
    assert words_in(text) == words


@pytest.mark.parametrize(("words", "units"), [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3)])
def test_thirty_words_are_a_unit_and_one_more_is_two(words: int, units: int) -> None:
    assert units_of(words) == units
    assert studio_units("mot " * words) == units


@given(st.integers(0, 10_000))
def test_units_are_the_words_by_thirty_rounded_up(words: int) -> None:
    assert units_of(words) == math.ceil(words / 30)


@given(st.lists(st.sampled_from(["mot", "l’an", "3", "!", "«", "à"]), max_size=40))
def test_white_space_of_any_width_sets_words_apart(pieces: list[str]) -> None:
    assert words_in(" ".join(pieces)) == words_in("\n \t".join(pieces))
