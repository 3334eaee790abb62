"""« Modifications à envoyer » among the other pages: when it is listed, and where edits lead."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject

from cx_desktop.domain.objects import Target
from cx_desktop.models.commands import Command
from cx_desktop.models.outbox.entries import Entry
from cx_desktop.models.outbox.kept import Keeping, KeptRow
from cx_desktop.models.outbox.outbox import Outbox
from cx_desktop.models.workspace import Workspace
from cx_desktop.views.outbox.page import OutboxPage
from cx_desktop.views.shell.shell import Shell
from cx_desktop.views.widgets.look import Look


@runtime_checkable
class Settles(Protocol):
    """A page on which both versions of an object can be seen."""

    def settle(self) -> None:
        """Show both versions of the object that is open, or about to be."""


class Outgoing(QObject):
    """Lists the page while something waits, or it is in view."""

    def __init__(
        self,
        look: Look,
        workspace: Workspace,
        shell: Shell,
        *,
        open_flow: Callable[[str, str | None], object],
        open_subject: Callable[[Target], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._shell = shell
        self._open_flow = open_flow
        self._open_subject = open_subject
        self.outbox = Outbox(workspace, parent=self)
        self.keeping = Keeping(workspace, parent=self)
        self.page = OutboxPage(look, self.outbox, self.keeping, now=workspace.clock.now)
        shell.add_page(self.page)
        self.page.entry_wanted.connect(self._open)
        self.page.settling_wanted.connect(self._settle)
        self.page.kept.opened.connect(self._open_kept)
        self.keeping.changed.connect(self._list_page)
        self.page.left.connect(self._list_page)
        workspace.sync_status.changed.connect(self._list_page)
        self._list_page()

    @property
    def has_news(self) -> bool:
        """Whether something waits, as far as the status bar knows."""
        freshness = self._workspace.sync_status.freshness
        return bool(freshness.unsent or freshness.conflicts)

    def commands(self) -> tuple[Command, ...]:
        """The verb that leads here, and those that hold a large load and let it go on."""
        workspace = self._workspace
        return (
            Command(id="outbox.show", text_key="outbox.title", run=self.show, icon=self.page.icon),
            Command(
                id="load.pause",
                text_key="load.pause",
                run=workspace.pause_loads,
                icon="pause",
                is_enabled=lambda: self._has_load(is_held=False),
                reason_key="load.nothing-to-pause",
            ),
            Command(
                id="load.go-on",
                text_key="load.go-on",
                run=workspace.resume_loads,
                icon="play",
                is_enabled=lambda: self._has_load(is_held=True),
                reason_key="load.nothing-held",
            ),
        )

    def _has_load(self, *, is_held: bool) -> bool:
        load = self._workspace.sync_status.freshness.load
        return load is not None and load.is_held is is_held

    def show(self) -> None:
        """Bring the page into view."""
        self._shell.go(self.page.id)
        self._list_page()

    def close(self) -> None:
        """The window is about to go."""
        self._workspace.sync_status.changed.disconnect(self._list_page)
        self.page.left.disconnect(self._list_page)

    def _open(self, entry: Entry) -> None:
        """Show the object of an edit, whatever project it is in."""
        self._go_to(Target(entry.type, entry.object_id), entry.waiting.project_id, entry.node)

    def _settle(self, entry: Entry) -> None:
        """Show both versions of what is in conflict, where the object is."""
        self._open(entry)
        if isinstance(page := self._shell.page, Settles):
            page.settle()

    def _open_kept(self, row: KeptRow) -> None:
        self._go_to(Target(row.type, row.object_id), row.project_id, None)

    def _go_to(self, target: Target, project: str, node: str | None) -> None:
        current = self._workspace.project
        if project and (current is None or current.id != project):
            self._workspace.select(project)
        if target.type == "flow":
            self._open_flow(target.id, node)
        elif target.type == "number":
            self._shell.go("flows")
        else:
            self._open_subject(target)

    def _list_page(self) -> None:
        kept = self.keeping.kept
        has_recovered = kept is not None and kept.recovered > 0
        is_listed = self.has_news or has_recovered or self._shell.page is self.page
        self._shell.navigation.button(self.page.id).setVisible(is_listed)
