"""The real service as a child process, whose clock is the machine's plus an offset.

``python -m tests.fakes.service_process <data_dir> <port> <offset_seconds>`` is its entry point: the
product itself has no switch for its clock.
"""

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from cx_desktop.ports import RandomIds
from cx_desktop.service.config import ServiceConfig
from cx_desktop.service.demo import DemoAccount, accounts_of, seed
from cx_desktop.service.server import Server
from cx_desktop.service.service import Service
from cx_desktop.service.sessions.codes import code_at, step_of
from cx_desktop.settings import resources


class OffsetClock:
    """The machine's clock, moved by an offset."""

    def __init__(self, offset: timedelta) -> None:
        self._offset = offset
        self._start = datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def monotonic(self) -> float:
        return (datetime.now(UTC) - self._start).total_seconds()


class _Told(msgspec.Struct):
    url: str
    accounts: tuple[DemoAccount, ...]


class ServiceProcess:
    """Use it with ``with``. ``kill`` is SIGKILL; ``start`` again keeps port and data."""

    def __init__(self, data_dir: Path, *, offset: timedelta = timedelta(0)) -> None:
        self.data_dir = data_dir
        self.clock = OffsetClock(offset)
        self.url = ""
        self.accounts: tuple[DemoAccount, ...] = ()
        self._offset = offset
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def account(self, role: str) -> DemoAccount:
        return next(each for each in self.accounts if each.role == role)

    def code(self, username: str, *, steps: int = 0) -> str:
        """The six digits that the user's authenticator shows now, or some steps later."""
        secret = next(each.totp_secret for each in self.accounts if each.username == username)
        return code_at(secret or "", step_of(self.clock.now()) + steps)

    def start(self) -> None:
        port = self.url.rsplit(":", 1)[-1] or "0"
        words = [str(self.data_dir), port, str(self._offset.total_seconds())]
        self._process = subprocess.Popen(  # noqa: S603  (our own module)
            [sys.executable, "-m", "tests.fakes.service_process", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parent.parent.parent,
        )
        assert self._process.stdout is not None
        told = msgspec.json.decode(self._process.stdout.readline(), type=_Told)
        self.url, self.accounts = told.url, told.accounts

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        process.wait(15)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.stdout.close()

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


def main(data_dir: str, port: str, offset: str) -> None:
    clock = OffsetClock(timedelta(seconds=float(offset)))
    config = ServiceConfig(
        data_dir=Path(data_dir),
        clock=clock,
        ids=RandomIds(clock),
        name="Maison Lumen",
        is_demo=True,
    )
    service = Service(config)
    folder = resources() / "demo"
    accounts = accounts_of(service, folder) or seed(service, folder, "fr")
    server = Server(service, port=int(port))
    told = msgspec.json.encode(_Told(url=server.url, accounts=accounts))
    sys.stdout.buffer.write(told + b"\n")
    sys.stdout.flush()
    server.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
