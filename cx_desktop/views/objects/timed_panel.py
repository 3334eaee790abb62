"""What is planned, its times to be moved, and the verbs that cancel or hasten it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cx_desktop.domain.timed import Timed
from cx_desktop.models.timed import TimedPublications
from cx_desktop.models.timing import Timing
from cx_desktop.views.objects.timing_row import TimingRow
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.label import Label
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip

if TYPE_CHECKING:
    from cx_desktop.domain.errors import CXError


class TimedPanel(QWidget):
    """One timed publication."""

    moved = Signal(object)  # Timing
    cancelled = Signal()
    hastened = Signal()
    left = Signal()

    def __init__(
        self,
        look: Look,
        publications: TimedPublications,
        timed: Timed,
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._publications = publications
        self._timed = timed
        self._is_busy = False
        self._title = Label("", "section", wraps=True)
        self._text = Label("", "muted", wraps=True)
        self._again = Label.of(look, "timed.dialog.again", "", wraps=True)
        self.accepts_live = timed.needs_note or publications.is_overtaken(timed)
        self._again.setVisible(self.accepts_live)
        self.strip = Strip(look)
        self.timing = TimingRow(look, publications.workspace.clock.now)
        is_back, is_failed = timed.is_return, timed.needs_note
        is_again = self.accepts_live
        undo = "timed.dialog.cancel-back" if is_back else "timed.dialog.cancel"
        self.now_key = "timed.dialog.back-now" if is_back else "timed.dialog.now"
        self.move_key = "timed.dialog.move-again" if is_again else "timed.dialog.move"
        self.cancel_key = "timed.dialog.settle" if is_failed else undo
        self.now = Button(look, self.now_key, icon="broadcast")
        self.move_verb = Button(look, self.move_key, kind="primary", icon="calendar-check")
        self.cancel = Button(look, self.cancel_key, kind="danger")
        self.close_verb = Button(look, "flows.close")
        self._show_times()
        self._lay_out()
        self._connect()

    def set_busy(self, *, is_busy: bool) -> None:
        """The service is working on it, or not any more."""
        self._is_busy = is_busy
        self._show_readiness()

    def explain(self, error: "CXError") -> None:
        """Say why it was not done; the times stay as they were typed."""
        self.strip.say("block", lambda: "\n".join(self._look.language.explain(error)))

    def _show_times(self) -> None:
        timed = self._timed
        self.timing.show_for(
            self._publications.workspace.zone,
            met=self._met_words,
            is_return=timed.is_return,
            has_back=all(each.live_revision is not None for each in timed.objects),
        )
        self.timing.show_timing(Timing(timed.at, timed.returns_at, timed.whatever_is_live))
        self.timing.whatever.hide()

    def _lay_out(self) -> None:
        verbs = QHBoxLayout()
        verbs.setSpacing(8)
        verbs.addWidget(self.cancel)
        verbs.addStretch(1)
        for verb in (self.close_verb, self.now, self.move_verb):
            verbs.addWidget(verb)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for each in (self._title, self._text, self.strip, self._again, self.timing):
            layout.addWidget(each)
        layout.addStretch(1)
        layout.addLayout(verbs)

    def _connect(self) -> None:
        self.timing.changed.connect(lambda _timing: self._show_readiness())
        self.move_verb.clicked.connect(lambda: self.moved.emit(self.timing.timing))
        self.cancel.clicked.connect(self.cancelled)
        self.now.clicked.connect(self.hastened)
        self.close_verb.clicked.connect(self.left)
        self._look.language.follow(self, self._retext)

    def _retext(self) -> None:
        words = self._publications.words(self._look.language)
        self._title.setText(words.title(self._timed))
        is_overtaken = self._publications.is_overtaken(self._timed)
        self._text.setText(words.overtaken() if is_overtaken else words.text(self._timed))
        self._show_readiness()

    def _show_readiness(self) -> None:
        self.timing.whatever.hide()
        language, why_not = self._look.language, self._publications.why_not
        reason = language.text(why_not) if why_not else ""
        wrong = reason or self.timing.wrong
        can = not reason and not self._is_busy
        self.move_verb.setEnabled(can and not wrong and self._is_other)
        self.cancel.setEnabled(can)
        self.now.setEnabled(can and not self._publications.is_overtaken(self._timed))
        for each in (self.move_verb, self.cancel, self.now):
            each.setToolTip(wrong if each is self.move_verb else reason)
            each.setAccessibleDescription(each.toolTip())

    @property
    def _is_other(self) -> bool:
        """Whether the times are others than those that are set."""
        timed, typed = self._timed, self.timing.timing
        at = typed.at if not timed.is_return else timed.at
        return self.accepts_live or (at, typed.returns_at) != (timed.at, timed.returns_at)

    def _met_words(self, timing: Timing) -> str:
        met = self._publications.met_by(self._timed, timing)
        if met is None:
            return ""
        title = self._publications.words(self._look.language).title(met)
        return self._look.language.text("timed.row.met", title=title)
