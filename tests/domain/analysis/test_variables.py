"""Variables that are read too early, or that nobody sets; digits that must not be kept."""

from msgspec.structs import replace

from cx_desktop.domain.flow.findings import Context
from cx_desktop.domain.flow.graph import ExitId, NodeId, Origin
from cx_desktop.domain.patch import Document, Json
from tests.domain.analysis.flows import facts, flow, found, params, says

ASK = "start -next→ collect\ncollect -ok→ {} / -no_input→ {} / -max_tries→ hangup"
COLLECT: Document = {"variable": "order", "prompt": says("Votre numéro ?")}


def reading(node: str, props: Document) -> dict[str, Document]:
    return {"collect": COLLECT, node: props}


SPOKEN = reading("play", {"prompt": says("Commande {order}.")})


def test_a_variable_is_not_set_where_silence_leads() -> None:
    silent = flow(ASK.format("play", "play"), SPOKEN)
    assert found(silent, "FLW-32") == [("FLW-32", "play", "prompt")]
    assert params(silent, "FLW-32") == [{"names": "order"}]


def test_it_is_where_only_an_answer_leads() -> None:
    assert found(flow(ASK.format("play", "hangup"), SPOKEN), "FLW-32", "FLW-33", "FLW-34") == []


def test_it_is_where_every_way_sets_it() -> None:
    given: list[Json] = [{"variable": "order", "expression": '"?"'}]
    both = flow(
        ASK.format("play", "set_var") + "\nset_var -next→ play",
        SPOKEN | {"set_var": {"assignments": given}},
    )
    assert found(both, "FLW-32") == []


def test_a_blank_in_a_log_is_worth_a_hint_only() -> None:
    logged = flow(ASK.format("log", "log"), reading("log", {"label": "{order}"}))
    assert found(logged, "FLW-32", "FLW-33") == [("FLW-33", "log", "label")]


def test_what_every_call_has_may_be_read_at_once() -> None:
    told = flow(
        "start -next→ log\nlog -next→ hangup", {"log": {"label": "{caller} {now} {called}"}}
    )
    assert found(told, "FLW-32", "FLW-33", "FLW-34", context=Context(flow_facts={})) == []


def test_what_an_earlier_call_has_left_may_be_read_at_once() -> None:
    kept = flow(
        "start -next→ play\nplay -next→ set_var\nset_var -next→ hangup",
        {
            "play": {"prompt": says("{choice}")},
            "set_var": {
                "assignments": [{"variable": "choice", "expression": "1"}],
                "scope": "persistent",
            },
        },
    )
    assert found(kept, "FLW-32") == []


def test_a_counter_may_begin_blank() -> None:
    counted = flow(
        "start -next→ set_var\nset_var -next→ hangup",
        {"set_var": {"assignments": [{"variable": "n", "expression": "n + 1"}]}},
    )
    assert found(counted, "FLW-32", "FLW-33") == []


def test_what_nobody_in_the_project_sets_is_a_slip() -> None:
    typed = flow("start -next→ play\nplay -next→ hangup", {"play": {"prompt": says("{oder}")}})
    assert found(typed, "FLW-34", context=Context(flow_facts={})) == [("FLW-34", "play", "prompt")]


def test_what_another_flow_sets_is_none_and_without_them_nothing_is_known() -> None:
    read = flow("start -next→ play\nplay -next→ hangup", {"play": {"prompt": says("{order}")}})
    setting = flow(ASK.format("hangup", "hangup"), {"collect": COLLECT})
    inputs: list[Json] = [{"variable": "order", "expression": "1"}]
    giving = flow("start -next→ subflow\nsubflow -next→ hangup", {"subflow": {"inputs": inputs}})
    for other in (setting, giving):
        assert found(read, "FLW-34", context=Context(flow_facts=facts({"other": other}))) == []
    assert found(read, "FLW-34") == []


SECRET = reading("log", {"label": "Carte {order}"}) | {"collect": COLLECT | {"sensitive": True}}


def test_confidential_digits_must_not_be_logged() -> None:
    assert found(flow(ASK.format("log", "hangup"), SECRET), "FLW-45") == [
        ("FLW-45", "log", "label")
    ]


def test_other_digits_may_be_logged_and_confidential_ones_may_be_asked_of_a_service() -> None:
    plain = reading("log", {"label": "Commande {order}"})
    assert found(flow(ASK.format("log", "hangup"), plain), "FLW-45") == []
    checked: dict[str, Document] = {
        "collect": COLLECT | {"sensitive": True},
        "lookup": {"body": "{order}"},
    }
    assert found(flow(ASK.format("lookup", "hangup"), checked), "FLW-45") == []


def test_a_card_number_is_confidential() -> None:
    for asked in (
        {"prompt": says("Composez votre numéro de carte bancaire.")},
        {"prompt": says("Please enter your PIN.")},
        {"validation": "luhn", "max_digits": 16},
    ):
        card = flow(ASK.format("hangup", "hangup"), {"collect": COLLECT | asked})
        assert found(card, "FLW-46") == [("FLW-46", "collect", "sensitive")]
        marked = {"collect": COLLECT | asked | {"sensitive": True}}
        assert found(flow(ASK.format("hangup", "hangup"), marked), "FLW-46") == []


def test_other_numbers_that_end_in_a_check_digit_are_not() -> None:
    siret: Document = {
        "prompt": says("Composez votre numéro SIRET."),
        "validation": "luhn",
        "max_digits": 14,
    }
    short: Document = {"validation": "luhn", "max_digits": 8}
    for asked in (siret, short):
        flow_ = flow(ASK.format("hangup", "hangup"), {"collect": COLLECT | asked})
        assert found(flow_, "FLW-46") == []


def deciding(*cases: Document) -> dict[str, Document]:
    rows: list[Json] = [{"id": "a", **each} for each in cases]
    return {"collect": COLLECT, "switch": {"operand": "order", "cases": rows}}


def test_asking_whether_a_variable_is_blank_is_no_slip() -> None:
    switch = ASK.format("switch", "switch") + "\nswitch -case:a→ hangup / -default→ play"
    asked = deciding({"operator": "blank", "value": ""})
    assert found(flow(switch, asked), "FLW-32", "FLW-33") == []
    other = deciding({"operator": "equals", "value": "1"})
    assert found(flow(switch, other), "FLW-33") == [("FLW-33", "switch", "operand")]


def test_where_a_case_holds_for_a_variable_it_is_not_unset() -> None:
    picture = ASK.format("switch", "switch") + "\nswitch -case:a→ {} / -default→ {}"
    told = SPOKEN | deciding({"operator": "greater", "value": "0"})
    assert found(flow(picture.format("play", "hangup"), told), "FLW-32") == []
    assert found(flow(picture.format("hangup", "play"), told), "FLW-32")


def test_an_imported_menu_notes_what_was_typed_at_its_further_exits_too() -> None:
    drawn = flow(
        "start -next→ menu\nmenu -1→ hangup / -no_input→ hangup / -extension→ play",
        {"menu": {"result_variable": "typed"}, "play": {"prompt": says("Poste {typed}.")}},
    )
    menu = replace(
        drawn.nodes[NodeId("menu")],
        origin=Origin("freeswitch-ivr", "menu", exits=(ExitId("extension"), ExitId("no_input"))),
    )
    made = replace(drawn, nodes=drawn.nodes | {menu.id: menu})
    assert found(made, "FLW-10", "FLW-32") == []
    silent = replace(made, links=made.links | {menu.id: {ExitId("no_input"): NodeId("play")}})
    assert found(silent, "FLW-32") == [("FLW-32", "play", "prompt")]
