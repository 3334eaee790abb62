"""``cx-desktop flow``: check a flow file, or turn it into another format.

Exit codes: 0 nothing or only information to say, 1 blocking or warning findings, 2 bad usage, or a
file that cannot be read or written.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from cx_desktop.cli import flow_calls, flow_versions
from cx_desktop.cli.flow_files import FAILED, FOUND, flows_in, save
from cx_desktop.cli.telling import (
    HELP,
    JsonOption,
    LanguageOption,
    catalogue,
    explain,
    print_json,
    say,
)
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.finding import Finding, Severity, in_words
from cx_desktop.domain.flow.findings import findings
from cx_desktop.domain.flow.formats import Imported, ImportNote, cx
from cx_desktop.domain.flow.formats.writing import WRITERS, format_by_origin
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.flow.mermaid import mermaid
from cx_desktop.text import Catalogue

#: The format that a file name asks for when it is written; of JSON there are several.
_FORMAT_BY_SUFFIX = {
    ".yaml": "cx",
    ".yml": "cx",
    ".json": "connect-flowlang",
    ".vxml": "voicexml",
    ".mmd": "mermaid",
    ".svg": "svg",
    ".png": "png",
    ".pdf": "pdf",
}
#: What is drawn for people, and cannot be read again.
_DRAWN = ("svg", "png", "pdf")
_WRITABLE = ("cx", *WRITERS, "mermaid", *_DRAWN)

app = typer.Typer(
    name="flow",
    help=HELP.text("flow-check.help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
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
    try:
        flows = flows_in(file)
    except CXError as error:
        explain(error, file, texts, as_json=as_json)
        raise typer.Exit(FAILED) from error
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


@app.command(help=HELP.text("flow-check.help.convert"))
def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help=HELP.text("flow-check.help.in"))],
    target: Annotated[
        Path,
        typer.Argument(metavar="OUT", help=HELP.text("flow-check.help.out")),
    ],
    *,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="|".join(_WRITABLE),
            help=HELP.text("flow-check.help.to"),
        ),
    ] = None,
    language: LanguageOption = None,
) -> None:
    """Turn a flow file into another format, said or told by the name of the file to write."""
    texts = catalogue(language)
    try:
        imported, *others = flows_in(source)
        data, notes = _written(imported, target, to, texts)
        save(target, data)
    except CXError as error:
        explain(error, source, texts, as_json=False)
        raise typer.Exit(FAILED) from error
    more = (ImportNote("import.other-flows", {"count": len(others)}),) if others else ()
    for note in (*imported.notes, *more, *notes):
        say(_words_of(note, texts), sys.stderr)


@app.command(help=HELP.text("export.help.document"))
def document(
    source: Annotated[Path, typer.Argument(metavar="IN", help=HELP.text("flow-check.help.in"))],
    target: Annotated[
        Path, typer.Argument(metavar="OUT.pdf", help=HELP.text("export.help.document-out"))
    ],
    *,
    language: LanguageOption = None,
) -> None:
    """Put a flow on paper: its picture, findings, steps, exits and properties."""
    convert(source, target, to="pdf", language=language)


def _written(
    imported: Imported, target: Path, to: str | None, texts: Catalogue
) -> tuple[bytes, tuple[ImportNote, ...]]:
    name = to or _format_by_name(imported.flow, target)
    if name == "mermaid":
        return mermaid(imported.flow, texts.text).encode(), ()
    if name in _DRAWN:
        from cx_desktop.app.sheets import drawn

        return drawn(imported, name, texts.language), ()
    if name == "cx":
        data = cx.write(imported.flow, name=imported.name, description=imported.description)
        return data, ()
    if name not in WRITERS:
        raise CXError("problem.flow-file-suffix", suffix=name)
    written = WRITERS[name](imported.flow)
    return written.data, written.notes


def _format_by_name(flow: Flow, target: Path) -> str:
    """What a name asks for: JSON is that of the product the flow came from."""
    name = _FORMAT_BY_SUFFIX.get(target.suffix.lower(), target.suffix or target.name)
    return format_by_origin(flow, name) if name in WRITERS else name


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
