"""What ``cx-desktop --help`` says."""

from typing import TextIO

from cx_desktop import __version__
from cx_desktop.cli import VERBS
from cx_desktop.settings import Speech, resources, spoken
from cx_desktop.text import Catalogue, Language


def show(stream: TextIO, *, unknown: str = "") -> int:
    """Write the verbs, and before them the word that is none."""
    texts = Catalogue(resources() / "text", Language(spoken(Speech.SYSTEM)))
    lines = [texts.text("cli.unknown-verb", verb=unknown), ""] if unknown else []
    lines += [texts.text("cli.usage"), ""]
    lines += [f"  {verb:11}{texts.text(f'cli.verb.{verb}')}" for verb in VERBS]
    lines += ["", texts.text("cli.more")]
    stream.write("\n".join(lines) + "\n")
    return 0


def show_version() -> int:
    """Write which version this is."""
    print(f"cx-desktop {__version__}")  # noqa: T201  (the answer of a terminal verb)
    return 0
