"""Which sounds are being heard or saved: a player that asks for parts listens once, not often."""

from datetime import datetime, timedelta
from threading import Lock

from msgspec import Struct

#: For how long the parts of a sound belong to one listening; and how long an export may take.
SAME_LISTEN = timedelta(hours=1)
_MOST = 10_000


class Listening(Struct, frozen=True):
    """Somebody with a sound, in one session and for one purpose."""

    session_id: str
    recording_id: str
    purpose: str
    reason: str


class Listens:
    """Remembers which listenings are written down already; a restart forgets them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._since: dict[Listening, datetime] = {}

    def is_known(self, listening: Listening, now: datetime) -> bool:
        """Whether this listening began a short time ago, and is in the audit."""
        with self._lock:
            since = self._since.get(listening)
        return since is not None and since <= now < since + SAME_LISTEN

    def began(self, listening: Listening, now: datetime) -> None:
        """This listening is in the audit from now on."""
        with self._lock:
            if len(self._since) > _MOST:
                self._since = {
                    each: at for each, at in self._since.items() if at <= now < at + SAME_LISTEN
                }
            self._since[listening] = now
