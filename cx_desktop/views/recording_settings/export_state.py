"""How the export goes, who answers at the server, and what there is to say of it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cx_desktop.models.recording_settings.export import RecordingExport, Trial
from cx_desktop.views.objects.finding_words import TONE_BY_SEVERITY
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Badge, Label
from cx_desktop.views.widgets.look import Look


class ExportState(QWidget):
    """Two cards: what happened last, and a trial of what is wanted."""

    trial_wanted = Signal()
    identity_confirmed = Signal()

    def __init__(
        self, look: Look, export: RecordingExport, *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._export = export
        self.badge = Badge()
        self.counts = Label("", "", wraps=True)
        self.times = Label("", "muted", wraps=True)
        self.trouble = Label("", "error", wraps=True)
        self.way_out = Label("", "small", wraps=True)
        self.outcome = Label("", "", wraps=True)
        self.identity = Label("", "mono", wraps=True)
        self.try_out = Button(look, "transfer.try", icon="broadcast")
        self.confirm = Button(look, "transfer.confirm", kind="primary", icon="fingerprint")
        self.findings = Label("", "small", wraps=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        said = (self.badge, self.counts, self.times, self.trouble, self.way_out)
        layout.addWidget(self._card("transfer.section.state", *said))
        trial = (self.outcome, self.identity, self.confirm, self.try_out)
        layout.addWidget(self._card("transfer.section.trial", *trial))
        layout.addWidget(self.findings)
        layout.addStretch(1)
        self.try_out.clicked.connect(self.trial_wanted)
        self.confirm.clicked.connect(self.identity_confirmed)
        export.changed.connect(self.refresh)
        export.tried.connect(self.refresh)
        look.language.follow(self, self.refresh)

    def refresh(self) -> None:
        """Say it as it is now."""
        self._show_state()
        self._show_trial()
        text = self._look.language.text
        found = self._export.findings
        self.findings.setText("\n".join(text(f"transfer.finding.{each.rule}") for each in found))
        self.findings.setVisible(bool(found))
        self.findings.setProperty("tone", TONE_BY_SEVERITY[found[0].severity] if found else "")

    def _show_state(self) -> None:
        language, view = self._look.language, self._export.view
        if view is None:
            return
        is_on = view.destination.is_on
        tone = ("block" if view.problem else "ok") if is_on else ""
        word = ("trouble" if view.problem else "on") if is_on else "off"
        self.badge.show_text(language.text(f"transfer.state.{word}"), tone)
        counts = [
            language.plural("transfer.there", view.there),
            language.plural("transfer.waiting", view.waiting),
        ]
        if view.overdue:
            counts.append(language.plural("transfer.overdue", view.overdue))
        self.counts.setText(" · ".join(counts))
        times = []
        if view.last_at is not None:
            times.append(language.text("transfer.last", when=language.day_and_time(view.last_at)))
        if view.next_at is not None and (is_on or view.there):
            times.append(language.text("transfer.next", when=language.day_and_time(view.next_at)))
        self.times.setText(" · ".join(times))
        self.times.setVisible(bool(times))
        self._say_trouble(view.problem, view.detail)

    def _say_trouble(self, problem: str, detail: str) -> None:
        text = self._look.language.text
        for label in (self.trouble, self.way_out):
            label.setVisible(bool(problem))
        if problem:
            self.trouble.setText(text(f"transfer.problem.{problem}.title"))
            self.way_out.setText(text(f"transfer.problem.{problem}.hint", detail=detail))

    def _show_trial(self) -> None:
        text, outcome = self._look.language.text, self._export.outcome
        is_asked = outcome is not None and bool(outcome.identity) and not outcome.is_confirmed
        self.identity.setVisible(is_asked)
        self.confirm.setVisible(is_asked)
        self.try_out.setEnabled(
            self._export.trial is not Trial.UNDER_WAY
            and not self._export.why_not
            and not self._export.faults.keys() - {"identity"}
            and bool(self._export.wanted.host)
        )
        if self._export.trial is Trial.UNDER_WAY:
            self.outcome.setText(text("transfer.trial.under-way"))
        elif outcome is None:
            known = (
                "transfer.trial.known" if self._export.wanted.identity else "transfer.trial.none"
            )
            self.outcome.setText(text(known))
        elif is_asked:
            self.outcome.setText(text("transfer.trial.who"))
            self.identity.setText(outcome.identity)
        elif outcome.problem:
            title = text(f"transfer.problem.{outcome.problem}.title")
            hint = text(f"transfer.problem.{outcome.problem}.hint", detail=outcome.detail)
            self.outcome.setText(f"{title}\n{hint}")
        else:
            self.outcome.setText(text("transfer.trial.good"))

    def _card(self, title_key: str, *said: QWidget) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(16, 14, 16, 14)
        inside.setSpacing(8)
        inside.addWidget(Label.of(self._look, title_key, "section"))
        for each in said:
            inside.addWidget(each)
        return card
