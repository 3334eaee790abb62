"""What day it is where a project is: its zone decides months and the day of deletion."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from cx_desktop.domain.wall_time import shown_at
from cx_desktop.service.store import Entity, Txn, entities

#: Where a project does not say.
ZONE = "Europe/Paris"


def zone_of(connection: Connection, project_id: str) -> ZoneInfo:
    """The zone of a project."""
    project = entities.load(connection, "project", project_id)
    return ZoneInfo(str(project.data.get("time_zone") or ZONE) if project else ZONE)


def today(txn: Txn, project_id: str) -> date:
    """The day at a project."""
    return shown_at(txn.now, zone_of(txn.connection, project_id)).date()


def is_over(txn: Txn, recording: Entity) -> bool:
    """Whether a recording may not be there any more, purged or not."""
    end = date.fromisoformat(str(recording.data["delete_by"]))
    return end <= today(txn, recording.project_id)
