"""The texts of a flow that people write, each with its place: titles, values, notes.

Ids, choices and references are not among them: they are chosen, not written. What an object is
called stands in the flow by reference, and is renamed where the object is.
"""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from cx_desktop.domain.flow.graph import Flow, Node, NodeId, NoteId
from cx_desktop.domain.flow.kind import FieldType
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.flow.references import Context, references_of
from cx_desktop.domain.patch import Json, Path

Step: TypeAlias = str | int
#: The keys and places in lists that lead into a value.
Inside: TypeAlias = tuple[Step, ...]


class Passage(NamedTuple):
    """One text of a flow: where it stands, and what it says."""

    path: Path
    """The atom of the document that holds it."""
    inside: Inside
    """Where in the atom's value."""
    text: str
    is_number: bool = False
    """Whether the value is a number, and has to stay one."""
    is_name: bool = False
    """Whether it is what another object is called: it is read here, and changed there."""

    @property
    def node(self) -> NodeId | None:
        """The node it belongs to."""
        return NodeId(self.path[1]) if self.path[0] == "nodes" else None

    @property
    def note(self) -> NoteId | None:
        """The note it belongs to."""
        return NoteId(self.path[1]) if self.path[0] == "notes" else None

    @property
    def property(self) -> str:
        """The property it stands in; "" for a title and a note."""
        return self.path[3] if len(self.path) > 3 else ""


#: Types whose values are chosen and not written.
_CHOSEN = frozenset(
    {
        FieldType.TOGGLE,
        FieldType.CHOICE,
        FieldType.CHOICES,
        FieldType.KEYS,
        FieldType.REFERENCE,
    }
)
_NUMBERS = frozenset({FieldType.INTEGER, FieldType.SECONDS})
#: Parts of rows that are chosen and not written.
_PARTS_CHOSEN = frozenset({"id", "type", "operator", "ref", "as", "language", "key"})


def passages(flow: Flow, context: Context | None = None) -> Iterator[Passage]:
    """Every text of a flow, node by node, then the notes; names too, where ``context`` has them."""
    for node in flow.nodes.values():
        yield from of_node(node, context)
    for note in flow.notes.values():
        if note.text:
            yield Passage(("notes", note.id, "text"), (), note.text)


def of_node(node: Node, context: Context | None = None) -> Iterator[Passage]:
    """Every text of one node."""
    if node.title:
        yield Passage(("nodes", node.id, "title"), (), node.title)
    kind = kind_of(node)
    for name, value in node.props.items():
        declared = kind.declared(name)
        if declared is not None and declared.type in _CHOSEN:
            continue
        path = ("nodes", node.id, "props", name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            if declared is not None and declared.type in _NUMBERS:
                yield Passage(path, (), number_text(value), is_number=True)
        else:
            yield from (Passage(path, inside, text) for inside, text in _texts(value))
    if context is not None:
        yield from _names(node, context)


def number_text(value: float) -> str:
    """A number as somebody would type it, with nothing of it lost."""
    return f"{value:.0f}" if float(value).is_integer() else repr(float(value))


def _names(node: Node, context: Context) -> Iterator[Passage]:
    for each in references_of(node):
        name = (context.names_of(each.refers_to) or {}).get(each.target, "")
        if name:
            path = ("nodes", node.id, "props", each.property)
            yield Passage(path, (), name, is_name=True)


def _texts(value: Json) -> Iterator[tuple[Inside, str]]:
    """The texts in a value, however deep, in the order in which they stand."""
    waiting: list[tuple[Inside, Json]] = [((), value)]
    while waiting:
        inside, each = waiting.pop()
        if isinstance(each, str):
            if each:
                yield inside, each
        elif isinstance(each, dict):
            written = ((key, part) for key, part in each.items() if key not in _PARTS_CHOSEN)
            waiting.extend(reversed([((*inside, key), part) for key, part in written]))
        elif isinstance(each, list):
            waiting.extend(reversed([((*inside, at), part) for at, part in enumerate(each)]))
