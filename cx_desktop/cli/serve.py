"""``cx-desktop serve``: the reference service on this machine.

Prints one line of JSON when it listens. With ``--demo`` or ``--child`` it ends when its standard
input closes, which happens whenever its parent ends, however it ends.
"""

import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from threading import Thread, Timer
from typing import Annotated, NoReturn

import msgspec
import platformdirs
import typer

from cx_desktop.ports import RandomIds, SystemClock
from cx_desktop.service.config import ServiceConfig
from cx_desktop.service.demo import DemoAccount, accounts_of, seed
from cx_desktop.service.demo_recordings import MOST_RECORDINGS, seed_policy, seed_recordings
from cx_desktop.service.demo_reviews import seed_reviews
from cx_desktop.service.first_day import prepare
from cx_desktop.service.server import BadTls, PlainHttpRefused, Server, Tls
from cx_desktop.service.service import Service
from cx_desktop.settings import Speech, resources, spoken
from cx_desktop.text import Catalogue, Language

_TEXTS = Catalogue(resources() / "text", Language(spoken(Speech.SYSTEM)))
_BAD_USAGE = 2
#: Longer than requests under way are given to end.
_PATIENCE = 5.0

app = typer.Typer(add_completion=False, help=_TEXTS.text("serve.help"))


@app.command(help=_TEXTS.text("serve.help"))
def serve(  # noqa: PLR0913  (each is an option of the command line)
    *,
    data_dir: Annotated[Path | None, typer.Option(help=_TEXTS.text("serve.data-dir"))] = None,
    host: Annotated[str, typer.Option(help=_TEXTS.text("serve.host"))] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help=_TEXTS.text("serve.port"))] = 0,
    init: Annotated[bool, typer.Option("--init", help=_TEXTS.text("serve.init"))] = False,
    project: Annotated[str, typer.Option(help=_TEXTS.text("serve.project"))] = "",
    tls_cert: Annotated[Path | None, typer.Option(help=_TEXTS.text("serve.tls-cert"))] = None,
    tls_key: Annotated[Path | None, typer.Option(help=_TEXTS.text("serve.tls-key"))] = None,
    demo: Annotated[bool, typer.Option("--demo", help=_TEXTS.text("serve.demo"))] = False,
    child: Annotated[bool, typer.Option("--child", help=_TEXTS.text("serve.child"))] = False,
    language: Annotated[str, typer.Option(help=_TEXTS.text("serve.language"))] = "fr",
    recordings: Annotated[
        int, typer.Option(min=0, max=MOST_RECORDINGS, help=_TEXTS.text("serve.recordings"))
    ] = 0,
) -> None:
    """Run the service."""
    if (tls_cert is None) is not (tls_key is None):
        _refuse("serve.tls-both")
    if language not in tuple(Language):
        _refuse("serve.unknown-language", language=language)
    tls = Tls(tls_cert, tls_key) if tls_cert and tls_key else None
    with ExitStack() as at_end:
        folder = data_dir or _own_folder(at_end, is_demo=demo)
        service = _service(folder, is_demo=demo)
        if init:
            _invite(service, folder, language, project)
            return
        try:
            server = Server(service, host=host, port=port, tls=tls)
        except PlainHttpRefused:
            _refuse("serve.plain-http", host=host)
        except BadTls as error:
            _refuse("serve.bad-tls", why=str(error))
        except OSError as error:
            _refuse("serve.cannot-listen", host=host, port=port, why=error.strerror or "")
        _announce(server, _filled(service, language, recordings) if demo else None)
        if demo or child:
            Thread(target=_end_with_parent, args=[server], name="parent", daemon=True).start()
        server.run()


def _service(folder: Path, *, is_demo: bool) -> Service:
    clock = SystemClock()
    name = _TEXTS.text("serve.demo-name") if is_demo else _TEXTS.text("serve.name")
    config = ServiceConfig(
        data_dir=folder, clock=clock, ids=RandomIds(clock), name=name, is_demo=is_demo
    )
    try:
        return Service(config)
    except PermissionError as error:
        _refuse("serve.bad-keys", why=str(error))


def _own_folder(at_end: ExitStack, *, is_demo: bool) -> Path:
    """The service's own place, or for a demo one that is gone afterwards."""
    if not is_demo:
        return platformdirs.user_data_path("cx-desktop", appauthor=False) / "service"
    temporary = tempfile.TemporaryDirectory(prefix="cx-demo-", ignore_cleanup_errors=True)
    folder: str = at_end.enter_context(temporary)
    return Path(folder)


def _filled(service: Service, language: str, count: int) -> tuple[DemoAccount, ...]:
    """See to it that the demo is there, with so many recordings; its accounts."""
    folder = resources() / "demo"
    accounts = accounts_of(service, folder) or seed(service, folder, language)
    seed_policy(service, language)
    seed_recordings(service, count, language)
    seed_reviews(service, language)
    return accounts


def _announce(server: Server, accounts: tuple[DemoAccount, ...] | None) -> None:
    """Tell who started us where we listen, and in a demo with whom to sign in."""
    told: dict[str, object] = {"url": server.url}
    if accounts is not None:
        told["accounts"] = accounts
    sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
    sys.stdout.flush()


def _invite(service: Service, folder: Path, language: str, project: str) -> None:
    """Write the first administrator's invitation into a file that only the owner can read."""
    words = Catalogue(resources() / "text", Language(language))
    with service.store.write() as txn:
        token = prepare(txn, project.strip() or words.text("serve.first-project"), language)
    service.close()
    if token is None:
        _refuse("serve.already-initialised", folder=str(folder))
    path = folder / "invitation.txt"
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(token + "\n")
    sys.stdout.write(_TEXTS.text("serve.invited", path=str(path)) + "\n")


def _end_with_parent(server: Server) -> None:
    """Wait for the end of standard input; then end, at the latest after a little patience."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    last_resort = Timer(_PATIENCE, os._exit, args=[0])
    last_resort.daemon = True
    last_resort.start()
    server.stop()


def _refuse(key: str, **params: str | int) -> NoReturn:
    sys.stderr.write(_TEXTS.text(key, **params) + "\n")
    raise typer.Exit(_BAD_USAGE)
