"""The buttons of the player: to go about in the sound, and how it is heard."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QWidget

from cx_desktop.models.recordings.player import SPEEDS, Player, PlayerState, Voices
from cx_desktop.overrides import override
from cx_desktop.views.recordings.player_words import clock, speed_words, voices_words
from cx_desktop.views.widgets.button import Button, IconButton
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look

#: What is left then: play, five seconds on and back, and the time.
_NARROWEST = 300
_JUMPS = {
    "back-15": (-15, "counter-clockwise", "⇧ ←"),
    "back-5": (-5, "counter-clockwise", "←"),
    "on-5": (5, "clockwise", "→"),
    "on-15": (15, "clockwise", "⇧ →"),
}


class Transport(QWidget):
    """Play and pause, on and back, and where it is."""

    def __init__(self, look: Look, player: Player, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._player = player
        self._is_wordless = False
        self.play = Button(look, "player.play", kind="primary", icon="play")
        self.previous = _small(IconButton(look, "skip-back", "player.previous", shortcut="PgUp"))
        self.next = _small(IconButton(look, "skip-forward", "player.next", shortcut="PgDn"))
        self.jumps = {name: self._jump(name) for name in _JUMPS}
        self.time = Label("", "strong")
        self.time.setMinimumWidth(self.time.fontMetrics().horizontalAdvance("00:00 / 00:00") + 8)
        before, after = list(self.jumps.values())[:2], list(self.jumps.values())[2:]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for each in (self.previous, *before, self.play, *after, self.next):
            row.addWidget(each)
        row.addSpacing(8)
        row.addWidget(self.time)
        row.addStretch(1)
        self.play.clicked.connect(player.toggle)
        self.previous.clicked.connect(lambda: player.step_wanted.emit(-1))
        self.next.clicked.connect(lambda: player.step_wanted.emit(1))
        player.changed.connect(self._show)
        player.moved.connect(self._show_time)
        player.waveform_grown.connect(self._show)
        look.language.follow(self, self._show)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, self.play.sizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        """Leave out what has a key as well, until the rest has room."""
        far = [self.jumps["back-15"], self.jumps["on-15"]]
        others = [self.previous, self.next]
        shown: list[QWidget] = [*self.jumps.values(), *others, self.time]
        words = self.play.fontMetrics().horizontalAdvance(self.play.accessibleName()) + 8
        verb = self.play.sizeHint().width() + (words if self._is_wordless else 0)
        room = width - verb - sum(each.sizeHint().width() + 2 for each in shown) - 12
        self._is_wordless = room < 0
        room += words if self._is_wordless else 0
        for pair in (far, others):
            is_out = room < 0
            for each in pair:
                each.setVisible(not is_out)
            room += sum(each.sizeHint().width() + 2 for each in pair) if is_out else 0
        self._name_play()

    def _name_play(self) -> None:
        wants = self._player.is_playing or self._player.wants_to_play
        words = self._look.language.text("player.pause" if wants else "player.play")
        self.play.setAccessibleName(words)
        self.play.setToolTip(words)
        self.play.setText("" if self._is_wordless else words)

    def _jump(self, name: str) -> IconButton:
        """A button that says by how many seconds it jumps."""
        seconds, turn, shortcut = _JUMPS[name]
        button = IconButton(self._look, f"arrow-{turn}", f"player.{name}", shortcut=shortcut)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setText(str(abs(seconds)))
        button.clicked.connect(lambda: self._player.skip(seconds))
        return _small(button)

    def _show(self) -> None:
        player = self._player
        wants = player.is_playing or player.wants_to_play
        self._name_play()
        self.play.setIcon(self._look.icons.icon("pause" if wants else "play", "on_accent"))
        self.play.setEnabled(player.heard is not None)
        for button in (self.previous, self.next):
            button.setEnabled(player.heard is not None)
        for button in self.jumps.values():
            button.setEnabled(player.state is PlayerState.READY)
        self._show_time()

    def _show_time(self) -> None:
        player, language = self._player, self._look.language
        if player.is_waiting:
            self.time.setText(language.text("player.waiting"))
            return
        self.time.setText(
            language.text("player.time", time=clock(player.place), whole=clock(player.seconds))
        )


class MannerBar(QWidget):
    """The loop, silence, the speed and the voices."""

    def __init__(self, look: Look, player: Player, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._player = player
        self.loop = _small(IconButton(look, "repeat", "player.loop.from", shortcut="L"))
        squeeze = "arrows-in-line-horizontal"
        self.silence = _small(IconButton(look, squeeze, "player.silence", shortcut="S"))
        self.speed = QComboBox()
        self.voices = QComboBox()
        for speed in SPEEDS:
            self.speed.addItem("", speed)
        for voices in Voices:
            self.voices.addItem("", voices)
        for button in (self.loop, self.silence):
            button.setCheckable(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (self.loop, self.silence):
            row.addWidget(widget)
        row.addWidget(self.speed)
        row.addWidget(self.voices, 1)
        look.language.bind(self.speed, self.speed.setAccessibleName, "player.speed")
        look.language.bind(self.voices, self.voices.setAccessibleName, "player.voices")
        self.loop.clicked.connect(player.mark_loop)
        self.silence.clicked.connect(player.skip_silence)
        self.speed.activated.connect(lambda _row: player.set_speed(self.speed.currentData()))
        self.voices.activated.connect(lambda _row: player.hear(self.voices.currentData()))
        player.changed.connect(self._show)
        player.waveform_grown.connect(self._show)
        look.language.follow(self, self._retext)

    def _retext(self) -> None:
        language = self._look.language
        for row, speed in enumerate(SPEEDS):
            self.speed.setItemText(row, speed_words(language, speed))
        for row, voices in enumerate(Voices):
            self.voices.setItemText(row, voices_words(language, voices))
        self._show()

    def _show(self) -> None:
        manner, waveform = self._player.manner, self._player.waveform
        self.speed.setCurrentIndex(SPEEDS.index(min(SPEEDS, key=lambda s: abs(s - manner.speed))))
        self.voices.setCurrentIndex(list(Voices).index(manner.voices))
        self.voices.setEnabled(waveform is None or waveform.sides > 1)
        self.silence.setChecked(manner.skips_silence)
        is_begun = self._player.loop_start is not None
        self.loop.setEnabled(self._player.state is PlayerState.READY)
        self.loop.setChecked(is_begun)
        step = "end" if manner.loop is not None else "to" if is_begun else "from"
        self.loop.say(f"player.loop.{step}")


class Wrapping(QWidget):
    """Two parts side by side; one above the other where there is no room for both."""

    wrapped = Signal(bool)

    def __init__(self, first: QWidget, second: QWidget, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = (first, second)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._row.addWidget(first, 1)
        self._row.addWidget(second)

    @override
    def minimumSizeHint(self) -> QSize:
        widths = [part.minimumSizeHint().width() for part in self._parts]
        return QSize(max(widths), super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        needed = sum(part.sizeHint().width() for part in self._parts) + self._row.spacing()
        is_narrow = event.size().width() < needed
        way = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        if way is not self._row.direction():
            self._row.setDirection(way)
            self.wrapped.emit(is_narrow)
        super().resizeEvent(event)


def _small(button: IconButton) -> IconButton:
    button.setProperty("size", "small")
    return button
