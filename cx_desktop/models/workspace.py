"""What is open after signing in: the user's cache, the engine that syncs it, and the projects."""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cx_desktop.domain.errors import CXError
from cx_desktop.models.sync_status import SyncStatusModel
from cx_desktop.ports import Clock, Ids
from cx_desktop.tasks import Tasks

if TYPE_CHECKING:
    from cx_desktop.auth.opened import Opened
    from cx_desktop.cache import Cache, Changed, Row
    from cx_desktop.client.service import ServiceClient
    from cx_desktop.protocol import Capabilities, User
    from cx_desktop.sync import Engine


class Project(NamedTuple):
    """A project as the switcher and the pages see it."""

    id: str
    name: str
    organisation: str
    features: tuple[str, ...]
    time_zone: str
    state: str


class Opening(NamedTuple):
    """A cache that was opened off the GUI thread, whose it is, and what names its new rows."""

    opened: "Opened"
    cache: "Cache"
    ids: Ids


class Workspace(QObject):
    """One user's open work. Everything in it is dropped when the screen is locked."""

    projects_changed = Signal(object)  # tuple[Project, ...]
    project_changed = Signal(object)  # Project | None
    capabilities_changed = Signal(object)  # Capabilities
    _config_changed = Signal()

    def __init__(
        self,
        opening: Opening,
        *,
        engine: "Engine",
        sync_status: SyncStatusModel,
        tasks: Tasks,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.opened, self.cache, self.ids = opening
        self.engine = engine
        self.sync_status = sync_status
        self.tasks = tasks
        self.clock = clock
        self.capabilities: Capabilities | None = None
        self.project: Project | None = None
        self.projects: tuple[Project, ...] = ()
        self._wanted = ""
        self._config_changed.connect(self._read_projects, Qt.ConnectionType.QueuedConnection)
        self._forget = self.cache.subscribe(self._on_cache_changed)
        sync_status.changed.connect(self._on_sync_changed)

    @property
    def client(self) -> "ServiceClient":
        """The service, in this user's name."""
        return self.opened.client

    @property
    def user(self) -> "User":
        """Who is signed in."""
        return self.opened.user

    @property
    def zone(self) -> ZoneInfo:
        """Whose clocks count in the project in view."""
        return ZoneInfo(self.project.time_zone if self.project is not None else "Europe/Paris")

    @property
    def today(self) -> date:
        """The day where the project in view is."""
        return self.clock.now().astimezone(self.zone).date()

    def start(self, *, project_id: str = "") -> None:
        """Show what the cache holds, and begin to sync."""
        self._wanted = project_id
        self._read_projects()
        self.engine.start()

    def select(self, project_id: str) -> None:
        """Work in another project."""
        self._wanted = project_id
        self._settle(self.projects)

    def sync_now(self) -> None:
        """Do not wait for the next turn."""
        self.engine.poke(is_urgent=True)

    def pause_loads(self) -> None:
        """Let long loads wait; also after the next start, until ``resume_loads``."""
        self.tasks.run(self.engine.holds.pause, done=_heard, failed=_ignore)

    def resume_loads(self) -> None:
        """Let long loads go on, on whatever line."""
        self.tasks.run(self.engine.holds.go_on, done=_heard, failed=_ignore)

    def leave(self) -> None:
        """Follow the cache no longer; engine and cache are closed by whoever opened them."""
        self._forget()
        self.sync_status.changed.disconnect(self._on_sync_changed)

    def _on_cache_changed(self, changed: "Changed") -> None:
        if changed.entity_type == "project":
            self._config_changed.emit()

    @Slot()
    def _read_projects(self) -> None:
        self.tasks.run(
            lambda: tuple(_project(row) for row in self.cache.rows("project")),
            done=self._settle,
            failed=_ignore,
        )

    def _settle(self, projects: tuple[Project, ...]) -> None:
        if projects != self.projects:
            self.projects = tuple(sorted(projects, key=lambda each: each.name.casefold()))
            self.projects_changed.emit(self.projects)
        chosen = next((each for each in self.projects if each.id == self._wanted), None)
        if chosen is None and self.projects:
            chosen = min(self.projects, key=lambda each: each.id)  # the oldest: ids tell the time
        if chosen != self.project:
            self.project = chosen
            self.project_changed.emit(chosen)

    def _on_sync_changed(self) -> None:
        if self.sync_status.freshness.is_online and self.capabilities is None:
            self.tasks.run(
                self.client.sessions.capabilities, done=self._on_capabilities, failed=_ignore
            )

    def _on_capabilities(self, capabilities: "Capabilities") -> None:
        self.capabilities = capabilities
        self.capabilities_changed.emit(capabilities)


def _project(row: "Row") -> Project:
    data = row.data
    features = data.get("features")
    return Project(
        id=row.id,
        name=str(data.get("name", "")),
        organisation=str(data.get("organisation", "")),
        features=tuple(map(str, features)) if isinstance(features, list) else (),
        time_zone=str(data.get("time_zone", "Europe/Paris")),
        state=str(data.get("state", "active")),
    )


def _heard(_done: None) -> None:
    """The engine says what comes of it."""


def _ignore(_error: CXError) -> None:
    """It will be asked again with the next sign of life; the status bar tells of the network."""
