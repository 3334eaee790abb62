"""``cx-desktop backup``: the service in one verified file, while it runs.

Exit codes: 0 done, 1 it could not be done, 2 bad usage.
"""

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
from cx_desktop.ports import SystemClock
from cx_desktop.service.backup import back_up

_FAILED = 1
_WHOLE = 100

app = typer.Typer(
    name="backup",
    help=HELP.text("backup.help"),
    add_completion=False,
    pretty_exceptions_enable=False,
)


class BackupReport(Struct, frozen=True):
    """What was backed up."""

    file: str
    at: datetime
    epoch: str
    seq: int
    rows: int
    files: int
    bytes: int


@app.command(help=HELP.text("backup.help"))
def backup(
    *,
    data_dir: Annotated[Path, typer.Option(help=HELP.text("backup.data-dir"))],
    to: Annotated[Path, typer.Option("--to", help=HELP.text("backup.to"))],
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Back up the service."""
    texts = catalogue(language)
    shown = -1

    def progress(done: int, total: int) -> None:
        nonlocal shown
        percent = done * _WHOLE // max(1, total)
        if percent > shown:
            shown = percent
            say(texts.text("backup.progress", percent=percent), sys.stderr)

    with faults_told(texts, as_json=as_json, code=_FAILED):
        made = back_up(
            data_dir,
            to,
            now=SystemClock().now(),
            on_progress=(lambda _done, _total: None) if as_json else progress,
        )
    report = BackupReport(
        file=str(to),
        at=made.at,
        epoch=made.epoch,
        seq=made.seq,
        rows=sum(made.rows.values()),
        files=len(made.blobs),
        bytes=to.stat().st_size,
    )
    if as_json:
        print_json(report)
        return
    said = texts.text("backup.done", file=str(to), rows=report.rows, files=report.files)
    say(said, sys.stdout)
