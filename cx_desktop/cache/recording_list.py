"""Lists of recordings: a million of them, filtered, sorted, counted, and read where one looks.

A list is the places of its rows (``rowid``) in their order, eight bytes each; the rows themselves
are read page by page. Its head is read by itself before, so that something can be seen at once.
Nothing that is due (``delete_by``) on ``today`` is ever listed, whether or not it was purged.
"""

from array import array
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date

from msgspec import Struct
from sqlalchemy import Connection

from cx_desktop.cache.entities import key_of
from cx_desktop.cache.recordings import recording_of
from cx_desktop.domain.recordings import Filters, Sort
from cx_desktop.protocol import Recording

_ORDER = {Sort.STARTED: "started_at"}


class Listing(Struct, frozen=True, kw_only=True):
    """What a list is asked for."""

    project_id: str
    today: date
    """What is due then is not there any more."""
    filters: Filters = Filters()
    sort: Sort = Sort.STARTED
    is_descending: bool = True


class Listed(Struct, frozen=True):
    """A row of a list."""

    place: int
    """Where it is kept; another one after the next change."""
    recording: Recording


class RecordingList:
    """Reads lists; may be asked from any thread, and never waits for a write."""

    def __init__(self, read: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._read = read

    def places(self, listing: Listing) -> Sequence[int]:
        """The places of all rows, in their order."""
        where, values = _where(listing)
        way = "DESC" if listing.is_descending else "ASC"
        by = _ORDER.get(listing.sort, "started_at")
        asked = f"SELECT rowid FROM recording WHERE {where} ORDER BY {by} {way}, id {way}"  # noqa: S608  (our own words)
        with self._read() as connection:
            found = connection.exec_driver_sql(asked, values)
            return array("q", (place for (place,) in found))

    def rows(self, places: Sequence[int], today: date) -> tuple[Listed | None, ...]:
        """The rows at these places; none where one is gone."""
        asked = ", ".join("?" for _ in places)
        with self._read() as connection:
            found = connection.exec_driver_sql(
                f"SELECT rowid, * FROM recording WHERE rowid IN ({asked}) AND delete_by > ?",  # noqa: S608  (question marks)
                (*places, today.isoformat()),
            )
            by_place = {each[0]: recording_of(tuple(each)[1:]) for each in found}
        return tuple(
            Listed(place, by_place[place]) if place in by_place else None for place in places
        )


def _where(listing: Listing) -> tuple[str, tuple[bytes | str | int, ...]]:
    return (
        "project_id = ? AND delete_by > ? AND duration >= ?",
        (
            key_of(listing.project_id),
            listing.today.isoformat(),
            listing.filters.shortest,
        ),
    )
