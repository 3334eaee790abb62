"""Loops that nothing ends, and those that something does."""

from cx_desktop.domain.flow.findings import Context
from cx_desktop.domain.patch import Document
from tests.domain.analysis.flows import facts, flow, found, says

SILENT = (
    "start -next→ menu\nmenu -1→ hangup / -no_input→ {} / -invalid→ hangup / -max_tries→ hangup"
)


def test_a_question_that_silence_leads_back_to_is_asked_without_end() -> None:
    assert found(flow(SILENT.format("menu")), "FLW-29") == [("FLW-29", "menu", "no_input")]


def test_so_is_one_that_silence_leads_back_to_by_other_nodes() -> None:
    around = flow(SILENT.format("play") + "\nplay -next→ log\nlog -next→ menu")
    assert found(around, "FLW-29") == [("FLW-29", "menu", "no_input")]


def test_a_loop_that_counts_ends_it() -> None:
    counted = flow(SILENT.format("loop") + "\nloop -again→ menu / -done→ hangup")
    assert found(counted, "FLW-28", "FLW-29") == []


def test_a_loop_that_begins_anew_when_it_is_done_ends_nothing() -> None:
    counted = flow(SILENT.format("loop") + "\nloop -again→ menu / -done→ menu")
    assert found(counted, "FLW-29") == [("FLW-29", "menu", "no_input")]


def counting(variable: str, tested: str) -> dict[str, Document]:
    return {
        "set_var": {"assignments": [{"variable": variable, "expression": f"{variable} + 1"}]},
        "switch": {
            "operand": tested,
            "cases": [{"id": "a", "operator": "at_least", "value": "3"}],
        },
    }


COUNTED = (
    SILENT.format("set_var") + "\nset_var -next→ switch\nswitch -case:a→ hangup / -default→ menu"
)


def test_a_variable_that_is_counted_and_looked_at_ends_it() -> None:
    assert found(flow(COUNTED, counting("tries", "tries")), "FLW-29") == []


def test_counting_one_variable_and_looking_at_another_ends_nothing() -> None:
    wrong = flow(COUNTED, counting("tries", "attempts"))
    assert found(wrong, "FLW-29") == [("FLW-29", "menu", "no_input")]


def test_a_key_that_leads_back_is_the_callers_choice() -> None:
    again = flow(
        "start -next→ menu\nmenu -1→ menu / -no_input→ hangup / -invalid→ hangup "
        "/ -max_tries→ hangup"
    )
    assert found(again, "FLW-27", "FLW-28", "FLW-29") == []


def test_waiting_in_a_queue_again_is_no_question_asked_again() -> None:
    again = flow(
        "start -next→ transfer_queue\n"
        "transfer_queue -full→ callback / -timeout→ callback / -failed→ hangup\n"
        "callback -refused→ transfer_queue / -accepted→ hangup / -invalid_number→ hangup"
    )
    assert found(again, "FLW-28", "FLW-29") == []


def test_a_loop_without_pause_is_busy() -> None:
    busy = flow("start -next→ schedule\nschedule -open→ log / -closed→ hangup\nlog -next→ schedule")
    assert found(busy, "FLW-28") == [("FLW-28", "log", "")]


def test_a_loop_that_waits_or_speaks_is_not() -> None:
    for kind in ("wait", "play"):
        paused = flow(
            f"start -next→ schedule\nschedule -open→ {kind} / -closed→ hangup\n"
            f"{kind} -next→ schedule"
        )
        assert found(paused, "FLW-28", "FLW-29") == []


def test_a_lookup_that_is_repeated_until_it_works_is_busy() -> None:
    retried = flow(
        "start -next→ lookup\nlookup -ok→ hangup / -http_error→ lookup / -timeout→ hangup"
    )
    assert found(retried, "FLW-28") == [("FLW-28", "lookup", "")]


def test_two_messages_in_a_circle_hold_the_caller_for_ever() -> None:
    held = flow("start -next→ play\nplay -next→ play_2\nplay_2 -next→ play")
    assert found(held, "FLW-27") == [("FLW-27", "start", "")]


def test_what_holds_is_said_where_calls_come_into_it() -> None:
    held = flow(
        "start -next→ repeat_caller\nrepeat_caller -known→ play / -unknown→ hangup\n"
        "play -next→ play_2\nplay_2 -next→ play"
    )
    assert found(held, "FLW-27") == [("FLW-27", "play", "")]


def test_an_unlinked_exit_lets_the_call_out() -> None:
    assert found(flow("start -next→ play"), "FLW-27") == []


def test_a_waiting_loop_of_a_queue_ends_when_somebody_answers() -> None:
    waiting = flow("start -next→ queue_treatment\nqueue_treatment -interrupted→ queue_treatment")
    assert found(waiting, "FLW-27") == []


def sub(target: str) -> dict[str, Document]:
    return {"subflow": {"flow": target}}


CALLING = "start -next→ subflow\nsubflow -next→ hangup / -error→ hangup"


def test_sub_flows_that_call_each_other_are_found() -> None:
    one = flow(CALLING, sub("two"))
    two = flow(CALLING, sub("one"))
    around = Context(flows={"one": "Un", "two": "Deux"}, flow_facts=facts({"one": one, "two": two}))
    assert found(one, "FLW-30", context=around) == [("FLW-30", "subflow", "flow")]


def test_sub_flows_in_a_row_are_not() -> None:
    one = flow(CALLING, sub("two"))
    two = flow(CALLING, sub("three"))
    three = flow("start -next→ return")
    bodies = {"one": one, "two": two, "three": three}
    assert found(one, "FLW-30", context=Context(flow_facts=facts(bodies))) == []


def test_going_to_each_other_for_good_is_no_recursion() -> None:
    there = flow("start -next→ goto_flow", {"goto_flow": {"flow": "two"}})
    back = flow("start -next→ goto_flow", {"goto_flow": {"flow": "one"}})
    bodies = {"one": there, "two": back}
    assert found(there, "FLW-30", context=Context(flow_facts=facts(bodies))) == []


def test_a_refused_message_is_recorded_again_without_end() -> None:
    again = flow(
        "start -next→ voicemail\nvoicemail -recorded→ hangup / -empty→ play\nplay -next→ voicemail",
        {"play": {"prompt": says("Nous n’avons rien entendu.")}},
    )
    assert found(again, "FLW-29") == [("FLW-29", "voicemail", "empty")]


def test_where_nothing_is_offered_whatever_is_said_is_an_answer() -> None:
    """A question without keys, as chats have them, leaves by ``invalid`` with any answer."""
    open_question: dict[str, Document] = {"menu": {"keys": [], "prompt": says("Dites-moi tout.")}}
    picture = (
        "start -next→ menu\nmenu -no_input→ hangup / -invalid→ lookup / -max_tries→ hangup\n"
        "lookup -ok→ menu / -http_error→ hangup / -timeout→ hangup"
    )
    assert found(flow(picture, open_question), "FLW-29") == []
    offered: dict[str, Document] = {"menu": {"keys": ["1"], "prompt": says("Tapez 1.")}}
    linked = flow(picture.replace("menu -no", "menu -1→ hangup / -no"), offered)
    assert found(linked, "FLW-29") == [("FLW-29", "menu", "invalid")]
