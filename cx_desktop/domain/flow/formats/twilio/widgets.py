"""A Studio flow as its file tells it: widgets, their transitions, and what stands around them."""

from collections.abc import Iterator
from typing import NamedTuple

from cx_desktop.domain.flow.formats.shape import as_list, as_name, as_object, as_text, wrong_shape
from cx_desktop.domain.patch import Document, Json

FORMAT = "twilio-studio"


class Condition(NamedTuple):
    """What a split compares its input with."""

    type: str
    value: str


class Transition(NamedTuple):
    """One way out of a widget; without a ``target`` the execution ends there."""

    event: str
    target: str = ""
    conditions: tuple[Condition, ...] = ()


class Widget(NamedTuple):
    """One widget; ``raw`` is all that the file says of it, ``place`` where it stands."""

    name: str
    type: str
    properties: Document
    transitions: tuple[Transition, ...]
    position: tuple[float, float] | None
    raw: Document
    place: str


class Studio(NamedTuple):
    """A flow definition; ``rest`` is the document with an empty list for them.

    ``strays`` are the states that only Terraform knows, as they are written.
    """

    start: str
    widgets: tuple[Widget, ...]
    rest: Document
    strays: tuple[str, ...] = ()


def parse(document: Document) -> Studio:
    """The widgets of a flow definition."""
    states = as_list(document.get("states"), "states")
    widgets = tuple(
        widget_of(as_object(each, f"states[{at}]"), f"states[{at}]")
        for at, each in enumerate(states)
        if not _is_placeholder(each)
    )
    return Studio(
        start=as_text(document.get("initial_state"), "initial_state"),
        widgets=widgets,
        rest={key: [] if key == "states" else value for key, value in document.items()},
        strays=tuple(each for each in states if isinstance(each, str)),
    )


def _is_placeholder(value: Json) -> bool:
    return isinstance(value, str) and value.startswith("${")


def widget_of(raw: Document, place: str) -> Widget:
    """The widget of which the document says this."""
    properties = as_object(raw.get("properties"), f"{place}.properties")
    return Widget(
        name=as_name(raw.get("name"), f"{place}.name"),
        type=as_name(raw.get("type"), f"{place}.type"),
        properties=properties,
        transitions=tuple(_transitions(raw, f"{place}.transitions")),
        position=_position(properties.get("offset")),
        raw=raw,
        place=place,
    )


def _transitions(raw: Document, place: str) -> Iterator[Transition]:
    for at, each in enumerate(as_list(raw.get("transitions"), place)):
        where = f"{place}[{at}]"
        transition = as_object(each, where)
        conditions = as_list(transition.get("conditions"), f"{where}.conditions")
        yield Transition(
            event=as_name(transition.get("event"), f"{where}.event"),
            target=as_text(transition.get("next"), f"{where}.next"),
            conditions=tuple(
                _condition(test, f"{where}.conditions[{number}]")
                for number, test in enumerate(conditions)
            ),
        )


def _condition(value: Json, place: str) -> Condition:
    test = as_object(value, place)
    compared = test.get("value")
    if isinstance(compared, dict | list):
        raise wrong_shape(f"{place}.value", '"…"')
    said = compared if isinstance(compared, str) else "" if compared is None else str(compared)
    return Condition(as_text(test.get("type"), f"{place}.type"), said)


def _position(offset: Json) -> tuple[float, float] | None:
    if not isinstance(offset, dict):
        return None
    x, y = offset.get("x"), offset.get("y")
    if isinstance(x, int | float) and isinstance(y, int | float) and abs(x) + abs(y) < 1e7:
        return float(x), float(y)
    return None
