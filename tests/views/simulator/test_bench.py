"""Calls are played, kept as tests, and shown on the canvas, by mouse and by keyboard."""

from collections.abc import Callable
from threading import Event

from PySide6.QtCore import Qt

from cx_desktop.domain.finding import Finding, Severity
from cx_desktop.domain.flow.behaviour import End, Outcome
from cx_desktop.domain.flow.graph import ExitId, Link, NodeId, TestId
from cx_desktop.domain.flow.simulate.request import Request
from cx_desktop.domain.flow.testing import FlowTest, NeverVisits, ReachesQueue, Visits, with_tests
from cx_desktop.models.simulation_world import Around, Surroundings
from tests.domain.testing.shop import flow_with, said, shop, world
from tests.views.simulator.conftest import Seat

Sit = Callable[..., Seat]


def test_a_call_is_played_by_keys_and_followed_on_the_canvas(sit: Sit) -> None:
    seat = sit()
    assert seat.run("start")
    simulation = seat.bench.simulation
    assert simulation.present == "menu"
    assert any("Tapez 1 ou 2." in line for line in seat.said)
    seat.key(Qt.Key.Key_1, seat.bench.panel.transcript)
    assert simulation.call is not None
    assert simulation.call.end is End.PERSON
    marks = seat.editor.stage.marks.call
    assert marks.present == "sales"
    assert Link(NodeId("menu"), ExitId("key_1"), NodeId("sales")) in marks.links
    assert not seat.bench.panel.keypad.keys["1"].isEnabled()


def test_a_call_goes_back_and_on_again(sit: Sit) -> None:
    seat = sit()
    seat.run("start")
    simulation = seat.bench.simulation
    seat.bench.panel.keypad.keys["2"].click()
    assert simulation.present == "who"
    assert seat.run("back")
    assert simulation.present == "menu"
    assert seat.run("step")
    assert simulation.present == "who"


def test_a_call_is_followed_into_another_flow_and_back(sit: Sit) -> None:
    survey = flow_with(
        ("start", "start", {}),
        ("grade", "collect", {"prompt": said("Votre note ?"), "max_digits": 1}),
        ("back", "return", {}),
        links={"start": {"next": "grade"}, "grade": {"ok": "back"}},
    )
    main = flow_with(
        ("start", "start", {}),
        ("ask", "subflow", {"flow": "survey"}),
        ("bye", "hangup", {"prompt": said("Merci.")}),
        links={"start": {"next": "ask"}, "ask": {"next": "bye"}},
    )
    seat = sit(main, others={"survey": survey})
    tracking, middle = seat.bench.tracking, seat.editor.middle
    seat.run("start")
    assert tracking.excursion is not None
    assert middle.currentWidget() is tracking.excursion
    assert tracking.excursion.stage.marks.call.present == "grade"
    assert "Enquête" in tracking.excursion.strip.text
    assert seat.editor.stage.marks.call.present == "ask"
    seat.bench.panel.keypad.keys["5"].click()
    assert seat.bench.simulation.call is not None
    assert seat.bench.simulation.call.end is not None
    assert middle.currentWidget() is seat.editor.canvas


def test_another_flow_can_be_left_while_the_call_is_in_it(sit: Sit) -> None:
    ask = ("ask", "collect", {"prompt": said("Un ?"), "max_digits": 1})
    survey = flow_with(
        ("start", "start", {}),
        ask,
        ("more", "collect", {"prompt": said("Deux ?"), "max_digits": 1}),
        links={"start": {"next": "ask"}, "ask": {"ok": "more"}},
    )
    main = flow_with(
        ("start", "start", {}),
        ("sub", "goto_flow", {"flow": "survey"}),
        links={"start": {"next": "sub"}},
    )
    seat = sit(main, others={"survey": survey})
    seat.run("start")
    excursion = seat.bench.tracking.excursion
    assert excursion is not None
    excursion.strip.dismissed.emit()
    assert seat.editor.middle.currentWidget() is seat.editor.canvas
    seat.bench.panel.keypad.keys["1"].click()
    assert seat.editor.middle.currentWidget() is seat.editor.canvas
    seat.run("start")
    assert seat.bench.tracking.excursion is not None, "a new call is followed anew"


def test_a_breakpoint_holds_the_call(sit: Sit) -> None:
    seat = sit()
    seat.editor.show_node("hours")
    assert seat.run("breakpoint")
    seat.run("start")
    assert seat.bench.simulation.present == "hours"
    assert seat.run("run")
    assert seat.bench.simulation.present == "menu"


def test_a_call_runs_until_a_node(sit: Sit) -> None:
    seat = sit()
    seat.run("start")
    seat.editor.show_node("who")
    seat.bench.panel.keypad.keys["2"].click()
    seat.run("back")
    assert seat.run("run-until")
    assert seat.bench.simulation.present == "who"


def test_hours_are_given_by_hand(sit: Sit) -> None:
    seat = sit()
    form = seat.bench.panel.conditions
    choice = next(each for each in form._choices if each.part == "schedules")
    choice.box.setCurrentIndex(choice.box.findData("closed"))
    seat.run("start")
    assert any("Nous sommes fermés." in line for line in seat.said)


