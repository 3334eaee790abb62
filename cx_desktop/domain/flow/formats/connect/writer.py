"""From a flow of ours to the steps of Connect: what nobody changed is written as it was read.

The file's own words are read again first. Where a node still says what they say, they are written
back untouched; where it does not, just that property, link or place is written into them.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.flow.formats import ImportNote
from cx_desktop.domain.flow.formats.connect.reader import Flowing, Reading
from cx_desktop.domain.flow.formats.connect.rule import OPERATORS, Conditions, Rule
from cx_desktop.domain.flow.formats.connect.rules import rule_for
from cx_desktop.domain.flow.formats.connect.steps import Source, Step, Way
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.kinds import kind_of
from cx_desktop.domain.flow.kinds.shapes import rows
from cx_desktop.domain.patch import Document, Json

_WORD_OF = {ours: theirs for theirs, ours in OPERATORS.items()}
_PLAIN_ERRORS = ("NoMatchingError", "NoMatchingCondition", "InputTimeLimitExceeded")


#: Stands for an exit that needs no way of its own: it leads where another exit of its way leads.
_JOINED = Way("error")


class Form(Protocol):
    """One generation of the export: how steps and its documents become each other."""

    FORMAT: str

    def step_of(self, raw: Document, place: str) -> Step:
        """The step of which the document says this."""

    def compose(self, source: Source) -> Document:
        """The document of these steps."""

    def raw_of(self, step: Step, before: Step | None) -> Document:
        """What the document says of a step, changed from what it said before."""


class Written(NamedTuple):
    """The steps of a flow, and what could not be said in Connect's words."""

    steps: tuple[Step, ...]
    notes: tuple[ImportNote, ...]


class _Exit(NamedTuple):
    """A way and the exit of ours that it is."""

    way: Way
    exit: ExitId


def steps_of(flow: Flow, before: Flowing, form: Form) -> Written:
    """The step of every node but the start, in the order of the nodes.

    Raises ``CXError`` for a node that Connect has no step for.
    """
    targets = {link.target for link in flow.each_link()}
    steps: list[Step] = []
    notes: list[ImportNote] = []
    for node in flow.nodes.values():
        if node.kind == "start":
            continue
        known = before.readings.get(node.id)
        rule = known.rule if known else _rule(node)
        ways = tuple(_ways(flow, node, rule, known)) if _differs(flow, node, known, before) else ()
        step = _step(node, rule, known, ways or (known.step.ways if known else ()))
        if known is not None and node.id != step.id and node.id in targets:
            step = step._replace(id=node.id)
        if known is None or step != known.step:
            step = step._replace(raw=form.raw_of(step, known.step if known else None))
        steps.append(step)
        notes.extend(_unwritten(flow, node, rule, known))
    return Written(tuple(steps), tuple(notes))


def _rule(node: Node) -> Rule:
    rule = rule_for(node.kind, node.props)
    if rule is None:
        raise CXError("problem.import-no-such-step", node=node.title or node.id, kind=node.kind)
    return rule


def _unwritten(
    flow: Flow, node: Node, rule: Rule | None, known: Reading | None
) -> Iterator[ImportNote]:
    """Links from exits that Connect's step does not have."""
    kept = {name for exits in known.exits for name in exits} if known else set()
    for name in flow.links.get(node.id, {}):
        if name not in kept and (rule is None or _way_of(node, rule, name, "") is None):
            yield ImportNote("import.exit-not-written", {"exit": name}, node.id)


def _differs(flow: Flow, node: Node, known: Reading | None, before: Flowing) -> bool:
    """Whether a node's links, or the properties that make its exits, are not those of the file."""
    if known is None:
        return True
    if flow.links.get(node.id, {}) != before.flow.links.get(node.id, {}):
        return True
    names = ("keys", "cases", "outcomes", "shares")
    return any(node.props.get(name) != known.node.props.get(name) for name in names)


def _step(node: Node, rule: Rule | None, known: Reading | None, ways: tuple[Way, ...]) -> Step:
    """The step of a node, without its raw form where that is to be made anew."""
    if known is None:
        assert rule is not None  # noqa: S101 - a node without an origin is refused without a rule
        return Step(
            id=node.id,
            type=rule.type,
            parameters=_fresh_parameters(node, rule),
            ways=ways,
            position=(node.x, node.y),
            name=node.title,
            raw={},
            place="",
        )
    parameters = known.step.parameters
    if rule is not None and node.props != known.node.props:
        parameters = _edited_parameters(node, known.node, rule, parameters)
    moved = (node.x, node.y) != (known.node.x, known.node.y)
    position = (node.x, node.y) if moved else known.step.position
    return known.step._replace(parameters=parameters, ways=ways, position=position)


def _fresh_parameters(node: Node, rule: Rule) -> Document:
    """The parameters of a new step: what the node says, else our defaults."""
    defaults: Document = {each.name: each.default for each in kind_of(node).properties}
    props = defaults | node.props
    parameters: Document = dict(rule.implied)
    done: set[str] = set()
    for field in rule.fields:
        value = props.get(field.prop)
        if field.prop not in done and value not in (None, "", "inherit", []):
            parameters = field.put(parameters, value)
            done.add(field.prop)
    return parameters


