"""Which variables can still matter from a node on: those that are read on some way from it.

What is known of any other variable makes no difference to a call, and is not kept apart.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from cx_desktop.domain.flow.analysis.places import Known, read_in
from cx_desktop.domain.flow.behaviour import Counted, Formula, Landing, Move, Step, Subject, hung_up
from cx_desktop.domain.flow.behaviour.transfer import inputs
from cx_desktop.domain.flow.graph import Flow, NodeId

#: A node, with its flow.
Spot: TypeAlias = tuple[str, NodeId]
#: How a node can be left, and where that leads.
Ways: TypeAlias = tuple[tuple[Move, Landing], ...]


class Living(NamedTuple):
    """The variables that can matter, by node."""

    bits: Mapping[str, int]
    """The variables that are asked about, each as a bit."""
    alive: Mapping[Spot, int]

    def at(self, spot: Spot) -> list[str]:
        """The variables that can matter at a node, sorted."""
        alive = self.alive.get(spot, 0)
        return [name for name, bit in self.bits.items() if alive & bit]

    def kept(self, known: Known, spot: Spot) -> Known:
        """What of this can matter at a node."""
        alive, bits = self.alive.get(spot, 0), self.bits
        return tuple([each for each in known if alive & bits[each[0]]])


def living(
    flows: Mapping[str, Flow],
    names: Iterable[str],
    at: Callable[[str, NodeId], tuple[Step, Ways]],
) -> Living:
    """The variables among ``names`` that can matter, by node."""
    bits = {name: 1 << number for number, name in enumerate(sorted(names))}
    return Living(bits, _Alive(flows, bits, at).found() if bits else {})


class _Alive:
    """Against the links, from node to node, until nothing is new."""

    def __init__(
        self,
        flows: Mapping[str, Flow],
        bits: Mapping[str, int],
        at: Callable[[str, NodeId], tuple[Step, Ways]],
    ) -> None:
        self._flows = flows
        self._bits = bits
        self._at = at
        self._callers: dict[str, list[Spot]] = {}
        for name, flow in flows.items():
            for node in flow.nodes.values():
                if node.kind == "subflow":
                    called = str(node.props.get("flow", ""))
                    self._callers.setdefault(called, []).append((name, node.id))

    def found(self) -> dict[Spot, int]:
        """What matters at each node, as bits."""
        spots = [(name, node) for name, flow in self._flows.items() for node in flow.nodes]
        onward = {spot: tuple(self._onward(spot)) for spot in spots}
        before: dict[Spot, list[Spot]] = {}
        for spot, targets in onward.items():
            for target, _ in targets:
                before.setdefault(target, []).append(spot)
        alive = {spot: self._read(spot) for spot in spots}
        waiting = dict.fromkeys(spots)
        while waiting:
            spot, _ = waiting.popitem()
            value = alive[spot]
            for target, lost in onward[spot]:
                value |= alive[target] & ~lost
            if value != alive[spot]:
                alive[spot] = value
                waiting.update(dict.fromkeys(before.get(spot, ())))
        return alive

    def _onward(self, spot: Spot) -> Iterator[tuple[Spot, int]]:
        """Where a call can go from a node, with the variables that are surely set on the way."""
        name, node = spot
        step, ways = self._at(name, node)
        handler = hung_up(self._flows[name]).node
        if handler is not None:
            yield (name, handler), 0
        if step.kind.id == "subflow" and (inner := self._start(step.text("flow"))) is not None:
            yield inner, 0
        for move, to in ways:
            lost = self._of(each.variable for each in move.sets if each.scope != "flow")
            if to.node is not None:
                yield (name, to.node), lost
            elif to.flow is not None:
                yield from self._into(name, to.flow)
            elif to.outcome is not None:
                for caller in self._callers.get(name, ()):
                    yield from self._behind(caller)

    def _into(self, name: str, flow: str) -> Iterator[tuple[Spot, int]]:
        """Into another flow; one that is not there is an error of this one."""
        start = self._start(flow)
        handler = self._flows[name].meta.get("on_error")
        if start is not None:
            yield start, 0
        elif isinstance(handler, str) and handler in self._flows[name].nodes:
            yield (name, NodeId(handler)), 0

    def _behind(self, caller: Spot) -> Iterator[tuple[Spot, int]]:
        """Where a flow goes on when another one has given the call back."""
        for _, to in self._at(*caller)[1]:
            if to.node is not None:
                yield (caller[0], to.node), 0

    def _start(self, flow: str) -> Spot | None:
        start = self._flows[flow].start if flow in self._flows else None
        return (flow, start) if start is not None else None

    def _read(self, spot: Spot) -> int:
        """What the node itself reads."""
        step, ways = self._at(*spot)
        read: set[str] = set()
        if step.kind.id == "subflow":
            for each in inputs(step):
                read |= read_in(getattr(each.what, "expression", ""))
        for move, _ in ways:
            read |= _deciding(move)
            for sets in move.sets:
                if isinstance(sets.what, Formula):
                    read |= read_in(sets.what.expression)
                elif isinstance(sets.what, Counted):
                    read.add(sets.variable)
        return self._of(read)

    def _of(self, names: Iterable[str]) -> int:
        found = 0
        for name in names:
            found |= self._bits.get(name, 0)
        return found


def _deciding(move: Move) -> frozenset[str]:
    """The variables by which a move is decided."""
    if move.when is not None and move.when.subject is Subject.VARIABLE:
        return frozenset({move.when.of})
    if move.when is not None and move.when.subject is Subject.FORMULA:
        return read_in(move.when.of)
    return frozenset()
