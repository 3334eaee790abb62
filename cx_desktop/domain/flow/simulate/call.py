"""A simulated call at one moment: a value. To go back is to keep the call of before."""

from collections.abc import Mapping
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour import Cost, End, Reached, Setting, Step
from cx_desktop.domain.flow.behaviour.attempts import Tries
from cx_desktop.domain.flow.expressions import Value
from cx_desktop.domain.flow.graph import Flow, NodeId
from cx_desktop.domain.flow.simulate.events import AnyEvent
from cx_desktop.domain.flow.simulate.world import World

#: How many events make a chunk.
CHUNK = 128


class Frame(Struct, frozen=True):
    """A flow that waits for the one it has called."""

    flow: str
    node: NodeId
    """The step that called."""
    own: Mapping[str, Value]
    """The variables of that flow alone."""


class Visit(Struct, frozen=True):
    """What has happened since the call came to the step it is at."""

    tries: Tries = Tries()
    typed: str = ""
    """What was typed and is to be confirmed."""
    is_confirming: bool = False
    """Whether the caller has said yes to an offer, or is asked to confirm what was typed."""
    began: float = 0.0
    """When the call came, in seconds."""
    is_heard: bool = False
    """Whether the caller has done something here."""


class Call(Struct, frozen=True, kw_only=True):
    """Where a call is, what it knows, what has happened in it."""

    world: World
    flow: str
    node: NodeId
    limit: float
    """The longest duration of this call."""
    settings: Mapping[str, Setting]
    """The setting of each flow, by id: looked up once, not at each step."""
    frames: tuple[Frame, ...] = ()
    variables: Mapping[str, Value] = {}
    """The variables of the call."""
    own: Mapping[str, Value] = {}
    """The variables of the flow it is in."""
    kept: Mapping[str, Value] = {}
    """What is remembered for the caller's next calls."""
    visit: Visit = Visit()
    visits: Mapping[str, int] = {}
    """How often the call has come to each step where chance decides."""
    buffer: str = ""
    """Keys typed ahead."""
    cost: Cost = Cost()
    restless: int = 0
    """Steps since the call has last waited for something."""
    reached: Reached | None = None
    is_told: bool = False
    is_alone: bool = False
    """Whether the caller has hung up and the flow goes on without them."""
    is_overtime: bool = False
    """Whether the longest duration is over, and the flow's step for that has the call."""
    end: End | None = None
    earlier: tuple[tuple[AnyEvent, ...], ...] = ()
    """What happened longer ago, in chunks that calls share: a long call is not copied each time."""
    recent: tuple[AnyEvent, ...] = ()

    @property
    def events(self) -> tuple[AnyEvent, ...]:
        """What has happened, in order."""
        return (*chain.from_iterable(self.earlier), *self.recent)

    @property
    def graph(self) -> Flow:
        """The flow it is in."""
        return self.world.flows[self.flow]

    @property
    def step(self) -> Step:
        """The step it is at."""
        return Step(self.graph.nodes[self.node], self.settings[self.flow])

    @property
    def values(self) -> dict[str, Value]:
        """Every variable that can be read here."""
        now = self.world.instant(self.cost.seconds)
        clock: dict[str, Value] = {"now": now, "today": now.date()}
        return {**self.variables, **self.own, **clock}

    def with_event(self, event: AnyEvent) -> "Call":
        """The call after something has happened."""
        if len(self.recent) < CHUNK:
            return replace(self, recent=(*self.recent, event))
        return replace(self, earlier=(*self.earlier, self.recent), recent=(event,))
