"""Steps that VoiceXML has no words for: each is a dialog that the platform brings.

The step of a kind is a subdialog ``cx/<kind>.vxml``. It is given the properties as parameters and
returns ``exit``, the name of the way on.
"""

import json
import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.formats import ImportNote
from cx_desktop.domain.flow.formats.voicexml.sheet import Sheet, chosen, make
from cx_desktop.domain.flow.graph import Node
from cx_desktop.domain.patch import Json

FOLDER = "cx/"
ANSWER = "cx_step"
#: Braces that would look like a template of a server.
_TEMPLATE = re.compile(r"\{+(?=[{%#])")


def component(sheet: Sheet, node: Node) -> Element:
    """The form of a step that the platform does."""
    ways = [way for way in sheet.flow.links.get(node.id, {}) if sheet.is_linked(node, way)]
    branches = [
        (f"{ANSWER}.exit == {_literal(str(way))}", [sheet.leaving(node, way)]) for way in ways
    ]
    inner = [
        make("param", {"name": name, "expr": _literal(value)})
        for name, value in node.props.items()
        if name.isidentifier() and name.isascii()
    ]
    if branches:
        inner.append(make("filled", {}, chosen(branches, [])))
    place = node.title or node.id
    sheet.notes.append(
        ImportNote("import.voicexml-component", {"place": place, "kind": node.kind}, node.id)
    )
    source = {"name": ANSWER, "src": f"{FOLDER}{node.kind}.vxml"}
    return sheet.form(node, make("subdialog", source, *inner))


def _literal(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return _TEMPLATE.sub(lambda found: "\\u007b" * len(found[0]), text)


def properties_of(params: Mapping[str, str]) -> dict[str, Json]:
    """The properties that a step was given; what is no literal is left out."""
    found: dict[str, Json] = {}
    for name, script in params.items():
        try:
            found[name] = json.loads(script)
        except (ValueError, RecursionError):
            continue
    return found
