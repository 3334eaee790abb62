"""Flows of 3CX Call Flow Designer: trees of components, read as the graph that callers walk."""

from collections import Counter
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from cx_desktop.domain.flow.expressions import parse
from cx_desktop.domain.flow.formats import Imported, Unreadable, cx
from cx_desktop.domain.flow.formats.detect import read_all, read_any
from cx_desktop.domain.flow.formats.threecx.values import LANGUAGE, spoken, template
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.flow.layout import has_overlaps
from cx_desktop.domain.patch import Json
from tests.domain.formats.samples import DATA, real

OWN = DATA / "threecx"
MAIN = read_any((OWN / "Main.flow").read_bytes(), "Main.flow")
HELP = read_any((OWN / "Help.comp").read_bytes(), "Help.comp")
FLOW = MAIN.flow


def corpus() -> list[Path]:
    return [each.path for each in real() if each.format == "3cx-cfd"]


def titled(flow: Flow, title: str) -> Node:
    return next(node for node in flow.nodes.values() if node.title == title)


def behind(flow: Flow, node: Node, way: str) -> Node:
    return flow.nodes[flow.links[node.id][ExitId(way)]]


def kept(imported: Imported) -> set[str]:
    return {each.key for each in imported.notes}


def flow_of(components: str, name: str = "Main") -> bytes:
    return (
        f"<File><Flows><MainFlow><MainFlow Name='{name}'>{components}</MainFlow></MainFlow>"
        "</Flows></File>"
    ).encode()


def test_variables_have_their_values_before_the_first_component() -> None:
    first = behind(FLOW, FLOW.nodes[FLOW.start or NodeId("")], "next")
    assert first.props["assignments"] == [
        {"variable": "City", "expression": '""'},
        {"variable": "Tries", "expression": "0"},
        {"variable": "IsDone", "expression": "false"},
    ]
    assert behind(FLOW, first, "next").title == "Hello"


def test_texts_and_recordings_are_parts_of_one_prompt() -> None:
    assert titled(FLOW, "Hello").props["prompt"] == [
        {"type": "text", "text": "Hello {{{caller}"},
        {"type": "audio", "ref": "jingle.wav"},
    ]


def test_a_loop_is_a_switch_that_its_body_leads_back_to() -> None:
    loop = titled(FLOW, "Ask")
    assert loop.props["operand"] == "not IsDone and Tries < 3"
    ask = behind(FLOW, loop, "case:again")
    assert ask.kind == "collect"
    assert behind(FLOW, behind(FLOW, ask, "ok"), "next") is loop
    assert behind(FLOW, behind(FLOW, ask, "invalid"), "next") is loop
    assert behind(FLOW, loop, "default").title == "Choose"


def test_digits_are_asked_for_with_their_limits() -> None:
    props = titled(FLOW, "Code").props
    assert (props["min_digits"], props["max_digits"], props["terminator"]) == (2, 4, "#")
    assert (props["first_digit_timeout"], props["inter_digit_timeout"]) == (5, 3)
    assert props["max_tries"] == 2
    assert props["retry_prompts"] == [[{"type": "text", "text": "Once more."}]]
    assert props["variable"] == "Code.Buffer"


def test_a_menu_has_a_key_for_each_option_and_one_branch_for_what_is_wrong() -> None:
    menu = titled(FLOW, "Choose")
    assert menu.props["keys"] == ["1", "2"]
    assert menu.props["key_labels"] == [{"key": "1", "label": "Sales"}]
    for way in ("no_input", "invalid", "max_tries"):
        assert behind(FLOW, menu, way).title == "Nobody"
    assert behind(FLOW, behind(FLOW, menu, "no_input"), "next").title == "Bye"


def test_hours_are_told_and_the_branch_without_any_is_what_is_left() -> None:
    hours = titled(FLOW, "Hours")
    assert behind(FLOW, hours, "open").title == "ToSales"
    assert behind(FLOW, hours, "closed").title == "Message"
    told = next(each for each in MAIN.notes if each.key == "import.threecx-hours")
    assert told.params["hours"] == "1 5 09:00-17:30"


def test_conditions_are_asked_in_their_order() -> None:
    first = titled(FLOW, "Where")
    assert first.props["operand"] == "City"
    assert behind(FLOW, first, "case:c1").title == "Help"
    second = behind(FLOW, first, "default")
    assert second.props["operand"] == "len(City) > 5"
    assert behind(FLOW, second, "default").title == "Box"


