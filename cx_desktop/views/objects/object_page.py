"""A page of objects with a draft: the list, and in its place the one that is open."""

from collections.abc import Callable
from functools import partial
from typing import Generic, NamedTuple, TypeVar

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cx_desktop.domain.access import Verb
from cx_desktop.domain.objects import Target
from cx_desktop.domain.patch import Document
from cx_desktop.models.commands import Command, Commands
from cx_desktop.models.flow_patterns import free_name
from cx_desktop.models.objects.desk import ObjectDesk
from cx_desktop.models.objects.kinds import Shelved
from cx_desktop.models.objects.named_table import Renaming
from cx_desktop.models.objects.plan import Plan
from cx_desktop.models.settings import Settings
from cx_desktop.overrides import override
from cx_desktop.views.objects import object_verbs
from cx_desktop.views.objects.changes import Changes, ChangeWords
from cx_desktop.views.objects.form import ObjectForm
from cx_desktop.views.objects.list_actions import ListActions, ListVerb
from cx_desktop.views.objects.list_view import Dress, ListView
from cx_desktop.views.objects.object_telling import ObjectTelling
from cx_desktop.views.objects.object_view import ObjectView
from cx_desktop.views.objects.planning import Planning
from cx_desktop.views.objects.settle_words import Placed
from cx_desktop.views.objects.waiting import Waiting
from cx_desktop.views.shell.page import Page
from cx_desktop.views.widgets.look import Look

Draft = TypeVar("Draft")


class Own(NamedTuple, Generic[Draft]):
    """What a page of one type of object has of its own."""

    dress: Dress[Shelved[Draft]]
    form: ObjectForm[Draft]
    change_words: ChangeWords
    placed: Placed
    """What a place of a draft is called, and what it holds."""


