"""The whole flow as the rules about ways see it: its nodes in order, and what holds at each."""

from collections.abc import Mapping
from typing import NamedTuple

from cx_desktop.domain.flow.analysis.order import Order
from cx_desktop.domain.flow.analysis.overview import Overview
from cx_desktop.domain.flow.analysis.signs import LEADS, MET
from cx_desktop.domain.flow.analysis.steps import Step
from cx_desktop.domain.flow.graph import ExitId, NodeId
from cx_desktop.domain.flow.references import Context

_HANDLERS = ("operator", "on_error", "on_hangup", "on_max_duration")


class Gain(NamedTuple):
    """What is lacking no more after a node: at every exit of it, or at one."""

    always: int
    at: Mapping[ExitId, int]


class Scene(NamedTuple):
    """Every node summed up, where calls come in, and what holds where (``signs.py``)."""

    steps: Mapping[NodeId, Step]
    into: Mapping[NodeId, tuple[NodeId, ...]]
    """The nodes that lead to each node that some lead to."""
    entries: frozenset[NodeId]
    context: Context
    order: Order
    overview: Overview
    ahead: dict[NodeId, int]
    coming: dict[NodeId, int]
    gains: dict[NodeId, Gain]

    def is_met(self, node: NodeId) -> bool:
        """Whether calls can come to a node."""
        return bool(self.coming[node] & MET)

    def is_held(self, node: NodeId) -> bool:
        """Whether a call that comes to a node has no end to go to."""
        return not self.ahead[node] & LEADS

    def onward(self, node: NodeId) -> tuple[NodeId, ...]:
        """The nodes a call can go to from a node."""
        return self.steps[node].onward


def entries_of(
    meta: Mapping[str, object], nodes: Mapping[NodeId, object], start: NodeId | None
) -> frozenset[NodeId]:
    """Where calls can come in, with the handlers of the flow; everywhere if there is no start."""
    if start is None:
        return frozenset(nodes)
    named = (meta.get(name) for name in _HANDLERS)
    handlers = (NodeId(each) for each in named if isinstance(each, str) and each in nodes)
    return frozenset({start, *handlers})
