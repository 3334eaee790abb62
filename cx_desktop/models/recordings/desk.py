"""Everything the page « Écoutes » works with, made from the open workspace."""

from datetime import date

from PySide6.QtCore import QObject, Signal

from cx_desktop.cache import Listing
from cx_desktop.domain.recordings import Filters, Sort
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.recordings.rows import RecordingRows
from cx_desktop.models.step_up import StepUps
from cx_desktop.models.workspace import Workspace
from cx_desktop.protocol import Recording


class RecordingDesk(QObject):
    """The list, the recording in hand, and what plays, judges and packs it.

    ``current`` is the one recording that is in hand: the player plays it, reviewers speak of it.
    """

    current_changed = Signal(object)  # Recording | None
    project_changed = Signal()

    def __init__(
        self,
        workspace: Workspace,
        *,
        permissions: Permissions,
        step_ups: StepUps,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.permissions = permissions
        self.step_ups = step_ups
        self.tasks = workspace.tasks
        self.current: Recording | None = None
        self.filters = Filters()
        self.sort, self.is_descending = Sort.STARTED, True
        self.rows = RecordingRows(cache=workspace.cache, tasks=workspace.tasks, parent=self)
        workspace.project_changed.connect(self._on_project_changed)
        self.load()

    @property
    def today(self) -> date:
        """The day where the project is, by the clock that cannot be set back."""
        return self.workspace.opened.floor.now().astimezone(self.workspace.zone).date()

    def load(self) -> None:
        """Ask for the list as it is filtered and sorted now."""
        project = self.workspace.project
        if project is not None:
            self.rows.ask(
                Listing(
                    project_id=project.id,
                    today=self.today,
                    filters=self.filters,
                    sort=self.sort,
                    is_descending=self.is_descending,
                )
            )

    def take(self, recording: Recording | None) -> None:
        """Take a recording in hand."""
        if recording != self.current:
            self.current = recording
            self.current_changed.emit(recording)

    def close(self) -> None:
        """Stop following the cache; called before it is given back."""

    def _on_project_changed(self) -> None:
        self.take(None)
        self.load()
        self.project_changed.emit()