class ObjectPage(Page, Generic[Draft]):
    """Derived by each type of object, which says what is its own: words, columns, form."""

    view_requested = Signal()  # somebody wants this page in view
    use_wanted = Signal(object)  # Use: somebody wants to see who uses an object
    flow_wanted = Signal(str)  # the id of a flow

    def __init__(
        self,
        look: Look,
        desk: ObjectDesk[Draft],
        own: Own[Draft],
        *,
        commands: Commands,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._desk = desk
        self._dress = dress = own.dress
        self._commands = commands
        self._settings = settings
        self._created = ""
        self._opens_created = False
        self.list: ListView[Shelved[Draft]] = ListView(
            look,
            desk.shelf,
            dress,
            why_not_new=lambda: desk.permissions.why_not(desk.kind.verbs.edit),
        )
        self.view: ObjectView[Draft] = ObjectView(look, desk, own.form, area=dress.area)
        self._change_words = own.change_words
        self.view.settling.placed = own.placed
        self.share_words(self.view.changes)
        self._telling = ObjectTelling(look, desk.shelf, self.list.strip)
        self.waiting = Waiting(look, desk.later, self, lambda: self.list.strip)
        self.actions_of_list = self._actions(self._verbs(), self.list)
        self._actions_of_open = self._actions(self._verbs_of_open(), self.view)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self.stack.addWidget(self.view)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.stack)
        self._connect()
        self._forget_commands: Callable[[], object] = lambda: None
        self._forget_objects = commands.add_source(self._objects_to_open)
        self._offer_commands()

    def share_words(self, changes: Changes) -> None:
        """Tell what changes in the words of every page, and give them those of this one."""
        changes.learn(self._desk.kind.name, self._change_words)
        self.view.changes = changes

    def share_planning(self, planning: Planning) -> None:
        """Say above an object what is planned of it."""
        self.view.notices.planned.follow(planning)

    @property
    def subject(self) -> Target | None:
        """The object that is open, else the one that is chosen in the list."""
        kind, work = self._desk.kind.name, self.view.work
        if self.stack.currentWidget() is self.view and work is not None:
            return Target(kind, work.id)
        return next((Target(kind, row.id) for row in self.list.selected_rows), None)

    def new_draft(self) -> Document:
        """What a new object begins as."""
        return {}

    def open(self, object_id: str) -> None:
        """Open an object."""
        self.show_view(self.view)
        self.view.open(object_id)

    def settle(self) -> None:
        """Show both versions of what is in conflict in the object that is open."""
        self.view.settling.show()

    def show_list(self) -> None:
        """Back to the list, the object that was open selected."""
        was = self.view.work.id if self.view.work is not None else ""
        self.view.close_work()
        self.show_view(self.list)
        if was:
            self.list.select(was)
        if self.isVisible():  # a project may be chosen while another page is in view
            self.list.table.setFocus()

    def start_new(self) -> None:
        """A new object, opened."""
        name = self._look.language.text(f"{self._dress.area}.new-name")
        self._create(name, self.new_draft(), opens=True)

    def show_view(self, view: QWidget) -> None:
        """Bring one of the page's views before the others."""
        self.stack.setCurrentWidget(view)
        self._offer_verbs()

    def command(
        self,
        name: str,
        icon: str,
        run: Callable[[], object],
        verb: Verb,
        suits: Callable[[], bool] = lambda: True,
    ) -> Command:
        """A verb of this page for the palette, with the reason why it cannot be used."""
        permissions, area = self._desk.permissions, self._dress.area
        return Command(
            id=f"{area}.{name}",
            text_key=f"{area}.command.{name}",
            run=run,
            is_enabled=lambda: permissions.allows(verb) and suits(),
            reason_key=permissions.why_not(verb) or f"objects.command.{name}.reason",
            icon=icon,
        )

    def put_above(self, widget: QWidget) -> None:
        """Show something above whatever is shown."""
        self._column.insertWidget(0, widget)

    def commands_of_page(self) -> tuple[Command, ...]:
        """The verbs that the palette lists wherever one is."""
        view, may = self.view, self._desk.kind.verbs
        return (
            self.command("new", "plus", lambda: self.come(self.start_new), may.edit),
            self.command("publish", "broadcast", view.publish, may.publish, self._has_open),
            self.command(
                "versions",
                "clock-counter-clockwise",
                view.toggle_versions,
                Verb.CONFIG_READ,
                self._has_open,
            ),
            self.command(
                "discard",
                "arrow-u-up-left",
                view.discard_draft,
                may.edit,
                lambda: view.can_discard,
            ),
        )

    def come(self, then: Callable[[], object]) -> None:
        """Bring this page into view, then do it."""
        self.view_requested.emit()
        then()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._offer_verbs()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.actions_of_list.withdraw()

    @override
    def close_page(self) -> None:
        self.view.close_work()
        self.actions_of_list.withdraw()
        self._forget_commands()
        self._forget_objects()

    @override
    def activated(self) -> None:
        if self.stack.currentWidget() is self.list:
            self.list.table.setFocus()

    def _connect(self) -> None:
        desk, shelf = self._desk, self._desk.shelf
        self.list.object_opened.connect(self.open)
        self.list.new_requested.connect(self.start_new)
        self.list.rename_requested.connect(self._on_rename_requested)
        self.list.selection_changed.connect(self.actions_of_list.show_for)
        self.list.menu_wanted.connect(lambda at: self.actions_of_list.menu().popup(at))
        self.list.table.layout_changed.connect(self._keep_layout)
        self.view.left.connect(self.show_list)
        self.view.use_wanted.connect(self.use_wanted)
        self.view.published.connect(self._on_published)
        self.view.flow_wanted.connect(self.flow_wanted)
        self.view.head.menu_wanted.connect(self._pop_menu)
        self._telling.use_wanted.connect(self.use_wanted)
        shelf.created.connect(self._on_created)
        shelf.changed.connect(self._select_created)
        desk.project_changed.connect(self.show_list)
        desk.permissions.changed.connect(self._offer_commands)
        desk.permissions.changed.connect(self.list.show_permissions)
        for name in self.actions_of_list.names:
            self.list.toolbar.add(self.actions_of_list.action(name))
        layout = self._settings.now.tables.get(self.id)
        if layout:
            self.list.table.restore_layout(layout)

    def _actions(
        self, verbs: tuple[ListVerb[Shelved[Draft]], ...], owner: QWidget
    ) -> ListActions[Shelved[Draft]]:
        return ListActions(
            self._look,
            verbs,
            area=self._dress.area,
            commands=self._commands,
            permissions=self._desk.permissions,
            owner=owner,
        )

    def _verbs(self) -> tuple[ListVerb[Shelved[Draft]], ...]:
        may = self._desk.kind.verbs
        return (
            ListVerb("open", "arrow-square-out", self._each_selected(self._open_row)),
            object_verbs.rename(self.list.rename_selected, "F2", may.edit),
            object_verbs.duplicate(self._each_selected(self._duplicate), "Ctrl+D", may.edit),
            object_verbs.publish(self._publish_selected, may.publish),
            object_verbs.archive(
                self._each_selected(self._archive), QKeySequence.StandardKey.Delete, may.archive
            ),
            object_verbs.restore(self._each_selected(self._restore), may.archive),
        )

    def _verbs_of_open(self) -> tuple[ListVerb[Shelved[Draft]], ...]:
        may = self._desk.kind.verbs
        return (
            object_verbs.rename(self.view.head.name.edit, verb=may.edit),
            object_verbs.duplicate(self._with_open(self._duplicate), verb=may.edit),
            object_verbs.archive(self._with_open(self._archive_open), verb=may.archive),
        )

    def _each_selected(self, do: Callable[[Shelved[Draft]], object]) -> Callable[[], None]:
        return partial(self._do_with_selected, do)

    def _do_with_selected(self, do: Callable[[Shelved[Draft]], object]) -> None:
        for row in self.list.selected_rows:
            do(row)

    def _publish_selected(self) -> None:
        kind = self._desk.kind.name
        self.view.ask(*(Target(kind, row.id) for row in self.list.selected_rows))

    def _with_open(self, do: Callable[[Shelved[Draft]], object]) -> Callable[[], None]:
        return partial(self._do_with_open, do)

    def _do_with_open(self, do: Callable[[Shelved[Draft]], object]) -> None:
        row = self._row_open
        if row is not None:
            do(row)

    @property
    def _row_open(self) -> Shelved[Draft] | None:
        work = self.view.work
        return self._desk.shelf.row(work.id) if work is not None else None

    def _open_row(self, row: Shelved[Draft]) -> None:
        self.open(row.id)

    def _duplicate(self, row: Shelved[Draft]) -> None:
        name = self._look.language.text("flows.copy-of", name=row.name)
        self._create(name, row.document, opens=self.view.work is not None)

    def _archive(self, row: Shelved[Draft]) -> None:
        self._desk.shelf.archive(row.id)

    def _archive_open(self, row: Shelved[Draft]) -> None:
        self.show_list()
        self._archive(row)

    def _restore(self, row: Shelved[Draft]) -> None:
        self._desk.shelf.restore(row.id)

    def _create(self, name: str, draft: Document, *, opens: bool) -> None:
        taken = frozenset(each.name for each in self._desk.shelf.rows)
        self._opens_created = opens
        self._desk.shelf.create(free_name(name, taken), draft)

    def _on_created(self, object_id: str) -> None:
        """What is new is opened; a copy made in the list is selected there."""
        if self._opens_created:
            self.open(object_id)
        else:
            self._created = object_id
            self._select_created()

    def _on_published(self, plan: Plan) -> None:
        """Told in the list, where nothing is open that tells it."""
        if self.stack.currentWidget() is self.list:
            count = len(plan.going)
            name = ", ".join(each.facts.name for each in plan.going)
            plural = self._look.language.plural
            self.list.strip.say("ok", lambda: plural("objects.published", count, names=name))

    def _select_created(self) -> None:
        if self._created and self._desk.shelf.row(self._created) is not None:
            self.list.select(self._created)
            self._created = ""

    def _on_rename_requested(self, renaming: Renaming) -> None:
        self._desk.shelf.set_field(renaming.object_id, "name", renaming.name)

    def _pop_menu(self, at: QPoint) -> None:
        row = self._row_open
        if row is not None:
            self._actions_of_open.show_for((row,))
            self._actions_of_open.menu().popup(at)

    def _offer_verbs(self) -> None:
        """The palette lists the verbs of the list while the list is in view."""
        if self.isVisible() and self.stack.currentWidget() is self.list:
            self.actions_of_list.offer()
        else:
            self.actions_of_list.withdraw()

    def _offer_commands(self) -> None:
        """List the page's verbs in the palette, as this user may use them now."""
        self._forget_commands()
        self._forget_commands = self._commands.add(*self.commands_of_page())

    def _has_open(self) -> bool:
        return self.view.work is not None

    def _objects_to_open(self) -> list[Command]:
        """Every object by its name, for the palette."""
        return [
            Command(
                id=f"{self._dress.area}.open.{row.id}",
                text_key=f"{self._dress.area}.verb.open.selected",
                title=row.name,
                group_key=self.title_key,
                run=partial(self.come, partial(self.open, row.id)),
                icon=self.icon,
            )
            for row in self._desk.shelf.rows
            if not row.is_archived
        ]

    def _keep_layout(self, layout: str) -> None:
        self._settings.set("tables", {**self._settings.now.tables, self.id: layout})
