"""What is known around a prompt: options of its project, languages wanted, files not yet sent."""

from collections.abc import Callable
from datetime import date

import msgspec

from cx_desktop.cache import Cache, Place
from cx_desktop.domain.finding import Finding
from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.domain.patch import Document
from cx_desktop.domain.prompts import Around, Prompt, findings, languages_of, prompt_of
from cx_desktop.models.workspace import Workspace


def read_around(workspace: Workspace, prompt_id: str) -> Around:
    """What is known around a prompt of the project in view. Not for the GUI thread."""
    project = workspace.project
    if project is None:
        return Around()
    return Around(
        features=frozenset(project.features),
        wanted=_wanted(workspace.cache, project.id, prompt_id),
    )


def judge_of(workspace: Workspace) -> Callable[[Document, date], tuple[Finding, ...]]:
    """Judges prompts before they are published, after everything was sent that could be."""

    def judge(document: Document, _today: date) -> tuple[Finding, ...]:
        project, prompt = workspace.project, prompt_of(document)
        features = frozenset(project.features) if project is not None else None
        held = _held(workspace.cache, project.id if project is not None else "", prompt)
        return findings(prompt, Around(features=features, held=held))

    return judge


def _held(cache: Cache, project_id: str, prompt: Prompt) -> frozenset[str]:
    unsent = set(cache.blobs.unsent())
    return frozenset(each for each in prompt.blobs if Place(project_id, each) not in unsent)


def _wanted(cache: Cache, project_id: str, prompt_id: str) -> dict[str, str]:
    wanted: dict[str, str] = {}
    for row in cache.rows("flow", project_id=project_id):
        draft = row.data.get("draft")
        if row.data.get("archived") or not isinstance(draft, dict):
            continue
        try:
            spoken = languages_of(flow_of(draft), prompt_id)
        except msgspec.ValidationError:  # a newer program wrote it
            continue
        for language in spoken:
            wanted.setdefault(language, str(row.data.get("name", "")))
    return wanted
