"""``cx-desktop flow``: check a flow file, or turn it into another format.

Exit codes: 0 nothing or only information to say, 1 blocking or warning findings, 2 bad usage, or a
file that cannot be read or written.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from cx_desktop.cli import flow_calls, flow_convert, flow_versions
from cx_desktop.cli.flow_files import FAILED, FOUND, flows_in
from cx_desktop.cli.telling import (
    HELP,
    JsonOption,
    LanguageOption,
    catalogue,
    faults_told,
    print_json,
    say,
)
from cx_desktop.domain.finding import Finding, Severity, in_words
from cx_desktop.domain.flow.findings import findings
from cx_desktop.domain.flow.formats import Imported, ImportNote
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.text import Catalogue

app = typer.Typer(
    name="flow",
    help=HELP.text("flow-check.help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.registered_commands += flow_convert.app.registered_commands
app.registered_commands += flow_versions.app.registered_commands
app.registered_commands += flow_calls.app.registered_commands


class FindingReport(Struct, frozen=True):
    """One finding as ``--json`` prints it."""

    rule: str
    severity: Severity
    node: str | None
    exit: str | None
    message: str


class Report(Struct, frozen=True):
    """What ``check --json`` prints; ``nodes`` counts the file's steps in all of its flows."""

    file: str
    format: str
    nodes: int
    foreign: int
    findings: tuple[FindingReport, ...]


@app.command(help=HELP.text("flow-check.help.check"))
def check(
    file: Annotated[Path, typer.Argument(help=HELP.text("flow-check.help.file"))],
    *,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Say what is wrong with a flow file."""
    texts = catalogue(language)
    with faults_told(texts, as_json=as_json, code=FAILED, file=file):
        flows = flows_in(file)
    found = tuple(each for imported in flows for each in findings(imported.flow))
    report = Report(
        file=str(file),
        format=flows[0].format,
        nodes=sum(_steps(each.flow, each.format) for each in flows),
        foreign=sum(_foreign(each.flow) for each in flows),
        findings=tuple(_reported(each, texts) for each in found),
    )
    if as_json:
        print_json(report)
    else:
        _print_report(report, flows, texts)
    if any(each.severity is not Severity.INFORMATION for each in found):
        raise typer.Exit(FOUND)


def _steps(flow: Flow, format_name: str) -> int:
    """The steps that the file has; the entry that we add to a vendor's flow is none of them."""
    if format_name == "cx":
        return len(flow.nodes)
    return sum(1 for node in flow.nodes.values() if node.origin is not None)


def _foreign(flow: Flow) -> int:
    return sum(1 for node in flow.nodes.values() if node.kind == "foreign")


def _reported(finding: Finding, texts: Catalogue) -> FindingReport:
    return FindingReport(
        finding.rule, finding.severity, finding.node, finding.exit, _message(finding, texts)
    )


def _message(finding: Finding, texts: Catalogue) -> str:
    """What a rule has to say, with the name of the field it is about."""
    said = in_words(finding, texts.text)
    if finding.property is None:
        return said
    label = texts.text(f"prop.{finding.property}")
    return texts.text("flow-check.field", field=label, message=said)


def _words_of(note: ImportNote, texts: Catalogue) -> str:
    said = texts.text(note.key, **note.params)
    return said if note.node is None or "place" in note.params else f"{note.node}: {said}"


def _print_report(report: Report, flows: tuple[Imported, ...], texts: Catalogue) -> None:
    """The findings line by line, then what reading the file left open, then the sum of it."""
    for each in report.findings:
        place = " · ".join(part for part in (each.node, each.exit) if part)
        severity = texts.text(f"flow-check.severity.{each.severity}")
        say(f"{severity} {each.rule} {place}".rstrip(), sys.stdout)
        say(f"    {each.message}", sys.stdout)
    for imported in flows:
        for note in imported.notes:
            say(_words_of(note, texts), sys.stdout)
    say(
        texts.plural(
            "flow-check.sum", len(report.findings), nodes=report.nodes, format=report.format
        ),
        sys.stdout,
    )