def test_a_call_is_kept_as_a_test_that_passes(sit: Sit) -> None:
    seat = sit()
    seat.run("start")
    seat.bench.panel.keypad.keys["1"].click()
    assert seat.run("save")
    seat.until(lambda: seat.bench.tests.is_current)
    assert list(seat.model.flow.tests) == ["test_1"]
    assert not seat.bench.tests.ran.failed
    seat.model.undo_stack.undo()
    assert not seat.model.flow.tests


def test_generated_tests_cover_every_exit_and_are_painted(sit: Sit) -> None:
    seat = sit()
    assert seat.run("generate")
    seat.until(lambda: seat.bench.tests.is_current and bool(seat.model.flow.tests))
    coverage = seat.bench.tests.coverage
    assert coverage is not None
    assert coverage.share == 1.0
    seat.bench.suite.coverage.click()
    assert seat.editor.stage.marks.covered[NodeId("menu")] == 1.0
    assert not seat.editor.canvas.grab().isNull()


def test_a_failed_test_leads_to_the_moment(sit: Sit) -> None:
    test = FlowTest(name="ventes", expects=(ReachesQueue("sales"), NeverVisits("menu")))
    seat = sit(with_tests(shop(), {TestId("test_1"): test}))
    seat.until(lambda: seat.bench.tests.is_current)
    tree = seat.bench.suite.tree
    item = tree.topLevelItem(0)
    assert item is not None
    below = item.child(1)
    assert below is not None
    assert below.text(1)
    first = item.child(0)
    assert first is not None
    assert "Ventes" in first.text(0)
    tree.itemClicked.emit(below, 0)
    assert seat.bench.simulation.present == "menu"
    assert "1" in seat.editor.dock.tabText(seat.editor.dock.indexOf(seat.bench.suite))


def test_a_test_is_renamed_in_the_list(sit: Sit) -> None:
    seat = sit(with_tests(shop(), {TestId("test_1"): FlowTest(name="x")}))
    seat.until(lambda: seat.bench.tests.is_current)
    item = seat.bench.suite.tree.topLevelItem(0)
    assert item is not None
    item.setText(0, " Ventes ")
    seat.until(lambda: seat.bench.tests.tests[TestId("test_1")].name == "Ventes")


def test_expectations_come_and_go(sit: Sit) -> None:
    seat = sit(with_tests(shop(), {TestId("test_1"): FlowTest(name="x")}))
    seat.until(lambda: seat.bench.tests.is_current)
    tree = seat.bench.suite.tree
    item = tree.topLevelItem(0)
    assert item is not None
    tree.setCurrentItem(item)
    seat.editor.show_node("hours")
    assert seat.run("expect")
    assert seat.bench.tests.tests[TestId("test_1")].expects == (Visits("hours"),)
    item = tree.topLevelItem(0)
    assert item is not None
    below = item.child(0)
    assert below is not None
    tree.setCurrentItem(below)
    assert seat.run("remove-test")
    assert seat.bench.tests.tests[TestId("test_1")].expects == ()


def test_a_finding_is_shown_by_a_call(sit: Sit) -> None:
    seat = sit()
    finding = Finding("FLW-99", Severity.WARNING, "menu", "no_input", None, {})
    seat.bench.show_by_call(finding)
    seat.settle()
    simulation = seat.bench.simulation
    assert simulation.tape.is_replaying
    while simulation.tape.is_replaying:
        simulation.step()
    assert simulation.walked("main")[0] >= {"menu"}


def test_what_a_closed_bench_still_reads_comes_to_nothing(sit: Sit) -> None:
    seat = sit()
    gate, other = Event(), Surroundings(world(shop()), numbers=("+33199001234",))

    def read() -> Surroundings:
        gate.wait(10)
        return other

    seat.bench._around = Around("main", read)
    seat.bench.refresh_world()
    seat.bench.close()
    gate.set()
    seat.settle()
    assert seat.bench.panel.conditions.called.count() == 0


def test_everything_has_a_name(sit: Sit) -> None:
    seat = sit()
    panel, suite = seat.bench.panel, seat.bench.suite
    for each in (
        *panel.keypad.keys.values(),
        panel.transcript,
        panel.watch,
        panel.conditions.caller,
        panel.conditions.moment,
        suite.tree,
        suite.coverage,
    ):
        assert each.accessibleName()


def test_lookups_are_asked_for_real_only_when_that_is_wanted(sit: Sit) -> None:
    flow = flow_with(
        ("start", "start", {}),
        ("crm", "lookup", {"url": "https://crm.example", "test_double": {"name": "Bob"}}),
        ("bye", "hangup", {"prompt": said("Au revoir.")}),
        links={"start": {"next": "crm"}, "crm": {"ok": "bye"}},
    )
    asked: list[Request] = []

    def ask(request: Request) -> Outcome:
        asked.append(request)
        return Outcome(ExitId("ok"), {"name": "Ada"})

    seat = sit(flow, ask=ask)
    simulation = seat.bench.simulation
    seat.run("start")
    assert simulation.tape.is_over
    assert not asked
    seat.bench.panel.conditions.real.click()
    seat.run("start")
    seat.until(lambda: simulation.tape.is_over)
    assert [each.url for each in asked] == ["https://crm.example"]
