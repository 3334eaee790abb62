"""Asterisk: every step of a dialplan is kept, and leads where Asterisk would lead it."""

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.flow.expressions import parse, render
from cx_desktop.domain.flow.formats import Imported, Unreadable, cx
from cx_desktop.domain.flow.formats.asterisk import patterns
from cx_desktop.domain.flow.formats.asterisk.lines import dialplan_of
from cx_desktop.domain.flow.formats.asterisk.variables import Scope
from cx_desktop.domain.flow.formats.detect import read_all
from cx_desktop.domain.flow.formats.incoming import text_of
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.flow.layout import has_overlaps
from cx_desktop.domain.patch import Json
from cx_desktop.domain.patterns import matches
from tests.domain.formats.samples import DATA, real

OFFICE = (DATA / "asterisk" / "office.conf").read_bytes()
KNOWN_SHARE = 0.85


def real_dialplans() -> list[Path]:
    return [each.path for each in real() if each.format == "asterisk"]


each_file = pytest.mark.parametrize(
    "path",
    [DATA / "asterisk" / "office.conf", *real_dialplans()],
    ids=lambda path: "-".join(path.parts[-4:]),
)


def read(text: str) -> dict[str, Imported]:
    return {each.name: each for each in read_all(text.encode())}


def office(context: str) -> Flow:
    return next(each.flow for each in read_all(OFFICE) if each.name == context)


def titled(flow: Flow, title: str) -> Node:
    return next(node for node in flow.nodes.values() if node.title == title)


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


def cases(node: Node) -> list[tuple[Json, Json]]:
    rows = node.props["cases"]
    assert isinstance(rows, list)
    return [(row["operator"], row["value"]) for row in rows if isinstance(row, dict)]


def test_each_context_is_a_flow_and_a_template_is_none() -> None:
    names = [each.name for each in read_all(OFFICE)]
    assert names == ["from-trunk", "menu", "everybody", "closed", "note-it"]


def test_a_number_finds_its_extension_from_the_narrowest_pattern_to_the_widest() -> None:
    assert cases(first(office("from-trunk"))) == [
        ("equals", "112"),
        ("matches", r"\+33[0-9].+"),
        ("matches", "[0-9]{2}"),
        ("matches", "[0-9].*"),
    ]


def test_an_extension_for_some_callers_is_asked_before_the_one_for_all() -> None:
    flow = office("from-trunk")
    by_caller = behind(flow, first(flow), "case:c1")
    assert (by_caller.props["operand"], cases(by_caller)) == ("caller", [("matches", "0612345678")])
    assert behind(flow, by_caller, "case:c1").kind == "hangup"
    assert behind(flow, by_caller, "default").title == "112"


def test_background_and_wait_exten_are_one_menu_whose_keys_are_extensions() -> None:
    flow = office("menu")
    menu = titled(flow, "again")
    assert menu.kind == "menu"
    assert menu.props["keys"] == ["1", "2", "3", "4", "0"]
    assert menu.props["first_digit_timeout"] == 7
    assert menu.props["inter_digit_timeout"] == 2
    assert behind(flow, menu, "key_1").kind == "transfer_queue"
    assert behind(flow, menu, "key_2") is behind(flow, menu, "key_3")
    assert behind(flow, menu, "invalid").title == "i"
    assert behind(flow, menu, "no_input").props == {"flow": "closed"}
    assert menu.origin is not None
    assert isinstance(menu.origin.raw, list)
    assert len(menu.origin.raw) == 2


def test_silence_goes_on_behind_wait_exten_where_something_is_there() -> None:
    flow = read(
        "[a]\nexten => s,1,Background(x)\n same => n,WaitExten(5)\n same => n,Playback(late)\n"
        "exten => 1,1,Hangup()\nexten => t,1,Playback(never)\n"
    )["a"].flow
    menu = next(node for node in flow.nodes.values() if node.kind == "menu")
    assert behind(flow, menu, "no_input").props["prompt"] == [{"type": "audio", "ref": "late"}]


def test_longer_numbers_are_typed_in_a_menu_and_found_in_what_it_includes() -> None:
    flow = office("menu")
    switch = behind(flow, titled(flow, "again"), "extension")
    assert cases(switch) == [("matches", "1[0-9]{2}")]
    assert behind(flow, switch, "case:c1").props == {"flow": "everybody"}


