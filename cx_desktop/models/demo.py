"""The demo: the reference service as a child process, its accounts, and their authenticator."""

import sys
from pathlib import Path

import msgspec
import pyotp
from msgspec import Struct
from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from cx_desktop.models.session import CODE_SECONDS
from cx_desktop.ports import Clock

_PATIENCE_MS = 30_000
_RECORDINGS_PER_MS = 5


class DemoAccount(Struct, frozen=True):
    """An account of the demo; its secrets came through the child's pipe and stay in memory."""

    username: str
    password: str
    name: str
    role: str
    totp_secret: str | None = None
    """None for the new colleague, who enrols at the first sign-in."""


class _Announcement(Struct, frozen=True):
    url: str
    accounts: tuple[DemoAccount, ...] = ()


class Demo(QObject):
    """Starts, watches and resets the embedded service.

    The child reads its end of our pipe: when this process ends, however it ends, so does the child.
    """

    ready = Signal(object)  # the service's address
    stopped = Signal(object)  # why, as the child said it last
    ticked = Signal()  # a second passed: codes and countdowns are to be drawn anew

    def __init__(
        self,
        folder: Path,
        *,
        language: str,
        clock: Clock,
        recordings: int = 0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._recordings = recordings
        self._folder = folder
        self._language = language
        self._clock = clock
        self._process: QProcess | None = None
        self._is_ending = False
        self._secret_by_username: dict[str, str] = {}
        self.accounts: tuple[DemoAccount, ...] = ()
        self.url = ""
        self._seconds = QTimer(self, interval=1000)
        self._seconds.timeout.connect(self.ticked)
        self._patience = QTimer(self, interval=_PATIENCE_MS, singleShot=True)
        self._patience.timeout.connect(self._on_patience_lost)

    @property
    def is_running(self) -> bool:
        """Whether the service answers, as far as known."""
        return bool(self.url)

    @property
    def is_starting(self) -> bool:
        """Whether it was started and does not answer yet."""
        return self._process is not None and not self.url

    @property
    def pid(self) -> int:
        """The service's process; 0 when there is none."""
        return self._process.processId() if self._process is not None else 0

    @property
    def data_folder(self) -> Path:
        """Where the service keeps its data."""
        return self._folder / "service"

    def start(self) -> None:
        """Start the service; ``ready`` tells when it listens."""
        self._is_ending = False
        self._folder.mkdir(parents=True, exist_ok=True)
        process = QProcess(self)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.SeparateChannels)
        process.readyReadStandardOutput.connect(self._on_output)
        process.readyReadStandardError.connect(process.readAllStandardError)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        words = ["-m", "cx_desktop", "serve", "--demo", "--language", self._language]
        words += ["--data-dir", str(self.data_folder), "--port", str(self._port())]
        words += ["--recordings", str(self._recordings)]
        process.start(sys.executable, words)
        self._patience.start(_PATIENCE_MS + self._recordings // _RECORDINGS_PER_MS)
        self._seconds.start()

    def stop(self) -> None:
        """End the service and wait until it is gone."""
        self._is_ending = True
        self._patience.stop()
        self._seconds.stop()
        process, self._process, self.url = self._process, None, ""
        if process is not None and process.state() != QProcess.ProcessState.NotRunning:
            process.closeWriteChannel()
            if not process.waitForFinished(3000):
                process.kill()
                process.waitForFinished(1000)

    def kill(self) -> None:
        """Show what happens when a service dies."""
        if self._process is not None:
            self._process.kill()

    def learn(self, username: str, secret: str) -> None:
        """An enrolment showed this secret: the demo authenticator scans it too."""
        self._secret_by_username[username] = secret

    def code(self, username: str) -> str:
        """The six digits that the account's authenticator shows now; ``""`` when it has none."""
        secret = self._secret_by_username.get(username)
        return pyotp.TOTP(secret).at(self._clock.now()) if secret else ""

    @property
    def seconds_left(self) -> float:
        """How long these digits stay."""
        return CODE_SECONDS - self._clock.now().timestamp() % CODE_SECONDS

    def _on_output(self) -> None:
        process = self._process
        if process is None or self.url:
            return
        while process.canReadLine():
            line = bytes(process.readLine().data())
            if line.lstrip().startswith(b"{"):
                self._announce(msgspec.json.decode(line, type=_Announcement))
                return

    def _port(self) -> int:
        """The port of last time: a profile belongs to one address."""
        try:
            return int(self._port_file.read_text("ascii"))
        except (OSError, ValueError):
            return 0

    @property
    def _port_file(self) -> Path:
        return self._folder / "port"

    def _announce(self, announcement: _Announcement) -> None:
        self._patience.stop()
        self.url, self.accounts = announcement.url, announcement.accounts
        for account in self.accounts:
            if account.totp_secret:
                self._secret_by_username[account.username] = account.totp_secret
        self._port_file.write_text(self.url.rpartition(":")[2], "ascii")
        self.ready.emit(self.url)

    def _on_finished(self) -> None:
        was_running = self.is_running
        self._process, self.url = None, ""
        if self._is_ending:
            return
        if not was_running and self._port_file.exists():
            self._port_file.unlink()  # taken by somebody else meanwhile
            self.start()
        else:
            self.stopped.emit("")

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and not self._is_ending:
            self.stopped.emit("")

    def _on_patience_lost(self) -> None:
        self.stop()
        self.stopped.emit("")
