"""Which format a file has, by what it says and never by its name, and how it is read."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from cx_desktop.domain.flow.formats import (
    Imported,
    Unreadable,
    asterisk,
    connect,
    cx,
    freeswitch,
    genesys,
    threecx,
    twilio,
    voicexml,
)
from cx_desktop.domain.flow.formats.incoming import File, json_of, text_of

#: How a file becomes flows, at least one; raises ``Unreadable`` with the place of what is wrong.
Reader: TypeAlias = Callable[[File], tuple[Imported, ...]]

#: How the files of each format are read: a format that stands here is readable.
READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "cx": cx.read_file,
        **dict.fromkeys(connect.FORMATS, connect.read_file),
        genesys.FORMAT: genesys.read_file,
        threecx.FORMAT: threecx.read_file,
        twilio.FORMAT: twilio.read_file,
        asterisk.FORMAT: asterisk.read_file,
        voicexml.FORMAT: voicexml.read_file,
        freeswitch.DIALPLAN: freeswitch.read_dialplan,
        freeswitch.MENUS: freeswitch.read_menus,
    }
)
FORMATS = tuple(READERS)

_COMMENT = re.compile(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>]*>|<%.*?%>", re.DOTALL)
_ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]*)")
#: The element a document begins with, and its format; the next one decides where it could be two.
_ROOTS: Mapping[str, str] = {
    "vxml": "voicexml",
    "extension": "freeswitch-dialplan",
    "context": "freeswitch-dialplan",
    "menu": "freeswitch-ivr",
    "menus": "freeswitch-ivr",
    "File": "3cx-cfd",
}
_ENVELOPES = frozenset({"include", "configuration", "document", "section", "X-PRE-PROCESS"})
_GENESYS = re.compile(
    r"^(inboundCall|outboundCall|inqueue(Call|Email|ShortMessage)|secureCall|voicemail"
    r"|inbound(Email|Chat|ShortMessage)|workflow|workitem|bot|digitalBot|commonModule"
    r"|voiceSurvey|surveyInvite|voice):\s*(#.*)?$",
    re.MULTILINE | re.IGNORECASE,
)
_ASTERISK = re.compile(
    r"^[ \t]*(?:(?:exten|same)[ \t]*=>?|include[ \t]*=>)[ \t]*\S", re.MULTILINE | re.IGNORECASE
)
_SECTION = re.compile(r"^\s*\[[^\[\]{},\"'\n]+\]", re.MULTILINE)
#: A page or a style sheet that makes VoiceXML.
_VOICEXML = re.compile(r"<(?:[\w.-]+:)?vxml\s[^<>]*version\s*=")
_CX = re.compile(r"^format:\s*[\"']?\d", re.MULTILINE)
_STATES = re.compile(r"""(?:^|[\s{,"'\\])states(?:\\*")?\s*[:=]\s*(?:\[|concat|flatten)""")
_STUDIO = re.compile(r"\b(?:initial_state|transitions)\b")
_TERRAFORM = re.compile(r"\bjsonencode\s*\(|\btwilio_studio_flow")
_TEMPLATE = re.compile(r"AWS::Connect::ContactFlow|AWSTemplateFormatVersion")


def read_any(data: bytes, filename: str = "") -> Imported:
    """The flow of a file; of several in one file, the first."""
    return read_all(data, filename)[0]


def read_all(data: bytes, filename: str = "") -> tuple[Imported, ...]:
    """Every flow of a file, at least one.

    Raises ``Unreadable`` with the place of what is wrong. The name of the file decides nothing; it
    names a flow that has no name.
    """
    text = text_of(data)
    name = format_of(text.text)
    reader = READERS.get(name)
    if reader is None:
        raise Unreadable("problem.import-unknown-format")
    return reader(File(data, text.text, filename, text.notes))


def format_of(text: str) -> str:
    """The name of a text's format, or "" when it is none that we know."""
    beginning = text.lstrip("\ufeff \t\r\n")
    if beginning[:1] in {"{", "["} and not _SECTION.match(beginning):
        return _json_format(text)
    if beginning.startswith(("${", "%{", "//", "/*")):
        return twilio.FORMAT if _is_twilio(text) else ""
    if beginning.startswith("<"):
        return _xml_format(text)
    return _line_format(text)


def _json_format(text: str) -> str:
    """By the names that a JSON text has anywhere: it may be broken, or wrapped in another."""
    if _is_twilio(text):
        return twilio.FORMAT
    if re.search(r'\\*"modules\\*"\s*:', text) and not re.search(r'\\*"Actions\\*"\s*:', text):
        return "connect-legacy"
    if re.search(r'\\*"(Actions|StartAction)\\*"\s*:', text):
        return "connect-flowlang"
    return "connect-flowlang" if _TEMPLATE.search(text) else _broken_json(text)


def _broken_json(text: str) -> str:
    """Raises where a JSON text is no JSON: better than to say that its format is unknown."""
    json_of(text)
    return ""


def _is_twilio(text: str) -> bool:
    """Whether a text has the names of a Studio flow: as JSON, inside a text, or as Terraform."""
    return bool(_STATES.search(text)) and bool(_STUDIO.search(text))


def _xml_format(text: str) -> str:
    for element in _ELEMENT.findall(_COMMENT.sub("", text[:200_000])):
        name = element.rpartition(":")[2]
        if name in _ROOTS:
            return _ROOTS[name]
        if name not in _ENVELOPES:
            break
    return "voicexml" if _VOICEXML.search(text) else ""


def _line_format(text: str) -> str:
    if _CX.search(text):
        return "cx"
    if _TEMPLATE.search(text):
        return "connect-flowlang"
    if _TERRAFORM.search(text) and _is_twilio(text):
        return twilio.FORMAT
    if _GENESYS.search(text):
        return "genesys-architect"
    if _ASTERISK.search(text):
        return "asterisk"
    return ""
