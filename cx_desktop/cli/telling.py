"""How verbs speak: in words or as one JSON object, and what went wrong on standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import msgspec
import typer
from msgspec import Struct

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.finding import Finding, Severity, in_words
from cx_desktop.protocol.problem import PROBLEM_BASE
from cx_desktop.protocol.problem import Problem as Refusal
from cx_desktop.settings import Speech, resources, spoken
from cx_desktop.text import Catalogue, Language

HELP = Catalogue(resources() / "text", Language(spoken(Speech.SYSTEM)))

LanguageOption = Annotated[
    Language | None, typer.Option("--language", help=HELP.text("flow-check.help.language"))
]
JsonOption = Annotated[bool, typer.Option("--json", help=HELP.text("flow-check.help.json"))]


class Reason(Struct, frozen=True, omit_defaults=True):
    """One thing for which the service refused: a finding, or a test that has not passed."""

    code: str
    object_id: str = ""
    node: str = ""
    message: str = ""


class Problem(Struct, frozen=True, omit_defaults=True):
    """Why something could not be done (RFC 9457), and where in which file."""

    type: str
    title: str
    detail: str
    file: str = ""
    place: str = ""
    line: int = 0
    column: int = 0
    reasons: tuple[Reason, ...] = ()


class Failed(Struct, frozen=True):
    """What is printed on standard error with ``--json``, whichever verb it was."""

    error: Problem


def catalogue(language: Language | None) -> Catalogue:
    """The words of a language, or of the one that this computer speaks."""
    return Catalogue(resources() / "text", language or Language(spoken(Speech.SYSTEM)))


@contextmanager
def faults_told(
    texts: Catalogue, *, as_json: bool, code: int, file: Path | str = ""
) -> Iterator[None]:
    """Say what went wrong inside, and end with an exit code."""
    try:
        yield
    except CXError as error:
        explain(error, file, texts, as_json=as_json)
        raise typer.Exit(code) from error


def explain(error: CXError, file: Path | str, texts: Catalogue, *, as_json: bool) -> None:
    """Say why something could not be done: as a problem object, or in words."""
    title, hint = texts.explain(error)
    place = str(error.params.get("place", ""))
    named = str(error.params.get("file", file))
    line, column = (int(error.params.get(each) or 0) for each in ("line", "column"))
    reasons = tuple(_reasons(error, texts))
    if as_json:
        name = error.key.removeprefix("problem.")
        kind = f"{PROBLEM_BASE}{name}"
        problem = Problem(kind, title, hint, named, place, line, column, reasons)
        _write(Failed(problem), sys.stderr)
        return
    shown = place or (f"{line}:{column}" if line else "")
    said = title + (f" ({shown})" if shown else "")
    say(f"{named}: {said}" if named and named not in title else said, sys.stderr)
    for each in reasons:
        where = " · ".join(part for part in (each.code, each.node) if part)
        say(f"  {where}: {each.message}", sys.stderr)
    say(hint, sys.stderr)


def _reasons(error: CXError, texts: Catalogue) -> Iterator[Reason]:
    """What the service found, in words; nothing for other faults."""
    problem = getattr(error, "problem", None)
    if not isinstance(problem, Refusal):
        return
    for each in problem.errors:
        message = each.message
        if texts.has(f"finding.{each.code}"):
            finding = Finding(
                each.code, Severity.BLOCKING, each.pointer or None, params=each.params
            )
            message = in_words(finding, texts.text)
        yield Reason(each.code, each.object_id, each.pointer, message)


def print_json(value: Struct) -> None:
    """One JSON object."""
    _write(value, sys.stdout)


def say(line: str, stream: TextIO) -> None:
    """One line, whatever the terminal can show."""
    encoding = stream.encoding or "utf-8"
    stream.write(line.encode(encoding, errors="replace").decode(encoding) + "\n")


def _write(value: Struct, stream: TextIO) -> None:
    stream.flush()
    stream.buffer.write(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")
    stream.flush()
