"""The strips between head and form: what others did, what is disputed, what was not saved."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.models.objects.conflicts import Conflicts, Dispute
from cx_desktop.models.objects.store import Arrival
from cx_desktop.views.objects.finding_words import finding_words
from cx_desktop.views.objects.settle_words import named
from cx_desktop.views.objects.timed_strip import TimedStrip
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip, Way


class ObjectNotices(QWidget):
    """Never modal: work goes on below while a strip waits for an answer."""

    retry_wanted = Signal()
    settling_wanted = Signal()  # both versions are to be seen

    def __init__(
        self, look: Look, *, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._now = now
        self.planned = TimedStrip(look)
        self.saving = Strip(look, is_band=True)
        self.dispute = Strip(look, is_band=True)
        self.arisen = Strip(look, is_band=True)
        self.others = Strip(look, is_band=True)
        self.told = Strip(look, is_band=True)
        self.reading = Strip(look, is_band=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for each in (self.planned, *self._strips):
            layout.addWidget(each)

    @property
    def _strips(self) -> tuple[Strip, ...]:
        return (self.saving, self.dispute, self.arisen, self.others, self.told, self.reading)

    def clear(self) -> None:
        """Another object is shown: nothing is known of it yet."""
        self.planned.show_object("")
        for each in self._strips:
            each.clear()

    def explain(self, error: CXError) -> None:
        """Say what was not done."""
        self.told.say("block", lambda: " ".join(self._look.language.explain(error)))

    def show_others(self, arrival: Arrival) -> None:
        """« Léa a modifié ceci à 14 h 02 »."""
        language = self._look.language

        def words() -> str:
            when = language.since(arrival.when or self._now(), self._now())
            if arrival.is_mine:
                return language.text("objects.others.me", when=when)
            return language.text(
                "objects.others.changed", who=named(language, arrival.who), when=when
            )

        self.others.say("info", words)

    def show_disputes(self, conflicts: Conflicts) -> None:
        """What is open: a way to both versions, or of one place its two answers."""
        if not conflicts.disputes:
            self.dispute.clear()
            return
        dispute, more = conflicts.disputes[0], len(conflicts.disputes) - 1
        ways = [
            Way(key="flows.dispute.mine", run=lambda: conflicts.resolve(dispute.op_id, "mine")),
            Way(
                key="flows.dispute.drop" if dispute.refused else "flows.dispute.theirs",
                run=lambda: conflicts.resolve(dispute.op_id, "theirs"),
                params={} if dispute.refused else {"who": named(self._look.language, dispute.who)},
            ),
        ]
        if not dispute.refused:
            both = Way(key="settle.show", run=self.settling_wanted.emit)
            is_one = len(dispute.places) == 1 and dispute.places[0].kept is None
            ways = [both, *ways] if is_one else [both]
        self.dispute.say("warn", lambda: self._dispute_words(dispute, more), ways)

    def show_arisen(self, conflicts: Conflicts) -> None:
        """What is wrong only since edits came together: publishing waits for it."""
        if not conflicts.arisen:
            self.arisen.clear()
            return
        language, first = self._look.language, conflicts.arisen[0]
        ways = [Way(key="settle.arisen.accept", run=conflicts.accept_arisen)]

        def words() -> str:
            what = finding_words(language, first.finding)
            who = named(language, first.who)
            return language.text("settle.arisen", who=who, what=what)

        self.arisen.say("warn", words, ways)

    def show_save_failed(self, error: CXError) -> None:
        """An edit is not on the disk: it is kept, and can be tried again."""
        self.saving.say(
            "block",
            lambda: " ".join(self._look.language.explain(error)),
            [Way(key="widget.retry", run=self.retry_wanted.emit)],
        )

    def _dispute_words(self, dispute: Dispute, more: int) -> str:
        language = self._look.language
        if dispute.refused:
            text = language.text("objects.dispute.refused")
        else:
            text = language.text("objects.dispute", who=named(language, dispute.who))
        return f"{text} {language.plural('flows.dispute.more', more)}" if more else text
