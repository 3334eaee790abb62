"""Opens the dialog of numbers, and carries its answers to the verbs."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.flow_entity import NumberFacts
from cx_desktop.models.flow_rows import FlowRow
from cx_desktop.models.flow_verbs import Assigned
from cx_desktop.views.flows.assign_dialog import AssignDialog
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip


class Assigning(QObject):
    """One dialog at a time."""

    def __init__(self, look: Look, desk: FlowDesk, owner: QWidget) -> None:
        super().__init__(owner)
        self._look = look
        self._desk = desk
        self._owner = owner
        self.dialog: AssignDialog | None = None
        desk.verbs.assigned.connect(self._on_assigned)
        desk.verbs.failed.connect(self._on_failed)
        desk.verbs.could_wait.connect(lambda _wishes: self._rest())

    @property
    def strip(self) -> Strip | None:
        """Where the open dialog tells what became of a verb."""
        return None if self.dialog is None else self.dialog.strip

    def begin(self, row: FlowRow) -> None:
        """Ask which numbers this flow answers."""
        dialog = AssignDialog(self._look, row, parent=self._owner)
        dialog.assign_requested.connect(lambda number: self._assign(number, row.id))
        dialog.release_requested.connect(lambda number: self._assign(number, None))
        dialog.finished.connect(self._on_finished)
        self.dialog = dialog
        self._load()
        dialog.open()

    def _load(self) -> None:
        self._desk.tasks.run(self._desk.read_numbers, done=self._show, failed=self._on_failed)

    def _show(self, numbers: tuple[NumberFacts, ...]) -> None:
        if self.dialog is not None:
            names = {row.id: row.name for row in self._desk.flows.rows}
            self.dialog.set_busy(is_busy=False)
            self.dialog.show_numbers(numbers, names)

    def _assign(self, number_id: str, flow_id: str | None) -> None:
        if self.dialog is not None:
            self.dialog.set_busy(is_busy=True)
            self._desk.verbs.assign(number_id, flow_id)

    def _on_assigned(self, assigned: Assigned) -> None:
        if self.dialog is not None:
            words = self._words(assigned)
            self.dialog.strip.say("ok", lambda: words)
            self._load()

    def _words(self, assigned: Assigned) -> str:
        language = self._look.language
        if assigned.flow_id is None:
            return language.text("flows.assign.released", number=assigned.number)
        row = self._desk.flows.row(assigned.flow_id)
        name = row.name if row else ""
        return language.text("flows.assign.done", number=assigned.number, name=name)

    def _on_failed(self, error: CXError) -> None:
        if self.dialog is not None:
            self.dialog.set_busy(is_busy=False)
            self.dialog.strip.say("block", lambda: "\n".join(self._look.language.explain(error)))

    def _rest(self) -> None:
        if self.dialog is not None:
            self.dialog.set_busy(is_busy=False)

    def _on_finished(self, _result: int) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
