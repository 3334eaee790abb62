"""Statements behind which nothing more is carried out: the call goes elsewhere, or ends."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.formats.voicexml.markup import attribute
from cx_desktop.domain.flow.formats.voicexml.path import Path, Walk
from cx_desktop.domain.flow.formats.voicexml.places import Target
from cx_desktop.domain.flow.formats.voicexml.script import constant_of, name_of, value_in_ours
from cx_desktop.domain.flow.graph import NodeId

if TYPE_CHECKING:
    from cx_desktop.domain.patch import Document, Json

#: Draws the end of a content; knows the message right before it, if there is one.
Ending: TypeAlias = Callable[[Walk, Path, Element, NodeId | None], Target]

_EXTENSION = re.compile(r"\.(vxml|xml|jsp|php|asp|aspx|do)$", re.IGNORECASE)


def led_to(walk: Walk, path: Path, element: Element, name: str = "next") -> Target:
    """Where an attribute leads, in this document or to another."""
    target = attribute(element, name)
    if not target and attribute(element, "expr"):
        target = constant_of(attribute(element, "expr")) or ""
    if not target and name == "next" and attribute(element, "nextitem", "nextItem", "expritem"):
        return _to_item(walk, path, element)
    if not target and attribute(element, "event"):
        return walk.event(path, attribute(element, "event"))
    document, _, fragment = target.partition("#")
    if target and (not document or document in walk.own_names):
        return _to_form(walk, path, fragment, target)
    node = walk.reserve(path, "goto_flow")
    if not target:
        script = attribute(element, "expr", "eventexpr")
        walk.draw(node, "foreign", element)
        walk.note_script(node, script)
        return node
    walk.draw(node, "goto_flow", element, props={"flow": flow_named(document)})
    if fragment:
        walk.drawing.note("voicexml-fragment", node, place=node, target=target[:200])
    return node


def flow_named(document: str) -> str:
    """What the flow of another document is called: its name without the ending."""
    return unquote(_EXTENSION.sub("", document)) if "?" not in document else document


def _to_form(walk: Walk, path: Path, fragment: str, target: str) -> Target:
    form = walk.scene.form_at(fragment) if fragment else (0 if walk.scene.forms else None)
    if form is not None:
        return walk.places.at("form", form)
    place = walk.scene.forms[path.form].name if path.form >= 0 else "vxml"
    walk.drawing.note("link-to-nothing", None, place=place or "vxml", exit="next", target=target)
    return walk.places.at("exit")


def _to_item(walk: Walk, path: Path, element: Element) -> Target:
    name = (
        attribute(element, "nextitem", "nextItem")
        or constant_of(attribute(element, "expritem"))
        or ""
    )
    index = walk.scene.forms[path.form].index_of(name) if path.form >= 0 else None
    if index is None:
        node = walk.reserve(path, "goto")
        return walk.draw(node, "foreign", element)
    return walk.places.at("item", path.form, index)


def _goto(walk: Walk, path: Path, element: Element, _play: NodeId | None) -> Target:
    return led_to(walk, path, element)


def _submit(walk: Walk, path: Path, element: Element, _play: NodeId | None) -> Target:
    """The call goes on with what a server answers: another document."""
    target = attribute(element, "next")
    if not target:
        target = constant_of(attribute(element, "expr")) or ""
    node = walk.reserve(path, "submit")
    if not target:
        walk.draw(node, "foreign", element)
        walk.note_script(node, attribute(element, "expr"))
        return node
    walk.draw(node, "goto_flow", element, props={"flow": flow_named(target)})
    sent = attribute(element, "namelist")
    walk.drawing.note("voicexml-submit", node, place=node, target=target[:200], names=sent[:200])
    return node


def _hang_up(walk: Walk, path: Path, element: Element, play: NodeId | None) -> Target:
    """The end; what is said right before it is its message."""
    message = walk.drawing.node(play) if play is not None else None
    if play is not None and message is not None and not message.props.get("barge_in"):
        props: Document = {"prompt": message.props["prompt"]}
        return walk.draw(play, "hangup", element, props=props)
    return walk.draw(walk.reserve(path, "hangup"), "hangup", element)


def _return(walk: Walk, path: Path, element: Element, _play: NodeId | None) -> Target:
    """Back to who asked; a variable ``outcome`` says with what outcome."""
    names = attribute(element, "namelist").split()
    props: Document = {}
    if "outcome" in names:
        outcome = walk.constants.get((path.form, "outcome")) or ""
        if re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", outcome):
            props["outcome"] = outcome
            names.remove("outcome")
    if names:
        rows: list[Json] = [
            {"variable": name_of(each), "expression": value_in_ours(each) or '""'} for each in names
        ]
        props["values"] = rows
    node = walk.reserve(path, "return")
    return walk.draw(node, "return", element, props=props)


def _throw(walk: Walk, path: Path, element: Element, _play: NodeId | None) -> Target:
    event = attribute(element, "event") or constant_of(attribute(element, "eventexpr")) or ""
    return walk.event(path, event or "error")


ENDING: Mapping[str, Ending] = {
    "goto": _goto,
    "submit": _submit,
    "exit": _hang_up,
    "disconnect": _hang_up,
    "return": _return,
    "throw": _throw,
    "rethrow": _throw,
}
