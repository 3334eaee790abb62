"""Recordings that were heard from this computer, until the service has written that down.

Each is told once: what was told together keeps its key until the answer is here, so that the same
request comes again after any fault.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update

from cx_desktop.cache import tables
from cx_desktop.cache.entities import id_of, key_of
from cx_desktop.cache.transaction import overwriting
from cx_desktop.cache.values import Changed
from cx_desktop.cache.writer import Writer
from cx_desktop.ports import Clock, Ids
from cx_desktop.protocol.plays import MOST_PLAYS, Play, Plays

CHANGED = "play"
_P = tables.offline_play


class Batch(Struct, frozen=True):
    """What is told together."""

    key: str
    project_id: str
    plays: Plays


class OfflinePlays:
    """Plays that the service does not know of; from any thread but the writer's."""

    def __init__(
        self,
        writer: Writer,
        read: Callable[[], AbstractContextManager[Connection]],
        *,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._writer = writer
        self._read = read
        self._clock = clock
        self._ids = ids

    def note(self, recording_id: str, project_id: str) -> None:
        """Somebody hears a recording from here."""
        values = {
            "id": key_of(self._ids.new()),
            "project_id": key_of(project_id),
            "recording": key_of(recording_id),
            "at": self._clock.now().isoformat(),
            "batch": "",
        }

        def work(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            connection.execute(insert(_P), values)
            return None, (Changed(CHANGED, frozenset((recording_id,)), "local"),)

        self._writer.do(work, is_edit=True)

    def batches(self) -> Iterator[Batch]:
        """What is to be told, by project: what was tried before comes again as it was."""
        while self._begun():
            pass
        with self._read() as connection:
            keys = connection.execute(select(_P.c.batch, _P.c.project_id).distinct()).all()
        for key, project in keys:
            with self._read() as connection:
                mine = select(_P.c.recording, _P.c.at).where(_P.c.batch == key).order_by(_P.c.id)
                rows = connection.execute(mine).all()
            if rows:
                yield Batch(
                    key,
                    id_of(project),
                    Plays(
                        tuple(
                            Play(id_of(row.recording), datetime.fromisoformat(row.at))
                            for row in rows
                        )
                    ),
                )

    def told(self, key: str) -> None:
        """The service has written these down."""

        def work(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            with overwriting(connection):
                connection.execute(delete(_P).where(_P.c.batch == key))
            return None, ()

        self._writer.do(work, is_edit=True)

    def _begun(self) -> bool:
        """Give the oldest of one project a key together; whether there were any."""
        fresh = _P.c.batch == ""
        with self._read() as connection:
            project = connection.execute(select(_P.c.project_id).where(fresh).limit(1)).scalar()
        if project is None:
            return False
        mine = select(_P.c.id).where(fresh, _P.c.project_id == project).order_by(_P.c.id)
        keyed = update(_P).where(_P.c.id.in_(mine.limit(MOST_PLAYS))).values(batch=self._ids.new())

        def work(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            connection.execute(keyed)
            return None, ()

        self._writer.do(work, is_edit=True)
        return True
