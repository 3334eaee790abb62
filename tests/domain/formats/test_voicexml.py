"""Documents of VoiceXML: forms, items and events, read as the graph that callers walk."""

from pathlib import Path

import pytest

from cx_desktop.domain.flow.findings import findings
from cx_desktop.domain.flow.formats import Imported, Unreadable
from cx_desktop.domain.flow.formats.detect import read_all, read_any
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.patch import Json
from tests.domain.formats.samples import DATA, real

OWN = DATA / "voicexml"
LINE = read_any((OWN / "line.vxml").read_bytes(), "line.vxml")
FLOW = LINE.flow


def corpus() -> list[Path]:
    return [each.path for each in real() if each.format == "voicexml"]


def document(body: str, attributes: str = "") -> bytes:
    head = "<vxml version='2.1' xmlns='http://www.w3.org/2001/vxml'"
    return f"{head} {attributes}>{body}</vxml>".encode()


def read(body: str) -> Flow:
    return read_any(document(body), "own.vxml").flow


def behind(flow: Flow, node: Node, *ways: str) -> Node:
    for way in ways:
        node = flow.nodes[flow.links[node.id][ExitId(way)]]
    return node


def first(flow: Flow) -> Node:
    return behind(flow, flow.nodes[NodeId("start")], "next")


def said(text: str) -> list[Json]:
    return [{"type": "text", "text": text}]


def kept(imported: Imported) -> set[str]:
    return {each.key for each in imported.notes}


def test_a_document_begins_with_its_variables_and_its_first_form() -> None:
    start = FLOW.nodes[NodeId("start")]
    assert start.props == {"spoken_language": "fr-FR"}
    assert first(FLOW).props["assignments"] == [{"variable": "city", "expression": '"Lyon"'}]
    hello = behind(FLOW, first(FLOW), "next")
    assert hello.kind == "play"
    assert hello.props["prompt"] == [
        {"type": "text", "text": "Bonjour !"},
        {"type": "audio", "ref": "jingle.wav", "text": "Petite musique"},
    ]
    assert "barge_in" not in hello.props
    log = behind(FLOW, hello, "next")
    assert log.props == {"label": "call from {caller}", "statistics_point": "entry"}
    assert behind(FLOW, log, "next").id == "choice"


def test_what_is_the_same_everywhere_belongs_to_the_flow() -> None:
    assert FLOW.meta["operator"] == "desk"
    on_error = FLOW.nodes[NodeId(str(FLOW.meta["on_error"]))]
    assert on_error.props["prompt"] == said("Un incident est survenu.")


def test_choices_have_the_keys_that_are_written_or_counted() -> None:
    menu = FLOW.nodes[NodeId("choice")]
    assert menu.kind == "menu"
    assert menu.props["keys"] == ["1", "4", "2"]
    assert menu.props["first_digit_timeout"] == 4
    assert menu.props["barge_in"] is False
    assert behind(FLOW, menu, "key_1").id == "order"
    assert behind(FLOW, menu, "key_4").kind == "transfer_number"
    assert behind(FLOW, menu, "key_2").props == {"flow": "tel"}


def test_a_menu_counts_silence_and_nonsense_as_its_handlers_do() -> None:
    menu = FLOW.nodes[NodeId("choice")]
    assert (menu.props["max_no_input"], menu.props["max_invalid"], menu.props["max_tries"]) == (
        2,
        3,
        0,
    )
    assert behind(FLOW, menu, "no_input").id == "bye"
    assert behind(FLOW, menu, "invalid").props["prompt"] == said("C'est trop.")


def test_digits_are_collected_as_their_grammar_and_properties_say() -> None:
    collect = FLOW.nodes[NodeId("order")]
    assert collect.kind == "collect"
    assert {name: collect.props[name] for name in ("min_digits", "max_digits", "terminator")} == {
        "min_digits": 4,
        "max_digits": 8,
        "terminator": "*",
    }
    assert collect.props["inter_digit_timeout"] == 2.5
    lookup = behind(FLOW, collect, "ok")
    assert lookup.kind == "lookup"
    assert lookup.props["mapping"] == [{"path": "$.state", "variable": "stock.state"}]


