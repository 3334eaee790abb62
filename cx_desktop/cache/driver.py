"""The database library, and what it must be: new enough not to lose data."""

from types import ModuleType

import sqlcipher3.dbapi2  # type: ignore[import-untyped]  # the wheel carries no types
from sqlalchemy.exc import DBAPIError

from cx_desktop.domain.errors import CXError

DRIVER: ModuleType = sqlcipher3.dbapi2
VERSION: str = sqlcipher3.dbapi2.sqlite_version
#: Older ones corrupt a file with a write-ahead log and two connections (sqlite.org/wal.html).
OLDEST_SQLITE = (3, 51, 3)

#: The database's errors; the driver's own are no subclass of the standard library's.
ERRORS: tuple[type[Exception], ...] = (DBAPIError, sqlcipher3.dbapi2.Error)


def assert_engine() -> None:
    """Refuse an SQLite that loses data."""
    if sqlcipher3.dbapi2.sqlite_version_info < OLDEST_SQLITE:
        raise CXError("problem.sqlite-too-old", found=VERSION)
