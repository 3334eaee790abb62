"""Calls meet emergencies: schedules and numbers that are closed, with words, for a while."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from cx_desktop.domain.calls.world import closures_of
from cx_desktop.domain.flow.behaviour import End
from cx_desktop.domain.flow.graph import ExitId, Flow, Node, NodeId
from cx_desktop.domain.flow.simulate import Closure, World, begin, run, transcript
from cx_desktop.domain.flow.simulate.events import Closed, Ended, Left, Said
from cx_desktop.domain.flow.testing import Given, met
from cx_desktop.domain.schedules.emergency import Emergency

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NUMBER = "+33199001234"


def said(text: str) -> dict[str, object]:
    return {"prompt": [{"type": "text", "text": text}]}


def shop() -> Flow:
    """Open: a welcome. Closed: a goodbye."""
    nodes = [
        Node(NodeId("start"), "start"),
        Node(NodeId("hours"), "schedule", props={"schedule": "week"}),
        Node(NodeId("welcome"), "play", props=said("Bonjour.")),
        Node(NodeId("closed"), "play", props=said("À demain.")),
        Node(NodeId("end"), "hangup"),
    ]
    links = {
        "start": {"next": "hours"},
        "hours": {"open": "welcome", "closed": "closed", "holiday": "closed"},
        "welcome": {"next": "end"},
        "closed": {"next": "end"},
    }
    return Flow(
        meta={},
        nodes={each.id: each for each in nodes},
        links={
            NodeId(node): {ExitId(way): NodeId(to) for way, to in ways.items()}
            for node, ways in links.items()
        },
    )


def world(**closures: Closure) -> World:
    return World(
        flows={"main": shop()},
        started=NOW,
        called=NUMBER,
        schedules={"week": "open"},
        closures={name.replace("number", NUMBER): (each,) for name, each in closures.items()},
    )


def heard(there: World) -> list[str]:
    call = run(begin("main", there))
    return [each.text for each in call.events if isinstance(each, Said)]


def test_a_schedule_that_is_closed_at_once_is_closed_and_says_why() -> None:
    there = world(week=Closure(NOW - timedelta(hours=1), None, "Alerte {incendie}."))
    assert heard(there) == ["Alerte {incendie}.", "À demain."]
    call = run(begin("main", there))
    ways = [each.exit for each in call.events if isinstance(each, Left) and each.node == "hours"]
    assert ways == ["closed"]
    assert "call.emergency" in {line.key for line in transcript(call)}


def test_without_words_nothing_more_is_said() -> None:
    assert heard(world(week=Closure(NOW))) == ["À demain."]


def test_it_holds_from_its_beginning_to_before_its_end() -> None:
    hour = timedelta(hours=1)
    assert heard(world(week=Closure(NOW - hour, NOW, "Fermé."))) == ["Bonjour."]
    assert heard(world(week=Closure(NOW + hour, None, "Fermé."))) == ["Bonjour."]
    assert heard(world(week=Closure(NOW, NOW + hour, "Fermé."))) == ["Fermé.", "À demain."]


def test_a_number_that_is_closed_never_comes_into_the_flow() -> None:
    call = run(begin("main", world(number=Closure(NOW, None, "Fermé."))))
    assert [type(each) for each in call.events] == [Closed, Said, Ended]
    assert call.end is End.GOODBYE
    assert call.cost.seconds > 0
    assert run(begin("main", world(number=Closure(NOW)))).end is End.DROPPED


def test_what_a_test_gives_goes_before_an_emergency() -> None:
    there = world(week=Closure(NOW, None, "Fermé."))
    assert heard(met(there, Given(schedules={"week": "open"}))) == ["Bonjour."]


def test_settled_what_is_closed_is_closed_on_any_day() -> None:
    there = world(week=Closure(NOW, None, "Fermé."))
    assert heard(there.settled()) == ["À demain."]
    assert heard(replace(there, started=NOW - timedelta(days=1)).settled()) == ["Bonjour."]


def test_emergencies_close_schedules_and_numbers_until_the_first_of_their_ends() -> None:
    hour = timedelta(hours=1)
    early = Emergency(
        id="1", schedules=("week",), numbers=("n1",), began_at=NOW, until=NOW + 3 * hour
    )
    late = Emergency(
        id="2",
        schedules=("week",),
        message="Encore fermé.",
        began_at=NOW + hour,
        until=NOW + 3 * hour,
        ended_at=NOW + 2 * hour,
    )
    closures = closures_of([early, late], {"n1": NUMBER})
    assert closures[NUMBER] == (Closure(NOW, NOW + 3 * hour),)
    assert [each.message for each in closures["week"]] == ["Encore fermé.", ""]
    assert closures["week"][0].until == NOW + 2 * hour
