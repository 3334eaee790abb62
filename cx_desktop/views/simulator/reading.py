"""What a caller hears, heard here too: recordings as they are, the rest by the computer's voice."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QLocale, QObject, Signal

from cx_desktop.domain.flow.simulate.events import Said
from cx_desktop.domain.prompts import Audio
from cx_desktop.models.prompts.sounds import Sounds
from cx_desktop.models.simulation_world import Recordings

if TYPE_CHECKING:
    from cx_desktop.views.simulator.voice import Voice

#: The name under which a recording is heard.
_NAME = "simulator"


class Utterance(Struct, frozen=True):
    """One thing to be heard."""

    text: str
    language: str
    audio: Audio | None = None


def utterances(said: Iterable[Said], recordings: Recordings) -> tuple[Utterance, ...]:
    """What is heard, part by part; a part of which nothing is known is left out."""
    parts = (
        Utterance(part.text, each.language, _audio(recordings.get(part.prompt, {}), each.language))
        for each in said
        for part in each.parts
    )
    return tuple(each for each in parts if each.text.strip() or each.audio is not None)


class Reading(QObject):
    """Reads one thing after another; new ones cut off what is being heard, as a key does."""

    mute = Signal()  # there is something to hear, and nothing to hear it with

    def __init__(
        self,
        sounds: Sounds | None,
        *,
        voice: "Callable[[], Voice]",
        parent: QObject | None = None,
    ) -> None:
        """``voice`` is asked for at the first text: it loads sound drivers."""
        super().__init__(parent)
        self._sounds = sounds
        self._make_voice = voice
        self._voice: Voice | None = None
        self._waiting: deque[Utterance] = deque()
        self._heard: Utterance | None = None
        if sounds is not None:
            sounds.ended.connect(self._on_sound_ended)
            sounds.failed.connect(self._on_sound_failed)

    def read(self, wanted: Iterable[Utterance]) -> None:
        """Let these be heard, from now on."""
        self.hush()
        self._waiting.extend(wanted)
        self._go_on()

    def hush(self) -> None:
        """Nothing is heard any more."""
        self._waiting.clear()
        heard, self._heard = self._heard, None
        if self._voice is not None:
            self._voice.hush()
        if self._sounds is not None and heard is not None and heard.audio is not None:
            self._sounds.stop()

    def _go_on(self) -> None:
        self._heard = self._waiting.popleft() if self._waiting else None
        if self._heard is None:
            return
        sounds, audio = self._sounds, self._heard.audio
        if audio is not None and sounds is not None and not sounds.why_not_play():
            sounds.hear_kept(_NAME, audio)
        else:
            self._say(self._heard)

    def _say(self, wanted: Utterance) -> None:
        if not wanted.text.strip():
            self._go_on()
            return
        if self._voice is None:
            self._voice = self._make_voice()
            self._voice.setParent(self)
            self._voice.ended.connect(self._go_on)
        if self._voice.is_there:
            self._voice.say(wanted.text, QLocale(wanted.language))
        else:
            self._waiting.clear()
            self._heard = None
            self.mute.emit()

    def _on_sound_ended(self, name: str) -> None:
        if name == _NAME and self._heard is not None:
            self._go_on()

    def _on_sound_failed(self, _error: object) -> None:
        """A sound that cannot be heard is read: its words are there, or it is passed over."""
        heard = self._heard
        if heard is not None and heard.audio is not None:
            self._heard = Utterance(heard.text, heard.language)
            self._say(self._heard)


def _audio(known: Mapping[str, Audio], language: str) -> Audio | None:
    first = next(iter(known.values()), None)
    return known.get(language) or known.get(language.partition("-")[0]) or first
