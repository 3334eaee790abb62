"""Variables: those every call has, those a node sets, and those it reads.

Names are compared as they are written. A name that ends in ``.*`` stands for all that begin so;
``*`` alone for any at all, where we cannot know.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import TypeAlias

from msgspec import Struct

from cx_desktop.domain.flow.expressions import Expression, Type, parse
from cx_desktop.domain.flow.expressions.faults import PlacedError
from cx_desktop.domain.flow.expressions.template import Template, parse_number
from cx_desktop.domain.flow.expressions.tree import variables_of
from cx_desktop.domain.flow.graph import ExitId, Node
from cx_desktop.domain.flow.kind import FieldType, Property
from cx_desktop.domain.flow.kinds import FOREIGN, KINDS, exits_of, kind_of
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.patch import Document, Json

#: The variables that every call has from its first moment, with their types; each is explained by
#: the catalogue entry ``variable.<name>``.
PREDEFINED: Mapping[str, Type] = MappingProxyType(
    {
        "caller": Type.TEXT,
        "called": Type.TEXT,
        "language": Type.TEXT,
        "channel": Type.TEXT,
        "call_id": Type.TEXT,
        "queue": Type.TEXT,
        "now": Type.INSTANT,
        "today": Type.DATE,
        "started": Type.INSTANT,
    }
)

#: What other products set by themselves or by steps that we keep as they are, by how it begins.
_GIVEN_ELSEWHERE = (
    "$.CustomerEndpoint.",
    "$.SystemEndpoint.",
    "$.Channel",
    "$.ContactId",
    "$.InitialContactId",
    "$.InstanceARN",
    "$.LanguageCode",
    "$.Queue.",
    "$.Agent.",
    "$.System.",
    "$.Lex.",
    "$.Customer.",
    "$.Case.",
    "$.Views.",
    "$.Metrics.",
    "$.SegmentAttributes",
    "$.Media.",
    "$.TextToSpeechVoiceId",
    "trigger.",
    "contact.",
    "flow.sid",
    "flow.flow_sid",
)

#: What no name of ours has: such a "variable" is a formula of another product, kept as it is.
_FOREIGN_SIGNS = ("|", "{%")


class Assigned(Struct, frozen=True, gc=False):
    """A variable that a node sets, at these exits of it; ``None`` says at every one."""

    name: str
    exits: tuple[ExitId, ...] | None = None
    type: Type = Type.ANY


class Read(Struct, frozen=True, gc=False):
    """A variable that a property of a node reads."""

    name: str
    property: str


def is_predefined(name: str) -> bool:
    """Whether a call has this variable without any node that sets it."""
    if any(sign in name for sign in _FOREIGN_SIGNS):
        return True
    return name in PREDEFINED or name.startswith(_GIVEN_ELSEWHERE)


def covers(assigned: str, name: str) -> bool:
    """Whether what a node sets includes a variable: by its name, or by a name ending in ``*``."""
    name = name.removeprefix("$.Attributes.")
    return assigned == name or (assigned.endswith("*") and name.startswith(assigned[:-1]))


def assigned_by(node: Node) -> tuple[Assigned, ...]:
    """The variables that a node sets, in the order in which it does."""
    kind = kind_of(node)
    if kind is FOREIGN:
        return (Assigned("*"),)
    assigning = _ASSIGNING.get(node.kind)
    if assigning is None and node.origin is None:
        return ()
    own = () if assigning is None else tuple(assigning(node, kind.filled(node.props)))
    return (*own, *_left_by_widget(node))


def _left_by_widget(node: Node) -> Iterator[Assigned]:
    """What a widget of Twilio Studio leaves behind under its name, besides what its kind sets."""
    raw = node.origin.raw if node.origin and node.origin.format == "twilio-studio" else None
    name = raw.get("name") if isinstance(raw, dict) else None
    if not isinstance(name, str):
        return
    match node.kind:
        case "collect":
            yield Assigned(f"widgets.{name}.SpeechResult", (ExitId("speech"),), Type.TEXT)
            yield Assigned(f"widgets.{name}.Confidence", (ExitId("speech"),), Type.NUMBER)
        case "lookup":
            yield Assigned(f"widgets.{name}.status_code", None, Type.NUMBER)
            yield Assigned(f"widgets.{name}.body", None, Type.TEXT)
        case _:
            yield Assigned(f"widgets.{name}.*")


def read_by(node: Node) -> tuple[Read, ...]:
    """The variables that a node reads, property by property; what cannot be read tells none."""
    found: dict[Read, None] = {}
    kind = kind_of(node)
    props: Document | None = None
    for declared in _readable(kind.id):
        value = node.props.get(declared.name, declared.default)
        if not value or _is_plain(declared, value):
            continue
        if declared.when is not None:
            props = kind.filled(node.props) if props is None else props
        if declared.when is None or declared.when(props or {}):
            for each in formulas_of(declared, value, kind=node.kind):
                names = each.variables if isinstance(each, Template) else variables_of(each)
                found |= {Read(name, declared.name): None for name in sorted(names)}
    return tuple(found)


def _is_plain(declared: Property, value: Json) -> bool:
    """Whether nothing is read in a text or a prompt, seen at a glance: it has no braces."""
    if declared.type is FieldType.PROMPT and isinstance(value, list):
        return all(isinstance(part, dict) and _is_unbraced(part.get("text")) for part in value)
    return declared.type in _WRITTEN and _is_unbraced(value)


def _is_unbraced(value: Json) -> bool:
    return isinstance(value, str) and "{" not in value


_WRITTEN = (FieldType.TEXT, FieldType.LINES)


@cache
def _readable(kind: str) -> tuple[Property, ...]:
    """The properties of a kind that can read variables at all."""
    return tuple(each for each in KINDS[kind].properties if each.type in _READING)


Formula: TypeAlias = Expression | Template

#: Texts in which braces say how often something stands.
_PATTERNS = frozenset({"expected_pattern"})


def formulas_of(declared: Property, value: Json, *, kind: str = "") -> tuple[Formula, ...]:
    """The expressions and texts with ``{…}`` in the value of a property, in order.

    What cannot be read is left out: the findings tell of it.
    """
    reader = _READING.get(declared.type)
    if reader is None or (kind == "subflow" and declared.name == "outputs"):
        return ()
    return tuple(reader(declared, value))


def _named(value: Json) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        yield value.strip()


def _in_rows(table: Json) -> Iterator[str]:
    for row in rows(table):
        yield from _named(row.get("variable"))


def _collected(_node: Node, props: Document) -> Iterator[Assigned]:
    for name in _named(props["variable"]):
        yield Assigned(name, (ExitId("ok"),), Type.TEXT)


#: By these nobody has answered.
_FAILING = frozenset({"no_input", "invalid", "max_tries", "error", "hangup"})


def _chosen(node: Node, props: Document) -> Iterator[Assigned]:
    """The key, or what was said, at each exit for an answer; its origin may know more of them."""
    others = set(node.origin.exits) - _FAILING if node.origin else set()
    exits = tuple(
        each.id
        for each in exits_of(node)
        if each.id.startswith(("key_", "case:"))
        or each.id in ("speech", "no_match")
        or each.id in others
    )
    for name in _named(props["result_variable"]):
        yield Assigned(name, exits, Type.TEXT)


def _set(_node: Node, props: Document) -> Iterator[Assigned]:
    for name in _in_rows(props["assignments"]):
        yield Assigned(name, (ExitId("next"),))


def _looked_up(_node: Node, props: Document) -> Iterator[Assigned]:
    for name in _in_rows(props["mapping"]):
        yield Assigned(name, (ExitId("ok"),))
    if props["source"] in ("function", "crm"):
        yield Assigned("$.External.*", (ExitId("ok"),))


def _counted(_node: Node, props: Document) -> Iterator[Assigned]:
    for name in _named(props["counter"]):
        yield Assigned(name, None, Type.NUMBER)


def _returned(node: Node, props: Document) -> Iterator[Assigned]:
    """What a flow inside gives back, at each way it can end well."""
    exits = tuple(each.id for each in exits_of(node) if each.id != "error")
    for name in _in_rows(props["outputs"]):
        yield Assigned(name, exits)


def _queue(_node: Node, _props: Document) -> Iterator[Assigned]:
    yield Assigned("queue", (ExitId("next"),), Type.TEXT)


def _recognised(_node: Node, _props: Document) -> Iterator[Assigned]:
    yield Assigned("repeat_caller", None, Type.TRUTH)


_ASSIGNING: Mapping[str, Callable[[Node, Document], Iterator[Assigned]]] = {
    "collect": _collected,
    "menu": _chosen,
    "voicebot": _chosen,
    "set_var": _set,
    "lookup": _looked_up,
    "loop": _counted,
    "subflow": _returned,
    "set_queue": _queue,
    "repeat_caller": _recognised,
}


def _text(declared: Property, value: Json) -> Iterator[Formula]:
    if not isinstance(value, str) or "{" not in value or declared.name in _PATTERNS:
        return
    if not declared.is_template:
        yield Template.tolerant(value)
        return
    yield from _tried(Template.parse, value)


def _url(declared: Property, value: Json) -> Iterator[Formula]:
    """An address with names in it, or one that is a variable as a whole."""
    if isinstance(value, str) and value.startswith("$"):
        yield from _tried(parse, value)
    else:
        yield from _text(declared, value)


def _tried(reading: Callable[[str], Formula], value: Json) -> Iterator[Formula]:
    if isinstance(value, str) and value.strip():
        try:
            yield reading(value)
        except PlacedError:
            return


def _prompt(_declared: Property, value: Json) -> Iterator[Formula]:
    for part in rows(value):
        text = part.get("text")
        if isinstance(text, str) and "{" in text:
            if part.get("type") == "ssml":
                yield Template.tolerant(text)
            else:
                yield from _tried(Template.parse, text)


def _prompts(declared: Property, value: Json) -> Iterator[Formula]:
    if isinstance(value, list):
        for each in value:
            yield from _prompt(declared, each)


def _expression(_declared: Property, value: Json) -> Iterator[Formula]:
    yield from _tried(parse, value)


def _number(_declared: Property, value: Json) -> Iterator[Formula]:
    yield from _tried(parse_number, value)


def _assignments(_declared: Property, value: Json) -> Iterator[Formula]:
    for row in rows(value):
        yield from _tried(parse, row.get("expression"))


def _cases(_declared: Property, value: Json) -> Iterator[Formula]:
    """The values that are compared with; braces of a pattern are its own."""
    for row in rows(value):
        operand = row.get("value")
        if row.get("operator") != "matches" and isinstance(operand, str) and "{" in operand:
            yield Template.tolerant(operand)


def _mapping(declared: Property, value: Json) -> Iterator[Formula]:
    """Pairs of a name and a value; paths and names of variables are read by nobody."""
    if "value" in declared.columns:
        for row in rows(value):
            yield from _text(declared, row.get("value"))


_READING: Mapping[FieldType, Callable[[Property, Json], Iterator[Formula]]] = {
    FieldType.TEXT: _text,
    FieldType.LINES: _text,
    FieldType.URL: _url,
    FieldType.PROMPT: _prompt,
    FieldType.PROMPTS: _prompts,
    FieldType.EXPRESSION: _expression,
    FieldType.NUMBER: _number,
    FieldType.ASSIGNMENTS: _assignments,
    FieldType.CASES: _cases,
    FieldType.MAPPING: _mapping,
}
