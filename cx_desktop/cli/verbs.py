"""The root of the command line: each verb is imported when it is asked for."""

from importlib import import_module
from typing import Annotated

import typer
from click import Command, Context
from typer.core import TyperGroup
from typer.main import get_command
from typing_extensions import override

from cx_desktop import __version__
from cx_desktop.cli import VERBS


class _LazyVerbs(TyperGroup):
    @override
    def list_commands(self, ctx: Context) -> list[str]:
        return list(VERBS)

    @override
    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        if cmd_name not in VERBS:
            return None
        verb: typer.Typer = import_module(f"cx_desktop.cli.{cmd_name}").app
        command = get_command(verb)
        command.name = cmd_name
        command.short_help = VERBS[cmd_name]
        return command


app = typer.Typer(
    cls=_LazyVerbs,
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Run a contact centre's flows, accesses, recordings and campaigns.",
)


def _show_version(is_asked: bool) -> None:  # noqa: FBT001  (typer calls it so)
    if is_asked:
        typer.echo(f"cx-desktop {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[  # noqa: ARG001  (the callback answers)
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Say which.")
    ] = False,  # noqa: FBT002  (typer's way)
) -> None:
    """Run a contact centre's flows, accesses, recordings and campaigns."""


def run() -> None:
    """Run the verb that the command line names."""
    app(prog_name="cx-desktop")
