"""The player's verbs on the whole page: with keys that no field needs, for hands that write.

They are those of transcribers' programs (F7, F8, F9), and the keyboard's own keys for media.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from cx_desktop.models.commands import Command, Commands, Scope
from cx_desktop.models.recordings.player import Player
from cx_desktop.views.flow_editor.verbs import Verbs
from cx_desktop.views.recordings.player_panel import PlayerPanel
from cx_desktop.views.widgets.look import Look


class PlayerVerbs(QObject):
    """Lists the verbs in the palette and answers their keys while the page is in view."""

    def __init__(
        self, look: Look, panel: PlayerPanel, player: Player, commands: Commands, *, page: QWidget
    ) -> None:
        super().__init__(page)
        self._verbs = Verbs(look, commands, self)
        self._verbs.add([page], *_commands(panel, player))
        for key, run in _media_keys(player):
            shortcut = QShortcut(QKeySequence(key), page)
            shortcut.activated.connect(run)

    def close(self) -> None:
        """Take the verbs away."""
        self._verbs.close()


def _commands(panel: PlayerPanel, player: Player) -> tuple[Command, ...]:
    def is_there() -> bool:
        return player.heard is not None

    def command(name: str, shortcut: str, icon: str, run: Callable[[], object]) -> Command:
        return Command(
            id=f"player.{name}",
            text_key=f"player.{name}",
            run=run,
            shortcut=shortcut,
            is_enabled=is_there,
            reason_key="player.nothing",
            icon=icon,
            group_key="player.group",
            scope=Scope.WIDGET,
        )

    return (
        command("toggle", "F9", "play", player.toggle),
        command("back-5", "F7", "arrow-counter-clockwise", partial(player.skip, -5)),
        command("on-5", "F8", "arrow-clockwise", partial(player.skip, 5)),
        command("back-15", "Shift+F7", "rewind", partial(player.skip, -15)),
        command("on-15", "Shift+F8", "fast-forward", partial(player.skip, 15)),
        command("turn-back", "Ctrl+F7", "caret-left", partial(player.to_turn, -1)),
        command("turn-on", "Ctrl+F8", "caret-right", partial(player.to_turn, 1)),
        command("loop", "Ctrl+F9", "repeat", player.mark_loop),
        command("slower", "Shift+F9", "minus", partial(panel.change_speed, -1)),
        command("faster", "Ctrl+Shift+F9", "plus", partial(panel.change_speed, 1)),
    )


def _media_keys(player: Player) -> tuple[tuple[Qt.Key, Callable[[], object]], ...]:
    return (
        (Qt.Key.Key_MediaTogglePlayPause, player.toggle),
        (Qt.Key.Key_MediaPlay, player.toggle),
        (Qt.Key.Key_MediaPause, player.pause),
        (Qt.Key.Key_MediaStop, player.pause),
        (Qt.Key.Key_MediaPrevious, partial(player.step_wanted.emit, -1)),
        (Qt.Key.Key_MediaNext, partial(player.step_wanted.emit, 1)),
        (Qt.Key.Key_AudioRewind, partial(player.skip, -5)),
        (Qt.Key.Key_AudioForward, partial(player.skip, 5)),
    )
