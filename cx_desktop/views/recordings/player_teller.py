"""Tells screen readers what their users did with the player, and never talks over the sound."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from cx_desktop.models.recordings.player import Player
from cx_desktop.views.recordings.player_words import place_words, speed_words, spoken
from cx_desktop.views.widgets.look import Look

#: Somebody who holds a key down hears where it ended, not each step.
_REST_MS = 350


class PlayerTeller(QObject):
    """Says the place after a jump, and a manner of listening that keys changed."""

    told = Signal(str)

    def __init__(self, look: Look, player: Player, voice: QWidget) -> None:
        super().__init__(voice)
        self._look = look
        self._player = player
        self._voice = voice
        self._manner = player.manner
        self._loop_start = player.loop_start
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._tell_place)
        player.sought.connect(self._rest.start)
        player.changed.connect(self._on_changed)

    def say(self, text: str) -> None:
        """Let a screen reader speak."""
        self.told.emit(text)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._voice, text))

    def _tell_place(self) -> None:
        if not self._player.is_playing and self._player.heard is not None:
            self.say(place_words(self._look.language, self._player))

    def _on_changed(self) -> None:
        before, loop_before = self._manner, self._loop_start
        manner, loop_start = self._player.manner, self._player.loop_start
        self._manner, self._loop_start = manner, loop_start
        language = self._look.language
        if manner.speed != before.speed:
            words = speed_words(language, manner.speed)
            self.say(language.text("player.speed.said", speed=words))
        if manner.loop != before.loop:
            self._tell_loop(manner.loop)
        elif loop_start is not None and loop_before is None:
            time = spoken(language, loop_start)
            self.say(language.text("player.loop.said-from", time=time))

    def _tell_loop(self, loop: tuple[float, float] | None) -> None:
        language = self._look.language
        if loop is None:
            if self._player.heard is not None:
                self.say(language.text("player.loop.said-none"))
            return
        start, end = (spoken(language, each) for each in loop)
        self.say(language.text("player.loop.said", start=start, end=end))
