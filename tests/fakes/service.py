"""The real service on loopback, seeded with the demo, on a clock that tests move."""

import tempfile
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

from cx_desktop.ports import RandomIds
from cx_desktop.service.config import ServiceConfig
from cx_desktop.service.demo import DemoAccount, seed
from cx_desktop.service.server import Server
from cx_desktop.service.service import Service
from cx_desktop.service.sessions.codes import code_at, step_of
from cx_desktop.settings import resources
from tests.fakes.clock import FakeClock


class RunningService:
    """Use it with ``with``. ``stop`` and ``start`` again keep the port, the data and the clock."""

    def __init__(
        self,
        data_dir: Path | None = None,
        *,
        clock: FakeClock | None = None,
        language: str = "fr",
        is_demo: bool = True,
    ) -> None:
        self._folder = tempfile.TemporaryDirectory() if data_dir is None else None
        self.data_dir = data_dir or Path(self._folder.name if self._folder else "")
        self.clock = clock or FakeClock()
        self.accounts: tuple[DemoAccount, ...] = ()
        self.secrets: dict[str, str] = {}
        """TOTP secrets by user name; add here what a test enrolled."""
        self._language = language
        self._is_demo = is_demo
        self._port = 0
        self._server: Server | None = None
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def is_running(self) -> bool:
        return self._server is not None

    def account(self, role: str) -> DemoAccount:
        """The first account of a role."""
        return next(each for each in self.accounts if each.role == role)

    def code(self, username: str, *, steps: int = 0) -> str:
        """The six digits that the user's authenticator shows now, or some steps later."""
        return code_at(self.secrets[username], step_of(self.clock.now()) + steps)

    def start(self) -> None:
        config = ServiceConfig(
            data_dir=self.data_dir,
            clock=self.clock,
            ids=RandomIds(self.clock),
            name="Maison Lumen",
            is_demo=self._is_demo,
        )
        service = Service(config)
        if not self.accounts:
            self.accounts = seed(service, resources() / "demo", self._language)
            self.secrets |= {
                each.username: each.totp_secret for each in self.accounts if each.totp_secret
            }
        self._server = Server(service, port=self._port)
        self._port = self._server.port
        self._thread = Thread(target=self._server.run, name="service", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.stop()
            self._thread.join(15)
            assert not self._thread.is_alive(), "the service did not stop"
        self._server = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        if self._folder is not None:
            self._folder.cleanup()
