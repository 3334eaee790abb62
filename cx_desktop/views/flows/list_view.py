"""The list of a project's flows: a list of objects into which files can be dropped."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from cx_desktop.models.flow_rows import FlowRow
from cx_desktop.models.flows import Flows
from cx_desktop.overrides import override
from cx_desktop.views.flows import words
from cx_desktop.views.flows.drops import dropped_file
from cx_desktop.views.objects.list_view import Dress, ListView
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.look import Look


class FlowListView(ListView[FlowRow]):
    """What the SVI page shows first."""

    import_requested = Signal(object)  # Path of a dropped file, or None to choose one

    def __init__(
        self,
        look: Look,
        flows: Flows,
        *,
        now: Callable[[], datetime],
        why_not_new: Callable[[], str] = str,
        parent: QWidget | None = None,
    ) -> None:
        self._import = Button(look, "flows.import", icon="download-simple")
        dress = Dress(
            area="flows",
            general="flows",
            icon="tree-structure",
            columns=words.columns(look.language, now),
            least=words.LEAST,
            hidden=words.HIDDEN,
            pills={
                words.STATE: words.state_pills,
                words.FINDINGS: words.findings_pills,
                words.SENT: words.sent_pills,
            },
            found_by=lambda row: " ".join((row.name, row.description, words.numbers_to_find(row))),
        )
        super().__init__(look, flows, dress, why_not_new=why_not_new, parent=parent)
        self.add_action(self._import)
        self._import.clicked.connect(lambda: self.import_requested.emit(None))

    @property
    @override
    def makers(self) -> tuple[Button, ...]:
        return (*super().makers, self._import)

    @override
    def show_permissions(self) -> None:
        super().show_permissions()
        self.setAcceptDrops(not self._why_not_new())

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.import_requested.emit(path)
