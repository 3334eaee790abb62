"""What single kinds of steps do in a call, and what no property of random calls would show."""

from collections.abc import Mapping
from datetime import datetime

import pytest

from cx_desktop.domain.flow.behaviour import (
    Digits,
    End,
    HangUp,
    Key,
    Outcome,
    Reached,
    Silence,
    Speech,
)
from cx_desktop.domain.flow.graph import ExitId
from cx_desktop.domain.flow.simulate import QueueState, advance, begin, question, replay, run
from cx_desktop.domain.flow.simulate.events import Assigned, Did, Left, Troubled, Unheard
from tests.domain.simulate.drawing import drawn, heard, says, walked, world

Steps = dict[str, tuple[str, Mapping[str, object]]]
SALES = says("For sales, press 1.")


def menu(**props: object) -> Steps:
    return {"menu": ("menu", {"prompt": SALES, "keys": ["1"], **props})}


ROUND = """
    start -next-> menu
    menu -key_1-> sales
    menu -no_input-> silent
    menu -invalid-> wrong
    menu -max_tries-> tired
"""


@pytest.mark.parametrize(
    ("keys", "end"),
    [
        ("1", "sales"),
        ("_ _", "silent"),
        ("9 9", "wrong"),
        ("9 _ 9", "tired"),
        ("_ 9 _", "tired"),
        ("9 1", "sales"),
    ],
)
def test_a_menu_asks_again_until_a_limit(keys: str, end: str) -> None:
    script = [Silence() if key == "_" else Key(key) for key in keys.split()]
    call = replay("main", world(drawn(ROUND, menu())), [None, *script])
    assert walked(call) == f"start menu {end}"


def test_each_try_has_its_own_words_and_the_last_ones_come_again() -> None:
    prompts = [says("Again?"), says("For the last time?")]
    flow = drawn(ROUND, menu(retry_prompts=prompts, max_no_input=5, max_tries=9))
    call = replay("main", world(flow), [None, *[Silence()] * 4])
    assert heard(call)[1:] == ["Again?", *["For the last time?"] * 3]


def test_a_key_during_a_message_that_cannot_be_interrupted_is_lost() -> None:
    flow = drawn(ROUND, menu(barge_in=False))
    early = replay("main", world(flow), [None, Key("1", after=0.5)])
    assert isinstance(early.events[-1], Unheard)
    assert early.node == "menu"
    assert walked(advance(early, Key("1"))) == "start menu sales"


def test_keys_typed_ahead_answer_the_menus_that_follow() -> None:
    picture = """
        start -next-> hello
        hello -next-> menu
        menu -key_1-> second
        second -key_2-> there
    """
    second: Steps = {"second": ("menu", {"prompt": says("And now?"), "keys": ["2"]})}
    hello: Steps = {"hello": ("play", {"prompt": says("Welcome."), "barge_in": True})}
    call = replay("main", world(drawn(picture, menu() | second | hello)), [None, Digits("12")])
    assert walked(run(call)) == "start hello menu second there"
    assert heard(run(call)) == ["Welcome."]
    kept = drawn(picture, menu(flush_buffer=True) | second | hello)
    call = run(replay("main", world(kept), [None, Digits("12")]))
    assert walked(call) == "start hello menu"
    assert heard(call) == ["Welcome.", "For sales, press 1."]


def test_key_0_leads_to_the_operator_of_the_flow_unless_the_menu_offers_it() -> None:
    flow = drawn(ROUND + "menu -key_0-> zero", menu(), {"operator": "silent"})
    assert walked(replay("main", world(flow), [None, Key("0")])) == "start menu silent"
    flow = drawn(ROUND + "menu -key_0-> zero", menu(keys=["1", "0"]), {"operator": "silent"})
    assert walked(replay("main", world(flow), [None, Key("0")])) == "start menu zero"


def collect(**props: object) -> Steps:
    return {"ask": ("collect", {"prompt": says("Number?"), "variable": "number", **props})}