def test_conditions_become_cases_and_thrown_events_are_caught() -> None:
    first_switch = behind(FLOW, FLOW.nodes[NodeId("order")], "ok", "ok")
    second = behind(FLOW, first_switch, "default")
    assert first_switch.props["operand"] == "stock.state"
    assert second.props["operand"] == 'stock.state = "sent" and order != ""'
    assert behind(FLOW, second, "default").props["prompt"] == said("Inconnue.")
    assert behind(FLOW, second, "case:c1", "next").id == "order", "what was cleared is asked again"


def test_results_of_a_transfer_lead_where_the_document_asks_for_them() -> None:
    call = next(node for node in FLOW.nodes.values() if node.kind == "transfer_number")
    assert call.props["number"] == "+33199001410"
    assert call.props["transfer_mode"] == "return"
    assert call.props["ring_timeout"] == 20
    assert behind(FLOW, call, "busy").kind == "voicemail"
    answered = behind(FLOW, call, "answered")
    assert answered.kind in {"set_var", "switch"}


def test_a_recording_is_a_voicemail_and_a_submission_another_flow() -> None:
    record = FLOW.nodes[NodeId("message")]
    assert record.props["max_length"] == 90
    assert record.props["terminator"] == "none"
    assert behind(FLOW, record, "recorded").kind == "goto_flow"
    assert "import.voicexml-submit" in kept(LINE)


def test_the_last_words_are_said_by_the_step_that_hangs_up() -> None:
    bye = FLOW.nodes[NodeId("bye")]
    assert (bye.kind, bye.props) == ("hangup", {"prompt": said("Au revoir.")})


def test_nothing_of_the_sample_is_foreign() -> None:
    assert all(node.kind != "foreign" for node in FLOW.nodes.values())


def test_a_page_of_a_server_is_read_as_far_as_it_frames_a_document() -> None:
    page = read_any((OWN / "page.jsp").read_bytes(), "page.jsp")
    assert first(page.flow).props["prompt"] == said("Hello …, welcome.")
    assert kept(page) == {"import.voicexml-server-values"}


