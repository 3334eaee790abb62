"""The SVI page: the list, and in its place a new flow, an import, or the editor."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cx_desktop.domain.access import Verb
from cx_desktop.models.commands import Command, Commands
from cx_desktop.models.flow_desk import FlowDesk
from cx_desktop.models.flow_patterns import free_name
from cx_desktop.models.flow_rows import FlowRow
from cx_desktop.models.import_flow import Preview
from cx_desktop.models.objects.creating import New
from cx_desktop.models.objects.named_table import Renaming
from cx_desktop.models.settings import Settings
from cx_desktop.overrides import override
from cx_desktop.views.flows import verbs
from cx_desktop.views.flows.assigning import Assigning
from cx_desktop.views.flows.editor_view import EditorView
from cx_desktop.views.flows.exporting import Exporting
from cx_desktop.views.flows.gallery import GalleryView, NewFlow
from cx_desktop.views.flows.import_view import ImportView
from cx_desktop.views.flows.list_view import FlowListView
from cx_desktop.views.flows.telling import Telling
from cx_desktop.views.objects.changes import Changes
from cx_desktop.views.objects.list_actions import ListActions, ListVerb
from cx_desktop.views.objects.planning import Planning
from cx_desktop.views.objects.waiting import Waiting
from cx_desktop.views.shell.page import Page
from cx_desktop.views.widgets.look import Look
from cx_desktop.views.widgets.strip import Strip


class FlowsPage(Page):
    """Everything about flows; one of its four views is shown at a time."""

    id = "flows"
    title_key = "flows.page.title"
    icon = "tree-structure"
    order = 20
    help_key = "flows.help"

    view_requested = Signal()  # somebody wants this page in view

    def __init__(
        self,
        look: Look,
        desk: FlowDesk,
        *,
        commands: Commands,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._desk = desk
        self._commands = commands
        self._settings = settings
        self._created = ""
        self.list = FlowListView(
            look,
            desk.flows,
            now=desk.clock.now,
            why_not_new=lambda: desk.permissions.why_not(Verb.FLOW_EDIT),
        )
        self.gallery = GalleryView(look)
        self.importing = ImportView(look, desk.importing)
        self.editor = EditorView(look, desk, commands)
        self.assigning = Assigning(look, desk, self)
        self.waiting = Waiting(
            look, desk.later, self, lambda: self.assigning.strip or self._strip_in_view()
        )
        self.exporting = Exporting(look, desk, self._strip_in_view, self)
        self._telling = Telling(look, desk, self.list.strip)
        self.actions_of_list = ListActions(
            look,
            self._verbs(),
            area="flows",
            commands=commands,
            permissions=desk.permissions,
            owner=self.list,
        )
        self._actions_of_open = ListActions(
            look,
            self._verbs_of_open(),
            area="flows",
            commands=commands,
            permissions=desk.permissions,
            owner=self.editor,
        )
        self._stack = QStackedWidget()
        for each in (self.list, self.gallery, self.importing, self.editor):
            self._stack.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self._connect()
        self._forget_commands: Callable[[], object] = lambda: None
        self._forget_flows = commands.add_source(self._flows_to_open)
        self._offer_commands()

    def open(self, flow_id: str, node: str | None = None) -> None:
        """Open a flow in the editor, at a step; one of another project brings that into view."""
        self._desk.come_to(flow_id, done=lambda: self._open_here(flow_id, node))

    def settle(self) -> None:
        """Show both versions of what is in conflict in the flow that is open."""
        self.editor.settling.show()

    def share_words(self, changes: Changes) -> None:
        """Tell what changes in the words of every page."""
        self.editor.going_live.changes = changes

    def share_planning(self, planning: Planning) -> None:
        """Say above a flow what is planned of it."""
        self.editor.notices.planned.follow(planning)

    def show_list(self) -> None:
        """Back to the list, the flow that was open selected."""
        was = self.editor.work.flow.id if self.editor.work is not None else ""
        self.editor.close_work()
        self._show(self.list)
        if was:
            self.list.select(was)
        if self.isVisible():  # a project may be chosen while another page is in view
            self.list.table.setFocus()

    def start_new(self) -> None:
        """Choose what a new flow begins as."""
        self._show(self.gallery)
        self._desk.load_patterns(self._look.language, done=self.gallery.show_patterns)

    def start_import(self, path: object = None) -> None:
        """Bring a flow in from a file."""
        self._show(self.importing)
        self.importing.begin(path if isinstance(path, Path) else None)

    def close_page(self) -> None:
        """Save what was typed last, and take the verbs away."""
        self.editor.close_work()
        self.actions_of_list.withdraw()
        self._forget_commands()
        self._forget_flows()

    @override
    def activated(self) -> None:
        if self._stack.currentWidget() is self.list:
            self.list.table.setFocus()

    def _connect(self) -> None:
        desk = self._desk
        self.list.object_opened.connect(self.open)
        self.list.new_requested.connect(self.start_new)
        self.list.import_requested.connect(self.start_import)
        self.list.rename_requested.connect(self._on_rename_requested)
        self.list.selection_changed.connect(self.actions_of_list.show_for)
        self.list.menu_wanted.connect(self._pop_menu)
        self.list.table.layout_changed.connect(self._keep_layout)
        self.gallery.left.connect(self.show_list)
        self.gallery.chosen.connect(self._on_chosen)
        self.importing.left.connect(self.show_list)
        self.importing.accepted.connect(self._on_import_accepted)
        self.editor.left.connect(self.show_list)
        self.editor.renamed.connect(self._on_editor_renamed)
        self.editor.header.menu_wanted.connect(self._pop_editor_menu)
        self.editor.going_live.flow_wanted.connect(self.open)
        desk.verbs.created.connect(self._on_created)
        desk.verbs.created_several.connect(self._on_created_several)
        desk.flows.changed.connect(self._select_created)
        self._telling.flow_wanted.connect(lambda use: self.open(use.id, use.node))
        self._telling.numbers_wanted.connect(self._on_numbers_wanted)
        desk.project_changed.connect(self.show_list)
        desk.permissions.changed.connect(self._offer_commands)
        desk.permissions.changed.connect(self.list.show_permissions)
        for name in self.actions_of_list.names:
            self.list.toolbar.add(self.actions_of_list.action(name))
        layout = self._settings.now.tables.get(self.id)
        if layout:
            self.list.table.restore_layout(layout)

    def _verbs(self) -> tuple[ListVerb[FlowRow], ...]:
        return (
            verbs.open_one(self._open_selected),
            verbs.rename(self.list.rename_selected, "F2"),
            verbs.duplicate(self._duplicate_selected, "Ctrl+D"),
            verbs.assign(self._assign_selected),
            verbs.export(self._export_selected),
            verbs.archive(self._archive_selected, QKeySequence.StandardKey.Delete),
            verbs.restore(self._restore_selected),
        )

    def _verbs_of_open(self) -> tuple[ListVerb[FlowRow], ...]:
        return (
            verbs.rename(self.editor.header.name.edit),
            verbs.duplicate(self._duplicate_open),
            verbs.assign(self._assign_open),
            verbs.export(self._export_open),
            verbs.archive(self._archive_open),
        )

    def _offer_commands(self) -> None:
        """List the page's verbs in the palette, as this user may use them now."""
        self._forget_commands()
        self._forget_commands = self._commands.add(*self._commands_of_page())

    def _commands_of_page(self) -> tuple[Command, ...]:
        editor, come = self.editor, self._come
        publish, edit = Verb.FLOW_PUBLISH, Verb.FLOW_EDIT
        return (
            self._command("new", "plus", lambda: come(self.start_new), edit),
            self._command("import", "download-simple", lambda: come(self.start_import), edit),
            self._command("publish", "broadcast", editor.publish, publish, self._has_open),
            self._command(
                "versions",
                "clock-counter-clockwise",
                editor.toggle_versions,
                Verb.FLOW_READ,
                self._has_open,
            ),
            self._command(
                "compare",
                "arrows-left-right",
                editor.compare_with_live,
                Verb.FLOW_READ,
                lambda: editor.can_compare,
            ),
            self._command(
                "discard", "arrow-u-up-left", editor.discard_draft, edit, lambda: editor.can_discard
            ),
        )

    def _command(
        self,
        name: str,
        icon: str,
        run: Callable[[], object],
        verb: Verb,
        suits: Callable[[], bool] = lambda: True,
    ) -> Command:
        permissions = self._desk.permissions
        return Command(
            id=f"flows.{name}",
            text_key=f"flows.command.{name}",
            run=run,
            is_enabled=lambda: permissions.allows(verb) and suits(),
            reason_key=permissions.why_not(verb) or f"flows.command.{name}.reason",
            icon=icon,
        )

    def _has_open(self) -> bool:
        return self.editor.work is not None

    def _flows_to_open(self) -> list[Command]:
        """Every flow by its name, for the palette."""
        return [
            self._command_to_open(row.id, row.name)
            for row in self._desk.flows.rows
            if not row.is_archived
        ]

    def _command_to_open(self, flow_id: str, name: str) -> Command:
        return Command(
            id=f"flows.open.{flow_id}",
            text_key="flows.command.open",
            title=name,
            group_key="flows.page.title",
            run=lambda: self._come(lambda: self.open(flow_id)),
            icon="tree-structure",
        )

    def _come(self, then: Callable[[], object]) -> None:
        """Bring this page into view, then do it."""
        self.view_requested.emit()
        then()

    def _show(self, view: QWidget) -> None:
        self._stack.setCurrentWidget(view)
        if view is self.list:
            self.actions_of_list.offer()
        else:
            self.actions_of_list.withdraw()

    def _open_here(self, flow_id: str, node: str | None) -> None:
        self._show(self.editor)
        self.editor.open(flow_id, node=node)
        self.editor.notices.planned.show_object(flow_id)

    def _strip_in_view(self) -> Strip:
        is_editing = self._stack.currentWidget() is self.editor
        return self.editor.notices.told if is_editing else self.list.strip

    def _open_selected(self) -> None:
        for row in self.list.selected_rows[:1]:
            self.open(row.id)

    def _duplicate_selected(self) -> None:
        for row in self.list.selected_rows[:1]:
            self._duplicate(row)

    def _duplicate(self, row: FlowRow) -> None:
        taken = frozenset(each.name for each in self._desk.flows.rows)
        copied = self._look.language.text("flows.copy-of", name=row.name)
        self._desk.verbs.duplicate(row.id, free_name(copied, taken))

    def _assign_selected(self) -> None:
        for row in self.list.selected_rows[:1]:
            self.assigning.begin(row)

    def _on_numbers_wanted(self, flow_id: str) -> None:
        row = self._desk.flows.row(flow_id)
        if row is not None:
            self.assigning.begin(row)

    def _export_selected(self) -> None:
        for row in self.list.selected_rows[:1]:
            self.exporting.choose(row)

    def _archive_selected(self) -> None:
        self._desk.verbs.archive(row.id for row in self.list.selected_rows)

    def _restore_selected(self) -> None:
        self._desk.verbs.restore(row.id for row in self.list.selected_rows)

    @property
    def _open_row(self) -> FlowRow | None:
        work = self.editor.work
        return self._desk.flows.row(work.flow.id) if work is not None else None

    def _duplicate_open(self) -> None:
        if self._open_row is not None:
            self._duplicate(self._open_row)

    def _assign_open(self) -> None:
        if self._open_row is not None:
            self.assigning.begin(self._open_row)

    def _export_open(self) -> None:
        if self._open_row is not None:
            self.exporting.choose(self._open_row)

    def _archive_open(self) -> None:
        row = self._open_row
        if row is not None:
            self.show_list()
            self._desk.verbs.archive([row.id])

    def _pop_editor_menu(self, at: QPoint) -> None:
        if self._open_row is not None:
            self._actions_of_open.show_for((self._open_row,))
            self._actions_of_open.menu().popup(at)

    def _on_created(self, flow_id: str) -> None:
        """A copy made in the list is selected there; whatever else is new is opened."""
        if self._stack.currentWidget() is self.list:
            self._created = flow_id
        else:
            self.open(flow_id)

    def _select_created(self) -> None:
        if self._created and self._desk.flows.row(self._created) is not None:
            self.list.select(self._created)
            self._created = ""

    def _on_chosen(self, new: NewFlow) -> None:
        self._desk.verbs.create(self._desk.project_id, new.name, new.draft)

    def _on_import_accepted(self, previews: tuple[Preview, ...]) -> None:
        used = {new.id: new for each in previews for new in each.schedules}
        flows = (each.new for each in previews)
        self._desk.verbs.create_several(self._desk.project_id, flows, used=used.values())

    def _on_created_several(self, flows: tuple[New, ...]) -> None:
        """One is opened; several are told of in the list."""
        if len(flows) == 1:
            self.open(flows[0].id)
            return
        self.show_list()
        self._created = flows[0].id
        self._telling.say_imported(tuple(each.name for each in flows))

    def _on_rename_requested(self, renaming: Renaming) -> None:
        self._desk.verbs.rename(renaming.object_id, renaming.name)

    def _on_editor_renamed(self, name: str) -> None:
        if self.editor.work is not None:
            seen = self.editor.header.name.began
            self.editor.work.flow.set_field("name", name, seen=seen)

    def _pop_menu(self, at: QPoint) -> None:
        self.actions_of_list.menu().popup(at)

    def _keep_layout(self, layout: str) -> None:
        self._settings.set("tables", {**self._settings.now.tables, self.id: layout})
