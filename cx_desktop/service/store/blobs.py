"""Which project holds which file, and which files are of any use."""

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    cast,
    delete,
    exists,
    func,
    insert,
    select,
)

from cx_desktop.service.store.store import Txn
from cx_desktop.service.store.tables import blob, entity, frozen

#: What may refer to a file besides frozen drafts: prompts by theirs, and what was published.
_USERS = ("prompt", "revision")


def holds(connection: Connection, project_id: str, sha256: str) -> bool:
    """Whether a file was sent for a project."""
    query = select(blob.c.size).where(blob.c.project_id == project_id, blob.c.sha256 == sha256)
    return connection.execute(query).first() is not None


def hold(txn: Txn, project_id: str, sha256: str, size: int) -> None:
    """Note that a project has a file."""
    txn.connection.execute(
        insert(blob).values(project_id=project_id, sha256=sha256, size=size, at=txn.now)
    )


def held(connection: Connection, project_id: str) -> frozenset[str]:
    """Every file of a project."""
    query = select(blob.c.sha256).where(blob.c.project_id == project_id)
    return frozenset(connection.execute(query).scalars())


def size_of(connection: Connection, project_id: str) -> int:
    """How many bytes the files of a project are."""
    query = select(func.coalesce(func.sum(blob.c.size), 0)).where(blob.c.project_id == project_id)
    return int(connection.execute(query).scalar_one())


def users(connection: Connection, sha256: str) -> frozenset[str]:
    """The projects that hold a file and refer to it."""
    query = select(blob.c.project_id).where(blob.c.sha256 == sha256, _is_used())
    return frozenset(connection.execute(query).scalars())


def forget_unused(txn: Txn, *, before: datetime) -> tuple[str, ...]:
    """Drop what nothing refers to any more; the files that no project holds then."""
    stale = select(blob.c.sha256).where(blob.c.at < before, ~_is_used())
    gone = set(txn.connection.execute(stale).scalars())
    txn.connection.execute(delete(blob).where(blob.c.at < before, ~_is_used()))
    kept = select(blob.c.sha256).where(blob.c.sha256.in_(gone))
    return tuple(sorted(gone - set(txn.connection.execute(kept).scalars())))


def _is_used() -> ColumnElement[bool]:
    """A digest stands in a document as it stands in the table; in no other place by chance."""
    return exists(
        select(entity.c.id).where(
            entity.c.project_id == blob.c.project_id,
            entity.c.type.in_(_USERS),
            entity.c.gone.is_(None),
            func.instr(entity.c.data, cast(blob.c.sha256, LargeBinary)) > 0,
        )
    ) | exists(
        select(frozen.c.object_id).where(
            frozen.c.project_id == blob.c.project_id,
            func.instr(frozen.c.document, cast(blob.c.sha256, LargeBinary)) > 0,
        )
    )
