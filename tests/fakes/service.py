"""The real service on loopback, seeded with the demo, on a clock that tests move."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

from cx_desktop.ports import Clock, RandomIds
from cx_desktop.protocol import Dialect
from cx_desktop.service.config import PasswordCost, ServiceConfig, SuiteLimits
from cx_desktop.service.demo import DemoAccount, seed
from cx_desktop.service.demo_recordings import seed_recordings
from cx_desktop.service.server import Server, Tls
from cx_desktop.service.service import Service
from cx_desktop.service.sessions.codes import code_at, step_of
from cx_desktop.settings import resources
from tests.fakes.clock import FakeClock


@cache
def _seeded(language: str) -> tuple[Path, tuple[DemoAccount, ...]]:
    """A data folder seeded once per test run, to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="cx-seeded-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    service = Service(_config(folder, FakeClock(), is_demo=True))
    accounts = seed(service, resources() / "demo", language)
    service.close()
    return folder, accounts


def _config(
    data_dir: Path,
    clock: Clock,
    *,
    is_demo: bool,
    suite_limits: SuiteLimits | None = None,
    dialect: Dialect | None = None,
    on_request: frozenset[str] = frozenset(),
) -> ServiceConfig:
    return ServiceConfig(
        data_dir=data_dir,
        clock=clock,
        ids=RandomIds(clock),
        name="Maison Lumen",
        is_demo=is_demo,
        password_cost=PasswordCost(kibibytes=64, passes=1, lanes=1),
        suite_limits=suite_limits or SuiteLimits(),
        dialect=dialect or Dialect(),
        on_request=on_request,
    )


class RunningService:
    """Use it with ``with``. ``stop`` and ``start`` again keep the port, the data and the clock."""

    def __init__(
        self,
        data_dir: Path | None = None,
        *,
        clock: FakeClock | None = None,
        language: str = "fr",
        is_demo: bool = True,
        tls: Tls | None = None,
        port: int = 0,
        suite_limits: SuiteLimits | None = None,
    ) -> None:
        self.data_dir = data_dir or Path(tempfile.mkdtemp(prefix="cx-service-"))
        self._is_own_folder = data_dir is None
        self.clock = clock or FakeClock()
        self.accounts: tuple[DemoAccount, ...] = ()
        self.secrets: dict[str, str] = {}
        """TOTP secrets by user name; add here what a test enrolled."""
        self.service: Service | None = None
        """The open service behind the socket, for looking at its store."""
        self._language = language
        self._is_demo = is_demo
        self._tls = tls
        self._port = port
        self._suite_limits = suite_limits
        self.on_request: frozenset[str] = frozenset()
        """Verbs that the provider keeps to itself; of when it is started next."""
        self.dialect = Dialect()
        """What it speaks when it is started next."""
        self._server: Server | None = None
        self._thread: Thread | None = None

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}"

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
        if not self.accounts:
            self._fill()
        service = self.service = Service(
            _config(
                self.data_dir,
                self.clock,
                is_demo=self._is_demo,
                suite_limits=self._suite_limits,
                dialect=self.dialect,
                on_request=self.on_request,
            )
        )
        self._server = Server(service, port=self._port, tls=self._tls)
        self._port = self._server.port
        self._thread = Thread(target=self._server.run, name="service", daemon=True)
        self._thread.start()

    def _fill(self) -> None:
        folder, self.accounts = _seeded(self._language)
        shutil.copytree(folder, self.data_dir, dirs_exist_ok=True)
        self.secrets |= {
            each.username: each.totp_secret for each in self.accounts if each.totp_secret
        }

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.stop()
            self._thread.join(15)
            assert not self._thread.is_alive(), "the service did not stop"
        self._server = self._thread = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        if self._is_own_folder:
            shutil.rmtree(self.data_dir)


@contextmanager
def recorded(count: int) -> Iterator[RunningService]:
    """A service with the metadata of so many recordings beside the demo."""
    with RunningService() as running:
        assert running.service is not None
        seed_recordings(running.service, count)
        yield running
