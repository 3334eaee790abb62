"""The XML of FreeSWITCH: read as patiently as FreeSWITCH reads it, and without any entities.

Its files are pieces that a preprocessor puts together: there may be several elements side by side,
and signs that XML wants written otherwise.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from cx_desktop.domain.flow.formats import Unreadable
from cx_desktop.domain.flow.formats.incoming import MAX_DEPTH
from cx_desktop.domain.patch import Document

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_STRAY_AMPERSAND = re.compile(r"&(?!(?:[A-Za-z]{1,8}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_VALUE = re.compile(r"(=\s*)(\"[^\"]*\"|'[^']*')")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_IMPOSSIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def parse(text: str) -> Element:
    """An element that holds everything a file has.

    Raises ``Unreadable`` with the line and column of what even patience cannot read.
    """
    inside = _DECLARATION.sub("", text.lstrip("\ufeff"))
    try:
        root = _parsed(inside)
    except ParseError as error:
        root = _repaired(inside, error)
    _check_depth(root)
    return root


def _parsed(inside: str) -> Element:
    try:
        root: Element = fromstring(f"<all>{inside}</all>", forbid_dtd=False)
    except DefusedXmlException as error:
        raise Unreadable("problem.import-doctype") from error
    return root


def _repaired(inside: str, error: ParseError) -> Element:
    """The text once more, with the signs in place that XML wants there."""
    repaired = _IMPOSSIBLE.sub(" ", _COMMENT.sub(_blank_lines, inside))
    repaired = _STRAY_AMPERSAND.sub("&amp;", repaired)
    repaired = _VALUE.sub(lambda found: found[1] + found[2].replace("<", "&lt;"), repaired)
    repaired = re.sub(r"<!DOCTYPE[^>\[]*>|<\?[^>]*\?>", "", repaired)
    try:
        return _parsed(repaired)
    except ParseError:
        line, column = error.position
        column = max(column - 5, 1) if line == 1 else column + 1
        raise Unreadable(
            "problem.import-syntax", place=f"{line}:{column}", line=line, column=column
        ) from error


def _blank_lines(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _check_depth(root: Element) -> None:
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [each for above in level for each in above]
        if not level:
            return
    raise Unreadable("problem.import-too-deep", limit=MAX_DEPTH)


def all_below(root: Element, name: str) -> Iterator[Element]:
    """Every element of a name, wherever it is, but not inside of another of that name."""
    waiting = [root]
    while waiting:
        here = waiting.pop(0)
        for each in here:
            if name_of(each) == name:
                yield each
            else:
                waiting.append(each)


def name_of(element: Element) -> str:
    """The name of an element without its namespace; comments have none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def raw_of(element: Element) -> Document:
    """What an element says: its name and its attributes."""
    return {"element": name_of(element), **element.attrib}
