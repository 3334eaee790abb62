"""What moves say beside their scripts: variables, durations, examples of what can be typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.flow.behaviour import (
    OPERATOR,
    Digits,
    End,
    Move,
    Reached,
    Setting,
    Step,
    how_it_ended,
    landing,
    moves,
    onward,
    says_something,
    seconds_of,
)
from cx_desktop.domain.flow.behaviour.decision import unseen_counter
from cx_desktop.domain.flow.behaviour.onward import By
from cx_desktop.domain.flow.behaviour.validation import (
    accepts,
    can_be_typed,
    check_of,
    refused,
    shortest,
)
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.kind import Unlinked
from cx_desktop.domain.flow.kinds import exits_of
from cx_desktop.domain.flow.kinds.asking import can_be_invalid
from cx_desktop.domain.flow.variables import assigned_by, covers
from tests.domain.flow.playable import LENGTHS, playable_flows, playable_nodes

COLLECTED = playable_nodes("n", kinds=["collect"]).map(lambda node: Step(node, Setting()))


def node(kind: str, **props: object) -> Node:
    return Node(NodeId("n"), kind, props=props)


@settings(max_examples=300)
@given(playable_nodes("n"))
def test_what_moves_set_is_what_the_step_is_known_to_set(any_node: Node) -> None:
    known = assigned_by(any_node)
    for move in moves(any_node):
        for each in move.sets:
            told = [one for one in known if covers(one.name, each.variable)]
            assert told or each.variable in ("language", unseen_counter(any_node.id)), each
            assert all(one.exits is None or move.exit in (*one.exits, OPERATOR) for one in told)


@given(playable_nodes("n"))
def test_silent_prompts_are_not_said(any_node: Node) -> None:
    for move in moves(any_node, Setting(lengths=LENGTHS)):
        assert all(says_something(each) for each in move.prompts)


@settings(max_examples=300)
@given(COLLECTED)
def test_examples_of_what_can_be_typed_are_accepted_and_refused(step: Step) -> None:
    check = check_of(step)
    good, wrong = shortest(check), refused(check)
    assert good is None or (accepts(check, good) and can_be_typed(check, good))
    assert wrong is None or (not accepts(check, wrong) and can_be_typed(check, wrong))
    if wrong is not None:
        assert can_be_invalid(step.props)


@settings(max_examples=300)
@given(COLLECTED, st.text("0123456789*#", max_size=12))
def test_nothing_is_accepted_where_no_example_was_found(step: Step, typed: str) -> None:
    check = check_of(step)
    if shortest(check) is None and check.sort != "pattern" and can_be_typed(check, typed):
        assert not accepts(check, typed)
    if refused(check) is None and 0 < len(typed) <= check.most and can_be_typed(check, typed):
        assert accepts(check, typed)


@pytest.mark.parametrize(
    ("sort", "good", "wrong"),
    [
        ("luhn", ["4929", "79927398713", "0"], ["1234", "", "4a"]),
        ("phone", ["0199001234", "00442079460000"], ["0012", "9199001234", "01990012345"]),
        ("date", ["290224", "29022024", "31122026"], ["290225", "320126", "1", "310426"]),
        ("none", ["12", "*#"], []),
        ("something newer", ["12"], []),
    ],
)
def test_each_sort_of_check(sort: str, good: list[str], wrong: list[str]) -> None:
    props = {"validation": sort, "min_digits": 0, "max_digits": 20}
    check = check_of(Step(node("collect", **props), Setting()))
    assert all(accepts(check, each) for each in good)
    assert not any(accepts(check, each) for each in wrong)


@pytest.mark.parametrize(
    ("prompt", "seconds"),
    [
        ([{"type": "text", "text": "One two three, four five!"}], 2.0),
        ([{"type": "text", "text": "Hello {name} — good morning"}], 2.0),
        ([{"type": "ssml", "text": '<speak>One<break time="1.5s"/> two</speak>'}], 2.3),
        ([{"type": "ssml", "text": '<break time="1.2.3s"/>'}], 0.0),
        ([{"type": "say_as", "as": "digits", "text": "0199"}], 2.0),
        ([{"type": "say_as", "as": "digits", "text": "{digits}"}], 5.0),
        ([{"type": "say_as", "as": "amount", "text": "12 euros"}], 0.8),
        ([{"type": "audio", "ref": "welcome"}, {"type": "audio", "ref": "other"}], 12.5),
        ([{"type": "audio"}], 0.0),
        (None, 0.0),
        ("words", 0.0),
    ],
)
def test_how_long_a_prompt_lasts(prompt: object, seconds: float) -> None:
    assert seconds_of(prompt, LENGTHS) == pytest.approx(seconds)


@settings(max_examples=200)
@given(playable_flows())
def test_every_exit_leads_somewhere_or_ends_the_call(flow: Flow) -> None:
    for each in flow.nodes.values():
        for way in exits_of(each):
            to = onward(flow, each.id, way.id)
            target = flow.target(each.id, way.id)
            assert (to.node is None) == (to.end is not None)
            assert (to.by is By.LINK) == (target is not None)
            if target is None and way.unlinked in (Unlinked.REFUSED, Unlinked.HANG_UP):
                expected = (
                    {By.NOTHING, By.ON_HANGUP, By.ENDING} if way.id == "hangup" else {By.NOTHING}
                )
                assert to.by in expected
        for move in moves(each):
            ways_on = (to := landing(flow, each.id, move)).node, to.flow, to.outcome, to.end
            assert sum(one is not None for one in ways_on) == 1


def test_who_has_talked_to_somebody_was_not_dropped() -> None:
    queue = node("transfer_queue", queue="q")
    flow = Flow(nodes={queue.id: queue})
    assert onward(flow, queue.id, ExitId("queued")).end is End.DROPPED
    talked = next(each for each in moves(queue) if each.exit == "queued")
    assert landing(flow, queue.id, talked).end is End.PERSON


def test_a_dangling_link_is_none() -> None:
    play = node("play")
    flow = Flow(nodes={play.id: play}, links={play.id: {ExitId("next"): NodeId("gone")}})
    assert onward(flow, play.id, ExitId("next")).end is End.DROPPED


@pytest.mark.parametrize(
    ("end", "reached", "told", "expected"),
    [
        (End.HUNG_UP, None, True, End.GOODBYE),
        (End.HUNG_UP, None, False, End.DROPPED),
        (End.ABANDONED, Reached.CALLBACK, False, End.MESSAGE),
        (End.DROPPED, Reached.PERSON, False, End.PERSON),
        (End.STUCK, Reached.PERSON, False, End.STUCK),
        (End.DROPPED, None, True, End.DROPPED),
    ],
)
def test_what_a_caller_got_outweighs_how_the_call_ended(
    end: End,
    reached: Reached | None,
    told: bool,  # noqa: FBT001  (a column of the table)
    expected: End,
) -> None:
    assert how_it_ended(end, reached=reached, told=told) is expected


def by_exit(told: tuple[Move, ...], way: str) -> list[Move]:
    return [each for each in told if each.exit == way]


def test_a_collection_of_connect_has_two_ways_by_ok_and_none_for_silence() -> None:
    told = moves(node("collect", store_timeout=True))
    assert len(by_exit(told, "ok")) == 2
    assert not by_exit(told, "no_input")


def test_the_script_of_an_answer_closes_it_where_that_is_needed() -> None:
    short = by_exit(moves(node("collect", min_digits=4)), "ok")[0]
    full = by_exit(moves(node("collect", min_digits=4, max_digits=4)), "ok")[0]
    assert (short.stimuli, full.stimuli) == ((Digits("1111#"),), (Digits("1111"),))


def test_no_figure_makes_a_case_that_an_earlier_one_takes() -> None:
    cases = [
        {"id": "a", "operator": "at_least", "value": "1"},
        {"id": "b", "operator": "greater", "value": "5"},
    ]
    told = moves(node("queue_status", queue="q", cases=cases))
    assert [each.exit for each in told] == ["case:a", "default", "error"]
