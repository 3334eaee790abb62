"""FreeSWITCH: every entry of a menu and every action of a dialplan is kept, and leads on."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.flow.formats import Imported, Unreadable, cx
from cx_desktop.domain.flow.formats.detect import read_all
from cx_desktop.domain.flow.formats.freeswitch.markup import parse
from cx_desktop.domain.flow.formats.freeswitch.values import case_of
from cx_desktop.domain.flow.formats.incoming import text_of
from cx_desktop.domain.flow.graph import ExitId, Flow, Node
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.flow.layout import has_overlaps
from cx_desktop.domain.patch import Json
from tests.domain.formats.samples import DATA, real

MENUS = (DATA / "freeswitch" / "menus.xml").read_bytes()
DIALPLAN = (DATA / "freeswitch" / "dialplan.xml").read_bytes()
KNOWN_SHARE = 0.9


def real_files(name: str) -> list[Path]:
    return [each.path for each in real() if each.format == name]


each_file = pytest.mark.parametrize(
    "path",
    [
        DATA / "freeswitch" / "menus.xml",
        DATA / "freeswitch" / "dialplan.xml",
        *real_files("freeswitch-ivr"),
        *real_files("freeswitch-dialplan"),
    ],
    ids=lambda path: path.name,
)


def flow_in(data: bytes, name: str) -> Flow:
    return next(each.flow for each in read_all(data) if each.name == name)


def titled(flow: Flow, title: str, kind: str) -> Node:
    return next(n for n in flow.nodes.values() if (n.title, n.kind) == (title, kind))


def behind(flow: Flow, node: Node, *ways: str) -> Node:
    for way in ways:
        target = flow.target(node.id, ExitId(way))
        assert target is not None, (node.id, way, flow.links.get(node.id))
        node = flow.nodes[target]
    return node


def first(flow: Flow) -> Node:
    start = flow.start
    assert start is not None
    return behind(flow, flow.nodes[start], "next")


def case(node: Node) -> tuple[Json, Json, Json]:
    rows = node.props["cases"]
    assert isinstance(rows, list)
    row = rows[0]
    assert isinstance(row, dict)
    return node.props["operand"], row["operator"], row["value"]


def test_menus_that_lead_to_one_another_are_one_flow() -> None:
    (imported,) = read_all(MENUS)
    assert (imported.format, imported.name) == ("freeswitch-ivr", "office")
    assert [node.title for node in imported.flow.nodes.values() if node.kind == "menu"] == [
        "office",
        "orders",
    ]


def test_a_menu_has_the_keys_and_limits_of_the_file() -> None:
    menu = titled(flow_in(MENUS, "office"), "office", "menu")
    assert menu.props["keys"] == ["1", "2", "3", "8", "9", "*"]
    assert (menu.props["max_invalid"], menu.props["max_no_input"]) == (2, 4)
    assert (menu.props["first_digit_timeout"], menu.props["inter_digit_timeout"]) == (8, 1.5)
    assert menu.props["prompt"] == [
        {"type": "text", "text": "Welcome. Press 1 for sales, 2 for orders."}
    ]


def test_each_entry_of_a_menu_leads_where_it_says() -> None:
    flow = flow_in(MENUS, "office")
    menu, below = titled(flow, "office", "menu"), titled(flow, "orders", "menu")
    bridged = behind(flow, menu, "key_1")
    assert bridged.props == {
        "number": "+33100000001",
        "transfer_mode": "return",
        "ring_timeout": 20,
    }
    assert behind(flow, bridged, "no_answer") is menu
    assert behind(flow, menu, "key_2").props == {"target": below.id}
    assert behind(flow, menu, "key_3", "next") is menu
    assert behind(flow, menu, "key_9").props == {"target": menu.id}
    assert behind(flow, menu, "key_*").kind == "return"
    assert behind(flow, menu, "key_8").props == {"flow": "elsewhere"}
    assert behind(flow, below, "key_#").props == {"target": menu.id}


def test_when_all_tries_are_used_the_menu_does_what_it_says_or_says_goodbye() -> None:
    flow = flow_in(MENUS, "office")
    menu = titled(flow, "office", "menu")
    assert behind(flow, menu, "invalid", "next").props == {"flow": "default"}
    assert behind(flow, menu, "no_input").props["prompt"] == [
        {"type": "audio", "ref": "ivr/goodbye.wav"}
    ]
    assert behind(flow, menu, "no_input", "next").kind == "return"


def test_a_pattern_of_a_menu_is_matched_and_what_was_typed_goes_along() -> None:
    flow = flow_in(MENUS, "office")
    switch = behind(flow, titled(flow, "office", "menu"), "extension")
    assert case(switch) == ("ivr_digits", "matches", "(10[01][0-9])")
    assert behind(flow, switch, "case:c1").props == {
        "assignments": [{"variable": "called", "expression": "ivr_digits"}]
    }
    assert behind(flow, switch, "case:c1", "next").props == {"flow": "features"}


def test_signs_that_xml_wants_written_otherwise_do_no_harm() -> None:
    entry = next(n for n in flow_in(MENUS, "office").nodes.values() if n.kind == "foreign")
    assert entry.origin is not None
    assert entry.origin.type == "lua"
    assert isinstance(entry.origin.raw, dict)
    assert entry.origin.raw["param"] == "lua orders.lua a & b"


def test_each_context_is_a_flow_that_tries_one_extension_after_the_other() -> None:
    flow = flow_in(DIALPLAN, "public")
    marked = first(flow)
    assert case(marked) == ("caller", "equals", "0612345678")
    office = behind(flow, marked, "case:c1", "next")
    assert office is behind(flow, marked, "default", "next")
    assert case(office) == ("called", "in", "33100000001,33100000002")
    assert behind(flow, office, "default").title == "rest"


def test_a_condition_on_the_hour_ends_the_extension_when_it_says_so() -> None:
    flow = flow_in(DIALPLAN, "public")
    hours = titled(flow, "office", "schedule")
    assert hours.props["schedule"] == "wday=2-6 hour=9-17"
    asked = behind(flow, hours, "open", "next")
    assert (asked.kind, asked.props["variable"], asked.props["max_digits"]) == (
        "collect",
        "order",
        6,
    )
    last = behind(flow, asked, "ok")
    assert last.props == {"flow": "office"}
    assert flow.target(last.id, ExitId("next")) is None
    assert behind(flow, hours, "closed", "next").props == {"cause": "busy"}


def test_one_of_several_patterns_is_enough_where_any_is_asked() -> None:
    flow = flow_in(DIALPLAN, "public")
    one = titled(flow, "rest", "switch")
    two = next(
        n for n in flow.nodes.values() if n.props.get("operand") == "called" and n.title == "rest"
    )
    assert behind(flow, two, "default") is one
    assert behind(flow, two, "case:c1") is behind(flow, one, "case:c1")
    assert behind(flow, two, "case:c1", "next").props == {"flow": "default"}
    assert behind(flow, one, "default").props == {"cause": "rejected"}


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("^1000$", ("equals", "1000")),
        (r"^\*97$", ("equals", "*97")),
        ("^(a|b)$", ("in", "a,b")),
        ("^$", ("blank", "")),
        ("(?!^$)", ("not_blank", "")),
        (r"^(?!error\/none$)", ("not_equals", "error/none")),
        ("^.+$", ("not_blank", "")),
        (r"^\+?(\d{10})$", ("matches", r"\+?(\d{10})")),
        ("^inbound", ("matches", "inbound.*")),
        ("^0$|^operator$", ("matches", "(?s:.*(?:^0$|^operator$).*)")),
        ("(?<!a)b", None),
    ],
)
def test_patterns_become_cases(pattern: str, said: tuple[str, str] | None) -> None:
    assert case_of(pattern) == said


@each_file
def test_every_action_and_entry_of_a_file_is_kept(path: Path) -> None:
    data = path.read_bytes()
    written = {
        tuple(sorted(each.attrib.items()))
        for each in parse(text_of(data).text).iter()
        if each.tag in ("action", "anti-action", "entry", "menu")
    }
    kept = {
        tuple(sorted((k, v) for k, v in node.origin.raw.items() if k != "element"))
        for imported in read_all(data)
        for node in imported.flow.nodes.values()
        if node.origin is not None and isinstance(node.origin.raw, dict)
    }
    assert written <= kept


@each_file
def test_every_link_leaves_by_an_exit_and_arrives(path: Path) -> None:
    for imported in read_all(path.read_bytes()):
        flow = imported.flow
        assert not has_overlaps(flow)
        for link in flow.each_link():
            assert link.exit in {each.id for each in exits_of(flow.nodes[link.node])}
            assert link.target in flow.nodes
        assert cx.read(cx.write(flow)).flow == flow


def share_of_known(flows: list[Imported]) -> float:
    nodes = [n for each in flows for n in each.flow.nodes.values() if n.origin is not None]
    return sum(node.kind != "foreign" for node in nodes) / len(nodes)


def test_most_entries_of_real_menus_have_a_kind() -> None:
    paths = real_files("freeswitch-ivr")
    if not paths:
        pytest.skip("The corpus of real files (../shared/corpus) is not there.")
    flows = [each for path in paths for each in read_all(path.read_bytes())]
    assert share_of_known(flows) >= KNOWN_SHARE


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_file_with_any_damage_is_read_or_refused(data: st.DataObject) -> None:
    good = data.draw(st.sampled_from([MENUS, DIALPLAN]))
    at = data.draw(st.integers(0, len(good)))
    upto = data.draw(st.integers(at, min(len(good), at + 60)))
    with suppress(Unreadable):
        read_all(good[:at] + data.draw(st.binary(max_size=12)) + good[upto:])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", 'break="on-true"', 'break="never"', 'break="always"']),
            st.sampled_from(["", 'field="x" expression="^(a"', 'field="${y}" expression="${z}"']),
            st.sampled_from(
                [
                    "",
                    '<action application="transfer" data="1"/>',
                    '<anti-action application="x" data="${{"/>',
                    '<condition field="n"><action application="bridge"/></condition>',
                    '<regex field="r" expression="2"/><action application="read" data="\'"/>',
                ]
            ),
        ),
        max_size=12,
    )
)
def test_conditions_of_any_shape_are_read(parts: list[tuple[str, str, str]]) -> None:
    inside = "".join(f"<condition {a} {b}>{c}</condition>" for a, b, c in parts)
    text = f'<include><extension name="e" continue="true">{inside}</extension>' * 2
    read_all(f"{text.replace('<include>', '')}".join(["<include>", "</include>"]).encode())


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('<include><menu name="a"', "problem.import-syntax"),
        (
            '<!DOCTYPE a [<!ENTITY b "c">]><include><menu name="&b;"/></include>',
            "problem.import-syntax",
        ),
        ("<include>" + "<menu>" * 80 + "</menu>" * 80 + "</include>", "problem.import-too-deep"),
    ],
)
def test_what_harms_is_refused(text: str, key: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_all(text.encode())
    assert refusal.value.key == key


def test_more_actions_than_a_flow_may_have_are_refused() -> None:
    actions = '<action application="answer"/>' * 21_000
    with pytest.raises(Unreadable) as refusal:
        read_all(f"<extension><condition>{actions}</condition></extension>".encode())
    assert refusal.value.key == "problem.import-too-many-steps"
