"""Audit of reads: who looked at what, written once per quarter of an hour and place.

A look at the same place again within the same quarter of an hour is the same look: a list that
refreshes itself, or a sync that pages, leaves one row and not hundreds.
"""

from datetime import datetime, timedelta
from threading import Lock

from cx_desktop.domain.access import Verb
from cx_desktop.service.actor import Actor
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.store import Store

SAME_LOOK = timedelta(minutes=15)


class Reads:
    """Remembers which looks are written already."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._seen: dict[tuple[str, ...], datetime] = {}

    def record(
        self,
        actor: Actor,
        verb: Verb,
        now: datetime,
        *,
        entity: str = "",
        entity_id: str = "",
        project_id: str = "",
    ) -> None:
        """Somebody looked at something of the configuration."""
        place = (actor.user_id, verb.value, entity, entity_id, project_id)
        with self._lock:
            last = self._seen.get(place)
            if last is not None and last <= now < last + SAME_LOOK:
                return
            self._forget(now)
            self._seen[place] = now
        deed = Deed(
            who_id=actor.user_id,
            who_name=actor.name,
            verb=verb.value,
            entity=entity,
            entity_id=entity_id,
            project_id=project_id,
        )
        with self._store.write() as txn:
            record(txn, deed)

    def _forget(self, now: datetime) -> None:
        if len(self._seen) > 10_000:
            self._seen = {
                place: at for place, at in self._seen.items() if at <= now < at + SAME_LOOK
            }
