"""A person at a computer with everything behind the window: gate, cache, engine, workspace."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import NoReturn

import httpx
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from cx_desktop.auth.gate import Gate
from cx_desktop.auth.profile import Profiles
from cx_desktop.auth.vault import Cost
from cx_desktop.cache import Cache
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.domain.errors import CXError
from cx_desktop.models.language import Language
from cx_desktop.models.sync_status import SyncStatusModel
from cx_desktop.models.theme import Theme
from cx_desktop.models.workspace import Opening, Workspace
from cx_desktop.ports import RandomIds
from cx_desktop.settings import AppSettings, resources
from cx_desktop.sync import Engine
from cx_desktop.tasks import Tasks
from cx_desktop.text import Language as Tongue
from cx_desktop.views.widgets.icons import Icons
from cx_desktop.views.widgets.look import Look
from tests.fakes.credentials import MemoryCredentials
from tests.fakes.service import RunningService

#: The project that the demo shows most of.
LUMEN = "Maison Lumen"

CHEAP = Cost(memory_kib=8, passes=1)


class Seat:
    """Signed in for real; ``workspace`` has not begun to sync by itself."""

    def __init__(self, folder: Path, service: RunningService, role: str = "administrator") -> None:
        self.service = service
        account = service.account(role)
        self._http = build_http(service.url, loopback_only=True)
        self._gate = Gate(
            profiles=Profiles(folder),
            credentials=MemoryCredentials(),
            clock=service.clock,
            connect=lambda _server: ServiceClient(self._http),
            cost=CHEAP,
        )
        self.username = account.username
        self._gate.begin(service.url, account.username, account.password)
        service.clock.advance(timedelta(seconds=30))  # each code counts once
        self.opened = self._gate.verify(code=service.code(account.username))
        self.tasks = Tasks()
        ids = RandomIds(service.clock)
        self.cache = Cache.open(
            folder / "cache", self.opened.cache_key, clock=service.clock, ids=ids
        )
        status = SyncStatusModel()
        self.engine = Engine(
            cache=self.cache,
            client=self.opened.client,
            device_id=self.opened.device_id,
            clock=service.clock,
            random=Random(1),  # noqa: S311  (repeatable pauses, not secrets)
            on_status=status.hear,
        )
        self.workspace = Workspace(
            Opening(self.opened, self.cache, ids),
            engine=self.engine,
            sync_status=status,
            tasks=self.tasks,
            clock=service.clock,
        )
        status.setParent(self.workspace)

    def start(self) -> None:
        """Fetch all there is, then read the projects and go on syncing."""
        self.engine.sync_once()
        self.workspace.start()

    def begin(self, until: Callable[[Callable[[], bool]], None], name: str = LUMEN) -> None:
        """Start, with a project in view; ``until`` waits for something to become true."""
        self.start()
        until(lambda: any(each.name == name for each in self.workspace.projects))
        self.workspace.select(next(e.id for e in self.workspace.projects if e.name == name))

    @contextmanager
    def unplugged(self) -> Iterator[None]:
        """Meanwhile nothing of the service is heard here: hints are, but nobody can follow them."""
        self._http.event_hooks = {"request": [_not_sent]}
        with suppress(CXError):
            self.engine.sync_once()  # what was under way has come to its end
        try:
            yield
        finally:
            self._http.event_hooks = {}

    def close(self) -> None:
        """Leave; what was being written is finished."""
        self.workspace.leave()
        self.tasks.close()
        self.engine.stop()
        self.cache.close()
        self.workspace.deleteLater()  # with everything that still wanted to tell it something
        self._gate.lock(self.opened)


def _not_sent(request: httpx.Request) -> NoReturn:
    raise httpx.ConnectError("the cable is out", request=request)


def look(application: QApplication, tongue: Tongue = Tongue.FRENCH) -> Look:
    """Words, colours and icons as the program has them; the style sheet is put on."""
    language = Language(resources() / "text", tongue)
    theme = Theme(QGuiApplication.styleHints(), resources() / "theme.qss", AppSettings())
    application.setStyle("Fusion")
    application.setFont(theme.font(application.font()))
    application.setPalette(theme.palette())
    application.setStyleSheet(theme.style_sheet())
    icons = Icons(theme)
    icons.load()
    return Look(language, theme, icons)