def test_where_only_longer_numbers_can_be_dialled_they_are_collected() -> None:
    flow = read(
        "[a]\nexten => s,1,WaitExten(9)\nexten => 1234,1,Hangup()\nexten => i,1,Playback(no)\n"
    )["a"].flow
    asked = next(node for node in flow.nodes.values() if node.kind == "collect")
    assert (asked.props["variable"], asked.props["max_digits"]) == ("called", 4)
    assert cases(behind(flow, asked, "ok")) == [("equals", "1234")]
    assert behind(flow, asked, "ok", "default").title == "i"


def test_hours_are_a_schedule_of_that_name() -> None:
    flow = office("from-trunk")
    hours = behind(flow, titled(flow, "_+33X."), "next")
    assert (hours.kind, hours.props["schedule"]) == ("schedule", "09:00-18:00,mon-fri")
    assert behind(flow, hours, "closed").props == {"flow": "closed"}


def test_a_jump_into_the_middle_of_another_context_arrives_there() -> None:
    trunk, menu = office("from-trunk"), office("menu")
    jump = titled(trunk, "112")
    assert jump.props == {"assignments": [{"variable": "called", "expression": '"s,again"'}]}
    assert behind(trunk, jump, "next").props == {"flow": "menu"}
    entrance = first(menu)
    assert cases(entrance)[0] == ("equals", "s,again")
    assert behind(menu, entrance, "case:c1").title == "again"


def test_a_dial_that_comes_back_and_the_application_behind_its_condition() -> None:
    flow = office("menu")
    dial = titled(flow, "_[23]")
    assert dial.props == {
        "number": "PJSIP/carrier/+33100000{called}",
        "transfer_mode": "return",
        "ring_timeout": 25,
    }
    condition = behind(flow, dial, "no_answer")
    assert cases(condition) == [("not_equals", "ANSWER")]
    assert behind(flow, condition, "case:c1").kind == "play"
    assert behind(flow, condition, "default").kind == "hangup"
    called = behind(flow, condition, "case:c1", "next")
    assert (called.kind, called.props["flow"]) == ("subflow", "note-it")


def test_a_loop_goes_round_and_out() -> None:
    flow = office("menu")
    condition = next(node for node in flow.nodes.values() if node.props.get("operand") == "tries")
    inside = behind(flow, condition, "case:c1", "next", "next")
    assert (inside.kind, inside.props["target"]) == ("goto_node", condition.id)
    assert behind(flow, condition, "default").kind == "recording"


def test_chance_is_a_share() -> None:
    drawn = next(node for node in office("closed").nodes.values() if node.kind == "random")
    shares = drawn.props["shares"]
    assert isinstance(shares, list)
    assert [share["weight"] for share in shares if isinstance(share, dict)] == [30, 70]


def test_a_number_that_nobody_has_is_rejected() -> None:
    flow = office("everybody")
    assert behind(flow, first(flow), "default").props == {"cause": "rejected"}


def test_hangup_and_error_extensions_are_handlers_of_the_flow() -> None:
    flow = office("menu")
    assert flow.nodes[NodeId(str(flow.meta["on_hangup"]))].props["label"] == "The call is over"


def test_an_included_context_counts_at_its_hours_only() -> None:
    flow = read(
        "[a]\ninclude => b,9:00-17:00,mon-fri,*,*\ninclude => c\n"
        "[b]\nexten => _1X,1,Hangup()\n[c]\nexten => _1X,1,Busy()\n"
    )["a"].flow
    hours = first(flow)
    assert hours.kind == "schedule"
    assert behind(flow, hours, "open", "case:c1").props == {"flow": "b"}
    assert behind(flow, hours, "closed", "case:c1").props == {"flow": "c"}


def test_old_dialplans_with_bars_and_without_brackets_are_read() -> None:
    flow = read("[a]\nexten => s,1,Dial,SIP/100|20\nexten => s,2,GotoIf($[${X} = 1]?4|1:a|s|1)\n")
    node = titled(flow["a"].flow, "s")
    assert (node.kind, node.props["ring_timeout"]) == ("transfer_number", 20)


