"""The program's verbs for terminals and pipelines.

``cx-desktop`` alone opens the window, and nothing but the window is imported then. Each verb is a
module ``cli/<verb>.py`` with a ``typer.Typer`` named ``app``, imported when it is asked for: typer
alone costs half the time that a bare window takes.
"""

import sys
from importlib import import_module

VERBS = (
    "open",
    "demo",
    "serve",
    "flow",
    "project",
    "emergency",
    "backup",
    "restore",
    "escrow",
    "sync",
    "doctor",
)

_BAD_USAGE = 2


def main() -> None:
    """Run the verb that the command line names; without one, open the window."""
    words = sys.argv[1:]
    if not words:
        from cx_desktop.cli.window import open_window

        sys.exit(open_window())
    sys.exit(_run(words[0], words[1:]))


def _run(verb: str, words: list[str]) -> int:
    if verb in VERBS:
        import_module(f"cx_desktop.cli.{verb}").app(args=words, prog_name=f"cx-desktop {verb}")
        return 0
    from cx_desktop.cli import usage

    match verb:
        case "--version":
            return usage.show_version()
        case "--help" | "-h" | "help":
            return usage.show(sys.stdout)
    usage.show(sys.stderr, unknown=verb)
    return _BAD_USAGE
