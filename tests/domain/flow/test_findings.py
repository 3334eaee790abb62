"""The rules: each one speaks where it should, and nowhere else."""

import string

import msgspec
import pytest
from hypothesis import given
from msgspec.structs import replace

from cx_desktop.domain.finding import Finding, Severity, in_words
from cx_desktop.domain.flow.findings import Context, findings, is_publishable
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId, Origin
from cx_desktop.domain.flow.rules import RULES
from cx_desktop.domain.patch import Document
from cx_desktop.settings import resources
from cx_desktop.text import Catalogue, Language
from tests.domain.flow.strategies import flows
from tests.fakes import drawing

SAID = [{"type": "text", "text": "Bonjour"}]
#: A node of each kind that has nothing wrong with it.
SOUND: dict[str, Document] = {
    "menu": {"prompt": SAID, "keys": ["1"]},
    "collect": {"prompt": SAID},
    "play": {"prompt": SAID},
    "switch": {"operand": "city", "cases": [{"id": "a", "operator": "equals", "value": "Paris"}]},
    "random": {},
    "lookup": {"url": "https://api.example/orders/{order}"},
    "set_var": {"assignments": [{"variable": "a", "expression": "1"}]},
    "transfer_number": {"number": "+33199001410"},
    "set_queue": {"queue": "q1"},
    "transfer_queue": {"queue": "q1"},
    "send_sms": {"message": "Bonjour"},
    "send_email": {"email_to": "a@b.example", "subject": "s", "message": "m"},
    "goto_node": {"target": "start"},
    "voicemail": {"box": "b", "greeting": SAID},
    "schedule": {"schedule": "s1"},
}


def said(flow: Flow, context: Context | None = None) -> list[tuple[str, str | None, str | None]]:
    """Rule, node, and exit or property of each finding."""
    return [(each.rule, each.node, each.exit or each.property) for each in findings(flow, context)]


def about(
    kind: str, props: Document | None = None, context: Context | None = None
) -> list[Finding]:
    """The findings of one node's properties, by itself."""
    flow = Flow(
        nodes={
            NodeId("start"): Node(NodeId("start"), "start"),
            NodeId("n"): Node(NodeId("n"), kind, props=SOUND[kind] | (props or {})),
        }
    )
    return [
        each
        for each in findings(flow, context)
        if each.node == "n" and each.rule not in {"FLW-01", "FLW-02", "FLW-25", "FLW-39"}
    ]


def test_a_sound_flow_has_no_findings() -> None:
    assert said(drawing.flow_of("start -next→ hangup")) == []


def test_an_unlinked_required_exit_is_found_and_an_optional_one_is_not() -> None:
    flow = drawing.flow_of("start -next→ repeat_caller\nrepeat_caller -known→ hangup")
    assert said(flow) == [("FLW-01", "repeat_caller", "unknown")]


def test_a_flow_needs_an_entry() -> None:
    assert said(drawing.flow_of("hangup")) == [("FLW-05", None, None)]


def test_a_second_entry_is_found_and_so_is_what_only_it_leads_to() -> None:
    flow = drawing.flow_of("start -next→ hangup\nstart_2 -next→ hangup_2")
    assert said(flow) == [
        ("FLW-06", "start_2", None),
        ("FLW-02", "start_2", None),
        ("FLW-02", "hangup_2", None),
    ]


def test_what_no_call_can_come_to_is_unreachable_even_in_a_circle() -> None:
    flow = drawing.flow_of("""
        start -next→ hangup
        log -next→ log_2
        log_2 -next→ log
    """)
    assert [each for each in said(flow) if each[0] == "FLW-02"] == [
        ("FLW-02", "log", None),
        ("FLW-02", "log_2", None),
    ]


def test_jumps_and_handlers_of_the_flow_lead_somewhere_too() -> None:
    flow = drawing.flow_of("start -next→ goto_node\nlog -next→ hangup\nhangup_2\nhangup_3")
    jump = replace(flow.nodes[NodeId("goto_node")], props={"target": "log"})
    flow = replace(flow, nodes=flow.nodes | {jump.id: jump}, meta={"on_error": "hangup_2"})
    assert [each[1] for each in said(flow) if each[0] == "FLW-02"] == ["hangup_3"]


def test_a_handler_that_is_gone_is_found() -> None:
    flow = replace(drawing.flow_of("start -next→ hangup"), meta={"operator": "nobody"})
    assert said(flow) == [("FLW-08", None, "operator")]


