"""Steps that came from VoiceXML and have no kind of ours: written back as they were read."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from cx_desktop.domain.flow.formats.voicexml.ecma import UnsayableError
from cx_desktop.domain.flow.formats.voicexml.elements import ELEMENTS
from cx_desktop.domain.flow.formats.voicexml.saying import clean
from cx_desktop.domain.flow.formats.voicexml.scene import ITEMS
from cx_desktop.domain.flow.formats.voicexml.sheet import Sheet, chosen, make
from cx_desktop.domain.flow.graph import Node

_FORMAT = "voicexml"


def verbatim(sheet: Sheet, node: Node) -> Element:
    """The form of a step as its document had it; raises ``UnsayableError`` for any other step."""
    origin = node.origin
    if origin is None or origin.format != _FORMAT:
        raise UnsayableError(node.kind)
    if isinstance(origin.raw, list):
        scripts = [each for each in origin.raw if isinstance(each, str)]
        return _questions(sheet, node, scripts)
    if not isinstance(origin.raw, str):
        raise UnsayableError(origin.type)
    if not origin.raw.startswith("<"):
        return _questions(sheet, node, [origin.raw])
    element = _element(origin.raw)
    if element.tag in ITEMS:
        for each in [each for each in element if each.tag == "filled"]:
            element.remove(each)
        element.append(make("filled", {}, sheet.leaving(node, "next")))
        return _checked(sheet.form(node, element))
    onward = [] if element.tag in ("goto", "submit") else [sheet.leaving(node, "next")]
    caught = [
        make("catch", {"event": "error"}, sheet.leaving(node, "error"))
        for _ in range(sheet.is_linked(node, "error"))
    ]
    return _checked(sheet.form(node, *caught, make("block", {}, element, *onward)))


def _questions(sheet: Sheet, node: Node, scripts: list[str]) -> Element:
    """Conditions that our expressions cannot say, each with its exit; the last one is for none."""
    ways = [str(each) for each in (node.origin.exits if node.origin else ())]
    if len(ways) != len(scripts) + 1:
        raise UnsayableError(node.kind)
    *asked, otherwise = ways
    branches = [
        (clean(script), [sheet.leaving(node, way)])
        for script, way in zip(scripts, asked, strict=True)
    ]
    question = chosen(branches, [sheet.leaving(node, otherwise)])
    return sheet.form(node, make("block", {}, question))


def _element(raw: str) -> Element:
    try:
        element: Element = fromstring(raw, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise UnsayableError(raw) from error
    return element


def _checked(form: Element) -> Element:
    """The form, if all of it is VoiceXML 2.1."""
    if any(_faults(form)):
        raise UnsayableError(str(form.tag))
    return form


def _faults(element: Element) -> Iterator[str]:
    known = ELEMENTS.get(str(element.tag))
    if known is None:
        yield str(element.tag)
        return
    yield from (each for each in element.attrib if each not in known[0])
    for each in element:
        if str(each.tag) not in known[1]:
            yield str(each.tag)
        yield from _faults(each)
