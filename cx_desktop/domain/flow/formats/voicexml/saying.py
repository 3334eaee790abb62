"""Prompts of ours as VoiceXML; what our own reader would not hear so is not written."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError, SubElement

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from cx_desktop.domain.flow.behaviour.speech import says_something
from cx_desktop.domain.flow.expressions import Template
from cx_desktop.domain.flow.formats.voicexml.ecma import UnsayableError, value_of
from cx_desktop.domain.flow.formats.voicexml.elements import ELEMENTS
from cx_desktop.domain.flow.formats.voicexml.prompts import heard
from cx_desktop.domain.flow.kinds.shapes import LANGUAGES, rows
from cx_desktop.domain.patch import Document, Json

_SAID_AS: Mapping[str, str] = {
    "digits": "vxml:digits",
    "number": "vxml:number",
    "date": "vxml:date",
    "time": "vxml:time",
    "amount": "vxml:currency",
    "telephone": "vxml:phone",
    "characters": "characters",
}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
#: Signs that XML cannot hold, and braces that would look like a template of a server.
_IMPOSSIBLE = re.compile(r"\{[{%#]|[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def prompts_of(prompt: Json, *, language: str = "inherit", **attributes: str) -> list[Element]:
    """One element for each part that says something; raises ``UnsayableError``."""
    parts = [part for part in rows(prompt) if says_something([part])]
    written: list[Element] = []
    for part in parts:
        own = part.get("language")
        spoken = own if isinstance(own, str) and own in LANGUAGES else language
        element = Element("prompt", attributes)
        if spoken in LANGUAGES:
            element.set(_LANG, spoken)
        _say(element, part)
        written.append(element)
    if [_bare(each) for each in heard(written).parts] != [_bare(each) for each in parts]:
        raise UnsayableError(str(prompt))
    return written


def _bare(part: Json) -> tuple[Json, ...]:
    """What a part says, whatever blanks are in it and in whatever language."""
    if not isinstance(part, dict):
        return (part,)
    text = part.get("text")
    words = " ".join(text.split()) if isinstance(text, str) else ""
    if part.get("type") == "audio":
        return ("audio", part.get("ref"))
    return (part.get("type"), words, part.get("as") if part.get("type") == "say_as" else None)


def _say(element: Element, part: Document) -> None:
    text = part.get("text")
    words = text if isinstance(text, str) else ""
    match part.get("type"):
        case "text":
            fill(element, words)
        case "audio":
            SubElement(element, "audio", {"src": clean(str(part.get("ref")))})
        case "say_as" if isinstance(how := part.get("as"), str) and how in _SAID_AS:
            fill(SubElement(element, "say-as", {"interpret-as": _SAID_AS[how]}), words)
        case "ssml":
            _markup(element, words)
        case _:
            raise UnsayableError(str(part.get("type")))


def fill(element: Element, text: str) -> None:
    """Put a text with ``{…}`` behind what an element holds."""
    for each in Template.read(text).parts:
        if isinstance(each, str):
            _append(element, each)
        else:
            SubElement(element, "value", {"expr": value_of(each)})


def _append(element: Element, text: str) -> None:
    last = element[-1] if len(element) else None
    if last is None:
        element.text = (element.text or "") + clean(text)
    else:
        last.tail = (last.tail or "") + clean(text)


def clean(text: str) -> str:
    """A text that XML can hold; raises ``UnsayableError``."""
    if _IMPOSSIBLE.search(text):
        raise UnsayableError(text)
    return text


def _markup(element: Element, text: str) -> None:
    try:
        root: Element = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise UnsayableError(text) from error
    if root.tag != "speak" or not all(_is_ours(each) for each in list(root.iter())[1:]):
        raise UnsayableError(text)
    _copy(root, element)


def _copy(source: Element, target: Element) -> None:
    fill(target, source.text or "")
    for each in source:
        _copy(each, SubElement(target, each.tag, each.attrib))
        fill(target, each.tail or "")


def _is_ours(element: Element) -> bool:
    known = ELEMENTS.get(str(element.tag))
    return known is not None and set(element.attrib) <= known[0]
