"""Putting the flow at work, or an old version of it, before callers."""

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.flow_work import FlowWork
from cx_desktop.models.objects.plan import Plan
from cx_desktop.views.objects.changes import Changes
from cx_desktop.views.objects.publish_dialog import PublishDialog
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip


class GoingLive(QObject):
    """One dialog at a time; what came of it is told in a strip."""

    node_wanted = Signal(str)  # the id of a node to be shown
    flow_wanted = Signal(str)  # the id of another flow, which is touched
    canvas_wanted = Signal(str)  # the id of a flow whose changes are to be seen on the canvas
    published = Signal(object)  # Plan that was carried out

    def __init__(self, look: Look, desk: FlowDesk, strip: Strip, owner: QWidget) -> None:
        super().__init__(owner)
        self._look = look
        self._desk = desk
        self._strip = strip
        self._owner = owner
        self.changes = Changes()
        self.dialog: PublishDialog | None = None

    def ask(self, work: FlowWork, *, returns_to: int | None = None) -> None:
        """Show what it would do, and do it when that is confirmed."""
        work.graph.flush()
        self.dialog = PublishDialog(
            self._look,
            self._desk.publishing(work.flow.id),
            self._desk.step_ups,
            self.changes,
            returns_to=returns_to,
            parent=self._owner,
        )
        self.dialog.step_chosen.connect(partial(self._on_step_chosen, work))
        self.dialog.canvas_wanted.connect(self.canvas_wanted)
        self.dialog.published.connect(self._on_published)
        self.dialog.finished.connect(self._on_finished)
        self.dialog.begin()

    def _on_step_chosen(self, work: FlowWork, step: str) -> None:
        """Nodes of the flow at work, and the flows it touches, lead to where they are."""
        if step in work.graph.flow.nodes:
            self.node_wanted.emit(step)
        else:
            self.flow_wanted.emit(step)

    def _on_published(self, plan: Plan) -> None:
        language = self._look.language
        params: dict[str, str | int] = {"number": plan.number}
        if plan.returns_to is not None:
            params["old"] = plan.returns_to
            self._strip.say("ok", lambda: language.text("flows.returned", **params))
        elif len(plan.going) > 1:
            count, names = len(plan.going), ", ".join(each.facts.name for each in plan.going)
            self._strip.say("ok", lambda: language.plural("objects.published", count, names=names))
        else:
            self._strip.say("ok", lambda: language.text("flows.published", **params))
        self.published.emit(plan)

    def _on_finished(self, _result: int) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
