"""The computer's own voice, where it has one."""

from PySide6.QtCore import QLocale, QObject
from PySide6.QtTextToSpeech import QTextToSpeech


class Voice(QObject):
    """Reads prompts aloud."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        engines = [each for each in QTextToSpeech.availableEngines() if each != "mock"]
        self._speech = QTextToSpeech(engines[0], self) if engines else None

    @property
    def is_there(self) -> bool:
        """Whether this computer can speak at all."""
        speech = self._speech
        return speech is not None and speech.state() is not QTextToSpeech.State.Error

    def say(self, text: str, locale: QLocale) -> None:
        """Read a text; what was being read ends."""
        if self._speech is not None and self.is_there:
            self._speech.stop()
            self._speech.setLocale(locale)
            self._speech.say(text)

    def hush(self) -> None:
        """Say nothing any more."""
        if self._speech is not None:
            self._speech.stop()
