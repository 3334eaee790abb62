"""Opens what is planned from anywhere, one dialog at a time."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cx_desktop.domain.timed import Timed
from cx_desktop.models.step_up import StepUps
from cx_desktop.models.timed import TimedPublications
from cx_desktop.views.objects.timed_dialog import TimedDialog
from cx_desktop.views.widgets.look import Look


class Planning(QObject):
    """What is planned, and the dialog in which it is moved, cancelled or hastened."""

    left = Signal()  # the dialog is gone

    def __init__(
        self,
        look: Look,
        publications: TimedPublications,
        step_ups: StepUps,
        *,
        window: Callable[[], QWidget],
    ) -> None:
        """``window`` is what the dialogs stand before."""
        super().__init__(publications)
        self.publications = publications
        self._look = look
        self._step_ups = step_ups
        self._window = window
        self.dialog: TimedDialog | None = None

    def show_timed(self, timed: Timed) -> TimedDialog:
        """Look at one, to move, cancel or hasten it."""
        dialog = TimedDialog(
            self._look, self.publications, timed, self._step_ups, parent=self._window()
        )
        self.dialog = dialog
        dialog.finished_act.connect(self.publications.learn)
        dialog.finished.connect(self._on_finished)
        dialog.open()
        return dialog

    def _on_finished(self, _result: int) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
        self.left.emit()
