"""Arbitrary flows for hypothesis: from sensible ones to documents nobody should have written."""

import string

from hypothesis import strategies as st

from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Note, NoteId, Origin, TestId
from cx_desktop.domain.flow.kind import FieldType, Property
from cx_desktop.domain.flow.kinds import KINDS, SETTINGS, exits_of
from cx_desktop.domain.patch import Document, Json

TEXTS = st.text(max_size=12) | st.sampled_from(
    ["", "no", "12", "1e5", "0123", "+33199001410", "a: b", "x\ny", " lead", "{var}", "{", "é’ «"]
)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
IDS = st.text(string.ascii_lowercase + "_2", min_size=1, max_size=4)
KIND_IDS = st.sampled_from([*KINDS, "newer_kind"])
COORDINATES = st.floats(-1e5, 1e5).map(lambda value: round(value, 1))

_ROWS = st.fixed_dictionaries(
    {},
    optional={
        "id": IDS,
        "label": TEXTS,
        "operator": st.sampled_from(["equals", "matches", "blank", "nonsense"]),
        "value": TEXTS | st.integers(-(10**18) + 1, 10**18 - 1),
        "weight": st.integers(-10, 120),
        "key": st.sampled_from("12*x"),
        "variable": TEXTS,
        "expression": TEXTS,
        "type": st.sampled_from(["text", "audio", "say_as", "song"]),
        "text": TEXTS,
        "ref": IDS,
        "as": st.sampled_from(["digits", "poem"]),
    },
)


def _values(declared: Property) -> st.SearchStrategy[Json]:
    """Values that look like what the property wants, and some that do not."""
    fitting: st.SearchStrategy[Json] = JSON
    match declared.type:
        case FieldType.CHOICE:
            fitting = st.sampled_from(declared.choices)
        case FieldType.KEYS | FieldType.CHOICES:
            fitting = st.lists(st.sampled_from(declared.choices), max_size=4)
        case FieldType.INTEGER | FieldType.SECONDS:
            fitting = st.integers(-1, 400) | st.floats(0, 10)
        case FieldType.TOGGLE:
            fitting = st.booleans()
        case FieldType.PROMPT | FieldType.CASES | FieldType.WEIGHTS | FieldType.OUTCOMES:
            fitting = st.lists(_ROWS, max_size=3)
        case FieldType.REFERENCE:
            fitting = IDS
        case _:
            fitting = TEXTS | st.lists(_ROWS, max_size=2)
    return fitting | JSON


_PROPS = {
    kind.id: st.fixed_dictionaries(
        {}, optional={each.name: _values(each) for each in kind.properties} | {"unheard_of": JSON}
    )
    for kind in KINDS.values()
}
_SETTINGS: st.SearchStrategy[Document] = st.fixed_dictionaries(
    {}, optional={each.name: _values(each) for each in SETTINGS}
)


@st.composite
def nodes(draw: st.DrawFn, name: str) -> Node:
    """A node of any kind."""
    kind = draw(KIND_IDS)
    props = draw(_PROPS.get(kind, st.dictionaries(TEXTS, JSON, max_size=2)))
    node = Node(NodeId(name), kind, draw(TEXTS), props, draw(COORDINATES), draw(COORDINATES))
    if kind in {"foreign", "newer_kind"} or draw(st.booleans()):
        ways = tuple(ExitId(way) for way in draw(st.lists(IDS, unique=True, max_size=3)))
        origin = Origin("connect-flowlang", draw(TEXTS), draw(JSON), ways)
        node = Node(node.id, kind, node.title, props, node.x, node.y, origin)
    return node


@st.composite
def flows(draw: st.DrawFn, *, is_whole: bool = False) -> Flow:
    """A flow; a whole one has no link to nowhere."""
    names = draw(st.lists(IDS, unique=True, max_size=6))
    made = {NodeId(name): draw(nodes(name)) for name in names}
    targets = st.sampled_from(names) if names else st.nothing()
    links: dict[NodeId, dict[ExitId, NodeId]] = {}
    for node in made.values():
        ways = [each.id for each in exits_of(node)] + ([] if is_whole else [ExitId("old_exit")])
        if ways:
            chosen = draw(st.dictionaries(st.sampled_from(ways), targets, max_size=3))
            if chosen:
                links[node.id] = {way: NodeId(target) for way, target in chosen.items()}
    if not is_whole and names and draw(st.booleans()):
        links.setdefault(NodeId(names[0]), {})[ExitId("next")] = NodeId("gone")
    notes = {
        NoteId(name): Note(
            NoteId(name),
            draw(st.sampled_from(["comment", "frame", "stamp"])),
            draw(TEXTS),
            draw(COORDINATES),
            draw(COORDINATES),
            draw(COORDINATES),
            draw(COORDINATES),
        )
        for name in draw(st.lists(IDS, unique=True, max_size=2))
    }
    tests = {
        TestId(name): draw(st.dictionaries(TEXTS, JSON, max_size=2))
        for name in draw(st.lists(IDS, unique=True, max_size=1))
    }
    return Flow(draw(_SETTINGS), made, links, notes, tests)
