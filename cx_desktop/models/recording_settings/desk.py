"""What the parts of « Conservation » share: read from the service, changed with a fresh code."""

from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.access import Verb, step_up_of
from cx_desktop.domain.errors import CXError
from cx_desktop.models.guarded import Guarded, needs_service_and_code
from cx_desktop.models.load_state import LoadState
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.step_up import StepUps
from cx_desktop.models.workspace import Workspace


class GuardedDesk(QObject):
    """One thing of the project in view that asks for a code; ``verb`` says which."""

    verb: Verb
    changed = Signal()  # what is there, what is wanted, or what is being done
    failed = Signal(object)  # CXError of a wish

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
        self.state = LoadState.LOADING
        self.problem: CXError | None = None
        code = step_up_of(self.verb)
        self.guarded = Guarded(
            verb=code.value if code is not None else "",
            step_ups=step_ups,
            tasks=workspace.tasks,
            ids=workspace.ids,
            parent=self,
        )
        self.guarded.failed.connect(self._on_refused)

    @property
    def why_not(self) -> str:
        """The key of the reason why it cannot be used here; "" when it can."""
        return self.permissions.why_not(self.verb)

    @property
    def is_awaited(self) -> bool:
        """Whether there is nothing to show yet, but will be."""
        return self.state is LoadState.LOADING and not self.why_not

    def _on_refused(self, error: CXError) -> None:
        self.failed.emit(needs_service_and_code(error))

    def _on_unread(self, error: CXError) -> None:
        self.state, self.problem = LoadState.FAILED, error
        self.changed.emit()
