"""``cx-desktop restore``: a service as a backup holds it; clients bring back what came later.

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
from cx_desktop.service import backup

_FAILED = 1

app = typer.Typer(
    name="restore",
    help=HELP.text("restore.help"),
    add_completion=False,
    pretty_exceptions_enable=False,
)


class RestoreReport(Struct, frozen=True):
    """What was restored, and where the database lies that was there before."""

    data_dir: str
    at: datetime
    seq: int
    rows: int
    files: int
    put_aside: str


@app.command(help=HELP.text("restore.help"))
def restore(
    *,
    source: Annotated[Path, typer.Option("--from", help=HELP.text("restore.from"))],
    data_dir: Annotated[Path, typer.Option(help=HELP.text("restore.data-dir"))],
    over_newer: Annotated[
        bool, typer.Option("--over-newer", help=HELP.text("restore.over-newer"))
    ] = False,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Restore the service."""
    texts = catalogue(language)
    with faults_told(texts, as_json=as_json, code=_FAILED):
        done = backup.restore(source, data_dir, now=SystemClock().now(), may_lose_newer=over_newer)
    report = RestoreReport(
        data_dir=str(data_dir),
        at=done.manifest.at,
        seq=done.manifest.seq,
        rows=sum(done.manifest.rows.values()),
        files=len(done.manifest.blobs),
        put_aside=str(done.put_aside or ""),
    )
    if as_json:
        print_json(report)
        return
    told = texts.text("restore.done", folder=report.data_dir, at=f"{report.at:%Y-%m-%d %H:%M} UTC")
    say(told, sys.stdout)
    if done.put_aside:
        say(texts.text("restore.put-aside", path=report.put_aside), sys.stdout)
