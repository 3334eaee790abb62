"""What may not be kept any longer goes: rows, their words in indexes, sounds and their keys.

It is judged by a clock that cannot be set back, in the zone of each project, and needs no network.
Notes and evaluations have a term of their own; those that were not sent yet stay until they are.

Failure policy: a row that is due is read by nobody, whether or not it was purged; so a purge may
be broken off anywhere and is gone on with at the next one. Files go even if the database cannot be
written.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, select

from cx_desktop.cache import tables
from cx_desktop.cache.entities import document_of, id_of, key_of
from cx_desktop.cache.overdue import purge_files
from cx_desktop.cache.sound_rows import CHANGED, Sound, forget_keys
from cx_desktop.cache.sounds import Sounds
from cx_desktop.cache.transaction import checkpoint, overwriting
from cx_desktop.cache.values import Changed
from cx_desktop.cache.writer import Writer
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.recordings import LONGEST_MONTHS, delete_by
from cx_desktop.ports import Clock
from cx_desktop.protocol import PerProject, family_of, project_of

#: What goes in one transaction: edits wait for no more than that.
_ROWS = 1_000
#: Seconds that an opening may take; the rest goes while one works, and is read by nobody.
_AT_OPENING = 1.0
_ZONE = "Europe/Paris"
_E, _Q = tables.entity, tables.quarantine
_DUE = f"""
    DELETE FROM recording WHERE id IN (
        SELECT id FROM recording WHERE +project_id = ? AND delete_by <= ? LIMIT {_ROWS}
    ) RETURNING id
"""  # noqa: S608  (a number of ours)
_IS_DUE = "SELECT 1 FROM recording WHERE +project_id = ? AND delete_by <= ? LIMIT 1"
#: What is said of recordings has a term of its own; what nobody has sent yet waits.
_SAID = """
    DELETE FROM entity WHERE stream = ? AND dirty = 0
        AND json_extract(CAST(data AS TEXT), '$.delete_by') <= ?
    RETURNING type, id
"""
#: The service's word on what is wanted here.
_KEPT = """
    SELECT s.id, s.project_id, r.blob, r.size, r.delete_by
    FROM recording_sound s LEFT JOIN recording r ON r.id = s.id
