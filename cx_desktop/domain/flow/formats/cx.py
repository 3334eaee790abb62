"""Our own flow files: YAML that people can read, compare and keep beside their code.

A file says ``format: 1``, then name and settings, the steps each with its exits, the notes, the
tests, and at the end, apart, where everything stands on the canvas; so that moving a step changes
one line. Steps are sorted by id after the start, properties as they are declared: one flow has one
written form.

A step of a kind we do not know keeps its exits, linked or not (``exit: null``), its properties and
its origin. A file of a newer format is refused; there is no older one yet.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar, cast

import msgspec
from msgspec import Struct

from cx_desktop.domain.flow.formats import Imported, ImportNote, Unreadable
from cx_desktop.domain.flow.formats.incoming import File
from cx_desktop.domain.flow.formats.plain_yaml import Inline, Read
from cx_desktop.domain.flow.formats.plain_yaml import read as read_yaml
from cx_desktop.domain.flow.formats.plain_yaml import write as write_yaml
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Note, NoteId, Origin, TestId
from cx_desktop.domain.flow.kinds import FOREIGN, exits_of, kind_of
from cx_desktop.domain.flow.references import Context, to_names
from cx_desktop.domain.patch import Document, Json

FORMAT = 1

#: A flow with more steps is not written by people; it is refused before it fills the canvas.
MAX_NODES = 20_000

_KNOWN = ("format", "name", "description", "settings", "nodes", "notes", "tests", "positions")
_LEADING = (
    "id",
    "key",
    "type",
    "expect",
    "did",
    "name",
    "path",
    "variable",
    "label",
    "operator",
    "value",
    "weight",
)


class _NodeText(Struct, frozen=True):
    kind: str
    title: str = ""
    props: Document = {}
    exits: dict[str, str | None] = {}
    origin: Origin | None = None


class _NoteText(Struct, frozen=True):
    kind: str = "comment"
    text: str = ""
    colour: str = ""


class _Positions(Struct, frozen=True):
    nodes: dict[str, tuple[float, float]] = {}
    notes: dict[str, tuple[float, float, float, float]] = {}


class _FileText(Struct, frozen=True):
    name: str = ""
    description: str = ""
    settings: Document = {}
    nodes: dict[str, Document] = {}
    notes: dict[str, Document] = {}
    tests: dict[str, Document] = {}
    positions: _Positions = _Positions()


def read_file(file: File) -> tuple[Imported, ...]:
    """The one flow of a file of ours."""
    return (read(file.data),)


def read(data: bytes) -> Imported:
    """The flow in a file of ours. References stay as they are written: see ``references.to_ids``.

    Raises ``Unreadable`` with the line and column of what is wrong.
    """
    source = read_yaml(data)
    _check_format(source)
    file = _converted(source, (), {k: v for k, v in source.value.items() if k in _KNOWN}, _FileText)
    if len(file.nodes) > MAX_NODES:
        raise _refusal(source, ("nodes",), "too-many-nodes", nodes=MAX_NODES)
    texts = {
        NodeId(key): _converted(source, ("nodes", key), raw, _NodeText)
        for key, raw in file.nodes.items()
    }
    notes = {
        NoteId(key): _note(NoteId(key), _converted(source, ("notes", key), raw, _NoteText), file)
        for key, raw in file.notes.items()
    }
    flow = Flow(
        file.settings,
        {key: _node(key, text, file.positions) for key, text in texts.items()},
        {key: links for key, text in texts.items() if (links := _links(text))},
        notes,
        {TestId(key): raw for key, raw in file.tests.items()},
    )
    return Imported(flow, "cx", file.name, file.description, tuple(_told(source, flow, file)))


def _check_format(source: Read) -> None:
    version = source.value.get("format")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _refusal(source, ("format",), "no-format")
    if version > FORMAT:
        raise _refusal(source, ("format",), "newer", version=version, known=FORMAT)


Shape = TypeVar("Shape", bound=Struct)


def _converted(source: Read, path: tuple[str, ...], raw: Document, shape: type[Shape]) -> Shape:
    """A part of the file in its shape, or a refusal that names the place."""
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        inside = re.findall(r"\.(\w+)", str(error).rpartition(" - at `$")[2])
        raise _refusal(source, (*path, *inside), "shape") from error


def _refusal(source: Read, path: tuple[str, ...], what: str, **params: str | int) -> Unreadable:
    line, column = source.place(path)
    return Unreadable(
        f"problem.flow-file-{what}", place=".".join(path), line=line, column=column, **params
    )


def _node(key: NodeId, text: _NodeText, positions: _Positions) -> Node:
    x, y = positions.nodes.get(key, (0.0, 0.0))
    node = Node(key, text.kind, text.title, text.props, x, y, text.origin)
    if node.origin is None and kind_of(node) is FOREIGN and text.exits:
        return msgspec.structs.replace(node, origin=_own_origin(text.kind, text.exits))
    return node


def _own_origin(kind: str, exits: Iterable[str]) -> Origin:
    """The origin of a step whose kind a newer program wrote: nothing but its exits is known."""
    return Origin("cx", kind, exits=tuple(ExitId(way) for way in exits))


def _links(text: _NodeText) -> dict[ExitId, NodeId]:
    return {ExitId(way): NodeId(target) for way, target in text.exits.items() if target is not None}


def _note(key: NoteId, text: _NoteText, file: _FileText) -> Note:
    place = file.positions.notes.get(key)
    note = Note(key, text.kind, text.text, colour=text.colour)
    if place is None:
        return note
    x, y, width, height = place
    return msgspec.structs.replace(note, x=x, y=y, width=width, height=height)


def _told(source: Read, flow: Flow, file: _FileText) -> Iterator[ImportNote]:
    """What the file says that the flow cannot hold, and what it holds without knowing it."""
    for name in source.value.keys() - set(_KNOWN):
        yield ImportNote("import.cx-unknown-field", {"field": name[:60]})
    for node in flow.nodes.values():
        for name in sorted(file.nodes[node.id].keys() - set(_NodeText.__struct_fields__)):
            yield ImportNote("import.cx-unknown-field", {"field": name[:60]}, node.id)
        if kind_of(node) is FOREIGN:
            kind = node.origin.type if node.origin else node.kind
            yield ImportNote("import.cx-unknown-kind", {"kind": kind[:60]}, node.id)
    for link in flow.each_link():
        if link.target not in flow.nodes:
            yield ImportNote("import.cx-lost-target", {"target": link.target[:60]}, link.node)


def write(
    flow: Flow, context: Context | None = None, *, name: str = "", description: str = ""
) -> bytes:
    """A flow in our format, with the names of ``context`` in the place of ids."""
    flow = to_names(flow, context or Context())
    nodes = sorted(flow.nodes.values(), key=lambda node: (node.kind != "start", _natural(node.id)))
    notes = sorted(flow.notes.values(), key=lambda note: _natural(note.id))
    parts: dict[str, Json] = {
        "format": FORMAT,
        "name": name,
        "description": description,
        "settings": _sorted(flow.meta),
        "nodes": {node.id: _node_text(flow, node) for node in nodes},
        "notes": {note.id: _note_text(note) for note in notes},
        "tests": {key: _sorted(flow.tests[key]) for key in sorted(flow.tests, key=_natural)},
        "positions": _positions(nodes, notes),
    }
    return write_yaml({key: part for key, part in parts.items() if part not in ("", {})})


def _natural(text: str) -> list[tuple[int, int | str]]:
    """A key that sorts menu_2 before menu_10."""
    parts = re.split(r"([0-9]{1,18})", text)
    return [(0, int(part)) if at % 2 else (1, part) for at, part in enumerate(parts)]


def _node_text(flow: Flow, node: Node) -> Document:
    text: Document = {"kind": node.kind}
    if node.title:
        text["title"] = node.title
    if node.props:
        text["props"] = _props(node)
    is_own = node.origin is not None and _is_own(node, node.origin)
    ways = flow.links.get(node.id, {})
    drawn = [each.id for each in exits_of(node)]
    exits = {
        way: ways.get(way)
        for way in (*drawn, *sorted(set(ways).difference(drawn)))
        if is_own or way in ways
    }
    if exits:
        text["exits"] = exits
    if node.origin is not None and not is_own:
        text["origin"] = _sorted(cast("Document", msgspec.to_builtins(node.origin)))
    return text


def _is_own(node: Node, origin: Origin) -> bool:
    """Whether the exits in the file say all that is known of where a step comes from."""
    return kind_of(node) is FOREIGN and origin == _own_origin(node.kind, origin.exits)


def _props(node: Node) -> Document:
    """The properties in the order of their declaration, then the unknown ones."""
    declared = [each.name for each in kind_of(node).properties if each.name in node.props]
    others = sorted(node.props.keys() - set(declared))
    return {name: _sorted(node.props[name]) for name in (*declared, *others)}


Value = TypeVar("Value")


def _sorted(value: Value) -> Value:
    """A value with its keys in one order: what names a row first, the rest by alphabet."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (_rank(key), key))
        return cast("Value", {key: _sorted(value[key]) for key in keys})
    if isinstance(value, list):
        return cast("Value", [_sorted(item) for item in value])
    return value


def _rank(key: str) -> int:
    return _LEADING.index(key) if key in _LEADING else len(_LEADING)


def _note_text(note: Note) -> Document:
    text: Mapping[str, str] = {"kind": note.kind, "text": note.text, "colour": note.colour}
    return {key: value for key, value in text.items() if value or key == "kind"}


def _positions(nodes: list[Node], notes: list[Note]) -> Document:
    parts: dict[str, Document] = {
        "nodes": {node.id: _numbers(node.x, node.y) for node in nodes},
        "notes": {note.id: _numbers(note.x, note.y, note.width, note.height) for note in notes},
    }
    return {key: part for key, part in parts.items() if part}


def _numbers(*values: float) -> Inline:
    """Numbers on one line, whole ones without a decimal point."""
    return Inline(
        int(each) if float(each).is_integer() and abs(each) < 1e15 else each for each in values
    )
