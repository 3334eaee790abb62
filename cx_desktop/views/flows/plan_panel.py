"""What a publication would do, laid before the person who asks for it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from cx_desktop.models.publishing import Plan
from cx_desktop.views.flows.summary_list import FindingList, SummaryList
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip

if TYPE_CHECKING:
    from cx_desktop.domain.errors import CXError


class PlanPanel(QWidget):
    """What changes, what refuses it, who will hear it, and in what words it is remembered."""

    confirmed = Signal(str)  # the message
    left = Signal()
    step_chosen = Signal(str)  # node id

    def __init__(self, look: Look, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._plan: Plan | None = None
        self._is_busy = False
        self._title = Label("", "title", wraps=True)
        self._about = Label("", "muted", wraps=True)
        self._heard = Label("", "", wraps=True)
        self.strip = Strip(look)
        self._findings_title = Label("", "section")
        self.findings = FindingList(look)
        self._changes_title = Label.of(look, "flows.publish.changes", "section")
        self.changes = SummaryList(look)
        self.message = QPlainTextEdit()
        self.message.setTabChangesFocus(True)
        self.message.installEventFilter(self)
        self._field = Field(look, "flows.publish.message", self.message)
        self.confirm = Button(look, "flows.publish.confirm", kind="primary", icon="broadcast")
        self._cancel = Button(look, "flows.cancel")
        self._lay_out()
        self._connect()

    @property
    def verb_key(self) -> str:
        """What confirming does, by key."""
        is_return = self._plan is not None and self._plan.returns_to is not None
        return "flows.return.confirm" if is_return else "flows.publish.confirm"

    @property
    def verb_params(self) -> dict[str, str | int]:
        """What the words of the verb need."""
        if self._plan is None:
            return {"number": 0}
        return {"number": self._plan.returns_to or self._plan.number}

    def show_plan(self, plan: Plan) -> None:
        """Show what would go live."""
        self._plan = plan
        self.findings.show_findings(plan.findings, plan.names)
        self.changes.show_summary(plan.summary)
        if not self.message.toPlainText() and plan.returns_to is not None:
            words = self._look.language.text("flows.return.message", number=plan.returns_to)
            self.message.setPlainText(words)
        self._retext()
        self._show_readiness()
        self.message.setFocus()

    def set_busy(self, *, is_busy: bool) -> None:
        """The service is working on it, or not any more."""
        self._is_busy = is_busy
        self._show_readiness()

    def explain(self, error: "CXError") -> None:
        """Say why it was not done; the message stays."""
        self.strip.say("block", lambda: "\n".join(self._look.language.explain(error)))

    def _lay_out(self) -> None:
        self.message.setFixedHeight(64)
        self.findings.setMaximumHeight(150)
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        verbs.addStretch(1)
        verbs.addWidget(self._cancel)
        verbs.addWidget(self.confirm)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for each in (self._title, self._about, self._heard, self.strip, self._findings_title):
            layout.addWidget(each)
        layout.addWidget(self.findings)
        layout.addWidget(self._changes_title)
        layout.addWidget(self.changes, 1)
        layout.addWidget(self._field)
        layout.addLayout(verbs)
        layout.addStretch(0)

    def _connect(self) -> None:
        self.confirm.clicked.connect(self._confirm)
        self._cancel.clicked.connect(self.left)
        self.message.textChanged.connect(self._show_readiness)
        self.findings.step_chosen.connect(self.step_chosen)
        self.changes.step_chosen.connect(self.step_chosen)
        self._look.language.changed.connect(self._retext)

    def _confirm(self) -> None:
        if self.confirm.isEnabled():
            self.strip.clear()
            self.confirmed.emit(self.message.toPlainText().strip())

    def _show_readiness(self) -> None:
        plan = self._plan
        has_message = bool(self.message.toPlainText().strip())
        can = plan is not None and not plan.blocking and not plan.changes_nothing
        self.confirm.setEnabled(can and has_message and not self._is_busy)
        self.message.setEnabled(can and not self._is_busy)
        language = self._look.language
        if plan is not None and plan.blocking:
            tip = language.plural("flows.publish.refused", len(plan.blocking))
        else:
            tip = "" if has_message else language.text("flows.publish.message-needed")
        self.confirm.setToolTip(tip)
        self.confirm.setAccessibleDescription(tip)

    def _retext(self) -> None:
        plan, language = self._plan, self._look.language
        if plan is None:
            return
        verb = "return" if plan.returns_to is not None else "publish"
        self._title.setText(language.text(f"flows.{verb}.title", name=plan.flow.name))
        self._about.setText(self._about_words(plan))
        self._heard.setText(self._heard_words(plan))
        self._findings_title.setVisible(bool(plan.findings))
        self.findings.setVisible(bool(plan.findings))
        self._findings_title.setText(
            language.plural("flows.publish.refused", len(plan.blocking))
            if plan.blocking
            else language.text("flows.publish.findings")
        )
        self.changes.setVisible(not plan.summary.is_empty)
        self._changes_title.setVisible(not plan.summary.is_empty)
        self.confirm.say(self.verb_key, **self.verb_params)

    def _about_words(self, plan: Plan) -> str:
        language = self._look.language
        if plan.changes_nothing:
            return language.text("flows.publish.nothing-new")
        if plan.is_first:
            return language.text("flows.publish.first")
        live = plan.flow.live_revision or 0
        if plan.returns_to is not None:
            return language.text(
                "flows.return.about", number=plan.number, old=plan.returns_to, live=live
            )
        return language.text("flows.publish.about", number=plan.number, live=live)

    def _heard_words(self, plan: Plan) -> str:
        language = self._look.language
        parts = []
        if plan.numbers:
            parts.append(
                language.plural(
                    "flows.publish.numbers", len(plan.numbers), names=", ".join(plan.numbers)
                )
            )
        if plan.callers:
            names = ", ".join(use.name for use in plan.callers)
            parts.append(language.plural("flows.publish.callers", len(plan.callers), names=names))
        return " ".join(parts) or language.text("flows.publish.nobody")

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
