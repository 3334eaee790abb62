"""Schedules, prompts and queues: drafted and published by the same rule as flows."""

import uuid

import httpx
import pytest

from cx_desktop.domain.patch import Document
from tests.service.conftest import Visit
from tests.service.test_flows import HELLO, lumen
from tests.service.visitor import Visitor, problem

PLURAL = {"schedule": "schedules", "prompt": "prompts", "queue": "queues", "flow": "flows"}
OPEN_MORNINGS: Document = {"weekly": {"mon": [["09:00", "12:00"]]}}
GREETING: Document = {"languages": {"fr-FR": {"text": "Bonjour."}}}


def create(person: Visitor, kind: str, draft: Document, name: str = "Essai") -> Document:
    answer = person.http.put(
        f"/v1/{PLURAL[kind]}/{uuid.uuid4()}",
        json={"project_id": lumen(person), "name": name, "draft": draft},
        headers={"If-None-Match": "*"},
    )
    assert answer.status_code == 201, answer.text
    made: Document = answer.json()
    return made


def patch(
    person: Visitor, found: Document, path: list[str], value: object, **was: object
) -> httpx.Response:
    return person.http.patch(
        f"/v1/{PLURAL[str(found['type'])]}/{found['id']}",
        json={"changes": [{"path": path, "value": value} | was]},
        headers={"If-Match": str(found["etag"])},
    )


def publish(person: Visitor, *found: Document) -> httpx.Response:
    objects = [{"entity": each["type"], "id": each["id"], "etag": each["etag"]} for each in found]
    return person.post(
        f"/v1/projects/{lumen(person)}/publications",
        {"message": "Go", "objects": objects},
        key=uuid.uuid4().hex,
    )


def playing(prompt_id: object) -> Document:
    """A flow that says hello by a prompt."""
    hello = {
        "id": "hello",
        "kind": "play",
        "props": {"prompt": [{"type": "audio", "ref": prompt_id}]},
    }
    nodes = HELLO["nodes"]
    assert isinstance(nodes, dict)
    return HELLO | {"nodes": nodes | {"hello": hello}}


@pytest.mark.parametrize(
    ("kind", "draft"), [("schedule", OPEN_MORNINGS), ("prompt", GREETING), ("queue", {})]
)
def test_a_draft_becomes_live_by_publishing_alone(leo: Visitor, kind: str, draft: Document) -> None:
    made = create(leo, kind, draft)
    assert made["live_revision"] is None
    leo.step_up()
    answer = publish(leo, made).json()
    (live,), (revision,) = answer["objects"], answer["revisions"]
    assert (live["live_revision"], live["live_draft_ver"]) == (1, 1)
    assert (revision["object_type"], revision["object_id"]) == (kind, made["id"])
    assert draft.items() <= revision["document"].items()


def test_a_schedule_is_changed_day_by_day_and_can_go_back(leo: Visitor) -> None:
    made = create(leo, "schedule", OPEN_MORNINGS)
    leo.step_up()
    (live,) = publish(leo, made).json()["objects"]
    moved = patch(leo, live, ["draft", "weekly", "tue"], [["10:00", "11:00"]]).json()
    assert moved["draft"]["weekly"].keys() == {"mon", "tue"}
    assert moved["live_draft_ver"] != moved["draft_ver"]
    (second,) = publish(leo, moved).json()["objects"]
    back = leo.post(
        f"/v1/schedules/{made['id']}/return",
        {"revision": 1, "message": "Retour"},
        key=uuid.uuid4().hex,
    ).json()
    assert second["live_revision"] == 2
    assert back["revisions"][0]["returned_from"] == 1
    assert back["revisions"][0]["document"]["weekly"].keys() == {"mon"}
    discarded = leo.post(
        f"/v1/schedules/{made['id']}/discard-draft", etag=back["objects"][0]["etag"]
    ).json()
    assert discarded["draft"]["weekly"].keys() == {"mon"}


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("schedule", ["draft", "weekly", "mon"], [["25:00", "26:00"]]),
        ("schedule", ["draft", "weekly", "lundi"], []),
        ("schedule", ["draft", "exceptions", "a"], {"first": "demain"}),
        ("schedule", ["draft"], {}),
        ("prompt", ["draft", "languages", "fr-FR"], {"audio": {"blob": "../../etc"}}),
        ("queue", ["draft", "most_calls"], -1),
        ("queue", ["live_revision"], 3),
    ],
)
def test_what_is_no_such_object_is_refused(
    leo: Visitor, kind: str, path: list[str], value: object
) -> None:
    made = create(leo, kind, {})
    assert problem(patch(leo, made, path, value)).name == "malformed"


