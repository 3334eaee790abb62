"""``cx-desktop sync``: an encrypted copy kept equal to the service, without a window.

Progress goes to standard error, a line or, with ``--json``, an object each; at the end the state of
things goes to standard output. SIGTERM and SIGINT end it between two transactions. Exit codes: 0
everything is synced; 2 something waits for a person; 1 it could not be done, or was ended before.
"""

import signal
import sys
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Annotated

import msgspec
import typer
from msgspec import Struct

from cx_desktop.cache import Checked, Repaired
from cx_desktop.cli.headless import OpenProfile, profile_of
from cx_desktop.cli.signing_in import (
    CaFileOption,
    CredentialsOption,
    ServerOption,
    UserOption,
    Who,
)
from cx_desktop.cli.telling import (
    HELP,
    JsonOption,
    LanguageOption,
    catalogue,
    faults_told,
    print_json,
    say,
)
from cx_desktop.domain.errors import CXError
from cx_desktop.sync import SyncStatus
from cx_desktop.text import Catalogue

FAILED, WAITS = 1, 2
#: How often the end is looked for where a wait cannot be interrupted by a signal.
_LOOK = 0.5
_SIGNALS = (signal.SIGTERM, signal.SIGINT)

app = typer.Typer(
    name="sync",
    help=HELP.text("sync-cli.help"),
    add_completion=False,
    pretty_exceptions_enable=False,
)

ProfileOption = Annotated[
    Path, typer.Option("--profile", metavar="DIR", help=HELP.text("sync-cli.help.profile"))
]


class SyncEvent(Struct, frozen=True):
    """One line of progress on standard error, with ``--json``."""

    phase: str
    unsent: int
    conflicts: int
    quarantined: int
    percent: int | None
    """Of a first sync that is under way."""
    problem: str


class RepairEvent(Struct, frozen=True):
    """What a comparison with the service has mended, on standard error, with ``--json``."""

    repaired: tuple[Repaired, ...]
    anew: tuple[str, ...]
    """Streams in which too much differed: they are read anew."""


class SyncReport(Struct, frozen=True):
    """How things stand at the end."""

    server: str
    all_synced: bool
    unsent: int
    conflicts: int
    quarantined: int
    last_complete: datetime | None
    problem: str


Inbox = SimpleQueue[CXError | None]


