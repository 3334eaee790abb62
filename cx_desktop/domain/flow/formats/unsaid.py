"""The settings of a flow that another product has no place for: told, never left out in silence."""

from collections.abc import Iterator

from cx_desktop.domain.flow.formats import ImportNote
from cx_desktop.domain.flow.graph import Flow
from cx_desktop.domain.flow.kinds import SETTINGS, kind_of
from cx_desktop.domain.patch import Json, same

#: Values that say the same: nothing in particular.
_NOTHING: tuple[Json, ...] = (None, "", [], "inherit")


def unsaid_settings(flow: Flow) -> Iterator[ImportNote]:
    """A note of the settings that say something, for a product that has none."""
    said = [
        each.name
        for each in SETTINGS
        if not alike(flow.meta.get(each.name, each.default), each.default)
    ]
    if said:
        yield ImportNote("import.settings-lost", {"fields": ", ".join(said)})


def unsaid_start(flow: Flow) -> Iterator[ImportNote]:
    """A note of what the start says of all calls, for a product whose start says nothing."""
    start = flow.nodes[flow.start] if flow.start is not None else None
    if start is None:
        return
    kind = kind_of(start)
    said = [
        each.name
        for each in kind.properties
        if not alike(start.props.get(each.name, each.default), each.default)
    ]
    if said:
        yield ImportNote("import.settings-lost", {"fields": ", ".join(said)}, start.id)


def alike(one: Json, other: Json) -> bool:
    """Whether two values say the same."""
    return same(one, other) or (one in _NOTHING and other in _NOTHING)
