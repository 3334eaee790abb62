"""Putting objects before callers: what changes, what refuses it, a message, a fresh code."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QDialog, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from cx_desktop.models.guarded import GuardedStep
from cx_desktop.models.objects.plan import Plan
from cx_desktop.models.objects.publishing import Publishing
from cx_desktop.models.objects.telling import ToldPlan
from cx_desktop.models.step_up import StepUps
from cx_desktop.models.timing import Timing
from cx_desktop.views.objects.changes import Changes
from cx_desktop.views.objects.code_panel import CodePanel
from cx_desktop.views.objects.plan_panel import PlanPanel
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import ErrorPanel

if TYPE_CHECKING:
    from cx_desktop.domain.errors import CXError

_WIDTH, _SHORTEST, _TALLEST = 720, 320, 860
#: So much of the screen is left free.
_FREE = 72
_SIDE, _MARGIN = 24, 20


class PublishDialog(QDialog):
    """From looking at it to the service's answer, for publishing and for returning."""

    step_chosen = Signal(str)  # the id of a step of a flow, or of a flow: close, and show it
    canvas_wanted = Signal(str)  # the id of a flow: close, and show its changes on the canvas
    published = Signal(object)  # Plan that was carried out

    def __init__(
        self,
        look: Look,
        publishing: Publishing,
        step_ups: StepUps,
        changes: Changes,
        *,
        returns_to: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._publishing = publishing
        self._returns_to = returns_to
        self.setModal(True)
        self.resize(_WIDTH, _SHORTEST)
        self._preparing = PreparingPanel(look)
        self.plan = PlanPanel(look, changes, publishing.clock.now)
        self.code = CodePanel(look, publishing.guarded, step_ups)
        self._error = ErrorPanel(look)
        self._settled = QTimer(self, interval=0, singleShot=True)
        self._settled.timeout.connect(self._fit)
        self._stack = QStackedWidget()
        for each in (self._preparing, self.plan, self.code, self._error):
            self._stack.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_SIDE, _MARGIN, _SIDE, _MARGIN)
        layout.addWidget(self._stack)
        self._connect()
        look.language.follow(self, self._retext)

    def begin(self) -> None:
        """Prepare, and show the dialog."""
        self._prepare()
        self.open()

    def _connect(self) -> None:
        publishing = self._publishing
        publishing.progressed.connect(self._preparing.show_progress)
        publishing.prepared.connect(self._on_prepared)
        publishing.chosen.connect(self._on_chosen)
        publishing.told.connect(self._on_told)
        publishing.untold.connect(lambda _error: self.plan.give_up_telling())
        publishing.unprepared.connect(self._on_unprepared)
        publishing.failed.connect(self._on_failed)
        publishing.refused.connect(self._on_refused)
        publishing.done.connect(self._on_done)
        publishing.planned.connect(lambda _timed: self.accept())
        publishing.guarded.step_changed.connect(self._on_step_changed)
        self.plan.overridden.connect(publishing.override)
        self.plan.chosen.connect(publishing.choose)
        self.plan.timed.connect(self._on_timed)
        self.plan.confirmed.connect(publishing.carry_out)
        self.plan.left.connect(self.reject)
        self.plan.step_chosen.connect(self._on_step_chosen)
        self.plan.canvas_wanted.connect(self._on_canvas_wanted)
        self.plan.resized.connect(self._settled.start)
        self.finished.connect(lambda _result: publishing.leave())
        self.code.left.connect(publishing.guarded.back)
        self._error.retry_requested.connect(self._prepare)

    def _prepare(self) -> None:
        self._stack.setCurrentWidget(self._preparing)
        self._publishing.prepare(returns_to=self._returns_to)

    def _on_prepared(self, plan: Plan) -> None:
        self._stack.setCurrentWidget(self.plan)
        self.plan.show_plan(plan)
        self._retext()
        self._fit()

    def _on_chosen(self, plan: Plan) -> None:
        self.plan.show_plan(plan)
        self._fit()

    def _on_timed(self, timing: Timing) -> None:
        self._publishing.set_timing(timing)
        self._fit()

    def _fit(self) -> None:
        """As tall as the plan needs, and whole on the screen; long ones scroll."""
        inside = self.width() - 2 * _SIDE
        wanted = self.plan.heightForWidth(inside) + 2 * _MARGIN
        room = self.screen().availableGeometry()
        tallest = min(_TALLEST, room.height())
        self.resize(self.width(), min(max(wanted, _SHORTEST), tallest))
        below = self.frameGeometry().bottom() - room.bottom()
        if below > 0:
            self.move(self.x(), max(room.top(), self.y() - below))

    def _on_refused(self, plan: Plan) -> None:
        self._stack.setCurrentWidget(self.plan)
        self.plan.show_plan(plan)

    def _on_unprepared(self, error: "CXError") -> None:
        self._error.explain(error)
        self._stack.setCurrentWidget(self._error)

    def _on_step_changed(self, step: GuardedStep) -> None:
        self.plan.set_busy(is_busy=step is GuardedStep.UNDER_WAY)
        if step is GuardedStep.CODE_WANTED and self._stack.currentWidget() is not self.code:
            self.code.say(self.plan.verb_key, **self.plan.verb_params)
            self._stack.setCurrentWidget(self.code)
            self.code.begin()
        elif step is GuardedStep.READY:
            self._stack.setCurrentWidget(self.plan)

    def _on_failed(self, error: "CXError") -> None:
        if self._publishing.guarded.step is GuardedStep.CODE_WANTED:
            self.code.explain(error)
        else:
            self.plan.explain(error)

    def _on_done(self, plan: Plan) -> None:
        self.published.emit(plan)
        self.accept()

    def _on_step_chosen(self, node: str) -> None:
        self.reject()
        self.step_chosen.emit(node)

    def _on_told(self, told: ToldPlan) -> None:
        self.plan.show_told(told)
        self._fit()

    def _on_canvas_wanted(self, flow_id: str) -> None:
        self.reject()
        self.canvas_wanted.emit(flow_id)

    def _retext(self) -> None:
        self.setWindowTitle(self.plan.title)


class PreparingPanel(QWidget):
    """Sending and comparing, and how far it is."""

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._step = "flows.publish.step.sending"
        self._what = Label("", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 100)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(1)
        layout.addWidget(self._what)
        layout.addWidget(self._bar)
        layout.addStretch(1)
        look.language.follow(self, self._retext)

    def show_progress(self, progress: tuple[float, str]) -> None:
        """How far it is (0 to 1), and at what."""
        share, self._step = progress
        self._bar.setValue(round(share * 100))
        self._retext()

    def _retext(self) -> None:
        self._what.setText(self._look.language.text(self._step))
        self._bar.setAccessibleName(self._what.text())
