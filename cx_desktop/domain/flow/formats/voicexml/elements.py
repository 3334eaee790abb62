"""The elements of VoiceXML 2.1 with their attributes, and what may stand in each, as data.

Held against the W3C's own schema of VoiceXML 2.1 (of 2007-02-21), and those of SSML 1.0 and of
VoiceXML 2.0 for what 2.1 takes from them, element by element. What a schema leaves open to other
namespaces (``metadata``) stays closed here: we write none of it.
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
#: What may stand in a sentence; and that with paragraphs and sentences.
_SENTENCE = "audio break emphasis enumerate mark phoneme prosody say-as sub value voice"
_SPOKEN = f"{_SENTENCE} p s"
_GRAMMAR = "src srcexpr type scope mode root version tag-format weight xml:lang xml:base"
#: Within a prompt ``foreach`` holds what is spoken, elsewhere what is carried out.
SPOKEN_FOREACH = "foreach in prompt"


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
            f"{_EVENTS} audio choice enumerate prompt property value",
        ),
        "choice": (
            f"dtmf accept next expr {_EVENT} fetchaudio {_FETCH}",
            "grammar",
        ),
        "block": (_ITEM, _EXECUTABLE),
        "field": (
            f"{_ITEM} type slot modal",
            f"{_EVENTS} audio enumerate filled grammar link option prompt property value",
        ),
        "option": ("dtmf accept value", ""),
        "initial": (_ITEM, f"{_EVENTS} audio enumerate link prompt property value"),
        "record": (
            f"{_ITEM} type beep maxtime modal finalsilence dtmfterm",
            f"{_EVENTS} audio enumerate filled grammar prompt property value",
        ),
        "transfer": (
            f"{_ITEM} dest destexpr bridge type connecttimeout maxtime transferaudio aai aaiexpr",
            f"{_EVENTS} audio enumerate filled grammar prompt property value",
        ),
        "subdialog": (
            f"{_ITEM} src srcexpr namelist fetchaudio method enctype {_FETCH}",
            f"{_EVENTS} audio enumerate filled param prompt property value",
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
        "data": (f"src srcexpr name namelist method enctype fetchaudio {_FETCH}", ""),
        "disconnect": ("namelist", ""),
        "exit": ("expr namelist", ""),
        "foreach": ("array item", _EXECUTABLE),
        SPOKEN_FOREACH: ("array item", f"{_SPOKEN} foreach"),
        "goto": (f"next expr nextitem expritem fetchaudio {_FETCH}", ""),
        "log": ("label expr", "value"),
        "reprompt": ("", ""),
        "return": (f"namelist {_EVENT}", ""),
        "submit": (f"next expr namelist method enctype fetchaudio {_FETCH}", ""),
        "throw": (_EVENT, ""),
        "prompt": (
            "bargein bargeintype cond count timeout version xml:lang xml:base",
            f"{_SPOKEN} foreach lexicon meta metadata",
        ),
        "enumerate": ("", _SPOKEN),
        "value": ("expr", ""),
        "audio": (f"src expr {_FETCH}", f"{_SPOKEN} desc"),
        "desc": ("xml:lang", ""),
        "break": ("time strength", ""),
        "emphasis": ("level", _SENTENCE),
        "lexicon": ("uri type", ""),
        "mark": ("name nameexpr", ""),
        "p": ("xml:lang", f"{_SENTENCE} s"),
        "s": ("xml:lang", _SENTENCE),
        "phoneme": ("ph alphabet", ""),
        "prosody": ("pitch contour range rate duration volume", _SPOKEN),
        "say-as": ("interpret-as format detail", "value"),
        "sub": ("alias", ""),
        "voice": ("xml:lang gender age variant name", _SPOKEN),
        "grammar": (
            f"{_GRAMMAR} {_FETCH}",
            "rule lexicon meta metadata tag",
        ),
        "rule": ("id scope", "item one-of ruleref token tag example"),
        "one-of": ("xml:lang", "item"),
        "item": ("repeat repeat-prob weight xml:lang", "item one-of ruleref token tag"),
        "ruleref": ("uri type special", ""),
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
    is_spoken = name == "foreach" and inside in {"prompt", SPOKEN_FOREACH}
    for each in element:
        yield from faults_of(each, SPOKEN_FOREACH if is_spoken else name)
