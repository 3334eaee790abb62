"""What the verbs of ``cx-desktop flow`` share: files, words, and saying what went wrong."""

import sys
from pathlib import Path
from typing import Annotated, TextIO

import msgspec
import typer
from msgspec import Struct

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.formats import Imported
from cx_desktop.domain.flow.formats.detect import read_all
from cx_desktop.domain.flow.formats.incoming import MAX_BYTES, check_size
from cx_desktop.protocol.problem import PROBLEM_BASE
from cx_desktop.settings import Speech, resources, spoken
from cx_desktop.text import Catalogue, Language

FOUND, FAILED = 1, 2

HELP = Catalogue(resources() / "text", Language(spoken(Speech.SYSTEM)))

LanguageOption = Annotated[
    Language | None, typer.Option("--language", help=HELP.text("flow-check.help.language"))
]
JsonOption = Annotated[bool, typer.Option("--json", help=HELP.text("flow-check.help.json"))]


class Problem(Struct, frozen=True, omit_defaults=True):
    """Why a file could not be worked on (RFC 9457)."""

    type: str
    title: str
    detail: str
    file: str
    place: str = ""
    line: int = 0
    column: int = 0


def catalogue(language: Language | None) -> Catalogue:
    """The words of a language, or of the one that this computer speaks."""
    return Catalogue(resources() / "text", language or Language(spoken(Speech.SYSTEM)))


def flows_in(file: Path) -> tuple[Imported, ...]:
    """Every flow of a file; no more of it is read than a flow may have."""
    try:
        check_size(file.stat().st_size)
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreachable("problem.flow-file-unreachable", file, error) from error
    return read_all(data, file.stem)


def save(target: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    beside = target.with_name(f".{target.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise _unreachable("problem.flow-file-unwritable", target, error) from error


def _unreachable(key: str, file: Path, error: OSError) -> CXError:
    return CXError(key, file=str(file), reason=error.strerror or "")


def explain(error: CXError, file: Path, texts: Catalogue, *, as_json: bool) -> None:
    """Say why a file could not be worked on: as a problem object, or in words."""
    title, hint = texts.explain(error)
    place = str(error.params.get("place", ""))
    if as_json:
        name = error.key.removeprefix("problem.")
        line, column = (int(error.params.get(each, 0)) for each in ("line", "column"))
        print_json(Problem(f"{PROBLEM_BASE}{name}", title, hint, str(file), place, line, column))
        return
    say(f"{file}: {title}" + (f" ({place})" if place else ""), sys.stderr)
    say(hint, sys.stderr)


def print_json(value: Struct) -> None:
    """One JSON object."""
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n")
    sys.stdout.flush()


def say(line: str, stream: TextIO) -> None:
    """One line, whatever the terminal can show."""
    encoding = stream.encoding or "utf-8"
    stream.write(line.encode(encoding, errors="replace").decode(encoding) + "\n")
