"""``cx-desktop demo``: the window on the embedded service; no account, no network."""

import sys
from typing import Annotated

import typer

from cx_desktop.cli.open import LanguageOption, TextSizeOption, ThemeOption, overrides

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    language: LanguageOption = None,
    theme: ThemeOption = None,
    text_size: TextSizeOption = None,
    recordings: Annotated[
        int, typer.Option(min=0, max=5_000_000, help="See to it that there are so many recordings.")
    ] = 5_000,
) -> None:
    """Open the window on the embedded service with demo data."""
    from cx_desktop.cli.window import open_demo

    given = overrides(language=language, theme=theme, text_size=text_size)
    sys.exit(open_demo(recordings=recordings, **given))