def test_words_before_the_first_section_and_comments_are_no_steps() -> None:
    text = (
        "exten => 1,1,Answer ; hello\n;-- exten => 2,1,Answer\n--;\n;-----\nexten => 3,1,Answer\n"
    )
    plan = dialplan_of(text)
    assert list(plan.sections[""].extensions) == ["1", "3"]


def test_a_block_comment_that_never_ends_is_one_line() -> None:
    assert list(dialplan_of(";--\n[a]\nexten => 1,1,Answer\n").sections) == ["a"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('$["${A}" = "b"]', 'A = "b"'),
        ("$[${A} > 3 & !${ISNULL(${B})}]", "A > 3 and not blank(B)"),
        ("$[${A}+1]", "A + 1"),
        ("${EXTEN:1}", "100"),
        ("${A:2}", "last(A, len(A) - 2)"),
        ("${A:0:-2}", "first(A, len(A) - 2)"),
        ("Hello ${CALLERID(name)}!", '"Hello " & caller_name & "!"'),
        ('$["${CALLERID(num)}" =~ "^(33|0033)"]', 'caller matches "(?:(33|0033)).*"'),
        ('${IF($["${A}"="b"]?c:d)}', 'if A = "b" then "c" else "d"'),
        ("007", '"007"'),
        ("7", "7"),
        ("${DB(a/${B})}", "DB_a_B"),
    ],
)
def test_formulas_are_said_in_our_language(text: str, said: str) -> None:
    found = render(Scope({"EXTEN": "1100"}).value(text))
    assert found == said
    assert render(parse(found)) == found


@pytest.mark.parametrize(
    ("pattern", "number", "is_found"),
    [
        ("_X.", "12", True),
        ("_X.", "1", False),
        ("_X!", "1", True),
        ("_NXX", "234", True),
        ("_NXX", "134", False),
        ("_Z[1-35]", "93", True),
        ("_Z[1-35]", "94", False),
        ("_+33.", "+336", True),
        ("_06-12-XX", "061299", True),
        ("_.", "s", True),
        ("100", "100", True),
    ],
)
def test_patterns_match_what_asterisk_matches(pattern: str, number: str, *, is_found: bool) -> None:
    assert matches(patterns.expression_of(pattern), number) is is_found
    if number != "s":
        assert patterns.matches(pattern, number) is is_found


def test_patterns_are_tried_from_the_narrowest_on() -> None:
    names = ["_.", "_X.", "_XXX", "_NXX", "_2XX", "_2[1-3]X", "234", "_X!"]
    assert sorted(names, key=patterns.rank) == [
        "234",
        "_2[1-3]X",
        "_2XX",
        "_NXX",
        "_XXX",
        "_X.",
        "_X!",
        "_.",
    ]


@each_file
def test_every_step_of_a_file_is_kept_in_just_one_node(path: Path) -> None:
    data = path.read_bytes()
    plan = dialplan_of(text_of(data).text)
    written = sorted(
        step.line
        for section in plan.sections.values()
        for steps in (*section.extensions.values(), dict(enumerate(section.doubles)))
        for step in steps.values()
    )
    kept = sorted(
        line["line"]
        for flow in read_all(data)
        for node in flow.flow.nodes.values()
        if node.origin is not None and not _is_inside(node)
        for line in _lines(node)
    )
    assert kept == written


def _lines(node: Node) -> list[dict[str, int]]:
    assert node.origin is not None
    raw = node.origin.raw
    assert isinstance(raw, list)
    return [{"line": line["line"]} for line in raw if isinstance(line, dict)]


def _is_inside(node: Node) -> bool:
    """Whether a node stands for an application inside of another, which is told of already."""
    assert node.origin is not None
    said = str(node.origin.raw)
    return node.kind == "foreign" and re.search(r"Exec(If)?\(", said, re.IGNORECASE) is not None


@each_file
def test_every_link_leaves_by_an_exit_and_arrives(path: Path) -> None:
    for imported in read_all(path.read_bytes()):
        flow = imported.flow
        assert not has_overlaps(flow)
        for link in flow.each_link():
            assert link.exit in {each.id for each in exits_of(flow.nodes[link.node])}
            assert link.target in flow.nodes


