"""The XML of Call Flow Designer, taken apart within limits: components, branches, packed lists."""

from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from cx_desktop.domain.flow.formats import Unreadable
from cx_desktop.domain.flow.formats.incoming import MAX_STEPS
from cx_desktop.domain.patch import Document, Json

#: Each branch takes two levels of elements.
MOST_LEVELS = 120
MOST_ELEMENTS = 10 * MAX_STEPS

_DECLARED = "<?xml"


def parsed(text: str) -> Element:
    """The root of a document; no DTD, no entities, nothing too deep or too large."""
    depth = 0
    count = 0
    root: Element | None = None
    try:
        for event, element in iterparse(
            BytesIO(_undeclared(text).encode()), events=("start", "end"), forbid_dtd=True
        ):
            if event == "end":
                depth -= 1
                continue
            root = element if root is None else root
            depth, count = depth + 1, count + 1
            if depth > MOST_LEVELS:
                raise Unreadable("problem.import-too-deep", limit=MOST_LEVELS)
            if count > MOST_ELEMENTS:
                raise Unreadable(
                    "problem.import-too-many-steps", count=count, limit=MAX_STEPS, place="File"
                )
    except DefusedXmlException as error:
        raise Unreadable("problem.import-doctype") from error
    except ParseError as error:
        line, column = error.position
        raise Unreadable(
            "problem.import-syntax", place=f"{line}:{column + 1}", line=line, column=column + 1
        ) from error
    if root is None:
        raise Unreadable("problem.import-empty")
    return root


def _undeclared(text: str) -> str:
    """The text without its declaration: it is UTF-8 by now, whatever was declared."""
    text = text.lstrip("\ufeff \t\r\n")
    if not text.startswith(_DECLARED):
        return text
    declaration, closing, rest = text.partition("?>")
    return "\n" * declaration.count("\n") + rest if closing else text


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


class Component(NamedTuple):
    """A component: its type, its attributes, its branches, what describes it, its steps."""

    type: str
    attributes: dict[str, str]
    branches: tuple["Branch", ...] = ()
    inside: tuple[Element, ...] = ()
    steps: tuple[Element, ...] = ()

    @property
    def name(self) -> str:
        """What people call it, and formulas too."""
        return self.attributes.get("Name", "")

    @property
    def is_enabled(self) -> bool:
        """Whether it is carried out at all."""
        return self.attributes.get("Enabled", "True").lower() != "false"

    def get(self, *names: str) -> str:
        """The first of these attributes that says something."""
        return next((value for name in names if (value := self.attributes.get(name))), "")

    @property
    def raw(self) -> Document:
        """All that the file says of it, without the steps in its branches."""
        said: Document = {"attributes": dict(self.attributes)}
        if self.branches:
            said["branches"] = [{"type": each.type, **each.attributes} for each in self.branches]
        if self.inside:
            said["inside"] = [_whole(each) for each in self.inside]
        return said


class Branch(NamedTuple):
    """A branch of a component; ``steps`` are the elements in it."""

    type: str
    attributes: dict[str, str]
    steps: tuple[Element, ...]

    @property
    def is_enabled(self) -> bool:
        """Whether it can be taken at all."""
        return self.attributes.get("Enabled", "True").lower() != "false"


def attributes_of(element: Element) -> dict[str, str]:
    """The attributes of an element, without namespaces."""
    return {local(name): value for name, value in element.attrib.items()}


def steps_in(element: Element) -> tuple[Element, ...]:
    """The steps right below an element: not its branches, nor what only describes it."""
    return tuple(
        each
        for each in element
        if isinstance(each.tag, str)
        and "." not in local(each.tag)
        and not local(each.tag).endswith("Branch")
    )


def component(element: Element) -> Component:
    """An element as a component."""
    branches = tuple(
        Branch(local(each.tag), attributes_of(each), steps_in(each))
        for each in element
        if isinstance(each.tag, str) and local(each.tag).endswith("Branch")
    )
    inside = tuple(each for each in element if isinstance(each.tag, str) and "." in local(each.tag))
    return Component(
        local(element.tag), attributes_of(element), branches, inside, steps_in(element)
    )


def _whole(element: Element) -> Json:
    """An element with all that is below it."""
    return {
        "type": local(element.tag),
        "attributes": attributes_of(element),
        "inside": [_whole(each) for each in element if isinstance(each.tag, str)],
    }


class Entry(NamedTuple):
    """One entry of a list that is packed into an attribute: its type and its fields."""

    type: str
    fields: dict[str, str]

    def get(self, *names: str) -> str:
        """The first of these fields that says something."""
        return next((value for name in names if (value := self.fields.get(name))), "")


def packed(text: str) -> tuple[Entry, ...]:
    """The entries of a list that an attribute holds as XML of its own; nothing where it is none."""
    if not text.strip():
        return ()
    try:
        root = parsed(text)
    except Unreadable:
        return ()
    return tuple(_entries(root))


def _entries(root: Element) -> Iterator[Entry]:
    for each in root:
        if isinstance(each.tag, str):
            kind = attributes_of(each).get("type", local(each.tag))
            yield Entry(
                kind,
                {local(part.tag): part.text or "" for part in each if isinstance(part.tag, str)},
            )