ASKED = """
    start -next-> ask
    ask -ok-> thanks
    ask -no_input-> silent
    ask -invalid-> wrong
"""


def test_a_silence_that_is_stored_leaves_by_ok_with_the_word_that_connect_stores() -> None:
    call = replay("main", world(drawn(ASKED, collect(store_timeout=True))), [None, Silence()])
    assert walked(call) == "start ask thanks"
    assert call.values["number"] == "Timeout"


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1234#", "1234"), ("0012", "0012"), ("12*34#", "34"), ("1234567890", "1234567890")],
)
def test_digits_end_at_the_closing_key_a_pause_or_the_greatest_length(
    typed: str, value: str
) -> None:
    flow = drawn(ASKED, collect(cancel_key="*"))
    call = replay("main", world(flow), [None, Digits(typed)])
    assert call.values["number"] == value
    assert walked(call) == "start ask thanks"


def test_the_closing_key_alone_is_no_answer() -> None:
    call = replay("main", world(drawn(ASKED, collect())), [None, Key("#")])
    assert isinstance(call.events[-1], Unheard)


def test_what_was_typed_is_read_back_until_the_caller_says_yes() -> None:
    flow = drawn(ASKED, collect(confirm=True, max_invalid=3, max_tries=0))
    call = replay("main", world(flow), [None, Digits("12#"), Key("2"), Digits("34#"), Key("1")])
    assert call.values["number"] == "34"
    assert heard(call) == ["Number?", "12", "Number?", "34"]


def test_sensitive_digits_stand_nowhere_in_the_record_of_a_call() -> None:
    flow = drawn(ASKED, collect(sensitive=True, confirm=True))
    call = replay("main", world(flow), [None, Digits("4929#"), Key("1")])
    assert call.values["number"] == "4929"
    assert "4929" not in str([each for each in call.events if not isinstance(each, Left)])
    assert any(isinstance(each, Assigned) and each.is_masked for each in call.events)


def test_an_exit_that_leads_nowhere_drops_the_call() -> None:
    flow = drawn("start -next-> crm", {"crm": ("lookup", {"url": "https://crm.example"})})
    call = replay("main", world(flow), [None, Outcome(ExitId("http_error"))])
    assert call.end is End.DROPPED


def test_an_exit_may_stand_in_for_another_and_errors_have_their_step() -> None:
    hours = {"hours": ("schedule", {"schedule": "shop"})}
    picture = "start -next-> hours\nhours -closed-> night\nhours -open-> day\nday -x-> sorry"
    flow = drawn(picture, hours, {"on_error": "sorry"})
    assert walked(run(begin("main", world(flow, schedules={"shop": "holiday"})))) == (
        "start hours night"
    )
    assert walked(run(begin("main", world(flow)))) == "start hours sorry"


def test_hours_are_asked_on_the_flows_own_clock_or_at_the_instant_to_test() -> None:
    asked: list[datetime] = []

    def hours(instant: datetime) -> str:
        asked.append(instant)
        return "open"

    for test_instant in ("", "2026-12-24T18:30"):
        step = ("schedule", {"schedule": "shop", "test_instant": test_instant})
        flow = drawn("start -next-> hours\nhours -open-> day", {"hours": step})
        run(begin("main", world(flow, schedules={"shop": hours})))
    assert [each.isoformat() for each in asked] == [
        "2026-11-23T10:00:00+01:00",
        "2026-12-24T18:30:00+01:00",
    ]


def test_a_hundred_steps_without_a_pause_stop_the_call() -> None:
    picture = "start -next-> one\none -next-> two\ntwo -next-> one"
    flow = drawn(picture, {"one": ("log", {}), "two": ("config", {})})
    call = run(begin("main", world(flow)))
    assert call.end is End.STUCK
    assert any(isinstance(each, Troubled) for each in call.events)