@pytest.mark.parametrize(
    "body",
    [
        "<form><% if (x) { %><block>Hello</block><% } %></form>",
        "<form><?php if ($x): ?><block>Hello</block><?php endif ?></form>",
        "{% if x %}<form/>{% endif %}",
        "<c:if test='x'><form/></c:if>",
    ],
)
def test_a_document_that_a_server_composes_is_refused_with_the_line(body: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_all(document("\n" + body))
    assert refused.value.key == "problem.import-server-code"
    assert refused.value.line == 2


@pytest.mark.parametrize(
    "data",
    [
        (
            b"<v:vxml version='2.0' xmlns:v='http://www.w3.org/2001/vxml'>"
            b"<v:form><v:block>Hello</v:block></v:form></v:vxml>"
        ),
        (
            b"<vxml version='1.0' xmlns='http://www.voicexml.org/old'>"
            b"<form><block><![CDATA[Hello]]></block></form></vxml>"
        ),
        (
            b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-16'?>\r\n"
            b"<!DOCTYPE vxml SYSTEM 'vxml.dtd'>"
            b"<vxml version='2.1'><form><block>Hello<!-- x --></block></form></vxml>"
        ),
    ],
)
def test_prefixes_namespaces_and_doctypes_of_the_field_do_not_matter(data: bytes) -> None:
    assert first(read_any(data).flow).props["prompt"] == said("Hello")


def test_entities_of_a_documents_own_are_refused() -> None:
    bomb = b"<!DOCTYPE vxml [<!ENTITY a 'b'>]>"
    with pytest.raises(Unreadable) as refused:
        read_all(bomb + document("<form><block>&a;</block></form>"))
    assert refused.value.key == "problem.import-doctype"


def test_a_script_that_cannot_be_said_is_kept_with_all_its_ways() -> None:
    flow = read(
        "<form id='f'><block><if cond='clever(x)[0]'>Yes<elseif cond='wise(x)'/>Maybe"
        "<else/>No</if></block></form>"
    )
    node = first(flow)
    assert node.kind == "foreign"
    assert [behind(flow, node, way).props["prompt"] for way in ("if 1", "if 2", "else")] == [
        said("Yes"),
        said("Maybe"),
        said("No"),
    ]


def test_items_are_visited_in_their_order_unless_their_condition_fails() -> None:
    flow = read(
        "<form><block>One</block><block cond=\"x == 'a'\">Two</block><block>Three</block></form>"
    )
    switch = behind(flow, first(flow), "next")
    assert switch.props["operand"] == "x"
    assert behind(flow, switch, "case:c1").props["prompt"] == said("Two")
    assert behind(flow, switch, "default").props["prompt"] == said("Three")


def test_who_asks_for_ever_begins_again() -> None:
    flow = read("<form><field name='a' type='digits'><prompt>Digits?</prompt></field></form>")
    node = first(flow)
    assert behind(flow, node, "no_input") == node == behind(flow, node, "invalid")


def test_what_is_spoken_to_counts_what_it_did_not_understand() -> None:
    """Handlers of later counts are led to when their time has come, not left alone."""
    flow = read(
        """<form><field name="city"><grammar src="city.grxml"/><prompt>Which city?</prompt>
        <nomatch count="1">Sorry? <reprompt/></nomatch>
        <nomatch count="3"><goto next="other.vxml"/></nomatch><noinput><exit/></noinput>
        </field></form>"""
    )
    (loop,) = [each for each in flow.nodes.values() if each.kind == "loop"]
    assert loop.props["loops"] == 2
    assert flow.nodes[flow.links[loop.id][ExitId("done")]].kind == "goto_flow"
    assert not [each for each in findings(flow) if each.rule in ("FLW-02", "FLW-29")]


def test_a_key_that_the_document_asks_about_leads_there_at_once() -> None:
    flow = read(
        "<form><field name='a'><option dtmf='1' value='red'>red</option>"
        "<option dtmf='2' value='blue'>blue</option>"
        "<filled><if cond=\"a == 'red'\"><goto next='#r'/><else/><goto next='#b'/></if></filled>"
        "</field></form><form id='r'><block>Red</block></form>"
        "<form id='b'><block>Blue</block></form>"
    )
    node = first(flow)
    assert behind(flow, node, "key_1").id == "r"
    assert behind(flow, node, "key_2").id == "b"


def test_a_form_used_as_a_subdialog_is_a_flow_of_its_own() -> None:
    main, inner = read_all(
        document(
            "<form><subdialog name='s' src='#ask'><param name='n' expr='1'/>"
            "<filled><prompt>Got <value expr='s.pin'/></prompt></filled></subdialog></form>"
            "<form id='ask'><field name='pin' type='digits?length=4'><prompt>Pin?</prompt>"
            "<filled><return namelist='pin'/></filled></field></form>"
        )
    )
    step = first(main.flow)
    assert step.kind == "subflow"
    assert step.props["outputs"] == [{"variable": "s.pin", "expression": "pin"}]
    assert step.props["flow"] in inner.handles
    assert {node.kind for node in inner.flow.nodes.values()} >= {"collect", "return"}


@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.name)
def test_a_real_document_is_read_or_refused_with_a_reason(path: Path) -> None:
    imported = read_any(path.read_bytes(), path.name)
    assert imported.format == "voicexml"
    assert imported.flow.start


@pytest.mark.skipif(not corpus(), reason="the corpus is not beside this repository")
def test_nearly_all_steps_of_real_documents_are_known() -> None:
    kinds = [
        node.kind
        for path in corpus()
        for each in read_all(path.read_bytes(), path.name)
        for node in each.flow.nodes.values()
    ]
    assert kinds.count("foreign") / len(kinds) < 0.05
