"""A text that one flow says, made a prompt that every flow can play."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from cx_desktop.cache import Edit
from cx_desktop.domain.access import Verb
from cx_desktop.models.flow_patterns import free_name
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.workspace import Workspace

_NAME = 40


class PromptSharing(QObject):
    """Makes prompts of texts, on this device at once; nothing of them is live."""

    def __init__(
        self, workspace: Workspace, permissions: Permissions, *, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._permissions = permissions

    @property
    def is_possible(self) -> bool:
        """Whether this user may make prompts."""
        return self._permissions.allows(Verb.CONFIG_EDIT)

    def share(self, text: str, language: str, done: Callable[[str], object]) -> None:
        """Make a prompt of a text; ``done`` gets its id, saved on this device."""
        workspace, project = self._workspace, self._workspace.project
        if project is None:
            return
        prompt, project_id = workspace.ids.new(), project.id

        def work() -> str:
            rows = workspace.cache.rows("prompt", project_id=project_id)
            taken = frozenset(str(row.data.get("name", "")) for row in rows)
            value = {
                "type": "prompt",
                "id": prompt,
                "project_id": project_id,
                "name": free_name(name_of(text), taken),
                "description": "",
                "archived": False,
                "draft": {"languages": {language: {"text": text}}},
            }
            workspace.cache.edit(Edit(entity_type="prompt", id=prompt, value=value))
            return prompt

        workspace.tasks.run(work, done=done)


def name_of(text: str) -> str:
    """What a prompt is called by its first words."""
    name = " ".join(text.split())
    if len(name) <= _NAME:
        return name
    return name[:_NAME].rsplit(" ", 1)[0].rstrip(" ,;:!?.") + "…"
