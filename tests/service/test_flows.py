"""Flows: drafts, versions, publishing, returning, archiving, numbers."""

import uuid

import httpx
import pytest

from cx_desktop.domain.patch import Document
from cx_desktop.service.store import entities
from tests.service.conftest import Visit
from tests.service.visitor import Visitor, problem

HELLO: Document = {
    "meta": {},
    "nodes": {
        "start": {"id": "start", "kind": "start", "title": "Start"},
        "hello": {
            "id": "hello",
            "kind": "play",
            "title": "Hello",
            "props": {"prompt": [{"type": "text", "text": "Bonjour."}]},
        },
        "bye": {"id": "bye", "kind": "hangup", "title": "Bye"},
    },
    "links": {"start": {"next": "hello"}, "hello": {"next": "bye"}},
    "notes": {},
    "tests": {},
}


def lumen(person: Visitor) -> str:
    return next(
        str(each["id"]) for each in person.entities("projects") if each["name"] == "Maison Lumen"
    )


def create(person: Visitor, **other: object) -> httpx.Response:
    body = {"project_id": lumen(person), "name": "Accueil de test", "draft": HELLO} | other
    return person.http.put(f"/v1/flows/{uuid.uuid4()}", json=body, headers={"If-None-Match": "*"})


def patch(person: Visitor, flow: Document, *changes: object, etag: str = "") -> httpx.Response:
    return person.http.patch(
        f"/v1/flows/{flow['id']}",
        json={"changes": changes},
        headers={"If-Match": etag or str(flow["etag"])},
    )


def publish(
    person: Visitor, *flows: Document, key: str = "", message: str = "Go"
) -> httpx.Response:
    body = {
        "message": message,
        "objects": [{"entity": "flow", "id": each["id"], "etag": each["etag"]} for each in flows],
    }
    return person.post(
        f"/v1/projects/{lumen(person)}/publications", body, key=key or uuid.uuid4().hex
    )


@pytest.fixture
def flow(leo: Visitor) -> Document:
    """A flow that was just created."""
    made: Document = create(leo).json()
    return made


def test_a_created_flow_has_a_draft_and_nothing_live(flow: Document) -> None:
    assert (flow["ver"], flow["draft_ver"], flow["live_revision"]) == (1, 1, None)
    assert flow["draft"] == HELLO
    assert flow["updated_by"] == {"id": flow["updated_by"]["id"], "name": "Léo Bernard"}  # type: ignore[index]


def test_the_etag_stands_in_the_header_and_in_the_body(leo: Visitor, flow: Document) -> None:
    answer = leo.get(f"/v1/flows/{flow['id']}")
    assert answer.headers["etag"] == answer.json()["etag"] == f'"{leo.epoch}-1"'


def test_creating_needs_to_say_that_nothing_is_there(leo: Visitor) -> None:
    answer = leo.http.put(f"/v1/flows/{uuid.uuid4()}", json={"project_id": lumen(leo), "name": "x"})
    assert problem(answer).name == "version-required"


def test_creating_what_exists_is_refused_with_who_changed_it(leo: Visitor, flow: Document) -> None:
    answer = leo.http.put(
        f"/v1/flows/{flow['id']}",
        json={"project_id": lumen(leo), "name": "x"},
        headers={"If-None-Match": "*"},
    )
    assert problem(answer).params["who"] == "Léo Bernard"


@pytest.mark.parametrize(
    "other",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"draft": {"nodes": []}},
        {"draft": {"nodes": {"a": {"id": "b", "kind": "play"}}}},
        {"draft": {"links": {"a": {"next": 3}}}},
        {"draft": "graph"},
        {"name": None},
    ],
)
def test_what_is_no_flow_is_refused(leo: Visitor, other: dict[str, object]) -> None:
    assert problem(create(leo, **other)).name == "malformed"


def test_changes_are_made_where_nobody_moved_anything(leo: Visitor, flow: Document) -> None:
    change = {
        "path": ["draft", "nodes", "hello", "title"],
        "value": "Bonjour",
        "was": "Hello",
    }
    saved = patch(leo, flow, change).json()
    assert saved["draft"]["nodes"]["hello"]["title"] == "Bonjour"
    assert (saved["ver"], saved["draft_ver"]) == (2, 2)


