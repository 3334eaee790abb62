"""Witnesses: shown only when the simulator does what they claim; and the bounds of calls."""

from typing import TypeGuard

import pytest
from hypothesis import given, settings

from cx_desktop.domain.finding import Finding
from cx_desktop.domain.flow.analysis.bounds import bounds_of
from cx_desktop.domain.flow.analysis.exploration import explore
from cx_desktop.domain.flow.analysis.witness import (
    STARTED,
    Claim,
    Witness,
    claim_of,
    confirms,
    witness,
)
from cx_desktop.domain.flow.behaviour import Digits, End, Key, Outcome, Silence
from cx_desktop.domain.flow.findings import findings
from cx_desktop.domain.flow.graph import ExitId, Flow, NodeId
from cx_desktop.domain.flow.simulate import QueueState, World, replay, run
from cx_desktop.domain.flow.simulate.events import Entered, Left
from cx_desktop.domain.patch import Document, Json
from cx_desktop.domain.schedules import Schedule, hours_of
from cx_desktop.domain.schedules.calendar import WEEKDAYS
from tests.domain.analysis.flows import flow, says
from tests.domain.flow.playable import TRULY, project_by

ENDS = "start -next→ lookup\nlookup -ok→ hangup / -http_error→ hangup_2 / -timeout→ hangup"


def test_a_finding_is_shown_by_the_shortest_call_that_meets_it() -> None:
    cut = flow(ENDS, {"hangup_2": {"prompt": []}, "lookup": {"url": "https://a.example"}})
    (found,) = [each for each in findings(cut) if each.rule == "FLW-26"]
    claim = claim_of(found, "main")
    assert claim == Claim("main", NodeId("lookup"), ExitId("http_error"), End.DROPPED)
    shown = witness(explore({"main": cut}, "main"), claim)
    assert shown is not None
    assert shown.script == (None, Outcome(ExitId("http_error")), None)
    assert run(replay("main", shown.world, shown.script)).end is End.DROPPED


def test_what_was_said_before_a_failure_does_not_tell_why_the_call_ends() -> None:
    """The finding and the end of the call agree, whatever was said before."""
    props: dict[str, Document] = {
        "play": {"prompt": says("Un instant.")},
        "lookup": {"url": "https://a.example", "waiting_prompt": says("Nous cherchons.")},
        "hangup_2": {"prompt": []},
    }
    picture = "start -next→ play\nplay -next→ lookup\n" + ENDS.partition("\n")[2]
    cut = flow(picture, props)
    (found,) = [each for each in findings(cut) if each.rule == "FLW-26"]
    claim = claim_of(found, "main")
    assert claim is not None
    shown = witness(explore({"main": cut}, "main"), claim)
    assert shown is not None
    assert replay("main", shown.world, shown.script).end is End.DROPPED


def switch(operator: str, value: str) -> Document:
    rows: list[Json] = [{"id": "a", "operator": operator, "value": value}]
    return {"operand": "x", "cases": rows}


ASKED = (
    "start -next→ {0}\n{0} -ok→ switch / -no_input→ hangup\nswitch -case:a→ play / -default→ hangup"
)
PLAY = Claim("main", NodeId("play"))


def test_what_a_way_asks_of_a_variable_is_typed() -> None:
    asked = flow(
        ASKED.format("collect"),
        {"collect": {"variable": "x", "prompt": says("?")}, "switch": switch("equals", "75")},
    )
    shown = witness(explore({"main": asked}, "main"), PLAY)
    assert shown is not None
    assert shown.script[1] == Digits("75#")


def test_or_it_is_answered_by_a_lookup() -> None:
    mapping: list[Json] = [{"path": "$.client.city", "variable": "x"}]
    looked_up = flow(
        ASKED.format("lookup"),
        {
            "lookup": {"url": "https://a.example", "mapping": mapping},
            "switch": switch("starts", "P"),
        },
    )
    shown = witness(explore({"main": looked_up}, "main"), PLAY)
    assert shown is not None
    assert shown.script[1] == Outcome(ExitId("ok"), {"client": {"city": "P"}})


