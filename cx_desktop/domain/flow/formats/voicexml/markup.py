"""The XML of VoiceXML, taken in within limits: elements without namespaces, texts, switches."""

import html
import html.entities
import re
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from cx_desktop.domain.flow.formats import ImportNote, Unreadable
from cx_desktop.domain.flow.formats.incoming import MAX_STEPS
from cx_desktop.domain.flow.formats.voicexml.server_code import without_server_code

MOST_LEVELS = 60
MOST_ELEMENTS = 10 * MAX_STEPS
_LONGEST_RAW = 60_000

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE\s+[\w:.-]+(?:\s+(?:PUBLIC|SYSTEM|\"[^\"<\[]*\"|'[^'<\[]*'))*\s*>")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_OWN_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_NAMESPACES = frozenset(
    {
        "",
        "http://www.w3.org/2001/vxml",
        "http://www.w3.org/2001/06/grammar",
        "http://www.w3.org/2001/10/synthesis",
    }
)


class Document(NamedTuple):
    """A document's root, and what to tell about how it was taken in."""

    root: Element
    notes: tuple[ImportNote, ...]


def parsed(text: str) -> Document:
    """The root of a document; its doctype is passed over, one of its own making refused."""
    plain, notes = without_server_code(text)
    plain = _DECLARATION.sub(_lines, plain.lstrip("\ufeff"))
    plain = _ENTITY.sub(_character, _DOCTYPE.sub(_lines, plain, count=1))
    root = _root(plain.lstrip())
    _rename(root)
    if local(root) != "vxml":
        raise Unreadable("problem.import-shape", place=local(root), expected="<vxml>")
    return Document(root, notes)


def _rename(root: Element) -> None:
    """Take the namespaces of VoiceXML away, and whichever one the document has itself put in."""
    own = root.tag.rpartition("}")[0].removeprefix("{") if isinstance(root.tag, str) else ""
    ours = _NAMESPACES | {own}
    for each in root.iter():
        if isinstance(each.tag, str) and each.tag.startswith("{"):
            namespace, _, name = each.tag.rpartition("}")
            if namespace[1:] in ours:
                each.tag = name


def _root(text: str) -> Element:
    depth = count = 0
    root: Element | None = None
    try:
        for event, element in iterparse(
            BytesIO(text.encode("utf-8", "replace")), events=("start", "end"), forbid_dtd=True
        ):
            if event == "end":
                depth -= 1
                continue
            root = element if root is None else root
            depth, count = depth + 1, count + 1
            _check(depth, count)
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


def _check(depth: int, count: int) -> None:
    if depth > MOST_LEVELS:
        raise Unreadable("problem.import-too-deep", limit=MOST_LEVELS)
    if count > MOST_ELEMENTS:
        raise Unreadable("problem.import-too-many-steps", count=count, limit=MAX_STEPS)


def _character(found: re.Match[str]) -> str:
    """A named character of HTML, which no VoiceXML document declares but many use."""
    if found[1] in _OWN_ENTITIES:
        return found[0]
    return html.escape(html.unescape(found[0])) if found[1] + ";" in html.entities.html5 else ""


def _lines(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def local(element: Element) -> str:
    """The name of an element of VoiceXML; one of another language keeps its namespace in braces."""
    if not isinstance(element.tag, str):
        return ""
    namespace, _, name = element.tag.rpartition("}")
    return name if namespace.removeprefix("{") in _NAMESPACES else element.tag


def attribute(element: Element, *names: str) -> str:
    """The first of these attributes that says something, without blanks around."""
    return next((value for name in names if (value := element.get(name, "").strip())), "")


def language_of(element: Element) -> str:
    """The language an element says it is in."""
    return attribute(element, "{http://www.w3.org/XML/1998/namespace}lang")


def below(element: Element, *names: str) -> tuple[Element, ...]:
    """The elements of these names right below one."""
    return tuple(each for each in element if local(each) in names)


def texts_in(element: Element) -> Iterator[str | Element]:
    """What an element holds, in order: texts and elements."""
    if element.text:
        yield element.text
    for each in element:
        if isinstance(each.tag, str):
            yield each
        if each.tail:
            yield each.tail


def words_of(element: Element) -> str:
    """The text of an element, blanks run together."""
    return " ".join("".join(element.itertext()).split())


def raw_of(element: Element) -> str:
    """An element as it is written."""
    tail, element.tail = element.tail, None
    try:
        return tostring(element, encoding="unicode")[:_LONGEST_RAW]
    finally:
        element.tail = tail


#: Durations: ``5s``, ``500ms``, ``1.5s``; some write only the number, of seconds or milliseconds.
_DURATION = re.compile(r"\+?(\d{1,9}(?:\.\d{1,6})?|\.\d{1,6})\s*(ms|s)?")


def seconds_of(text: str) -> float | None:
    """A duration in seconds, or None where none is said."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        return None
    number = float(found[1])
    is_short = found[2] == "ms" or (found[2] is None and number >= 100)
    return number / 1000 if is_short else number
