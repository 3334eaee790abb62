"""Few calls cover every exit, and each does what it says."""

from random import Random

from hypothesis import given, settings

from cx_desktop.domain.flow.graph import Flow, TestId
from cx_desktop.domain.flow.simulate import World
from cx_desktop.domain.flow.testing import (
    coverage,
    generate,
    gone_through,
    possible_in,
    run,
    run_all,
    with_tests,
)
from tests.domain.flow.playable import TRULY, project_by, world_by
from tests.domain.testing.shop import shop, world


def test_the_shop_is_covered_by_few_calls() -> None:
    made = generate("main", world())
    exits = possible_in({"main": shop()}, "main").exits
    assert not made.missing
    assert len(made.tests) <= len(exits) - 9  # each unlinked exit ends a call of its own


def test_generated_tests_pass_and_cover_what_they_say() -> None:
    made = generate("main", world())
    flow = with_tests(shop(), {TestId(f"test_{n}"): each for n, each in enumerate(made.tests)})
    done = run_all(flow, "main", world(flow))
    assert not done.failed
    covered = gone_through(each.played.call for each in done.results.values())
    assert coverage("main", covered, possible_in({"main": flow}, "main")).share == 1.0


def test_no_generated_test_is_spare() -> None:
    made = generate("main", world())
    runs = [run(each, "main", world()) for each in made.tests]
    for number in range(len(runs)):
        others = [each.played.call for at, each in enumerate(runs) if at != number]
        left = coverage("main", gone_through(others), possible_in({"main": shop()}, "main"))
        assert left.missing


def test_what_is_covered_already_asks_for_no_test() -> None:
    exits = possible_in({"main": shop()}, "main").exits
    assert generate("main", world(), covered=exits).tests == ()


@given(chance=TRULY)
@settings(max_examples=10, deadline=None)
def test_generated_tests_pass_in_any_flow(chance: Random) -> None:
    there = world_by(chance, project_by(chance, 4))
    made = generate("main", there)
    exits: set[object] = set()
    for test in made.tests:
        done = run(test, "main", there)
        assert done.has_passed, (test, done.verdicts)
        exits |= gone_through([done.played.call]).exits
    wanted = {each for each in possible_in(there.flows, "main").exits if each[0] == "main"}
    assert made.missing == wanted - exits


def test_an_empty_flow_needs_no_test() -> None:
    bare = World(flows={"main": Flow()}, started=world().started)
    assert generate("main", bare).tests == ()
