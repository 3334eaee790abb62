"""Lists of recordings: a million of them, filtered, sorted, counted, and read where one looks.

A list is the places of its rows (``rowid``) in their order, eight bytes each, which come while
they are read; the rows themselves are read page by page. Nothing that is due (``delete_by``) on
``today`` is ever listed, whether or not it was purged.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from functools import partial
from typing import cast

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from cx_desktop.cache import recording_text
from cx_desktop.cache.entities import id_of, key_of
from cx_desktop.cache.recording_query import Listing, agents_of, questions
from cx_desktop.cache.recordings import LATER, make_index, missing_indexes, recording_of
from cx_desktop.cache.sounds import Sounds, SoundState
from cx_desktop.cache.writer import Writer
from cx_desktop.protocol import Recording

#: The first rows come by themselves, so that something can be seen; then many at once.
FIRST, MANY = 256, 16_384
#: Told which index: from a list of ids SQLite would rather walk through everything that was said.
_SAID = """
    SELECT type, data FROM entity INDEXED BY said_of_recording
    WHERE type IN ('note', 'labels', 'evaluation')
        AND json_extract(CAST(data AS TEXT), '$.recording_id') IN ({marks})
        AND NOT coalesce(json_extract(CAST(data AS TEXT), '$.removed'), 0)
"""
_TAGS = """
    SELECT DISTINCT key FROM entity, json_each(CAST(data AS TEXT), '$.tags')
    WHERE entity.type = 'labels' AND entity.project_id = ? AND value ORDER BY key
