"""A step as its behaviour sees it: properties that surely have their type, and what is around it.

Documents may hold any JSON. Where a property is not what its type promises (a finding says so), the
behaviour is that of the default; a number outside its bounds counts as the nearest bound.
"""

from collections.abc import Mapping

from msgspec import Struct

from cx_desktop.domain.flow.behaviour.move import Prompt
from cx_desktop.domain.flow.behaviour.speech import seconds_of
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.kind import Kind, Property
from cx_desktop.domain.flow.kinds import exits_of, kind_of
from cx_desktop.domain.patch import Document, Json


class Setting(Struct, frozen=True):
    """What the behaviour of a step needs to know of what is around it."""

    operator: NodeId | None = None
    """The step that key 0 leads to in each menu that does not offer it."""
    longest_call: float = 3600.0
    """The seconds after which a call is ended; no wait is longer."""
    lengths: Mapping[str, float] = {}
    """The seconds of recordings by the prompt's id."""


def setting_of(flow: Flow, lengths: Mapping[str, float] | None = None) -> Setting:
    """The setting in which the steps of a flow behave."""
    operator = flow.meta.get("operator")
    named = NodeId(operator) if isinstance(operator, str) else None
    return Setting(
        operator=named if named in flow.nodes else None,
        longest_call=longest_call(flow),
        lengths=lengths or {},
    )


def longest_call(flow: Flow) -> float:
    """The seconds after which a call in a flow is ended, as its start says."""
    start = flow.start
    node = flow.nodes[start] if start is not None else Node(NodeId(""), "start")
    return Step(node, Setting()).number("max_call_duration")


class Step:
    """One node with its properties filled in, read by type."""

    def __init__(self, node: Node, setting: Setting) -> None:
        self.node = node
        self.setting = setting
        self.kind: Kind = kind_of(node)
        self.props: Document = self.kind.filled(node.props)
        self.exits: tuple[ExitId, ...] = tuple(each.id for each in self.kind.exits_of(node))
        """The exits of its kind."""
        self.extra_exits: tuple[ExitId, ...] = ()
        """The exits that only its origin has; all those of a foreign step."""
        if node.origin is not None:
            known = set(self.exits)
            self.extra_exits = tuple(each.id for each in exits_of(node) if each.id not in known)
        self._declared = {each.name: each for each in self.kind.properties}

    def has(self, way: str) -> bool:
        """Whether the step has an exit."""
        return way in self.exits or way in self.extra_exits

    def number(self, name: str) -> float:
        """A number within its bounds."""
        declared = self._declared[name]
        value = self.props.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or value != value:
            value = declared.default
        return float(_within(value if isinstance(value, int | float) else 0, declared))

    def whole(self, name: str) -> int:
        """A whole number within its bounds; what is none counts as the default."""
        declared = self._declared[name]
        value = self.props.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            value = declared.default
        return round(_within(value if isinstance(value, int) else 0, declared))

    def is_on(self, name: str) -> bool:
        """Whether a toggle is on."""
        return self.props.get(name) is True

    def text(self, name: str) -> str:
        """A text, a choice, the id of a reference, the name of a variable: "" for none."""
        value = self.props.get(name)
        return value if isinstance(value, str) else ""

    def prompt(self, name: str = "prompt") -> Prompt:
        """A prompt; what is none says nothing."""
        return self.props.get(name)

    def prompts(self, name: str) -> list[Json]:
        """Several prompts."""
        value = self.props.get(name)
        return value if isinstance(value, list) else []

    def lasts(self, prompt: Prompt) -> float:
        """How long a prompt is heard here."""
        return seconds_of(prompt, self.setting.lengths)


def _within(value: float, declared: Property) -> float:
    low = declared.minimum if declared.minimum is not None else value
    high = declared.maximum if declared.maximum is not None else value
    return min(max(value, low), high)
