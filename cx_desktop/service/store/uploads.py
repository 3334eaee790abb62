"""Files that are sent in parts: who sends which one, and since when nothing more came."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, delete, func, insert, select, update

from cx_desktop.service.store.store import Txn
from cx_desktop.service.store.tables import upload


class Upload(Struct, frozen=True):
    """One file on its way here."""

    id: str
    user_id: str
    project_id: str
    sha256: str
    size: int


_COLUMNS = (upload.c.id, upload.c.user_id, upload.c.project_id, upload.c.sha256, upload.c.size)


def load(connection: Connection, upload_id: str, user_id: str) -> Upload | None:
    """An upload of this user."""
    query = select(*_COLUMNS).where(upload.c.id == upload_id, upload.c.user_id == user_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else Upload(*row)


def of_file(connection: Connection, user_id: str, project_id: str, sha256: str) -> Upload | None:
    """The upload of a file that this user has begun."""
    query = select(*_COLUMNS).where(
        upload.c.user_id == user_id,
        upload.c.project_id == project_id,
        upload.c.sha256 == sha256,
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Upload(*row)


def begin(txn: Txn, begun: Upload) -> None:
    """A file is on its way."""
    values = {name: getattr(begun, name) for name in begun.__struct_fields__}
    txn.connection.execute(insert(upload).values(values | {"at": txn.now}))


def touch(txn: Txn, upload_id: str) -> None:
    """Something of it came."""
    txn.connection.execute(update(upload).where(upload.c.id == upload_id).values(at=txn.now))


def end(txn: Txn, upload_id: str) -> None:
    """It is whole, or given up."""
    txn.connection.execute(delete(upload).where(upload.c.id == upload_id))


def size_of(connection: Connection, project_id: str) -> int:
    """How many bytes are announced for a project."""
    query = select(func.coalesce(func.sum(upload.c.size), 0)).where(
        upload.c.project_id == project_id
    )
    return int(connection.execute(query).scalar_one())


def forget_stale(txn: Txn, *, before: datetime) -> None:
    """Give up what nobody has gone on with."""
    txn.connection.execute(delete(upload).where(upload.c.at < before))


def known(connection: Connection) -> frozenset[str]:
    """The ids of all uploads under way."""
    return frozenset(connection.execute(select(upload.c.id)).scalars())
