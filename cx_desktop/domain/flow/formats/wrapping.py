"""Flows inside other documents: API answers, CloudFormation templates, exports with a name.

A Connect flow travels as an object, or as text inside a ``Content`` field of something else.
"""

from collections.abc import Iterator
from typing import NamedTuple

from cx_desktop.domain.flow.formats import Unreadable
from cx_desktop.domain.flow.formats.incoming import MAX_DEPTH, json_of
from cx_desktop.domain.patch import Document, Json

#: Fields that hold a whole flow.
_CONTENT = ("Content", "content", "DefinitionBody")
_MOST_FLOWS = 200
#: What stands between a flow's name in a template and its content.
_LEVELS = frozenset({*_CONTENT, "Properties", "ContactFlow", "ContactFlowModule"})
_IDENTITIES = ("Id", "Arn", "id", "arn")


class Wrapped(NamedTuple):
    """A flow's document, where it stood in the file, and what the file calls it."""

    document: Document
    place: str = ""
    name: str = ""
    description: str = ""
    handles: tuple[str, ...] = ()
    """What other flows of the file may call it by: its key in a template, its id, its address."""


def is_flow_language(value: Json) -> bool:
    """Whether a document is a flow of the flow language of 2019."""
    return isinstance(value, dict) and "Actions" in value and "modules" not in value


def is_legacy(value: Json) -> bool:
    """Whether a document is a flow of the first export format."""
    return isinstance(value, dict) and isinstance(value.get("modules"), list)


def flows_in(value: Json) -> Iterator[Wrapped]:
    """Every Connect flow that a document is or holds, in its order."""
    found = 0
    stack: list[Wrapped | tuple[Json, str, Document]] = [(value, "", {})]
    while stack and found < _MOST_FLOWS:
        here = stack.pop()
        if isinstance(here, Wrapped):
            found += 1
            yield here
            continue
        inside, place, around = here
        if is_flow_language(inside) or is_legacy(inside):
            if isinstance(inside, dict):
                stack.append(Wrapped(inside, place, *_names(around), _handles(place, around)))
        elif place.count(".") < MAX_DEPTH:
            stack.extend(reversed(list(_below(inside, place, around))))


def _below(
    value: Json, place: str, around: Document
) -> Iterator[Wrapped | tuple[Json, str, Document]]:
    if isinstance(value, list):
        for at, each in enumerate(value):
            yield each, f"{place}[{at}]", around
        return
    if not isinstance(value, dict):
        return
    for key, each in value.items():
        where = f"{place}.{key}" if place else str(key)
        if isinstance(each, str) and key in _CONTENT:
            inner = _opened(each, where)
            if inner is not None:
                yield inner, where, value
        elif isinstance(each, dict | list):
            yield each, where, value


def _opened(text: str, place: str) -> Json:
    """The document a text holds, or None when it is some other text."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        return json_of(text)
    except Unreadable as error:
        if '"Actions"' not in text and '"modules"' not in text:
            return None
        raise Unreadable(
            "problem.import-inside", place=place, line=error.line, column=error.column
        ) from error


def _names(around: Document) -> tuple[str, str]:
    return _text(around, "Name", "name"), _text(around, "Description", "description")


def _handles(place: str, around: Document) -> tuple[str, ...]:
    keys = [key for key in place.split(".") if key not in _LEVELS and not key.endswith("]")]
    said = [_text(around, name) for name in _IDENTITIES]
    return tuple(dict.fromkeys(filter(None, (*keys[-1:], *said))))


def _text(around: Document, *keys: str) -> str:
    return next((value for key in keys if isinstance(value := around.get(key), str)), "")
