"""Finding words in a flow: in titles, kinds, property values, exits and comments."""

from collections.abc import Callable, Iterator

from msgspec import Struct

from cx_desktop.domain.flow.graph import Flow, Node, NodeId, NoteId
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.patch import Json
from cx_desktop.models.commands import fold
from cx_desktop.models.flow_walk import reading_order

#: How much text stands around what was found.
AROUND = 40


class Place(Struct, frozen=True):
    """Where something was found: the node or note, the property, and the text around it."""

    node: NodeId | None
    text: str
    property: str = ""
    note: NoteId | None = None


def find(flow: Flow, needle: str, title: Callable[[Node], str]) -> list[Place]:
    """Every place that holds ``needle``, in reading order; accents and case do not matter."""
    wanted = fold(needle.strip())
    if not wanted:
        return []
    places: list[Place] = []
    for key in reading_order(flow):
        node = flow.nodes[key]
        seen: set[str] = set()
        for name, text in _texts(node, title):
            at = fold(text).find(wanted)
            if at >= 0 and name not in seen:
                seen.add(name)
                places.append(Place(key, _excerpt(text, at, len(wanted)), name))
    for note in flow.notes.values():
        at = fold(note.text).find(wanted)
        if at >= 0:
            places.append(Place(None, _excerpt(note.text, at, len(wanted)), note=note.id))
    return places


def _texts(node: Node, title: Callable[[Node], str]) -> Iterator[tuple[str, str]]:
    yield "", title(node)
    for name, value in node.props.items():
        for text in _strings(value):
            yield name, text
    for way in exits_of(node):
        if way.label:
            yield "", way.label
    yield "id", node.id


def _strings(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)


def _excerpt(text: str, at: int, length: int) -> str:
    begin, end = max(0, at - AROUND), at + length + AROUND
    before, after = "…" if begin else "", "…" if end < len(text) else ""
    return f"{before}{text[begin:end]}{after}".replace("\n", " ")
