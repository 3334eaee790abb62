"""How a group of verbs ends on bad usage, where 2 already says that there is something."""

from typing import cast

import typer
from typer.core import TyperGroup
from typing_extensions import override

_FAILED = 1
#: What typer raises when words cannot be understood: the class above the one it tells of.
_BadUsage = cast("type[typer.BadParameter]", typer.BadParameter.__base__)


class VerbGroup(TyperGroup):
    """Ends with 1 on bad usage."""

    @override
    def invoke(self, ctx: object) -> object:
        try:
            return super().invoke(cast("typer.Context", ctx))
        except _BadUsage as error:
            error.show()
            raise typer.Exit(_FAILED) from error
