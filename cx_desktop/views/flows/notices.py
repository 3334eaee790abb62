"""The strips between header and editor: what others did, what is disputed, what was not saved."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document
from cx_desktop.models.flow_work import Others
from cx_desktop.models.objects.conflicts import Conflicts, Dispute
from cx_desktop.views.flows import places
from cx_desktop.views.objects.finding_words import finding_words
from cx_desktop.views.objects.settle_words import named
from cx_desktop.views.objects.timed_strip import TimedStrip
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip, Way


class Notices(QWidget):
    """Never modal: work goes on below while a strip waits for an answer."""

    node_wanted = Signal(str)  # node id
    others_wanted = Signal()  # their edits are to be shown on the canvas, or no more
    settling_wanted = Signal()  # both versions are to be seen
    retry_wanted = Signal()

    def __init__(
        self,
        look: Look,
        *,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._now = now
        self.planned = TimedStrip(look)
        self.others = Strip(look, is_band=True)
        self.dispute = Strip(look, is_band=True)
        self.arisen = Strip(look, is_band=True)
        self.saving = Strip(look, is_band=True)
        self.told = Strip(look, is_band=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for each in (self.planned, *self._strips):
            layout.addWidget(each)

    @property
    def _strips(self) -> tuple[Strip, ...]:
        return (self.saving, self.dispute, self.arisen, self.others, self.told)

    def clear(self) -> None:
        """Another flow is shown: nothing is known of it yet."""
        self.planned.show_object("")
        for each in self._strips:
            each.clear()

    def show_others(self, others: Others, count: int, *, is_shown: bool) -> None:
        """« Modifié par Léa à 14 h 02 : 3 étapes », and a way to see which."""
        arrival, language = others.arrival, self._look.language
        key = "settle.others.hide" if is_shown else "settle.others.show"
        ways = [Way(key=key, run=self.others_wanted.emit)] if count else []

        def words() -> str:
            when = language.since(arrival.when or self._now(), self._now())
            if arrival.is_mine:
                return language.text("flows.others.me", when=when)
            who = named(language, arrival.who)
            if not count:
                return language.text("flows.others.changed", who=who, when=when)
            return language.plural("settle.others", count, who=who, when=when)

        self.others.say("info", words, ways)

    def show_disputes(self, conflicts: Conflicts, document: Document) -> None:
        """What is open: a way to both versions, or of one place its two answers."""
        if not conflicts.disputes:
            self.dispute.clear()
            return
        dispute = conflicts.disputes[0]
        self.dispute.say(
            "warn",
            lambda: self._dispute_words(dispute, len(conflicts.disputes), document),
            self._ways(conflicts, dispute),
        )

    def show_arisen(self, conflicts: Conflicts) -> None:
        """What is wrong only since edits came together: publishing waits for it."""
        if not conflicts.arisen:
            self.arisen.clear()
            return
        language, first = self._look.language, conflicts.arisen[0]
        ways = [Way(key="settle.arisen.accept", run=conflicts.accept_arisen)]
        if (node := first.finding.node) is not None:
            ways.insert(0, Way(key="flows.others.show", run=lambda: self._go(node)))

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

    def _ways(self, conflicts: Conflicts, dispute: Dispute) -> list[Way]:
        if dispute.refused:
            keep = "flows.dispute.drop"
            params: dict[str, str | int] = {}
        else:
            keep, params = "flows.dispute.theirs", {"who": named(self._look.language, dispute.who)}
        ways = [
            Way(key="flows.dispute.mine", run=lambda: conflicts.resolve(dispute.op_id, "mine")),
            Way(key=keep, run=lambda: conflicts.resolve(dispute.op_id, "theirs"), params=params),
        ]
        if not dispute.refused:
            both = Way(key="settle.show", run=self.settling_wanted.emit)
            is_one = len(dispute.places) == 1 and dispute.places[0].kept is None
            return [both, *ways] if is_one else [both]
        node = dispute.places[0].node if dispute.places else None
        if node is not None:
            ways.insert(0, Way(key="flows.others.show", run=lambda: self._go(node)))
        return ways

    def _go(self, node: str | None) -> None:
        if node is not None:
            self.node_wanted.emit(node)

    def _dispute_words(self, dispute: Dispute, count: int, document: Document) -> str:
        language = self._look.language
        where = places.place_words(language, dispute.places, document)
        key = "flows.dispute.refused" if dispute.refused else "flows.dispute"
        params: dict[str, str | int] = {"where": where, "who": named(language, dispute.who)}
        if dispute.refused:
            params = {"where": where}
        text = language.text(key, **params)
        if dispute.error is not None:
            text = f"{text} {language.explain(dispute.error)[0]}."
        more = language.plural("flows.dispute.more", count - 1) if count > 1 else ""
        return " ".join(filter(None, (text, more)))
