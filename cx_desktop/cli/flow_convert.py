"""``cx-desktop flow convert`` and ``document``: every flow of a file in another format.

A folder to write takes all of them; our own format makes a project of it, with the schedules that
the file writes out. Where a file is named, the first flow is written there and the others beside.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Annotated

import typer
from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.cli.flow_files import FAILED, PIPE, flows_in, save
from cx_desktop.cli.project_folder import known_in, write_folder
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
from cx_desktop.domain.flow.formats import Imported, ImportNote, cx
from cx_desktop.domain.flow.formats.writing import WRITERS, format_by_origin
from cx_desktop.domain.flow.graph import Flow, flow_of
from cx_desktop.domain.flow.mermaid import mermaid
from cx_desktop.domain.project import Key, files_of
from cx_desktop.domain.project.brought import Brought, project_of_file
from cx_desktop.domain.project.paths import paths_of
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
_SUFFIX_BY_FORMAT = {name: suffix for suffix, name in reversed(_FORMAT_BY_SUFFIX.items())} | {
    "twilio-studio": ".json"
}
#: What is drawn for people, and cannot be read again.
_DRAWN = ("svg", "png", "pdf")
_WRITABLE = ("cx", *WRITERS, "mermaid", *_DRAWN)

app = typer.Typer()


class WrittenReport(Struct, frozen=True):
    """One file that was written, and the flow or schedule in it."""

    file: str
    name: str
    format: str


class ConvertReport(Struct, frozen=True):
    """``flow convert`` and ``flow document``: what was written, and what could not be said."""

    file: str
    format: str
    written: tuple[WrittenReport, ...]
    notes: tuple[str, ...]


SourceArgument = Annotated[Path, typer.Argument(metavar="IN", help=HELP.text("flow-check.help.in"))]


@app.command(help=HELP.text("flow-check.help.convert"))
def convert(
    source: SourceArgument,
    target: Annotated[str, typer.Argument(metavar="OUT", help=HELP.text("flow-check.help.out"))],
    *,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="|".join(_WRITABLE), help=HELP.text("flow-check.help.to")),
    ] = None,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Turn a flow file into another format, said or told by the name of the file to write."""
    texts = catalogue(language)
    with faults_told(texts, as_json=as_json, code=FAILED, file=source):
        if to is not None and to not in _WRITABLE:
            raise CXError("problem.flow-file-suffix", suffix=to)
        report = _converted(source, target, to, texts)
    if as_json and target != str(PIPE):
        print_json(report)
        return
    for note in report.notes:
        say(note, sys.stderr)


@app.command(help=HELP.text("export.help.document"))
def document(
    source: SourceArgument,
    target: Annotated[
        str, typer.Argument(metavar="OUT.pdf", help=HELP.text("export.help.document-out"))
    ],
    *,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Put a flow on paper: its picture, findings, nodes, exits and properties."""
    convert(source, target, to="pdf", as_json=as_json, language=language)


def _converted(source: Path, target: str, to: str | None, texts: Catalogue) -> ConvertReport:
    flows = flows_in(source)
    brought = project_of_file(flows, "" if source == PIPE else source.name)
    place = Path(target)
    if target.endswith(("/", "\\")) or place.is_dir():
        written, notes = _into_folder(brought, place, to or "cx", texts)
    else:
        if len(flows) > 1 and place == PIPE:
            raise CXError("problem.flow-several", count=len(flows))
        written, notes = _beside(flows, brought, place, to, texts)
    told = (*(brought.notes if _makes_schedules(place, to) else _own_notes(flows)), *notes)
    return ConvertReport(
        file=str(source),
        format=flows[0].format,
        written=written,
        notes=tuple(_words_of(note, texts) for note in told),
    )


def _makes_schedules(place: Path, to: str | None) -> bool:
    return place.is_dir() and (to or "cx") == "cx"


def _own_notes(flows: Sequence[Imported]) -> Iterator[ImportNote]:
    for each in flows:
        yield from each.notes


def _into_folder(
    brought: Brought, folder: Path, to: str, texts: Catalogue
) -> tuple[tuple[WrittenReport, ...], list[ImportNote]]:
    """Ours as a project, others a file for each flow."""
    paths = paths_of([each.key for each in brought.project.objects], {})
    if to == "cx":
        known_in(folder, brought.project.name)
        write_folder(folder, files_of(brought.project))
        return (
            tuple(
                WrittenReport(str(folder / paths[each.key]), each.name, "cx")
                for each in brought.project.objects
            ),
            [],
        )
    written, notes = [], []
    folder.mkdir(parents=True, exist_ok=True)
    for each in brought.project.of_type("flow"):
        flow = Imported(flow_of(each.draft), to, each.name, each.description)
        stem = PurePosixPath(paths[each.key]).stem
        file = folder / f"{stem}{_SUFFIX_BY_FORMAT.get(to, f'.{to}')}"
        notes += _saved(flow, file, to, texts)
        written.append(WrittenReport(str(file), each.name, to))
    return tuple(written), notes


def _beside(
    flows: Sequence[Imported], brought: Brought, target: Path, to: str | None, texts: Catalogue
) -> tuple[tuple[WrittenReport, ...], list[ImportNote]]:
    """The first flow where it is asked for, the others beside it under their own names."""
    first = flows[0]
    name = to or _format_by_name(first.flow, target)
    notes = _saved(first, target, name, texts)
    written = [WrittenReport(str(target), first.name, name)]
    if len(flows) == 1:
        return tuple(written), notes
    stated = {each.name: each for each in brought.project.of_type("flow")}
    paths = paths_of([Key("flow", each) for each in brought.names], {})
    for each, imported in list(zip(brought.names, flows, strict=True))[1:]:
        stem = PurePosixPath(paths[Key("flow", each)]).stem
        file = target.with_name(f"{target.stem}-{stem}{target.suffix}")
        flow = replace(imported, name=each, flow=flow_of(stated[each].draft))
        notes += _saved(flow, file, name, texts)
        written.append(WrittenReport(str(file), each, name))
    return tuple(written), [ImportNote("import.flow-beside", {"count": len(flows)}), *notes]


def _saved(imported: Imported, file: Path, to: str, texts: Catalogue) -> list[ImportNote]:
    data, notes = _written(imported, to, texts)
    save(file, data)
    return list(notes)


def _written(
    imported: Imported, name: str, texts: Catalogue
) -> tuple[bytes, tuple[ImportNote, ...]]:
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


def _words_of(note: ImportNote, texts: Catalogue) -> str:
    said = texts.text(note.key, **note.params)
    return said if note.node is None or "place" in note.params else f"{note.node}: {said}"
