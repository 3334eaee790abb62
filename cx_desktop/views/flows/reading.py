"""The strip above an old version that is looked at: which one, and what can be made of it."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple, Protocol

from cx_desktop.domain.access import Verb
from cx_desktop.models.language import Language
from cx_desktop.models.objects.revisions import RevisionRow
from cx_desktop.models.permissions import Permissions
from cx_desktop.views.widgets.strip import Strip, Way


class Publish(Protocol):
    """Asks to put an old version before callers again."""

    def __call__(self, *, returns_to: int | None = None) -> object:
        """Ask."""


class Deeds(NamedTuple):
    """What can be made of an old version."""

    take: Callable[[RevisionRow, str], object]
    """Make it the draft."""
    publish: Publish
    leave: Callable[[], object]
    """Look at the draft again."""


def say_reading(
    strip: Strip, language: Language, permissions: Permissions, row: RevisionRow, deeds: Deeds
) -> None:
    """Say which version is looked at, with the ways that this user has."""
    ways = []
    if permissions.allows(Verb.FLOW_EDIT):
        take = partial(deeds.take, row, "flows.step.revert")
        ways.append(Way(key="flows.version.draft", run=take))
    if permissions.allows(Verb.FLOW_PUBLISH) and not row.is_live:
        back = partial(deeds.publish, returns_to=row.number)
        params: dict[str, str | int] = {"number": row.number}
        ways.append(Way(key="flows.version.return-to", run=back, params=params))
    ways.append(Way(key="flows.reading.leave", run=deeds.leave))
    strip.say("info", lambda: language.text("flows.reading", number=row.number), ways)
