"""The language is switched while the program runs."""

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from cx_desktop.models.language import Language
from cx_desktop.settings import resources
from cx_desktop.text import Language as Tongue


@pytest.fixture
def language() -> Language:
    return Language(resources() / "text")


def test_what_is_bound_follows_the_switch(language: Language, qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    language.bind(label, label.setText, "home.title")
    assert label.text() == "Accueil"
    language.switch(Tongue.ENGLISH)
    assert label.text() == "Home"


def test_a_destroyed_owner_is_forgotten(language: Language) -> None:
    owner = QObject()
    told: list[str] = []
    language.bind(owner, told.append, "home.title")
    owner.deleteLater()
    del owner
    language.switch(Tongue.ENGLISH)
    assert told in (["Accueil"], ["Accueil", "Home"])
    language.switch(Tongue.FRENCH)
    assert len(told) <= 3


def test_switching_to_the_same_language_tells_nobody(language: Language, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(language.changed):
        language.switch(Tongue.FRENCH)


@pytest.mark.parametrize(
    ("ago", "french"),
    [
        (timedelta(minutes=3), "13 h 59"),
        (timedelta(days=1), "hier"),
        (timedelta(days=2), "lundi"),
        (timedelta(days=30), "19 octobre 2026"),
    ],
)
def test_a_past_moment_is_as_near_as_a_reader_needs_it(
    language: Language, ago: timedelta, french: str
) -> None:
    now = datetime(2026, 11, 18, 14, 2).astimezone()
    said = language.since(now - ago, now)
    assert said.replace("\N{NO-BREAK SPACE}", " ") == french


def test_numbers_follow_the_language(language: Language) -> None:
    assert language.number(12803).replace("\N{NARROW NO-BREAK SPACE}", " ") == "12 803"
    language.switch(Tongue.ENGLISH)
    assert language.number(12803) == "12,803"
    assert isValid(language)
