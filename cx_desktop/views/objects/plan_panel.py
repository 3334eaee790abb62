"""What a publication would do, laid before the person who asks for it."""

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from cx_desktop.domain.finding import Finding
from cx_desktop.models.objects.publishing import AnyPlan
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.field import Field
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip

if TYPE_CHECKING:
    from cx_desktop.domain.errors import CXError


class Plan(AnyPlan, Protocol):
    """What publishing or returning would do, as far as it is told of any type of object."""

    @property
    def name(self) -> str:
        """What is published, by name."""

    @property
    def number(self) -> int:
        """The revision that will be made."""

    @property
    def live_number(self) -> int | None:
        """The revision that callers hear now."""

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that refuse it."""

    @property
    def changes_nothing(self) -> bool:
        """Whether callers hear it so already."""


class PlanPanel(QWidget):
    """What changes, what refuses it, who will hear it, and in what words it is remembered.

    Who derives from it puts what is known of its plans into ``details``, and says in ``_heard``
    who hears them.
    """

    confirmed = Signal(str)  # the message
    left = Signal()
    overridden = Signal(object)  # tuple[str, ...]: the refusals that are not to hold
    step_chosen = Signal(str)  # the id of a step of a flow, or of a flow

    def __init__(self, look: Look, *, area: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._area = area
        self._plan: Plan | None = None
        self._is_busy = False
        self._title = Label("", "title", wraps=True)
        self._about = Label("", "muted", wraps=True)
        self._heard = Label("", "", wraps=True)
        self.strip = Strip(look)
        self.details = QVBoxLayout()
        self.details.setSpacing(8)
        self.message = QPlainTextEdit()
        self.message.setTabChangesFocus(True)
        self.message.installEventFilter(self)
        self._field = Field(look, "flows.publish.message", self.message)
        self.confirm = Button(look, "flows.publish.confirm", kind="primary", icon="broadcast")
        self._cancel = Button(look, "flows.cancel")
        self._lay_out()
        self.confirm.clicked.connect(self._confirm)
        self._cancel.clicked.connect(self.left)
        self.message.textChanged.connect(self._show_readiness)
        look.language.changed.connect(self._retext)

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

    def heard_words(self) -> str:
        """Who will hear the change."""
        return ""

    def why_held_back(self) -> str:
        """What more than findings holds the publication back, in words; "" for nothing."""
        return ""

    def said(self) -> str:
        """The message, as it is remembered."""
        return self.message.toPlainText().strip()

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
        layout.addLayout(self.details, 1)
        layout.addWidget(self._field)
        layout.addLayout(verbs)
        layout.addStretch(0)

    def _confirm(self) -> None:
        if self.confirm.isEnabled():
            self.strip.clear()
            self.confirmed.emit(self.said())

    def _show_readiness(self) -> None:
        plan = self._plan
        has_message = bool(self.message.toPlainText().strip())
        can = plan is not None and not plan.blocking and not plan.changes_nothing
        why = self.why_held_back()
        self.confirm.setEnabled(can and not why and has_message and not self._is_busy)
        self.message.setEnabled(can and not self._is_busy)
        language = self._look.language
        if plan is not None and plan.blocking:
            tip = language.plural("flows.publish.refused", len(plan.blocking))
        else:
            tip = why or ("" if has_message else language.text("flows.publish.message-needed"))
        self.confirm.setToolTip(tip)
        self.confirm.setAccessibleDescription(tip)

    def _retext(self) -> None:
        if self._plan is None:
            return
        self._title.setText(self.title)
        self._about.setText(self.about_words(self._plan))
        heard = self.heard_words()
        self._heard.setText(heard)
        self._heard.setVisible(bool(heard))
        self.confirm.say(self.verb_key, **self.verb_params)

    def about_words(self, plan: Plan) -> str:
        """What happens to the version that callers hear."""
        language = self._look.language
        if plan.changes_nothing:
            return language.text("flows.publish.nothing-new")
        if plan.live_number is None:
            return language.text(f"{self._area}.publish.first")
        if plan.returns_to is not None:
            return language.text(
                "flows.return.about",
                number=plan.number,
                old=plan.returns_to,
                live=plan.live_number,
            )
        return language.text("flows.publish.about", number=plan.number, live=plan.live_number)

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
