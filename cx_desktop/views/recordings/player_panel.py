"""The player: what the sound looks like, where it is, and every way to hear it.

The keys of the time line work in the whole panel; those of ``player_verbs.py`` on the whole page,
so that somebody who writes a note or scores never has to leave the field.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.models.recordings.player import SPEEDS, Player, PlayerState, Voices
from cx_desktop.overrides import override
from cx_desktop.views.recordings.player_teller import PlayerTeller
from cx_desktop.views.recordings.player_words import (
    clock,
    speed_words,
    spoken,
    talk_words,
    voices_words,
)
from cx_desktop.views.recordings.position import PositionSlider
from cx_desktop.views.recordings.timeline import Timeline
from cx_desktop.views.widgets.button import Button, IconButton
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
        self.title = Label("", "strong")
        self.strip = Strip(look)
        self.timeline = Timeline(look, player)
        self.position = PositionSlider(look, player)
        self.time = Label("", "strong")
        self.talk = Label("", "small")
        self.play = Button(look, "player.play", kind="primary", icon="play")
        self._jumps = {
            "previous": IconButton(look, "skip-back", "player.previous", shortcut="PgUp"),
            "back-15": _jump(look, "counter-clockwise", "player.back-15", "⇧ ←"),
            "back-5": _jump(look, "counter-clockwise", "player.back-5", "←"),
            "on-5": _jump(look, "clockwise", "player.on-5", "→"),
            "on-15": _jump(look, "clockwise", "player.on-15", "⇧ →"),
            "next": IconButton(look, "skip-forward", "player.next", shortcut="PgDn"),
        }
        self.loop = IconButton(look, "repeat", "player.loop.from", shortcut="L")
        self.silence = IconButton(look, "arrows-in-line-horizontal", "player.silence", shortcut="S")
        self.speed = QComboBox()
        self.voices = QComboBox()
        self.zoom_in = IconButton(look, "magnifying-glass-plus", "player.zoom-in", shortcut="+")
        self.zoom_out = IconButton(look, "magnifying-glass-minus", "player.zoom-out", shortcut="−")
        self.teller = PlayerTeller(look, player, self.timeline)
        self._fill()
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
        else:
            self.timeline.keyPressEvent(event)

    def change_speed(self, step: int) -> None:
        """To the next speed that is offered, or the one before."""
        speeds = list(SPEEDS)
        now = min(range(len(speeds)), key=lambda n: abs(speeds[n] - self._player.manner.speed))
        self._player.set_speed(speeds[max(0, min(len(speeds) - 1, now + step))])

    def _fill(self) -> None:
        for speed in SPEEDS:
            self.speed.addItem("", speed)
        for voices in Voices:
            self.voices.addItem("", voices)
        for each in (self.loop, self.silence):
            each.setCheckable(True)
        language = self._look.language
        language.bind(self, self.setAccessibleName, "player.panel")
        language.bind(self.speed, self.speed.setAccessibleName, "player.speed")
        language.bind(self.voices, self.voices.setAccessibleName, "player.voices")
        language.bind(self.talk, self.talk.setToolTip, "player.talk.help")

    def _lay_out(self) -> None:
        head, row = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        head.addWidget(self.talk)
        head.addWidget(self.zoom_out)
        head.addWidget(self.zoom_in)
        row.setSpacing(4)
        jumps = list(self._jumps.values())
        controls: tuple[QWidget, ...] = (*jumps[:3], self.play, *jumps[3:])
        for control in controls:
            row.addWidget(control)
        row.addSpacing(8)
        row.addWidget(self.time)
        row.addStretch(1)
        manner: tuple[QWidget, ...] = (self.loop, self.silence, self.speed, self.voices)
        for control in manner:
            row.addWidget(control)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.strip)
        layout.addWidget(self.timeline, 1)
        layout.addWidget(self.position)
        layout.addLayout(row)

    def _connect(self) -> None:
        player = self._player
        self.play.clicked.connect(player.toggle)
        for name, seconds in (("back-15", -15), ("back-5", -5), ("on-5", 5), ("on-15", 15)):
            self._jumps[name].clicked.connect(lambda _=False, by=seconds: player.skip(by))
        self._jumps["previous"].clicked.connect(lambda: player.step_wanted.emit(-1))
        self._jumps["next"].clicked.connect(lambda: player.step_wanted.emit(1))
        self.loop.clicked.connect(player.mark_loop)
        self.silence.clicked.connect(player.skip_silence)
        self.speed.activated.connect(lambda _row: player.set_speed(self.speed.currentData()))
        self.voices.activated.connect(lambda _row: player.hear(self.voices.currentData()))
        self.zoom_in.clicked.connect(lambda: self.timeline.zoom(_ZOOM))
        self.zoom_out.clicked.connect(lambda: self.timeline.zoom(1 / _ZOOM))
        self.timeline.zoomed.connect(self._show)
        player.changed.connect(self._show)
        player.moved.connect(self._show_time)
        player.waveform_grown.connect(self._show)
        player.headset_lost.connect(
            lambda: self.strip.say("warn", lambda: self._look.language.text("player.headset"))
        )
        self._look.language.follow(self, self._show)

    def _show(self) -> None:
        player, language = self._player, self._look.language
        wants = player.is_playing or player.wants_to_play
        self.play.say("player.pause" if wants else "player.play")
        self.play.setIcon(self._look.icons.icon("pause" if wants else "play", "on_accent"))
        self.play.setEnabled(player.heard is not None)
        has_sound = player.state is PlayerState.READY
        for name, jump in self._jumps.items():
            jump.setEnabled(
                player.heard is not None and (has_sound or name in {"previous", "next"})
            )
        for each in (self.loop, self.zoom_in, self.zoom_out):
            each.setEnabled(has_sound)
        self.zoom_out.setEnabled(has_sound and not self.timeline.window_seen.is_whole)
        self._show_manner()
        self.talk.setText(talk_words(language, player))
        self._show_trouble()
        self._show_time()

    def _show_manner(self) -> None:
        manner, language = self._player.manner, self._look.language
        for row, speed in enumerate(SPEEDS):
            self.speed.setItemText(row, speed_words(language, speed))
        for row, voices in enumerate(Voices):
            self.voices.setItemText(row, voices_words(language, voices))
        self.speed.setCurrentIndex(SPEEDS.index(min(SPEEDS, key=lambda s: abs(s - manner.speed))))
        self.voices.setCurrentIndex(list(Voices).index(manner.voices))
        waveform = self._player.waveform
        self.voices.setEnabled(waveform is None or waveform.sides > 1)
        self.silence.setChecked(manner.skips_silence)
        is_begun = self._player.loop_start is not None
        self.loop.setChecked(is_begun)
        step = "end" if manner.loop is not None else "to" if is_begun else "from"
        self.loop.say(f"player.loop.{step}")

    def _show_trouble(self) -> None:
        player, language = self._player, self._look.language
        problem = player.problem
        if problem is not None:
            ways = (Way("player.retry", player.play),)
            self.strip.say("block", lambda: ". ".join(language.explain(problem)), ways)
        elif player.missing:
            missing = player.missing
            self.strip.say(
                "warn",
                lambda: language.text("player.missing", time=spoken(language, missing)),
            )
        elif player.heard is None or player.is_playing:
            self.strip.clear()

    def _show_time(self) -> None:
        player, language = self._player, self._look.language
        if player.is_waiting:
            self.time.setText(language.text("player.waiting"))
            return
        self.time.setText(
            language.text("player.time", time=clock(player.place), whole=clock(player.seconds))
        )


def _jump(look: Look, turn: str, key: str, shortcut: str) -> IconButton:
    """A button that says by how many seconds it jumps."""
    button = IconButton(look, f"arrow-{turn}", key, shortcut=shortcut)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setText(key.rpartition("-")[2])
    return button
