"""What a flow refers to outside of its links: queues, schedules, prompts, flows, other steps.

Documents hold ids; files that leave the project hold names, so that they mean something elsewhere.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.domain.flow.graph import Flow, Node, NodeId
from cx_desktop.domain.flow.kind import FieldType, Property
from cx_desktop.domain.flow.kinds import KINDS, SETTINGS, kind_of
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.patch import Document, Json

Names = Mapping[str, str]


class PromptFacts(Struct, frozen=True):
    """What a prompt of the project says: its words by language, "" where it is a sound alone."""

    words: Mapping[str, str] = {}
    is_live: bool = True
    """Whether anything of it was ever published: else callers hear nothing."""
    seconds: Mapping[str, float] = {}
    """How long its sounds last, by language, where it is a sound."""

    def lasts(self, language: str, *, pace: float) -> float:
        """How many seconds it lasts at least; ``pace`` is how many words are said in one."""
        if language in self.words:
            return self._lasts(language, pace)
        return min((self._lasts(each, pace) for each in self.words), default=0.0)

    def _lasts(self, language: str, pace: float) -> float:
        return self.seconds.get(language) or len(self.words[language].split()) / pace

    def text(self, language: str) -> str:
        """Its words in a language, else in the first language that has any."""
        return self.words.get(language) or next(filter(None, self.words.values()), "")


class ScheduleFacts(Struct, frozen=True):
    """What the rules ask of opening hours."""

    opens: bool = True
    closes: bool = True
    knows_holidays: bool = True


class QueueFacts(Struct, frozen=True):
    """What flows and other queues ask of a queue."""

    label: str = ""
    schedule: str = ""
    """The id of its opening hours, "" for always."""
    passes_to: str = ""
    """The id of the queue to which it passes calls on, "" for none."""
    is_live: bool = True
    """Whether its settings were ever published."""


class FlowFacts(Struct, frozen=True):
    """What other flows ask of a flow."""

    is_empty: bool = False
    sets: frozenset[str] = frozenset()
    """The variables it sets, or gives to its sub-flows."""
    calls: frozenset[str] = frozenset()
    """Its sub-flows."""


class Context(Struct, frozen=True):
    """What is known around a flow: the project's options, and its objects by id.

    ``None`` means not known: nothing is then said about it.
    """

    features: frozenset[str] | None = None
    queues: Names | None = None
    schedules: Names | None = None
    prompts: Names | None = None
    flows: Names | None = None
    prompt_facts: Mapping[str, PromptFacts] | None = None
    schedule_facts: Mapping[str, ScheduleFacts] | None = None
    queue_facts: Mapping[str, QueueFacts] | None = None
    files: frozenset[str] | None = None
    """The files of sound that the service holds for the project, by their digests."""
    flow_facts: Mapping[str, FlowFacts] | None = None

    @property
    def knows_objects(self) -> bool:
        """Whether anything is known of what prompts, schedules and flows hold."""
        known = (self.prompt_facts, self.schedule_facts, self.flow_facts)
        return known != (None, None, None)

    def prompt(self, prompt_id: str) -> PromptFacts | None:
        """What a prompt says, if that is known."""
        return self.prompt_facts.get(prompt_id) if self.prompt_facts is not None else None

    def names_of(self, refers_to: str) -> Names | None:
        """The names of a type of object by id, if they are known."""
        match refers_to:
            case "queue":
                return self.queues
            case "schedule":
                return self.schedules
            case "prompt":
                return self.prompts
            case "flow":
                return self.flows
            case _:
                return None


class Reference(NamedTuple):
    """One place of a flow that points to an object."""

    node: NodeId | None
    """The node that holds it; ``None`` for the settings of the flow."""
    property: str
    refers_to: str
    target: str


def references(flow: Flow) -> Iterator[Reference]:
    """Everything a flow points to, link targets aside."""
    for setting in SETTINGS:
        value = flow.meta.get(setting.name)
        if setting.type is FieldType.REFERENCE and isinstance(value, str) and value:
            yield Reference(None, setting.name, setting.refers_to, value)
    for node in flow.nodes.values():
        yield from references_of(node)


def references_of(node: Node) -> Iterator[Reference]:
    """What one node points to."""
    for each in _pointing(kind_of(node).id):
        value = node.props.get(each.name)
        if not value:
            continue
        if each.type is FieldType.REFERENCE:
            if isinstance(value, str):
                yield Reference(node.id, each.name, each.refers_to, value)
        elif each.type is FieldType.PROMPT:
            yield from _prompts(node.id, each.name, value)
        elif each.type is FieldType.PROMPTS and isinstance(value, list):
            for prompt in value:
                yield from _prompts(node.id, each.name, prompt)


@cache
def _pointing(kind: str) -> tuple[Property, ...]:
    """The properties of a kind that can point to something."""
    types = (FieldType.REFERENCE, FieldType.PROMPT, FieldType.PROMPTS)
    return tuple(each for each in KINDS[kind].properties if each.type in types)


def _prompts(node: NodeId, name: str, prompt: Json) -> Iterator[Reference]:
    for part in rows(prompt):
        value = part.get("ref")
        if isinstance(value, str) and value:
            yield Reference(node, name, "prompt", value)


def to_names(flow: Flow, context: Context) -> Flow:
    """The flow as it leaves the project: names for ids, where a name says which one is meant."""
    known = {kind: _unambiguous(context.names_of(kind)) for kind in _OUTSIDE}
    return renamed(flow, lambda kind, target: known[kind].get(target, target))


def to_ids(flow: Flow, context: Context) -> Flow:
    """The flow as it enters a project: ids for names. What no object is called stays as it is."""
    known = {
        kind: {name: each for each, name in _unambiguous(context.names_of(kind)).items()}
        for kind in _OUTSIDE
    }
    ids = {kind: context.names_of(kind) or {} for kind in _OUTSIDE}
    return renamed(
        flow,
        lambda kind, target: target if target in ids[kind] else known[kind].get(target, target),
    )


_OUTSIDE = ("queue", "schedule", "prompt", "flow")


def _unambiguous(names: Names | None) -> dict[str, str]:
    """The objects whose name is theirs alone, and nobody's id."""
    names = names or {}
    bearers = Counter(names.values())
    return {each: name for each, name in names.items() if bearers[name] == 1 and name not in names}


