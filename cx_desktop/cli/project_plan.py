"""``project plan``, ``apply`` and ``import``: what a folder would change, and changing it.

A plan changes nothing. ``apply`` does what a plan said: all of it, and nothing else.
"""

import sys
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
import typer

from cx_desktop.auth.unattended import Visit
from cx_desktop.cli.project_cache import opened
from cx_desktop.cli.project_folder import project_from, read_folder
from cx_desktop.cli.project_reports import (
    ApplyReport,
    Named,
    PlanReport,
    SavedPlan,
    SavedStep,
    StepReport,
)
from cx_desktop.cli.project_service import Doing, present_of, project_named
from cx_desktop.cli.project_sources import brought_from, this_device
from cx_desktop.cli.signing_in import (
    CaFileOption,
    CredentialsOption,
    ProjectOption,
    ServerOption,
    UserOption,
    Who,
    asked,
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
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.project import (
    Act,
    Plan,
    Present,
    Project,
    Step,
    Wishes,
    details,
    fingerprint,
    headline,
    plan,
    without,
)
from cx_desktop.ports import RandomIds, SystemClock
from cx_desktop.settings import write_whole
from cx_desktop.text import Catalogue

FAILED, FOUND = 1, 2
_FORMAT = 1
#: What a publication names to go live although a test of a flow has not passed.
TESTS_FAILED = "tests-failed"

app = typer.Typer()

PublishOption = Annotated[
    str, typer.Option("--publish", metavar="MESSAGE", help=HELP.text("project.help.publish"))
]
ArchiveOption = Annotated[
    bool, typer.Option("--archive-missing", help=HELP.text("project.help.archive-missing"))
]
DespiteOption = Annotated[
    bool, typer.Option("--despite-failed-tests", help=HELP.text("project.help.despite"))
]
YesOption = Annotated[bool, typer.Option("--yes", help=HELP.text("project.help.yes"))]


class _Compared(msgspec.Struct, frozen=True):
    """A folder beside a service."""

    folder: Path
    files: dict[str, bytes]
    project: Project
    present: Present
    wishes: Wishes
    server: str

    @property
    def plan(self) -> Plan:
        return plan(self.project, self.present, self.wishes)

    def executable(self) -> Plan:
        """The same plan with ids for what is to be made."""
        ids = RandomIds(SystemClock())
        return plan(self.project, self.present, self.wishes, lambda _key: ids.new())


@app.command("plan", help=HELP.text("project.help.plan"))
def plan_project(  # noqa: PLR0913  (each is an option of the command line)
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=HELP.text("project.help.folder"))],
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=HELP.text("project.help.out"))
    ] = None,
    publish: PublishOption = "",
    archive_missing: ArchiveOption = False,
    project: ProjectOption = "",
    server: ServerOption = "",
    username: UserOption = "",
    credentials_file: CredentialsOption = None,
    ca_file: CaFileOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Say what would change on the service."""
    texts = catalogue(language)
    who = Who(server, username, credentials_file, ca_file)
    wishes = Wishes(publish=bool(publish.strip()), archive_missing=archive_missing)
    with faults_told(texts, as_json=as_json, code=FAILED, file=folder):
        files = read_folder(folder)
        stated = project_from(folder).project
        with signed_in(who, texts) as visit:
            present = present_of(visit.client, project_named(visit.client, project or stated.name))
            address = visit.client.address
        compared = _Compared(folder, files, stated, present, wishes, address)
        if out is not None:
            _save(out, compared, publish.strip())
    report = _plan_report(compared, texts)
    if as_json:
        print_json(report)
    else:
        _print_plan(report, compared.plan, texts)
    if not compared.plan.is_empty:
        raise typer.Exit(FOUND)


@app.command("apply", help=HELP.text("project.help.apply"))
def apply_project(  # noqa: PLR0913  (each is an option of the command line)
    source: Annotated[
        Path, typer.Argument(metavar="DIR|PLAN", help=HELP.text("project.help.apply-source"))
    ],
    *,
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="DIR", help=HELP.text("project.help.moved"))
    ] = None,
    publish: PublishOption = "",
    despite_failed_tests: DespiteOption = False,
    archive_missing: ArchiveOption = False,
    yes: YesOption = False,
    project: ProjectOption = "",
    server: ServerOption = "",
    username: UserOption = "",
    credentials_file: CredentialsOption = None,
    ca_file: CaFileOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Make the service say what the folder says."""
    texts = catalogue(language)
    with faults_told(texts, as_json=as_json, code=FAILED, file=source):
        saved = None if source.is_dir() else _saved(source)
        if saved is not None and (publish or archive_missing):
            raise CXError("problem.project-plan-decides", file=str(source))
        where = folder or (source if saved is None else Path(saved.folder))
        message = publish.strip() if saved is None else saved.message
        archives = archive_missing if saved is None else saved.archives_missing
        files = read_folder(where)
        if saved is not None and fingerprint(files) != saved.fingerprint:
            raise CXError("problem.project-folder-changed", file=str(where))
        stated = project_from(where).project
        who = Who(server or (saved.server if saved else ""), username, credentials_file, ca_file)
        with signed_in(who, texts) as visit:
            named = saved.project_id if saved is not None else project or stated.name
            present = present_of(visit.client, project_named(visit.client, named))
            wishes = Wishes(publish=bool(message), archive_missing=archives)
            compared = _Compared(where, files, stated, present, wishes, visit.client.address)
            if saved is not None:
                _refuse_other(saved, compared)
            _agree(compared, texts, is_agreed=yes, as_json=as_json)
            wanted = Publishing(message, (TESTS_FAILED,) if despite_failed_tests else ())
            done = _do(visit, compared, wanted, texts, is_quiet=as_json)
        left = compared.plan.unheard
    if as_json:
        print_json(_apply_report(compared, done, left, texts))
    else:
        say(texts.plural("project.applied", len(done)), sys.stdout)


