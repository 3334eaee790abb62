"""« Enregistrement et conservation »: the form, what the rules say, and the code that saves."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.finding import Severity, in_words
from cx_desktop.models.guarded import GuardedStep
from cx_desktop.models.recording_settings.policy import RecordingPolicy
from cx_desktop.overrides import override
from cx_desktop.views.recording_settings.guarded_panel import GuardedPanel, scrolled
from cx_desktop.views.recording_settings.policy_form import PolicyForm
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Badge, Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Way

#: From so wide on the rules stand beside the form.
_WIDE = 820


class PolicyPanel(GuardedPanel):
    """The recording policy of the project in view."""

    def __init__(
        self, look: Look, policy: RecordingPolicy, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, policy, parent=parent)
        self._policy = policy
        self._known: object = None
        self.form = PolicyForm(look)
        self.badge = Badge()
        self.due = Label("", "error", wraps=True)
        self.in_order = Label.of(look, "policy.in_order", "muted", wraps=True)
        self.rules = QVBoxLayout()
        self.save = Button(look, "policy.save", kind="primary", icon="floppy-disk")
        self.undo = Button(look, "policy.undo", kind="quiet")
        self.why_not = Label("", "muted", wraps=True)
        self._hold(self._lay_out())
        self._connect()
        look.language.follow(self, self._show)

    @override
    def begin(self) -> None:
        """It came into view."""
        self._policy.load()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _WIDE
        directions = QBoxLayout.Direction
        self._columns.setDirection(
            directions.LeftToRight if is_wide else directions.BottomToTop  # the rules first
        )

    def _lay_out(self) -> QWidget:
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(32)
        self._columns.addWidget(self.form, 3)
        self._columns.addWidget(self._side(), 2, Qt.AlignmentFlag.AlignTop)
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        verbs.addWidget(self.save)
        verbs.addWidget(self.undo)
        verbs.addWidget(self.due, 1)
        verbs.addWidget(self.why_not, 1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 8, 12, 8)
        column.setSpacing(16)
        column.addWidget(Label.of(self._look, "policy.about", "muted", wraps=True))
        column.addLayout(self._columns)
        column.addStretch(1)
        page = QWidget()
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inside), 1)
        whole.addLayout(verbs)
        return page

    def _side(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(16, 14, 16, 14)
        inside.setSpacing(10)
        inside.addWidget(Label.of(self._look, "policy.section.rules", "section"))
        inside.addWidget(self.badge, alignment=Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self.in_order)
        inside.addLayout(self.rules)
        return card

    def _connect(self) -> None:
        policy = self._policy
        self.form.edited.connect(lambda name, value: policy.want(**{name: value}))
        self.form.notice_edited.connect(lambda name, value: policy.want_notice(**{name: value}))
        self.form.retention_edited.connect(
            lambda name, value: policy.want_retention(**{name: value})
        )
        self.form.packs_edited.connect(policy.want_packs)
        self.save.clicked.connect(self._on_save)
        self.undo.clicked.connect(policy.forget_wish)
        policy.changed.connect(self._show)
        policy.saved.connect(self._on_saved)

    def _show(self) -> None:
        policy = self._policy
        known = (policy.queues, policy.prompts, policy.policy)
        if known != self._known:
            self._known = known
            self.form.show_known(*known)
        reason = policy.why_not
        self.form.lock(is_locked=bool(reason))
        self.form.show_wanted(policy.wanted, policy.packs, policy.workspace.today)
        if reason:
            self.form.lock(is_locked=True)
        self.why_not.setText(self._look.language.text(reason) if reason else "")
        self._show_rules()
        self._show_verbs()
        self._show_page()

    def _show_rules(self) -> None:
        policy, language = self._policy, self._look.language
        while (item := self.rules.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for each in policy.findings:
            role = "error" if each.severity is Severity.BLOCKING else "strong"
            words = Label(in_words(each, language.text), role, wraps=True)
            hint = Label(language.text(f"finding.{each.rule}.hint"), "small", wraps=True)
            self.rules.addWidget(words)
            self.rules.addWidget(hint)
        word, tone = ("on", "ok") if policy.policy.is_on else ("off", "")
        self.badge.show_text(language.text(f"policy.state.{word}"), tone)
        said = [language.plural("policy.due", policy.due)] if policy.due else []
        said += [language.plural("policy.held", policy.held)] if policy.held else []
        self.due.setText(" · ".join(said))
        self.due.setVisible(bool(said))
        self.in_order.setVisible(not policy.findings and policy.wanted.is_on)

    @override
    def _show_verbs(self) -> None:
        policy = self._policy
        is_busy = policy.guarded.step is GuardedStep.UNDER_WAY
        can = policy.is_changed and not policy.is_refused and not policy.why_not
        self.save.setEnabled(can and not is_busy)
        self.undo.setVisible(policy.is_changed)

    def _on_save(self) -> None:
        due = self._policy.due
        if not due:
            self._policy.order()
            return
        language = self._look.language
        self.strip.say(
            "warn",
            lambda: language.plural("policy.deletes", due),
            [Way(key="policy.deletes.do", run=self._policy.order)],
        )

    def _on_saved(self) -> None:
        self.strip.say("ok", lambda: self._look.language.text("policy.saved"))
