"""Find and replace in all flows of the project in view; undone as a whole, off the GUI thread."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.access import Verb
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.replace import Hit, Refusal
from cx_desktop.domain.flow.seeking import Seeker, Wanted
from cx_desktop.models.everywhere import hits
from cx_desktop.models.everywhere.hits import Found, Refusals, TakenBack, Written
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.workspace import Workspace
from cx_desktop.tasks import Task


class Replacing(QObject):
    """What was looked for last, what was found, and what was put there."""

    changed = Signal()  # found, refusals, busy or problem are new
    progressed = Signal(float)  # how far the search or the replacement is, 0 to 1
    written = Signal(object)  # Written: a replacement is saved on this device
    taken_back = Signal(object)  # TakenBack

    def __init__(
        self,
        workspace: Workspace,
        permissions: Permissions,
        *,
        settle: Callable[[], object] = lambda: None,
        parent: QObject | None = None,
    ) -> None:
        """``settle`` saves what is being typed elsewhere, before anything is read or written."""
        super().__init__(parent)
        self._workspace = workspace
        self._permissions = permissions
        self._settle = settle
        self._task: Task | None = None
        self._judging: Task | None = None
        self._last: Written | None = None
        self.seeker: Seeker | None = None
        self.by = ""
        self.found: Found | None = None
        self.refusals: Refusals = {}
        self.problem: CXError | None = None
        workspace.project_changed.connect(self.forget)
        permissions.changed.connect(self.changed)

    @property
    def is_busy(self) -> bool:
        """Whether a search or a replacement is under way."""
        return self._task is not None

    @property
    def is_judging(self) -> bool:
        """Whether it is still being found out which places would stay as they are."""
        return self._judging is not None

    @property
    def why_not_replace(self) -> str:
        """The key of the reason why nothing can be replaced here; "" when it can."""
        return self._permissions.why_not(Verb.FLOW_EDIT)

    def forget(self, _project: object = None) -> None:
        """Begin anew: what was found is another project's."""
        self.cancel()
        self._last = None
        self._show(None, None)

    def cancel(self) -> None:
        """Stop looking; what was found before stays."""
        for task in (self._task, self._judging):
            if task is not None:
                task.cancel()
        if self._task is not None:
            self._task = None
            self.changed.emit()

    def find(self, wanted: Wanted) -> None:
        """Look for words in every flow; an empty text finds nothing."""
        self.cancel()
        project, cache = self._workspace.project, self._workspace.cache
        if project is None or not wanted.text:
            self._show(None, None)
            return
        try:
            seeker = Seeker(wanted)
        except CXError as error:
            self._show(None, None, error)
            return
        self._settle()
        self._run(
            lambda task: hits.search(cache, project.id, seeker, task),
            lambda found: self._show(seeker, found),
        )

    def judge(self, by: str) -> None:
        """Say which places would stay as they are with this replacement."""
        self.by = by
        if self._judging is not None:
            self._judging.cancel()
        seeker, found = self.seeker, self.found
        if seeker is None or found is None:
            return
        self._judging = self._workspace.tasks.run_cancellable(
            lambda task: hits.refusals(found, seeker, by, task),
            done=self._on_judged,
            failed=self._on_unjudged,
        )

    def refusal(self, flow_id: str, hit: Hit) -> Refusal | None:
        """Why a place would stay as it is."""
        return self.refusals.get((flow_id, hit))

    def replace(self, chosen: Mapping[str, tuple[Hit, ...]]) -> None:
        """Put the replacement at these places of these flows, as one step."""
        seeker, cache, by = self.seeker, self._workspace.cache, self.by
        wanted = {flow: each for flow, each in chosen.items() if each}
        if seeker is None or self.is_busy or self.why_not_replace or not wanted:
            return
        self._settle()
        self._run(lambda task: hits.write(cache, seeker, by, wanted, task), self._on_written)

    def take_back(self) -> None:
        """Undo the last replacement, in all flows."""
        written, cache = self._last, self._workspace.cache
        if written is None:
            return
        self.cancel()  # it looks again for what is no longer there
        self._last = None
        self._settle()
        self._run(lambda _task: hits.take_back(cache, written), self._on_taken_back)

    def _run(self, work: Callable[[Task], object], done: Callable[[object], object]) -> None:
        self.problem = None

        def ended(outcome: object) -> None:
            self._task = None
            done(outcome)

        self._task = self._workspace.tasks.run_cancellable(
            work,
            done=ended,
            failed=self._on_failed,
            progress=lambda at, _: self.progressed.emit(at),
        )
        self.changed.emit()

    def _show(self, seeker: Seeker | None, found: object, problem: CXError | None = None) -> None:
        self.seeker = seeker
        self.found = found if isinstance(found, Found) else None
        self.refusals, self.problem = {}, problem
        self.changed.emit()
        self.judge(self.by)

    def _on_judged(self, refused: Refusals) -> None:
        self._judging = None
        self.refusals, self.problem = refused, None
        self.changed.emit()

    def _on_unjudged(self, error: CXError) -> None:
        """The replacement names what the expression has not: nothing can be replaced by it."""
        self._judging = None
        self.refusals, self.problem = {}, error
        self.changed.emit()

    def _on_written(self, written: object) -> None:
        if isinstance(written, Written):
            self._last = written if written.changes else self._last
            self.written.emit(written)
        self._look_again()

    def _on_taken_back(self, back: object) -> None:
        if isinstance(back, TakenBack):
            self.taken_back.emit(back)
        self._look_again()

    def _look_again(self) -> None:
        if self.seeker is not None:
            self.find(self.seeker.wanted)

    def _on_failed(self, error: CXError) -> None:
        self._task = None
        self.problem = error
        self.changed.emit()