@app.command("import", help=HELP.text("project.help.import"))
def import_project(  # noqa: PLR0913  (each is an option of the command line)
    source: Annotated[
        Path, typer.Argument(metavar="DIR|FILE", help=HELP.text("project.help.import-source"))
    ],
    *,
    yes: YesOption = False,
    project: ProjectOption = "",
    server: ServerOption = "",
    username: UserOption = "",
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Bring a folder, or another product's file, into this device's copy as drafts."""
    texts = catalogue(language)
    with faults_told(texts, as_json=as_json, code=FAILED, file=source):
        found = brought_from(source)
        with opened(
            this_device(),
            server,
            username,
            lambda _account: asked(texts, "project.ask.password", is_secret=True),
        ) as copy:
            target = copy.project(project or (found.project.name if source.is_dir() else ""))
            compared = _Compared(
                source, {}, found.project, copy.present(target), Wishes(), copy.server
            )
            _agree(compared, texts, is_agreed=yes, as_json=as_json)
            done = copy.take(compared.executable(), found.project)
    for note in found.notes:
        say(texts.text(note.key, **note.params), sys.stderr)
    if as_json:
        print_json(_apply_report(compared, done, (), texts))
    else:
        say(texts.plural("project.imported", len(done)), sys.stdout)


class Publishing(NamedTuple):
    """How it is published: with which message, and in spite of what."""

    message: str
    overrides: tuple[str, ...] = ()


def _do(
    visit: Visit, compared: _Compared, wanted: Publishing, texts: Catalogue, *, is_quiet: bool
) -> tuple[Step, ...]:
    done: list[Step] = []

    def told(step: Step) -> None:
        done.append(step)
        if not is_quiet:
            say(headline(step, texts.text), sys.stdout)

    doing = Doing(
        visit,
        compared.executable(),
        compared.project.sounds,
        ids=RandomIds(SystemClock()),
        told=told,
    )
    doing.drafts()
    doing.publish(wanted.message, overrides=wanted.overrides)
    doing.archive()
    return tuple(done)


def _agree(compared: _Compared, texts: Catalogue, *, is_agreed: bool, as_json: bool) -> None:
    """Show what would be done and have it agreed to, with the exact number of changes."""
    count = len(compared.plan.steps)
    if is_agreed or not count:
        return
    if as_json:
        raise CXError("problem.project-not-agreed", count=count)
    _print_plan(_plan_report(compared, texts), compared.plan, texts)
    question = texts.plural("project.agree", count, project=compared.present.name)
    if not sys.stdin.isatty():
        raise CXError("problem.project-not-agreed", count=count)
    say(question, sys.stderr)
    if sys.stdin.readline().strip() != str(count):
        say(texts.text("project.not-agreed"), sys.stderr)
        raise typer.Exit(FOUND)


def _save(out: Path, compared: _Compared, message: str) -> None:
    saved = SavedPlan(
        format=_FORMAT,
        server=compared.server,
        project_id=compared.present.project_id,
        project=compared.present.name,
        folder=str(compared.folder.resolve()),
        fingerprint=fingerprint(compared.files),
        message=message,
        archives_missing=compared.wishes.archive_missing,
        steps=tuple(
            SavedStep(each.act, each.type, each.name, each.digest) for each in compared.plan.steps
        ),
    )
    try:
        write_whole(out, msgspec.json.format(msgspec.json.encode(saved), indent=2) + b"\n")
    except OSError as error:
        reason = error.strerror or ""
        raise CXError("problem.project-disk", file=str(out), reason=reason) from error


def _saved(file: Path) -> SavedPlan:
    try:
        saved = msgspec.json.decode(file.read_bytes(), type=SavedPlan)
    except OSError as error:
        reason = error.strerror or ""
        raise CXError("problem.project-disk", file=str(file), reason=reason) from error
    except msgspec.MsgspecError as error:
        raise CXError("problem.project-no-plan", file=str(file)) from error
    if saved.format != _FORMAT:
        raise CXError("problem.project-no-plan", file=str(file))
    return saved


def _refuse_other(saved: SavedPlan, compared: _Compared) -> None:
    """Refuse to do anything that the plan did not say; what is done already is no matter."""
    others = without(compared.plan.steps, (each.digest for each in saved.steps))
    if others:
        names = ", ".join(dict.fromkeys(each.name for each in others[:5]))
        raise CXError("problem.project-plan-outdated", count=len(others), names=names)


def _plan_report(compared: _Compared, texts: Catalogue) -> PlanReport:
    found = compared.plan
    return PlanReport(
        server=compared.server,
        project=compared.present.name,
        folder=str(compared.folder),
        publishes=compared.wishes.publish,
        archives_missing=compared.wishes.archive_missing,
        steps=tuple(_step(each, texts) for each in found.steps),
        unheard=tuple(Named(each.type, each.name) for each in found.unheard),
        missing=tuple(Named(each.type, each.name) for each in found.missing),
        unknown_numbers=found.unknown_numbers,
    )


def _apply_report(
    compared: _Compared, done: tuple[Step, ...], left: tuple[object, ...], texts: Catalogue
) -> ApplyReport:
    return ApplyReport(
        server=compared.server,
        project=compared.present.name,
        folder=str(compared.folder),
        done=tuple(_step(each, texts) for each in done),
        unheard=tuple(Named(each.type, each.name) for each in compared.plan.unheard if left),
    )


def _step(step: Step, texts: Catalogue) -> StepReport:
    return StepReport(
        act=step.act,
        type=step.type,
        name=step.name,
        file=step.file,
        changes=tuple(details(step, texts.text)),
    )


def _print_plan(report: PlanReport, found: Plan, texts: Catalogue) -> None:
    for step, told in zip(found.steps, report.steps, strict=True):
        say(headline(step, texts.text), sys.stdout)
        for each in told.changes:
            say(f"    {each}", sys.stdout)
    for named in report.unheard:
        kind = texts.text(f"project.type.{named.type}")
        say(texts.text("project.unheard", type=kind, name=named.name), sys.stdout)
    for named in report.missing:
        kind = texts.text(f"project.type.{named.type}")
        say(texts.text("project.missing", type=kind, name=named.name), sys.stdout)
    for number in report.unknown_numbers:
        say(texts.text("project.unknown-number", number=number), sys.stdout)
    if found.is_empty:
        say(texts.text("project.nothing"), sys.stdout)
        return
    counts = [
        f"{found.count(act)} {texts.text(f'project.count.{act}')}"
        for act in Act
        if found.count(act)
    ]
    say(texts.text("project.sum", counts=", ".join(counts), project=report.project), sys.stdout)
