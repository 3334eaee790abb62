"""What taking recordings along would cost, before anything of it comes.

Asked of the ids of recordings, whoever found them: a selection, a search, a list of work.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import Connection, select

from cx_desktop.cache import tables
from cx_desktop.cache.entities import id_of, key_of
from cx_desktop.cache.purging import Purging, begin_of
from cx_desktop.cache.sound_rows import Sound
from cx_desktop.cache.sounds import Sounds, SoundState

#: More than this nobody hears on a journey; an accident with "everything" ends here.
MOST = 5_000
#: So much of the disk is left to whatever else goes on here.
SPARE = 256 << 20
_VARIABLES = 10_000
_R = tables.recording


class Plan(Struct, frozen=True):
    """Recordings that somebody wants to take along."""

    sounds: tuple[Sound, ...] = ()
    """Those that are to come, the one that ends first first."""
    here: int = 0
    """How many are wanted here already, or are here."""
    absent: int = 0
    """Of how many the service has no sound (REC-06)."""
    free: int = 0
    """How many bytes the disk has left now."""

    @property
    def size(self) -> int:
        """How many bytes are to come."""
        return sum(each.size for each in self.sounds)

    @property
    def missing(self) -> int:
        """How many bytes the disk is short of."""
        return max(0, self.size + SPARE - self.free) if self.sounds else 0

    @property
    def is_too_many(self) -> bool:
        """Whether nobody can have meant that."""
        return len(self.sounds) > MOST


class Packing:
    """Plans packs; from any thread."""

    def __init__(
        self,
        read: Callable[[], AbstractContextManager[Connection]],
        sounds: Sounds,
        purging: Purging,
    ) -> None:
        self._read = read
        self._sounds = sounds
        self._purging = purging

    def plan(self, ids: Sequence[str]) -> Plan:
        """What it would cost to take these along; what is due is not among them."""
        sounds: list[Sound] = []
        here = absent = 0
        days: dict[bytes, _Days] = {}
        now = self._purging.now()
        for key, project, blob, size, day in self._rows(ids):
            if project not in days:
                days[project] = _Days(self._purging.zone(id_of(project)))
            end = days[project][day]
            if end <= now:
                continue
            if self._sounds.state(id_of(key)) is not SoundState.ABSENT:
                here += 1
            elif blob is None:
                absent += 1
            else:
                sounds.append(Sound(id_of(key), id_of(project), blob, size, end))
        sounds.sort(key=lambda each: (each.ends, each.id))
        return Plan(tuple(sounds), here, absent, self._sounds.free())

    def _rows(self, ids: Sequence[str]) -> Iterator[tuple[bytes, bytes, str | None, int, str]]:
        columns = select(_R.c.id, _R.c.project_id, _R.c.blob, _R.c.size, _R.c.delete_by)
        keys = [key_of(each) for each in dict.fromkeys(ids)]
        for at in range(0, len(keys), _VARIABLES):
            wanted = columns.where(_R.c.id.in_(keys[at : at + _VARIABLES]))
            with self._read() as connection:
                for row in connection.execute(wanted):
                    yield row.id, row.project_id, row.blob, row.size, row.delete_by


class _Days(dict[str, datetime]):
    """When days begin in a zone; there are few of them, again and again."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def __missing__(self, day: str) -> datetime:
        moment = self[day] = begin_of(date.fromisoformat(day), self._zone)
        return moment
