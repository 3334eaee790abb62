"""What day it is where a project is: its zone decides months and the day of deletion."""

from datetime import date, datetime

from sqlalchemy import Connection

from cx_desktop.domain.wall_time import shown_at
from cx_desktop.service.store import Entity, Txn
from cx_desktop.service.store.zones import zone_of as zone_of  # noqa: PLC0414  (offered here, too)


def today(txn: Txn, project_id: str) -> date:
    """The day at a project."""
    return day_at(txn.connection, project_id, txn.now)


def day_at(connection: Connection, project_id: str, now: datetime) -> date:
    """The day at a project, at a moment."""
    return shown_at(now, zone_of(connection, project_id)).date()


def is_over(txn: Txn, recording: Entity) -> bool:
    """Whether a recording may not be there any more, purged or not."""
    end = date.fromisoformat(str(recording.data["delete_by"]))
    return end <= today(txn, recording.project_id)