def test_a_loop_goes_round_as_often_as_it_says_and_begins_anew() -> None:
    picture = "start -next-> loop\nloop -again-> log\nlog -next-> loop\nloop -done-> bye"
    flow = drawn(picture, {"loop": ("loop", {"loops": 2, "counter": "n"}), "log": ("log", {})})
    call = run(begin("main", world(flow)))
    assert walked(call) == "start loop log loop log loop bye"
    assert call.values["n"] == "0"


def test_the_longest_duration_cuts_a_call_short_wherever_it_is() -> None:
    picture = "start -next-> wait\nwait -next-> wait\nsorry -x-> sorry"
    sorry = {"prompt": says("Sorry.")}
    steps: Steps = {"wait": ("wait", {"duration": 500}), "sorry": ("play", sorry)}
    flow = drawn(picture, steps, {"on_max_duration": "sorry"})
    call = run(begin("main", world(flow)))
    assert call.cost.seconds == pytest.approx(3600.4)
    assert heard(call) == ["Sorry."]


def test_when_the_caller_hangs_up_the_flow_goes_on_alone_until_it_would_speak() -> None:
    picture = "start -next-> menu\nnote -sent-> more\nmore -next-> bye"
    steps: Steps = menu() | {"note": ("send_sms", {}), "more": ("play", {"prompt": says("Hm?")})}
    flow = drawn(picture, steps, {"on_hangup": "note"})
    call = run(replay("main", world(flow), [None, HangUp()]))
    assert walked(call) == "start menu note"
    assert (call.end, call.cost.sms) == (End.ABANDONED, 1)


def test_a_subflow_has_variables_of_its_own_and_gives_some_back() -> None:
    main = drawn(
        "start -next-> sub\nsub -case:good-> yes\nsub -error-> no",
        {
            "sub": (
                "subflow",
                {
                    "flow": "inner",
                    "outcomes": [{"id": "good"}],
                    "inputs": [{"variable": "a", "expression": "20"}],
                    "outputs": [{"variable": "got", "expression": "b + 1"}],
                },
            )
        },
    )
    inner = drawn(
        "start -next-> set\nset -next-> back",
        {
            "set": (
                "set_var",
                {"assignments": [{"variable": "b", "expression": "a + 1"}], "scope": "flow"},
            ),
            "back": (
                "return",
                {"outcome": "good", "values": [{"variable": "c", "expression": "a"}]},
            ),
        },
    )
    call = run(begin("main", world(main, flows={"main": main, "inner": inner})))
    assert walked(call) == "start sub start set back yes"
    assert (str(call.values["got"]), str(call.values["c"])) == ("22", "20")
    assert not {"a", "b"} & set(call.values)
    alone = run(begin("main", world(main)))
    assert walked(alone) == "start sub no"


def test_what_a_lookup_answers_goes_into_variables() -> None:
    props = {"url": "https://crm.example", "mapping": [{"path": "$.a[1].b", "variable": "x"}]}
    flow = drawn("start -next-> crm\ncrm -ok-> fine", {"crm": ("lookup", props)})
    body = {"a": [0, {"b": "Ada"}]}
    answered = world(flow, lookups={"https://crm.example": Outcome(ExitId("ok"), body)})
    assert run(begin("main", answered)).values["x"] == "Ada"
    assert run(begin("main", world(flow))).values["x"] == ""


@pytest.mark.parametrize(
    ("queue", "way"),
    [
        (QueueState(), "talked"),
        (QueueState(is_full=True), "full"),
        (QueueState(staffed=0), "nobody"),
        (QueueState(answers_after=None), "late"),
        (QueueState(answers_after=900.0), "late"),
    ],
)
def test_a_queue_takes_a_call_as_its_state_says(queue: QueueState, way: str) -> None:
    picture = """
        start -next-> q
        q -queued-> talked
        q -full-> full
        q -no_agent-> nobody
        q -timeout-> late
    """
    flow = drawn(picture, {"q": ("transfer_queue", {"queue": "sales"})})
    call = run(begin("main", world(flow, queues={"sales": queue})))
    assert walked(call) == f"start q {way}"
    assert (call.reached is Reached.PERSON) == (way == "talked")


