"""A document in the making: its forms, where exits lead, and how it is written down."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement
from xml.sax.saxutils import escape, quoteattr

from cx_desktop.domain.flow.behaviour import onward
from cx_desktop.domain.flow.formats.voicexml.ecma import UnsayableError
from cx_desktop.domain.flow.formats.voicexml.elements import NAMESPACE
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.kinds import kind_of

if TYPE_CHECKING:
    from cx_desktop.domain.flow.formats import ImportNote
    from cx_desktop.domain.patch import Document

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,59}")
#: Elements whose blanks are heard: they stand on one line.
_INLINE = frozenset({"prompt", "log", "script", "option"})


class Sheet:
    """What the parts of the writer share: the flow, the names of its forms, what is to be told."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.notes: list[ImportNote] = []
        self.variables: dict[str, None] = {}
        self.functions: dict[str, None] = {}
        self._names = _names(flow.nodes)

    def form(self, node: Node, *content: Element) -> Element:
        """The form of a step."""
        element = Element("form", {"id": self._names[node.id]})
        element.extend(content)
        return element

    def name_of(self, node: NodeId) -> str:
        """The name of a step's form."""
        return self._names[node]

    def leaving(self, node: Node, way: str) -> Element:
        """Going on by an exit: to another form, or to the end of the call."""
        return self.going(onward(self.flow, node.id, ExitId(way)).node)

    def going(self, target: NodeId | None) -> Element:
        """Going on at a step, or nowhere."""
        if target is None or target not in self._names:
            return Element("exit")
        return Element("goto", {"next": f"#{self._names[target]}"})

    def is_linked(self, node: Node, way: str) -> bool:
        """Whether an exit leads to a step by its own link."""
        return self.flow.links.get(node.id, {}).get(ExitId(way)) in self._names

    def declare(self, name: str) -> str:
        """A variable of the document, set here; its name where another one may hide it."""
        self.variables.setdefault(name)
        return f"document.{name}"


def _names(nodes: Iterable[NodeId]) -> Mapping[NodeId, str]:
    """A name for every step: its id where that can be one."""
    names: dict[NodeId, str] = {}
    taken = {each for each in nodes if _NAME.fullmatch(each)}
    for at, each in enumerate(nodes):
        if each in taken:
            names[each] = each
            continue
        name = f"n{at}"
        while name in taken:
            name += "_"
        names[each] = name
        taken.add(NodeId(name))
    return names


class Values:
    """A step's properties, of the types that they are declared with."""

    def __init__(self, node: Node) -> None:
        self.props: Document = kind_of(node).filled(node.props)

    def text(self, name: str) -> str:
        """A text."""
        value = self.props.get(name)
        if not isinstance(value, str):
            raise UnsayableError(name)
        return value

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number within limits."""
        value = self.props.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise UnsayableError(name)
        return value

    def seconds(self, name: str, least: float, most: float) -> str:
        """A duration as VoiceXML writes it."""
        value = self.props.get(name)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not isinstance(value, int | float) or not least <= value <= most:
            raise UnsayableError(name)
        return f"{round(value * 1000)}ms" if value != int(value) else f"{int(value)}s"

    def is_on(self, name: str) -> bool:
        """Whether a toggle is on."""
        return self.props.get(name) is True

    def refuse(self, *names: str) -> None:
        """Say that these cannot be said, if they are set."""
        for each in names:
            if self.props.get(each) not in (None, "", [], False, "none"):
                raise UnsayableError(each)


def make(tag: str, attributes: Mapping[str, str] | None = None, *content: Element) -> Element:
    """An element with what it holds."""
    element = Element(tag, dict(attributes or {}))
    element.extend(content)
    return element


def chosen(branches: Iterable[tuple[str, list[Element]]], otherwise: list[Element]) -> Element:
    """An ``if`` with its branches; without any, there is nothing to ask."""
    element: Element | None = None
    for condition, content in branches:
        if element is None:
            element = Element("if", {"cond": condition})
        else:
            SubElement(element, "elseif", {"cond": condition})
        element.extend(content)
    if element is None:
        element = Element("if", {"cond": "true"})
        element.extend(otherwise)
        return element
    if otherwise:
        SubElement(element, "else")
        element.extend(otherwise)
    return element


def text_of(root: Element) -> str:
    """A document written down, each element on its line but where blanks would be heard."""
    lines: list[str] = ['<?xml version="1.0" encoding="UTF-8"?>']
    _lines(root, 0, lines, {"xmlns": NAMESPACE})
    return "\n".join(lines) + "\n"


def _lines(element: Element, depth: int, lines: list[str], more: Mapping[str, str]) -> None:
    indent = "  " * depth
    if element.tag in _INLINE or not len(element):
        lines.append(indent + _inline(element))
        return
    lines.append(f"{indent}{_opening(element, more)}>")
    for each in element:
        _lines(each, depth + 1, lines, {})
    lines.append(f"{indent}</{element.tag}>")


def _inline(element: Element) -> str:
    inside = escape(element.text or "") + "".join(
        _inline(each) + escape(each.tail or "") for each in element
    )
    opening = _opening(element, {})
    return f"{opening}>{inside}</{element.tag}>" if inside else f"{opening}/>"


def _opening(element: Element, more: Mapping[str, str]) -> str:
    said = {**more, **{_attribute(name): value for name, value in element.attrib.items()}}
    return f"<{element.tag}" + "".join(
        f" {name}={quoteattr(value, {chr(10): '&#10;', chr(9): '&#9;', chr(13): '&#13;'})}"
        for name, value in said.items()
    )


def _attribute(name: str) -> str:
    return name.replace("{http://www.w3.org/XML/1998/namespace}", "xml:")
