"""The computer's own voice, where it has one."""

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtTextToSpeech import QTextToSpeech

#: Qt's engine for tests, which says nothing.
SILENT = "mock"


class Voice(QObject):
    """Reads texts aloud, one at a time."""

    ended = Signal()  # the text was read to its end

    def __init__(self, engines: tuple[str, ...] | None = None) -> None:
        """``engines`` are Qt’s by name, all there are if none is said; the first one speaks."""
        super().__init__()
        if engines is None:
            engines = tuple(each for each in QTextToSpeech.availableEngines() if each != SILENT)
        self._speech = QTextToSpeech(engines[0], self) if engines else None
        self._is_reading = False
        if self._speech is not None:
            self._speech.stateChanged.connect(self._on_state)

    @property
    def is_there(self) -> bool:
        """Whether this computer can speak at all."""
        speech = self._speech
        return speech is not None and speech.state() is not QTextToSpeech.State.Error

    def say(self, text: str, locale: QLocale) -> None:
        """Read a text; what was being read ends without a word."""
        if self._speech is not None and self.is_there:
            self.hush()
            self._speech.setLocale(locale)
            self._speech.say(text)

    def hush(self) -> None:
        """Say nothing any more."""
        self._is_reading = False
        if self._speech is not None:
            self._speech.stop()

    def _on_state(self, state: QTextToSpeech.State) -> None:
        """An end counts after a beginning: engines tell late that they were stopped."""
        if state is QTextToSpeech.State.Speaking:
            self._is_reading = True
        elif self._is_reading:
            self._is_reading = False
            self.ended.emit()