def test_a_callback_is_offered_before_the_number_is_looked_at() -> None:
    picture = (
        "start -next-> back\nback -accepted-> yes\nback -refused-> no\nback -invalid_number-> hm"
    )
    flow = drawn(picture, {"back": ("callback", {"queue": "q", "offer_prompt": says("Shall we?")})})
    assert walked(run(replay("main", world(flow), [None, Key("1")]))) == "start back yes"
    assert walked(run(replay("main", world(flow), [None, Key("2")]))) == "start back no"
    hidden = world(flow, caller="")
    assert walked(run(replay("main", hidden, [None, Key("1")]))) == "start back hm"
    call = run(replay("main", world(flow), [None, Key("1")]))
    assert call.end is End.MESSAGE


def test_a_draw_follows_from_the_seed_and_turns_are_taken() -> None:
    picture = "start -next-> r\nr -case:a-> a\nr -case:b-> b"

    def way(seed: int, turns: int = 0, **props: object) -> str:
        flow = drawn(picture, {"r": ("random", props)})
        return walked(run(begin("main", world(flow, seed=seed, turns=turns)))).split()[-1]

    shares = [{"id": "a", "weight": 50}, {"id": "b", "weight": 50}]
    assert [way(seed, shares=shares) for seed in range(20)] == [
        way(seed, shares=shares) for seed in range(20)
    ]
    assert {way(seed, shares=shares) for seed in range(20)} == {"a", "b"}
    turns = [way(1, turn, shares=shares, mode="round_robin") for turn in range(4)]
    assert turns == ["a", "b", "a", "b"]


def test_a_message_that_was_left_outweighs_how_the_call_then_ends() -> None:
    box = {"box": ("voicemail", {"greeting": says("After the beep."), "box": "night"})}
    flow = drawn("start -next-> box\nbox -recorded-> bye", box)
    call = run(replay("main", world(flow), [None, Speech("Call me back, please")]))
    assert call.end is End.MESSAGE
    silent = run(replay("main", world(flow), [None, Silence()]))
    assert walked(silent) == "start box bye"
    assert silent.end is End.DROPPED


def test_a_goodbye_is_one_only_to_who_was_told_something_last() -> None:
    spoken = drawn("start -next-> play\nplay -next-> end", {"play": ("play", {"prompt": SALES})})
    assert run(begin("main", world(spoken))).end is End.GOODBYE
    silent = run(replay("main", world(drawn(ROUND, menu())), [None, Key("1"), None]))
    assert silent.end is End.DROPPED


def test_a_question_says_what_can_happen_next() -> None:
    call = replay("main", world(drawn(ROUND, menu(), {"operator": "silent"})), [None])
    asked = question(call)
    assert asked is not None
    assert asked.waits
    assert asked.keys == ("1", "0")
    assert asked.outcomes == ("error",)
    assert question(run(replay("main", world(drawn(ROUND, menu())), [None, HangUp()]))) is None


def test_formulas_that_have_no_value_leave_by_error_and_say_so() -> None:
    props = {
        "assignments": [
            {"variable": "x", "expression": "1"},
            {"variable": "y", "expression": "1 / 0"},
        ]
    }
    picture = "start -next-> set\nset -next-> on\nset -error-> off"
    flow = drawn(picture, {"set": ("set_var", props)})
    call = run(begin("main", world(flow)))
    assert walked(call) == "start set off"
    assert str(call.values["x"]) == "1"
    assert [each.params["variable"] for each in call.events if isinstance(each, Troubled)] == ["y"]


def test_what_the_caller_does_is_on_record_in_order() -> None:
    call = replay("main", world(drawn(ROUND, menu())), [None, Silence(), Key("1")])
    done = [each.stimulus for each in call.events if isinstance(each, Did)]
    assert done == [Silence(), Key("1")]
