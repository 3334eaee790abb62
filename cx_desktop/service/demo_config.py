"""The demo's queues, schedules and prompts, published as somebody would have published them."""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from cx_desktop.domain.patch import Document
from cx_desktop.service.actor import Actor
from cx_desktop.service.demo_data import DemoProject, DemoSchedule
from cx_desktop.service.objects import publishing, verbs
from cx_desktop.service.objects.types import OBJECT_TYPES
from cx_desktop.service.shapes import NewObject
from cx_desktop.service.store import Txn

_FIRST_VERSION = {"fr": "Mise en service", "en": "First version"}


def seed_config(
    txn: Txn, actor: Actor, project_id: str, project: DemoProject, *, language: str, today: date
) -> None:
    """Make what the flows of a project will refer to, and put it live."""
    for kind_name, name, draft in _drafts(project, language, today):
        kind = OBJECT_TYPES[kind_name]
        new = NewObject(project_id=project_id, name=name, draft=draft)
        made = verbs.create(txn, actor, kind, txn.ids.new(), new)
        publishing.go_live(txn, actor, publishing.as_draft(txn, made, _FIRST_VERSION[language]))


def _drafts(
    project: DemoProject, language: str, today: date
) -> Iterator[tuple[str, str, Document]]:
    """Type, name and draft of each object."""
    for queue in project.queues:
        yield "queue", queue[language], {}
    for prompt in project.prompts:
        spoken = "fr-FR" if language == "fr" else "en-GB"
        yield (
            "prompt",
            prompt.name[language],
            {"languages": {spoken: {"text": prompt.text[language]}}},
        )
    for schedule in project.schedules:
        yield "schedule", schedule.name[language], _schedule(schedule, today)


def _schedule(schedule: DemoSchedule, today: date) -> Document:
    return {
        "time_zone": "Europe/Paris",
        "weekly": msgspec.to_builtins(schedule.weekly),
        "public_holidays": "fr",
        "exceptions": {
            f"day_{each.in_days}": {
                "first": (today + timedelta(days=each.in_days)).isoformat(),
                "hours": msgspec.to_builtins(each.ranges),
            }
            for each in schedule.exceptions
        },
    }
