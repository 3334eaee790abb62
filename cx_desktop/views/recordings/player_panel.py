"""The player: what the sound looks like, where it is, and every way to hear it.

The keys of the time line work in the whole panel; those of ``player_verbs.py`` on the whole page,
so that somebody who writes a note or scores never has to leave the field.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cx_desktop.models.recordings.player import SPEEDS, Player, PlayerState
from cx_desktop.overrides import override
from cx_desktop.views.recordings.player_controls import MannerBar, Transport, Wrapping
from cx_desktop.views.recordings.player_teller import PlayerTeller
from cx_desktop.views.recordings.player_words import spoken, talk_words
from cx_desktop.views.recordings.position import PositionSlider
from cx_desktop.views.recordings.timeline import Timeline
from cx_desktop.views.widgets.button import IconButton
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip, Way

if TYPE_CHECKING:
    from collections.abc import Callable

_ZOOM = 1.6


class PlayerPanel(QWidget):
    """Follows one player."""

    def __init__(self, look: Look, player: Player, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._player = player
        self.strip = Strip(look)
        self.timeline = Timeline(look, player)
        self.position = PositionSlider(look, player)
        self.talk = Label("", "small")
        self.talk.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.transport = Transport(look, player)
        self.manner = MannerBar(look, player)
        self.zoom_in = IconButton(look, "magnifying-glass-plus", "player.zoom-in", shortcut="+")
        self.zoom_out = IconButton(look, "magnifying-glass-minus", "player.zoom-out", shortcut="−")
        self.teller = PlayerTeller(look, player, self.timeline)
        self._lay_out()
        self._connect()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        player = self._player
        verbs: dict[str, Callable[[], object]] = {
            " ": player.toggle,
            "l": player.mark_loop,
            "s": lambda: player.skip_silence(not player.manner.skips_silence),
            ",": lambda: self.change_speed(-1),
            ".": lambda: self.change_speed(1),
        }
        pages = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        verb = verbs.get(event.text().lower())
        if verb is not None:
            verb()
        elif event.key() in pages:
            player.step_wanted.emit(pages[Qt.Key(event.key())])
        elif not self.timeline.answer(event):
            super().keyPressEvent(event)

    def change_speed(self, step: int) -> None:
        """To the next speed that is offered, or the one before."""
        now = min(range(len(SPEEDS)), key=lambda n: abs(SPEEDS[n] - self._player.manner.speed))
        self._player.set_speed(SPEEDS[max(0, min(len(SPEEDS) - 1, now + step))])

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.talk, 1)
        for button in (self.zoom_out, self.zoom_in):
            button.setProperty("size", "small")
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.strip)
        layout.addLayout(head)
        layout.addWidget(self.timeline, 1)
        layout.addWidget(self.position)
        layout.addWidget(Wrapping(self.transport, self.manner))

    def _connect(self) -> None:
        player, language = self._player, self._look.language
        self.zoom_in.clicked.connect(lambda: self.timeline.zoom(_ZOOM))
        self.zoom_out.clicked.connect(lambda: self.timeline.zoom(1 / _ZOOM))
        self.timeline.zoomed.connect(self._show)
        player.changed.connect(self._show)
        player.waveform_grown.connect(self._show)
        player.headset_lost.connect(
            lambda: self.strip.say("warn", lambda: language.text("player.headset"))
        )
        language.bind(self, self.setAccessibleName, "player.panel")
        language.bind(self.talk, self.talk.setToolTip, "player.talk.help")
        language.follow(self, self._show)

    def _show(self) -> None:
        has_sound = self._player.state is PlayerState.READY
        self.zoom_in.setEnabled(has_sound)
        self.zoom_out.setEnabled(has_sound and not self.timeline.window_seen.is_whole)
        self.talk.setText(talk_words(self._look.language, self._player))
        self._show_trouble()

    def _show_trouble(self) -> None:
        player, language = self._player, self._look.language
        problem, missing = player.problem, player.missing
        if problem is not None:
            ways = (Way("player.retry", player.play),)
            self.strip.say("block", lambda: ". ".join(language.explain(problem)), ways)
        elif missing:
            self.strip.say(
                "warn",
                lambda: language.text("player.missing", time=spoken(language, missing)),
            )
        elif player.heard is None or player.is_playing:
            self.strip.clear()
