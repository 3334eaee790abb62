"""Flows for tests and benchmarks: grown like real ones, the same for the same seed."""

import random

from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.kinds import exits_of

_KINDS = ("play", "menu", "switch", "set_var", "lookup", "schedule", "collect")
_WEIGHTS = (34, 14, 10, 14, 12, 6, 6)
_TROUBLE = frozenset({"error", "http_error", "timeout", "hangup", "max_tries"})
_RETRY = frozenset({"no_input", "invalid"})
_LEFT_OPEN = frozenset({"not_found", "holiday", "exceptional", "anonymous"})


def flow_of_size(count: int, seed: int = 1) -> Flow:
    """A flow of so many nodes: menus branch, branches join again, errors share ends, some retry."""
    return _Grower(random.Random(seed)).grown(count)  # noqa: S311 - the same flow every time


class _Grower:
    def __init__(self, choose: random.Random) -> None:
        self._choose = choose
        self._nodes: dict[NodeId, Node] = {}
        self._links: dict[NodeId, dict[ExitId, NodeId]] = {}
        self._open: list[tuple[NodeId, ExitId, tuple[NodeId, ...]]] = []

    def grown(self, count: int) -> Flow:
        start, trouble, bye = self._add("start"), self._add("play"), self._add("hangup")
        self._link(trouble, ExitId("next"), bye)
        self._open.append((start, ExitId("next"), ()))
        while len(self._nodes) < count and self._open:
            near = self._choose.randrange(min(3, len(self._open)))
            source, way, path = self._open.pop(near)
            node = self._add(self._choose.choices(_KINDS, _WEIGHTS)[0])
            self._link(source, way, node)
            self._branch(node, (*path, node), trouble)
        names = list(self._nodes)
        places = {name: at for at, name in enumerate(names)}
        for source, way, _ in self._open:
            at = places[source]
            close = names[max(3, at - 30) : at + 30] or [bye]
            self._link(source, way, self._choose.choice([bye, bye, self._choose.choice(close)]))
        return Flow(nodes=self._nodes, links=self._links)

    def _branch(self, node: NodeId, path: tuple[NodeId, ...], trouble: NodeId) -> None:
        for way in exits_of(self._nodes[node]):
            if way.id in _TROUBLE:
                if self._choose.random() < 0.6:
                    self._link(node, way.id, trouble)
            elif way.id in _RETRY and self._choose.random() < 0.8:
                self._link(node, way.id, self._choose.choice(path[-3:]))
            elif way.id not in _LEFT_OPEN:
                self._open.append((node, way.id, path))

    def _add(self, kind: str) -> NodeId:
        node_id = NodeId(f"{kind}_{len(self._nodes)}")
        props: dict[str, object] = {}
        if kind == "menu":
            keys = self._choose.randint(2, 5)
            props = {"keys": [str(key + 1) for key in range(keys)], "max_tries": 0}
        if kind == "switch":
            props = {
                "cases": [
                    {"id": f"c{at}", "label": f"v{at}", "operator": "equals", "value": str(at)}
                    for at in range(self._choose.randint(1, 3))
                ]
            }
        self._nodes[node_id] = Node(id=node_id, kind=kind, title=node_id, props=props)
        return node_id

    def _link(self, source: NodeId, way: ExitId, target: NodeId) -> None:
        self._links.setdefault(source, {})[way] = target
