"""Judging calls in the window: the review below the list, the worklist above it."""

from PySide6.QtCore import QObject

from cx_desktop.domain.recordings.notes import Evaluation
from cx_desktop.models.permissions import Permissions
from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.recordings.results import Results
from cx_desktop.models.recordings.review import Review
from cx_desktop.models.recordings.worklists import Wanted, Worklists
from cx_desktop.models.workspace import Workspace
from cx_desktop.protocol import Recording
from cx_desktop.views.recordings.results_page import ResultsPage
from cx_desktop.views.recordings.review_panel import ReviewPanel
from cx_desktop.views.recordings.worklist_strip import WorklistStrip
from cx_desktop.views.widgets.look import Look

#: The review is no narrower, so that answers stand side by side.
_NARROWEST = 400


class Reviewing(QObject):
    """Leads from one call of a worklist to the next; the way back stays open."""

    def __init__(
        self,
        look: Look,
        workspace: Workspace,
        permissions: Permissions,
        desk: RecordingDesk,
        *,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._before: Wanted | None = None
        self._present: Wanted | None = None
        self.review = Review(workspace, permissions, parent=self)
        self.lists = Worklists(workspace, permissions, parent=self)
        self.panel = ReviewPanel(look, self.review)
        self.strip = WorklistStrip(look, self.lists)
        self.results = Results(workspace, parent=self)
        self.results_page = ResultsPage(look, self.results)
        self.panel.setMinimumWidth(_NARROWEST)
        self.panel.hide()
        self.review.changed.connect(self._show_panel)
        desk.current_changed.connect(self._on_current)
        self.lists.wanted.connect(self._take)
        self.review.scoring.finished.connect(self._on_finished)
        self.panel.next_wanted.connect(self._next)
        self.strip.back_wanted.connect(self._go_back)
        self.strip.filters_wanted.connect(lambda give: give(desk.filters))

    def close(self) -> None:
        """Save what is typed; stop following the cache."""
        self.panel.settle()
        self.review.close()
        self.lists.close()
        self.results.close()

    def _show_panel(self) -> None:
        """The list has the whole width until a recording is in hand."""
        self.panel.setVisible(self.review.subject is not None)

    def _on_current(self, recording: Recording | None) -> None:
        present = self._present
        self.panel.settle()
        if present is not None and recording is not None and present.recording.id == recording.id:
            return
        self._present = None
        self.review.take(recording)

    def _take(self, wanted: Wanted) -> None:
        self.panel.settle()
        self._before, self._present = self._present, wanted
        self._desk.take(wanted.recording)
        self.review.take(wanted.recording, wanted.purpose)
        self.panel.score()

    def _next(self) -> None:
        subject = self.review.subject
        self.lists.next(subject.id if subject is not None else "")

    def _on_finished(self, evaluation: Evaluation) -> None:
        if not evaluation.worklist_id or self._present is None:
            return
        is_next_here = self.lists.next(evaluation.recording_id)
        self.strip.tell_finished(evaluation, is_next_here=is_next_here)

    def _go_back(self, _recording_id: str) -> None:
        if self._before is not None:
            self._take(self._before)
