"""A flow of ours as a document of VoiceXML 2.1: one form for each step."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.formats import Written
from cx_desktop.domain.flow.formats.voicexml.component import component
from cx_desktop.domain.flow.formats.voicexml.ecma import UnsayableError
from cx_desktop.domain.flow.formats.voicexml.functions import FUNCTIONS
from cx_desktop.domain.flow.formats.voicexml.listening import collect, menu
from cx_desktop.domain.flow.formats.voicexml.native import NATIVE, FormWriter
from cx_desktop.domain.flow.formats.voicexml.saying import clean
from cx_desktop.domain.flow.formats.voicexml.sheet import Sheet, Values, make, text_of
from cx_desktop.domain.flow.formats.voicexml.verbatim import verbatim
from cx_desktop.domain.flow.graph import Flow, Node, NodeId
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.flow.kinds.shapes import LANGUAGES

_WRITERS: Mapping[str, FormWriter] = {**NATIVE, "menu": menu, "collect": collect}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

#: Settings of the beginning that a document keeps beside its forms.
KEPT = ("channel", "max_call_duration")


def written(flow: Flow) -> Written:
    """The document of a flow. Raises ``CXError`` for a step of another product."""
    sheet = Sheet(flow)
    start = flow.nodes[flow.start] if flow.start else None
    forms = [_form(sheet, node) for node in _in_order(flow, start)]
    root = make("vxml", {"version": "2.1", _LANG: _language(start)})
    root.extend(_metas(sheet, start))
    root.extend(make("var", {"name": each, "expr": "''"}) for each in sheet.variables)
    for each in sheet.functions:
        script = make("script")
        script.text = FUNCTIONS[each]
        root.append(script)
    root.extend(_handlers(sheet))
    root.extend(forms or [make("form", {}, make("block", {}, make("exit")))])
    return Written(text_of(root).encode(), tuple(sheet.notes))


def _in_order(flow: Flow, start: Node | None) -> Iterator[Node]:
    """The beginning comes first: a call enters a document by its first form."""
    if start is not None:
        yield start
    for node in flow.nodes.values():
        if node is not start:
            yield node


def _form(sheet: Sheet, node: Node) -> Element:
    if kind_of(node).id == "foreign":
        return _foreign(sheet, node)
    extra = node.origin.exits if node.origin else ()
    write = _WRITERS.get(node.kind)
    try:
        if write is not None and not any(sheet.is_linked(node, each) for each in extra):
            return write(sheet, node)
    except UnsayableError:
        pass
    return component(sheet, node)


def _foreign(sheet: Sheet, node: Node) -> Element:
    try:
        return verbatim(sheet, node)
    except UnsayableError as error:
        raise CXError("problem.voicexml-foreign", node=node.title or node.id) from error


def _language(start: Node | None) -> str:
    said = Values(start).props.get("spoken_language") if start else None
    return said if isinstance(said, str) and said in LANGUAGES else LANGUAGES[0]


def _metas(sheet: Sheet, start: Node | None) -> Iterator[Element]:
    if start is not None:
        for name in KEPT:
            value = start.props.get(name)
            if isinstance(value, str | int | float):
                yield make("meta", {"name": f"cx.{name}", "content": _clean(str(value))})
    longest = sheet.flow.meta.get("on_max_duration")
    if isinstance(longest, str) and longest in sheet.flow.nodes:
        name = sheet.name_of(NodeId(longest))
        yield make("meta", {"name": "cx.on_max_duration", "content": name})
    for node in sheet.flow.nodes.values():
        if node.title and node.kind != "start":
            name = f"cx.title.{sheet.name_of(node.id)}"
            yield make("meta", {"name": name, "content": _clean(node.title)})


def _clean(text: str) -> str:
    try:
        return clean(text)
    except UnsayableError:
        return ""


def _handlers(sheet: Sheet) -> Iterator[Element]:
    operator = _step(sheet, "operator")
    if operator is not None:
        yield make("link", {"dtmf": "0", "next": f"#{sheet.name_of(operator)}"})
    for setting, event in (("on_error", "error"), ("on_hangup", "connection.disconnect.hangup")):
        target = _step(sheet, setting)
        if target is not None:
            yield make("catch", {"event": event}, sheet.going(target))


def _step(sheet: Sheet, setting: str) -> NodeId | None:
    target = sheet.flow.meta.get(setting)
    is_there = isinstance(target, str) and target in sheet.flow.nodes
    return NodeId(target) if isinstance(target, str) and is_there else None
