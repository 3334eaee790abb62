"""A simulated call as a model: to and fro, from a script, stale after an edit."""

from collections.abc import Iterator

import pytest

from cx_desktop.domain.flow.analysis.exploration import explore
from cx_desktop.domain.flow.analysis.witness import Claim, witness
from cx_desktop.domain.flow.behaviour import Digits, End, Key
from cx_desktop.domain.flow.edits import set_title
from cx_desktop.domain.flow.graph import ExitId, NodeId, document_of
from cx_desktop.domain.flow.testing import Act, Given
from cx_desktop.models.flow_graph import FlowGraphModel
from cx_desktop.models.simulation import Simulation
from tests.domain.testing.shop import MONDAY, shop, world

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def simulation() -> Iterator[Simulation]:
    model = FlowGraphModel(document=document_of(shop()), save=lambda _changes: None)
    yield Simulation(model, "main", world(), model)
    model.deleteLater()


def test_a_call_goes_to_a_moment_and_back(simulation: Simulation) -> None:
    simulation.replay(Given(at=MONDAY), (Act(Key("2")), Act(Digits("7777"))), beat=3)
    assert simulation.present == "who"
    simulation.tape.go_to(2)
    assert simulation.present == "menu"
    simulation.tape.go_to(5)
    assert simulation.present == "boss"


def test_doing_something_else_leaves_the_script(simulation: Simulation) -> None:
    simulation.replay(Given(at=MONDAY), (Act(Key("2")), Act(Digits("7777"))), beat=2)
    simulation.do(Key("1"))
    assert not simulation.tape.is_replaying
    assert simulation.present == "sales"


def test_an_edit_makes_the_call_stale(simulation: Simulation) -> None:
    simulation.start()
    assert not simulation.is_stale
    simulation._model.apply(set_title(NodeId("menu"), "Choix"))
    assert simulation.is_stale
    simulation.start()
    assert not simulation.is_stale


def test_a_witness_is_shown_to_its_end(simulation: Simulation) -> None:
    exploration = explore(simulation.base.flows, "main")
    claim = Claim("main", NodeId("which"), ExitId("case:vip"))
    shown = witness(exploration, claim)
    assert shown is not None
    simulation.show(shown)
    while simulation.tape.is_replaying:
        simulation.step()
    assert "which" in simulation.walked("main")[0]
    simulation.run()
    assert simulation.call is not None
    assert simulation.call.end is End.PERSON


def test_no_call_comes_into_a_flow_without_an_entry() -> None:
    model = FlowGraphModel(document={}, save=lambda _changes: None)
    simulation = Simulation(model, "main", world())
    simulation.start()
    assert not simulation.can_begin
    assert simulation.call is None
