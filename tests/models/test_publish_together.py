"""A flow goes live with the drafts it uses: what is missed is taken along, the rest is offered."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cx_desktop.cache import Edit
from cx_desktop.domain.objects import Target
from cx_desktop.domain.patch import Document, Json, change
from cx_desktop.models.guarded import GuardedStep
from cx_desktop.models.objects.plan import Need, Plan, Repin
from cx_desktop.models.objects.publishing import Publishing
from tests.fakes.service import RunningService
from tests.models.object_seat import WAIT, ObjectSeat

if TYPE_CHECKING:
    from cx_desktop.models.objects.telling import ToldPlan

SAID: Document = {"languages": {"fr-FR": {"text": "Bonjour et bienvenue."}}}


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


@pytest.fixture
def claire(
    qapp: QApplication, qtbot: QtBot, service: RunningService, tmp_path: Path
) -> Iterator[ObjectSeat]:
    assert qapp is not None
    seat = ObjectSeat(tmp_path / "claire", service, qtbot)
    seat.start()
    yield seat
    seat.close()


def plays(*prompts: str, sub_flow: str = "") -> Document:
    """A flow that says prompts one after another, and then leads into a sub-flow."""
    nodes: dict[str, Json] = {"start": {"id": "start", "kind": "start"}}
    links: dict[str, Json] = {}
    last = "start"
    for place, prompt in enumerate(prompts):
        name = f"play_{place}"
        props: Document = {"prompt": [{"type": "audio", "ref": prompt}]}
        nodes[name] = {"id": name, "kind": "play", "props": props}
        links[last] = {"next": name}
        last = name
    if sub_flow:
        nodes["sub"] = {"id": "sub", "kind": "subflow", "props": {"flow": sub_flow}}
        links[last] = {"next": "sub"}
        last = "sub"
    nodes["end"] = {"id": "end", "kind": "hangup"}
    links[last] = {"next": "end", "error": "end"} if sub_flow else {"next": "end"}
    return {"meta": {}, "nodes": nodes, "links": links, "notes": {}, "tests": {}}


def make(seat: ObjectSeat, kind: str, name: str, draft: Document) -> str:
    workspace = seat.seat.workspace
    object_id = workspace.ids.new()
    assert workspace.project is not None
    value: Document = {
        "type": kind,
        "id": object_id,
        "project_id": workspace.project.id,
        "name": name,
        "description": "",
        "archived": False,
        "draft": draft,
    }
    workspace.cache.edit(Edit(entity_type=kind, id=object_id, value=value))
    return object_id


def say(seat: ObjectSeat, prompt_id: str, text: str) -> None:
    row = seat.seat.cache.row("prompt", prompt_id)
    assert row is not None
    languages: Document = {"fr-FR": {"text": text}}
    place = ("draft", "languages")
    seat.seat.cache.edit(Edit("prompt", prompt_id, changes=(change(row.data, place, languages),)))


def look(seat: ObjectSeat, object_id: str, kind: str = "flow") -> tuple[Publishing, Plan]:
    publishing = (
        seat.flows.publishing(object_id)
        if kind == "flow"
        else seat.desk.publishing(Target(kind, object_id))
    )
    plans: list[Plan] = []
    publishing.prepared.connect(plans.append)
    publishing.unprepared.connect(lambda error: pytest.fail(str(error)))
    publishing.prepare()
    seat.until(lambda: bool(plans))
    return publishing, plans[0]


def choose(seat: ObjectSeat, publishing: Publishing, *ids: str) -> Plan:
    plans: list[Plan] = []
    publishing.chosen.connect(plans.append)
    publishing.choose(frozenset(ids))
    seat.until(lambda: bool(plans))
    return plans[-1]


def carry_out(seat: ObjectSeat, publishing: Publishing) -> None:
    done: list[Plan] = []
    publishing.done.connect(done.append)
    publishing.failed.connect(lambda error: pytest.fail(str(error)))
    publishing.carry_out("Essai")
    seat.until(lambda: bool(done) or publishing.guarded.step is GuardedStep.CODE_WANTED)
    if not done:
        publishing.guarded.enter_code(seat.fresh_code())
    seat.until(lambda: bool(done))
    seat.seat.workspace.engine.sync_once()


def live(seat: ObjectSeat, kind: str, object_id: str) -> int | None:
    row = seat.seat.cache.row(kind, object_id)
    assert row is not None
    number = row.data.get("live_revision")
    return number if isinstance(number, int) else None


def test_what_callers_would_miss_goes_along_and_what_is_ahead_is_offered(
    claire: ObjectSeat,
) -> None:
    never = make(claire, "prompt", "Jamais publié", SAID)
    ahead = make(claire, "prompt", "En avance", SAID)
    flow = make(claire, "flow", "Ensemble", plays(never))
    publishing, plan = look(claire, flow)
    assert [(each.facts.name, each.need) for each in plan.objects] == [
        ("Ensemble", Need.ASKED),
        ("Jamais publié", Need.NEEDED),
    ]
    assert not [each for each in plan.objects[0].findings if each.rule == "FLW-54"]
    carry_out(claire, publishing)
    assert (live(claire, "flow", flow), live(claire, "prompt", never)) == (1, 1)

    first = make(claire, "flow", "Seulement lui", plays(ahead))
    publishing, _ = look(claire, first)
    carry_out(claire, publishing)
    say(claire, ahead, "Autre chose.")
    publishing, plan = look(claire, first)
    assert [each.need for each in plan.objects] == [Need.ASKED, Need.OFFERED]
    assert plan.changes_nothing
    plan = choose(claire, publishing, ahead)
    assert [each.facts.name for each in plan.going] == ["Seulement lui", "En avance"]
    assert plan.objects[0].repins == (Repin(type="prompt", name="En avance", old=1, new=2),)
    carry_out(claire, publishing)
    assert (live(claire, "flow", first), live(claire, "prompt", ahead)) == (2, 2)


def test_without_what_it_needs_the_finding_is_back(claire: ObjectSeat) -> None:
    never = make(claire, "prompt", "Oublié", SAID)
    flow = make(claire, "flow", "Sans message", plays(never))
    publishing, plan = look(claire, flow)
    assert plan.chosen == {flow, never}
    plan = choose(claire, publishing)
    assert plan.chosen == {flow}
    assert [each.rule for each in plan.objects[0].findings if each.rule == "FLW-54"] == ["FLW-54"]


def test_a_queue_nobody_has_published_goes_along_with_its_hours(claire: ObjectSeat) -> None:
    hours: Document = {
        "time_zone": "Europe/Paris",
        "weekly": {"mon": [["09:00", "18:00"]]},
        "public_holidays": "fr",
        "exceptions": {},
    }
    schedule = make(claire, "schedule", "Heures de la file", hours)
    queue = make(claire, "queue", "Nouvelle file", {"label": "Nouvelle", "schedule": schedule})
    draft = plays()
    nodes, links = draft["nodes"], draft["links"]
    assert isinstance(nodes, dict)
    assert isinstance(links, dict)
    nodes["wait"] = {"id": "wait", "kind": "transfer_queue", "props": {"queue": queue}}
    links["start"] = {"next": "wait"}
    ways = ("queued", "full", "no_agent", "timeout", "failed", "error", "overflow")
    links["wait"] = dict.fromkeys(ways, "end")
    flow = make(claire, "flow", "Vers la file", draft)
    publishing, plan = look(claire, flow)
    assert {each.facts.name for each in plan.going} == {
        "Vers la file",
        "Nouvelle file",
        "Heures de la file",
    }
    assert not [each for each in plan.objects[0].findings if each.rule == "FLW-54"]
    carry_out(claire, publishing)
    assert (live(claire, "queue", queue), live(claire, "schedule", schedule)) == (1, 1)
    plan = choose(claire, look(claire, flow)[0])
    assert plan.changes_nothing


def test_a_sub_flow_brings_what_it_needs_itself(claire: ObjectSeat) -> None:
    deep = make(claire, "prompt", "Tout au fond", SAID)
    sub_flow = make(claire, "flow", "Sous-SVI", plays(deep))
    flow = make(claire, "flow", "Au-dessus", plays(sub_flow=sub_flow))
    publishing, plan = look(claire, flow)
    assert {each.facts.name for each in plan.going} == {"Au-dessus", "Sous-SVI", "Tout au fond"}
    carry_out(claire, publishing)
    assert [live(claire, "flow", each) for each in (flow, sub_flow)] == [1, 1]
    assert live(claire, "prompt", deep) == 1


def test_a_prompt_published_since_can_be_taken_up_without_another_change(
    claire: ObjectSeat,
) -> None:
    prompt = make(claire, "prompt", "Repris", SAID)
    flow = make(claire, "flow", "Reprend", plays(prompt))
    publishing, _ = look(claire, flow)
    carry_out(claire, publishing)
    say(claire, prompt, "Nouvelles paroles.")
    publishing, _ = look(claire, flow)
    choose(claire, publishing, prompt)
    plan = choose(claire, publishing)
    assert plan.changes_nothing
    other = make(claire, "flow", "Un autre", plays(prompt))
    publishing, _ = look(claire, other)
    choose(claire, publishing, prompt)
    carry_out(claire, publishing)
    publishing, plan = look(claire, flow)
    assert not plan.changes_nothing
    assert [each.new for each in plan.objects[0].repins] == [2]
    carry_out(claire, publishing)
    assert live(claire, "flow", flow) == 2


def test_what_callers_hear_and_what_it_costs_follows(claire: ObjectSeat, qtbot: QtBot) -> None:
    prompt = make(claire, "prompt", "Compté", SAID)
    flow = make(claire, "flow", "Raconté", plays(prompt))
    publishing = claire.flows.publishing(flow)
    with qtbot.waitSignal(publishing.told, timeout=WAIT) as heard:
        publishing.prepare()
    assert heard.args is not None
    told: ToldPlan = heard.args[0]
    assert told.flows[flow].changelog.is_first
    assert told.flows[flow].before is None
    assert told.flows[flow].after is not None
    assert (told.recording.words, told.recording.units) == (3, 1)


def test_a_prompt_takes_along_the_flows_that_would_only_take_it_up(claire: ObjectSeat) -> None:
    prompt = make(claire, "prompt", "Joué partout", SAID)
    same = make(claire, "flow", "Inchangé", plays(prompt))
    other = make(claire, "flow", "Changé", plays(prompt))
    for flow in (same, other):
        publishing, _ = look(claire, flow)
        carry_out(claire, publishing)
    say(claire, prompt, "Bonsoir.")
    row = claire.seat.cache.row("flow", other)
    assert row is not None
    title = change(row.data, ("draft", "nodes", "end", "title"), "Fin")
    claire.seat.cache.edit(Edit("flow", other, changes=(title,)))

    publishing, plan = look(claire, prompt, kind="prompt")
    assert {(each.facts.name, each.need) for each in plan.objects} == {
        ("Joué partout", Need.ASKED),
        ("Changé", Need.FOLLOWS),
        ("Inchangé", Need.FOLLOWS),
    }
    assert {each.facts.name for each in plan.going} == {"Joué partout", "Inchangé"}
    assert [each.flow.name for each in plan.touched if each.is_pinned] == ["Changé"]
    carry_out(claire, publishing)
    assert (live(claire, "prompt", prompt), live(claire, "flow", same)) == (2, 2)
    assert live(claire, "flow", other) == 1


def test_a_sub_flow_only_offers_the_flows_that_lead_into_it(claire: ObjectSeat) -> None:
    sub_flow = make(claire, "flow", "Menée", plays())
    above = make(claire, "flow", "Y mène", plays(sub_flow=sub_flow))
    publishing, _ = look(claire, above)
    carry_out(claire, publishing)
    row = claire.seat.cache.row("flow", sub_flow)
    assert row is not None
    title = change(row.data, ("draft", "nodes", "end", "title"), "Fin")
    claire.seat.cache.edit(Edit("flow", sub_flow, changes=(title,)))
    publishing, plan = look(claire, sub_flow)
    assert [each.facts.name for each in plan.going] == ["Menée"]
    assert [each.facts.name for each in plan.offered] == ["Y mène"]
    plan = choose(claire, publishing, above)
    assert [each.name for each in plan.objects[1].repins] == ["Menée"]
