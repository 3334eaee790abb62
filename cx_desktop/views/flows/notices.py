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
from cx_desktop.views.objects.timed_strip import TimedStrip
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip, Way


class Notices(QWidget):
    """Never modal: work goes on below while a strip waits for an answer."""

    node_wanted = Signal(str)  # node id
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
        self.saving = Strip(look, is_band=True)
        self.told = Strip(look, is_band=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for each in (self.planned, self.saving, self.dispute, self.others, self.told):
            layout.addWidget(each)

    def clear(self) -> None:
        """Another flow is shown: nothing is known of it yet."""
        self.planned.show_object("")
        for each in (self.others, self.dispute, self.saving, self.told):
            each.clear()

    def show_others(self, others: Others) -> None:
        """« Léa a modifié ce SVI à 14 h 02 »."""
        arrival, language = others.arrival, self._look.language
        node = others.node
        ways = [Way(key="flows.others.show", run=lambda: self._go(node))] if node else []

        def words() -> str:
            when = language.since(arrival.when or self._now(), self._now())
            if arrival.is_mine:
                return language.text("flows.others.me", when=when)
            return language.text("flows.others.changed", who=arrival.who or "?", when=when)

        self.others.say("info", words, ways)

    def show_disputes(self, conflicts: Conflicts, document: Document) -> None:
        """The first open dispute, with its two answers; the next follows when it is decided."""
        if not conflicts.disputes:
            self.dispute.clear()
            return
        dispute = conflicts.disputes[0]
        count, node = len(conflicts.disputes), dispute.places[0].node if dispute.places else None
        ways = [
            Way(key="flows.dispute.mine", run=lambda: conflicts.resolve(dispute.op_id, "mine")),
            Way(
                key="flows.dispute.theirs" if not dispute.refused else "flows.dispute.drop",
                run=lambda: conflicts.resolve(dispute.op_id, "theirs"),
                params={"who": dispute.who or "?"} if not dispute.refused else {},
            ),
        ]
        if node is not None:
            ways.insert(
                0,
                Way(key="flows.others.show", run=lambda: self._look_at(node, conflicts, document)),
            )
        self.dispute.say("warn", lambda: self._dispute_words(dispute, count, document), ways)

    def show_save_failed(self, error: CXError) -> None:
        """An edit is not on the disk: it is kept, and can be tried again."""
        self.saving.say(
            "block",
            lambda: " ".join(self._look.language.explain(error)),
            [Way(key="widget.retry", run=self.retry_wanted.emit)],
        )

    def _look_at(self, node: str, conflicts: Conflicts, document: Document) -> None:
        self._go(node)
        self.show_disputes(conflicts, document)

    def _go(self, node: str | None) -> None:
        if node is not None:
            self.node_wanted.emit(node)

    def _dispute_words(self, dispute: Dispute, count: int, document: Document) -> str:
        language = self._look.language
        where = places.place_words(language, dispute.places, document)
        key = "flows.dispute.refused" if dispute.refused else "flows.dispute"
        params: dict[str, str | int] = {"where": where, "who": dispute.who or "?"}
        if dispute.refused:
            params = {"where": where}
        text = language.text(key, **params)
        if dispute.error is not None:
            text = f"{text} {language.explain(dispute.error)[0]}."
        more = language.plural("flows.dispute.more", count - 1) if count > 1 else ""
        return " ".join(filter(None, (text, more)))
