"""``cx-desktop doctor``: what this computer lacks, and what to do about it.

Exit codes: 0 all well, 1 a warning or a fault, 2 bad usage.
"""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from msgspec import Struct

from cx_desktop.cli.probes import Check, State, local_checks, network_checks
from cx_desktop.cli.signing_in import Who
from cx_desktop.cli.telling import faults_told
from cx_desktop.client.transport import service_address
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import SystemClock
from cx_desktop.settings import Folders, Speech, resources, spoken
from cx_desktop.text import Catalogue, Language

_FOUND, _BAD_USAGE = 1, 2
_TEXTS = Catalogue(resources() / "text", Language(spoken(Speech.SYSTEM)))

app = typer.Typer(
    name="doctor",
    help=_TEXTS.text("doctor.help"),
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Line(Struct, frozen=True):
    """One check as ``--json`` prints it."""

    name: str
    state: State
    message: str
    hint: str


class Report(Struct, frozen=True):
    """What ``--json`` prints."""

    state: State
    server: str | None
    checks: tuple[Line, ...]


@app.command(help=_TEXTS.text("doctor.help"))
def doctor(  # noqa: PLR0913  (each is an option of the command line)
    *,
    sync: Annotated[bool, typer.Option("--sync", help=_TEXTS.text("doctor.help.sync"))] = False,
    profile: Annotated[
        Path | None,
        typer.Option("--profile", metavar="DIR", help=_TEXTS.text("doctor.help.profile")),
    ] = None,
    repair: Annotated[
        bool, typer.Option("--repair", help=_TEXTS.text("doctor.help.repair"))
    ] = False,
    username: Annotated[str, typer.Option(help=_TEXTS.text("project.help.username"))] = "",
    credentials_file: Annotated[
        Path | None, typer.Option(help=_TEXTS.text("project.help.credentials"))
    ] = None,
    server: Annotated[str, typer.Option(help=_TEXTS.text("doctor.help.server"))] = "",
    ca_file: Annotated[Path | None, typer.Option(help=_TEXTS.text("doctor.help.ca-file"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_TEXTS.text("doctor.help.json"))] = False,
    language: Annotated[
        Language | None, typer.Option(help=_TEXTS.text("doctor.help.language"))
    ] = None,
) -> None:
    """Look at everything and say how it is."""
    texts = _TEXTS if language is None else Catalogue(resources() / "text", language)
    try:
        address = service_address(server) if server else ""
    except CXError as error:
        sys.stderr.write("\n".join(texts.explain(error)) + "\n")
        raise typer.Exit(_BAD_USAGE) from error
    if sync:
        who = Who(server, username, credentials_file, ca_file)
        checks = _of_copy(profile, who, texts, is_repair=repair, as_json=as_json)
    else:
        checks = local_checks()
        if address:
            checks += network_checks(address, ca_file=ca_file, clock=SystemClock())
    report = _report(checks, address, texts)
    sys.stdout.write(_json(report) if as_json else _page(report, texts, is_copy=sync))
    if report.state is not State.OK:
        raise typer.Exit(_FOUND)


def _of_copy(
    folder: Path | None, who: Who, texts: Catalogue, *, is_repair: bool, as_json: bool
) -> tuple[Check, ...]:
    """What there is to say of a profile's copy, by comparison with the service."""
    from cx_desktop.cli.headless import profile_of
    from cx_desktop.cli.sync_probes import sync_checks

    if folder is None:
        folder, who = _the_only_one(who, texts)
    with (
        faults_told(texts, as_json=as_json, code=_FOUND),
        profile_of(folder, who, texts) as place,
    ):
        return sync_checks(place, is_repair=is_repair)


def _the_only_one(who: Who, texts: Catalogue) -> tuple[Path, Who]:
    """The profile that need not be named, for there is no other one of this account."""
    from cx_desktop.auth.profile import Profiles

    profiles = Profiles(Folders.of_this_user().profiles)
    known = [
        each
        for each in profiles.known()
        if who.username in ("", each.username) and who.server in ("", each.server)
    ]
    if len(known) != 1:
        sys.stderr.write(texts.text("doctor.sync.no-profile", count=len(known)) + "\n")
        raise typer.Exit(_BAD_USAGE)
    (only,) = known
    named = msgspec.structs.replace(who, server=only.server, username=only.username)
    return profiles.for_user(only.server, only.username).folder, named


def _report(checks: tuple[Check, ...], address: str, texts: Catalogue) -> Report:
    states = {check.state for check in checks}
    worst = next((each for each in (State.FAIL, State.WARN) if each in states), State.OK)
    return Report(
        state=worst,
        server=address or None,
        checks=tuple(
            Line(
                name=check.name,
                state=check.state,
                message=texts.text(check.says, **check.params),
                hint=texts.text(check.hint, **check.params) if check.hint else "",
            )
            for check in checks
        ),
    )


def _json(report: Report) -> str:
    return msgspec.json.encode(report).decode() + "\n"


def _page(report: Report, texts: Catalogue, *, is_copy: bool) -> str:
    marks = {state: texts.text(f"doctor.state.{state}") for state in State}
    width = max(len(mark) for mark in marks.values())
    lines = []
    for line in report.checks:
        lines.append(f"{marks[line.state]:{width}}  {line.message}")
        if line.hint:
            lines.append(f"{'':{width}}  → {line.hint}")
    if report.server is None and not is_copy:
        lines.append(f"{'':{width}}  {texts.text('doctor.no-server')}")
    return "\n".join(lines) + "\n"
