"""``cx-desktop flow diff`` and ``merge``: two or three versions of one flow.

``diff`` says what callers will notice. Exit codes: 0 callers notice nothing, 1 they do, 2 bad
usage, or a file that cannot be read. ``merge`` writes one flow of three; it may be named as a merge
driver of Git (``%O %A %B``). Exit codes: 0 clean, 1 somebody has to decide, 2 as above.
"""

import sys
from pathlib import Path
from typing import Annotated, TextIO

import typer
from msgspec import UNSET, Struct

from cx_desktop.cli.flow_files import FAILED, FOUND, PIPE, flows_in, save
from cx_desktop.cli.telling import (
    HELP,
    JsonOption,
    LanguageOption,
    catalogue,
    faults_told,
    print_json,
    say,
)
from cx_desktop.domain.flow.diff import Changelog, Leads, Mark, Says, Statement, changelog, in_words
from cx_desktop.domain.flow.diff import marks as marks_of
from cx_desktop.domain.flow.formats import Imported, cx
from cx_desktop.domain.flow.graph import document_of, flow_of
from cx_desktop.domain.flow.merge import Dispute, Kept, merge
from cx_desktop.domain.patch import Document
from cx_desktop.text import Catalogue

app = typer.Typer()


class ChangeReport(Struct, frozen=True):
    """One statement as ``diff --json`` prints it."""

    kind: str
    node: str | None
    exits: tuple[str, ...]
    message: str


class DiffReport(Struct, frozen=True):
    """What ``diff --json`` prints. ``moved`` nodes are only drawn elsewhere."""

    old: str
    new: str
    changes: tuple[ChangeReport, ...]
    words: int
    seconds: float
    moved: int


class DisputeReport(Struct, frozen=True):
    """One place that somebody has to decide, as ``merge --json`` prints it."""

    place: str
    base: object
    mine: object
    theirs: object


class MergeReport(Struct, frozen=True):
    """What ``merge --json`` prints."""

    clean: bool
    disputes: tuple[DisputeReport, ...]
    kept: tuple[str, ...]


def _argument(name: str, key: str) -> object:
    return typer.Argument(metavar=name, help=HELP.text(key))


@app.command(help=HELP.text("flow-diff.help"))
def diff(
    old: Annotated[Path, _argument("OLD", "flow-diff.help.old")],
    new: Annotated[Path, _argument("NEW", "flow-diff.help.new")],
    *,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Say what callers will notice when a new version takes the place of an old one."""
    texts = catalogue(language)
    before, after = (_flow(each, texts, as_json=as_json) for each in (old, new))
    found = changelog(before.flow, after.flow)
    moved = marks_of(before.flow, after.flow).count(Mark.MOVED)
    if as_json:
        print_json(
            DiffReport(
                old=str(old),
                new=str(new),
                changes=tuple(_reported(each, texts) for each in found.statements),
                words=found.words,
                seconds=round(found.seconds, 1),
                moved=moved,
            )
        )
    else:
        _print_changes(found, moved, texts)
    if not found.is_empty:
        raise typer.Exit(FOUND)


@app.command("merge", help=HELP.text("flow-merge.help"))
def merge_flows(
    base: Annotated[Path, _argument("BASE", "flow-merge.help.base")],
    mine: Annotated[Path, _argument("MINE", "flow-merge.help.mine")],
    theirs: Annotated[Path, _argument("THEIRS", "flow-merge.help.theirs")],
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="OUT", help=HELP.text("flow-merge.help.out"))
    ] = None,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Bring two versions of a flow together that began as the same one."""
    texts = catalogue(language)
    read = [_flow(each, texts, as_json=as_json) for each in (base, mine, theirs)]
    before, here, there = (document_of(each.flow) for each in read)
    merged = merge(before, here, there)
    target = out or mine
    with faults_told(texts, as_json=as_json, code=FAILED, file=target):
        save(target, _written(merged.document, read[1]))
    if as_json and target != PIPE:
        print_json(
            MergeReport(
                clean=merged.is_clean,
                disputes=tuple(_disputed(each) for each in merged.disputes),
                kept=tuple(f"{each.section}/{each.id}" for each in merged.kept),
            )
        )
    else:
        beside = sys.stderr if target == PIPE else sys.stdout
        _print_merge(merged.disputes, merged.kept, texts, beside)
    if not merged.is_clean:
        raise typer.Exit(FOUND)


def _flow(file: Path, texts: Catalogue, *, as_json: bool) -> Imported:
    """The first flow of a file; of several, a version is compared by its first one."""
    with faults_told(texts, as_json=as_json, code=FAILED, file=file):
        return flows_in(file)[0]


def _written(document: Document, like: Imported) -> bytes:
    """Our own format, under the name that one's own version has."""
    return cx.write(flow_of(document), name=like.name, description=like.description)


def _reported(statement: Statement, texts: Catalogue) -> ChangeReport:
    at = statement.at
    return ChangeReport(
        kind=type(statement).__name__.lower(),
        node=at.node if at is not None else None,
        exits=tuple(way.exit for way in statement.ways) if isinstance(statement, Leads) else (),
        message=in_words(statement, texts.text),
    )


def _disputed(dispute: Dispute) -> DisputeReport:
    base, mine, theirs = (
        None if each is UNSET else each for each in (dispute.base, dispute.mine, dispute.theirs)
    )
    return DisputeReport("/".join(dispute.path), base, mine, theirs)


def _print_changes(found: Changelog, moved: int, texts: Catalogue) -> None:
    for each in found.statements:
        say(in_words(each, texts.text), sys.stdout)
    if any(isinstance(each, Says) for each in found.statements):
        words, seconds = f"{found.words:+}", f"{found.seconds:+.0f}"
        say(texts.text("flow-diff.words", words=words, seconds=seconds), sys.stdout)
    if moved:
        say(texts.plural("flow-diff.moved", moved), sys.stdout)
    if found.is_empty:
        say(texts.text("flow-diff.nothing"), sys.stdout)


def _print_merge(
    disputes: tuple[Dispute, ...], kept: tuple[Kept, ...], texts: Catalogue, stream: TextIO
) -> None:
    for each in disputes:
        report = _disputed(each)
        say(
            texts.text(
                "flow-merge.dispute",
                place=report.place,
                mine=_shown(report.mine, texts),
                theirs=_shown(report.theirs, texts),
            ),
            stream,
        )
    for one in kept:
        say(texts.text(f"flow-merge.kept.{one.removed_by}", name=one.id), stream)
    if not disputes and not kept:
        say(texts.text("flow-merge.clean"), stream)


def _shown(value: object, texts: Catalogue) -> str:
    return texts.text("change.nothing") if value is None else str(value)
