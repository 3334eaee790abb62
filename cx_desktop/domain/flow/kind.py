"""What a kind of node is: its exits, its properties with their types and defaults, its words.

Kinds are data (``kinds/``); the inspector, the palette, the findings, the simulator and the
reference page are all made from these declarations.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct

from cx_desktop.domain.flow.graph import ExitId, Node
from cx_desktop.domain.patch import Document, Json

#: A question about a node's properties, defaults filled in; its docstring says in one sentence
#: when the answer is yes, for the reference.
Condition: TypeAlias = Callable[[Document], bool]


class Family(StrEnum):
    """The colour family of a kind (``ui.md``)."""

    ENTRY = "entry"
    SPEECH = "speech"
    INPUT = "input"
    DECISION = "decision"
    DATA = "data"
    TRANSFER = "transfer"
    END = "end"


class Unlinked(StrEnum):
    """What a call does at an exit that leads nowhere."""

    REFUSED = "refused"
    """The exit must be linked: a flow without that link cannot be published."""
    HANG_UP = "hang_up"
    NEXT = "next"
    """The call goes on by another exit of the node: ``Exit.instead``, or its main exit."""
    ERROR = "error"
    """The flow's error handler takes the call; without one it hangs up."""


class Exit(Struct, frozen=True):
    """A way out of a node; ``label`` (user text) goes before the catalogue entry ``exit.<id>``."""

    id: ExitId
    unlinked: Unlinked = Unlinked.HANG_UP
    label: str = ""
    instead: ExitId = ExitId("")
    """The exit a call takes when this one is unlinked and says ``NEXT``; "" is the main exit."""
    when: Condition | None = None
    """Whether a node with these properties has the exit at all; without one it always has."""

    @property
    def is_required(self) -> bool:
        """Whether a flow with this exit unlinked is refused at publishing."""
        return self.unlinked is Unlinked.REFUSED


class FieldType(StrEnum):
    """How a property is edited and checked; each has one inspector field and one JSON shape."""

    TEXT = "text"
    """One line: str."""
    LINES = "lines"
    """Several lines: str."""
    PROMPT = "prompt"
    """What is said: ``[{"type": "text"|"ssml"|"audio"|"say_as", "text"?, "ref"?, "as"?,
    "language"?}]``; ``{var}`` in texts."""
    PROMPTS = "prompts"
    """Prompts in order, one per attempt: a list of ``PROMPT``."""
    INTEGER = "integer"
    SECONDS = "seconds"
    """A duration in seconds: int or float."""
    TOGGLE = "toggle"
    CHOICE = "choice"
    """One of ``choices``: str."""
    CHOICES = "choices"
    """Several of ``choices``: [str]."""
    KEYS = "keys"
    """Keys of a telephone, each an exit ``key_<k>``: ["1", "2", "*"]; their labels stand in the
    kind's ``MAPPING`` property ``key_labels``: ``[{"key", "label"}]``."""
    CASES = "cases"
    """Ordered cases, each an exit ``case:<id>``: ``[{"id", "label", "operator", "value"}]``; the
    operators are the property's ``choices``."""
    WEIGHTS = "weights"
    """Shares in percent, each an exit ``case:<id>``: ``[{"id", "label", "weight"}]``, sum 100."""
    OUTCOMES = "outcomes"
    """Named outcomes, each an exit ``case:<id>``: ``[{"id", "label"}]``."""
    ASSIGNMENTS = "assignments"
    """``[{"variable", "expression"}]``."""
    MAPPING = "mapping"
    """Pairs of texts named by ``columns``: ``[{"path", "variable"}]``, ``[{"name", "value"}]``."""
    VARIABLE = "variable"
    """The name of a variable: str."""
    EXPRESSION = "expression"
    """A formula of our small language: str."""
    REFERENCE = "reference"
    """The id of another object of the project (``refers_to``), or "" for none: str."""
    NUMBER = "number"
    """A telephone number in E.164, or an expression: str."""
    URL = "url"
    DATA = "data"
    """Structured data that has no field of its own: any JSON."""


class Property(Struct, frozen=True, kw_only=True):
    """One property of a kind, labelled ``prop.<name>`` and explained by ``prop.<name>.help``."""

    name: str
    type: FieldType
    default: Json = None
    is_required: bool = False
    choices: tuple[str, ...] = ()
    """What a choice, or the operator of a case, may be: labelled ``choice.<property>.<value>``."""
    columns: tuple[str, ...] = ()
    """What each row of a table type holds besides its ``id``: labelled ``column.<name>``."""
    refers_to: str = ""
    """The type a reference points to: queue, schedule, prompt, flow; or ``node`` of this flow."""
    minimum: float | None = None
    maximum: float | None = None
    group: str = ""
    """Where the inspector folds it: "" is the open first group; else ``group.<name>``."""
    when: Condition | None = None
    """Whether it matters, beside the other properties; one that does not is neither shown nor
    required."""
    is_template: bool = False
    """Whether ``{name}`` in the text stands for a variable."""
    pattern: str = ""
    """What a text must match as a whole (RE2), when it is not empty."""


class Kind(Struct, frozen=True, kw_only=True, dict=True):
    """A kind of node. Label ``kind.<id>``, one sentence ``kind.<id>.about``."""

    id: str
    family: Family
    icon: str
    """A Phosphor icon name of QtAwesome, ``ph.…``."""
    exits: tuple[Exit, ...] = ()
    properties: tuple[Property, ...] = ()
    dynamic_exits: Callable[[Document], tuple[Exit, ...]] | None = None
    """Exits that follow from properties, in their order; drawn before the fixed ones."""
    synonyms: tuple[str, ...] = ()
    """Vendors' words for it, for the search of the palette."""
    feature: str = "ivr"
    """The feature a project must have subscribed to publish it."""

    @property
    def main_exit(self) -> ExitId | None:
        """The exit a call takes when all goes well: the first fixed one."""
        return self.exits[0].id if self.exits else None

    def filled(self, props: Document) -> Document:
        """These properties, with the default of each one that is left out."""
        return self.defaults | props

    @cached_property
    def defaults(self) -> Document:
        """The default of each property."""
        return {each.name: each.default for each in self.properties}

    @cached_property
    def by_name(self) -> Mapping[str, Property]:
        """The properties by their names."""
        return {each.name: each for each in self.properties}

    @cached_property
    def required(self) -> frozenset[str]:
        """The names of the properties that must be filled in."""
        return frozenset(each.name for each in self.properties if each.is_required)

    @cached_property
    def has_fixed_exits(self) -> bool:
        """Whether all nodes of this kind have the same exits."""
        return self.dynamic_exits is None and not any(each.when for each in self.exits)

    def exits_of(self, node: Node) -> tuple[Exit, ...]:
        """Every exit of a node of this kind, in the order they are drawn."""
        if self.has_fixed_exits:
            return self.exits
        props = self.filled(node.props)
        dynamic = self.dynamic_exits(props) if self.dynamic_exits else ()
        fixed = (each for each in self.exits if each.when is None or each.when(props))
        return (*dynamic, *fixed)

    def properties_of(self, node: Node) -> tuple[Property, ...]:
        """The properties that matter for a node of this kind, in the order they are shown."""
        props = self.filled(node.props)
        return tuple(each for each in self.properties if each.when is None or each.when(props))

    def declared(self, name: str) -> Property | None:
        """The property of this name, if the kind declares one."""
        return self.by_name.get(name)
