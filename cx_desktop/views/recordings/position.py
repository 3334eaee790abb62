"""Where the player is, as a slider: what a screen reader takes hold of."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFocusEvent
from PySide6.QtWidgets import QSlider, QWidget

from cx_desktop.models.recordings.player import Player
from cx_desktop.overrides import override
from cx_desktop.views.recordings.player_words import place_words
from cx_desktop.views.widgets.look import Look


class PositionSlider(QSlider):
    """Counts in seconds; its words say the time and who speaks."""

    def __init__(self, look: Look, player: Player, *, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = look
        self._player = player
        self.setSingleStep(5)
        self.setPageStep(15)
        self.setTracking(True)
        look.language.bind(self, self.setAccessibleName, "player.position")
        self.actionTriggered.connect(self._on_action)
        player.changed.connect(self._show)
        player.moved.connect(self._show_place)
        player.waveform_grown.connect(self._show)
        self._show()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self.describe()
        super().focusInEvent(event)

    def describe(self) -> None:
        """Put the place into words; not while it plays, or nobody would hear anything else."""
        self.setAccessibleDescription(place_words(self._look.language, self._player))

    def _show(self) -> None:
        self.setEnabled(self._player.heard is not None)
        self.setMaximum(max(1, round(self._player.seconds)))
        self._show_place()
        if not self._player.is_playing:
            self.describe()

    def _show_place(self) -> None:
        """Follow the sound; a screen reader would read out each second of it."""
        is_told = self._player.is_playing and QAccessible.isActive()
        if not self.isSliderDown() and not is_told:
            self.setValue(round(self._player.place))

    def _on_action(self) -> None:
        self._player.seek(float(self.sliderPosition()))