def test_or_it_is_known_before_the_call() -> None:
    known = flow(
        "start -next→ switch\nswitch -case:a→ play / -default→ hangup",
        {"switch": switch("at_least", "3")},
    )
    shown = witness(explore({"main": known}, "main"), PLAY)
    assert shown is not None
    assert shown.world.variables["x"] in ("3", 3)


def test_a_way_that_no_call_can_go_is_not_shown() -> None:
    never = flow(
        "start -next→ switch\nswitch -case:a→ hangup / -case:b→ play / -default→ hangup",
        {
            "switch": {
                "operand": "x",
                "cases": [
                    {"id": "a", "operator": "less", "value": "5"},
                    {"id": "b", "operator": "equals", "value": "0"},
                ],
            }
        },
    )
    assert witness(explore({"main": never}, "main"), PLAY) is None


def assert_witnesses_hold(flows: dict[str, Flow]) -> None:
    """That each witness of a project does in the simulator what it claims."""
    explored = explore(flows, "main")
    for place, node, way in sorted(explored.exits)[:6]:
        shown = witness(explored, Claim(place, node, way))
        if shown is not None:
            call = replay(shown.flow, shown.world, shown.script)
            taken = [(each.flow, each.node, each.exit) for each in call.events if is_left(each)]
            assert (place, node, way) in taken
    for end in explored.ends:
        shown = witness(explored, Claim("main", end=end))
        if shown is not None:
            assert replay(shown.flow, shown.world, shown.script).end is end
    for each in findings(flows["main"]):
        claim = claim_of(each, "main")
        shown = witness(explored, claim) if claim is not None else None
        if shown is not None:
            assert_shows(shown, each)


def is_left(event: object) -> TypeGuard[Left]:
    return isinstance(event, Left)


def assert_shows(shown: Witness, finding: Finding) -> None:
    """That the call of a witness meets what the finding is about."""
    call = replay(shown.flow, shown.world, shown.script)
    met = [each for each in call.events if isinstance(each, Entered) and each.node == finding.node]
    assert [each for each in met if each.flow == "main"]
    if finding.exit is not None:
        assert [each for each in call.events if is_left(each) and each.exit == finding.exit]
    if finding.rule == "FLW-26":
        assert call.end is End.DROPPED


PROJECTS = TRULY.map(lambda chance: project_by(chance, chance.randint(2, 8)))


@settings(max_examples=40)
@given(PROJECTS)
def test_every_witness_replays_to_what_it_claims(flows: dict[str, Flow]) -> None:
    assert_witnesses_hold(flows)


@pytest.mark.nightly
@settings(max_examples=2000)
@given(PROJECTS)
def test_every_one_of_many_witnesses_does(flows: dict[str, Flow]) -> None:
    assert_witnesses_hold(flows)


MENU = "start -next→ menu\nmenu -1→ {} / -no_input→ hangup / -invalid→ hangup / -max_tries→ hangup"
PROPS: dict[str, Document] = {"menu": {"prompt": says("Tapez 1.")}}


def test_the_longest_call_uses_every_try() -> None:
    bounds = bounds_of(explore({"main": flow(MENU.format("hangup"), PROPS)}, "main"))
    assert bounds.longest is not None
    assert bounds.longest.steps == 3
    assert bounds.longest.seconds > 3 * 5
    assert bounds.is_safe
    assert bounds.soonest is None
    assert bounds.ways == 4
    assert bounds.expected is not None
    assert 0 < bounds.expected < bounds.longest.seconds


def test_going_back_by_choice_does_not_make_a_call_endless() -> None:
    bounds = bounds_of(explore({"main": flow(MENU.format("menu"), PROPS)}, "main"))
    assert bounds.longest is not None


def test_asking_a_silent_caller_again_and_again_does() -> None:
    endless = flow("start -next→ menu\nmenu -1→ hangup / -no_input→ menu / -invalid→ hangup", PROPS)
    bounds = bounds_of(explore({"main": endless}, "main"))
    assert bounds.longest is None
    assert not bounds.is_safe


def test_a_call_that_may_be_dropped_is_not_safe() -> None:
    cut = flow(ENDS, {"hangup_2": {"prompt": []}})
    bounds = bounds_of(explore({"main": cut}, "main"))
    assert not bounds.is_safe
    assert bounds_of(explore({"main": flow(ENDS)}, "main")).is_safe


