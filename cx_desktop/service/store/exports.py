"""Where recordings are sent to, what waits for it, and what lies there."""

from collections.abc import Iterator
from datetime import date, datetime

import msgspec
from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    func,
    insert,
    or_,
    select,
    tuple_,
)

from cx_desktop.domain.recordings.exporting import Destination
from cx_desktop.service.store.export_tables import export, exported
from cx_desktop.service.store.recording_tables import recording

_AT_ONCE = 500


class Export(Struct, frozen=True):
    """The destination of one project, and how the last attempt went."""

    project_id: str
    ver: int
    destination: Destination
    password: bytes | None = None
    """Sealed."""
    next_at: datetime | None = None
    last_at: datetime | None = None
    failures: int = 0
    problem: str = ""
    detail: str = ""


class Exported(Struct, frozen=True):
    """A file on the client's server, or on its way there."""

    recording_id: str
    project_id: str
    path: str
    size: int
    sha256: str
    delete_by: date
    sent_at: datetime | None = None
    gone_at: datetime | None = None
    audit_n: int | None = None


class Counts(Struct, frozen=True):
    """How many recordings wait, lie there, and should not lie there any more."""

    waiting: int
    there: int
    overdue: int


def load(connection: Connection, project_id: str) -> Export | None:
    """The destination of a project."""
    found = connection.execute(select(export).where(export.c.project_id == project_id))
    return next((_export(row) for row in found.mappings()), None)


def save(connection: Connection, wanted: Export) -> None:
    """Keep a destination, and how it goes."""
    values = msgspec.structs.asdict(wanted)
    values["destination"] = msgspec.json.encode(wanted.destination)
    connection.execute(insert(export).prefix_with("OR REPLACE").values(values))


def due(connection: Connection, now: datetime) -> tuple[Export, ...]:
    """The destinations whose time has come."""
    found = connection.execute(select(export).where(export.c.next_at <= now))
    return tuple(_export(row) for row in found.mappings())


def waiting(connection: Connection, project_id: str) -> tuple[str, ...]:
    """Recordings with a sound that is not there yet, oldest first."""
    wanted = select(recording.c.id).select_from(_WAITING).where(*_waiting(project_id))
    wanted = wanted.order_by(recording.c.id).limit(_AT_ONCE)
    return tuple(connection.execute(wanted).scalars())


def of(connection: Connection, recording_id: str) -> Exported | None:
    """What is known of the file of a recording."""
    found = connection.execute(select(exported).where(exported.c.recording_id == recording_id))
    return next((_exported(row) for row in found.mappings()), None)


def note(connection: Connection, file: Exported) -> None:
    """A file is about to be there, is there, or is gone."""
    values = msgspec.structs.asdict(file) | {"delete_by": file.delete_by.isoformat()}
    connection.execute(insert(exported).prefix_with("OR REPLACE").values(values))


def there(connection: Connection, project_id: str) -> Iterator[Exported]:
    """What lies there, by its path."""
    wanted = select(exported).where(
        exported.c.project_id == project_id,
        exported.c.sent_at.is_not(None),
        exported.c.gone_at.is_(None),
    )
    for row in connection.execute(wanted.order_by(exported.c.path)).mappings():
        yield _exported(row)


def overdue(connection: Connection, project_id: str, today: date) -> tuple[Exported, ...]:
    """Files, whole or in part, of sounds that are gone here or have to be."""
    wanted = select(exported).select_from(_BESIDE).where(*_overdue(project_id, today))
    found = connection.execute(wanted.order_by(exported.c.path).limit(_AT_ONCE))
    return tuple(_exported(row) for row in found.mappings())


def calendar(
    connection: Connection, project_id: str, *, after: tuple[str, str], limit: int
) -> tuple[Exported, ...]:
    """Files by the day on which they have to go, those that are gone too."""
    last = tuple_(exported.c.delete_by, exported.c.path)
    wanted = (
        select(exported)
        .where(exported.c.project_id == project_id, last > tuple_(*after))
        .order_by(exported.c.delete_by, exported.c.path)
        .limit(limit)
    )
    return tuple(_exported(row) for row in connection.execute(wanted).mappings())


def counts(connection: Connection, project_id: str, today: date) -> Counts:
    """How many wait, lie there, and should not."""
    sent = select(func.count()).where(
        exported.c.project_id == project_id,
        exported.c.sent_at.is_not(None),
        exported.c.gone_at.is_(None),
    )
    late = select(func.count()).select_from(_BESIDE).where(*_overdue(project_id, today))
    rest = select(func.count()).select_from(_WAITING).where(*_waiting(project_id))
    return Counts(*(int(connection.execute(each).scalar_one()) for each in (rest, sent, late)))


_BESIDE = exported.join(recording, recording.c.id == exported.c.recording_id, isouter=True)
_WAITING = recording.join(exported, exported.c.recording_id == recording.c.id, isouter=True)


def _overdue(project_id: str, today: date) -> tuple[ColumnElement[bool], ...]:
    is_over = or_(
        recording.c.id.is_(None),
        recording.c.blob.is_(None),
        recording.c.delete_by <= today.isoformat(),
    )
    return exported.c.project_id == project_id, exported.c.gone_at.is_(None), is_over


def _waiting(project_id: str) -> tuple[ColumnElement[bool], ...]:
    has_sound = recording.c.blob.is_not(None)
    return recording.c.project_id == project_id, has_sound, exported.c.sent_at.is_(None)


def _export(row: RowMapping) -> Export:
    destination = msgspec.json.decode(row["destination"], type=Destination)
    return Export(**{**row, "destination": destination})


def _exported(row: RowMapping) -> Exported:
    return Exported(**{**row, "delete_by": date.fromisoformat(row["delete_by"])})