def test_a_link_from_an_exit_that_is_gone_is_found_and_leads_nobody() -> None:
    flow = drawing.flow_of("start -next→ log\nlog -next→ hangup / -old→ hangup_2")
    found = said(flow)
    assert ("FLW-10", "log", "old") in found
    assert ("FLW-02", "hangup_2", None) in found


def test_a_link_to_a_node_that_is_gone_and_one_back_to_the_start_are_found() -> None:
    flow = drawing.flow_of("start -next→ repeat_caller\nrepeat_caller -known→ start")
    links = flow.links | {NodeId("start"): {ExitId("next"): NodeId("gone")}}
    found = said(replace(flow, links=links))
    assert ("FLW-11", "start", "next") in found
    assert ("FLW-12", "repeat_caller", "known") in found


def test_links_of_a_node_that_is_gone_are_found() -> None:
    flow = drawing.flow_of("start -next→ hangup")
    flow = replace(flow, links=flow.links | {NodeId("gone"): {ExitId("a"): NodeId("hangup")}})
    assert said(flow) == [("FLW-11", "gone", "a")]


def test_a_foreign_node_is_found_once_and_its_links_lead_on() -> None:
    foreign = Node(NodeId("f"), "foreign", origin=Origin("x", "Teleport", exits=(ExitId("ok"),)))
    flow = drawing.flow_of("start -next→ f\nf (foreign) -ok→ hangup")
    flow = replace(flow, nodes=flow.nodes | {foreign.id: foreign})
    assert said(flow) == [("FLW-07", "f", None)]
    assert findings(flow)[0].params == {"type": "Teleport"}


@pytest.mark.parametrize("kind", SOUND)
def test_a_sound_node_has_no_findings(kind: str) -> None:
    assert about(kind) == []


