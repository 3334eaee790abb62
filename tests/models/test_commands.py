"""The command palette finds a verb by any words of it, in either case, without accents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_desktop.models.commands import Command, Commands, fold
from cx_desktop.models.language import Language
from cx_desktop.settings import resources


@pytest.fixture
def language() -> Language:
    return Language(resources() / "text")


def verb(title: str, *, is_enabled: bool = True, ran: list[str] | None = None) -> Command:
    return Command(
        id=title,
        text_key="",
        title=title,
        run=lambda: None if ran is None else ran.append(title),
        is_enabled=lambda: is_enabled,
    )


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("", "Verrouiller"),
        ("verr", "Verrouiller"),
        ("DECON", "Se déconnecter"),
        ("déco", "Se déconnecter"),
        ("theme somb", "Passer au thème sombre"),
        ("sombre passer", "Passer au thème sombre"),
        ("oeuvre", "Œuvre complète"),
        ("oe", "Œuvre complète"),
        ("ptsombre", "Passer au thème sombre"),
    ],
)
def test_typed_words_find_their_verb(language: Language, typed: str, first: str) -> None:
    commands = Commands()
    commands.add(
        verb("Verrouiller"),
        verb("Se déconnecter"),
        verb("Passer au thème sombre"),
        verb("Œuvre complète"),
    )
    found = commands.matching(typed, language)
    assert found
    assert found[0].words == first


def test_a_words_start_weighs_more_than_its_middle(language: Language) -> None:
    commands = Commands()
    commands.add(verb("Déverrouiller"), verb("Verrouiller"))
    assert commands.matching("verr", language)[0].words == "Verrouiller"


def test_what_does_not_answer_is_not_listed(language: Language) -> None:
    commands = Commands()
    commands.add(verb("Verrouiller"))
    assert commands.matching("publier", language) == []


def test_a_disabled_verb_is_listed_and_does_not_run(language: Language) -> None:
    ran: list[str] = []
    commands = Commands()
    commands.add(verb("Publier", is_enabled=False, ran=ran))
    assert commands.matching("publ", language)
    assert not commands.run("Publier")
    assert ran == []


def test_what_a_page_added_it_takes_away(language: Language) -> None:
    commands = Commands()
    forget = commands.add(verb("Publier"))
    source = commands.add_source(lambda: [verb("Nuit")])
    assert len(commands.matching("", language)) == 2
    forget()
    source()
    assert commands.matching("", language) == []


def test_two_verbs_of_one_name_are_a_mistake() -> None:
    commands = Commands()
    commands.add(verb("Publier"))
    with pytest.raises(ValueError, match="already"):
        commands.add(verb("Publier"))


@pytest.mark.parametrize(("text", "folded"), [("Œuvre ÉTÉ", "oeuvre ete"), ("ñ ß æ", "n ss ae")])
def test_folding_takes_accents_away_and_writes_ligatures_out(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=30), st.text(max_size=8))
def test_marks_lie_within_the_words(words: str, typed: str) -> None:
    commands = Commands()
    commands.add(verb(words or "x"))
    language = Language(resources() / "text")
    for match in commands.matching(typed, language):
        assert all(0 <= mark < len(match.words) for mark in match.marks)
