"""Tests of a flow are run again before callers hear it; going live despite them is written down."""

import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from cx_desktop.domain.flow.graph import flow_of
from cx_desktop.domain.flow.simulate import World
from cx_desktop.domain.patch import Document
from cx_desktop.service.config import SuiteLimits
from cx_desktop.service.objects import suites
from tests.fakes.clock import FakeClock
from tests.fakes.service import RunningService
from tests.service import test_objects as objects
from tests.service.test_audit import newest
from tests.service.test_flows import HELLO, create, lumen
from tests.service.visitor import Visitor, problem

if TYPE_CHECKING:
    from collections.abc import Callable

PASSES: Document = {"name": "bonjour", "expects": [{"expect": "says", "text": "Bonjour"}]}
FAILS: Document = {"name": "ventes", "expects": [{"expect": "queue", "queue": "sales"}]}


def publish(person: Visitor, flow: Document, *overrides: str) -> httpx.Response:
    person.step_up()
    body = {
        "message": "Go",
        "objects": [{"entity": "flow", "id": flow["id"], "etag": flow["etag"]}],
        "overrides": overrides,
    }
    path = f"/v1/projects/{lumen(person)}/publications"
    return person.post(path, body, key=uuid.uuid4().hex)


def with_tests(person: Visitor, **tests: Document) -> Document:
    made: Document = create(person, draft=HELLO | {"tests": tests}).json()
    return made


def test_a_flow_whose_tests_pass_goes_live(leo: Visitor) -> None:
    assert publish(leo, with_tests(leo, test_1=PASSES)).status_code == 200


def test_a_test_that_fails_refuses_the_publication(leo: Visitor) -> None:
    flow = with_tests(leo, test_1=PASSES, test_2=FAILS)
    refused = problem(publish(leo, flow))
    assert refused.name == "tests-failed"
    (fault,) = refused.errors
    assert (fault.pointer, fault.message, fault.object_id) == ("test_2", "ventes", flow["id"])


def test_a_refusal_can_be_overridden_and_that_is_written_down(
    claire: Visitor, leo: Visitor
) -> None:
    flow = with_tests(leo, test_2=FAILS)
    assert publish(leo, flow, "tests-failed").status_code == 200
    told = [each["detail"] for each in newest(claire) if each["entity_id"] == flow["id"]]
    assert told[-1] == "publish 1 despite tests-failed"


def test_an_override_that_was_not_needed_is_not_written_down(claire: Visitor, leo: Visitor) -> None:
    flow = with_tests(leo, test_1=PASSES)
    assert publish(leo, flow, "tests-failed").status_code == 200
    told = [each["detail"] for each in newest(claire) if each["entity_id"] == flow["id"]]
    assert told[-1] == "publish 1"


def test_an_edit_of_tests_alone_leaves_the_flow_as_callers_hear_it(leo: Visitor) -> None:
    flow = with_tests(leo, test_1=PASSES)
    (live,) = publish(leo, flow).json()["objects"]
    change = {"path": ["draft", "tests", "test_3"], "value": PASSES}
    answer = leo.http.patch(
        f"/v1/flows/{flow['id']}", json={"changes": [change]}, headers={"If-Match": live["etag"]}
    )
    edited = answer.json()
    assert edited["draft"]["tests"]["test_3"] == PASSES
    assert edited["live_draft_ver"] == edited["draft_ver"]


def test_a_discarded_draft_keeps_its_tests(leo: Visitor) -> None:
    (live,) = publish(leo, with_tests(leo, test_1=PASSES)).json()["objects"]
    change = {"path": ["draft", "tests", "test_3"], "value": PASSES}
    path = f"/v1/flows/{live['id']}"
    edited = leo.http.patch(path, json={"changes": [change]}, headers={"If-Match": live["etag"]})
    etag = edited.json()["etag"]
    discarded = leo.http.post(f"{path}/discard-draft", headers={"If-Match": etag})
    assert set(discarded.json()["draft"]["tests"]) == {"test_1", "test_3"}


ALWAYS: Document = {
    "weekly": {
        day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    }
}
NEVER: Document = {"weekly": {}}
WORLD = World(flows={"main": flow_of(HELLO)}, started=datetime(2026, 11, 23, 9, tzinfo=UTC))
GONE = object()
MONDAY = "2026-11-23T10:00:00"
OPEN: Document = {
    "name": "ouvert",
    "given": {"at": MONDAY},
    "expects": [{"expect": "says", "text": "Bonjour"}],
}