def test_a_name_is_no_draft(leo: Visitor, flow: Document) -> None:
    saved = patch(leo, flow, {"path": ["name"], "value": "Autre", "was": "Accueil de test"}).json()
    assert (saved["name"], saved["ver"], saved["draft_ver"]) == ("Autre", 2, 1)


def test_a_change_needs_the_version_that_was_looked_at(leo: Visitor, flow: Document) -> None:
    answer = leo.http.patch(f"/v1/flows/{flow['id']}", json={"changes": [{"path": ["name"]}]})
    assert problem(answer).name == "version-required"
    stale = patch(leo, flow, {"path": ["name"], "value": "x"}, etag='"other-1"')
    assert problem(stale).name == "stale-version"
    assert problem(stale).params["who"] == "Léo Bernard"
    assert str(problem(stale).params["when"]).startswith("2026-11-16T")


@pytest.mark.parametrize(
    "path",
    [
        ["ver"],
        ["id"],
        ["live_revision"],
        ["updated_by", "name"],
        ["draft"],
        ["draft", "nodes"],
        ["draft", "elsewhere", "x"],
        ["name", "x"],
        [],
    ],
)
def test_the_service_s_own_places_are_not_written(
    leo: Visitor, flow: Document, path: list[str]
) -> None:
    assert problem(patch(leo, flow, {"path": path, "value": "x"})).name == "malformed"


def test_a_change_that_leaves_no_flow_is_refused(leo: Visitor, flow: Document) -> None:
    change = {"path": ["draft", "nodes", "hello", "x"], "value": "left"}
    assert problem(patch(leo, flow, change)).name == "malformed"


def test_unknown_fields_of_a_draft_survive(leo: Visitor) -> None:
    draft = HELLO | {"meta": {"later": {"unknown": [1, 2.5, None]}}}
    flow = create(leo, draft=draft).json()
    saved = patch(leo, flow, {"path": ["name"], "value": "y", "was": "Accueil de test"}).json()
    assert saved["draft"]["meta"] == {"later": {"unknown": [1, 2.5, None]}}


def test_publishing_needs_a_fresh_code(leo: Visitor, flow: Document) -> None:
    refused = problem(publish(leo, flow))
    assert (refused.name, refused.params) == ("step-up-required", {"verb": "publish"})


def test_publishing_makes_an_immutable_version_live(leo: Visitor, flow: Document) -> None:
    leo.step_up()
    made = publish(leo, flow, message="Mise en service").json()
    (live,), (revision,) = made["objects"], made["revisions"]
    assert (live["live_revision"], live["live_draft_ver"]) == (1, live["draft_ver"])
    assert (revision["number"], revision["message"]) == (1, "Mise en service")
    assert revision["document"] == flow["draft"]
    assert leo.get(f"/v1/flows/{flow['id']}/revisions/1").json() == revision
    patch(leo, live, {"path": ["draft", "nodes", "hello", "title"], "value": "2", "was": "Hello"})
    assert leo.get(f"/v1/flows/{flow['id']}/revisions/1").json() == revision
    assert leo.get(f"/v1/flows/{flow['id']}").json()["live_revision"] == 1


def test_publishing_names_the_version_that_was_looked_at(leo: Visitor, flow: Document) -> None:
    leo.step_up()
    patch(leo, flow, {"path": ["draft", "nodes", "hello", "title"], "value": "2", "was": "Hello"})
    assert problem(publish(leo, flow)).name == "stale-version"


def test_several_flows_are_published_together_or_not_at_all(leo: Visitor, flow: Document) -> None:
    leo.step_up()
    empty = create(leo, name="Vide", draft={}).json()
    refused = problem(publish(leo, flow, empty))
    assert refused.name == "findings-block"
    assert {each.code for each in refused.errors} == {"FLW-05"}
    assert leo.get(f"/v1/flows/{flow['id']}").json()["live_revision"] is None
    other = create(leo, name="Autre").json()
    assert len(publish(leo, flow, other).json()["revisions"]) == 2


def test_a_finding_names_the_node_that_refuses(leo: Visitor) -> None:
    leo.step_up()
    draft = HELLO | {"links": {"start": {"next": "hello"}}}
    refused = problem(publish(leo, create(leo, draft=draft).json()))
    assert [(each.pointer, each.code) for each in refused.errors] == [("hello", "FLW-01")]


