"""Tests say what happened, and where it was not what they expected."""

from msgspec.structs import replace

from cx_desktop.domain.flow.behaviour import Digits, End, HangUp, Key
from cx_desktop.domain.flow.graph import ExitId, Node, NodeId, TestId
from cx_desktop.domain.flow.simulate import QueueState
from cx_desktop.domain.flow.testing import (
    Act,
    Ends,
    Expectation,
    FlowTest,
    Given,
    Holds,
    NeverVisits,
    ReachesNumber,
    ReachesQueue,
    Result,
    Says,
    Visits,
    run,
    run_all,
    suite_of,
    with_tests,
)
from tests.domain.testing.shop import MONDAY, said, shop, world

PRESSES_ONE = (Act(Key("1")),)
IS_VIP = (Act(Key("2")), Act(Digits("7777")))


def ran(
    *expects: Expectation, script: tuple[Act, ...] = PRESSES_ONE, given: Given | None = None
) -> Result:
    """A test of the shop, run."""
    test = FlowTest(given=given or Given(at=MONDAY), script=script, expects=expects)
    return run(test, "main", world())


def test_a_call_that_goes_as_expected_passes() -> None:
    result = ran(
        Says("tapez 1"),
        Visits("menu"),
        ReachesQueue("sales", within=60),
        NeverVisits("shut"),
        Ends(End.PERSON),
    )
    assert result.has_passed


def test_every_expectation_is_judged_by_itself() -> None:
    result = ran(ReachesQueue("support"), Says("tapez 1"), Ends(End.DROPPED))
    assert [each.is_met for each in result.verdicts] == [False, True, False]
    assert not result.has_passed


def test_it_is_told_what_happened_instead() -> None:
    result = ran(
        ReachesQueue("support"),
        Says("Bonjour"),
        ReachesNumber("+33199001410"),
        Holds("who", "7777"),
        Ends(End.DROPPED),
    )
    told = [each.instead.key for each in result.verdicts if each.instead]
    assert told == [
        "simulator.instead.queues",
        "simulator.instead.said",
        "simulator.instead.ended",
        "simulator.instead.unset",
        "simulator.instead.ended",
    ]


def test_what_comes_too_late_is_not_met() -> None:
    result = ran(Ends(within=0.5), Says("Tapez", within=0), script=())
    assert [each.instead and each.instead.key for each in result.verdicts] == [
        "simulator.instead.late",
        None,
    ]


def test_what_is_never_to_be_visited_is_found_where_it_was() -> None:
    result = ran(NeverVisits("menu"))
    assert result.played.calls[result.beat].node == "menu"


def test_a_queue_is_reached_at_the_step_before_it_answers() -> None:
    verdict = ran(ReachesQueue("sales")).verdicts[0]
    assert ran().played.calls[verdict.beat].node == "sales"


def test_what_is_given_goes_before_the_world_around_the_flow() -> None:
    shut = Given(at=MONDAY, schedules={"week": "closed"})
    assert ran(Visits("shut"), Says("fermés"), script=(), given=shut).has_passed
    full = Given(at=MONDAY, queues={"sales": QueueState(is_full=True)})
    assert ran(Ends(End.DROPPED), given=full).has_passed


def test_digits_are_typed_when_the_call_asks_for_them() -> None:
    assert ran(
        Holds("who", "7777"), Holds("who", 7777), ReachesNumber("+33199001410"), script=IS_VIP
    ).has_passed


def test_a_caller_can_hang_up_anywhere() -> None:
    assert ran(Ends(End.ABANDONED), script=(Act(HangUp()),)).has_passed
    at_queue = (Act(Key("1")), Act(HangUp(after=3), at="sales"))
    assert ran(ReachesQueue("sales"), script=at_queue).left_over == 0


def test_what_the_caller_could_not_do_any_more_fails_the_test() -> None:
    result = ran(script=(*PRESSES_ONE, Act(Key("9"))))
    assert result.left_over == 1
    assert not result.has_passed


def test_a_message_put_in_between_does_not_shift_the_script() -> None:
    flow = shop()
    hello = Node(NodeId("hello"), "play", props={"prompt": said("Bonjour.")})
    way = ExitId("next")
    links = flow.links | {
        NodeId("start"): {way: hello.id},
        hello.id: {way: NodeId("hours")},
    }
    longer = replace(flow, nodes={**flow.nodes, hello.id: hello}, links=links)
    test = FlowTest(script=IS_VIP, expects=(Says("Bonjour"), ReachesNumber("+33199001410")))
    assert run(test, "main", world(longer)).has_passed


def test_all_tests_of_a_flow_are_run_in_order() -> None:
    good = FlowTest(name="good", script=PRESSES_ONE, expects=(ReachesQueue("sales"),))
    bad = FlowTest(name="bad", expects=(ReachesQueue("sales"),))
    flow = with_tests(shop(), {TestId("test_10"): bad, TestId("test_2"): good})
    done = run_all(flow, "main", world(flow))
    assert list(done.results) == ["test_2", "test_10"]
    assert done.failed == ("test_10",)


def test_a_test_of_a_newer_program_is_kept_and_has_not_passed() -> None:
    flow = replace(
        shop(),
        tests={
            TestId("new"): {"name": "x", "expects": [{"expect": "telepathy"}]},
            TestId("odd"): {"given": 3},
            TestId("old"): {"given": {"at": "0001-01-01T00:00:00Z"}},
        },
    )
    assert suite_of(flow).unreadable == ("new", "odd", "old")
    assert run_all(flow, "main", world(flow)).failed == ("new", "odd", "old")