def keeping_hours(schedule_id: object) -> Document:
    """A flow that says hello only while it is open."""
    nodes, links = HELLO["nodes"], HELLO["links"]
    assert isinstance(nodes, dict)
    assert isinstance(links, dict)
    hours = {"id": "hours", "kind": "schedule", "props": {"schedule": schedule_id}}
    return HELLO | {
        "nodes": nodes | {"hours": hours},
        "links": links
        | {
            "start": {"next": "hours"},
            "hours": {"open": "hello", "closed": "bye", "holiday": "bye", "exceptional": "bye"},
        },
        "tests": {"test_1": OPEN},
    }


def edited(person: Visitor, found: Document, path: list[str], *value: object) -> Document:
    """An edit of one place; without a value the place is emptied."""
    change: Document = {"path": path} | ({"value": value[0]} if value else {})
    place: object = found
    for step in path:
        place = place.get(step, GONE) if isinstance(place, dict) else GONE
    if place is not GONE:
        change["was"] = place
    answer = person.http.patch(
        f"/v1/{objects.PLURAL[str(found['type'])]}/{found['id']}",
        json={"changes": [change]},
        headers={"If-Match": str(found["etag"])},
    )
    assert answer.status_code == 200, answer.text
    made: Document = answer.json()
    return made


def open_shop(person: Visitor) -> tuple[Document, Document]:
    """A schedule that is always open and a flow that keeps it, both live."""
    schedule = objects.create(person, "schedule", ALWAYS)
    flow = create(person, draft=keeping_hours(schedule["id"])).json()
    person.step_up()
    answer = objects.publish(person, schedule, flow)
    assert answer.status_code == 200, answer.text
    first, second = answer.json()["objects"]
    return first, second


def test_hours_that_break_the_tests_of_a_live_flow_are_refused(
    claire: Visitor, leo: Visitor
) -> None:
    schedule, flow = open_shop(leo)
    shut = edited(leo, schedule, ["draft", "weekly", "mon"], [])
    refused = problem(objects.publish(leo, shut))
    assert refused.name == "tests-failed"
    (fault,) = refused.errors
    assert (fault.pointer, fault.message, fault.object_id) == ("test_1", "ouvert", flow["id"])
    assert publish_object(leo, shut, "tests-failed").status_code == 200
    told = [each["detail"] for each in newest(claire) if each["entity_id"] == schedule["id"]]
    assert told[-1] == "publish 2 despite tests-failed"


def test_hours_are_tried_by_way_of_the_queue_that_keeps_them(leo: Visitor) -> None:
    schedule = objects.create(leo, "schedule", ALWAYS)
    queue = objects.create(leo, "queue", {"schedule": schedule["id"]})
    draft = keeping_hours("")
    nodes, links = draft["nodes"], draft["links"]
    assert isinstance(nodes, dict)
    assert isinstance(links, dict)
    line = {"id": "line", "kind": "set_queue", "props": {"queue": queue["id"]}}
    hours = {"id": "hours", "kind": "schedule", "props": {"schedule_from": "queue"}}
    more: Document = {
        "nodes": nodes | {"line": line, "hours": hours},
        "links": links | {"start": {"next": "line"}, "line": {"next": "hours"}},
    }
    flow = create(leo, draft=draft | more).json()
    leo.step_up()
    answer = objects.publish(leo, schedule, queue, flow)
    assert answer.status_code == 200, answer.text
    shut = edited(leo, answer.json()["objects"][0], ["draft", "weekly", "mon"], [])
    assert problem(objects.publish(leo, shut)).name == "tests-failed"


def test_tests_of_a_flow_alone_that_were_edited_since_are_the_ones_that_are_run(
    leo: Visitor,
) -> None:
    schedule, flow = open_shop(leo)
    edited(leo, flow, ["draft", "tests", "test_1"])
    shut = edited(leo, schedule, ["draft", "weekly", "mon"], [])
    assert objects.publish(leo, shut).status_code == 200


