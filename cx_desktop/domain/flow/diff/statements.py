"""What a change of a flow means to those who call: where keys lead now, what is said, who waits.

Only what a call can come to counts. Steps that nobody hears (variables, logs, settings) are looked
through: an exit "leads to" the next step that a caller would notice.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from cx_desktop.domain.flow import rules
from cx_desktop.domain.flow.analysis import analyse
from cx_desktop.domain.flow.analysis.pace import SILENT_EXITS
from cx_desktop.domain.flow.behaviour import By, onward, says_something, seconds_of, words_of
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.kind import Exit, FieldType, Property
from cx_desktop.domain.flow.kinds import SETTINGS, exits_of, kind_of
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.patch import Json, same

#: Steps that a caller does not notice: an exit that leads to one leads to what comes after it.
_UNNOTICED = frozenset({"answer", "set_var", "config", "log", "recording", "set_queue"})
_ELEMENT = re.compile(r"</?[A-Za-z][^<>]*>")
#: What a step says.
_SPOKEN = (FieldType.PROMPT, FieldType.PROMPTS)
#: Exits of new steps that are not worth a sentence: what happens when something fails.
_FAILURES = SILENT_EXITS | {
    *("error", "failed", "http_error", "invalid_number", "not_found", "hangup", "interrupted"),
}
#: Of a step without a title, so many words are quoted.
_QUOTED_WORDS = 5
#: Properties of a step that only its editor sees.
_UNHEARD = frozenset({"test_double", "test_instant", "key_labels", "statistics_point"})


class Place(Struct, frozen=True):
    """A step as people call it."""

    node: NodeId
    title: str
    kind: str
    quote: str = ""
    """What it says, of a step without a title."""


class Way(Struct, frozen=True):
    """An exit as people call it."""

    exit: ExitId
    label: str


class Leads(Struct, frozen=True, tag="leads"):
    """Exits of a step lead elsewhere; ``None`` where they did not exist, or exist no more."""

    at: Place
    ways: tuple[Way, ...]
    """Exits that led to one place and lead to another one; keys and others apart."""
    old: "Place | Ends | None"
    new: "Place | Ends | None"
    is_only_way: bool = False
    """Whether calls go on this way when nothing fails."""


class Ends(Struct, frozen=True, tag="ends"):
    """The call just ends there."""


class Says(Struct, frozen=True, tag="says"):
    """A step says something else. ``words`` is how many more, or fewer."""

    at: Place
    property: str
    is_main: bool
    """Whether it is what the step says first: not a repetition, nor what is said while waiting."""
    old: tuple[Json, ...]
    """Its prompts, as they were; none for a step that no call came to before."""
    new: tuple[Json, ...]
    words: int


class Differs(Struct, frozen=True, tag="differs"):
    """A property of a step, or of the flow (``at`` is ``None``), has another value."""

    at: Place | None
    declared: Property
    old: Json
    new: Json


class Met(Struct, frozen=True, tag="met"):
    """Calls can now come to a step that they could not come to before, by no way that is told."""

    at: Place


class Missed(Struct, frozen=True, tag="missed"):
    """No call comes to a step any more."""

    at: Place


Statement: TypeAlias = Leads | Says | Differs | Met | Missed


class Changelog(Struct, frozen=True):
    """What changes for callers, the ways first, then the words, then the rest."""

    statements: tuple[Statement, ...]
    words: int
    """How many words more, or fewer, all reachable steps say together."""
    seconds: float
    """How much longer, or shorter, all they say takes."""
    is_first: bool = False
    """Whether callers heard nothing before."""

    @property
    def is_empty(self) -> bool:
        """Whether callers notice nothing."""
        return not self.statements


def changelog(old: Flow, new: Flow, *, lengths: Mapping[str, float] | None = None) -> Changelog:
    """What changes for callers when ``new`` takes the place of ``old``.

    ``lengths`` are the seconds of recorded prompts by their id.
    """
    before, after = _Side(old), _Side(new)
    known = [node for node in after.reached if node in before.reached]
    statements: list[Statement] = []
    for node in known:
        statements += _ways(before, after, node)
    for node in after.reached:
        if node not in before.reached:
            statements += _come_in(before, after, node)
    statements += (
        Missed(before.place(node))
        for node in before.reached
        if node not in after.reached and not before.is_unnoticed(node)
    )
    for node in known:
        statements += _values(old.nodes[node], new.nodes[node], after.place(node))
    statements += _settings(old, new) if before.reached else ()
    told = {
        each.new.node
        for each in statements
        if isinstance(each, Leads) and isinstance(each.new, Place)
    }
    return Changelog(
        statements=tuple(
            each for each in statements if not (isinstance(each, Met) and each.at.node in told)
        ),
        words=after.words() - before.words(),
        seconds=after.seconds(lengths) - before.seconds(lengths),
        is_first=not before.reached,
    )


class _Side:
    """One of the two flows: what a call can come to in it, and where its exits lead."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        unreachable = {
            each.node for each in analyse(flow).findings if each.rule == rules.UNREACHABLE.id
        }
        self.reached = {node: None for node in _in_order(flow) if node not in unreachable}

    def is_unnoticed(self, node_id: NodeId) -> bool:
        """Whether a caller does not notice a step."""
        node = self.flow.nodes[node_id]
        return node.kind in _UNNOTICED or _is_silent_end(node)

    def place(self, node_id: NodeId) -> Place:
        node = self.flow.nodes[node_id]
        return Place(node_id, node.title, node.kind, "" if node.title else _quote(node))

    def leads(self, node_id: NodeId, way: ExitId) -> "Place | Ends":
        """The next step that a caller notices, or the end."""
        seen: set[NodeId] = set()
        while True:
            landing = onward(self.flow, node_id, way)
            if landing.node is None or landing.by is By.NOTHING:
                return Ends()
            target = self.flow.nodes[landing.node]
            if _is_silent_end(target):
                return Ends()
            is_passed = target.kind in _UNNOTICED or target.kind == "start"
            if not is_passed or landing.node in seen:
                return self.place(landing.node)
            seen.add(landing.node)
            node_id, way = landing.node, kind_of(target).main_exit or ExitId("next")

    def words(self) -> int:
        return sum(words_of(prompt) for prompt in self._prompts())

    def seconds(self, lengths: Mapping[str, float] | None) -> float:
        return sum(seconds_of(prompt, lengths) for prompt in self._prompts())

    def _prompts(self) -> Iterator[Json]:
        for node_id in self.reached:
            node = self.flow.nodes[node_id]
            for each in kind_of(node).properties:
                yield from _prompts(each, node.props.get(each.name))


