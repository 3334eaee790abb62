"""What callers hear is heard here: recordings by the loudspeaker, texts by a voice, in turn."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.audio import Sound, made_from
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.simulate.events import Said, Uttered
from cx_desktop.domain.prompts import Audio
from cx_desktop.models.prompts.sounds import Sounds
from cx_desktop.views.simulator.reading import Reading, Utterance, utterances
from cx_desktop.views.simulator.voice import SILENT, Voice
from tests.fakes.seat import Seat
from tests.fakes.service import RunningService
from tests.fakes.sound import FakeDevices

WAIT = 10_000
UNKNOWN = Audio(blob="0" * 64, bytes=1, seconds=1.0)


def said(*parts: Uttered, language: str = "fr-FR") -> Said:
    return Said(
        at=0.0,
        flow="main",
        node=NodeId("play"),
        prompt=[],
        parts=parts,
        language=language,
        seconds=1.0,
    )


class Listener:
    """Somebody who listens, with a loudspeaker and a voice."""

    def __init__(self, seat: Seat) -> None:
        self.devices = FakeDevices()
        self.workspace = seat.workspace
        self.voices: list[Voice] = []
        self.read: list[str] = []
        self.sounds = Sounds(self.workspace, self.devices, parent=self.workspace)
        self.reading = Reading(self.sounds, voice=self.voice, parent=self.workspace)

    def voice(self) -> Voice:
        self.voices.append(Voice((SILENT,)))
        self.voices[-1].ended.connect(lambda: self.read.append("text"))
        return self.voices[-1]

    def recording(self) -> Audio:
        level = 0.1 * np.sin(np.arange(8_000) / 3)
        made = made_from(Sound(level.astype(np.float32), 8_000))
        project = self.workspace.project.id if self.workspace.project else ""
        blob = self.workspace.cache.blobs.keep(project, made.wave, is_sent=True)
        return Audio(blob=blob, bytes=len(made.wave), seconds=1.0)


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


@pytest.fixture
def listener(qapp: QApplication, service: RunningService, tmp_path: Path) -> Iterator[Listener]:
    assert qapp is not None
    seat = Seat(tmp_path, service)
    yield Listener(seat)
    seat.close()


def test_a_recording_is_taken_in_the_language_of_the_call() -> None:
    french, english = UNKNOWN, Audio(blob="1" * 64, bytes=1, seconds=1.0)
    recordings = {"hello": {"fr-FR": french, "en": english}}
    part = Uttered("Bonjour", "hello")
    assert utterances([said(part)], recordings)[0].audio == french
    assert utterances([said(part, language="en-GB")], recordings)[0].audio == english
    assert utterances([said(part, language="de")], recordings)[0].audio == french
    assert utterances([said(Uttered("", "other"), Uttered("Oui"))], {}) == (
        Utterance("Oui", "fr-FR"),
    )


def test_recordings_and_texts_are_heard_one_after_the_other(
    listener: Listener, qtbot: QtBot
) -> None:
    recording = listener.recording()
    listener.reading.read(
        [
            Utterance("un", "fr-FR", recording),
            Utterance("deux", "fr-FR"),
            Utterance("", "fr-FR", recording),
        ]
    )
    qtbot.waitUntil(lambda: listener.devices.is_playing, timeout=WAIT)
    assert not listener.voices
    listener.devices.end()
    qtbot.waitUntil(lambda: listener.read == ["text"], timeout=WAIT)
    qtbot.waitUntil(lambda: len(listener.devices.played) == 2, timeout=WAIT)


def test_what_comes_next_cuts_off_what_is_heard(listener: Listener, qtbot: QtBot) -> None:
    listener.reading.read([Utterance("un", "fr-FR", listener.recording())])
    qtbot.waitUntil(lambda: listener.devices.is_playing, timeout=WAIT)
    listener.reading.read([Utterance("deux", "fr-FR")])
    assert not listener.devices.is_playing
    qtbot.waitUntil(lambda: listener.read == ["text"], timeout=WAIT)


def test_a_recording_that_is_not_here_is_read(listener: Listener, qtbot: QtBot) -> None:
    listener.reading.read([Utterance("un", "fr-FR", UNKNOWN)])
    qtbot.waitUntil(lambda: listener.read == ["text"], timeout=WAIT)
    assert not listener.devices.played


def test_without_a_voice_somebody_is_told(qapp: QApplication, qtbot: QtBot) -> None:
    assert qapp is not None
    reading = Reading(None, voice=lambda: Voice(()))
    with qtbot.waitSignal(reading.mute, timeout=WAIT):
        reading.read([Utterance("un", "fr-FR", UNKNOWN)])
