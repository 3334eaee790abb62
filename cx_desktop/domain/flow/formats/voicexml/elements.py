"""The elements of VoiceXML 2.1 with their attributes, and what may stand in each, as data.

From the W3C recommendations VoiceXML 2.0 (its document type, appendix B), VoiceXML 2.1 (``data``,
``foreach`` and the attributes that it adds), SRGS 1.0 and SSML 1.0 as far as 2.0 takes them in.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from xml.etree.ElementTree import Element

_XML = "{http://www.w3.org/XML/1998/namespace}"
_FETCH = "fetchhint fetchtimeout maxage maxstale"
_EVENT = "event eventexpr message messageexpr"
_ITEM = "name expr cond"
_ITEMS = "block field initial object record subdialog transfer"
_EXECUTABLE = (
    "audio assign clear data disconnect exit foreach goto if log prompt reprompt return script "
    "submit throw value var enumerate"
)
_EVENTS = "catch help noinput nomatch error"
_SPOKEN = (
    "audio break emphasis mark p phoneme prosody say-as s sub value voice enumerate foreach "
    "lexicon metadata meta"
)


def _rows(
    table: Mapping[str, tuple[str, str]],
) -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
    return MappingProxyType(
        {
            name: (
                frozenset(each.replace("xml:", _XML) for each in attributes.split()),
                frozenset(content.split()),
            )
            for name, (attributes, content) in table.items()
        }
    )


#: Each element with its attributes and the elements that may stand in it.
ELEMENTS = _rows(
    {
        "vxml": (
            "version xml:base xml:lang application",
            f"{_EVENTS} data form link menu meta metadata property script var",
        ),
        "meta": ("name content http-equiv", ""),
        "metadata": ("", ""),
        "property": ("name value", ""),
        "var": ("name expr", ""),
        "script": (f"src srcexpr charset {_FETCH}", ""),
        "form": (
            "id scope",
            f"{_EVENTS} {_ITEMS} data filled grammar link property script var",
        ),
        "menu": (
            "id scope accept dtmf",
            f"{_EVENTS} audio choice enumerate prompt property value data script",
        ),
        "choice": (
            f"dtmf accept next expr {_EVENT} fetchaudio {_FETCH}",
            "audio enumerate grammar value",
        ),
        "block": (_ITEM, _EXECUTABLE),
        "field": (
            f"{_ITEM} type slot modal",
            f"{_EVENTS} audio enumerate filled grammar link option prompt property value data",
        ),
        "option": ("dtmf accept value", ""),
        "initial": (_ITEM, f"{_EVENTS} audio enumerate link prompt property value data"),
        "record": (
            f"{_ITEM} type beep maxtime modal finalsilence dtmfterm",
            f"{_EVENTS} audio enumerate filled grammar prompt property value data",
        ),
        "transfer": (
            f"{_ITEM} dest destexpr bridge type connecttimeout maxtime transferaudio aai aaiexpr",
            f"{_EVENTS} audio enumerate filled grammar prompt property value data",
        ),
        "subdialog": (
            f"{_ITEM} src srcexpr namelist fetchaudio method enctype {_FETCH}",
            f"{_EVENTS} audio enumerate filled param prompt property value data",
        ),
        "object": (
            f"{_ITEM} classid codebase codetype data type archive {_FETCH}",
            f"{_EVENTS} audio enumerate filled param prompt property value",
        ),
        "param": ("name expr value valuetype type", ""),
        "filled": ("mode namelist", _EXECUTABLE),
        "catch": ("event count cond", _EXECUTABLE),
        "error": ("count cond", _EXECUTABLE),
        "help": ("count cond", _EXECUTABLE),
        "noinput": ("count cond", _EXECUTABLE),
        "nomatch": ("count cond", _EXECUTABLE),
        "link": (
            f"dtmf next expr {_EVENT} fetchaudio maxage maxstale fetchhint fetchtimeout",
            "grammar",
        ),
        "if": ("cond", f"{_EXECUTABLE} elseif else"),
        "elseif": ("cond", ""),
        "else": ("", ""),
        "assign": ("name expr", ""),
        "clear": ("namelist", ""),
        "data": (f"src srcexpr name namelist method enctype {_FETCH}", ""),
        "disconnect": ("namelist", ""),
        "exit": ("expr namelist", ""),
        "foreach": ("array item", _EXECUTABLE + " " + _SPOKEN),
        "goto": (f"next expr nextitem expritem fetchaudio {_FETCH}", ""),
        "log": ("label expr", "value"),
        "reprompt": ("", ""),
        "return": (f"namelist {_EVENT}", ""),
        "submit": (f"next expr namelist method enctype fetchaudio {_FETCH}", ""),
        "throw": (_EVENT, ""),
        "prompt": ("bargein bargeintype cond count timeout xml:lang xml:base", _SPOKEN),
        "enumerate": ("", "audio value break emphasis prosody say-as"),
        "value": ("expr", ""),
        "audio": (f"src expr {_FETCH}", f"{_SPOKEN} desc"),
        "desc": ("xml:lang", ""),
        "break": ("time strength", ""),
        "emphasis": ("level", _SPOKEN),
        "lexicon": ("uri type", ""),
        "mark": ("name nameexpr", ""),
        "p": ("xml:lang", f"{_SPOKEN}"),
        "s": ("xml:lang", f"{_SPOKEN}"),
        "phoneme": ("ph alphabet", ""),
        "prosody": ("pitch contour range rate duration volume", _SPOKEN),
        "say-as": ("interpret-as format detail", "value"),
        "sub": ("alias", ""),
        "voice": ("xml:lang gender age variant name", _SPOKEN),
        "grammar": (
            f"src srcexpr type scope mode root version tag-format weight xml:lang {_FETCH}",
            "rule lexicon meta metadata tag",
        ),
        "rule": ("id scope", "item one-of ruleref token tag example"),
        "one-of": ("xml:lang", "item"),
        "item": ("repeat repeat-prob weight xml:lang", "item one-of ruleref token tag"),
        "ruleref": ("uri type special xml:lang", ""),
        "token": ("xml:lang", ""),
        "tag": ("", ""),
        "example": ("", ""),
    }
)

NAMESPACE = "http://www.w3.org/2001/vxml"


def faults_of(element: Element, inside: str = "") -> Iterator[str]:
    """What of a document is not VoiceXML 2.1: an element, an attribute, an element out of place."""
    namespace, _, name = element.tag.rpartition("}")
    known = ELEMENTS.get(name) if namespace == f"{{{NAMESPACE}" else None
    if known is None:
        yield element.tag
        return
    if inside and name not in ELEMENTS[inside][1]:
        yield f"{inside}/{name}"
    for attribute in element.attrib:
        if attribute not in known[0]:
            yield f"{name}@{attribute}"
    for each in element:
        yield from faults_of(each, name)
