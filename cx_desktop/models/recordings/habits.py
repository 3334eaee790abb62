"""How somebody listens is the same the next day: speed, silence and voices, kept in the cache."""

from functools import partial

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject

from cx_desktop.domain.errors import CXError
from cx_desktop.models.recordings.player import Player, Voices
from cx_desktop.models.workspace import Workspace

_KEY = "player.habits"


class Habits(Struct, frozen=True, omit_defaults=True):
    """A manner of listening, without what belongs to one recording."""

    speed: float = 1.0
    skips_silence: bool = False
    voices: Voices = Voices.BOTH


class KeptHabits(QObject):
    """Reads a player's habits once, and keeps them whenever they change."""

    def __init__(
        self, workspace: Workspace, player: Player, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._player = player
        self._kept = _habits_of(player)
        player.changed.connect(self._keep)
        workspace.tasks.run(partial(workspace.cache.meta, _KEY), done=self._take, failed=_ignore)

    def close(self) -> None:
        """Follow the player no longer."""
        self._player.changed.disconnect(self._keep)

    def _take(self, kept: str | None) -> None:
        if _habits_of(self._player) != Habits():  # somebody was quicker
            return
        try:
            habits = msgspec.json.decode(kept, type=Habits) if kept else Habits()
        except msgspec.DecodeError:  # a newer program kept what this one cannot read
            return
        self._kept = habits
        self._player.set_speed(habits.speed)
        self._player.skip_silence(habits.skips_silence)
        self._player.hear(habits.voices)

    def _keep(self) -> None:
        habits = _habits_of(self._player)
        if habits == self._kept:
            return
        self._kept = habits
        text = msgspec.json.encode(habits).decode()
        write = partial(self._workspace.cache.set_meta, _KEY, text)
        self._workspace.tasks.run(write, failed=_ignore)


def _habits_of(player: Player) -> Habits:
    manner = player.manner
    return Habits(manner.speed, manner.skips_silence, manner.voices)


def _ignore(_error: CXError) -> None:
    """A habit is no reason to say anything."""
