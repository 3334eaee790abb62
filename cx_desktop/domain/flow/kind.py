"""What a kind of node is: its exits, its properties with their types and defaults, its words.

Kinds are data (``kinds/``); the inspector, the palette, the findings, the simulator and the
reference page are all made from these declarations.
"""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from cx_desktop.domain.flow.graph import ExitId, Node
from cx_desktop.domain.patch import Document, Json


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
    """The call goes on by the node's main exit."""
    ERROR = "error"
    """The flow's error handler takes the call; without one it hangs up."""


class Exit(Struct, frozen=True):
    """A way out of a node; ``label`` (user text) goes before the catalogue entry ``exit.<id>``."""

    id: ExitId
    unlinked: Unlinked = Unlinked.HANG_UP
    label: str = ""

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
    """Keys of a telephone, each an exit ``key_<k>``: ["1", "2", "*"]; with labels in ``cases``."""
    CASES = "cases"
    """Ordered cases, each an exit ``case:<id>``: ``[{"id", "label", "operator", "value"}]``."""
    WEIGHTS = "weights"
    """Shares in percent, each an exit ``case:<id>``: ``[{"id", "label", "weight"}]``, sum 100."""
    OUTCOMES = "outcomes"
    """Named outcomes, each an exit ``case:<id>``: ``[{"id", "label"}]``."""
    ASSIGNMENTS = "assignments"
    """``[{"variable", "expression"}]``."""
    MAPPING = "mapping"
    """``[{"path", "variable"}]`` or header lists: ``[{"name", "value"}]``."""
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
    refers_to: str = ""
    minimum: float | None = None
    maximum: float | None = None
    group: str = ""
    """Where the inspector folds it: "" is the open first group; else ``group.<name>``."""


class Kind(Struct, frozen=True, kw_only=True):
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

    def exits_of(self, node: Node) -> tuple[Exit, ...]:
        """Every exit of a node of this kind, in the order they are drawn."""
        dynamic = self.dynamic_exits(node.props) if self.dynamic_exits else ()
        return (*dynamic, *self.exits)