def test_the_soonest_person_is_the_one_with_the_least_waiting() -> None:
    two = flow(
        "start -next→ repeat_caller\nrepeat_caller -known→ transfer_number / -unknown→ wait\n"
        "wait -next→ transfer_number\ntransfer_number -no_answer→ hangup / -failed→ hangup",
        {"transfer_number": {"number": "+33199001410"}, "wait": {"duration": 60}},
    )
    assert bounds_of(explore({"main": two}, "main")).soonest == pytest.approx(0.0)


def test_scripts_say_what_the_caller_does() -> None:
    explored = explore({"main": flow(MENU.format("play"), PROPS)}, "main")
    pressed = witness(explored, Claim("main", NodeId("menu"), ExitId("key_1")))
    silent = witness(explored, Claim("main", NodeId("menu"), ExitId("no_input")))
    assert pressed is not None
    assert pressed.script == (None, Key("1"))
    assert silent is not None
    assert silent.script == (None, Silence(), Silence())


def test_a_variable_read_too_early_is_shown_by_a_way_on_which_it_is_unset() -> None:
    """Not by the shortest way to the node, which may set it."""
    asked = flow(
        "start -next→ collect\ncollect -ok→ play / -no_input→ log\nlog -next→ play",
        {
            "collect": {"variable": "order", "prompt": says("?")},
            "play": {"prompt": says("{order}")},
        },
    )
    (unset,) = [each for each in findings(asked) if each.rule == "FLW-32"]
    claim = claim_of(unset, "main")
    assert claim is not None
    shown = witness(explore({"main": asked}, "main"), claim)
    assert shown is not None
    assert not any(isinstance(each, Digits) for each in shown.script)


HOURS = (
    "start -next→ schedule\nschedule -open→ {} / -closed→ play / -holiday→ play_2 / -error→ hangup"
)


def shop(name: str = "") -> World:
    """A world with a calendar: open on weekdays from nine to six, closed on French holidays."""
    weekly = dict.fromkeys(WEEKDAYS[:5], (("09:00", "18:00"),))
    schedule = Schedule(time_zone="Europe/Paris", weekly=weekly, public_holidays="fr")
    return World(
        flows={},
        started=STARTED,
        schedules={"s": hours_of(schedule)},
        queues={"q": QueueState(hours=name)},
    )


def shown_on(drawn: Flow, claim: Claim, world: World) -> Witness:
    shown = witness(explore({"main": drawn}, "main"), claim, world)
    assert shown is not None
    assert not any(isinstance(each, Outcome) for each in shown.script), "the calendar decides"
    assert confirms(shown)
    return shown


def at_hours(way: str) -> Claim:
    return Claim("main", NodeId("schedule"), ExitId(way))


def test_a_call_comes_in_when_the_calendar_says_what_it_needs() -> None:
    asked = flow(HOURS.format("hangup"), {"schedule": {"schedule": "s"}})
    assert shown_on(asked, at_hours("open"), shop()).world.started == STARTED
    evening = shown_on(asked, at_hours("closed"), shop()).world.started
    assert evening.date() == STARTED.date()
    assert evening.hour >= 17
    christmas = shown_on(asked, at_hours("holiday"), shop()).world.started
    assert (christmas.month, christmas.day) == (12, 25)


def test_the_hours_of_a_queue_are_a_calendar_too() -> None:
    picture = "start -next→ set_queue\nset_queue -next→ schedule\n" + HOURS.partition("\n")[2]
    props: dict[str, Document] = {
        "set_queue": {"queue": "q"},
        "schedule": {"schedule_from": "queue"},
    }
    shown_on(flow(picture.format("hangup"), props), at_hours("holiday"), shop("s"))


def test_hours_that_never_come_are_shown_by_no_call() -> None:
    """Open and closed at once: the second schedule asks the same calendar."""
    picture = HOURS.format("schedule_2") + "\nschedule_2 -open→ hangup / -closed→ hangup_2"
    twice = flow(picture, {each: {"schedule": "s"} for each in ("schedule", "schedule_2")})
    explored = explore({"main": twice}, "main")
    claim = Claim("main", NodeId("schedule_2"), ExitId("closed"))
    assert witness(explored, claim, shop()) is None
    assert witness(explored, claim) is not None, "without a calendar hours are as they have to be"
