"""``cx-desktop emergency``: close at once, reopen, and see what is closed, as on Home.

Closing and reopening change what callers meet at once: a verification code is given each time.
Exit codes: 0 done, or nothing is closed; 1 it could not be done; 2 something is closed
(``status``), or nothing was done (``close`` and ``reopen`` that nobody agreed to).
"""

import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import typer
from msgspec import Struct

from cx_desktop.auth.unattended import Visit
from cx_desktop.cli.project_service import project_named, surely
from cx_desktop.cli.signing_in import (
    CaFileOption,
    CredentialsOption,
    ProjectOption,
    ServerOption,
    UserOption,
    Who,
    signed_in,
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
from cx_desktop.cli.verbs import VerbGroup
from cx_desktop.domain.access import StepUpClass
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.numbers import spelled
from cx_desktop.domain.patch import Document
from cx_desktop.domain.schedules.emergency import Emergency, emergency_of
from cx_desktop.domain.schedules.until import until_of
from cx_desktop.ports import RandomIds, SystemClock
from cx_desktop.protocol import EmergencyOrder
from cx_desktop.text import Catalogue

FAILED, FOUND = 1, 2

app = typer.Typer(
    name="emergency",
    cls=VerbGroup,
    help=HELP.text("emergency-cli.help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Closable(Struct, frozen=True):
    """Something that can be closed, by its name."""

    type: str
    """``schedule`` or ``number``."""
    id: str
    name: str
    """The name of a schedule, the ``+E.164`` of a number."""
    label: str = ""


class ClosedReport(Struct, frozen=True):
    """One object that is closed."""

    type: str
    name: str


class EmergencyReport(Struct, frozen=True):
    """One emergency; without ``until`` it holds until somebody reopens."""

    id: str
    closes: tuple[ClosedReport, ...]
    message: str
    began_at: datetime | None
    began_by: str
    until: datetime | None


class StatusReport(Struct, frozen=True):
    """``emergency status``: what callers meet now, the latest first."""

    server: str
    project: str
    emergencies: tuple[EmergencyReport, ...]


class ActReport(Struct, frozen=True):
    """``emergency close`` and ``reopen``: what was done; nothing where it was so already."""

    server: str
    project: str
    done: tuple[EmergencyReport, ...]


NamesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="NAME", help=HELP.text("emergency-cli.help.names"))
]
YesOption = Annotated[bool, typer.Option("--yes", help=HELP.text("project.help.yes"))]


@app.command("status", help=HELP.text("emergency-cli.help.status"))
def status(  # noqa: PLR0913  (each is an option of the command line)
    *,
    project: ProjectOption = "",
    server: ServerOption = "",
    username: UserOption = "",
    credentials_file: CredentialsOption = None,
    ca_file: CaFileOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Say what is closed now."""
    texts = catalogue(language)
    who = Who(server, username, credentials_file, ca_file)
    with faults_told(texts, as_json=as_json, code=FAILED), signed_in(who, texts) as visit:
        desk = _Desk(visit, project_named(visit.client, project))
        report = StatusReport(visit.client.address, desk.name, desk.reports(desk.in_force))
    if as_json:
        print_json(report)
    else:
        _print(report.emergencies, texts)
    if report.emergencies:
        raise typer.Exit(FOUND)


@app.command("close", help=HELP.text("emergency-cli.help.close"))
def close(  # noqa: PLR0913  (each is an option of the command line)
    names: NamesArgument = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help=HELP.text("emergency-cli.help.all"))
    ] = False,
    until: Annotated[
        str, typer.Option("--until", metavar="WHEN", help=HELP.text("emergency-cli.help.until"))
    ] = "",
    message: Annotated[
        str, typer.Option("--message", help=HELP.text("emergency-cli.help.message"))
    ] = "",
    yes: YesOption = False,
    project: ProjectOption = "",
    server: ServerOption = "",
    username: UserOption = "",
    credentials_file: CredentialsOption = None,
    ca_file: CaFileOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Close schedules and numbers at once."""
    texts = catalogue(language)
    who = Who(server, username, credentials_file, ca_file)
    with faults_told(texts, as_json=as_json, code=FAILED), signed_in(who, texts) as visit:
        desk = _Desk(visit, project_named(visit.client, project))
        chosen = desk.choices if everything else desk.chosen(names or ())
        ends = until_of(until, desk.now, desk.zone) if until else None
        order = EmergencyOrder(
            schedules=tuple(each.id for each in chosen if each.type == "schedule"),
            numbers=tuple(each.id for each in chosen if each.type == "number"),
            message=message.strip(),
            until=ends,
        )
        done: tuple[Emergency, ...] = ()
        if not desk.is_so_already(order):
            key = "emergency.consequence" if ends is None else "emergency.consequence-until"
            when = _when(ends.astimezone()) if ends is not None else ""
            told = texts.plural(key, len(chosen), when=when)
            _agree(told, len(chosen), texts, is_agreed=yes, as_json=as_json)
            done = (desk.close(order),)
        report = ActReport(visit.client.address, desk.name, desk.reports(done))
    _tell(report, texts, as_json=as_json)


@app.command("reopen", help=HELP.text("emergency-cli.help.reopen"))
def reopen(  # noqa: PLR0913  (each is an option of the command line)
    names: NamesArgument = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help=HELP.text("emergency-cli.help.reopen-all"))
    ] = False,
    yes: YesOption = False,
    project: ProjectOption = "",
    server: ServerOption = "",
    username: UserOption = "",
    credentials_file: CredentialsOption = None,
    ca_file: CaFileOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Reopen what an emergency closed."""
    texts = catalogue(language)
    who = Who(server, username, credentials_file, ca_file)
    with faults_told(texts, as_json=as_json, code=FAILED), signed_in(who, texts) as visit:
        desk = _Desk(visit, project_named(visit.client, project))
        ending = desk.in_force if everything else desk.closing(names or ())
        if ending:
            told = texts.text("emergency.reopen.about")
            _agree(told, len(ending), texts, is_agreed=yes, as_json=as_json)
        done = tuple(desk.reopen(each) for each in ending)
        report = ActReport(visit.client.address, desk.name, desk.reports(done))
    _tell(report, texts, as_json=as_json)


class _Desk:
    """The emergencies of a project, and what can be closed in it."""

    def __init__(self, visit: Visit, project: Document) -> None:
        client, project_id = visit.client, str(project["id"])
        self._visit = visit
        self._client = client
        self._project_id = project_id
        self._ids = RandomIds(SystemClock())
        self.name = str(project.get("name", ""))
        self.zone = str(project.get("time_zone") or "Europe/Paris")
        self.now = client.sessions.server_facts().server_time
        self.choices = (
            *(
                Closable("schedule", str(each["id"]), str(each.get("name", "")))
                for each in client.projects.all_of(project_id, "schedules")
                if not each.get("archived")
            ),
            *(
                Closable("number", str(each["id"]), str(each["e164"]), str(each.get("label", "")))
                for each in client.projects.all_of(project_id, "numbers")
            ),
        )
        found = map(emergency_of, client.projects.all_of(project_id, "emergencies"))
        in_force = (each for each in found if each.is_in_force(self.now))
        self.in_force = tuple(sorted(in_force, key=lambda each: str(each.began_at), reverse=True))

    def chosen(self, names: Iterable[str]) -> tuple[Closable, ...]:
        """What these names mean; each means one thing."""
        found = tuple(dict.fromkeys(self._named(name) for name in names))
        if not found:
            raise CXError("problem.emergency-nothing", names=self._all_names())
        return found

    def is_so_already(self, order: EmergencyOrder) -> bool:
        """Whether an emergency in force is this very one."""
        return any(
            set(each.schedules) == set(order.schedules)
            and set(each.numbers) == set(order.numbers)
            and (each.message, each.until) == (order.message, order.until)
            for each in self.in_force
        )

    def close(self, order: EmergencyOrder) -> Emergency:
        """Close, with a fresh code."""
        self._visit.step_up(StepUpClass.PUBLISH)
        declare = self._client.emergencies.declare
        made = surely(lambda key: declare(self._project_id, order, key), self._ids.new())
        return emergency_of(made)

    def closing(self, names: Iterable[str]) -> tuple[Emergency, ...]:
        """The emergencies that close these; the only one where none is named."""
        wanted = {self._named(name).id for name in names}
        if wanted:
            return tuple(
                each for each in self.in_force if wanted & {*each.schedules, *each.numbers}
            )
        if len(self.in_force) > 1:
            raise CXError("problem.emergency-which", count=len(self.in_force))
        return self.in_force

    def reopen(self, emergency: Emergency) -> Emergency:
        """Reopen, with a fresh code where none is held."""
        self._visit.step_up_once(StepUpClass.PUBLISH)
        end = self._client.emergencies.end
        return emergency_of(surely(lambda key: end(emergency.id, key), self._ids.new()))

    def reports(self, emergencies: Iterable[Emergency]) -> tuple[EmergencyReport, ...]:
        """The emergencies with names for ids."""
        return tuple(
            EmergencyReport(
                id=each.id,
                closes=tuple(
                    ClosedReport(one.type, one.name)
                    for one in self.choices
                    if one.id in {*each.schedules, *each.numbers}
                ),
                message=each.message,
                began_at=each.began_at,
                began_by=each.began_by.name if each.began_by is not None else "",
                until=each.until,
            )
            for each in emergencies
        )

    def _named(self, name: str) -> Closable:
        typed = name.strip()
        named = [each for each in self.choices if typed in _called(each)]
        found = named or [each for each in self.choices if each.label and typed == each.label]
        if len(found) != 1:
            key = "problem.emergency-unknown" if not found else "problem.emergency-ambiguous"
            raise CXError(key, name=name, names=self._all_names())
        return found[0]

    def _all_names(self) -> str:
        return ", ".join(each.name for each in self.choices) or "–"


def _called(each: Closable) -> set[str]:
    """What something may be called on the command line."""
    if each.type == "schedule":
        return {each.name}
    national = spelled(each.name)
    written = {national, national.replace("\u00a0", " "), national.replace("\u00a0", "")}
    return {each.name, *written}


def _agree(told: str, count: int, texts: Catalogue, *, is_agreed: bool, as_json: bool) -> None:
    if is_agreed:
        return
    if as_json or not sys.stdin.isatty():
        raise CXError("problem.project-not-agreed", count=count)
    say(told, sys.stderr)
    say(texts.plural("project.agree-count", count), sys.stderr)
    if sys.stdin.readline().strip() != str(count):
        say(texts.text("project.not-agreed"), sys.stderr)
        raise typer.Exit(FOUND)


def _tell(report: ActReport, texts: Catalogue, *, as_json: bool) -> None:
    if as_json:
        print_json(report)
    elif not report.done:
        say(texts.text("emergency-cli.nothing-to-do"), sys.stdout)
    else:
        _print(report.done, texts)


def _print(emergencies: tuple[EmergencyReport, ...], texts: Catalogue) -> None:
    for each in emergencies:
        if each.until is None:
            say(texts.text("emergency.closed"), sys.stdout)
        else:
            say(
                texts.text("emergency.closed-until", when=_when(each.until.astimezone())),
                sys.stdout,
            )
        names = ", ".join(one.name for one in each.closes)
        say(f"    {texts.text('emergency.what', names=names, who=each.began_by)}", sys.stdout)
        if each.message:
            say(f"    {texts.text('emergency.heard', message=each.message)}", sys.stdout)
    if not emergencies:
        say(texts.text("emergency.nothing-closed"), sys.stdout)


def _when(moment: datetime) -> str:
    """A moment as terminals and scripts write it."""
    return moment.strftime("%Y-%m-%d %H:%M")
