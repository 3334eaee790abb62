"""The page « Modifications à envoyer »."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMenu,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from cx_desktop.domain.errors import CXError
from cx_desktop.models.commands import fold
from cx_desktop.models.outbox.entries import DISPUTED, Entry
from cx_desktop.models.outbox.kept import Keeping
from cx_desktop.models.outbox.outbox import Outbox, Question
from cx_desktop.overrides import override
from cx_desktop.views.objects.changes import Changes
from cx_desktop.views.outbox import words
from cx_desktop.views.outbox.details_panel import DetailsPanel
from cx_desktop.views.outbox.drop_dialog import DropDialog
from cx_desktop.views.outbox.haystack import Haystack
from cx_desktop.views.outbox.kept_panel import KeptPanel
from cx_desktop.views.outbox.tree import OutboxTree, OutboxView
from cx_desktop.views.shell.page import Page
from cx_desktop.views.widgets.button import Button
from cx_desktop.views.widgets.field import SearchField
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.states import EmptyState, ErrorPanel, PageHeader, Skeleton
from cx_desktop.views.widgets.strip import Strip, Way

_FILTERS = ("all", "decide", "waiting")
#: How long the selection may rest before it is worked out: nobody reads while arrows are held.
_REST_MS = 120


class OutboxPage(Page):
    """What this device has not sent, in words; looked at, dropped, tried again."""

    id = "outbox"
    title_key = "outbox.nav"
    icon = "cloud-arrow-up"
    order = 70
    help_key = "outbox.help"

    entry_wanted = Signal(object)  # Entry: somebody wants to see it at its place
    settling_wanted = Signal(object)  # Entry: somebody wants to see both versions
    left = Signal()  # another page is in view

    def __init__(
        self,
        look: Look,
        outbox: Outbox,
        keeping: Keeping,
        *,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._outbox = outbox
        self._keeping = keeping
        self._now = now
        self._is_closed = self._wants_list = False
        self.header = PageHeader(look, "outbox.title")
        self.strip = Strip(look)
        self.search = SearchField(look, "outbox.search")
        self.filter = QComboBox()
        self.open = Button(look, "outbox.open", icon="arrow-square-out")
        self.retry = Button(look, "outbox.retry", icon="arrows-clockwise")
        self.drop = Button(look, "outbox.drop", icon="trash")
        self.copy = Button(look, "outbox.copy", icon="copy")
        self.view = OutboxView(look, OutboxTree(look, now, parent=self))
        self.details = DetailsPanel(look, now=now)
        self.dialog: DropDialog | None = None
        self.loading = Skeleton(look)
        self.empty = EmptyState(look, "check-circle", "outbox.empty.title", "outbox.empty.text")
        self.nothing = EmptyState(look, "funnel", "outbox.nothing.title", "outbox.nothing.text")
        self.problem = ErrorPanel(look)
        self._haystack = Haystack(look, parent=self)
        self.kept = KeptPanel(look, keeping, now=now)
        self.tabs = QTabWidget()
        self.stack = QStackedWidget()
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._lay_out()
        self._connect()
        look.language.follow(self, self._retext)

    @property
    def lines(self) -> tuple[str, ...]:
        """Every edit that is shown, in words."""
        groups = self.view.tree.groups
        language = self._look.language
        return tuple(
            f"{words.place_words(language, each)} | {words.what_words(language, each)}"
            f" | {words.state_words(language, each)}"
            for group in groups
            for each in group.entries
        )

    def share_words(self, changes: Changes) -> None:
        """Tell what edits do in the words of every page."""
        self.details.changes = changes

    @override
    def activated(self) -> None:
        self._wants_list = True
        self._focus_list()

    @override
    def close_page(self) -> None:
        self._is_closed = True
        self._outbox.close()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self._outbox.load()
            self._keeping.load()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous() and not self._is_closed:  # left, not only minimised
            self.strip.clear()
            self._outbox.forget_drops()
            self.left.emit()

    def ask_to_drop(self) -> None:
        """Find out what would go; the question follows."""
        self._outbox.plan_drop(self._chosen_ids())

    def copy_text(self) -> None:
        """Put the selected edits on the clipboard as text."""
        chosen = self.view.selection
        if chosen:
            said = words.as_text(self._look.language, chosen, self._now())
            QGuiApplication.clipboard().setText(said)

    def open_chosen(self) -> None:
        """Show the first selected edit at its place."""
        chosen = self.view.selection
        if chosen:
            self.entry_wanted.emit(chosen[0])

    def _see_both(self) -> None:
        chosen = self.view.selection
        if chosen:
            self.settling_wanted.emit(chosen[0])

    def _chosen_ids(self) -> list[str]:
        return [each.op_id for each in self.view.selection]

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.search, 1)
        tools.addWidget(self.filter)
        for each in (self.open, self.retry, self.copy, self.drop):
            tools.addWidget(each)
        self._tools = QWidget()
        self._tools.setLayout(tools)
        tools.setContentsMargins(0, 0, 0, 0)
        self._listed = QSplitter(Qt.Orientation.Horizontal)
        self._listed.setChildrenCollapsible(False)
        self._listed.addWidget(self.view)
        self._listed.addWidget(self.details)
        self._listed.setSizes([620, 400])
        self._listed.setStretchFactor(0, 1)
        for state in (self.loading, self.empty, self.nothing, self.problem, self._listed):
            self.stack.addWidget(state)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(self.header)
        layout.addWidget(self.tabs, 1)
        waiting = QWidget()
        within = QVBoxLayout(waiting)
        within.setContentsMargins(0, 8, 0, 0)
        within.setSpacing(12)
        within.addWidget(self.strip)
        within.addWidget(self._tools)
        within.addWidget(self.stack, 1)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(waiting, "")
        self.tabs.addTab(self.kept, "")
        self._tools.hide()

    def _connect(self) -> None:
        outbox = self._outbox
        self._keeping.changed.connect(self._show_tabs)
        outbox.changed.connect(self._on_listed)
        outbox.detailed.connect(self.details.show_details)
        outbox.asked.connect(self._ask)
        outbox.dropped.connect(self._on_dropped)
        outbox.put_back.connect(self._on_put_back)
        outbox.failed.connect(self._on_failed)
        self.problem.retry_requested.connect(outbox.load)
        self.search.textChanged.connect(self._on_searched)
        self.filter.currentIndexChanged.connect(lambda _at: self._show())
        self.view.selected.connect(self._on_selected)
        self.view.opened.connect(self.open_chosen)
        self.view.drop_wanted.connect(self.ask_to_drop)
        self.view.copy_wanted.connect(self.copy_text)
        self.view.menu_wanted.connect(self._show_menu)
        self.open.clicked.connect(self.open_chosen)
        self.retry.clicked.connect(lambda: outbox.try_again(self.view.selection))
        self.drop.clicked.connect(self.ask_to_drop)
        self.copy.clicked.connect(self.copy_text)
        self.details.both_wanted.connect(self._see_both)
        self.details.mine_wanted.connect(lambda: outbox.resolve(self._chosen_ids(), "mine"))
        self.details.theirs_wanted.connect(lambda: outbox.resolve(self._chosen_ids(), "theirs"))
        self._rest.timeout.connect(self._detail)

    def _on_listed(self) -> None:
        self._haystack.hold(self._outbox.entries)
        self._show()

    def _show(self) -> None:
        listing = self._outbox.listing
        if listing is None:
            return
        subtitle = words.listing_words(self._look.language, listing, self._now())
        self.header.set_subtitle(subtitle)
        entries = self._kept(listing.entries)
        self._tools.setVisible(bool(listing.entries))
        if entries:
            self.stack.setCurrentWidget(self._listed)
        else:
            self.stack.setCurrentWidget(self.nothing if listing.entries else self.empty)
        self.view.show_entries(entries)
        self._focus_list()

    def _show_tabs(self) -> None:
        """The second tab is there while something is kept."""
        kept = self._keeping.kept
        is_kept = kept is not None and bool(kept.rows)
        self.tabs.setTabVisible(1, is_kept)
        self.tabs.tabBar().setVisible(is_kept)
        self._name_tabs()

    def _name_tabs(self) -> None:
        language, kept = self._look.language, self._keeping.kept
        self.tabs.setTabText(0, language.text("kept.tab.waiting"))
        count = 0 if kept is None else kept.recovered + kept.edits
        self.tabs.setTabText(1, language.text("kept.tab", count=language.number(count)))

    def _focus_list(self) -> None:
        """Who came to the page begins in the list, once there is one."""
        if not self._wants_list:
            return
        if self.stack.currentWidget() is self._listed:
            self._wants_list = False
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _kept(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """Those that the search and the filter leave."""
        wanted = fold(self.search.text().strip())
        kind = _FILTERS[max(self.filter.currentIndex(), 0)]
        if kind != "all":
            entries = [each for each in entries if (each.state in DISPUTED) == (kind == "decide")]
        if not wanted:
            return tuple(entries)
        return tuple(each for each in entries if self._haystack.has(each, wanted))

    def _on_searched(self) -> None:
        self._wants_list = False
        self._show()

    def _on_selected(self) -> None:
        chosen = self.view.selection
        one = chosen[0] if len(chosen) == 1 else None
        self.open.setEnabled(bool(chosen))
        self.copy.setEnabled(bool(chosen))
        self.drop.setEnabled(any(each.waiting.may_drop for each in chosen))
        self.details.show_entry(one)
        if one is not None:
            self._rest.start()

    def _detail(self) -> None:
        chosen = self.view.selection
        if len(chosen) == 1:
            self._outbox.detail(chosen[0])

    def _ask(self, question: Question) -> None:
        if question.is_held:
            self.strip.say("warn", lambda: self._look.language.text("outbox.drop.held"))
            return
        self.dialog = DropDialog(self._look, question, parent=self.window())
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.accepted.connect(lambda: self._outbox.drop(question))
        self.dialog.finished.connect(self._forget_dialog)
        self.dialog.open()

    def _forget_dialog(self) -> None:
        self.dialog = None

    def _on_dropped(self, count: int) -> None:
        plural = self._look.language.plural
        self.strip.say(
            "ok",
            lambda: plural("outbox.dropped", count),
            (Way("outbox.undo", self._outbox.undo),),
        )

    def _on_put_back(self, count: int) -> None:
        plural = self._look.language.plural
        self.strip.say("ok", lambda: plural("outbox.put-back", count))

    def _on_failed(self, error: CXError) -> None:
        if self._outbox.listing is None:
            self.problem.explain(error)
            self.stack.setCurrentWidget(self.problem)
        else:
            self.strip.say("block", lambda: " ".join(self._look.language.explain(error)))

    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in (self.open, self.retry, self.copy, self.drop):
            action = menu.addAction(button.icon(), button.text())
            action.setEnabled(button.isEnabled())
            action.triggered.connect(button.click)
        menu.popup(at)

    def _retext(self) -> None:
        text = self._look.language.text
        at = max(self.filter.currentIndex(), 0)
        with QSignalBlocker(self.filter):
            self.filter.clear()
            self.filter.addItems([text(f"outbox.filter.{each}") for each in _FILTERS])
            self.filter.setCurrentIndex(at)
        self.filter.setAccessibleName(text("outbox.filter"))
        self.tabs.setAccessibleName(text("outbox.title"))
        self._haystack.hold(self._outbox.entries)
        self._show_tabs()
        self._show()