@pytest.mark.parametrize("message", ["", "   ", "x" * 2001])
def test_publishing_says_what_changes(leo: Visitor, flow: Document, message: str) -> None:
    leo.step_up()
    assert problem(publish(leo, flow, message=message)).errors[0].pointer == "/message"


def test_a_publication_happens_once_per_key(leo: Visitor, flow: Document) -> None:
    leo.step_up()
    first, second = publish(leo, flow, key="k"), publish(leo, flow, key="k")
    assert first.content == second.content
    assert len(leo.get(f"/v1/flows/{flow['id']}/revisions").json()["revisions"]) == 1
    other = publish(leo, flow, key="k", message="Other")
    assert problem(other).name == "idempotency-mismatch"
    without = leo.post(f"/v1/projects/{lumen(leo)}/publications", {"message": "x", "objects": []})
    assert problem(without).name == "idempotency-required"


def test_a_refused_publication_may_be_tried_again_with_its_key(
    leo: Visitor, flow: Document
) -> None:
    assert problem(publish(leo, flow, key="k")).name == "step-up-required"
    leo.step_up()
    assert publish(leo, flow, key="k").status_code == 200


def test_an_older_version_goes_live_again_as_a_new_one(leo: Visitor) -> None:
    flow = leo.flow("Accueil principal")
    path = f"/v1/flows/{flow['id']}"
    leo.step_up()
    made = leo.post(f"{path}/return", {"revision": 2, "message": "Retour"}, key="k").json()
    second = leo.get(f"{path}/revisions/2").json()
    (revision,), (live,) = made["revisions"], made["objects"]
    assert (revision["number"], revision["returned_from"]) == (5, 2)
    assert (revision["document"], revision["pins"]) == (second["document"], second["pins"])
    assert (live["live_revision"], live["live_draft_ver"]) == (5, None)
    assert live["draft"] == flow["draft"]


def test_returning_to_what_never_was_is_refused(leo: Visitor, flow: Document) -> None:
    leo.step_up()
    answer = leo.post(f"/v1/flows/{flow['id']}/return", {"revision": 7, "message": "x"}, key="k")
    assert problem(answer).name == "unknown-revision"


def test_a_version_pins_the_flows_it_leads_to(leo: Visitor) -> None:
    main = leo.flow("Accueil principal")
    live = leo.get(f"/v1/flows/{main['id']}/revisions/{main['live_revision']}").json()
    orders = leo.flow("Suivi de commande")
    assert live["pins"][orders["id"]] == orders["live_revision"]


def test_a_draft_can_be_brought_back_to_what_is_live(leo: Visitor) -> None:
    flow = leo.flow("Accueil principal")
    assert flow["draft_ver"] != flow["live_draft_ver"]
    path = f"/v1/flows/{flow['id']}"
    back = leo.post(f"{path}/discard-draft", etag=str(flow["etag"])).json()
    live = leo.get(f"{path}/revisions/{flow['live_revision']}").json()
    assert back["draft"] == live["document"]
    assert back["draft_ver"] == back["live_draft_ver"]


def test_a_draft_that_is_edited_back_is_what_is_live_again(leo: Visitor, flow: Document) -> None:
    leo.step_up()
    (live,) = publish(leo, flow).json()["objects"]
    path = ["draft", "nodes", "hello", "title"]
    away = patch(leo, live, {"path": path, "value": "Salut", "was": "Hello"}).json()
    assert away["draft_ver"] != away["live_draft_ver"]
    back = patch(leo, away, {"path": path, "value": "Hello", "was": "Salut"}).json()
    assert back["draft_ver"] == back["live_draft_ver"]
    assert back["draft_ver"] > live["draft_ver"]


def test_a_draft_without_a_live_version_is_not_discarded(leo: Visitor, flow: Document) -> None:
    answer = leo.post(f"/v1/flows/{flow['id']}/discard-draft", etag=str(flow["etag"]))
    assert problem(answer).name == "unknown-revision"


