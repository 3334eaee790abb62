"""What is known around the flows of a project: its options, and the names of its objects."""

from collections.abc import Iterator
from typing import cast

from cx_desktop.cache import Cache
from cx_desktop.domain.flow.analysis.facts import facts_of_flows, facts_of_prompt, facts_of_schedule
from cx_desktop.domain.flow.references import Context, Names
from cx_desktop.domain.patch import Document, Json
from cx_desktop.domain.queues import facts_of_queues


def read_context(cache: Cache, project_id: str) -> Context:
    """The context of a project as this device knows it. Not for the GUI thread."""
    project = cache.row("project", project_id)
    return Context(
        features=_features(project.data) if project else None,
        queues=_names(cache, "queue", project_id),
        schedules=_names(cache, "schedule", project_id),
        prompts=_names(cache, "prompt", project_id),
        flows=_names(cache, "flow", project_id),
        prompt_facts={
            row.id: facts_of_prompt(draft, is_live=row.data.get("live_revision") is not None)
            for row in cache.rows("prompt", project_id=project_id)
            if isinstance(draft := row.data.get("draft"), dict) and not row.data.get("archived")
        },
        schedule_facts={
            row: facts_of_schedule(draft)
            for row, draft in _drafts(cache, "schedule", project_id)
            if isinstance(draft, dict)
        },
        queue_facts=facts_of_queues(
            (row.id, row.data.get("draft"), row.data.get("live_revision") is not None)
            for row in cache.rows("queue", project_id=project_id)
            if not row.data.get("archived")
        ),
        flow_facts=facts_of_flows(_drafts(cache, "flow", project_id)),
    )


def _drafts(cache: Cache, entity_type: str, project_id: str) -> Iterator[tuple[str, Json]]:
    """Each object that is in use, with its draft."""
    for row in cache.rows(entity_type, project_id=project_id):
        if not row.data.get("archived"):
            yield row.id, row.data.get("draft")


def _features(project: Document) -> frozenset[str] | None:
    features = project.get("features")
    return frozenset(cast("list[str]", features)) if isinstance(features, list) else None


def _names(cache: Cache, entity_type: str, project_id: str) -> Names:
    return {
        row.id: str(row.data.get("name", ""))
        for row in cache.rows(entity_type, project_id=project_id)
        if not row.data.get("archived")
    }