def _prompts(declared: Property, value: Json) -> Iterator[Json]:
    if declared.type is FieldType.PROMPT:
        yield value
    elif declared.type is FieldType.PROMPTS and isinstance(value, list):
        yield from value


def _in_order(flow: Flow) -> Iterator[NodeId]:
    """The steps as calls come to them, then those that no link leads to."""
    waiting = deque([flow.start] if flow.start is not None else [])
    seen: dict[NodeId, None] = dict.fromkeys(waiting)
    while waiting:
        for target in flow.links.get(waiting.popleft(), {}).values():
            if target in flow.nodes and target not in seen:
                seen[target] = None
                waiting.append(target)
    yield from seen
    yield from (node for node in flow.nodes if node not in seen)


def _come_in(before: _Side, after: _Side, node_id: NodeId) -> Iterator[Statement]:
    """What a step does that no call came to before: it is met, says something, offers ways."""
    node, at = after.flow.nodes[node_id], after.place(node_id)
    is_first = not before.reached
    if after.is_unnoticed(node_id):
        return
    if not is_first:
        yield Met(at)
    filled = kind_of(node).filled(node.props)
    for each in kind_of(node).properties_of(node):
        new = tuple(filter(says_something, _prompts(each, filled.get(each.name))))
        if new:
            yield Says(at, each.name, _is_main(node, each), (), new, sum(map(words_of, new)))
    told = (
        (way, None, leads)
        for way in exits_of(node)
        if _is_told(node, way.id)
        and not (isinstance(leads := after.leads(node_id, way.id), Ends) and _is_aside(node, way))
    )
    yield from _grouped(node, at, told)


def _is_told(node: Node, way: ExitId) -> bool:
    """Whether where an exit of a new step leads is worth a sentence.

    It goes without saying where a failure leads, and where the only way on does.
    """
    onward = [each.id for each in exits_of(node) if each.id not in _FAILURES]
    return way in onward and (node.kind == "start" or len(onward) > 1)


