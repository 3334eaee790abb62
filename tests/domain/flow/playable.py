"""Flows that calls can walk: properties of their types, sensible values, most exits linked.

``flows()`` of ``strategies`` makes documents nobody should have written; these are such as people
write, with the faults that people make: an exit forgotten, limits that never come, a case twice.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from cx_desktop.domain.flow.behaviour import Outcome
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Origin
from cx_desktop.domain.flow.kind import FieldType, Property
from cx_desktop.domain.flow.kinds import KINDS, exits_of
from cx_desktop.domain.flow.kinds.shapes import TELEPHONE_KEYS
from cx_desktop.domain.flow.simulate import QueueState, World
from cx_desktop.domain.patch import Document, Json

VARIABLES = ("x", "y", "digits", "count")
QUEUES = ("sales", "support")
SCHEDULES = ("shop",)
FLOW_IDS = ("main", "other", "third")
NUMBERS = ("+33199001410", "+33639980001", "+442079460000")

_SAID = (
    "Bonjour.",
    "For sales, press 1. For support, press 2.",
    "You typed {digits}, is that right?",
    "Please hold the line while we look for somebody who can help you with this.",
)
_PROMPTS: st.SearchStrategy[Json] = st.one_of(
    st.just([]),
    st.sampled_from(_SAID).map(lambda text: [{"type": "text", "text": text}]),
    st.just([{"type": "audio", "ref": "welcome"}]),
    st.just([{"type": "say_as", "as": "digits", "text": "{digits}"}]),
    st.just([{"type": "ssml", "text": '<speak>Hello<break time="500ms"/></speak>'}]),
)
_FORMULAS = st.sampled_from(
    ["x", "y", "digits", "count", "x + 1", "count + 1", '"yes"', "12", "len(digits)", "1 / 0", "("]
)
_VALUES = st.sampled_from(["1", "2", "5", "12", "yes", "0"])
_TEXTS: Mapping[str, st.SearchStrategy[str]] = {
    "expected_pattern": st.sampled_from([r"\d{4}", "[12]+", "0.*", "(75|92)[0-9]{3}"]),
    "allowed_values": st.sampled_from(["12\n34", "7", "1234\n99"]),
    "outcome": st.sampled_from(["", "a", "b"]),
    "test_instant": st.sampled_from(["", "2026-12-24T18:30"]),
    "memory_key": st.sampled_from(["", "shop"]),
}


def values_of(declared: Property, names: Sequence[str]) -> st.SearchStrategy[Json]:
    """Values that a property may have; ``names`` are the nodes of the flow."""
    if declared.type is FieldType.REFERENCE:
        known = {"node": names, "queue": QUEUES, "schedule": SCHEDULES, "flow": FLOW_IDS}
        return st.sampled_from(["", *known.get(declared.refers_to, ("welcome",))])
    if declared.type in (FieldType.TEXT, FieldType.LINES):
        return _TEXTS.get(declared.name, st.sampled_from(["", "text"]))
    return _BY_TYPE[declared.type](declared)


def _numbers(declared: Property) -> st.SearchStrategy[Json]:
    """Mostly small ones, sometimes the largest."""
    low = int(declared.minimum or 0)
    high = int(declared.maximum if declared.maximum is not None else 99)
    small = st.integers(max(low, 0 if declared.minimum == low else 1), min(low + 5, high))
    return small | st.just(high)


def _cases(declared: Property) -> st.SearchStrategy[Json]:
    row = st.fixed_dictionaries(
        {
            "id": st.sampled_from("abc"),
            "label": st.just(""),
            "operator": st.sampled_from(declared.choices),
            "value": st.sampled_from(NUMBERS + QUEUES) | _VALUES | st.just("FR"),
        }
    )
    return st.lists(row, max_size=3).map(list)


def _shares(_declared: Property) -> st.SearchStrategy[Json]:
    return st.sampled_from([(50, 50), (100, 0), (0, 100), (10, 90)]).map(
        lambda shares: [{"id": "a", "weight": shares[0]}, {"id": "b", "weight": shares[1]}]
    )


def _outcomes(_declared: Property) -> st.SearchStrategy[Json]:
    return st.sampled_from(["", "a", "ab"]).map(lambda ids: [{"id": each} for each in ids])


def _assignments(_declared: Property) -> st.SearchStrategy[Json]:
    row = st.fixed_dictionaries({"variable": st.sampled_from(VARIABLES), "expression": _FORMULAS})
    return st.lists(row, max_size=2).map(list)


def _mapping(declared: Property) -> st.SearchStrategy[Json]:
    if declared.columns != ("path", "variable"):
        return st.just([])
    return st.sampled_from([[], [{"path": "$.client.name", "variable": "x"}]])


def _chosen(declared: Property) -> st.SearchStrategy[Json]:
    return st.sampled_from(declared.choices)


def _always(strategy: st.SearchStrategy[Json]) -> Callable[[Property], st.SearchStrategy[Json]]:
    return lambda _declared: strategy


_KEY_SETS = ["", "1", "12", "129", "0*", "".join(TELEPHONE_KEYS)]
_DOUBLES: list[Json] = [None, {"outcome": "timeout"}, {"client": {"name": "Ada"}}]
_BY_TYPE: Mapping[FieldType, Callable[[Property], st.SearchStrategy[Json]]] = {
    FieldType.CASES: _cases,
    FieldType.WEIGHTS: _shares,
    FieldType.OUTCOMES: _outcomes,
    FieldType.ASSIGNMENTS: _assignments,
    FieldType.MAPPING: _mapping,
    FieldType.INTEGER: _numbers,
    FieldType.SECONDS: _numbers,
    FieldType.CHOICE: _chosen,
    FieldType.CHOICES: lambda declared: st.just(list(declared.choices[:1])),
    FieldType.PROMPT: _always(_PROMPTS),
    FieldType.PROMPTS: _always(st.lists(_PROMPTS, max_size=2).map(list)),
    FieldType.TOGGLE: _always(st.booleans()),
    FieldType.KEYS: _always(st.sampled_from(_KEY_SETS).map(list)),
    FieldType.VARIABLE: _always(st.sampled_from(["", *VARIABLES])),
    FieldType.EXPRESSION: _always(_FORMULAS),
    FieldType.NUMBER: _always(st.sampled_from([*NUMBERS, "caller", "digits", ""])),
    FieldType.URL: _always(st.just("https://crm.example/clients?number={caller}")),
    FieldType.DATA: _always(st.sampled_from(_DOUBLES)),
}


def playable_nodes(
    name: str, names: Sequence[str] = (), kinds: Sequence[str] = tuple(KINDS)
) -> st.SearchStrategy[Node]:
    """A node of one of these kinds, with some of its properties set."""
    return st.sampled_from(kinds).flatmap(lambda kind: _node(name, kind, names))


def _node(name: str, kind: str, names: Sequence[str]) -> st.SearchStrategy[Node]:
    required = {each.name: values_of(each, names) for each in KINDS[kind].properties}
    always = {each for each in required if each in _ALWAYS}
    props: st.SearchStrategy[Document] = st.fixed_dictionaries(
        {each: required[each] for each in always},
        optional={each: value for each, value in required.items() if each not in always},
    )
    if kind == "foreign":
        ways = st.lists(st.sampled_from(["left", "right"]).map(ExitId), unique=True)
        origins = ways.map(lambda each: Origin("studio", "magic", exits=tuple(each)))
        return st.builds(Node, st.just(NodeId(name)), st.just(kind), origin=origins)
    return st.builds(Node, st.just(NodeId(name)), st.just(kind), props=props)


#: What people never leave out.
_ALWAYS = frozenset({"cases", "prompt", "queue", "schedule", "number", "operand", "flow", "target"})


@st.composite
def playable_flows(
    draw: st.DrawFn,
    *,
    max_size: int = 8,
    kinds: Sequence[str] = tuple(KINDS),
    is_linked: bool = False,
) -> Flow:
    """A flow with one start; nearly every exit leads somewhere, or with ``is_linked`` every one."""
    size = draw(st.integers(1, max_size))
    names = [f"n{index}" for index in range(size)]
    inner = [each for each in kinds if each != "start"]
    made = {NodeId("start"): draw(playable_nodes("start", names, ["start"]))}
    made |= {NodeId(name): draw(playable_nodes(name, names, inner)) for name in names}
    targets = [*map(NodeId, names), None] if not is_linked else [*map(NodeId, names)]
    links: dict[NodeId, dict[ExitId, NodeId]] = {}
    for node in made.values():
        first = names[0] if node.kind == "start" else None
        for way in exits_of(node):
            target = NodeId(first) if first else draw(st.sampled_from(targets))
            if target is not None:
                links.setdefault(node.id, {})[way.id] = target
    handlers = ("operator", "on_error", "on_hangup", "on_max_duration")
    meta: Document = {
        each: draw(st.sampled_from(names)) for each in handlers if draw(st.integers(0, 3)) == 0
    }
    return Flow(meta, made, links)


_STATES = st.sampled_from(["open", "closed", "holiday", "exceptional"])


@st.composite
def worlds(draw: st.DrawFn, flows: Mapping[str, Flow]) -> World:
    """A world in which calls come into these flows."""
    queues = st.builds(
        QueueState,
        staffed=st.integers(0, 3),
        available=st.integers(0, 3),
        length=st.integers(0, 9),
        oldest=st.integers(0, 900),
        is_full=st.booleans(),
        answers_after=st.none() | st.sampled_from([0.0, 30.0, 900.0]),
        hours=st.sampled_from(["", *SCHEDULES]),
    )
    ways = st.sampled_from(["answered", "busy", "no_answer", "failed"]).map(ExitId)
    days = st.integers(0, 400).map(lambda count: timedelta(days=count, hours=count % 24))
    return World(
        flows=flows,
        started=datetime(2026, 1, 1, 9, tzinfo=UTC) + draw(days),
        caller=draw(st.sampled_from(["", *NUMBERS])),
        called="+33162039901",
        schedules={each: draw(_STATES) for each in SCHEDULES if draw(st.booleans())},
        queues={each: draw(queues) for each in QUEUES},
        caller_lists={"1": NUMBERS[:1]},
        came_before={"shop": 3.0} if draw(st.booleans()) else {},
        numbers={NUMBERS[0]: Outcome(draw(ways))},
        lengths={"welcome": 7.5},
        seed=draw(st.integers(0, 9)),
    )


@st.composite
def projects(draw: st.DrawFn, *, max_size: int = 8) -> dict[str, Flow]:
    """Several flows that may lead into each other, ``main`` first; ``third`` is missing."""
    return {each: draw(playable_flows(max_size=max_size)) for each in FLOW_IDS[:2]}
