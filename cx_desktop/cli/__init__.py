"""The program's verbs for terminals and pipelines.

``cx-desktop`` alone opens the window; nothing but the window is imported then. Each other verb is
a module ``cli/<verb>.py`` with a ``typer.Typer`` named ``app``, imported only when it is asked for.
"""

import sys

#: The verbs, and what ``--help`` says of each without importing it.
VERBS = {
    "open": "Open the window (what happens without a verb).",
    "demo": "Open the window on the embedded service with demo data; needs no account, no network.",
    "serve": "Run the reference service.",
    "flow": "Check and convert flow files.",
    "doctor": "Say what this computer lacks.",
}


def main() -> None:
    """Run the verb that the command line names; without one, open the window."""
    if len(sys.argv) == 1:
        from cx_desktop.cli.open import open_window  # noqa: PLC0415  (start-up)

        sys.exit(open_window())
    from cx_desktop.cli.verbs import run  # noqa: PLC0415  (typer takes 50 ms)

    run()
