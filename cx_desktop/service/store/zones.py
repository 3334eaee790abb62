"""Where a project is: its zone decides its days, its months and its windows."""

from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from cx_desktop.service.store import entities

#: Where a project does not say.
ZONE = "Europe/Paris"


def zone_of(connection: Connection, project_id: str) -> ZoneInfo:
    """The zone of a project."""
    project = entities.load(connection, "project", project_id)
    return ZoneInfo(str(project.data.get("time_zone") or ZONE) if project else ZONE)
