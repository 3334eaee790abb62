"""YAML without surprises: one document of mappings, lists and scalars, read and written alike.

Reading takes nothing for granted. There are no anchors, aliases, tags or merge keys, no key stands
twice, and only ``null``, ``true``, ``false`` and JSON's numbers are anything but text: ``no``,
``01 42``, ``12:30`` and ``+33…`` stay what they look like. Size, depth and number of values are
bounded before anything is built. Every refusal says in which line and column.

The C parser is required: the pure Python one is thirty times slower, and a file takes a minute.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import yaml
from typing_extensions import override

from cx_desktop.domain.flow.formats import Unreadable
from cx_desktop.domain.patch import Document, Json

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 128
MAX_VALUES = 1_000_000

#: Places are kept for keys down to this depth; deeper ones are told by the nearest key above.
_PLACE_DEPTH = 4

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")
_BOMS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"\x00\x00\xfe\xff": "UTF-32",
}


class Place(NamedTuple):
    """Where something stands in a text, counted from one."""

    line: int
    column: int


class Read(NamedTuple):
    """What a file holds, and where its keys stand."""

    value: Document
    places: dict[tuple[str, ...], Place]

    def place(self, path: tuple[str, ...]) -> Place:
        """Where a key stands, or the nearest one above it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(1, 1))


def read(data: bytes) -> Read:
    """The mapping that a file holds. Raises ``Unreadable`` with the line and column."""
    if len(data) > MAX_BYTES:
        raise Unreadable("problem.flow-file-too-large", megabytes=MAX_BYTES // 1024**2)
    text = _decoded(data)
    try:
        return _Reader(text).read()
    except yaml.reader.ReaderError as error:
        raise _refusal("character", _place_at(text, error.position)) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        raise _refusal("tab" if _is_tab(text, place) else "syntax", place) from error


def _decoded(data: bytes) -> str:
    for bom, encoding in _BOMS.items():
        if data.startswith(bom):
            raise Unreadable("problem.flow-file-encoding", line=1, column=1, encoding=encoding)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", errors="replace")
        raise _refusal("not-utf8", _place_at(before, len(before))) from error


def _place_at(text: str, position: int) -> Place:
    before = text[:position]
    return Place(before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)


def _is_tab(text: str, place: Place) -> bool:
    """Whether the trouble is a tab that indents a line, here or just before."""
    lines = text.split("\n")
    near = lines[max(0, place.line - 2) : place.line]
    return any("\t" in line[: len(line) - len(line.lstrip())] for line in near)


def _refusal(what: str, place: Place, **params: str | int) -> Unreadable:
    return Unreadable(
        f"problem.flow-file-{what}",
        place=f"{place.line}:{place.column}",
        line=place.line,
        column=place.column,
        **params,
    )


class _Reader:
    """Builds values from parser events, one by one; refuses at the first event that may not be."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._count = 0
        self._places: dict[tuple[str, ...], Place] = {}

    def read(self) -> Read:
        """The one document of the text."""
        start = next(
            event for event in self._events if not isinstance(event, yaml.StreamStartEvent)
        )
        if isinstance(start, yaml.StreamEndEvent):
            raise _refusal("empty", Place(1, 1))
        value = self._value(next(self._events), (), 0)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise _refusal("several-documents", _place(after))
        if not isinstance(value, dict):
            raise _refusal("empty", Place(1, 1))
        return Read(value, self._places)

    def _value(self, event: yaml.Event, path: tuple[str, ...], depth: int) -> Json:
        self._check(event, depth)
        match event:
            case yaml.ScalarEvent():
                return _scalar(event)
            case yaml.SequenceStartEvent():
                return list(self._items(path, depth + 1))
            case _:
                return self._mapping(path, depth + 1)

    def _check(self, event: yaml.Event, depth: int) -> None:
        self._count += 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _refusal("alias", _place(event))
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            raise _refusal("tag", _place(event), tag=str(tag)[:60])
        if depth > MAX_DEPTH:
            raise _refusal("too-deep", _place(event), levels=MAX_DEPTH)
        if self._count > MAX_VALUES:
            raise _refusal("too-many", _place(event), values=MAX_VALUES)

    def _items(self, path: tuple[str, ...], depth: int) -> Iterator[Json]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._value(event, path, depth)

    def _mapping(self, path: tuple[str, ...], depth: int) -> Document:
        mapping: Document = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            self._check(event, depth)
            if not isinstance(event, yaml.ScalarEvent):
                raise _refusal("key", _place(event))
            key: str = event.value
            if key in mapping:
                raise _refusal("twice", _place(event), name=key[:60])
            if depth <= _PLACE_DEPTH:
                self._places[(*path, key)] = _place(event)
            mapping[key] = self._value(next(self._events), (*path, key), depth)
        return mapping


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


_WORDS: dict[str, Json] = {"": None, "~": None, "null": None, "true": True, "false": False}


def _scalar(event: yaml.ScalarEvent) -> Json:
    """The value of a scalar: text when it is quoted or a block, else what JSON would see."""
    text: str = event.value
    if event.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    number = _NUMBER.fullmatch(text)
    if number is None:
        return text
    return float(text) if number[1] or number[2] else int(text)


def write(document: Document) -> bytes:
    """A document in its one written form: a value per line, texts quoted where YAML would guess."""
    text: bytes = yaml.dump(
        document,
        Dumper=_Writer,
        encoding="utf-8",
        allow_unicode=True,
        default_flow_style=False,
        sort_keys=False,
        width=2**30,
    )
    return text if text.endswith(b"\n") else text + b"\n"


class Inline(list[Json]):
    """A list that is written on one line."""


class _Writer(yaml.CSafeDumper):
    """Never an alias, long texts as blocks, short lists of numbers on one line."""

    @override
    def ignore_aliases(self, data: object) -> bool:
        return True


def _text(writer: _Writer, text: str) -> yaml.ScalarNode:
    return writer.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if _is_block(text) else None
    )


def _is_block(text: str) -> bool:
    """Whether a text reads well as a block: several lines, none of which ends or begins blank."""
    lines = text.split("\n")
    return len(lines) > 1 and all(line == line.strip() for line in lines) and bool(lines[0])


def _inline(writer: _Writer, items: Inline) -> yaml.SequenceNode:
    return writer.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)


def _also_quoted(patterns: Iterable[tuple[str, str]]) -> None:
    """Have texts quoted that this reader, or another program's, would take for something else."""
    for tag, pattern in patterns:
        _Writer.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), None)


_Writer.add_representer(str, _text)
_Writer.add_representer(Inline, _inline)
_also_quoted(
    (
        ("float", r"^[-+]?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?$"),
        ("float", r"^[-+]?\.[0-9]+([eE][-+]?[0-9]+)?$"),
        ("bool", r"^([yYnN]|[tT][rR][uU][eE]|[fF][aA][lL][sS][eE]|[oO][nN]|[oO][fF][fF])$"),
        ("int", r"^0[xXoObB][0-9a-fA-F_]+$"),
    )
)