def test_code_stays_foreign_and_is_told() -> None:
    code = titled(FLOW, "Distance")
    assert code.kind == "foreign"
    assert code.origin is not None
    assert code.origin.raw == {
        "attributes": {"Name": "Distance", "MethodName": "Far", "Code": "return 1;"}
    }
    assert "import.unknown-step" in kept(MAIN)


def test_a_user_component_is_the_sub_flow_of_its_file() -> None:
    call = titled(FLOW, "Help")
    assert call.props["flow"] in HELP.handles
    assert call.props["inputs"] == [{"variable": "Wanted", "expression": "City"}]


def test_a_component_gives_the_call_back_at_its_end() -> None:
    who = titled(HELP.flow, "Who")
    assert behind(HELP.flow, who, "no_input").kind == "return"
    assert behind(HELP.flow, titled(HELP.flow, "Keep"), "next").kind == "return"


def test_a_component_is_known_as_one_by_its_variables_when_its_file_has_no_name() -> None:
    unnamed = read_any((OWN / "Help.comp").read_bytes())
    assert unnamed.name == "Component1"
    assert any(node.kind == "return" for node in unnamed.flow.nodes.values())


def test_a_call_flow_that_comes_to_its_end_leads_nowhere() -> None:
    end = read_any(flow_of("<PromptPlaybackComponent Name='p'/>"), "Main.flow").flow
    assert end.links.get(NodeId("play")) is None


def test_an_authentication_asks_twice_and_hides_the_second_answer() -> None:
    first = titled(HELP.flow, "Who")
    second = behind(HELP.flow, first, "ok")
    assert (first.props["variable"], second.props["variable"]) == ("Who.ID", "Who.PIN")
    assert second.props["sensitive"] is True
    assert behind(HELP.flow, second, "ok").title == "Keep"


def test_the_error_handler_takes_what_fails() -> None:
    sorry = titled(FLOW, "Sorry")
    assert FLOW.meta["on_error"] == sorry.id
    assert behind(FLOW, titled(FLOW, "Contact"), "http_error") is sorry


def test_what_is_switched_off_is_kept_without_a_link() -> None:
    assert behind(FLOW, titled(FLOW, "ToSales"), "failed").title == "Bye"
    assert not FLOW.links_into(titled(FLOW, "Write").id)
    assert {"import.threecx-disabled", "import.threecx-password"} <= kept(MAIN)


def test_a_password_stands_in_no_property() -> None:
    web = "<SocketClientComponent Name='s' Server='\"h\"' Password='\"secret\"'/>"
    node = titled(read_any(flow_of(web)).flow, "s")
    assert "secret" not in str(node.props)


def test_a_branch_that_always_holds_leaves_the_later_ones_without_a_link() -> None:
    branches = "".join(
        f"<ConditionalComponentBranch Name='{name}' Condition=''>"
        f"<DisconnectCallComponent Name='{name}'/></ConditionalComponentBranch>"
        for name in "ab"
    )
    flow = read_any(
        flow_of(f"<ConditionalComponent Name='c'>{branches}</ConditionalComponent>")
    ).flow
    assert titled(flow, "c").kind == "config"
    assert behind(flow, titled(flow, "c"), "next").title == "a"
    assert not flow.links_into(titled(flow, "b").id)


def test_branches_that_run_side_by_side_are_kept_with_all_their_steps() -> None:
    branches = "".join(
        f"<ParallelExecutionComponentBranch Name='{name}'><LoggerComponent Name='log {name}'/>"
        "</ParallelExecutionComponentBranch>"
        for name in "ab"
    )
    flow = read_any(
        flow_of(f"<ParallelExecutionComponent Name='p'>{branches}</ParallelExecutionComponent>")
    ).flow
    both = titled(flow, "p")
    assert {each.id for each in exits_of(both)} == {"a", "b", "next"}
    assert behind(flow, both, "b").title == "log b"


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("EQUAL(callflow$.A,1)", "A = 1"),
        ("AND(callflow$.A,NOT(callflow$.B))", "A and not B"),
        ("SUM(1,callflow$.A)", "1 + A"),
        ("MID(callflow$.A,callflow$.I,1)", "first(last(A, len(A) - I), 1)"),
        ('CONCATENATE("a",session.did)', '"a" & called'),
        ("GET_TABLE_CELL_VALUE(Q.QueryResult,0,0)", None),
        ("EQUAL(1)", None),
        ("1 +", None),
    ],
)
def test_formulas_are_said_in_our_language_or_not_at_all(formula: str, said: str | None) -> None:
    assert LANGUAGE.said(formula) == said
    if said is not None:
        parse(said)