"""


class Listed(Struct, frozen=True, kw_only=True):
    """A row of a list."""

    place: int
    """Where it is kept: the same for as long as it is here."""
    recording: Recording
    notes: int = 0
    tags: tuple[str, ...] = ()
    score: float | None = None
    """Of its last evaluation that was finished."""
    sound: SoundState = SoundState.ABSENT
    """How much of its sound is on this computer."""


class RecordingList:
    """Reads lists; may be asked from any thread, and never waits for a write."""

    def __init__(
        self,
        writer: Writer,
        read: Callable[[], AbstractContextManager[Connection]],
        sounds: Sounds,
    ) -> None:
        self._writer = writer
        self._read = read
        self._sounds = sounds

    def stream(self, listing: Listing) -> Iterator[Sequence[int]]:
        """The places of all rows in their order, in parts; the first is small."""
        for part in self._stream(listing, "recording.rowid"):
            yield cast("list[int]", part)

    def places(self, listing: Listing) -> Sequence[int]:
        """The places of all rows, in their order."""
        found = array("q")
        for part in self.stream(listing):
            found.extend(part)
        return found

    def ids(self, listing: Listing, *, limit: int | None = None) -> tuple[str, ...]:
        """The ids of the rows, in their order; the first so many, or all."""
        found: list[str] = []
        for part in self._stream(listing, "recording.id"):
            found += [id_of(key) for key in part if isinstance(key, bytes)]
            if limit is not None and len(found) >= limit:
                break
        return tuple(found[:limit])

    def count(self, listing: Listing) -> int:
        """How many rows there are."""
        return sum(len(part) for part in self.stream(listing))

    def rows(self, places: Sequence[int], today: date) -> tuple[Listed | None, ...]:
        """The rows at these places, with what was said of them; none where one is gone."""
        marks = ", ".join("?" for _ in places)
        with self._read() as connection:
            found = connection.exec_driver_sql(
                f"SELECT rowid, * FROM recording WHERE rowid IN ({marks}) AND delete_by > ?",  # noqa: S608  (question marks)
                (*places, today.isoformat()),
            )
            by_place = {each[0]: recording_of(tuple(each)[1:]) for each in found}
            said = _said_of(connection, [each.id for each in by_place.values()])
        return tuple(
            None
            if (recording := by_place.get(place)) is None
            else said.get(recording.id, _Said()).row(
                place, recording, self._sounds.state(recording.id)
            )
            for place in places
        )

    def ids_at(self, places: Sequence[int]) -> tuple[str, ...]:
        """The ids of the rows at these places, in their order; those that are still here."""
        asked = "SELECT rowid, id FROM recording WHERE rowid IN (SELECT value FROM json_each(?))"
        with self._read() as connection:
            text = msgspec.json.encode(list(places)).decode()
            found = dict(map(tuple, connection.exec_driver_sql(asked, (text,))))
        return tuple(id_of(found[place]) for place in places if place in found)

    def place_of(self, recording_id: str) -> int | None:
        """Where a recording is kept; None where it is not here."""
        with self._read() as connection:
            found = connection.exec_driver_sql(
                "SELECT rowid FROM recording WHERE id = ?", (key_of(recording_id),)
            ).scalar()
        return None if found is None else int(found)

    def agents(self, project_id: str) -> tuple[str, ...]:
        """The agents who were recorded, by name."""
        with self._read() as connection:
            return agents_of(connection, key_of(project_id))

    def tags(self, project_id: str) -> tuple[str, ...]:
        """The tags that recordings have."""
        with self._read() as connection:
            found = connection.exec_driver_sql(_TAGS, (key_of(project_id),)).scalars()
            return tuple(map(str, found))

    def prepare(self, check: Callable[[], object] = lambda: None) -> bool:
        """Make what lists and searches are quicker with; whether it is all there now.

        Not while a first load is under way. ``check`` is called between two stretches, and may
        break it off: the rest comes next time.
        """
        with self._read() as connection:
            if missing_indexes(connection):
                return False
            later = missing_indexes(connection, LATER)
            is_whole = recording_text.has_numbers(connection)
        for name in later:
            check()
            self._do(partial(_make_index, name))
        while not is_whole:
            check()
            is_whole = self._do(recording_text.index_stretch)
        return True

    def _do(self, work: Callable[[Connection], bool]) -> bool:
        return self._writer.do(lambda connection: (work(connection), ()), is_edit=False)

    def _stream(self, listing: Listing, what: str) -> Iterator[list[object]]:
        if listing.filters.is_here is not None:
            here = tuple(each.id for each in self._sounds.all() if self._sounds.has(each.id))
            listing = msgspec.structs.replace(listing, here=here)
        with self._read() as connection:
            cursor = connection.connection.cursor()
            size = FIRST
            for question in questions(connection, listing):
                cursor.execute(question.select(what), question.values)
                while part := cursor.fetchmany(size):
                    yield [value for (value,) in part]
                    size = MANY


def _make_index(name: str, connection: Connection) -> bool:
    make_index(connection, name)
    return True


class _Said(Struct):
    """What was said of one recording."""

    notes: int = 0
    tags: tuple[str, ...] = ()
    score: float | None = None
    scored: str = ""

    def row(self, place: int, recording: Recording, sound: SoundState) -> Listed:
        return Listed(
            place=place,
            recording=recording,
            notes=self.notes,
            tags=self.tags,
            score=self.score,
            sound=sound,
        )

    def hear(self, kind: str, facts: "_Facts") -> None:
        """Take one more thing in."""
        if kind == "note":
            self.notes += 1
        elif kind == "labels":
            self.tags = tuple(sorted(tag for tag, is_on in facts.tags.items() if is_on))
        elif facts.counts and (facts.done_at or "") >= self.scored:
            self.score, self.scored = facts.score, facts.done_at or ""


class _Facts(Struct, frozen=True):
    """What a row needs of what was said."""

    recording_id: str
    tags: dict[str, bool] = {}
    score: float | None = None
    state: str = ""
    done_at: str | None = None
    calibrates: str | None = None

    @property
    def counts(self) -> bool:
        """Whether its score is the recording's."""
        return self.state == "done" and self.calibrates is None


def _said_of(connection: Connection, ids: Sequence[str]) -> dict[str, _Said]:
    marks = ", ".join("?" for _ in ids)
    said: dict[str, _Said] = {}
    for kind, data in connection.exec_driver_sql(_SAID.format(marks=marks), tuple(ids)):
        try:
            facts = msgspec.json.decode(data, type=_Facts)
        except msgspec.DecodeError:
            continue  # of another shape than this program knows
        said.setdefault(facts.recording_id, _Said()).hear(kind, facts)
    return said
