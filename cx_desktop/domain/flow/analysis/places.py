"""Where an abstract call is: a step, the flows that wait for it, and what is known of variables.

Only variables are followed by which the way of a call is decided; of these a value is known, or
nothing is. A call that is not known to differ from another one is the same call.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import NamedTuple, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour import Constant, Counted, Formula, Reached, Sets, Subject
from cx_desktop.domain.flow.behaviour.decision import first_of
from cx_desktop.domain.flow.behaviour.move import Chosen, Move
from cx_desktop.domain.flow.expressions import BLANK, PlacedError, Value, evaluate
from cx_desktop.domain.flow.expressions.template import parse_assigned
from cx_desktop.domain.flow.expressions.tree import variables_of
from cx_desktop.domain.flow.expressions.values import as_number
from cx_desktop.domain.flow.graph import Flow, NodeId
from cx_desktop.domain.flow.variables import assigned_by, is_predefined


class Unknown(Enum):
    """The value of a variable of which nothing is known."""

    UNKNOWN = "unknown"

    __hash__ = object.__hash__


UNKNOWN = Unknown.UNKNOWN

#: Variables by name, sorted; one that is not here is blank.
Known: TypeAlias = tuple[tuple[str, Value | Unknown], ...]


class Waiting(Struct, frozen=True, gc=False, cache_hash=True):
    """A flow that waits for the one it has called."""

    flow: str
    node: NodeId
    own: Known


class Place(Struct, frozen=True, gc=False, cache_hash=True):
    """Where a call is, as far as it can matter to how it goes on."""

    flow: str
    node: NodeId
    frames: tuple[Waiting, ...] = ()
    known: Known = ()
    """Variables of the call."""
    own: Known = ()
    """Variables of the flow it is in."""
    is_told: bool = False
    reached: Reached | None = None
    is_alone: bool = False
    """Whether the caller has hung up and the flow goes on."""
    is_overtime: bool = False


def with_value(known: Known, name: str, value: Value | Unknown) -> Known:
    """These variables, one of them set."""
    rest = tuple(each for each in known if each[0] != name)
    is_fresh = value == BLANK or (name.startswith("#") and value in ("0", 0))
    return rest if is_fresh else tuple(sorted((*rest, (name, value)), key=_name))


def _name(each: tuple[str, object]) -> str:
    return each[0]


class Followed(NamedTuple):
    """The variables that are followed, and those of them that may come from outside."""

    names: frozenset[str]
    given: frozenset[str]

    def value(self, place: Place, name: str) -> Value | Unknown:
        """What is known of a variable at a place."""
        if name not in self.names:
            return UNKNOWN
        for each, value in (*place.own, *place.known):
            if each == name:
                return value
        return UNKNOWN if name in self.given else BLANK


def assigned(followed: Followed, place: Place, sets: Iterable[Sets]) -> Place:
    """The place after a move has set its variables."""
    for each in sets:
        if each.variable in followed.names:
            value = _value(followed, place, each)
            if each.scope == "flow":
                place = replace(place, own=with_value(place.own, each.variable, value))
            else:
                own = with_value(place.own, each.variable, BLANK)
                known = with_value(place.known, each.variable, value)
                place = replace(place, own=own, known=known)
    return place


def _value(followed: Followed, place: Place, sets: Sets) -> Value | Unknown:
    match sets.what:
        case Constant(value):
            return value
        case Counted():
            before = followed.value(place, sets.variable)
            return UNKNOWN if isinstance(before, Unknown) else (as_number(before) or 0) + 1
        case Formula(expression):
            return formula(followed, place, expression)
        case _:
            return UNKNOWN


def formula(followed: Followed, place: Place, text: str) -> Value | Unknown:
    """The value of a formula, if all that it reads is known."""
    try:
        expression = parse_assigned(text)
        values: dict[str, Value] = {}
        for name in variables_of(expression):
            value = followed.value(place, name)
            if isinstance(value, Unknown):
                return UNKNOWN
            values[name] = value
        return evaluate(expression, values, now=_NO_TIME)
    except PlacedError:
        return UNKNOWN


#: Never looked at: a formula that reads the time reads a variable that is not followed.
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def decision_of(moves: Iterable[Move]) -> Chosen | None:
    """What decides between moves, with all its cases."""
    return max(
        (each.when for each in moves if each.when is not None),
        key=lambda when: len(when.cases),
        default=None,
    )


def decided(
    followed: Followed, place: Place, chosen: Chosen | None
) -> tuple[int | None] | tuple[()]:
    """The index of the case that holds here; nothing where that is not known."""
    if chosen is None:
        return ()
    value = _decisive(followed, place, chosen)
    return () if isinstance(value, Unknown) else (first_of(chosen.cases, value),)


def joined(one: Known, other: Known) -> Known:
    """What is known of variables whichever of two things is."""
    first, second = dict(one), dict(other)
    names = sorted(first.keys() | second.keys())
    return tuple(
        (name, first[name] if name in first and first[name] == second.get(name) else UNKNOWN)
        for name in names
    )


def _decisive(followed: Followed, place: Place, chosen: Chosen) -> Value | Unknown:
    """The value that decides, if it is known and compared with what is written."""
    if any(isinstance(each.value, str) and "{" in each.value for each in chosen.cases):
        return UNKNOWN
    if chosen.subject is Subject.FORMULA:
        return formula(followed, place, chosen.of)
    if chosen.subject is not Subject.VARIABLE:
        return UNKNOWN
    value = followed.value(place, chosen.of)
    return value if isinstance(value, Unknown) else as_number(value) or 0


def followed_in(flows: Mapping[str, Flow], moves: Iterable[Move], given: Iterable[str]) -> Followed:
    """The variables by which calls through these flows are decided, where flows set them."""
    names: set[str] = set()
    for each in moves:
        if each.when is not None and each.when.subject is Subject.VARIABLE:
            names.add(each.when.of)
        elif each.when is not None and each.when.subject is Subject.FORMULA:
            names |= read_in(each.when.of)
    settings = {name for flow in flows.values() for name in _set_in(flow)}
    kept = {name for flow in flows.values() for name in _kept_in(flow)}
    ours = {name for name in names if name.startswith("#") or name in settings}
    told = {name for name in ours if name != "queue" and is_predefined(name)}
    return Followed(frozenset(ours), frozenset({*given, *kept, *told}))


def read_in(text: str) -> frozenset[str]:
    """The variables that a formula reads; one that cannot be read reads none."""
    try:
        return variables_of(parse_assigned(text))
    except PlacedError:
        return frozenset()


def _set_in(flow: Flow) -> set[str]:
    return {each.name for node in flow.nodes.values() for each in assigned_by(node)}


def _kept_in(flow: Flow) -> set[str]:
    """What a caller may bring along from an earlier call."""
    return {
        each.name
        for node in flow.nodes.values()
        if node.kind == "set_var" and node.props.get("scope") == "persistent"
        for each in assigned_by(node)
    }
