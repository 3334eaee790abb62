"""The journal of files under way in parts: how much has arrived, and what kept them from it.

What is written here is never more than what the other side said it has; less costs a part sent
again. The files themselves lie sealed in the folder of ``blobs``.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from enum import StrEnum

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Executable, delete, insert, select

from cx_desktop.cache import tables
from cx_desktop.cache.blobs import Place
from cx_desktop.cache.values import Changed
from cx_desktop.cache.writer import Writer

_T = tables.transfer


class Way(StrEnum):
    """Which way a file goes."""

    UP = "up"
    DOWN = "down"


class Transfer(Struct, frozen=True):
    """One file under way."""

    project_id: str
    sha256: str
    way: Way
    location: str = ""
    """Where the service takes its parts."""
    done: int = 0
    size: int = 0
    failures: int = 0
    """How often it arrived as another file than it is."""
    problem: str = ""
    """Why a person has to look at it."""

    @property
    def place(self) -> Place:
        """Which file it is."""
        return Place(self.project_id, self.sha256)


class Transfers:
    """What is known of files under way, over restarts."""

    def __init__(
        self, writer: Writer, read: Callable[[], AbstractContextManager[Connection]]
    ) -> None:
        self._writer = writer
        self._read = read

    def of(self, place: Place, way: Way) -> Transfer:
        """Where a file stands."""
        found = self._found(_T.c.project_id == place.project_id, _T.c.sha256 == place.sha256)
        fresh = Transfer(place.project_id, place.sha256, way)
        return next((each for each in found if each.way is way), fresh)

    def all(self, way: Way) -> tuple[Transfer, ...]:
        """All that go one way."""
        return tuple(each for each in self._found() if each.way is way)

    def note(self, transfer: Transfer) -> None:
        """Remember where a file stands."""
        values = msgspec.to_builtins(transfer)
        self._do(insert(_T).prefix_with("OR REPLACE").values(values))

    def forget(self, place: Place, way: Way) -> None:
        """It has arrived, or nobody wants it any more."""
        gone = delete(_T).where(
            _T.c.project_id == place.project_id, _T.c.sha256 == place.sha256, _T.c.way == way.value
        )
        self._do(gone)

    def _found(self, *where: ColumnElement[bool]) -> tuple[Transfer, ...]:
        with self._read() as connection:
            rows = connection.execute(select(_T).where(*where)).mappings().all()
        # SQLAlchemy's column names are a subclass of str, which msgspec takes for no key at all.
        return tuple(
            msgspec.convert({str(name): value for name, value in row.items()}, Transfer)
            for row in rows
        )

    def _do(self, statement: Executable) -> None:
        def work(connection: Connection) -> tuple[None, tuple[Changed, ...]]:
            connection.execute(statement)
            return None, ()

        self._writer.do(work, is_edit=True)