def renamed(flow: Flow, rename: Callable[[str, str], str]) -> Flow:
    """The flow with every outside reference passed through ``rename(refers_to, target)``."""
    return replace(
        flow,
        nodes={
            key: replace(node, props=_renamed_props(node, rename))
            for key, node in flow.nodes.items()
        },
        tests={key: _renamed_test(test, rename) for key, test in flow.tests.items()},
    )


def _renamed_props(node: Node, rename: Callable[[str, str], str]) -> Document:
    props = dict(node.props)
    for each in kind_of(node).properties:
        value = props.get(each.name)
        if each.type is FieldType.REFERENCE and isinstance(value, str):
            if value and each.refers_to in _OUTSIDE:
                props[each.name] = rename(each.refers_to, value)
        elif each.type is FieldType.PROMPT:
            props[each.name] = _renamed_prompt(value, rename)
        elif each.type is FieldType.PROMPTS and isinstance(value, list):
            props[each.name] = [_renamed_prompt(prompt, rename) for prompt in value]
        if each.name not in node.props:
            props.pop(each.name, None)
    return props


def _renamed_prompt(prompt: Json, rename: Callable[[str, str], str]) -> Json:
    if not isinstance(prompt, list):
        return prompt
    return [
        part | {"ref": rename("prompt", ref)}
        if isinstance(part, dict) and isinstance(ref := part.get("ref"), str) and ref
        else part
        for part in prompt
    ]


#: What the world of a test names by its parts.
_GIVEN = {"schedules": "schedule", "queues": "queue"}


def _renamed_test(test: Document, rename: Callable[[str, str], str]) -> Document:
    renamed_test = dict(test)
    given = test.get("given")
    if isinstance(given, dict):
        named = {
            part: {rename(kind, key): value for key, value in there.items()}
            for part, kind in _GIVEN.items()
            if isinstance(there := given.get(part), dict)
        }
        renamed_test["given"] = given | named
    expects = test.get("expects")
    if isinstance(expects, list):
        renamed_test["expects"] = [
            each | {"queue": rename("queue", queue)}
            if isinstance(each, dict) and isinstance(queue := each.get("queue"), str) and queue
            else each
            for each in expects
        ]
    return renamed_test
