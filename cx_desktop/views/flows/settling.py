"""Conflicts of the flow at work: the strip that tells of them, and both versions on the canvas."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from cx_desktop.domain.flow.references import Context
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.flow_work import FlowWork
from cx_desktop.views.flows.notices import Notices
from cx_desktop.views.flows.settle_view import SettleView
from cx_desktop.views.widgets.look import Look

if TYPE_CHECKING:
    from cx_desktop.models.objects.conflicts import Conflicts


class Settling(QObject):
    """Shows what is to be settled in the place of the editor, and brings the editor back."""

    failed = Signal(object)  # CXError

    def __init__(
        self,
        look: Look,
        stack: QStackedWidget,
        notices: Notices,
        *,
        desk: FlowDesk,
        read_context: Callable[[], Context],
    ) -> None:
        super().__init__(stack)
        self._look = look
        self._stack = stack
        self._notices = notices
        self._desk = desk
        self._read_context = read_context
        self._work: FlowWork | None = None
        self._before: QWidget | None = None
        self._is_wanted = False
        self.conflicts: Conflicts | None = None
        self.view: SettleView | None = None
        notices.settling_wanted.connect(self.show)

    def follow(self, work: FlowWork) -> None:
        """A flow is at work: tell of its conflicts."""
        is_wanted = self._is_wanted
        self.drop()
        self._work, self._is_wanted = work, is_wanted
        self.conflicts = conflicts = self._desk.conflicts(work.flow.id)
        conflicts.changed.connect(self._on_changed)
        conflicts.failed.connect(self.failed)
        conflicts.load()

    def drop(self) -> None:
        """The flow is left."""
        self.leave()
        self._is_wanted = False
        if self.conflicts is not None:
            self.conflicts.close()
            self.conflicts.deleteLater()
        self.conflicts = self._work = None

    def show(self) -> None:
        """Show both versions, as soon as it is known what is open."""
        conflicts = self.conflicts
        self._is_wanted = conflicts is None or not conflicts.places
        if self._is_wanted or conflicts is None or self.view is not None:
            return
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

    def leave(self) -> None:
        """Look at the editor again."""
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
        self._on_changed()

    def _on_changed(self) -> None:
        conflicts, work = self.conflicts, self._work
        if conflicts is None or work is None:
            return
        if self.view is None:
            self._notices.show_disputes(conflicts, work.graph.document)
        else:  # it stands before the user
            self._notices.dispute.clear()
        self._notices.show_arisen(conflicts)
        if self._is_wanted:
            self.show()
