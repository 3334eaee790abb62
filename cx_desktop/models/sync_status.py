"""How fresh the screens are: the engine's word, brought to the GUI thread."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cx_desktop.domain.errors import CXError

if TYPE_CHECKING:
    from cx_desktop.sync import SyncStatus


_SESSION_OVER = frozenset(
    {
        "problem.token-invalid",
        "problem.token-reused",
        "problem.device-revoked",
        "problem.signed-out",
    }
)


_UPDATE = CXError("problem.update-needed")


class LoadFacts(NamedTuple):
    """A large load on its way, or waiting: all of its streams taken together."""

    rows: int
    total: int
    rate: float = 0.0
    """Rows a second; 0 while it is not known."""
    is_paused: bool = False
    """A person paused it."""
    is_metered: bool = False
    """It waits for a line that is not paid by volume."""

    @property
    def is_held(self) -> bool:
        """Whether it waits for somebody, or for another line."""
        return self.is_paused or self.is_metered

    @property
    def seconds_left(self) -> int | None:
        """How long the rest will take; None while that cannot be said."""
        return round((self.total - self.rows) / self.rate) if self.rate > 0 else None


class Freshness(NamedTuple):
    """What the status bar says, before it is put in words."""

    is_online: bool = False
    is_working: bool = False
    unsent: int = 0
    oldest_unsent: datetime | None = None
    checked_at: datetime | None = None
    conflicts: int = 0
    first_sync: float | None = None
    """How far the very first download is, 0 to 1; None when it is done."""
    problem: CXError | None = None
    is_all_synced: bool = False
    load: LoadFacts | None = None
    """The large load that is not here as a whole yet."""
    sending: tuple[int, int] = (0, 0)
    """Of large files on their way to the service: how many bytes arrived, and of how many."""
    needs_update: bool = False
    """Whether the service is newer than this program, which then only reads and sends."""

    @property
    def is_session_over(self) -> bool:
        """Whether only a new sign-in will let this computer sync again."""
        return self.problem is not None and self.problem.key in _SESSION_OVER

    @property
    def tone(self) -> str:
        """How much it wants to be seen."""
        if self.conflicts or self.problem is not None:
            return "block" if self.conflicts else "warn"
        if not self.is_online:
            return "warn"
        return "ok" if self.is_all_synced else "info"


class SyncStatusModel(QObject):
    """Takes the engine's word on the engine's thread, and tells it on the GUI thread."""

    changed = Signal(object)  # Freshness
    _heard = Signal(object)

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.freshness = Freshness()
        self._heard.connect(self._on_heard, Qt.ConnectionType.QueuedConnection)

    def hear(self, status: "SyncStatus") -> None:
        """The engine says how it stands; called on its thread."""
        self._heard.emit(status)

    @Slot(object)
    def _on_heard(self, status: "SyncStatus") -> None:
        self.freshness = Freshness(
            is_online=status.phase in {"syncing", "idle"},
            is_working=status.phase == "syncing",
            unsent=status.unsent,
            oldest_unsent=status.oldest_unsent,
            checked_at=status.last_complete_pull,
            conflicts=status.conflicts,
            first_sync=status.first_sync_progress,
            problem=status.problem or (_UPDATE if status.needs_update else None),
            is_all_synced=status.is_all_synced,
            load=_load(status),
            sending=status.sending,
            needs_update=status.needs_update,
        )
        self.changed.emit(self.freshness)


def _load(status: "SyncStatus") -> LoadFacts | None:
    if not status.loads:
        return None
    return LoadFacts(
        rows=sum(each.rows for each in status.loads),
        total=sum(each.total for each in status.loads),
        rate=max(each.rate for each in status.loads),
        is_paused=status.hold.is_paused,
        is_metered=status.hold.is_metered,
    )