@app.command(help=HELP.text("sync-cli.help"))
def sync(  # noqa: PLR0913  (each is an option of the command line)
    *,
    profile: ProfileOption,
    watch: Annotated[bool, typer.Option("--watch", help=HELP.text("sync-cli.help.watch"))] = False,
    server: ServerOption = "",
    username: UserOption = "",
    credentials_file: CredentialsOption = None,
    ca_file: CaFileOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Sync a profile once, or until it is ended."""
    texts = catalogue(language)
    who = Who(server, username, credentials_file, ca_file)
    inbox: Inbox = SimpleQueue()
    with (
        faults_told(texts, as_json=as_json, code=FAILED),
        profile_of(profile, who, texts) as place,
        _ended_by_signals(inbox),
    ):
        told = _Progress(place, texts, inbox, as_json=as_json)
        status = _watched(place, told, inbox) if watch else _once(place, told, inbox)
        address = place.opened.client.address
    report = _report(address, status)
    if as_json:
        print_json(report)
    else:
        say(_in_words(status, texts), sys.stdout)
    code = _code(status)
    if code:
        raise typer.Exit(code)


class _Progress:
    """Tells what changes, and when the session is over."""

    def __init__(
        self, place: OpenProfile, texts: Catalogue, inbox: Inbox, *, as_json: bool
    ) -> None:
        self._place = place
        self._texts = texts
        self._inbox = inbox
        self._as_json = as_json
        self._last = ""
        self._is_done = False

    def finish(self) -> None:
        """What follows is the end itself."""
        self._is_done = True

    def __call__(self, status: SyncStatus) -> None:
        """One change of the engine's status, on its thread."""
        line = self._line(status)
        if line != self._last and not self._is_done:
            self._last = line
            say(line, sys.stderr)
            sys.stderr.flush()
        if status.problem is not None and self._place.signed_out is not None:
            self._inbox.put(self._place.signed_out)

    def mended(self, checked: Checked) -> None:
        """A comparison with the service has found something."""
        if self._as_json:
            event = RepairEvent(checked.repaired, checked.anew)
            say(msgspec.json.encode(event).decode(), sys.stderr)
            return
        for each in checked.repaired:
            counts = {name: getattr(each, name) for name in each.__struct_fields__}
            say(self._texts.text("doctor.sync.repaired", **counts), sys.stderr)
        for stream in checked.anew:
            say(self._texts.text("doctor.sync.anew", stream=stream), sys.stderr)

    def _line(self, status: SyncStatus) -> str:
        if not self._as_json:
            return _in_words(status, self._texts)
        event = SyncEvent(
            phase=status.phase,
            unsent=status.unsent,
            conflicts=status.conflicts,
            quarantined=status.quarantined,
            percent=_percent(status),
            problem=_problem(status),
        )
        return msgspec.json.encode(event).decode()


def _once(place: OpenProfile, told: _Progress, inbox: Inbox) -> SyncStatus:
    """One whole cycle, or as much of it as there was time for."""
    engine = place.engine(told)
    engine.each_repair(told.mended)
    pool = ThreadPoolExecutor(1, thread_name_prefix="sync")
    future = pool.submit(engine.sync_once)
    future.add_done_callback(lambda _: inbox.put(None))
    try:
        _wait(inbox)
    finally:
        told.finish()
        engine.stop()
        pool.shutdown(wait=True)
    return _result(future)


def _result(future: Future[SyncStatus]) -> SyncStatus:
    try:
        return future.result()
    except CancelledError:
        raise CXError("problem.signed-out") from None


def _watched(place: OpenProfile, told: _Progress, inbox: Inbox) -> SyncStatus:
    """Keep both sides equal until somebody ends it, or the session is over."""
    engine = place.engine(told)
    engine.each_repair(told.mended)
    engine.start()
    try:
        reason = _wait(inbox)
        status = engine.status
    finally:
        told.finish()
        engine.stop()
    if reason is not None:
        raise reason
    return status


def _wait(inbox: Inbox) -> CXError | None:
    while True:
        try:
            return inbox.get(timeout=_LOOK)
        except Empty:
            continue


@contextmanager
def _ended_by_signals(inbox: Inbox) -> Iterator[None]:
    """SIGTERM and SIGINT ask for the end; nothing is broken off."""

    def end(_number: int, _frame: FrameType | None) -> None:
        inbox.put(None)  # a ``SimpleQueue`` may be written to from a handler

    before = {each: signal.signal(each, end) for each in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _report(server: str, status: SyncStatus) -> SyncReport:
    return SyncReport(
        server=server,
        all_synced=status.is_all_synced,
        unsent=status.unsent,
        conflicts=status.conflicts,
        quarantined=status.quarantined,
        last_complete=status.last_complete_pull,
        problem=_problem(status),
    )


def _code(status: SyncStatus) -> int:
    if status.is_all_synced:
        return 0
    waits = status.is_complete and (status.conflicts or status.quarantined)
    return WAITS if waits and status.problem is None else FAILED


def _problem(status: SyncStatus) -> str:
    return "" if status.problem is None else status.problem.key.removeprefix("problem.")


def _percent(status: SyncStatus) -> int | None:
    done = status.first_sync_progress
    return None if done is None else round(done * 100)


def _in_words(status: SyncStatus, texts: Catalogue) -> str:
    percent = _percent(status)
    if status.is_all_synced:
        parts = [texts.text("sync.all-synced")]
    elif percent is not None:
        parts = [texts.text("sync.first", percent=percent)]
    else:
        parts = [texts.text(_HOW.get(status.phase, "sync.incomplete"))]
    counts = {
        "sync.unsent": status.unsent,
        "sync.conflicts": status.conflicts,
        "sync.quarantined": status.quarantined,
    }
    parts += [texts.plural(key, count) for key, count in counts.items() if count]
    if status.problem is not None:
        parts.append(texts.explain(status.problem)[0])
    return " · ".join(parts)


_HOW = {"offline": "sync.offline", "syncing": "sync.syncing", "stopped": "sync.stopped"}
