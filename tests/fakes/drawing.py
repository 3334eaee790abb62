"""Flows as pictures, so that a test shows what it talks about.

::

    start -next→ menu
    menu -1→ sales / -2→ help / -no_input→ menu
    sales (transfer_queue)
    help (hangup)

One line per node: its id, its kind in parentheses where the id does not say it (``menu_2`` is a
menu), then its links. ``1`` stands for the exit ``key_1``; the keys of a menu are the ones that are
drawn. A node that is only led to is drawn by the link alone.
"""

import re

from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.kinds import KINDS, default_props

_LINE = re.compile(r"(?P<id>[\w:]+)(?: \((?P<kind>\w+)\))?(?P<links>.*)")
_LINK = re.compile(r"-(?P<way>\S+?)→ (?P<target>[\w:]+)")


def flow_of(picture: str) -> Flow:
    """The flow that a picture shows."""
    nodes: dict[NodeId, Node] = {}
    links: dict[NodeId, dict[ExitId, NodeId]] = {}
    lines = [line.strip() for line in picture.splitlines() if line.strip()]
    for line in lines:
        drawn = _LINE.fullmatch(line)
        assert drawn, f"not a line of a picture: {line}"
        node = NodeId(drawn["id"])
        ways = {
            _exit(link["way"]): NodeId(link["target"]) for link in _LINK.finditer(drawn["links"])
        }
        nodes[node] = _node(node, drawn["kind"], ways)
        if ways:
            links[node] = ways
    for ways in links.values():
        for target in ways.values():
            nodes.setdefault(target, _node(target, None, {}))
    return Flow(nodes=nodes, links=links)


def picture_of(flow: Flow) -> str:
    """The picture of a flow: its nodes in order, those that are only led to left out."""
    led_to = {link.target for link in flow.each_link()}
    return "\n".join(
        line
        for node in flow.nodes.values()
        if (line := _line(flow, node)) != node.id or node.id not in led_to
    )


def drawn(picture: str) -> str:
    """A picture as ``picture_of`` would draw it."""
    return picture_of(flow_of(picture))


def _line(flow: Flow, node: Node) -> str:
    name = node.id if _kind(node.id) == node.kind else f"{node.id} ({node.kind})"
    ways = " / ".join(
        f"-{way.removeprefix('key_')}→ {target}"
        for way, target in flow.links.get(node.id, {}).items()
    )
    return f"{name} {ways}" if ways else name


def _kind(node: NodeId) -> str:
    stem = re.sub(r"_\d+$", "", node)
    return stem if stem in KINDS else "play"


def _exit(way: str) -> ExitId:
    return ExitId(f"key_{way}" if re.fullmatch(r"[0-9*#]", way) else way)


def _node(node: NodeId, kind: str | None, ways: dict[ExitId, NodeId]) -> Node:
    kind = kind or _kind(node)
    if kind == "menu":
        return Node(node, kind, props={"keys": [w[4:] for w in ways if w.startswith("key_")]})
    return Node(node, kind, props=default_props(KINDS[kind]) if kind in KINDS else {})
