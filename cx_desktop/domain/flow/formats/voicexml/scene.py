"""A document as the Form Interpretation Algorithm sees it: forms, their items, who catches what."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.formats.voicexml.markup import attribute, below, local, seconds_of

#: The elements of a form that the algorithm visits.
ITEMS = ("block", "field", "initial", "record", "transfer", "subdialog", "object")
_CATCHING = {"noinput": "noinput", "nomatch": "nomatch", "help": "help", "error": "error"}


class Item(NamedTuple):
    """An item of a form, or a menu, which is a form of one item."""

    kind: str
    element: Element
    name: str

    @property
    def is_prefilled(self) -> bool:
        """Whether it has a value from the beginning, and so is not visited by itself."""
        return attribute(self.element, "expr") not in ("", "undefined")


class Form(NamedTuple):
    """A form or menu."""

    element: Element
    name: str
    items: tuple[Item, ...]

    def index_of(self, name: str) -> int | None:
        """The place of the item with a name."""
        return next((at for at, each in enumerate(self.items) if name and each.name == name), None)


class Handler(NamedTuple):
    """A ``catch`` or one of its short forms: for which events, from which time on."""

    events: tuple[str, ...]
    since: int
    """From which time on."""
    element: Element

    def takes(self, event: str) -> bool:
        """Whether it catches an event: by its name, or by how the name begins."""
        return any(
            each in ("", ".") or event == each or event.startswith(f"{each.removesuffix('.')}.")
            for each in self.events
        )


class Scene:
    """The forms of a document by their places and names."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.forms = tuple(_form(each) for each in below(root, "form", "menu"))
        self._by_name = {each.name: at for at, each in reversed(list(enumerate(self.forms)))}
        self._handlers: dict[int, tuple[Handler, ...]] = {}
        self._settings: dict[int, dict[str, str]] = {}

    def form_at(self, name: str) -> int | None:
        """The place of the form with a name."""
        return self._by_name.get(name) if name else None

    def scopes(self, form: int, item: int) -> tuple[Element, ...]:
        """An item, its form and the document: the first that knows decides."""
        around = self.forms[form]
        inner = around.items[item].element
        return (inner, self.root) if inner is around.element else (inner, around.element, self.root)

    def setting(self, form: int, item: int, name: str) -> str:
        """A property as it is set for an item, or ""."""
        for scope in self.scopes(form, item):
            said = self._settings_of(scope).get(name)
            if said is not None:
                return said
        return ""

    def has_setting(self, form: int, item: int, name: str) -> bool:
        """Whether a property is set for an item at all, be it to nothing."""
        return any(name in self._settings_of(scope) for scope in self.scopes(form, item))

    def _settings_of(self, scope: Element) -> dict[str, str]:
        if id(scope) not in self._settings:
            self._settings[id(scope)] = {
                attribute(each, "name"): attribute(each, "value")
                for each in below(scope, "property")
            }
        return self._settings[id(scope)]

    def seconds(self, form: int, item: int, name: str) -> float | None:
        """A property that is a duration."""
        return seconds_of(self.setting(form, item, name))

    def handlers(self, scope: Element) -> tuple[Handler, ...]:
        """What a scope catches by itself."""
        if id(scope) not in self._handlers:
            self._handlers[id(scope)] = tuple(_handlers(scope))
        return self._handlers[id(scope)]

    def catching(self, scopes: tuple[Element, ...], event: str) -> tuple[Handler, ...]:
        """Who catches an event, the nearest first."""
        return tuple(each for scope in scopes for each in self.handlers(scope) if each.takes(event))


def at_count(handlers: tuple[Handler, ...], count: int) -> Handler | None:
    """Who catches an event the nth time: of the highest count not above it, the nearest."""
    reached = [each for each in handlers if each.since <= count]
    highest = max((each.since for each in reached), default=0)
    return next((each for each in reached if each.since == highest), None)


def _form(element: Element) -> Form:
    name = attribute(element, "id", "name")
    if local(element) == "menu":
        return Form(element, name, (Item("menu", element, name),))
    items = tuple(
        Item(local(each), each, attribute(each, "name")) for each in element if local(each) in ITEMS
    )
    return Form(element, name, items)


def _handlers(scope: Element) -> Iterator[Handler]:
    for each in scope:
        name = local(each)
        if name == "catch":
            yield Handler(tuple(attribute(each, "event").split()) or ("",), count_of(each), each)
        elif name in _CATCHING:
            yield Handler((_CATCHING[name],), count_of(each), each)


def count_of(element: Element) -> int:
    """From which time on something is said or caught."""
    text = attribute(element, "count")
    return max(int(text), 1) if re.fullmatch(r"\d{1,4}", text) else 1
