"""What a publication would do, laid before the person who asks for it."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from cx_desktop.models.objects.plan import Plan
from cx_desktop.models.objects.telling import ToldPlan
from cx_desktop.models.timed_words import TimedWords
from cx_desktop.models.timing import Timing
from cx_desktop.overrides import override
from cx_desktop.views.objects.changes import Changes
from cx_desktop.views.objects.plan_details import PlanDetails
from cx_desktop.views.objects.timing_row import TimingRow
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip

if TYPE_CHECKING:
    from cx_desktop.domain.errors import CXError


#: The words of a first version; other types share theirs.
_AREAS = {"flow": "flows", "form": "forms"}


class PlanPanel(QWidget):
    """What changes, what refuses it, who will hear it, and in what words it is remembered.

    One panel for any mix of flows, prompts, schedules and queues. What more there is to decide
    about a publication has its row in ``rows``, between the details and the message.
    """

    confirmed = Signal(str)  # the message
    left = Signal()
    overridden = Signal(object)  # tuple[str, ...]: the refusals that are not to hold
    chosen = Signal(object)  # frozenset[str]: what goes live, too, by id
    timed = Signal(object)  # Timing: when it happens
    step_chosen = Signal(str)  # the id of a node of a flow, or of a flow
    canvas_wanted = Signal(str)  # the id of a flow
    resized = Signal()  # there is more, or less, to be seen

    def __init__(
        self,
        look: Look,
        changes: Changes,
        now: Callable[[], datetime],
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._now = now
        self._plan: Plan | None = None
        self._is_busy = False
        self._title = Label("", "title", wraps=True)
        self._about = Label("", "muted", wraps=True)
        self._heard = Label("", "", wraps=True)
        self.strip = Strip(look)
        self.details = PlanDetails(look, changes)
        self.timing = TimingRow(look, now)
        self.rows = QVBoxLayout()
        self.rows.addWidget(self.timing)
        self.message = QPlainTextEdit()
        self.message.setTabChangesFocus(True)
        self.message.installEventFilter(self)
        self._field = Field(look, "flows.publish.message", self.message)
        self.confirm = Button(look, "flows.publish.confirm", kind="primary", icon="broadcast")
        self._cancel = Button(look, "flows.cancel")
        self._lay_out()
        self._connect()

    @property
    def title(self) -> str:
        """« Publier « Accueil principal » »."""
        plan = self._plan
        verb = "return" if plan is not None and plan.returns_to is not None else "publish"
        name = plan.name if plan is not None else ""
        return self._look.language.text(f"flows.{verb}.title", name=name)

    @property
    def verb_key(self) -> str:
        """What confirming does, by key."""
        plan, is_now = self._plan, self.timing.timing.is_now
        if plan is not None and plan.returns_to is not None:
            return "flows.return.confirm" if is_now else "timed.confirm-return"
        if plan is not None and len(plan.going) > 1:
            return "objects.publish.confirm-several" if is_now else "timed.confirm-several"
        return "flows.publish.confirm" if is_now else "timed.confirm"

    @property
    def verb_params(self) -> dict[str, str | int]:
        """What the words of the verb need."""
        plan = self._plan
        if plan is None:
            return {"number": 0}
        if self.verb_key.endswith("several"):
            return {"count": len(plan.going)}
        return {"number": plan.returns_to or plan.number}

    def show_plan(self, plan: Plan) -> None:
        """Show what would go live."""
        self._plan = plan
        self._is_busy = False
        if not self.message.toPlainText() and plan.returns_to is not None:
            words = self._look.language.text("flows.return.message", number=plan.returns_to)
            self.message.setPlainText(words)
        self.details.show_plan(plan)
        self.timing.show_for(
            ZoneInfo(plan.zone),
            met=self._met_words,
            is_return=plan.returns_to is not None,
            has_back=plan.may_return,
        )
        self._retext()
        self._show_readiness()

    def show_told(self, told: ToldPlan) -> None:
        """Show what callers will hear, once it was worked out."""
        self.details.show_told(told)

    def give_up_telling(self) -> None:
        """What callers will hear could not be worked out."""
        self.details.give_up_telling()

    def set_busy(self, *, is_busy: bool) -> None:
        """The service is working on it, or not any more."""
        self._is_busy = is_busy
        self._show_readiness()

    def explain(self, error: "CXError") -> None:
        """Say why it was not done; the message stays."""
        self.strip.say("block", lambda: "\n".join(self._look.language.explain(error)))

    @property
    def held_back(self) -> str:
        """Why tests hold the publication back, in words; "" when they do not."""
        failed = self._plan.failed if self._plan is not None else ()
        if not failed or self.details.is_overridden:
            return ""
        return self._look.language.plural("simulator.publish.red", len(failed))

    def said(self) -> str:
        """The message, as it is remembered."""
        said = self.message.toPlainText().strip()
        failed = self._plan.failed if self._plan is not None else ()
        if not failed:
            return said
        return f"{said}\n{self._look.language.plural('simulator.publish.despite', len(failed))}"

    def _lay_out(self) -> None:
        self.message.setFixedHeight(64)
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        verbs.addStretch(1)
        verbs.addWidget(self._cancel)
        verbs.addWidget(self.confirm)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for each in (self._title, self._about, self._heard, self.strip):
            layout.addWidget(each)
        layout.addWidget(self.details, 1)
        layout.addLayout(self.rows)
        layout.addWidget(self._field)
        layout.addLayout(verbs)
        layout.addStretch(0)

    def _connect(self) -> None:
        self.confirm.clicked.connect(self._confirm)
        self._cancel.clicked.connect(self.left)
        self.message.textChanged.connect(self._show_readiness)
        self.details.overridden.connect(self._on_overridden)
        self.details.chosen.connect(self._on_chosen)
        self.details.step_chosen.connect(self.step_chosen)
        self.timing.changed.connect(self._on_timing_changed)
        self.details.canvas_wanted.connect(self.canvas_wanted)
        self.details.resized.connect(self.resized)
        self._look.language.changed.connect(self._on_language_changed)

    def _confirm(self) -> None:
        if self.confirm.isEnabled():
            self.strip.clear()
            self.confirmed.emit(self.said())

    def _on_overridden(self, names: tuple[str, ...]) -> None:
        self.overridden.emit(names)
        self._show_readiness()

    def _on_chosen(self, ids: frozenset[str]) -> None:
        """Nothing is confirmed until it was looked at with what is ticked now."""
        self.set_busy(is_busy=True)
        self.chosen.emit(ids)

    def _on_timing_changed(self, timing: Timing) -> None:
        self._retext()
        self.timed.emit(timing)
        self._show_readiness()

    def _met_words(self, timing: Timing) -> str:
        """What else is planned for the same objects at that time."""
        plan = self._plan
        met = plan.met_by(timing) if plan is not None else None
        if plan is None or met is None:
            return ""
        return self._look.language.text("timed.row.met", title=self._words(plan).title(met))

    def _words(self, plan: Plan) -> TimedWords:
        names = {each.id: each.facts.name for each in plan.objects}
        return TimedWords(
            self._look.language, names=names, zone=ZoneInfo(plan.zone), now=self._now()
        )

    def _undone_words(self, plan: Plan) -> str:
        """What is planned and would not happen any more."""
        if not self.timing.timing.is_now or not plan.undone:
            return ""
        words = self._words(plan)
        titles = " · ".join(words.title(each) for each in plan.undone)
        return self._look.language.text("timed.row.undone", titles=titles)

    def _on_language_changed(self) -> None:
        if self._plan is not None:
            self.details.show_plan(self._plan)
            self._retext()

    def _show_readiness(self) -> None:
        plan = self._plan
        has_message = bool(self.message.toPlainText().strip())
        can = plan is not None and not plan.blocking and not plan.changes_nothing
        why = self.held_back or self.timing.wrong
        self.confirm.setEnabled(can and not why and has_message and not self._is_busy)
        self.message.setEnabled(can)
        self.message.setReadOnly(self._is_busy)
        language = self._look.language
        if plan is not None and plan.blocking:
            tip = language.plural("flows.publish.refused", len(plan.blocking))
        else:
            tip = why or ("" if has_message else language.text("flows.publish.message-needed"))
        self.confirm.setToolTip(tip)
        self.confirm.setAccessibleDescription(tip)

    def _retext(self) -> None:
        plan = self._plan
        if plan is None:
            return
        self._title.setText(self.title)
        self._about.setText(self._about_words(plan))
        heard = "\n".join(filter(None, (self._heard_words(plan), self._undone_words(plan))))
        self._heard.setText(heard)
        self._heard.setVisible(bool(heard))
        self.confirm.say(self.verb_key, **self.verb_params)

    def _about_words(self, plan: Plan) -> str:
        """What happens to the version that callers hear."""
        language = self._look.language
        if plan.changes_nothing:
            return language.text("flows.publish.nothing-new")
        if plan.returns_to is not None:
            return language.text(
                "flows.return.about",
                number=plan.number,
                old=plan.returns_to,
                live=plan.live_number or 0,
            )
        if len(plan.going) > 1:
            return language.text("objects.publish.about-several")
        if plan.live_number is None:
            area = _AREAS.get(plan.going[0].type, "objects")
            return language.text(f"{area}.publish.first")
        area = "forms" if plan.going[0].type == "form" else "flows"
        return language.text(f"{area}.publish.about", number=plan.number, live=plan.live_number)

    def _heard_words(self, plan: Plan) -> str:
        """Who will hear the change, beyond the flows that are listed."""
        language = self._look.language
        if plan.numbers:
            names = ", ".join(plan.numbers)
            return language.plural("flows.publish.numbers", len(plan.numbers), names=names)
        if plan.touched:
            return ""
        types = {each.type for each in plan.asked}
        area = "flows" if "flow" in types else "forms" if types == {"form"} else "objects"
        return language.text(f"{area}.publish.nobody")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter in the message confirms."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._confirm()
            return True
        return super().eventFilter(watched, event)
