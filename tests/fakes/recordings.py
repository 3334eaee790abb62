"""Recordings with a sound, on a service that runs."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from cx_desktop.domain.recordings import delete_by
from cx_desktop.protocol import Recording
from cx_desktop.service.recordings.taking import take
from cx_desktop.service.store import entities
from tests.fakes.service import RunningService


def recording_project(running: RunningService) -> str:
    """The first project of the demo that records."""
    assert running.service is not None
    with running.service.store.read() as connection:
        return next(
            each.id
            for each in entities.each(connection, "project")
            if "recording" in msgspec.convert(each.data["features"], list[str])
        )


def record_call(
    running: RunningService,
    content: bytes | None = b"",
    *,
    at: datetime | None = None,
    queue_id: str | None = None,
    caller: str = "+33639980001",
    project_id: str = "",
    agent_name: str = "Anaïs Lefèvre",
) -> Recording:
    """A call that was just recorded, with this sound; without one where it is None."""
    return record_calls(
        running,
        [content],
        at=at,
        queue_id=queue_id,
        caller=caller,
        project_id=project_id,
        agent_name=agent_name,
    )[0]


def record_calls(
    running: RunningService,
    contents: Sequence[bytes | None],
    *,
    at: datetime | None = None,
    queue_id: str | None = None,
    caller: str = "+33639980001",
    project_id: str = "",
    agent_name: str = "Anaïs Lefèvre",
) -> tuple[Recording, ...]:
    """The same for several at once."""
    service = running.service
    assert service is not None
    project_id = project_id or recording_project(running)
    at = at or running.clock.now() - timedelta(hours=1)
    made = []
    sounds: dict[str, bytes] = {}
    for content in contents:
        sha256 = None if content is None else hashlib.sha256(content).hexdigest()
        if sha256 is not None and content is not None:
            sounds[sha256] = content
        made.append(
            Recording(
                id=service.config.ids.new(),
                project_id=project_id,
                started_at=at,
                duration=60,
                direction="in",
                queue_id=queue_id,
                agent_id=None,
                agent_name=agent_name,
                caller=caller,
                called="+33162000000",
                flow_id=None,
                size=len(content or b""),
                blob=sha256,
                delete_by=delete_by(at.date()),
                ver=1,
            )
        )
    take(service, project_id, made, sounds)
    return tuple(made)