def _edited_parameters(node: Node, before: Node, rule: Rule, parameters: Document) -> Document:
    """The parameters with the properties that changed; of two fields of one, the one in use."""
    used = {
        field.prop
        for field in rule.fields
        if field.take(parameters) == before.props.get(field.prop)
    }
    done: set[str] = set()
    for field in rule.fields:
        value, was = node.props.get(field.prop), before.props.get(field.prop)
        in_use = field.prop not in used or field.take(parameters) == was
        if value != was and in_use and field.prop not in done:
            parameters = field.put(parameters, value)
            done.add(field.prop)
    return parameters


def _ways(flow: Flow, node: Node, rule: Rule | None, known: Reading | None) -> Iterator[Way]:
    """The ways of a step: known ones with their present targets, then new ones, cases in order."""
    now = flow.links.get(node.id, {})
    pairs = list(_known_ways(node, known, now)) if known else []
    said = {pair.exit for pair in pairs}
    dynamic = _dynamic_exits(node)
    if rule is not None:
        for name in dict.fromkeys((*dynamic, *now)):
            way = None if name in said else _way_of(node, rule, name, now.get(name, NodeId("")))
            if way is not None and (way.target or way.role == "condition"):
                pairs.append(_Exit(way, name))
    rank = {name: at for at, name in enumerate(dynamic)}
    conditions = [pair for pair in pairs if pair.way.role == "condition"]
    conditions.sort(key=lambda pair: rank.get(pair.exit, len(rank)))
    yield from (pair.way for pair in pairs if pair.way.role == "next")
    yield from (pair.way for pair in conditions)
    yield from (pair.way for pair in pairs if pair.way.role == "error" and pair.way is not _JOINED)


def _known_ways(node: Node, known: Reading, now: dict[ExitId, NodeId]) -> Iterator[_Exit]:
    """The ways that the file has, where they lead now."""
    was, dynamic = _dynamic_exits(known.node), _dynamic_exits(node)
    for way, exits in zip(known.step.ways, known.exits, strict=True):
        first = next(iter(exits or _repeated(known, way)), ExitId(""))
        if first in was and first not in dynamic:
            continue
        target = now.get(first)
        written = _with_words(node, known, way, first)
        if target is not None:
            yield _Exit(written._replace(target=target), first)
        elif way.role == "condition":
            yield _Exit(written._replace(target=""), first)
        elif not way.target:
            yield _Exit(way, first)
        yield from (_Exit(_JOINED, other) for other in exits[1:] if now.get(other) == target)


def _repeated(known: Reading, way: Way) -> tuple[ExitId, ...]:
    """The exits of the way that a ``NextAction`` only repeats."""
    pairs = reversed(list(zip(known.step.ways, known.exits, strict=True)))
    return next((exits for other, exits in pairs if exits and other.target == way.target), ())


def _with_words(node: Node, known: Reading, way: Way, name: ExitId) -> Way:
    """A condition with the words of its case, if those were edited."""
    if way.role != "condition" or known.rule is None:
        return way
    if (
        _row(known.node, name) == _row(node, name)
        and known.rule.conditions is not Conditions.SHARES
    ):
        return way
    return _condition(node, known.rule, name, way.target) or way


def _dynamic_exits(node: Node) -> tuple[ExitId, ...]:
    kind = kind_of(node)
    return tuple(way.id for way in kind.dynamic_exits(node.props)) if kind.dynamic_exits else ()


def _row(node: Node, name: ExitId) -> Document | None:
    """The row of a table property that makes an exit."""
    row_id = name.removeprefix("case:")
    tables = (node.props.get(each) for each in ("cases", "outcomes", "shares"))
    return next((row for table in tables for row in rows(table) if row.get("id") == row_id), None)


def _way_of(node: Node, rule: Rule, name: ExitId, target: str) -> Way | None:
    """The way that Connect has for an exit of ours."""
    if name == rule.following:
        return Way("next", target=target)
    condition = _condition(node, rule, name, target)
    if condition is not None:
        return condition
    value = next((value for value, ours in rule.named.items() if ours == name), None)
    if value is not None:
        return Way("condition", "Equals", value, target)
    for error in (*rule.errors, *_PLAIN_ERRORS):
        if rule.exits_of_error(error)[0] == name:
            return Way("error", error, target=target)
    return Way("next", target=target) if name == rule.fallback else None


def _condition(node: Node, rule: Rule, name: ExitId, target: str) -> Way | None:
    """The condition of a key, case, outcome or share."""
    if rule.conditions is Conditions.KEYS and name.startswith("key_"):
        return Way("condition", "Equals", name.removeprefix("key_"), target)
    row = _row(node, name)
    if row is None or rule.conditions is Conditions.NAMED or name == "case:rest":
        return None
    match rule.conditions:
        case Conditions.CASES:
            operator = _text(row.get("operator")) or "equals"
            return Way(
                "condition", _WORD_OF.get(operator, operator), _text(row.get("value")), target
            )
        case Conditions.OUTCOMES:
            return Way("condition", "Equals", _text(row.get("label")), target)
        case _:
            return Way("condition", "NumberLessThan", str(_limit(node, name)), target)


def _limit(node: Node, name: ExitId) -> int:
    """The number that a draw from 1 to 100 must stay under for a share."""
    total = 1
    for row in rows(node.props.get("shares")):
        weight = row.get("weight")
        total += round(weight) if isinstance(weight, int | float) else 0
        if f"case:{row.get('id')}" == name:
            break
    return total


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def start_of(flow: Flow, before: Flowing, was: str) -> str:
    """The step a call enters by: where the start leads, else what the file said."""
    start = flow.start
    target = flow.target(start, ExitId("next")) if start is not None else None
    return was if target is None and NodeId(was) not in before.readings else target or ""
