"""Who runs a verb on a service: the options that say it, and what is asked at a terminal.

The password and the secret of the codes are never an argument: arguments are seen by everybody on
a computer. They come from a file that its owner alone can read, or are typed and not shown. The
environment may name that file (``CX_DESKTOP_CREDENTIALS``), it never holds what is in it.
"""

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Annotated

import typer
from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.auth.unattended import Account, Asking, KeptDevice, Visit, account_from, visit
from cx_desktop.cli.telling import HELP, say
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http, service_address
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import SystemClock
from cx_desktop.text import Catalogue

CREDENTIALS = "CX_DESKTOP_CREDENTIALS"

ServerOption = Annotated[str, typer.Option("--server", help=HELP.text("project.help.server"))]
UserOption = Annotated[str, typer.Option("--username", help=HELP.text("project.help.username"))]
CredentialsOption = Annotated[
    Path | None, typer.Option("--credentials-file", help=HELP.text("project.help.credentials"))
]
CaFileOption = Annotated[
    Path | None, typer.Option("--ca-file", help=HELP.text("doctor.help.ca-file"))
]
ProjectOption = Annotated[str, typer.Option("--project", help=HELP.text("project.help.project"))]


class Who(Struct, frozen=True):
    """Who asks, and whom, as the options say it."""

    server: str = ""
    username: str = ""
    credentials_file: Path | None = None
    ca_file: Path | None = None


@contextmanager
def signed_in(who: Who, texts: Catalogue) -> Iterator[Visit]:
    """A session for this run; whatever the options leave open is asked."""
    account, kept = whole_account(who, texts)
    http = build_http(account.server, loopback_only=False, ca_file=who.ca_file)
    client = ServiceClient(http)
    asking = asking_at(texts)
    try:
        with visit(account, client, asking=asking, clock=SystemClock(), kept=kept) as found:
            yield found
    finally:
        client.close()


def whole_account(who: Who, texts: Catalogue) -> tuple[Account, KeptDevice | None]:
    """Who signs in where, and the file that keeps this device; what is left open is asked."""
    named = who.credentials_file or os.environ.get(CREDENTIALS) or None
    account = _account(who, Path(named) if named is not None else None)
    kept = KeptDevice(Path(f"{named}.device")) if named is not None else None
    address = service_address(account.server or asked(texts, "project.ask.server"))
    username = account.username or asked(texts, "project.ask.username")
    account = replace(account, server=address, username=username)
    if not account.password:
        account = replace(account, password=asked(texts, "project.ask.password", is_secret=True))
    return account, kept


def asking_at(texts: Catalogue) -> Asking:
    """Codes are asked at the terminal, and waiting is told there."""
    return Asking(
        code=lambda: asked(texts, "project.ask.code"), pause=lambda seconds: _wait(seconds, texts)
    )


def asked(texts: Catalogue, key: str, *, is_secret: bool = False) -> str:
    """What somebody types at the terminal; refused where there is none."""
    if not sys.stdin.isatty():
        raise CXError("problem.credentials-needed", what=texts.text(key), variable=CREDENTIALS)
    question = f"{texts.text(key)} "
    if is_secret:
        return getpass.getpass(question, stream=sys.stderr)
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _account(who: Who, file: Path | None) -> Account:
    found = account_from(file) if file is not None else Account()
    if who.server and found.server and service_address(who.server) != service_address(found.server):
        raise CXError("problem.credentials-elsewhere", server=found.server)
    return replace(
        found, server=who.server or found.server, username=who.username or found.username
    )


def _wait(seconds: float, texts: Catalogue) -> None:
    say(texts.text("project.waiting", count=round(seconds)), sys.stderr)
    Event().wait(seconds)