@pytest.mark.parametrize(
    ("kind", "props", "expected"),
    [
        ("play", {"prompt": []}, "FLW-03 prompt"),
        ("send_sms", {"message": "  "}, "FLW-03 message"),
        ("switch", {"cases": []}, "FLW-03 cases"),
        ("lookup", {"url": ""}, "FLW-03 url"),
        ("lookup", {"url": "", "source": "sql", "query": "select"}, ""),
        ("lookup", {"source": "function"}, "FLW-03 function"),
        ("transfer_queue", {"queue": "", "queue_from": "earlier"}, ""),
        ("set_queue", {"queue": ""}, "FLW-03 queue"),
        ("set_queue", {"queue": "", "target_agent": "claire"}, ""),
        ("play", {"barge_in": "yes"}, "FLW-04 barge_in"),
        ("play", {"prompt": "Bonjour"}, "FLW-04 prompt"),
        ("play", {"prompt": ["Bonjour"]}, "FLW-04 prompt"),
        ("play", {"prompt": SAID * 501}, "FLW-04 prompt"),
        ("play", {"repeat": True}, "FLW-04 repeat"),
        ("play", {"repeat": 1.5}, "FLW-04 repeat"),
        ("menu", {"keys": "12"}, "FLW-04 keys"),
        ("menu", {"retry_prompts": 3}, "FLW-04 retry_prompts"),
        ("switch", {"operand": 3}, "FLW-04 operand"),
        ("switch", {"cases": ["a"]}, "FLW-04 cases"),
        ("switch", {"cases": [{"id": "a", "operator": "blank", "label": 3}]}, "FLW-04 cases"),
        ("send_sms", {"sms_sender": "Boutique n° 1"}, "FLW-04 sms_sender"),
        ("send_sms", {"message": "m" * 10_001}, "FLW-04 message"),
        ("transfer_queue", {"queue": 4}, "FLW-04 queue"),
        ("transfer_number", {"number": 33}, "FLW-04 number"),
        ("lookup", {"url": 3}, "FLW-04 url"),
        ("transfer_queue", {"max_wait": "long"}, "FLW-04 max_wait"),
        ("menu", {"first_digit_timeout": 0.4}, "FLW-13 first_digit_timeout"),
        ("menu", {"max_no_input": 11}, "FLW-13 max_no_input"),
        ("menu", {"max_no_input": 10}, ""),
        ("collect", {"min_digits": -1}, "FLW-13 min_digits"),
        ("play", {"language": "xx"}, "FLW-14 language"),
        ("play", {"prompt": [{"type": "song"}]}, "FLW-14 prompt"),
        ("play", {"prompt": [{"type": "say_as", "text": "1", "as": "poem"}]}, "FLW-14 prompt"),
        ("menu", {"keys": ["1", "A"]}, "FLW-14 keys"),
        ("switch", {"cases": [{"id": "a", "operator": "like", "value": "x"}]}, "FLW-14 cases"),
        ("menu", {"keys": ["1", "1"]}, "FLW-15 keys"),
        (
            "switch",
            {"cases": [{"id": "a", "operator": "blank"}] * 2},
            "FLW-15 cases",
        ),
        ("random", {"shares": [{"id": "a", "weight": 60}]}, "FLW-16 shares"),
        ("random", {"shares": [{"id": "a", "weight": 60}], "mode": "round_robin"}, ""),
        ("random", {"shares": [{"id": i, "weight": 33.33} for i in "abc"]}, ""),
        ("random", {"shares": [{"id": "a", "weight": 101}]}, "FLW-13 shares"),
        ("random", {"shares": [{"id": "a", "weight": "x"}]}, "FLW-24 shares"),
        ("transfer_number", {"number": "0199001410"}, "FLW-17 number"),
        ("transfer_number", {"number": "+33"}, "FLW-17 number"),
        ("transfer_number", {"number": "called"}, ""),
        ("transfer_number", {"number": "$.Attributes.number"}, ""),
        ("lookup", {"url": "api.example"}, "FLW-18 url"),
        ("lookup", {"url": "{base}/orders"}, ""),
        ("lookup", {"url": "file:///etc/passwd"}, "FLW-18 url"),
        ("collect", {"variable": "two words"}, "FLW-19 variable"),
        ("collect", {"variable": "numéro.client-2"}, ""),
        ("set_var", {"assignments": [{"variable": "1a", "expression": ""}]}, "FLW-19 assignments"),
        ("lookup", {"mapping": [{"path": "$.a", "variable": "a b"}]}, "FLW-19 mapping"),
        ("collect", {"validation": "pattern", "expected_pattern": "["}, "FLW-20 expected_pattern"),
        (
            "collect",
            {"validation": "pattern", "expected_pattern": r"(a)\1"},
            "FLW-20 expected_pattern",
        ),
        ("collect", {"validation": "pattern", "expected_pattern": "[0-9]{8}"}, ""),
        ("collect", {"expected_pattern": "["}, ""),
        ("switch", {"cases": [{"id": "a", "operator": "matches", "value": "("}]}, "FLW-20 cases"),
        ("play", {"prompt": [{"type": "text", "text": ""}]}, "FLW-21 prompt"),
        ("play", {"prompt": [{"type": "audio", "text": "x"}]}, "FLW-21 prompt"),
        ("menu", {"retry_prompts": [[]]}, "FLW-21 retry_prompts"),
        ("collect", {"min_digits": 9, "max_digits": 8}, "FLW-22 min_digits"),
        ("collect", {"validation": "range", "lowest": 5, "highest": 1}, "FLW-22 lowest"),
        ("collect", {"lowest": 5, "highest": 1}, ""),
        ("send_sms", {"message": "Bonjour {name"}, "FLW-23 message"),
        ("send_sms", {"message": "Bonjour {first name}"}, "FLW-23 message"),
        ("send_sms", {"message": "Bonjour { name } !"}, ""),
        ("send_sms", {"message": "Bonjour {{name} !"}, ""),
        ("send_sms", {"message": "Pour le {today + 3}"}, ""),
        ("send_sms", {"message": "Pour le {hour(today)}"}, "FLW-61 message"),
        ("play", {"prompt": [{"type": "say_as", "text": "{"}]}, "FLW-23 prompt"),
        ("switch", {"operand": "city ="}, "FLW-60 operand"),
        ("switch", {"operand": "hour(today)"}, "FLW-61 operand"),
        (
            "set_var",
            {"assignments": [{"variable": "a", "expression": "b c"}]},
            "FLW-60 assignments",
        ),
        ("set_var", {"assignments": [{"variable": "a", "expression": ""}]}, ""),
        ("transfer_number", {"number": "called called"}, "FLW-60 number"),
        ("lookup", {"body": '{"a": {"b": 1}}'}, ""),
        ("switch", {"cases": [{"id": "a", "operator": "equals"}]}, "FLW-24 cases"),
        ("switch", {"cases": [{"operator": "blank"}]}, "FLW-24 cases"),
        ("set_var", {"assignments": [{"variable": "a"}]}, "FLW-24 assignments"),
        ("lookup", {"headers": [{"value": "x"}]}, "FLW-24 headers"),
        ("lookup", {"test_double": {"anything": [1, {"goes": None}]}}, ""),
        ("play", {"unheard_of": object}, ""),
    ],
)
def test_a_property_is_judged_by_its_type(kind: str, props: Document, expected: str) -> None:
    found = [f"{each.rule} {each.property}" for each in about(kind, props)]
    assert found == ([expected] if expected else [])


