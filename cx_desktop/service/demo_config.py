"""The demo's queues, schedules and prompts, published as somebody would have published them."""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from cx_desktop.domain.patch import Document
from cx_desktop.service.actor import Actor
from cx_desktop.service.blob_files import BlobFiles
from cx_desktop.service.demo_data import DemoProject, DemoPrompt, DemoSchedule
from cx_desktop.service.demo_sounds import sound
from cx_desktop.service.objects import publishing, verbs
from cx_desktop.service.objects.types import OBJECT_TYPES
from cx_desktop.service.shapes import NewObject
from cx_desktop.service.store import Txn, blobs

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
        yield "prompt", prompt.name[language], _prompt(prompt, language)
    for schedule in project.schedules:
        yield "schedule", schedule.name[language], _schedule(schedule, today)


def _prompt(prompt: DemoPrompt, language: str) -> Document:
    name, spoken = prompt.name[language], "fr-FR" if language == "fr" else "en-GB"
    said: Document = {"text": prompt.text[language]}
    if not prompt.sound:
        return {"languages": {spoken: said}}
    said["audio"] = sound(prompt.sound).audio(f"{prompt.sound}.wav")
    return {"languages": {spoken: said}, "music": {"title": name, "sacem": prompt.sacem}}


def keep_sounds(txn: Txn, files: BlobFiles, project_id: str, project: DemoProject) -> None:
    """What the prompts of a project will play."""
    for name in sorted({each.sound for each in project.prompts if each.sound}):
        made = sound(name)
        blobs.hold(txn, project_id, made.sha256, len(made.content))
        files.keep(made.sha256, made.content)


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
