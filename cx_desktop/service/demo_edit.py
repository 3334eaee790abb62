"""Brings a flow of the demo from one of its versions to another."""

from typing import cast

from cx_desktop.domain.patch import Document, Json, apply, change
from cx_desktop.service.demo_data import DemoEdit


def edited(document: Document, edit: DemoEdit, language: str) -> Document:
    """The document after an edit."""
    document = cast("Document", _reworded(document, edit.words.get(language, {})))
    document = _without(document, frozenset(edit.without))
    links = [
        change(document, ("links", *slot.split(" ")), target) for slot, target in edit.links.items()
    ]
    props = [
        change(document, ("nodes", node, "props", name), value)
        for node, values in edit.props.items()
        for name, value in values.items()
    ]
    return apply(document, [*links, *props])


def _without(document: Document, gone: frozenset[str]) -> Document:
    links = cast("dict[str, dict[str, str]]", document["links"])
    kept: Document = {
        node: {way: target for way, target in ways.items() if target not in gone}
        for node, ways in links.items()
        if node not in gone
    }
    entries = {
        part: {
            key: value for key, value in cast("Document", document[part]).items() if key not in gone
        }
        for part in ("nodes", "notes")
    }
    return document | entries | {"links": kept}


def _reworded(value: Json, words: dict[str, str]) -> Json:
    """Any JSON with texts replaced wherever they stand."""
    if isinstance(value, str):
        for old, new in words.items():
            value = value.replace(old, new)
        return value
    if isinstance(value, dict):
        return {key: _reworded(part, words) for key, part in value.items()}
    if isinstance(value, list):
        return [_reworded(part, words) for part in value]
    return value
