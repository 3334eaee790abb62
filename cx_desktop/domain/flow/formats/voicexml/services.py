"""Items that hand the call, or a question, to somebody else: recordings, transfers, subdialogs."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.formats.voicexml.answers import (
    after_filled,
    filled,
    lead_errors,
    plain,
    title_of,
    with_answer,
    within,
)
from cx_desktop.domain.flow.formats.voicexml.component import FOLDER, properties_of
from cx_desktop.domain.flow.formats.voicexml.deciding import asked_about
from cx_desktop.domain.flow.formats.voicexml.ending import flow_named
from cx_desktop.domain.flow.formats.voicexml.markup import attribute, below, seconds_of
from cx_desktop.domain.flow.formats.voicexml.path import Path, Walk
from cx_desktop.domain.flow.formats.voicexml.places import Target
from cx_desktop.domain.flow.formats.voicexml.prompts import heard, spoken_in
from cx_desktop.domain.flow.formats.voicexml.script import constant_of, value_in_ours
from cx_desktop.domain.flow.graph import Node, NodeId
from cx_desktop.domain.flow.kinds import KINDS, exits_of

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Document, Json


def record(walk: Walk, path: Path) -> Target:
    """A message that the caller leaves."""
    item = walk.item(path)
    element = item.element
    said = heard(spoken_in(element))
    node = walk.reserve(path, "record")
    longest = seconds_of(attribute(element, "maxtime"))
    silence = seconds_of(attribute(element, "finalsilence"))
    props: Document = {
        "box": item.name or "record",
        "greeting": said.parts,
        "beep": attribute(element, "beep") == "true",
        "terminator": "none" if attribute(element, "dtmfterm") == "false" else "#",
    }
    if longest is not None:
        props["max_length"] = within(longest, 5, 600)
    if silence is not None:
        props["final_silence"] = within(silence, 1, 30)
    walk.draw(node, "voicemail", element, props=props, title=title_of(walk, path))
    walk.places.lead(node, ("recorded",), after_filled(walk, path, filled(walk, path)))
    walk.places.lead(node, ("empty",), walk.event(path, "noinput"))
    lead_errors(walk, path, node)
    walk.tell_lost(node, said)
    return node


_RESULTS: Mapping[str, str] = {
    "answered": "far_end_disconnect",
    "busy": "busy",
    "no_answer": "noanswer",
    "failed": "unknown",
}


def transfer(walk: Walk, path: Path) -> Target:
    """A call to a number."""
    element = walk.item(path).element
    said = heard(spoken_in(element))
    node = walk.reserve(path, "transfer")
    bridge = attribute(element, "bridge")
    sort = attribute(element, "type") or ("bridge" if bridge == "true" else "blind")
    props: Document = {
        "number": _destination(walk, node, element),
        "transfer_mode": {"bridge": "return", "consultation": "attended"}.get(sort, "blind"),
    }
    rings = seconds_of(attribute(element, "connecttimeout"))
    if rings is not None:
        props["ring_timeout"] = within(rings, 5, 120)
    if said.parts:
        props["announce"] = said.parts
    walk.draw(node, "transfer_number", element, props=props, title=title_of(walk, path))
    drawn = Node(node, "transfer_number", props=props)
    own = {each.id for each in exits_of(drawn)}
    for way, result in _RESULTS.items():
        if way not in own:
            continue
        walk.places.lead(node, (way,), with_answer(walk, path, result, is_set=False))
    failed = walk.catching(path, "error.connection")
    if failed is not None:
        walk.places.lead(node, ("failed",), failed)
    walk.tell_lost(node, said)
    return node


def _destination(walk: Walk, node: NodeId, element: Element) -> str:
    """Who is called: a number, or a text with variables in it."""
    said = attribute(element, "dest")
    if not said:
        script = attribute(element, "destexpr")
        constant = constant_of(script)
        value = value_in_ours(script)
        if constant is None and value is None:
            walk.note_script(node, script)
            return script
        said = constant if constant is not None else _formula(value or "")
    number = re.sub(r"^(tel|sip|sips):", "", said, flags=re.IGNORECASE).partition(";")[0]
    return re.sub(r"(?<=\d)[-. ()](?=\d)", "", number)


def _formula(value: str) -> str:
    """A formula that gives a number, without the scheme that it puts before."""
    return re.sub(r'^"tel:" & (?=\S+$)', "", value)


def subdialog(walk: Walk, path: Path) -> Target:
    """A dialog elsewhere that comes back."""
    item = walk.item(path)
    element = item.element
    if attribute(element, "src").startswith(FOLDER):
        return _component(walk, path)
    node = walk.reserve(path, "subdialog")
    source = attribute(element, "src") or constant_of(attribute(element, "srcexpr")) or ""
    document, _, fragment = source.partition("#")
    inputs: list[Json] = [
        {"variable": attribute(each, "name"), "expression": _given(walk, node, each)}
        for each in below(element, "param")
        if attribute(each, "name")
    ]
    outputs: list[Json] = [
        {"variable": each["variable"], "expression": str(each["path"]).removeprefix("$.")}
        for each in walk.results_of(item.name)
        if isinstance(each, dict)
    ]
    props: Document = {"flow": flow_named(document) or f"#{fragment}"}
    if inputs:
        props["inputs"] = inputs
    if outputs:
        props["outputs"] = outputs
    outcomes = _outcomes(walk, path)
    if outcomes:
        props["outcomes"] = [{"id": each} for each, _ in outcomes]
    walk.draw(node, "subflow", element, props=props, title=title_of(walk, path))
    for each, target in outcomes:
        walk.places.lead(node, (f"case:{each}",), target)
    walk.places.lead(node, ("next",), after_filled(walk, path, filled(walk, path)))
    lead_errors(walk, path, node)
    return node


def _outcomes(walk: Walk, path: Path) -> list[tuple[str, Target]]:
    """The outcomes that are asked about, when that is all that is done with the answer."""
    rest = filled(walk, path)
    return asked_about(walk, path, rest, f"{walk.item(path).name}.outcome") if rest else []


def _component(walk: Walk, path: Path) -> Target:
    """A step of ours that VoiceXML has no words for, as our writer put it."""
    element = walk.item(path).element
    kind = attribute(element, "src").removeprefix(FOLDER).removesuffix(".vxml")
    node = walk.reserve(path, "step")
    params = {attribute(each, "name"): attribute(each, "expr") for each in below(element, "param")}
    walk.draw(node, kind if kind in KINDS else "foreign", element, props=properties_of(params))
    rest = filled(walk, path)
    if rest is not None:
        answer = f"{walk.item(path).name}.exit"
        for way, target in asked_about(walk, path, rest, answer):
            walk.places.lead(node, (way,), target)
    return node


def _given(walk: Walk, node: NodeId, param: Element) -> str:
    if not attribute(param, "expr"):
        return f'"{plain(attribute(param, "value"))}"'
    value = value_in_ours(attribute(param, "expr"))
    if value is None:
        walk.note_script(node, attribute(param, "expr"))
    return value or '""'


def platform_object(walk: Walk, path: Path) -> Target:
    """Something of the platform that only it knows."""
    element = walk.item(path).element
    node = walk.reserve(path, "object")
    walk.draw(node, "foreign", element, title=title_of(walk, path))
    walk.drawing.note("unknown-step", node, place=node, type="object")
    walk.places.lead(node, ("next",), after_filled(walk, path, filled(walk, path)))
    walk.places.lead(node, ("error",), walk.catching(path, "error"))
    return node
