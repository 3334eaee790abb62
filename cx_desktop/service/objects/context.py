"""What the rules may know of a project when they look at one of its flows."""

from sqlalchemy import Connection

from cx_desktop.domain.flow.references import Context
from cx_desktop.service.store import entities


def context_of(connection: Connection, project_id: str) -> Context:
    """The project's options and the names of its objects."""
    project = entities.load(connection, "project", project_id)
    features = project.data.get("features") if project else None
    return Context(
        features=frozenset(str(each) for each in features) if isinstance(features, list) else None,
        queues=_names(connection, "queue", project_id),
        schedules=_names(connection, "schedule", project_id),
        prompts=_names(connection, "prompt", project_id),
        flows=_names(connection, "flow", project_id),
    )


def _names(connection: Connection, entity_type: str, project_id: str) -> dict[str, str]:
    return {
        found.id: str(found.data.get("name", ""))
        for found in entities.each(connection, entity_type, project_ids=[project_id])
        if not found.data.get("archived")
    }