@each_file
def test_what_was_read_is_written_in_our_format_and_read_again(path: Path) -> None:
    for imported in read_all(path.read_bytes()):
        assert cx.read(cx.write(imported.flow)).flow == imported.flow


def test_most_steps_of_real_dialplans_have_a_kind() -> None:
    paths = real_dialplans()
    if not paths:
        pytest.skip("The corpus of real files (../shared/corpus) is not there.")
    nodes = [
        node
        for path in paths
        for imported in read_all(path.read_bytes())
        for node in imported.flow.nodes.values()
        if node.origin is not None
    ]
    known = sum(node.kind != "foreign" for node in nodes)
    assert known / len(nodes) >= KNOWN_SHARE


WORDS = st.sampled_from(
    [
        "exten => s,1,",
        "\nexten => _X.,n,",
        "\n same => n(a),",
        "\n[a]\n",
        "\n[b](!,a)\n",
        "\ninclude => a,9:00-17:00,*,*,*\n",
        "Goto(a,${EXTEN},1)",
        "Goto(s,a)",
        "GotoIf($[${X} = 1]?a:b)",
        "ExecIf(${X}?",
        "Gosub(a,s,1(1,2))",
        "While($[${X}<3])",
        "EndWhile()",
        "Background(x&y)",
        "WaitExten()",
        "Read(X,,,,3)",
        "Set(X=${CURL(http://x/${Y})})",
        "Queue(a,,,,9)",
        "Dial(SIP/${EXTEN}&IAX2/x,20,g)",
        "${",
        "$[",
        "}",
        "]",
        "(",
        ")",
        '"',
        ",",
        "|",
        ";--",
        "--;",
        "\\",
        "\n",
        "(",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=40).map("".join))
def test_any_dialplan_is_read_or_refused(text: str) -> None:
    with suppress(Unreadable):
        read_all(f"exten => s,1,NoOp\n{text}".encode())


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_dialplan_with_any_damage_is_read_or_refused(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(OFFICE)))
    upto = data.draw(st.integers(at, min(len(OFFICE), at + 60)))
    with suppress(Unreadable):
        read_all(OFFICE[:at] + data.draw(st.binary(max_size=12)) + OFFICE[upto:])


@pytest.mark.parametrize(
    "text",
    [
        "exten => s,1,Set(X=" + "${A(" * 3000 + ")}" * 3000 + ")\n",
        "exten => s,1,Set(X=" + "$[${A(" * 2000 + ")}]" * 2000 + ")\n",
        "exten => s,1,GotoIf($[" + "(" * 1500 + "1" + ")" * 1500 + "]?1)\n",
        "exten => s,1," + "ExecIf(1?" * 2000 + "\n",
        "exten => s,1,Set(X=" + "${IF($[1]?" * 1000 + "\n",
        "[a]\n"
        + "include => a\ninclude => b\n" * 2000
        + "[b]\nexten => s,1,Answer\ninclude => a\n",
        "[a]\n"
        "include => b,9:00-1"
        + "7:00,*,*,*\ninclude => b,1:00-1".join([""] * 1500)
        + "\n[b]\nexten => 1,1,Answer\n",
        "[a]\nexten => s,1,Answer\n" + "exten => s,n,While(1)\n" * 3000,
        "[a]\n" + "".join(f"exten => 1/{at},1,Answer\n" for at in range(1500)),
    ],
    ids=range(9),
)
def test_what_is_nested_or_repeated_without_end_is_read_or_refused(text: str) -> None:
    with suppress(Unreadable):
        read_all(text.encode())


def test_more_steps_than_a_flow_may_have_are_refused() -> None:
    with pytest.raises(Unreadable) as refusal:
        read_all(b"exten => s,1,Answer\n" + b"exten => s,n,Answer\n" * 21_000)
    assert refusal.value.key == "problem.import-too-many-steps"


@pytest.mark.parametrize(
    "text", ["$[" + "1 + " * 500 + "1]", "${A}" * 500, "$[" + "!" * 900 + "1]"]
)
def test_a_formula_longer_than_ours_may_be_is_still_a_formula(text: str) -> None:
    assert parse(render(Scope().value(text)))
