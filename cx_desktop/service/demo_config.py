"""The demo's queues, schedules and prompts, published as somebody would have published them."""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from cx_desktop.domain.patch import Document
from cx_desktop.service.actor import Actor
from cx_desktop.service.blob_files import BlobFiles
from cx_desktop.service.demo_data import DemoProject, DemoPrompt, DemoQueue, DemoSchedule
from cx_desktop.service.demo_sounds import sound
from cx_desktop.service.objects import publishing, verbs
from cx_desktop.service.objects.types import OBJECT_TYPES
from cx_desktop.service.shapes import NewObject
from cx_desktop.service.store import Txn, blobs

Made = dict[tuple[str, str], str]
"""The ids of what was made, by type and name."""

_FIRST_VERSION = {"fr": "Mise en service", "en": "First version"}


def seed_config(
    txn: Txn, actor: Actor, project_id: str, project: DemoProject, *, language: str, today: date
) -> None:
    """Make what the flows of a project will refer to, and put it live."""
    made: Made = {}
    for kind_name, name, draft in _drafts(project, language, today, made):
        kind = OBJECT_TYPES[kind_name]
        new = NewObject(project_id=project_id, name=name, draft=draft)
        found = verbs.create(txn, actor, kind, txn.ids.new(), new)
        publishing.go_live(txn, actor, publishing.as_draft(txn, found, _FIRST_VERSION[language]))
        made[kind_name, name] = found.id


def _drafts(
    project: DemoProject, language: str, today: date, made: Made
) -> Iterator[tuple[str, str, Document]]:
    """Type, name and draft of each object; what one refers to was made before it."""
    for prompt in project.prompts:
        yield "prompt", prompt.name[language], _prompt(prompt, language)
    for schedule in project.schedules:
        yield "schedule", schedule.name[language], _schedule(schedule, today)
    for queue in project.queues:
        yield "queue", queue.name[language], _queue(queue, language, made)
    for form in project.forms:
        yield "form", form.name[language], form.draft(language)


def _queue(queue: DemoQueue, language: str, made: Made) -> Document:
    referred = (
        *(("schedule", "schedule", queue.schedule), ("music", "prompt", queue.music)),
        ("overflow", "queue", queue.overflow),
    )
    ids = {place: made[kind, said[language]] for place, kind, said in referred if said}
    return {"purpose": queue.purpose[language], **queue.settings, **ids}


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
