"""A file of Call Flow Designer as a flow of ours: a call flow, a dialer or a component."""

import re
from xml.etree.ElementTree import Element

from cx_desktop.domain.flow.formats import Imported, Unreadable
from cx_desktop.domain.flow.formats.drawing import Drawing
from cx_desktop.domain.flow.formats.incoming import File
from cx_desktop.domain.flow.formats.threecx.drawers import DRAWERS
from cx_desktop.domain.flow.formats.threecx.markup import (
    attributes_of,
    local,
    parsed,
    steps_in,
)
from cx_desktop.domain.flow.formats.threecx.values import expression
from cx_desktop.domain.flow.formats.threecx.walk import Walk
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.patch import Document, Json

FORMAT = "3cx-cfd"

_MAIN = "MainFlow"
_ON_ERROR = "ErrorHandlerFlow"
_ON_HANGUP = "DisconnectHandlerFlow"
_EXTENSION = re.compile(r"\.(flow|dialer|comp|xml)$", re.IGNORECASE)


def read_file(file: File) -> tuple[Imported, ...]:
    """The flow of a file. What its components are called by others is the name of the file."""
    root = parsed(file.text)
    parts = {name: _part(root, name) for name in (_MAIN, _ON_ERROR, _ON_HANGUP)}
    main = parts[_MAIN]
    if main is None:
        raise Unreadable("problem.import-shape", place=f"File/Flows/{_MAIN}", expected="<…>")
    inner = attributes_of(main).get("Name", "")
    name = _EXTENSION.sub("", re.split(r"[\\/]", file.filename)[-1]) or inner
    drawing = Drawing(FORMAT)
    start = drawing.reserve("start")
    drawing.draw(start, "start")
    walk = Walk(drawing, DRAWERS)
    handlers = {
        setting: entry
        for setting, part in (("on_error", parts[_ON_ERROR]), ("on_hangup", parts[_ON_HANGUP]))
        if part is not None and (entry := walk.sequence(steps_in(part), None))
    }
    walk.handler = handlers.get("on_error")
    variables = list(_variables(root))
    back = drawing.reserve("return") if _comes_back(file, root, inner) else None
    first = walk.sequence(steps_in(main), back)
    drawing.link(start, ("next",), _set_first(drawing, variables, first))
    if back is not None and drawing.is_target(back):
        drawing.draw(back, "return")
    version = root.findtext("Version") or ""
    meta: Document = {
        **handlers,
        "origin": {"format": FORMAT, "name": inner, "rest": {"Version": version}},
    }
    return (
        Imported(
            flow=drawing.flow(meta),
            format=FORMAT,
            name=name,
            notes=(*file.notes, *drawing.notes),
            handles=tuple(dict.fromkeys(filter(None, (name, f"{name}.comp", inner)))),
            schedules=drawing.schedules,
        ),
    )


def _part(root: Element, name: str) -> Element | None:
    """The element that holds the components of a part of the flow: the inner one of its name."""
    found = [each for each in root.iter() if isinstance(each.tag, str) and local(each.tag) == name]
    return next((each for each in found if attributes_of(each)), found[-1] if found else None)


def _variables(root: Element) -> list[Document]:
    """The variables that the file declares, as far as they have a name."""
    declared: list[Document] = []
    for each in root.iter("Variable"):
        said: Document = {local(part.tag): part.text or "" for part in each}
        if said.get("Name"):
            declared.append(said)
    return declared


def _set_first(drawing: Drawing, variables: list[Document], first: NodeId | None) -> NodeId | None:
    """Variables have their first value before the first step; what callers give is left alone."""
    rows: list[Json] = [
        {
            "variable": str(each["Name"]),
            "expression": expression(str(each.get("InitialValue", ""))).text,
        }
        for each in variables
        if each.get("InitialValue") or each.get("Scope") == "Private" or not _is_shown(each)
    ]
    if not rows:
        return first
    node = drawing.reserve("set_var")
    said: Document = {"variables": list(variables)}
    drawing.draw(node, "set_var", props={"assignments": rows}, origin=("Variables", said))
    drawing.link(node, ("next",), first)
    return node


def _is_shown(variable: Document) -> bool:
    """Whether a variable belongs to a component, whose callers may see it."""
    return variable.get("ShowScopeProperty") == "true"


def _comes_back(file: File, root: Element, inner: str) -> bool:
    """Whether a file is a component that other flows use: its end gives the call back."""
    extension = file.filename.rpartition(".")[2].lower()
    if extension in {"comp", "flow", "dialer"}:
        return extension == "comp"
    if any(_is_shown(each) for each in _variables(root)):
        return True
    has_handler = any(True for _ in root.iter(_ON_HANGUP))
    return has_handler and inner != "Main"
