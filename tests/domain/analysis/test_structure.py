"""Exits that nobody can leave by, and failures after which nobody says a word."""

import pytest

from cx_desktop.domain.patch import Document, Json
from tests.domain.analysis.flows import flow, found, says

LOOKUP = "start -next→ lookup\nlookup -ok→ hangup / -http_error→ {} / -timeout→ hangup"
MUTE: dict[str, Document] = {"hangup_2": {"prompt": []}}


def test_a_failure_that_ends_in_silence_is_found() -> None:
    assert found(flow(LOOKUP.format("hangup_2"), MUTE), "FLW-26") == [
        ("FLW-26", "lookup", "http_error")
    ]


def test_and_so_it_is_behind_nodes_that_say_nothing() -> None:
    behind = flow(LOOKUP.format("log") + "\nlog -next→ config\nconfig -next→ hangup_2", MUTE)
    assert found(behind, "FLW-26") == [("FLW-26", "lookup", "http_error")]


def test_a_message_before_the_end_is_enough() -> None:
    told = flow(LOOKUP.format("play") + "\nplay -next→ hangup_2", MUTE)
    assert found(told, "FLW-26") == []


def test_a_tone_of_the_network_is_an_answer() -> None:
    busy: dict[str, Document] = {"hangup_2": {"prompt": [], "cause": "busy"}}
    assert found(flow(LOOKUP.format("hangup_2"), busy), "FLW-26") == []


def test_hanging_up_after_a_success_is_no_failure() -> None:
    picture = "start -next→ lookup\nlookup -ok→ hangup_2 / -http_error→ hangup / -timeout→ hangup"
    assert found(flow(picture, MUTE), "FLW-26") == []


def test_a_queue_that_is_full_and_a_number_that_does_not_answer_count_too() -> None:
    queue = "start -next→ transfer_queue\ntransfer_queue -full→ hangup_2 / -timeout→ hangup"
    number = "start -next→ transfer_number\ntransfer_number -no_answer→ hangup_2 / -failed→ hangup"
    assert found(flow(queue, MUTE), "FLW-26") == [("FLW-26", "transfer_queue", "full")]
    assert found(flow(number, MUTE), "FLW-26") == [("FLW-26", "transfer_number", "no_answer")]


CALLBACK = "start -next→ callback\ncallback -accepted→ hangup / -refused→ hangup"


def test_a_failed_callback_cuts_the_call_unless_the_flow_takes_its_errors() -> None:
    assert found(flow(CALLBACK), "FLW-26") == [("FLW-26", "callback", "failed")]
    assert found(flow(CALLBACK, meta={"on_error": "hangup"}), "FLW-26") == []


def cases(*each: tuple[str, Json]) -> dict[str, Document]:
    rows: list[Json] = [
        {"id": f"c{number}", "operator": operator, "value": value}
        for number, (operator, value) in enumerate(each)
    ]
    return {"switch": {"operand": "x", "cases": rows}}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("equals", "a"), ("equals", "a")),
        (("in", "a, b"), ("equals", "b")),
        (("starts", "07"), ("starts", "075")),
        (("less", "5"), ("equals", "0")),
        (("at_most", 5), ("less", "5")),
        (("greater", "1"), ("at_least", "2")),
        (("at_least", "1"), ("greater", "1")),
    ],
)
def test_a_case_behind_a_wider_one_is_never_taken(
    first: tuple[str, Json], second: tuple[str, Json]
) -> None:
    narrow = flow("start -next→ switch\nswitch -default→ hangup", cases(first, second))
    assert found(narrow, "FLW-25") == [("FLW-25", "switch", "case:c1")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("equals", "a"), ("equals", "b")),
        (("equals", "a"), ("in", "a, b")),
        (("starts", "075"), ("starts", "07")),
        (("less", "5"), ("less", "10")),
        (("less", "5"), ("at_most", "5")),
        (("less", "5"), ("greater", "5")),
        (("matches", "a.*"), ("equals", "ab")),
        (("starts", ""), ("starts", "a")),
        (("less", "x"), ("less", "y")),
        (("less", True), ("less", False)),
    ],
)
def test_a_case_that_may_still_hold_is_left_alone(
    first: tuple[str, Json], second: tuple[str, Json]
) -> None:
    wide = flow("start -next→ switch\nswitch -default→ hangup", cases(first, second))
    assert found(wide, "FLW-25") == []


def test_a_share_of_nothing_and_a_loop_of_no_rounds_are_never_taken() -> None:
    shares: list[Json] = [{"id": "a", "weight": 100}, {"id": "b", "weight": 0}]
    drawn = flow("start -next→ random", {"random": {"shares": shares}})
    assert found(drawn, "FLW-25") == [("FLW-25", "random", "case:b")]
    in_turn = flow("start -next→ random", {"random": {"shares": shares, "mode": "round_robin"}})
    assert found(in_turn, "FLW-25") == []
    loop = "start -next→ loop\nloop -again→ loop / -done→ hangup"
    assert found(flow(loop, {"loop": {"loops": 0}}), "FLW-25") == [("FLW-25", "loop", "again")]
    assert found(flow(loop, {"loop": {"loops": 1}}), "FLW-25") == []


MENU = "start -next→ menu\nmenu -1→ hangup / -no_input→ hangup / -invalid→ hangup / -max_tries→ {}"


def limits(silences: int, wrong: int, together: int) -> dict[str, Document]:
    return {
        "menu": {
            "prompt": says("Bonjour."),
            "max_no_input": silences,
            "max_invalid": wrong,
            "max_tries": together,
        }
    }


def test_a_limit_that_others_come_before_matters_where_it_leads_elsewhere() -> None:
    assert found(flow(MENU.format("hangup_2"), limits(1, 1, 3)), "FLW-25") == [
        ("FLW-25", "menu", "max_tries")
    ]
    assert found(flow(MENU.format("hangup"), limits(1, 1, 3)), "FLW-25") == []
    assert found(flow(MENU.format("hangup_2"), limits(2, 2, 3)), "FLW-25") == []


def test_a_lookup_that_ends_alike_whether_it_fails_or_not_costs_the_caller_nothing() -> None:
    picture = "start -next→ lookup\nlookup -ok→ {} / -http_error→ hangup_2 / -timeout→ hangup_2"
    assert found(flow(picture.format("hangup_2"), MUTE), "FLW-26") == []
    assert found(flow(picture.format("hangup"), MUTE), "FLW-26")


def test_a_text_message_to_the_caller_is_a_word() -> None:
    told = flow(
        LOOKUP.format("send_sms") + "\nsend_sms -sent→ hangup_2 / -failed→ hangup_2",
        MUTE | {"send_sms": {"message": "Rappelez-nous demain."}},
    )
    assert found(told, "FLW-26") == []
    staff: Document = {"message": "En panne !", "recipient": "+33199001410"}
    alarmed = flow(
        LOOKUP.format("send_sms") + "\nsend_sms -sent→ hangup_2 / -failed→ hangup_2",
        MUTE | {"send_sms": staff},
    )
    assert found(alarmed, "FLW-26") == [("FLW-26", "lookup", "http_error")]


@pytest.mark.parametrize("kind", ["menu", "collect"])
@pytest.mark.parametrize("limit", ["max_no_input", "max_invalid", "max_tries"])
def test_a_file_cannot_make_the_rules_walk_billions_of_tries(kind: str, limit: str) -> None:
    """It took all the memory there was."""
    asks = flow(f"start -next→ {kind}", {kind: {limit: 2_000_000_000, "max_digits": 1}})
    assert found(asks, "FLW-13")