def test_a_flow_pins_the_words_it_was_published_with(leo: Visitor) -> None:
    prompt = create(leo, "prompt", GREETING)
    flow = create(leo, "flow", playing(prompt["id"]))
    leo.step_up()
    first = publish(leo, prompt, flow).json()
    pins = [each["pins"] for each in first["revisions"] if each["object_type"] == "flow"]
    assert pins == [{prompt["id"]: 1}]
    live = next(each for each in first["objects"] if each["type"] == "prompt")
    place = ["draft", "languages", "fr-FR", "text"]
    moved = patch(leo, live, place, "Bonsoir.", was="Bonjour.").json()
    publish(leo, moved)
    back = leo.post(
        f"/v1/flows/{flow['id']}/return",
        {"revision": 1, "message": "Retour"},
        key=uuid.uuid4().hex,
    ).json()
    assert back["revisions"][0]["pins"] == {prompt["id"]: 1}
    spoken = leo.get(f"/v1/prompts/{prompt['id']}/revisions/1").json()["document"]
    assert spoken["languages"]["fr-FR"]["text"] == "Bonjour."


def test_what_is_in_use_is_not_archived(leo: Visitor) -> None:
    schedule = create(leo, "schedule", OPEN_MORNINGS)
    queue = create(leo, "queue", {"schedule": schedule["id"]}, name="Ventes")
    refused = problem(
        leo.post(f"/v1/schedules/{schedule['id']}/archive", etag=str(schedule["etag"]))
    )
    assert (refused.name, refused.params["what"], refused.params["name"]) == (
        "in-use",
        "queue",
        "Ventes",
    )
    leo.post(f"/v1/queues/{queue['id']}/archive", etag=str(queue["etag"]))
    put_away = leo.post(f"/v1/schedules/{schedule['id']}/archive", etag=str(schedule["etag"]))
    assert put_away.json()["archived"] is True
    leo.step_up()
    assert problem(publish(leo, put_away.json())).name == "archived"


def test_a_refused_publication_says_which_object_is_meant(leo: Visitor) -> None:
    schedule = create(leo, "schedule", OPEN_MORNINGS)
    flow = create(leo, "flow", playing("nowhere"))
    leo.step_up()
    refused = problem(publish(leo, schedule, flow))
    assert refused.name == "findings-block"
    assert {each.object_id for each in refused.errors} == {flow["id"]}
    assert refused.errors[0].params == {"value": "nowhere"}


def test_a_supervisor_reads_and_does_not_write(visit: Visit) -> None:
    ines = visit("ines.moreau").sign_in()
    schedule = next(each for each in ines.entities("config") if each["type"] == "schedule")
    assert ines.get(f"/v1/{PLURAL[str(schedule['type'])]}/{schedule['id']}").status_code == 200
    assert problem(patch(ines, schedule, ["name"], "x")).name == "forbidden"


def test_a_queue_is_judged_before_it_goes_live(leo: Visitor) -> None:
    first = create(leo, "queue", {"then": "queue"}, name="Un")
    leo.step_up()
    refused = problem(publish(leo, first))
    assert (refused.name, [each.code for each in refused.errors]) == ("findings-block", ["QUE-01"])
    second = create(leo, "queue", {"then": "queue", "overflow": first["id"]}, name="Deux")
    round_again = patch(leo, first, ["draft", "overflow"], second["id"], was="").json()
    refused = problem(publish(leo, round_again, second))
    assert {each.code for each in refused.errors} == {"QUE-02"}


def test_what_a_queue_lets_callers_hear_is_not_archived(leo: Visitor) -> None:
    prompt = create(leo, "prompt", GREETING)
    overflow = create(leo, "queue", {}, name="Débordement")
    create(leo, "queue", {"comfort": prompt["id"], "overflow": overflow["id"]}, name="Ventes")
    for found, plural in ((prompt, "prompts"), (overflow, "queues")):
        refused = problem(leo.post(f"/v1/{plural}/{found['id']}/archive", etag=str(found["etag"])))
        assert (refused.name, refused.params["name"]) == ("in-use", "Ventes")


def test_a_draft_of_a_queue_from_before_is_still_taken(leo: Visitor) -> None:
    made = create(leo, "queue", {"music": "", "most_calls": 3})
    draft = made["draft"]
    assert isinstance(draft, dict)
    assert {"most_calls": 3, "then": "flow", "priority": 5}.items() <= draft.items()
    assert patch(leo, made, ["draft", "answer_within"], 20, was=30).status_code == 200