def test_a_finding_quotes_what_is_wrong_and_what_would_be_right() -> None:
    (found,) = about("menu", {"max_no_input": 11})
    assert found.params == {"value": "11", "minimum": "1", "maximum": "10"}
    (found,) = about("random", {"shares": [{"id": "a", "weight": 60}]})
    assert found.params == {"total": "60"}
    (found,) = about("transfer_number", {"number": "0" * 100})
    assert found.params == {"value": "0" * 59 + "…"}


def test_an_object_that_is_not_there_is_found_only_where_objects_are_known() -> None:
    nobody = Context(queues={"q2": "Ventes"}, prompts={})
    assert [each.params for each in about("transfer_queue", context=nobody)] == [{"value": "q1"}]
    assert about("transfer_queue", context=Context(queues={"q1": "Ventes"})) == []
    assert about("transfer_queue", context=Context(schedules={})) == []
    assert about("transfer_queue", {"queue_from": "earlier"}, nobody) == []
    audio = [{"type": "audio", "ref": "p1"}]
    assert [each.rule for each in about("play", {"prompt": audio}, nobody)] == ["FLW-08"]
    assert [each.rule for each in about("menu", {"retry_prompts": [audio]}, nobody)] == ["FLW-08"]


def test_a_jump_leads_to_a_node_of_this_flow() -> None:
    assert [each.rule for each in about("goto_node", {"target": "gone"})] == ["FLW-08"]


@pytest.mark.parametrize(
    ("kind", "features", "missing"),
    [
        ("transfer_queue", {"ivr"}, ["call_centre"]),
        ("transfer_queue", {"ivr", "call_centre"}, []),
        ("play", {"ivr"}, ["tts"]),
        ("play", {"ivr", "tts"}, []),
        ("menu", set(), ["ivr", "tts"]),
        ("send_sms", {"ivr"}, ["sms"]),
    ],
)
def test_an_option_that_is_not_subscribed_is_found(
    kind: str, features: set[str], missing: list[str]
) -> None:
    found = about(kind, context=Context(features=frozenset(features)))
    assert [each.params["feature"] for each in found if each.rule == "FLW-09"] == missing


def test_a_recorded_prompt_needs_no_synthetic_voice() -> None:
    context = Context(features=frozenset({"ivr"}))
    assert about("play", {"prompt": [{"type": "audio", "ref": "p"}]}, context) == []
    retries: Document = {"retry_prompts": [[{"type": "ssml", "text": "<speak/>"}]]}
    found = about("menu", retries, context)
    assert {(each.rule, each.property) for each in found} == {
        ("FLW-09", "prompt"),
        ("FLW-09", "retry_prompts"),
    }


def test_only_blocking_findings_refuse_publishing() -> None:
    flow = drawing.flow_of("start -next→ hangup\nhangup_2")
    assert [each.severity for each in findings(flow)] == [Severity.WARNING]
    assert is_publishable(findings(flow))
    assert not is_publishable(findings(drawing.flow_of("start")))


@given(flows())
def test_any_document_is_judged_in_words_that_fit_and_can_travel(flow: Flow) -> None:
    for found in (findings(flow), findings(flow, Context(frozenset(), {}, {}, {}, {}))):
        assert msgspec.json.decode(msgspec.json.encode(found), type=tuple[Finding, ...]) == found
        for each in found:
            assert each.severity is RULES[each.rule].severity
            inside = {"value"} if "problem" in each.params else set()
            assert PLACEHOLDERS[each.rule] | inside == each.params.keys()


FRENCH = Catalogue(resources() / "text", Language.FRENCH)
PLACEHOLDERS = {
    rule: {
        name for _, name, _, _ in string.Formatter().parse(FRENCH.text(f"finding.{rule}")) if name
    }
    for rule in RULES
}


@given(flows(is_whole=True))
def test_what_linking_allows_has_no_lost_links(flow: Flow) -> None:
    assert not {each.rule for each in findings(flow)} & {"FLW-10", "FLW-11"}


def test_an_option_is_called_by_its_name() -> None:
    (found,) = about("transfer_queue", context=Context(features=frozenset({"ivr"})))
    assert "(centre d’appels)" in in_words(found, FRENCH.text)