def _is_aside(node: Node, way: Exit) -> bool:
    """Whether an exit is there whatever its author did: no key, no case of theirs."""
    return node.kind != "start" and not way.id.startswith("key_") and ":" not in way.id


def _is_main(node: Node, declared: Property) -> bool:
    """Whether a prompt is the first one of its kind."""
    prompts = (each for each in kind_of(node).properties if each.type in _SPOKEN)
    return next(prompts, declared).name == declared.name


def _ways(before: _Side, after: _Side, node_id: NodeId) -> Iterator[Leads]:
    """The exits of a step that lead elsewhere in the eyes of a caller."""
    old_node, node = before.flow.nodes[node_id], after.flow.nodes[node_id]
    if node.kind in _UNNOTICED:
        return
    old = {each.id: each for each in exits_of(old_node)}
    new = {each.id: each for each in exits_of(node)}
    told = []
    for way in (*new, *(each for each in old if each not in new)):
        was = before.leads(node_id, way) if way in old else None
        now = after.leads(node_id, way) if way in new else None
        declared = new.get(way) or old[way]
        is_nothing = all(each is None or isinstance(each, Ends) for each in (was, now))
        if _who(was) != _who(now) and not (is_nothing and _is_aside(node, declared)):
            told.append((declared, was, now))
    yield from _grouped(node, after.place(node_id), told)


_Moved: TypeAlias = tuple[Exit, "Place | Ends | None", "Place | Ends | None"]


def _grouped(node: Node, at: Place, told: Iterable[_Moved]) -> Iterator[Leads]:
    """One statement for exits that lead to one place, as they did before."""
    groups: dict[tuple[object, ...], list[_Moved]] = {}
    for each in told:
        way, was, now = each
        groups.setdefault((way.id.startswith("key_"), _who(was), _who(now)), []).append(each)
    onward = [each.id for each in exits_of(node) if each.id not in _FAILURES]
    main = kind_of(node).main_exit
    for group in groups.values():
        ways = [way for way, _, _ in group]
        is_only = onward == [main] and any(each.id == main for each in ways)
        named = [each for each in ways if each.id == main] if is_only else ways
        yield Leads(
            at,
            tuple(Way(each.id, each.label) for each in named),
            group[0][1],
            group[0][2],
            is_only_way=is_only,
        )


def _who(found: "Place | Ends | None") -> NodeId | bool | None:
    """What tells two destinations apart: not their titles."""
    return found.node if isinstance(found, Place) else (found is not None) or None


def _values(old: Node, new: Node, at: Place) -> Iterator[Says | Differs]:
    """What a step does otherwise, in the order of its properties."""
    was, now = kind_of(old).filled(old.props), kind_of(new).filled(new.props)
    for each in kind_of(new).properties_of(new):
        before, after = was.get(each.name), now.get(each.name)
        if each.name in _UNHEARD or same(before, after):
            continue
        if each.type in _SPOKEN:
            words = _words(each, after) - _words(each, before)
            spoken = (tuple(_prompts(each, before)), tuple(_prompts(each, after)))
            yield Says(at, each.name, _is_main(new, each), *spoken, words)
        elif each.type != FieldType.KEYS:  # its exits tell it
            yield Differs(at, each, before, after)


def _settings(old: Flow, new: Flow) -> Iterator[Differs]:
    for each in SETTINGS:
        before = old.meta.get(each.name, each.default)
        after = new.meta.get(each.name, each.default)
        if not same(before, after):
            yield Differs(None, each, before, after)


def _words(declared: Property, value: Json) -> int:
    return sum(words_of(prompt) for prompt in _prompts(declared, value))


def bare(text: str) -> str:
    """A text as it is heard, without the marks of a speech synthesiser."""
    return _ELEMENT.sub(" ", text)


def _is_silent_end(node: Node) -> bool:
    """Whether a step ends the call without a word: to a caller it is the end itself."""
    return node.kind == "hangup" and not says_something(node.props.get("prompt"))


def _quote(node: Node) -> str:
    """The first words that a step says."""
    for each in kind_of(node).properties:
        for prompt in _prompts(each, node.props.get(each.name)):
            texts = (part.get("text") for part in rows(prompt))
            words = bare(" ".join(each for each in texts if isinstance(each, str))).split()
            if words:
                more = "…" if len(words) > _QUOTED_WORDS else ""
                return " ".join(words[:_QUOTED_WORDS]) + more
    return ""
