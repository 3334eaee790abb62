"""What the user may do in the project in view, and why not: verbs are disabled, never hidden.

What the service said last counts; before it has spoken (offline), the user's roles are asked by
the same rule that the service asks.
"""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.access import Verb, changes_project, feature_of, may
from cx_desktop.models.sync_status import Freshness
from cx_desktop.models.workspace import Workspace
from cx_desktop.protocol import Capability

#: Reasons that the catalogue has words for; others are the provider's own.
_KNOWN = frozenset({"reason.role", "reason.feature"})
_SUSPENDED = "reason.suspended"
_PUBLISH = {
    "flow": Verb.FLOW_PUBLISH,
    "prompt": Verb.CONFIG_PUBLISH,
    "schedule": Verb.CONFIG_PUBLISH,
    "queue": Verb.CONFIG_PUBLISH,
    "form": Verb.FORM_PUBLISH,
}


class Permissions(QObject):
    """Answers for one workspace; ``changed`` when the answers may be others."""

    changed = Signal()

    def __init__(self, workspace: Workspace, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        workspace.capabilities_changed.connect(lambda _capabilities: self.changed.emit())
        workspace.project_changed.connect(lambda _project: self.changed.emit())
        self._needs_update = workspace.sync_status.freshness.needs_update
        workspace.sync_status.changed.connect(self._on_sync_changed)

    def why_not(self, verb: Verb) -> str:
        """The key of the reason why a verb cannot be used here; "" when it can."""
        if self._needs_update and changes_project(verb):
            return "later.reason.update"
        return self._refused(verb) or self._halted(verb)

    def _refused(self, verb: Verb) -> str:
        capability = self._capability(verb)
        if capability is None:
            return self._by_role(verb)
        if capability.answer == "yes" or capability.reason == _SUSPENDED:
            return ""
        return f"flows.{capability.reason if capability.reason in _KNOWN else 'reason.provider'}"

    def allows(self, verb: Verb) -> bool:
        """Whether a verb can be used here."""
        return not self.why_not(verb)

    def why_not_publish(self) -> Mapping[str, str]:
        """For each type of object, the key of the reason why it cannot be published here, or ""."""
        return {each: self.why_not(verb) for each, verb in _PUBLISH.items()}

    def _on_sync_changed(self, freshness: Freshness) -> None:
        if freshness.needs_update != self._needs_update:
            self._needs_update = freshness.needs_update
            self.changed.emit()

    def _halted(self, verb: Verb) -> str:
        """The state of the project comes with sync, sooner than the service is asked again."""
        project = self._workspace.project
        is_halted = project is not None and project.state != "active" and changes_project(verb)
        return f"flows.{_SUSPENDED}" if is_halted else ""

    def _capability(self, verb: Verb) -> Capability | None:
        project, capabilities = self._workspace.project, self._workspace.capabilities
        if project is None or capabilities is None:
            return None
        return next(
            (
                each.verbs.get(verb.value)
                for each in capabilities.projects
                if each.project_id == project.id
            ),
            None,
        )

    def _by_role(self, verb: Verb) -> str:
        project = self._workspace.project
        if project is None or not may(self._workspace.user.grants, verb, project.id):
            return "flows.reason.role"
        feature = feature_of(verb)
        if feature is not None and feature not in project.features:
            return "flows.reason.feature"
        return ""
