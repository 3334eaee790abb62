"""The whole flow as the rules about ways see it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cx_desktop.domain.flow.analysis.steps import Step
from cx_desktop.domain.flow.graph import NodeId
from cx_desktop.domain.flow.references import Context

_HANDLERS = ("operator", "on_error", "on_hangup", "on_max_duration")


class Scene(NamedTuple):
    """Every node summed up, and where calls come in."""

    steps: Mapping[NodeId, Step]
    start: NodeId | None
    handlers: tuple[NodeId, ...]
    """Nodes that calls come to without a link: the handlers of the flow."""
    context: Context

    @property
    def entries(self) -> tuple[NodeId, ...]:
        """Where calls can come in; everywhere when there is no start."""
        return tuple(self.steps) if self.start is None else (self.start, *self.handlers)

    @property
    def is_subflow(self) -> bool:
        """Whether the flow gives calls back to another one."""
        return any(step.kind == "return" for step in self.steps.values())

    def onward(self, node: NodeId) -> Iterator[NodeId]:
        """The nodes a call can go to from a node."""
        return (way.target for way in self.steps[node].ways if way.target is not None)


def handlers_of(meta: Mapping[str, object], nodes: Mapping[NodeId, object]) -> tuple[NodeId, ...]:
    """The nodes that a flow's settings send calls to."""
    named = (meta.get(name) for name in _HANDLERS)
    return tuple(NodeId(each) for each in named if isinstance(each, str) and each in nodes)


def reached(scene: Scene) -> set[NodeId]:
    """The nodes a call can come to."""
    steps = scene.steps
    met = set(scene.entries)
    waiting = list(met)
    while waiting:
        for way in steps[waiting.pop()].ways:
            target = way.target
            if target is not None and target not in met:
                met.add(target)
                waiting.append(target)
    return met
