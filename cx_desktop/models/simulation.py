"""One simulated call of the open flow: played on, back, up to somewhere, by hand or from a script.

The call is a value; to go back is to keep the call of before. What plays is the flow as it was when
the call came in: ``is_stale`` says that it has changed since.
"""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from cx_desktop.domain.flow.analysis.witness import Witness
from cx_desktop.domain.flow.behaviour import Stimulus
from cx_desktop.domain.flow.graph import Link, NodeId
from cx_desktop.domain.flow.simulate import Call, Closure, World, advance, begin
from cx_desktop.domain.flow.simulate.events import Entered, Left
from cx_desktop.domain.flow.simulate.request import Request, request_of
from cx_desktop.domain.flow.testing import Act, FlowTest, Given, beats_of, met, play
from cx_desktop.domain.flow.testing import saved_as_test as test_of
from cx_desktop.domain.flow.testing.playing import MOST_BEATS
from cx_desktop.models.call_tape import CallTape
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.simulation_world import Surroundings, with_flow


class Simulation(QObject):
    """A call under way, with all that led to it."""

    changed = Signal()  # another moment of the call, another call, or none
    breakpoints_changed = Signal()

    def __init__(
        self, model: FlowGraphModel, flow_id: str, world: World, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._flow_id = flow_id
        self._base = world
        self._closures: Mapping[str, tuple[Closure, ...]] = {}
        self._began_with = model.flow
        self.given = Given(at=world.started)
        self.tape = CallTape()
        self.breakpoints: frozenset[NodeId] = frozenset()
        self.is_real = False  # whether lookups are asked of the network, by who listens

    @property
    def flow_id(self) -> str:
        """The flow that calls come into."""
        return self._flow_id

    @property
    def base(self) -> World:
        """The world around the flow as it is on the canvas, on any day."""
        return with_flow(self._base, self._flow_id, self._model.flow)

    @property
    def call(self) -> Call | None:
        """The call at this moment, if there is one."""
        return self.tape.call

    @property
    def can_begin(self) -> bool:
        """Whether calls can come in at all."""
        return self._model.flow.start is not None

    @property
    def is_stale(self) -> bool:
        """Whether the flow is another one since the call came in."""
        now, then = self._model.flow, self._began_with
        parts = ((now.nodes, then.nodes), (now.links, then.links), (now.meta, then.meta))
        return self.call is not None and any(one is not other for one, other in parts)

    @property
    def request(self) -> Request | None:
        """What is to be asked of the network before the call goes on, if anything is."""
        call = self.call
        if call is None or not self.is_real or self.tape.is_replaying:
            return None
        return request_of(call)

    @property
    def present(self) -> NodeId | None:
        """The node of the open flow that the call is at, or where it left it for another flow."""
        if self.call is None:
            return None
        if self.call.flow == self._flow_id:
            return self.call.node
        return next(
            (each.node for each in reversed(self.call.frames) if each.flow == self._flow_id), None
        )

    def walked(self, flow_id: str) -> tuple[frozenset[NodeId], frozenset[Link]]:
        """The nodes and links of a flow that the call has gone through."""
        nodes: set[NodeId] = set()
        links: set[Link] = set()
        for event in self.call.events if self.call is not None else ():
            if event.flow != flow_id:
                continue
            if isinstance(event, Entered):
                nodes.add(event.node)
            elif isinstance(event, Left) and event.exit is not None and self.call is not None:
                target = self.call.world.flows[flow_id].target(event.node, event.exit)
                if target is not None:
                    links.add(Link(event.node, event.exit, target))
        return frozenset(nodes), frozenset(links)

    def know(self, around: Surroundings) -> None:
        """What is around the flow is another now; a call under way is not touched."""
        self._base, self._closures = around.world, around.closures

    def give(self, given: Given) -> None:
        """What the next call is given."""
        self.given = given

    def start(self) -> None:
        """A new call comes in."""
        if self.can_begin:
            self._began_with = self._model.flow
            today = replace(self.base, closures=self._closures)
            self._become(CallTape(call=begin(self._flow_id, met(today, self.given))))

    def stop(self) -> None:
        """No call any more."""
        self._become(CallTape())

    def step(self) -> None:
        """One step on: as it was laid down, or else the caller lets things happen."""
        self.tape.step()
        self.changed.emit()

    def back(self) -> None:
        """One step back; what came then comes again, if it is stepped on."""
        self.tape.back()
        self.changed.emit()

    def do(self, stimulus: Stimulus | None) -> None:
        """Something happens now, whatever was laid down."""
        self.tape.do(stimulus)
        self.changed.emit()

    def run(self, *, until: NodeId | None = None) -> None:
        """On until it is the caller's turn, a breakpoint, the node ``until``, or the end.

        With ``until`` the caller says nothing on the way.
        """
        for _ in range(MOST_BEATS):
            if self.tape.is_over or self.request or (until is None and self.tape.rests):
                break
            self.tape.step()
            if self._is_at(until) or self._is_at_breakpoint():
                break
        self.changed.emit()

    def toggle_breakpoint(self, node: NodeId) -> None:
        """Stop at a node from now on, or not any more."""
        self.breakpoints = self.breakpoints ^ {node}
        self.breakpoints_changed.emit()

    def replay(self, given: Given, script: Iterable[Act], beat: int | None = None) -> None:
        """A call by a script, seen at one of its moments, or at the beginning."""
        self.given = given
        played = play(self._flow_id, met(self.base, given), tuple(script))
        self._began_with = self._model.flow
        self._become(CallTape(played.beats, played.call, beat or 0))

    def show(self, shown: Witness) -> None:
        """The call that shows a finding, from its beginning."""
        self._began_with = self._model.flow
        world = replace(self.base, caller=shown.world.caller, started=shown.world.started)
        world = replace(world, variables={**world.variables, **shown.world.variables})
        beats = beats_of(replace(shown, world=world))
        self.given = Given(at=world.started, caller=world.caller)
        last = advance(*beats[-1]) if beats else begin(self._flow_id, world)
        self._become(CallTape(beats, last, 0))

    def as_test(self, name: str) -> FlowTest | None:
        """The call as a test, which expects what happens; played on in silence to its end.

        What an emergency closes is closed in the test, whatever day it runs on.
        """
        if self.call is None:
            return None
        made = test_of(self._flow_id, self.base, self.tape.beats, self.call.world.settled())
        return replace(made, name=name)

    def _become(self, tape: CallTape) -> None:
        self.tape = tape
        self.changed.emit()

    def _is_at(self, node: NodeId | None) -> bool:
        call = self.call
        return call is not None and call.flow == self._flow_id and call.node == node

    def _is_at_breakpoint(self) -> bool:
        call = self.call
        is_here = call is not None and call.flow == self._flow_id
        return is_here and call is not None and call.node in self.breakpoints
