"""``cx-desktop open``: the window, with settings that hold for this time only."""

import sys
from typing import Annotated

import typer

from cx_desktop.settings import Scheme, Speech

app = typer.Typer(add_completion=False)

LanguageOption = Annotated[
    Speech | None, typer.Option(help="Language of the interface, for this window only.")
]
ThemeOption = Annotated[Scheme | None, typer.Option(help="Light or dark, for this window only.")]
TextSizeOption = Annotated[
    int | None, typer.Option(min=80, max=200, help="Text size in per cent, for this window only.")
]


def overrides(
    *, language: Speech | None, theme: Scheme | None, text_size: int | None
) -> dict[str, object]:
    """What was given, by the name of its setting."""
    given = {"language": language, "theme": theme, "text_size": text_size}
    return {name: value for name, value in given.items() if value is not None}


@app.command()
def open_(
    language: LanguageOption = None, theme: ThemeOption = None, text_size: TextSizeOption = None
) -> None:
    """Open the window."""
    from cx_desktop.cli.window import open_window

    given = overrides(language=language, theme=theme, text_size=text_size)
    sys.exit(open_window(**given))
