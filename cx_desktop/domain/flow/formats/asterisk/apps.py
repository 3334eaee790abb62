"""What each application of Asterisk becomes: a table from its name to its reader."""

from collections.abc import Callable, Mapping

from cx_desktop.domain.flow.formats.asterisk import deciding, handing, speaking
from cx_desktop.domain.flow.formats.asterisk.around import Around
from cx_desktop.domain.flow.formats.asterisk.draft import Draft

Rule = Callable[[Around], Draft]
#: Steps inside of steps, as nobody writes them.
_DEEPEST = 8


def read(around: Around) -> Draft:
    """The nodes that a step becomes; an application that we do not know stays foreign."""
    if around.depth > _DEEPEST:
        return handing.foreign(around)
    return RULES.get(around.step.app.lower(), handing.foreign)(around)


RULES: Mapping[str, Rule] = {
    **speaking.RULES,
    **deciding.RULES,
    **deciding.executed(read),
    **handing.RULES,
}
