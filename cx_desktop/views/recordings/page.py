"""The page « Écoutes »: filters, the list, and below it what is done with one recording."""

from collections.abc import Callable, Iterable
from functools import partial

import msgspec
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from cx_desktop.domain.recordings import Filters
from cx_desktop.models.commands import Command, Commands, Scope
from cx_desktop.models.recordings.desk import RecordingDesk
from cx_desktop.models.recordings.rows import Recording
from cx_desktop.models.settings import Settings
from cx_desktop.overrides import override
from cx_desktop.views.recordings.arrangement import Arrangement
from cx_desktop.views.recordings.columns import SOON, other_party
from cx_desktop.views.recordings.filter_panel import FilterPanel
from cx_desktop.views.recordings.keep_bar import KeepBar
from cx_desktop.views.recordings.record_list import RecordList
from cx_desktop.views.recordings.search_bar import SearchBar
from cx_desktop.views.shell.page import Page
from cx_desktop.views.widgets.look import Look

#: From so wide on the filters stand beside the list unless somebody closed them.
_WIDE = 1_240
_FIND, _FILTER = "Ctrl+F", "Ctrl+J"


class RecordingsPage(Page):
    """Everything about recordings.

    ``put_strip`` gives what stands above the list its place (offline packs), ``put_below`` what is
    done with the recording in hand (the player, then the review): it is shown while there is one.
    """

    view_requested = Signal()  # somebody wants this page in view
    pause_requested = Signal()  # Space: play the recording in hand, or pause
    remove_requested = Signal()  # Delete: what is chosen is to leave this computer
    play_requested = Signal()  # Enter or a double click: the recording in hand is to be heard

    id = "recordings"
    title_key = "recordings.page.title"
    icon = "headphones"
    order = 60
    help_key = "recordings.help"

    def __init__(
        self,
        look: Look,
        desk: RecordingDesk,
        *,
        commands: Commands,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._desk = desk
        self._settings = settings
        self.bar = SearchBar(look, desk)
        self.keep = KeepBar(look)
        self.panel = FilterPanel(look, desk)
        self.list = RecordList(look, desk)
        self.table = self.list.table
        self._lay_out()
        self._connect()
        self._forget_commands = commands.add(*self._commands())
        self._forget_searches = commands.add_source(self._search_commands)

    def put_strip(self, widget: QWidget) -> None:
        """Give something its place above the list."""
        self._above.addWidget(widget)

    def put_below(self, widget: QWidget) -> None:
        """Give something its place below the list, after what is there already."""
        self.arrangement.put_below(widget)
        self._show_work()

    def put_beside(self, widget: QWidget) -> None:
        """Give something its place beside the list and what is below it (the review)."""
        self.arrangement.put_beside(widget)
        self._show_work()

    def clear_filters(self) -> None:
        """Show all recordings again, in the order they are in."""
        self._desk.filter(Filters())

    def show_soon_gone(self) -> None:
        """Show what is deleted within a week, the first to go first."""
        self._come(lambda: self._desk.filter(Filters(due_within=SOON)))

    @override
    def activated(self) -> None:
        if self.list.shows_rows:
            self.table.setFocus()
        else:
            self.bar.focus()

    @override
    def close_page(self) -> None:
        self._forget_commands()
        self._forget_searches()
        self.table.let_go()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place_filters()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_filters()

    def _lay_out(self) -> None:
        self._above = QVBoxLayout()
        self._above.setSpacing(8)
        self.arrangement = Arrangement(self._look, self.panel, self.list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 12)
        layout.setSpacing(10)
        layout.addWidget(self.bar)
        layout.addWidget(self.keep)
        layout.addLayout(self._above)
        layout.addWidget(self.arrangement, 1)

    def _connect(self) -> None:
        desk, bar, table = self._desk, self.bar, self.table
        bar.words_typed.connect(self._look_for_words)
        bar.name_wanted.connect(self.keep.ask)
        bar.columns_wanted.connect(self._pop_columns)
        bar.filters.toggled.connect(self._on_filters_toggled)
        bar.field.returnPressed.connect(self.activated)
        self.keep.named.connect(desk.keep_search)
        self.keep.left.connect(self.activated)
        self.panel.changed.connect(desk.filter)
        self.panel.cleared.connect(self.clear_filters)
        self.list.clear_requested.connect(self.clear_filters)
        table.row_opened.connect(self.play_requested)
        table.pause_wanted.connect(self.pause_requested)
        table.remove_wanted.connect(self.remove_requested)
        table.typed.connect(self.bar.go_on_typing)
        table.menu_wanted.connect(self._pop_menu)
        table.layout_changed.connect(partial(self._remember, self.id))
        desk.current_changed.connect(self._on_current_changed)
        for keys, run in ((_FIND, bar.focus), (_FILTER, bar.filters.toggle)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(run)
        layout = self._settings.now.tables.get(self.id)
        if layout:
            table.restore_layout(layout)

    def _on_current_changed(self, _recording: Recording | None) -> None:
        self._show_work()

    def _show_work(self) -> None:
        self.arrangement.show_work(is_wanted=self._desk.current is not None)

    def _look_for_words(self, words: str) -> None:
        self._desk.filter(msgspec.structs.replace(self._desk.filters, words=words.strip()))

    def _place_filters(self) -> None:
        """Beside the list where there is room, or where somebody wants them."""
        kept = self._settings.now.tables.get(f"{self.id}.filters")
        is_on = kept == "open" if kept else self.width() >= _WIDE
        self.arrangement.show_filters(is_wanted=is_on)
        if self.bar.filters.isChecked() != is_on:
            self.bar.filters.setChecked(is_on)

    def _on_filters_toggled(self, is_on: bool) -> None:  # noqa: FBT001  (Qt's signal)
        if is_on != self.panel.isVisibleTo(self):
            self.arrangement.show_filters(is_wanted=is_on)
            self._remember(f"{self.id}.filters", "open" if is_on else "closed")

    def _remember(self, name: str, layout: str) -> None:
        self._settings.set("tables", {**self._settings.now.tables, name: layout})

    def _pop_columns(self) -> None:
        corner = self.bar.columns.mapToGlobal(self.bar.columns.rect().bottomLeft())
        self.table.columns_menu().popup(corner)

    def _pop_menu(self, at: QPoint) -> None:
        recording = self._desk.current
        if recording is None:
            return
        menu, text = QMenu(self), self._look.language.text
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(text("recordings.verb.play"), self.play_requested.emit)
        menu.addSeparator()
        for key, filters in self._alike(recording):
            menu.addAction(text(f"recordings.verb.{key}"), partial(self._desk.filter, filters))
        menu.addSeparator()
        menu.addAction(text("recordings.verb.copy"), self.table.copy_selected)
        menu.addAction(text("packs.remove-chosen"), self.remove_requested.emit)
        menu.popup(at)

    def _alike(self, recording: Recording) -> Iterable[tuple[str, Filters]]:
        """What else can be shown from one recording."""
        replace, filters = msgspec.structs.replace, self._desk.filters
        day = recording.started_at.astimezone(self._desk.workspace.zone).date()
        if other_party(recording):
            yield "same-number", replace(filters, words=other_party(recording))
        if recording.agent_name:
            yield "same-agent", replace(filters, agents=frozenset({recording.agent_name}))
        if recording.queue_id is not None:
            yield "same-queue", replace(filters, queues=frozenset({recording.queue_id}))
        if recording.flow_id is not None:
            yield "same-flow", replace(filters, flows=frozenset({recording.flow_id}))
        yield "same-day", replace(filters, since=day, until=day)

    def _come(self, then: Callable[[], object]) -> None:
        self.view_requested.emit()
        then()

    def _commands(self) -> tuple[Command, ...]:
        """The verbs that the palette lists wherever one is."""

        def verb(name: str, icon: str, run: Callable[[], object], shortcut: str = "") -> Command:
            return Command(
                id=f"recordings.{name}",
                text_key=f"recordings.command.{name}",
                run=partial(self._come, run),
                icon=icon,
                shortcut=shortcut,
                scope=Scope.WIDGET,
            )

        return (
            verb("find", "magnifying-glass", self.bar.focus, _FIND),
            verb("filters", "funnel", self.bar.filters.toggle, _FILTER),
            verb("clear", "x", self.clear_filters),
            verb("keep", "bookmark-simple", self.keep.ask),
            verb("soon", "timer", self.show_soon_gone),
        )

    def _search_commands(self) -> Iterable[Command]:
        """Every kept search by its name."""
        for each in self._desk.searches.all:
            yield Command(
                id=f"recordings.search.{each.name}",
                text_key="",
                title=each.name,
                run=partial(self._come, partial(self._desk.look_for, each)),
                icon="bookmark-simple",
                group_key=self.title_key,
            )
