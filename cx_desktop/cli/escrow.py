"""``cx-desktop escrow``: what devices sealed before they gave up their data, listed and opened.

It works on the service's own folder, also while the service runs, and takes no secret: the key lies
in that folder. Exit codes: 0 done, 1 it could not be done, 2 bad usage.
"""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

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
from cx_desktop.ports import SystemClock
from cx_desktop.protocol import Op
from cx_desktop.protocol.escrow import Contents, SealedFile, Source
from cx_desktop.service.devices import box

_FAILED = 1

app = typer.Typer(
    name="escrow",
    help=HELP.text("escrow.help"),
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

DataDirOption = Annotated[Path, typer.Option("--data-dir", help=HELP.text("escrow.data-dir"))]


class PackageReport(Struct, frozen=True):
    """One sealed package."""

    id: str
    user: str
    device: str
    act: str
    at: datetime
    bytes: int


class EscrowReport(Struct, frozen=True):
    """The sealed packages of a service."""

    packages: tuple[PackageReport, ...]


class EditReport(Struct, frozen=True):
    """An edit that was never sent, or that the service had not taken."""

    op: Op
    state: str
    object_name: str
    project_id: str


class FileReport(Struct, frozen=True):
    """A file, or the piece of one that this package holds."""

    project_id: str
    sha256: str
    bytes: int
    offset: int
    of: int
    written_to: str


class OpenedReport(Struct, frozen=True):
    """What a package holds."""

    id: str
    source: Source
    part: int
    edits: tuple[EditReport, ...]
    files: tuple[FileReport, ...]


@app.command("list", help=HELP.text("escrow.list.help"))
def list_packages(
    *, data_dir: DataDirOption, as_json: JsonOption = False, language: LanguageOption = None
) -> None:
    """List the sealed packages."""
    texts = catalogue(language)
    with faults_told(texts, as_json=as_json, code=_FAILED):
        found = box.packages(data_dir)
    report = EscrowReport(
        tuple(
            PackageReport(each.id, each.user, each.device, each.act, each.at, each.size)
            for each in found
        )
    )
    if as_json:
        print_json(report)
        return
    for each in report.packages:
        say(f"{each.id}  {each.at:%Y-%m-%d %H:%M} UTC  {each.user}  {each.device}", sys.stdout)
    say(texts.plural("escrow.listed", len(report.packages)), sys.stdout)


@app.command("open", help=HELP.text("escrow.open.help"))
def open_package(
    package: Annotated[str, typer.Argument(metavar="ID", help=HELP.text("escrow.open.id"))],
    *,
    data_dir: DataDirOption,
    files: Annotated[Path | None, typer.Option(help=HELP.text("escrow.open.files"))] = None,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Open one package: its edits as JSON on standard output."""
    texts = catalogue(language)
    with faults_told(texts, as_json=as_json, code=_FAILED):
        contents = box.opened(data_dir, package, SystemClock())
        places = [_written(each, files) for each in contents.files]
    print_json(_report(package, contents, places))


def _report(package: str, contents: Contents, places: list[str]) -> OpenedReport:
    return OpenedReport(
        id=package,
        source=contents.source,
        part=contents.part,
        edits=tuple(
            EditReport(each.op, each.state, each.name, each.project_id) for each in contents.edits
        ),
        files=tuple(
            FileReport(
                project_id=each.project_id,
                sha256=each.sha256,
                bytes=len(each.content),
                offset=each.offset,
                of=each.size,
                written_to=place,
            )
            for each, place in zip(contents.files, places, strict=True)
        ),
    )


def _written(piece: SealedFile, folder: Path | None) -> str:
    """Write a piece to its place in a file named by its digest, which only the owner can read."""
    if folder is None:
        return ""
    name = bytes.fromhex(piece.sha256).hex()  # never a path that a package chose
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.seek(piece.offset)
            file.write(piece.content)
    except OSError as error:
        raise CXError("problem.cannot-write", folder=str(folder)) from error
    return str(path)
