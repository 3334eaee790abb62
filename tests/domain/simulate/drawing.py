"""Flows in a few lines, for tests that say what a call does in one of them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.simulate import Call, World
from cx_desktop.domain.flow.simulate.events import Entered, Said
from cx_desktop.domain.patch import Document, Json

#: A Monday, ten o'clock in Paris.
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def says(text: str) -> Json:
    return [{"type": "text", "text": text}]


def drawn(
    picture: str,
    steps: Mapping[str, tuple[str, Mapping[str, object]]],
    meta: Document | None = None,
) -> Flow:
    """A flow from lines like ``menu -key_1-> sales``; ``start`` and endings need no entry."""
    links: dict[NodeId, dict[ExitId, NodeId]] = {}
    made = {"start": Node(NodeId("start"), "start")}
    for line in filter(None, map(str.strip, picture.splitlines())):
        source, way, target = line.replace("->", " -").replace(" -", "|").split("|")
        source, way, target = source.strip(), way.strip(), target.strip()
        links.setdefault(NodeId(source), {})[ExitId(way)] = NodeId(target)
        for name in (source, target):
            kind, props = steps.get(name, ("hangup", {}))
            made.setdefault(name, Node(NodeId(name), kind, props=dict(props)))
    return Flow(meta or {}, {NodeId(name): node for name, node in made.items()}, links)


def world(flow: Flow, **others: object) -> World:
    """A world with one flow, on a Monday morning; ``others`` are its other fields."""
    fields: dict[str, object] = {"flows": {"main": flow}, "started": MONDAY}
    fields |= {"caller": "+33639980001"} | others
    return World(**fields)  # type: ignore[arg-type]  # fields of a struct, named by each test


def walked(call: Call) -> str:
    """The steps a call has come to."""
    return " ".join(each.node for each in call.events if isinstance(each, Entered))


def heard(call: Call) -> list[str]:
    """What the caller has heard."""
    return [each.text for each in call.events if isinstance(each, Said)]
