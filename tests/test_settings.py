"""Settings are declared once, written whole, and never lost with a damaged file."""

import json
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from platformdirs import PlatformDirs

from cx_desktop.settings import (
    AppSettings,
    Declaration,
    Folders,
    Scheme,
    Section,
    SettingsFile,
    Speech,
    declarations,
    resources,
    spoken,
)
from cx_desktop.text import Catalogue, Language


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "declared", [each for each in declarations() if each.section is not Section.HIDDEN]
)
def test_each_setting_has_its_words(declared: Declaration, language: Language) -> None:
    texts = Catalogue(resources() / "text", language)
    assert texts.has(declared.label_key)
    assert texts.has(declared.help_key)
    if issubclass(declared.kind, StrEnum):
        assert all(texts.has(f"settings.{declared.name}.{each}") for each in declared.kind)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    settings = AppSettings(
        language=Speech.ENGLISH, theme=Scheme.DARK, servers=("https://a", "https://b")
    )
    SettingsFile(path).write(settings)
    assert SettingsFile(path).settings == settings
    assert [each.name for each in path.parent.iterdir()] == ["settings.json"]


def test_only_what_differs_from_the_defaults_is_written(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    SettingsFile(path).write(AppSettings(text_size=120))
    assert json.loads(path.read_text("utf-8")) == {"text_size": 120}


def test_what_a_newer_version_wrote_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"text_size": 110, "from_the_future": [1, 2]}')
    file = SettingsFile(path)
    file.write(file.settings.but({"text_size": 90}))
    assert json.loads(path.read_text("utf-8")) == {"from_the_future": [1, 2], "text_size": 90}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b'{"text_size": 95000}',
        b'{"text_size": true}',
        b'{"text_size": "100"}',
        b'{"theme": "pink"}',
        b'{"servers": [1]}',
        b'{"servers": "https://a"}',
        b'{"tables": {"a": 1}}',
        b'{"is_metered": 1}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_set_aside_and_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    file = SettingsFile(path)
    assert file.settings == AppSettings()
    assert file.set_aside is not None
    assert file.set_aside.read_bytes() == content
    file.write(AppSettings(text_size=120))
    assert SettingsFile(path).settings.text_size == 120
    assert file.set_aside.exists()


def test_a_second_damaged_file_does_not_replace_the_first(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    asides = set()
    for _ in range(3):
        path.write_text("{")
        asides.add(SettingsFile(path).set_aside)
    assert len(asides) == 3


@given(st.binary(max_size=200))
def test_no_file_whatever_stops_the_start(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    path.write_bytes(content)
    assert isinstance(SettingsFile(path).settings, AppSettings)


@pytest.mark.parametrize("named", ["", " ", "/elsewhere"])
def test_the_folders_are_those_of_platformdirs(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", named)
    monkeypatch.setenv("XDG_DATA_HOME", named)
    theirs = PlatformDirs("cx-desktop", appauthor=False, roaming=False)
    ours = Folders.of_this_user()
    assert ours.config == Path(theirs.user_config_dir)
    assert ours.data == Path(theirs.user_data_dir)


def test_a_chosen_language_is_spoken() -> None:
    assert spoken(Speech.ENGLISH) == "en"
    assert spoken(Speech.FRENCH) == "fr"
    assert spoken(Speech.SYSTEM) in {"en", "fr"}
