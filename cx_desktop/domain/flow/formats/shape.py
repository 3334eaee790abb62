"""Taking a document apart: a place that holds what it must not is refused by its name."""

from cx_desktop.domain.flow.formats import Unreadable
from cx_desktop.domain.patch import Document, Json


def as_object(value: Json, place: str) -> Document:
    """A JSON object; nothing at all counts as an empty one."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise wrong_shape(place, "{…}")
    return value


def as_list(value: Json, place: str) -> list[Json]:
    """A JSON list; nothing at all counts as an empty one."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise wrong_shape(place, "[…]")
    return value


def as_text(value: Json, place: str) -> str:
    """A text; nothing at all counts as an empty one."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise wrong_shape(place, '"…"')
    return value


def as_name(value: Json, place: str) -> str:
    """A text that must be there."""
    name = as_text(value, place)
    if not name:
        raise wrong_shape(place, '"…"')
    return name


def wrong_shape(place: str, expected: str) -> Unreadable:
    """What is refused when a place of the document holds something else than it must."""
    return Unreadable("problem.import-shape", place=place, expected=expected)