def test_a_flow_is_archived_and_restored(leo: Visitor, flow: Document) -> None:
    path = f"/v1/flows/{flow['id']}"
    away = leo.post(f"{path}/archive", etag=str(flow["etag"])).json()
    assert away["archived"] is True
    leo.step_up()
    assert problem(publish(leo, away)).name == "archived"
    assert leo.post(f"{path}/restore", etag=away["etag"]).json()["archived"] is False


def test_a_flow_that_answers_a_number_is_not_archived(leo: Visitor) -> None:
    flow = leo.flow("Accueil principal")
    refused = problem(leo.post(f"/v1/flows/{flow['id']}/archive", etag=str(flow["etag"])))
    assert (refused.name, refused.params["what"]) == ("in-use", "number")


def test_a_flow_that_another_one_leads_to_is_not_archived(leo: Visitor) -> None:
    flow = leo.flow("Enquête de satisfaction")
    refused = problem(leo.post(f"/v1/flows/{flow['id']}/archive", etag=str(flow["etag"])))
    assert refused.params == {"what": "flow", "name": "Service client"}


def test_a_flow_that_only_a_live_version_leads_to_is_not_archived(leo: Visitor) -> None:
    target = create(leo, name="Cible").json()
    way = {
        "meta": {},
        "nodes": {
            "start": {"id": "start", "kind": "start"},
            "go": {"id": "go", "kind": "goto_flow", "props": {"flow": target["id"]}},
        },
        "links": {"start": {"next": "go"}},
        "notes": {},
    }
    caller = create(leo, name="Appelant", draft=way).json()
    leo.step_up()
    made = publish(leo, caller).json()["objects"][0]
    gone = [
        {"path": ["draft", "nodes", "go"], "was": way["nodes"]["go"]},  # type: ignore[index]
        {"path": ["draft", "links", "start", "next"], "was": "go"},
    ]
    assert patch(leo, made, *gone).status_code == 200
    refused = problem(leo.post(f"/v1/flows/{target['id']}/archive", etag=target["etag"]))
    assert (refused.name, refused.params["name"]) == ("in-use", "Appelant")


def test_a_number_is_given_a_live_flow_of_its_project(leo: Visitor, flow: Document) -> None:
    numbers = leo.get(f"/v1/projects/{lumen(leo)}/numbers").json()["numbers"]
    free = next(each for each in numbers if each["flow_id"] is None)
    path, etag = f"/v1/numbers/{free['id']}", {"If-Match": free["etag"]}
    refused = leo.http.patch(path, json={"flow_id": flow["id"]}, headers=etag)
    assert problem(refused).name == "unknown-revision"
    live = leo.flow("Messagerie de nuit")
    given = leo.http.patch(path, json={"flow_id": live["id"]}, headers=etag).json()
    assert given["flow_id"] == live["id"]
    stale = leo.http.patch(path, json={"flow_id": None}, headers=etag)
    assert problem(stale).name == "stale-version"
    taken = leo.http.patch(path, json={"flow_id": None}, headers={"If-Match": given["etag"]})
    assert taken.json()["flow_id"] is None


def test_without_the_feature_a_verb_says_so(claire: Visitor, visit: Visit) -> None:
    service = claire.service.service
    assert service is not None
    project_id = lumen(claire)
    with service.store.write() as txn:
        project = entities.load(txn.connection, "project", project_id)
        assert project is not None
        entities.save(txn, "project", project.id, project.id, project.data | {"features": ["sms"]})
    refused = problem(create(visit("leo.bernard").sign_in()))
    assert (refused.name, refused.params) == ("feature-not-subscribed", {"feature": "ivr"})


def test_a_trainer_edits_but_does_not_publish(visit: Visit) -> None:
    paul = visit("paul.girard").sign_in()
    flow = create(paul).json()
    paul.step_up()
    assert problem(publish(paul, flow)).name == "forbidden"


def test_capabilities_say_no_with_a_reason(visit: Visit) -> None:
    ines = visit("ines.moreau").sign_in()
    capabilities = ines.get("/v1/capabilities").json()
    (project,) = capabilities["projects"]
    assert project["verbs"]["flow.read"] == {"answer": "yes"}
    assert project["verbs"]["flow.publish"] == {"answer": "no", "reason": "reason.role"}
    assert "recording" in project["features"]