def test_a_prompt_leaves_live_flows_with_the_words_they_pin(leo: Visitor) -> None:
    prompt = objects.create(leo, "prompt", objects.GREETING)
    flow = create(leo, draft=objects.playing(prompt["id"]) | {"tests": {"t": PASSES}}).json()
    leo.step_up()
    answer = objects.publish(leo, prompt, flow)
    assert answer.status_code == 200, answer.text
    live = answer.json()["objects"][0]
    moved = edited(leo, live, ["draft", "languages", "fr-FR", "text"], "Bonsoir.")
    assert objects.publish(leo, moved).status_code == 200
    again = leo.get(f"/v1/flows/{flow['id']}").json()
    assert problem(objects.publish(leo, again)).name == "tests-failed"


def back(person: Visitor, flow: Document, number: int, *overrides: str) -> httpx.Response:
    body = {"revision": number, "message": "Retour", "overrides": overrides}
    return person.post(f"/v1/flows/{flow['id']}/return", body, key=uuid.uuid4().hex)


def test_an_old_version_is_tried_with_the_hours_of_today(claire: Visitor, leo: Visitor) -> None:
    schedule, flow = open_shop(leo)
    silent = edited(leo, flow, ["draft", "tests", "test_1"])
    without = edited(leo, silent, ["draft", "nodes", "hello", "title"], "Salut")
    assert objects.publish(leo, without).status_code == 200
    shut = edited(leo, schedule, ["draft", "weekly", "mon"], [])
    assert objects.publish(leo, shut).status_code == 200
    assert problem(back(leo, flow, 1)).name == "tests-failed"
    assert back(leo, flow, 1, "tests-failed").status_code == 200
    told = [each["detail"] for each in newest(claire) if each["entity_id"] == flow["id"]]
    assert told[-1] == "return 3 despite tests-failed"


@pytest.mark.parametrize(
    ("limits", "spent"),
    [(SuiteLimits(calls=1), "calls"), (SuiteLimits(steps=1), "steps")],
)
def test_tests_without_end_are_stopped_and_that_is_a_refusal_with_its_reason(
    tmp_path: Path, limits: SuiteLimits, spent: str
) -> None:
    with RunningService(tmp_path, suite_limits=limits) as service:
        account = service.account("flow_designer")
        with Visitor(service, account.username, account.password) as leo:
            leo.sign_in()
            flow = with_tests(leo, **{f"test_{each}": PASSES for each in range(1, 5)})
            refused = problem(publish(leo, flow))
            (fault,) = refused.errors
            assert (refused.name, fault.code) == ("tests-failed", "tests-unfinished")
            assert (fault.pointer, fault.params) == ("test_2", {"limit": spent})
            assert publish(leo, flow, "tests-failed").status_code == 200


def test_tests_are_stopped_when_their_time_is_over() -> None:
    trial = suites.Trial("main", flow_of(HELLO | {"tests": {"a": PASSES, "b": PASSES}}), WORLD)
    seconds = iter([0.0, 1.0, 30.0])
    tried = suites.try_out(suites.Stage("", (trial,)), SuiteLimits(), lambda: next(seconds))
    assert [(each.pointer, each.params) for each in tried.faults] == [("b", {"limit": "seconds"})]


class EventfulClock(FakeClock):
    """A clock on which something happens once while tests are run."""

    def __init__(self) -> None:
        super().__init__()
        self.event: Callable[[], object] | None = None

    def monotonic(self) -> float:
        event, self.event = self.event, None
        if event is not None:
            event()
        return super().monotonic()


def test_tests_hold_up_nobody_and_are_run_again_when_something_moved(tmp_path: Path) -> None:
    clock = EventfulClock()
    with RunningService(tmp_path, clock=clock) as service:
        account = service.account("flow_designer")
        with Visitor(service, account.username, account.password) as leo:
            leo.sign_in()
            schedule, flow = open_shop(leo)
            shut = edited(leo, schedule, ["draft", "weekly", "mon"], [])
            again = edited(leo, flow, ["draft", "nodes", "hello", "title"], "Salut")
            shutting: list[int] = []
            clock.event = lambda: shutting.append(
                publish_object(leo, shut, "tests-failed").status_code
            )
            refused = problem(objects.publish(leo, again))
    assert shutting == [200]
    assert refused.name == "tests-failed"


def publish_object(person: Visitor, found: Document, *overrides: str) -> httpx.Response:
    named = {"entity": found["type"], "id": found["id"], "etag": found["etag"]}
    return person.post(
        f"/v1/projects/{lumen(person)}/publications",
        {"message": "Go", "objects": [named], "overrides": overrides},
        key=uuid.uuid4().hex,
    )