"""


_Result = TypeVar("_Result")


class Purged(Struct, frozen=True):
    """What a purge took away."""

    recordings: int = 0
    sounds: int = 0
    annotations: int = 0


class Purging:
    """Keeps nothing longer than it may be kept; from any thread but the writer's."""

    def __init__(
        self,
        folder: Path,
        writer: Writer,
        read: Callable[[], AbstractContextManager[Connection]],
        sounds: Sounds,
        clock: Clock,
    ) -> None:
        self._folder = folder
        self._writer = writer
        self._read = read
        self._sounds = sounds
        self._floor = clock.now
        self._clock = clock
        self._is_broken_off = False
        sounds.now = self.now
        self._one_at_a_time = threading.Lock()
        self._owes_checkpoint = False

    def begin(self, floor: Callable[[], datetime]) -> None:
        """Take this clock, which cannot be set back, and take away what is due by it."""
        self._floor = floor
        end = self._clock.monotonic() + _AT_OPENING
        self.turn(lambda: self._clock.monotonic() < end)

    def turn(self, goes_on: Callable[[], bool] = lambda: True) -> bool:
        """Take away what is due, as long as ``goes_on``; whether all of it is done.

        What the disk does not let go now goes at the next turn.
        """
        with suppress(CXError):
            self.run(goes_on)
        return not self._is_broken_off

    def now(self) -> datetime:
        """The time it is at the earliest."""
        return self._floor()

    def zone(self, project_id: str) -> ZoneInfo:
        """The zone whose days count for a project."""
        with self._read() as connection:
            return _zone(connection, project_id)

    def today(self, project_id: str) -> date:
        """The day it is for a project: what has to be gone by it is not there any more."""
        return self.now().astimezone(self.zone(project_id)).date()

    def end_of(self, project_id: str, day: date) -> datetime:
        """The moment from which what has to be gone by a day is not there any more."""
        return begin_of(day, self.zone(project_id))

    def run(self, goes_on: Callable[[], bool] = lambda: True) -> Purged:
        """Take away what is due, as long as ``goes_on``."""
        with self._one_at_a_time:
            self._is_broken_off = False
            now = self._floor()
            with suppress(CXError):  # the next turn tries again
                purge_files(self._folder, now)
            recordings = said = 0
            for project_id, today in self._days(now):
                recordings += self._rows(project_id, today, goes_on)
                said += self._said(project_id, today)
                self._unreadable(project_id, today)
            sounds = self._agree(now)
            self._settle()
            return Purged(recordings, sounds, said)

    def _days(self, now: datetime) -> list[tuple[str, date]]:
        """Each project of which recordings may be here, and the day it is there."""
        with self._read() as connection:
            names = connection.execute(select(tables.stream.c.name)).scalars().all()
            large = {project_of(name) for name in names if isinstance(family_of(name), PerProject)}
            return [(each, now.astimezone(_zone(connection, each)).date()) for each in large]

    def _rows(self, project_id: str, today: date, goes_on: Callable[[], bool]) -> int:
        asked = (key_of(project_id), today.isoformat())

        def work(connection: Connection) -> tuple[tuple[str, ...], tuple[Changed, ...]]:
            with overwriting(connection):
                keys = connection.exec_driver_sql(_DUE, asked).scalars().all()
                ids = tuple(id_of(key) for key in keys)
                heard = frozenset(each for each in ids if self._sounds.of(each))
                forget_keys(connection, heard)
            told = {"recording": frozenset(ids), CHANGED: heard}
            return ids, tuple(Changed(kind, some, "remote") for kind, some in told.items() if some)

        count = 0
        while self._is_due(asked):
            if not goes_on():
                self._is_broken_off = True
                break
            ids = self._do(work)
            self._sounds.gone(ids)
            count += len(ids)
        return count

    def _is_due(self, asked: tuple[bytes, str]) -> bool:
        with self._read() as connection:
            return connection.exec_driver_sql(_IS_DUE, asked).first() is not None

    def _said(self, project_id: str, today: date) -> int:
        """Notes and evaluations at the end of their own term."""
        asked = (f"{PerProject.NOTES}:{project_id}", today.isoformat())

        def work(connection: Connection) -> tuple[int, tuple[Changed, ...]]:
            with overwriting(connection):
                rows = connection.exec_driver_sql(_SAID, asked).all()
            gone: dict[str, set[str]] = {}
            for kind, key in rows:
                gone.setdefault(kind, set()).add(id_of(key))
            told = (Changed(kind, frozenset(ids), "remote") for kind, ids in gone.items())
            return len(rows), tuple(told)

        with self._read() as connection:
            is_due = connection.exec_driver_sql(
                _SAID.replace("DELETE", "SELECT 1", 1).replace("RETURNING type, id", "LIMIT 1"),
                asked,
            ).first()
        return 0 if is_due is None else self._do(work)

    def _unreadable(self, project_id: str, today: date) -> None:
        """Rows that this program cannot read, and that are due or older than any may be."""
        stream = f"{PerProject.RECORDINGS}:{project_id}"
        wanted = select(_Q.c.id, _Q.c.raw).where(_Q.c.stream == stream)
        with self._read() as connection:
            rows = connection.execute(wanted).all()
        doomed = [row.id for row in rows if _is_over(row.id, row.raw, today)]

        def work(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            with overwriting(connection):
                of_stream = _Q.c.stream == stream
                for each in doomed:
                    connection.execute(delete(_Q).where(of_stream, _Q.c.id == each))
            return None, ()

        if doomed:
            self._do(work)

    def _agree(self, now: datetime) -> int:
        """Sounds follow what the service says of their recordings; how many went."""
        with self._read() as connection:
            rows = connection.exec_driver_sql(_KEPT).all()
            zones = {key: _zone(connection, id_of(key)) for key in {row[1] for row in rows}}
        ends: dict[str, datetime] = {}
        others: list[Sound] = []
        doomed: set[str] = set()
        for key, project, blob, size, day in rows:
            if blob is None:  # the recording is gone, or the service has no sound of it any more
                doomed.add(id_of(key))
                continue
            end = begin_of(date.fromisoformat(day), zones[project])
            ends[id_of(key)] = end
            others.append(Sound(id_of(key), id_of(project), blob, size, end))
        self._sounds.set_ends(ends)
        self._sounds.want(others)
        doomed.update(each.id for each in self._sounds.all() if each.ends <= now)
        self._sounds.destroy(doomed)
        return len(doomed)

    def _do(self, work: Callable[[Connection], tuple[_Result, tuple[Changed, ...]]]) -> _Result:
        self._owes_checkpoint = True
        return self._writer.do(work, is_edit=True)

    def _settle(self) -> None:
        """Let the write-ahead log forget, too; a reader in the way puts that off."""
        if self._owes_checkpoint:
            with self._read() as connection:
                self._owes_checkpoint = not checkpoint(connection)


def _zone(connection: Connection, project_id: str) -> ZoneInfo:
    data = connection.execute(select(_E.c.data).where(_E.c.id == key_of(project_id))).scalar()
    said = "" if data is None else str(document_of(data).get("time_zone") or "")
    try:
        return ZoneInfo(said or _ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(_ZONE)


def begin_of(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins in a zone; the earlier moment where the night has none, or two."""
    begins = datetime.combine(day, time(), zone)
    return min(begins.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


class _Ends(Struct):
    delete_by: date


def _is_over(recording_id: str, raw: bytes, today: date) -> bool:
    """By what the row says, or else by the time that its id was made at."""
    try:
        return msgspec.json.decode(raw, type=_Ends).delete_by <= today
    except msgspec.DecodeError:
        pass
    try:
        made = datetime.fromtimestamp(int.from_bytes(key_of(recording_id)[:6]) / 1000, UTC)
        return delete_by(made.date(), LONGEST_MONTHS) <= today
    except (ValueError, OverflowError):
        return False
