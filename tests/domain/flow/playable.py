"""Flows that calls can walk: properties of their types, sensible values, most exits linked.

``flows()`` of ``strategies`` makes documents nobody should have written; these are such as people
write, with the faults that people make: an exit forgotten, limits that never come, a case twice.

Everything is built by a ``Random``. Hypothesis gives one that it can shrink (``playable_…``), or
one that is really random (``TRULY``), with which long walks get about: it repeats itself otherwise.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import inf, nan
from random import Random

from hypothesis import strategies as st

from cx_desktop.domain.flow.behaviour import (
    Digits,
    HangUp,
    Key,
    Measured,
    Outcome,
    Silence,
    Speech,
    Stimulus,
)
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Origin
from cx_desktop.domain.flow.kind import FieldType, Property
from cx_desktop.domain.flow.kinds import KINDS, exits_of
from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS
from cx_desktop.domain.flow.simulate import QueueState, World
from cx_desktop.domain.patch import Document, Json

VARIABLES = ("x", "y", "digits", "count", "called")
QUEUES = ("sales", "support")
SCHEDULES = ("shop",)
FLOW_IDS = ("main", "other", "third")
NUMBERS = ("+33199001410", "+33639980001", "+442079460000")
LENGTHS = {"welcome": 7.5}

SHRINKABLE = st.randoms(use_true_random=False)
TRULY = st.randoms(use_true_random=True)

_PROMPTS: tuple[Json, ...] = (
    [],
    [{"type": "text", "text": "Bonjour."}],
    [{"type": "text", "text": "For sales, press 1. For support, press 2."}],
    [{"type": "text", "text": "You typed {digits}, is that right?"}],
    [{"type": "text", "text": "Please hold the line while we look for somebody to help you."}],
    [{"type": "audio", "ref": "welcome"}],
    [{"type": "say_as", "as": "digits", "text": "{digits}"}],
    [{"type": "ssml", "text": '<speak>Hello<break time="500ms"/></speak>'}],
)
_FORMULAS = (
    *("x", "y", "digits", "count", "x + 1", "count + 1", '"yes"', "12", "len(digits)"),
    *("1 / 0", "("),
)
_VALUES = ("1", "2", "5", "12", "yes", "0", "FR", "{x}", *NUMBERS, *QUEUES)
_TEXTS: Mapping[str, tuple[str, ...]] = {
    "expected_pattern": (r"\d{4}", "[12]+", "0.*", "(75|92)[0-9]{3}"),
    "allowed_values": ("12\n34", "7", "1234\n99"),
    "outcome": ("", "a", "b"),
    "test_instant": ("", "2026-12-24T18:30"),
    "memory_key": ("", "shop"),
}


def value_by(chance: Random, declared: Property, names: Sequence[str]) -> Json:
    """A value that a property may have; ``names`` are the nodes of the flow."""
    if declared.type is FieldType.REFERENCE:
        known = {"node": names, "queue": QUEUES, "schedule": SCHEDULES, "flow": FLOW_IDS}
        there = known.get(declared.refers_to, ("welcome",))
        return chance.choice([*there, *there, *there, ""])
    if declared.type in (FieldType.TEXT, FieldType.LINES):
        return chance.choice(_TEXTS.get(declared.name, ("", "text")))
    return _BY_TYPE[declared.type](chance, declared)


def _number(chance: Random, declared: Property) -> Json:
    """Mostly a small one, sometimes the largest."""
    low = int(declared.minimum or 0)
    high = int(declared.maximum if declared.maximum is not None else 99)
    least = low if declared.minimum in (None, low) else 1
    return high if chance.randrange(6) == 0 else chance.randint(least, min(low + 5, high))


def _cases(chance: Random, declared: Property) -> Json:
    return [
        {
            "id": chance.choice("abc"),
            "operator": chance.choice(declared.choices),
            "value": chance.choice(_VALUES),
        }
        for _ in range(chance.randrange(4))
    ]


def _shares(chance: Random, _declared: Property) -> Json:
    first = chance.choice([50, 100, 0, 10])
    return [{"id": "a", "weight": first}, {"id": "b", "weight": 100 - first}]


def _outcomes(chance: Random, _declared: Property) -> Json:
    return [{"id": each} for each in chance.choice(["", "a", "ab"])]


def _assignments(chance: Random, _declared: Property) -> Json:
    return [
        {"variable": chance.choice(VARIABLES), "expression": chance.choice(_FORMULAS)}
        for _ in range(chance.randrange(3))
    ]


def _mapping(chance: Random, declared: Property) -> Json:
    is_answer = declared.columns == ("path", "variable") and chance.randrange(2)
    return [{"path": "$.client.name", "variable": "x"}] if is_answer else []


def _one_of(*values: Json) -> Callable[[Random, Property], Json]:
    return lambda chance, _declared: chance.choice(values)


def _chosen(chance: Random, declared: Property) -> Json:
    return chance.choice(declared.choices)


_BY_TYPE: Mapping[FieldType, Callable[[Random, Property], Json]] = {
    FieldType.CASES: _cases,
    FieldType.WEIGHTS: _shares,
    FieldType.OUTCOMES: _outcomes,
    FieldType.ASSIGNMENTS: _assignments,
    FieldType.MAPPING: _mapping,
    FieldType.INTEGER: _number,
    FieldType.SECONDS: _number,
    FieldType.CHOICE: _chosen,
    FieldType.CHOICES: lambda _chance, declared: list(declared.choices[:1]),
    FieldType.PROMPT: _one_of(*_PROMPTS),
    FieldType.PROMPTS: lambda chance, _: [chance.choice(_PROMPTS)] * chance.randrange(3),
    FieldType.TOGGLE: _one_of(False, True),
    FieldType.KEYS: _one_of(*map(list, ["12", "129", "1", "", "0*", "".join(TELEPHONE_KEYS)])),
    FieldType.VARIABLE: _one_of("", *VARIABLES),
    FieldType.EXPRESSION: _one_of(*_FORMULAS),
    FieldType.NUMBER: _one_of(*NUMBERS, "caller", "digits", ""),
    FieldType.URL: _one_of("https://crm.example/clients?number={caller}"),
    FieldType.DATA: _one_of(None, {"outcome": "timeout"}, {"client": {"name": "Ada"}}),
}

#: What people never leave out.
_ALWAYS = frozenset({"cases", "prompt", "queue", "schedule", "number", "operand", "flow", "target"})


def node_by(chance: Random, name: str, kind: str, names: Sequence[str] = ()) -> Node:
    """A node of a kind, with some of its properties set."""
    if kind == "foreign":
        ways = chance.choice([(), ("left",), ("left", "right")])
        origin = Origin("studio", "magic", exits=tuple(map(ExitId, ways)))
        return Node(NodeId(name), kind, origin=origin)
    props: Document = {
        each.name: value_by(chance, each, names)
        for each in KINDS[kind].properties
        if each.name in _ALWAYS or chance.randrange(2)
    }
    return Node(NodeId(name), kind, props=props)


def flow_by(
    chance: Random, size: int, kinds: Sequence[str] = tuple(KINDS), *, is_linked: bool = False
) -> Flow:
    """A flow with one start; nearly every exit leads somewhere, or with ``is_linked`` every one."""
    names = [f"n{index}" for index in range(size)]
    inner = [each for each in kinds if each != "start"]
    made = {NodeId("start"): node_by(chance, "start", "start")}
    made |= {NodeId(name): node_by(chance, name, chance.choice(inner), names) for name in names}
    links: dict[NodeId, dict[ExitId, NodeId]] = {NodeId("start"): {ExitId("next"): NodeId("n0")}}
    for node in list(made.values())[1:]:
        for way in exits_of(node):
            if is_linked or chance.randrange(9):
                links.setdefault(node.id, {})[way.id] = NodeId(chance.choice(names))
    handlers = ("operator", "on_error", "on_hangup", "on_max_duration")
    meta: Document = {each: chance.choice(names) for each in handlers if not chance.randrange(4)}
    return Flow(meta, made, links)


def project_by(chance: Random, size: int) -> dict[str, Flow]:
    """Two flows that may lead into each other, ``main`` first; ``third`` is missing."""
    return {each: flow_by(chance, size) for each in FLOW_IDS[:2]}


def world_by(chance: Random, flows: Mapping[str, Flow]) -> World:
    """A world in which calls come into these flows."""
    ways = ("answered", "busy", "no_answer", "failed")
    states = ("open", "closed", "holiday", "exceptional")
    return World(
        flows=flows,
        started=datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(hours=chance.randrange(9000)),
        caller=chance.choice(["", *NUMBERS]),
        called="+33162039901",
        schedules={each: chance.choice(states) for each in SCHEDULES if chance.randrange(4)},
        queues={each: _queue_by(chance) for each in QUEUES},
        caller_lists={"1": NUMBERS[:1]},
        came_before={"shop": 3.0, "": 3.0} if chance.randrange(2) else {},
        numbers={each: Outcome(ExitId(chance.choice(ways))) for each in NUMBERS[:2]},
        lengths=LENGTHS,
        seed=chance.randrange(99),
    )


def _queue_by(chance: Random) -> QueueState:
    return QueueState(
        staffed=chance.randrange(4),
        available=chance.randrange(3),
        length=chance.randrange(9),
        oldest=chance.randrange(900),
        is_full=not chance.randrange(4),
        answers_after=chance.choice([None, 0.0, 30.0, 900.0]),
        hours=chance.choice(["", *SCHEDULES]),
    )


_WAYS = sorted({each.id for kind in KINDS.values() for each in kind.exits})
_TYPED = ("1234", "12#", "7", "*1", "0199001234", "")


def stimulus_by(chance: Random) -> Stimulus | None:
    """Something happens, wherever the call is."""
    moment = chance.choice([None, None, 0.0, 1.0, 4.0, 60.0, -1.0, inf, nan])
    return chance.choice(
        [
            Key(chance.choice([*"112290*#", "", "12"]), moment),
            Digits(
                chance.choice(["1234", "12#", "7", "*1", "0199001234", ""]), moment, moment or 0.0
            ),
            Silence(),
            Speech("hello there", chance.choice(["", "a"]), moment),
            Outcome(chance.choice(_WAYS), seconds=moment),
            Measured(chance.randrange(5)),
            HangUp(moment) if not chance.randrange(3) else None,
        ]
    )


def script_by(chance: Random, length: int) -> list[Stimulus | None]:
    """What happens in a call; mostly the caller lets things happen: calls get somewhere."""
    return [None if chance.randrange(5) < 2 else stimulus_by(chance) for _ in range(length)]


def playable_nodes(
    name: str, names: Sequence[str] = (), kinds: Sequence[str] = tuple(KINDS)
) -> st.SearchStrategy[Node]:
    """A node of one of these kinds, with some of its properties set."""
    return st.builds(
        lambda chance, kind: node_by(chance, name, kind, names), SHRINKABLE, st.sampled_from(kinds)
    )


def playable_flows(
    *, max_size: int = 8, kinds: Sequence[str] = tuple(KINDS), is_linked: bool = False
) -> st.SearchStrategy[Flow]:
    """Small flows that shrink; for large ones give ``flow_by`` a ``TRULY`` random ``Random``."""
    return st.builds(
        lambda chance, size: flow_by(chance, size, kinds, is_linked=is_linked),
        SHRINKABLE,
        st.integers(1, max_size),
    )
