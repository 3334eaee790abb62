"""Flow definitions inside other documents: answers of Twilio's API, exports of several flows."""

from collections.abc import Iterator

import msgspec
from msgspec import Struct

from cx_desktop.domain.flow.formats import Unreadable
from cx_desktop.domain.flow.formats.incoming import MAX_DEPTH, json_of
from cx_desktop.domain.patch import Document, Json

_CONTENT = "definition"
_MOST_FLOWS = 200


class Wrapped(Struct, frozen=True):
    """A flow definition, where it stood, and the object around it."""

    document: Document
    place: str = ""
    around: Document = {}

    @property
    def name(self) -> str:
        """What the document around the flow calls it."""
        return self.said("friendly_name", "friendlyName", "name")

    @property
    def handles(self) -> tuple[str, ...]:
        """What other flows of the file may call it by."""
        return tuple(filter(None, (self.said("sid"),)))

    def said(self, *keys: str) -> str:
        """The first text that the document around the flow has under one of these keys."""
        return next((value for key in keys if isinstance(value := self.around.get(key), str)), "")


def is_definition(value: Json) -> bool:
    """Whether a document is the definition of a Studio flow."""
    if not isinstance(value, dict) or not isinstance(value.get("states"), list):
        return False
    states = value["states"]
    return "initial_state" in value or any(
        isinstance(state, dict) and "type" in state for state in states
    )


def flows_in(value: Json) -> Iterator[Wrapped]:
    """Every flow definition that a document is or holds, in its order."""
    found = 0
    waiting = [Wrapped({"": value})]
    while waiting and found < _MOST_FLOWS:
        here = waiting.pop()
        inside = here.document[""]
        if isinstance(inside, dict) and is_definition(inside):
            found += 1
            yield msgspec.structs.replace(here, document=inside)
        elif here.place.count(".") + here.place.count("[") < MAX_DEPTH:
            waiting.extend(reversed(list(_below(inside, here))))


def _below(value: Json, here: Wrapped) -> Iterator[Wrapped]:
    if isinstance(value, list):
        for at, each in enumerate(value):
            yield Wrapped({"": each}, f"{here.place}[{at}]", here.around)
        return
    for key, each in value.items() if isinstance(value, dict) else ():
        where = f"{here.place}.{key}" if here.place else key
        around = value if isinstance(value, dict) else {}
        if isinstance(each, str) and key == _CONTENT:
            yield Wrapped({"": _opened(each, where)}, where, around)
        elif isinstance(each, dict | list):
            yield Wrapped({"": each}, where, around)


def _opened(text: str, place: str) -> Json:
    """The document a text holds, or None when it is some other text."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        return json_of(text)
    except Unreadable as error:
        raise Unreadable(
            "problem.import-inside", place=place, line=error.line, column=error.column
        ) from error
