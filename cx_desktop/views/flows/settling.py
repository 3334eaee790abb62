"""Conflicts of the flow at work: the strip that tells of them, and both versions on the canvas."""

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from cx_desktop.domain.flow.references import Context
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.flow_work import FlowWork
from cx_desktop.models.objects.conflicts import Conflicts
from cx_desktop.overrides import override
from cx_desktop.views.flows.notices import Notices
from cx_desktop.views.flows.settle_view import SettleView
from cx_desktop.views.objects.settling import Settling
from cx_desktop.views.widgets.look import Look


class FlowSettling(Settling):
    """Shows what is to be settled in the place of the editor, and brings the editor back."""

    def __init__(
        self,
        look: Look,
        stack: QStackedWidget,
        notices: Notices,
        *,
        desk: FlowDesk,
        read_context: Callable[[], Context],
    ) -> None:
        super().__init__(parent=stack)
        self._look = look
        self._stack = stack
        self._notices = notices
        self._desk = desk
        self._read_context = read_context
        self._work: FlowWork | None = None
        self._before: QWidget | None = None
        self.view: SettleView | None = None
        notices.settling_wanted.connect(self.show)

    @property
    @override
    def is_shown(self) -> bool:
        return self.view is not None

    def follow(self, work: FlowWork) -> None:
        """A flow is at work: tell of its conflicts."""
        self._work = work
        self.attend(self._desk.conflicts(work.flow.id))

    @override
    def _open(self, conflicts: Conflicts) -> None:
        self.view = view = SettleView(
            self._look,
            conflicts,
            tasks=self._desk.tasks,
            read_context=self._read_context,
            now=self._desk.clock.now,
        )
        view.left.connect(self.leave)
        self._before = self._stack.currentWidget()
        self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)

    @override
    def _close(self) -> None:
        if self.view is None:
            return
        self._stack.removeWidget(self.view)
        self.view.shut()
        self.view.deleteLater()
        self.view = None
        if self._before is not None and self._stack.indexOf(self._before) >= 0:
            self._stack.setCurrentWidget(self._before)
            self._before.setFocus()
        self._before = None

    @override
    def _tell(self, conflicts: Conflicts) -> None:
        if self.is_shown:
            self._notices.dispute.clear()
        elif self._work is not None:
            self._notices.show_disputes(conflicts, self._work.graph.document)
        self._notices.show_arisen(conflicts)
