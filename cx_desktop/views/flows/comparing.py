"""Comparing two versions of the flow at work, or its draft with what callers hear."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.references import Context
from cx_desktop.domain.patch import Document
from cx_desktop.models.flow_comparison import FlowComparison
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.flow_work import FlowWork
from cx_desktop.models.objects.revisions import Revisions
from cx_desktop.models.objects.telling import Change
from cx_desktop.tasks import Tasks
from cx_desktop.views.flow_compare.compare_view import CompareView
from cx_desktop.views.objects.told_panel import ToldPanel
from cx_desktop.views.widgets.look import Look


class Comparing(QObject):
    """Shows a comparison in the place of the editor, and brings the editor back."""

    failed = Signal(object)  # CXError

    def __init__(
        self,
        look: Look,
        stack: QStackedWidget,
        *,
        tasks: Tasks,
        read_context: Callable[[], Context],
    ) -> None:
        super().__init__(stack)
        self._look = look
        self._stack = stack
        self._tasks = tasks
        self._read_context = read_context
        self._before: QWidget | None = None
        self.view: CompareView | None = None

    def compare(
        self, work: FlowWork, revisions: Revisions, old: int, new: int | None = None
    ) -> None:
        """Compare a version with another, or with the draft."""

        def with_old(before: Document) -> None:
            if new is None:
                self._show(before, work.graph.document, old, None)
            else:
                revisions.document(
                    new,
                    done=lambda after: self._show(before, after, old, new),
                    failed=self._on_failed,
                )

        revisions.document(old, done=with_old, failed=self._on_failed)

    def leave(self) -> None:
        """Look at the editor again."""
        if self.view is not None:
            self._stack.removeWidget(self.view)
            self.view.shut()
            self.view.deleteLater()
            self.view = None
            if self._before is not None:
                self._stack.setCurrentWidget(self._before)
                self._before.setFocus()
            self._before = None

    def _show(self, before: Document, after: Document, old: int, new: int | None) -> None:
        self.leave()
        model = FlowComparison(self._tasks)
        view = CompareView(self._look, model, tasks=self._tasks, read_context=self._read_context)
        model.setParent(view)
        view.left.connect(self.leave)
        language = self._look.language
        language.follow(view, lambda: view.show_names(self._name(old), self._name(new)))
        self.view, self._before = view, self._stack.currentWidget()
        self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)
        model.show(before, after)

    def _name(self, number: int | None) -> str:
        text = self._look.language.text
        return text("compare.draft") if number is None else text("flows.version", number=number)

    def _on_failed(self, error: CXError) -> None:
        self.failed.emit(error)


def told_panel(look: Look, desk: FlowDesk, work: FlowWork, revisions: Revisions) -> ToldPanel:
    """What a version of the flow at work changed for callers; sentences lead to its nodes."""
    return ToldPanel(
        look,
        revisions,
        desk.telling(),
        partial(Change, work.flow.id, work.flow.project_id),
        known=lambda: work.graph.flow.nodes,
    )
