"""One timed publication: moved, cancelled or carried out, with a fresh code."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QStackedWidget, QVBoxLayout, QWidget

from cx_desktop.domain.timed import Timed
from cx_desktop.models.guarded import GuardedStep
from cx_desktop.models.step_up import StepUps
from cx_desktop.models.timed import TimedPublications
from cx_desktop.models.timing import Timing
from cx_desktop.views.objects.code_panel import CodePanel
from cx_desktop.views.objects.timed_panel import TimedPanel
from cx_desktop.views.widgets.look import Look

if TYPE_CHECKING:
    from cx_desktop.domain.errors import CXError

_WIDTH, _SHORTEST = 680, 300
_SIDE, _MARGIN = 24, 20


class TimedDialog(QDialog):
    """From looking at it to the service's answer."""

    finished_act = Signal(object)  # Timed as the service made it

    def __init__(
        self,
        look: Look,
        publications: TimedPublications,
        timed: Timed,
        step_ups: StepUps,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._timed = timed
        self._act = publications.act()
        self._act.setParent(self)
        self._verb = ""
        self.setModal(True)
        self.panel = TimedPanel(look, publications, timed)
        self.code = CodePanel(look, self._act.guarded, step_ups)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.panel)
        self._stack.addWidget(self.code)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_SIDE, _MARGIN, _SIDE, _MARGIN)
        layout.addWidget(self._stack)
        self._connect()
        look.language.bind(self, self.setWindowTitle, "timed.dialog.title")
        self._fit()

    def carry_out(self) -> None:
        """Do now what comes next of it."""
        self._verb = self.panel.now_key
        self._act.carry_out(self._timed.id)

    def _fit(self) -> None:
        """As tall as it needs; the code fits in too."""
        wanted = self.panel.heightForWidth(_WIDTH - 2 * _SIDE) + 2 * _MARGIN
        self.resize(_WIDTH, max(wanted, _SHORTEST))

    def _connect(self) -> None:
        self.panel.left.connect(self.reject)
        self.panel.timing.changed.connect(lambda _timing: self._fit())
        self.panel.moved.connect(self._move)
        self.panel.cancelled.connect(self._cancel)
        self.panel.hastened.connect(self.carry_out)
        self.code.left.connect(self._act.guarded.back)
        self._act.guarded.step_changed.connect(self._on_step_changed)
        self._act.failed.connect(self._on_failed)
        self._act.done.connect(self._on_done)

    def _move(self, timing: Timing) -> None:
        self._verb = self.panel.move_key
        self._act.move(self._timed.id, timing, accepts_live=self.panel.accepts_live)

    def _cancel(self) -> None:
        self._verb = self.panel.cancel_key
        self._act.cancel(self._timed.id)

    def _on_step_changed(self, step: GuardedStep) -> None:
        self.panel.set_busy(is_busy=step is GuardedStep.UNDER_WAY)
        if step is GuardedStep.CODE_WANTED and self._stack.currentWidget() is not self.code:
            self.code.say(self._verb)
            self._stack.setCurrentWidget(self.code)
            self.code.begin()
        elif step is GuardedStep.READY:
            self._stack.setCurrentWidget(self.panel)

    def _on_failed(self, error: "CXError") -> None:
        if self._act.guarded.step is GuardedStep.CODE_WANTED:
            self.code.explain(error)
        else:
            self.panel.explain(error)

    def _on_done(self, made: Timed) -> None:
        self.finished_act.emit(made)
        self.accept()
