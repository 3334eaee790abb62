"""Files from outside are hostile: their bytes become text and JSON only within fixed limits."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import NamedTuple

import yaml

from cx_desktop.domain.flow.formats import ImportNote, Unreadable
from cx_desktop.domain.patch import Json

#: The largest file that is read at all, and the most steps and levels one may hold.
MAX_BYTES = 32 * 1024 * 1024
MAX_STEPS = 20_000
#: Our own format holds what a vendor said of a step, and has 64 levels in all.
MAX_DEPTH = 50

_MEBIBYTE = 1024 * 1024
_UTF_16 = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
#: A Terraform placeholder where JSON wants a value, and a directive on its own.
_PLACEHOLDER = re.compile(r'"(?:[^"\\]|\\.)*"|(\$\{[^{}"\n]*\})|(%\{[^{}\n]*\})')


class Text(NamedTuple):
    """The text of a file, and what to tell about how it was read."""

    text: str
    notes: tuple[ImportNote, ...] = ()


class File(NamedTuple):
    """A file to read: its bytes and its text, what it is called, and what its text had to tell.

    The name decides nothing; a flow that has none gets it.
    """

    data: bytes
    text: str
    filename: str = ""
    notes: tuple[ImportNote, ...] = ()


def check_size(size: int) -> None:
    """Refuse a file that is larger than any flow; ask before reading it into memory."""
    if size > MAX_BYTES:
        raise Unreadable(
            "problem.import-too-large", size=size // _MEBIBYTE, limit=MAX_BYTES // _MEBIBYTE
        )


def text_of(data: bytes) -> Text:
    """The text of a file in UTF-8 or UTF-16, else in the Western Windows encoding."""
    check_size(len(data))
    for mark, encoding in _UTF_16:
        if data.startswith(mark):
            return Text(_decoded(data[len(mark) :], encoding))
    if b"\0" in data:
        return Text(_decoded(data, _unmarked_utf_16(data)))
    text, notes = _utf_8_or_western(data.removeprefix(codecs.BOM_UTF8))
    if not text.strip():
        raise Unreadable("problem.import-empty")
    return Text(text, notes)


def _utf_8_or_western(data: bytes) -> tuple[str, tuple[ImportNote, ...]]:
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        note = ImportNote("import.western-encoding", {"line": line})
        return _decoded(data, "cp1252"), (note,)


def _unmarked_utf_16(data: bytes) -> str:
    """The encoding of text whose every second byte is zero; anything else with zeros is no text."""
    even, odd = data[:200:2], data[1:200:2]
    if odd and not any(odd):
        return "utf-16-le"
    if even and not any(even):
        return "utf-16-be"
    at = data.index(b"\0")
    raise Unreadable("problem.import-not-text", place=f"byte {at + 1}", byte=at + 1)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start + 1
        raise Unreadable("problem.import-not-text", place=f"byte {at}", byte=at) from error


def json_of(text: str) -> Json:
    """The JSON value a text holds.

    Terraform placeholders that stand where JSON wants a value are taken as texts.
    """
    try:
        return _json(text)
    except Unreadable:
        if "${" not in text and "%{" not in text:
            raise
        return _json(_PLACEHOLDER.sub(_quoted, text))


def _quoted(match: re.Match[str]) -> str:
    if match[1]:
        return json.dumps(match[1])
    return "" if match[2] else match[0]


_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def _json(text: str) -> Json:
    try:
        value: Json = json.loads(text)
        if _HALF_CHARACTER.search(text):
            json.dumps(value, ensure_ascii=False).encode()
        _check_depth(value)
    except json.JSONDecodeError as error:
        raise _syntax(error.lineno, error.colno) from error
    except RecursionError as error:
        raise Unreadable("problem.import-too-deep", limit=MAX_DEPTH) from error
    except UnicodeEncodeError as error:
        raise Unreadable("problem.import-character") from error
    except ValueError as error:  # a number of thousands of digits
        raise Unreadable("problem.import-number") from error
    return value


def _check_depth(value: Json) -> None:
    """Refuse a value of too many levels, level by level."""
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        objects = (each.values() for each in level if isinstance(each, dict))
        lists = (each for each in level if isinstance(each, list))
        level = [
            each
            for inside in (*objects, *lists)
            for each in inside
            if isinstance(each, dict | list)
        ]
        if not level:
            return
    raise Unreadable("problem.import-too-deep", limit=MAX_DEPTH)


def _syntax(line: int, column: int) -> Unreadable:
    return Unreadable("problem.import-syntax", place=f"{line}:{column}", line=line, column=column)


def yaml_of(text: str, *, levels: int = MAX_DEPTH) -> Json:
    """The YAML value a text holds, every scalar as text; tags are passed over, aliases refused."""
    try:
        return _built(yaml.parse(text, Loader=yaml.CSafeLoader), levels)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _syntax(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1) from error
    except yaml.YAMLError as error:
        raise _syntax(1, 1) from error


class _Open(NamedTuple):
    """A collection that is being filled; a mapping's keys and values alternate in ``items``."""

    is_mapping: bool
    items: list[Json]


def _built(events: Iterator[yaml.Event], levels: int) -> Json:
    """The value of the first document, built without recursion."""
    root = _Open(False, [])
    stack = [root]
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            mark = event.start_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            raise Unreadable(
                "problem.import-alias", place=f"{line}:{column}", line=line, column=column
            )
        if isinstance(event, yaml.ScalarEvent):
            stack[-1].items.append(event.value)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(stack) > levels:
                raise Unreadable("problem.import-too-deep", limit=levels)
            stack.append(_Open(isinstance(event, yaml.MappingStartEvent), []))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            _close(stack)
        elif isinstance(event, yaml.DocumentEndEvent):
            break
    return root.items[0] if root.items else None


def _close(stack: list[_Open]) -> None:
    done = stack.pop()
    if done.is_mapping:
        pairs = zip(done.items[::2], done.items[1::2], strict=True)
        stack[-1].items.append({key if isinstance(key, str) else "": value for key, value in pairs})
    else:
        stack[-1].items.append(done.items)