def test_a_formula_inside_of_a_text_is_calculated_there() -> None:
    assert template("SUM(1,callflow$.A)").text == "{1 + A}"
    assert template('"plain"').text == "plain"
    assert template("WEIRD(1)").lost == "WEIRD(1)"


@pytest.mark.parametrize(
    ("prompt", "part"),
    [
        (
            "<P type='TextToSpeechAudioPrompt'><Format>SSML</Format><Text>\"&lt;b/>\"</Text></P>",
            {"type": "ssml", "text": "<b/>"},
        ),
        (
            "<P type='NumberAudioPrompt'><Format>OneByOne</Format><Number>callflow$.N</Number></P>",
            {"type": "say_as", "text": "{N}", "as": "digits"},
        ),
        (
            "<P type='DynamicAudioFilePrompt'><AudioId>callflow$.F</AudioId></P>",
            {"type": "audio", "ref": "callflow$.F"},
        ),
    ],
)
def test_each_sort_of_prompt_is_a_part(prompt: str, part: Json) -> None:
    assert spoken(f"<ArrayOfPrompt>{prompt}</ArrayOfPrompt>").parts == [part]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"<File></File>", "problem.import-shape"),
        (b"<File><Flows>", "problem.import-syntax"),
        (
            b'<!DOCTYPE File [<!ENTITY a "b">]><File>&a;</File>',
            "problem.import-doctype",
        ),
        (b"<File>" + b"<a>" * 500 + b"</a>" * 500 + b"</File>", "problem.import-too-deep"),
        (flow_of("<LoggerComponent/>" * 21_000), "problem.import-too-many-steps"),
    ],
)
def test_harmed_and_hostile_files_are_refused(data: bytes, key: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_all(data)
    assert refusal.value.key == key


def test_a_refusal_names_the_line_and_column() -> None:
    with pytest.raises(Unreadable) as refusal:
        read_all(b'<?xml version="1.0"?>\n<File>\n  <Flows></File>')
    assert (refusal.value.line, refusal.value.column) == (3, 12)


def test_nested_components_are_read() -> None:
    inside = "<DisconnectCallComponent Name='end'/>"
    for _ in range(50):
        inside = (
            "<ConditionalComponent><ConditionalComponentBranch Condition='callflow$.A'>"
            f"{inside}</ConditionalComponentBranch></ConditionalComponent>"
        )
    assert len(read_any(flow_of(inside)).flow.nodes) == 52


@pytest.mark.parametrize("path", [*OWN.iterdir(), *corpus()], ids=lambda path: path.name)
def test_every_component_of_a_file_is_kept(path: Path) -> None:
    (imported,) = read_all(path.read_bytes(), path.name)
    flow = imported.flow
    found = Counter(
        node.origin.type for node in flow.nodes.values() if node.origin and node.kind != "return"
    )
    listed = Counter(components_in(path))
    assert listed
    assert not listed - found
    assert not has_overlaps(flow)
    assert cx.read(cx.write(flow)).flow.nodes == flow.nodes
    for link in flow.each_link():
        assert link.target in flow.nodes
        assert link.exit in {way.id for way in exits_of(flow.nodes[link.node])}


def components_in(path: Path) -> list[str]:
    """The types of the components of a file; what describes one inside of it is none."""
    root = fromstring(path.read_text(encoding="utf-8"))
    names = []
    waiting = [root]
    while waiting:
        each = waiting.pop()
        name = each.tag.rpartition("}")[2]
        if "." not in name:
            waiting.extend(each)
            names.extend([name] if name.endswith("Component") else [])
    return names


def test_nine_in_ten_components_of_real_files_are_known() -> None:
    if not corpus():
        pytest.skip("The corpus of real files (../shared/corpus) is not there.")
    kinds = Counter(
        node.kind
        for path in corpus()
        for each in read_all(path.read_bytes(), path.name)
        for node in each.flow.nodes.values()
        if node.origin is not None
    )
    assert 1 - kinds["foreign"] / kinds.total() >= 0.9
