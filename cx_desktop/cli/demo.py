"""``cx-desktop demo``: the window on the embedded service; no account, no network."""

import sys

import typer

from cx_desktop.cli.open import LanguageOption, TextSizeOption, ThemeOption, overrides

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    language: LanguageOption = None, theme: ThemeOption = None, text_size: TextSizeOption = None
) -> None:
    """Open the window on the embedded service with demo data."""
    from cx_desktop.cli.window import open_demo

    given = overrides(language=language, theme=theme, text_size=text_size)
    sys.exit(open_demo(**given))
