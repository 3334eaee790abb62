"""``cx-desktop project``: a project as a folder of text files, and that folder on a service.

Exit codes: 0 nothing to say or all done, 1 it could not be done, 2 there is something: findings or
failed tests (``check``), changes (``plan``), changes that were not made (``apply``, ``import``).
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cx_desktop.cli import project_plan
from cx_desktop.cli.project_folder import known_in, project_from, write_folder
from cx_desktop.cli.project_reports import (
    CheckReport,
    ExportReport,
    FailedTest,
    FindingReport,
)
from cx_desktop.cli.project_sources import Source, SourceOptions, source_of
from cx_desktop.cli.signing_in import (
    CaFileOption,
    CredentialsOption,
    ProjectOption,
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
from cx_desktop.cli.verbs import VerbGroup
from cx_desktop.domain.finding import in_words
from cx_desktop.domain.flow.formats import ImportNote
from cx_desktop.domain.project import KINDS, Judged, Project, files_of, judge
from cx_desktop.domain.project.judging import lost_numbers
from cx_desktop.text import Catalogue

FAILED, FOUND = 1, 2


app = typer.Typer(
    name="project",
    cls=VerbGroup,
    help=HELP.text("project.help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

FolderArgument = Annotated[
    Path, typer.Argument(metavar="DIR", help=HELP.text("project.help.folder"))
]


@app.command("export", help=HELP.text("project.help.export"))
def export_project(  # noqa: PLR0913  (each is an option of the command line)
    folder: FolderArgument,
    *,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE|DIR", help=HELP.text("project.help.from")),
    ] = None,
    online: Annotated[
        bool, typer.Option("--online", help=HELP.text("project.help.online"))
    ] = False,
    project: ProjectOption = "",
    server: ServerOption = "",
    username: UserOption = "",
    credentials_file: CredentialsOption = None,
    ca_file: CaFileOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Write a project as a folder of text files."""
    texts = catalogue(language)
    who = Who(server, username, credentials_file, ca_file)
    with faults_told(texts, as_json=as_json, code=FAILED, file=folder):
        wanted = SourceOptions(who, project, source, is_online=online)
        found = source_of(wanted, texts)
        known = known_in(folder, found.project.name)
        written, removed = write_folder(folder, files_of(found.project, known))
    report = ExportReport(
        folder=str(folder),
        project=found.project.name,
        objects=_counts(found.project),
        written=written,
        removed=removed,
        notes=tuple(_notes(found, texts)),
    )
    if as_json:
        print_json(report)
        return
    for note in report.notes:
        say(note, sys.stderr)
    objects = len(found.project.objects)
    told = texts.plural(
        "project.exported", written, objects=objects, removed=removed, folder=str(folder)
    )
    say(told, sys.stdout)


@app.command("check", help=HELP.text("project.help.check"))
def check_project(
    folder: FolderArgument, *, as_json: JsonOption = False, language: LanguageOption = None
) -> None:
    """Say what is wrong with a folder, and run the tests of its flows."""
    texts = catalogue(language)
    with faults_told(texts, as_json=as_json, code=FAILED, file=folder):
        found = project_from(folder)
    today = datetime.now(UTC).astimezone().date()
    judged = tuple(judge(found.project, today))
    lost = lost_numbers(found.project)
    report = CheckReport(
        folder=str(folder),
        project=found.project.name,
        objects=_counts(found.project),
        findings=tuple(
            _finding(each, at, texts) for each in judged for at in range(len(each.findings))
        ),
        tests=sum(len(each.ran.results) for each in judged if each.ran),
        passed=sum(
            result.has_passed for each in judged if each.ran for result in each.ran.results.values()
        ),
        failed=tuple(failed for each in judged for failed in _failed(each)),
        notes=(
            *(_said(path, note, texts) for path, note in found.notes),
            *(texts.text("project.lost-flow", number=each.e164, flow=each.flow) for each in lost),
        ),
    )
    if as_json:
        print_json(report)
    else:
        _print_check(report, texts)
    if lost or any(each.is_found_wanting for each in judged):
        raise typer.Exit(FOUND)


def _counts(project: Project) -> dict[str, int]:
    return {kind.plural: len(list(project.of_type(kind.name))) for kind in KINDS.values()}


def _notes(found: Source, texts: Catalogue) -> list[str]:
    notes = [_said("", note, texts) for note in found.notes]
    if found.absent_sounds:
        notes.append(texts.plural("project.sounds-absent", found.absent_sounds))
    return notes


def _said(path: str, note: ImportNote, texts: Catalogue) -> str:
    said = texts.text(note.key, **note.params)
    place = " · ".join(part for part in (path, note.node or "") if part)
    return f"{place}: {said}" if place else said


def _finding(judged: Judged, at: int, texts: Catalogue) -> FindingReport:
    finding, stated = judged.findings[at], judged.stated
    return FindingReport(
        type=stated.type,
        name=stated.name,
        file=stated.file,
        rule=finding.rule,
        severity=finding.severity,
        node=finding.node,
        exit=finding.exit,
        message=in_words(finding, texts.text),
    )


def _failed(judged: Judged) -> list[FailedTest]:
    ran, stated = judged.ran, judged.stated
    if ran is None:
        return []
    names = {key: result.test.name for key, result in ran.results.items()}
    return [
        FailedTest(flow=stated.name, file=stated.file, id=key, name=names.get(key, ""))
        for key in ran.failed
    ]


def _print_check(report: CheckReport, texts: Catalogue) -> None:
    for note in report.notes:
        say(note, sys.stdout)
    for each in report.findings:
        severity = texts.text(f"flow-check.severity.{each.severity}")
        place = " · ".join(part for part in (each.file, each.node, each.exit) if part)
        say(f"{severity} {each.rule} {place}", sys.stdout)
        say(f"    {each.message}", sys.stdout)
    for test in report.failed:
        say(f"{texts.text('flow-test.failed')} {test.file} · {test.name or test.id}", sys.stdout)
    numbers = {"tests": report.tests, "failed": len(report.failed)}
    say(texts.plural("project.checked", len(report.findings), **numbers), sys.stdout)


app.registered_commands += project_plan.app.registered_commands
