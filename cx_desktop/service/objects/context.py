"""What the rules may know of a project when they look at one of its flows."""

from sqlalchemy import Connection

from cx_desktop.domain.flow.analysis.facts import facts_of_prompt
from cx_desktop.domain.flow.references import Context, PromptFacts, QueueFacts
from cx_desktop.domain.queues import facts_of_queues
from cx_desktop.service.store import blobs, entities


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
        queue_facts=_queue_facts(connection, project_id),
        prompt_facts=_prompt_facts(connection, project_id),
        files=blobs.held(connection, project_id),
    )


def _prompt_facts(connection: Connection, project_id: str) -> dict[str, PromptFacts]:
    """What prompts say, as somebody who publishes now would hear them."""
    return {
        each.id: facts_of_prompt(draft, is_live=each.data.get("live_revision") is not None)
        for each in entities.each(connection, "prompt", project_ids=[project_id])
        if isinstance(draft := each.data["draft"], dict)
    }


def _queue_facts(connection: Connection, project_id: str) -> dict[str, QueueFacts]:
    """Where queues pass calls on to, as they are drafted."""
    return facts_of_queues(
        (each.id, each.data["draft"], each.data.get("live_revision") is not None)
        for each in entities.each(connection, "queue", project_ids=[project_id])
        if not each.data.get("archived")
    )


def _names(connection: Connection, entity_type: str, project_id: str) -> dict[str, str]:
    return {
        found.id: str(found.data.get("name", ""))
        for found in entities.each(connection, entity_type, project_ids=[project_id])
        if not found.data.get("archived")
    }
