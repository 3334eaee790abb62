"""What people say of recordings, as lists and reviewers ask for it.

What is due (``delete_by``) on ``today``, and what its author took back, is read by nobody.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date

from sqlalchemy import ColumnElement, Connection, Text, literal_column, select, text

from cx_desktop.cache import tables
from cx_desktop.cache.entities import COLUMNS, key_of, stored_of
from cx_desktop.cache.values import Row

_E, _R = tables.entity, tables.recording
#: Spelled as in the index ``said_of_recording``: SQLite uses it for no other words.
_recording_of: ColumnElement[str] = literal_column(
    "json_extract(CAST(data AS TEXT), '$.recording_id')", Text
)
_IS_SAID = text("type IN ('note', 'labels', 'evaluation')")


class SaidStore:
    """Reads notes, labels, evaluations and worklists; from any thread."""

    def __init__(self, read: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._read = read

    def of_recording(self, recording_id: str, today: date) -> tuple[Row, ...]:
        """Everything that is said of one recording, in the order of its creation."""
        wanted = select(*COLUMNS).where(_IS_SAID, _recording_of == recording_id).order_by(_E.c.id)
        with self._read() as connection:
            found = [stored_of(tuple(each)).row() for each in connection.execute(wanted)]
        return tuple(_shown(found, today))

    def all_of(self, kind: str, project_id: str, today: date) -> tuple[Row, ...]:
        """Everything of one type in a project, in the order of its creation."""
        mine = (_E.c.type == kind) & (_E.c.project_id == key_of(project_id))
        wanted = select(*COLUMNS).where(mine).order_by(_E.c.id)
        with self._read() as connection:
            found = [stored_of(tuple(each)).row() for each in connection.execute(wanted)]
        return tuple(_shown(found, today))

    def is_kept(self, recording_id: str, today: date) -> bool:
        """Whether a recording is still here to be heard."""
        kept = select(_R.c.id).where(
            _R.c.id == key_of(recording_id), _R.c.delete_by > today.isoformat()
        )
        with self._read() as connection:
            return connection.execute(kept).first() is not None


def _shown(rows: list[Row], today: date) -> Iterator[Row]:
    day = today.isoformat()
    for each in rows:
        end = each.data.get("delete_by")
        if each.data.get("removed") is not True and (not isinstance(end, str) or end > day):
            yield each
