"""Publishing and returning at a set time: what was planned, once, or nothing and its reason."""

import uuid
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from cx_desktop.domain.patch import Document
from cx_desktop.domain.timed import Timed, timed_of
from cx_desktop.service.service import Service
from cx_desktop.service.store import blobs as store_blobs
from cx_desktop.service.store import entities
from cx_desktop.service.store.tables import frozen, role_grant
from cx_desktop.service.timekeeping import tick
from tests.fakes.service import RunningService
from tests.service import test_blobs as blobs
from tests.service import test_objects as objects
from tests.service.conftest import Visit
from tests.service.test_audit import newest
from tests.service.test_flows import HELLO, create, lumen
from tests.service.test_suites import ALWAYS, FAILS, edited, open_shop, publish_object
from tests.service.visitor import Visitor, problem

#: Friday evening and Monday morning in Paris; the clock of the tests starts on Monday the 16th.
FRIDAY = datetime(2026, 11, 27, 17, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 7, tzinfo=UTC)


def named(found: Document, **more: object) -> Document:
    return {"entity": found["type"], "id": found["id"], "etag": found["etag"]} | more


def ask(person: Visitor, *found: Document, **order: object) -> httpx.Response:
    body: Document = {
        "message": "Fermeture",
        "objects": [each if "entity" in each else named(each) for each in found],
        "at": FRIDAY.isoformat(),
    }
    path = f"/v1/projects/{lumen(person)}/timed-publications"
    return person.post(path, body | order, key=uuid.uuid4().hex)


def plan(person: Visitor, *found: Document, **order: object) -> Timed:
    person.step_up()
    answer = ask(person, *found, **order)
    assert answer.status_code == 200, answer.text
    return timed_of(answer.json())


def act(person: Visitor, timed: Timed, verb: str, body: object = None) -> httpx.Response:
    return person.post(f"/v1/timed-publications/{timed.id}/{verb}", body, key=uuid.uuid4().hex)


def known(person: Visitor, timed: Timed) -> Timed:
    """The plan as it is synced."""
    found = next(each for each in person.entities("config") if each["id"] == timed.id)
    return timed_of(found)


def get(person: Visitor, found: Document) -> Document:
    plural = objects.PLURAL[str(found["type"])]
    answer: Document = person.get(f"/v1/{plural}/{found['id']}").json()
    return answer


def titled(person: Visitor, found: Document) -> object:
    """What the node « hello » of the live flow is called."""
    number = get(person, found)["live_revision"]
    live = person.get(f"/v1/flows/{found['id']}/revisions/{number}").json()
    return live["document"]["nodes"]["hello"]["title"]


def to(service: RunningService, instant: datetime) -> None:
    """The clock comes to an instant, and the service looks what is due."""
    service.clock.set(instant)
    tick(running(service))


def running(service: RunningService) -> Service:
    assert service.service is not None
    return service.service


@pytest.fixture
def live(leo: Visitor) -> Document:
    """A flow that is live, with a draft that says something else."""
    flow = create(leo).json()
    leo.step_up()
    answer = publish_object(leo, flow)
    assert answer.status_code == 200, answer.text
    (first,) = answer.json()["objects"]
    return edited(leo, first, ["draft", "nodes", "hello", "title"], "Noël")


def later(person: Visitor, instant: datetime) -> None:
    to(person.service, instant)
    sign_in_again(person)


def sign_in_again(person: Visitor) -> None:
    person.http.headers.pop("Authorization", None)
    person.sign_in()


def test_it_needs_a_fresh_code(leo: Visitor) -> None:
    assert problem(ask(leo, create(leo).json())).name == "step-up-required"


def test_it_goes_live_at_its_time_as_it_was_and_comes_back_at_its_time(
    claire: Visitor, leo: Visitor, live: Document
) -> None:
    made = plan(leo, live, returns_at=MONDAY.isoformat())
    assert (made.state, made.next_at) == ("waiting", FRIDAY)
    edited(leo, live, ["draft", "nodes", "hello", "title"], "Pas encore")
    to(leo.service, FRIDAY - timedelta(seconds=1))
    sign_in_again(leo)
    assert (known(leo, made).state, titled(leo, live)) == ("waiting", "Hello")
    later(leo, FRIDAY)
    assert (known(leo, made).state, titled(leo, live)) == ("live", "Noël")
    assert known(leo, made).next_at == MONDAY
    revision = leo.get(f"/v1/flows/{live['id']}/revisions/2").json()
    assert revision["published_by"]["name"] == "Léo Bernard"
    assert revision["sha256"] == made.objects[0].sha256
    later(leo, MONDAY)
    done = known(leo, made)
    assert (done.state, titled(leo, live)) == ("done", "Hello")
    assert (done.objects[0].revision, done.objects[0].came_back) == (2, 3)
    assert get(leo, live)["draft"]["nodes"]["hello"]["title"] == "Pas encore"  # type: ignore[index]
    sign_in_again(claire)
    told = [(each["who_name"], each["detail"]) for each in newest(claire)]
    assert ("Léo Bernard", "publish 2 as planned") in told
    assert ("Léo Bernard", "return 3 as planned") in told
    assert ("service", "went live") in told
    assert ("service", "came back") in told


def test_its_time_is_due_once(leo: Visitor, live: Document) -> None:
    plan(leo, live)
    for _ in range(3):
        to(leo.service, FRIDAY)
    sign_in_again(leo)
    assert get(leo, live)["live_revision"] == 2
    to(leo.service, FRIDAY - timedelta(days=1))
    to(leo.service, FRIDAY + timedelta(minutes=1))
    assert get(leo, live)["live_revision"] == 2


def test_a_draft_that_equals_what_went_live_is_live(leo: Visitor, live: Document) -> None:
    plan(leo, live)
    later(leo, FRIDAY)
    found = get(leo, live)
    assert found["live_draft_ver"] == found["draft_ver"]


def test_several_go_live_together_with_the_versions_they_pin(leo: Visitor) -> None:
    prompt = objects.create(leo, "prompt", objects.GREETING)
    flow = create(leo, draft=objects.playing(prompt["id"])).json()
    leo.step_up()
    first = objects.publish(leo, prompt, flow).json()["objects"]
    moved = edited(leo, first[0], ["draft", "languages", "fr-FR", "text"], "Joyeux Noël.")
    plan(leo, moved, first[1], returns_at=MONDAY.isoformat())
    later(leo, FRIDAY)
    pins = leo.get(f"/v1/flows/{flow['id']}/revisions/2").json()["pins"]
    assert pins == {prompt["id"]: 2}
    later(leo, MONDAY)
    assert leo.get(f"/v1/flows/{flow['id']}/revisions/3").json()["pins"] == {prompt["id"]: 1}
    assert get(leo, prompt)["live_revision"] == 3


def test_it_plays_the_words_it_was_planned_with(leo: Visitor) -> None:
    prompt = objects.create(leo, "prompt", objects.GREETING)
    flow = create(leo, draft=objects.playing(prompt["id"])).json()
    leo.step_up()
    first = objects.publish(leo, prompt).json()["objects"]
    plan(leo, flow)
    moved = edited(leo, first[0], ["draft", "languages", "fr-FR", "text"], "Bonsoir.")
    assert objects.publish(leo, moved).status_code == 200
    later(leo, FRIDAY)
    revision = leo.get(f"/v1/flows/{flow['id']}/revisions/1").json()
    assert revision["pins"] == {prompt["id"]: 1}


def test_an_old_version_comes_back_alone(leo: Visitor, live: Document) -> None:
    (second,) = objects.publish(leo, live).json()["objects"]
    made = plan(leo, named(second, returns_to=1), at=None, returns_at=MONDAY.isoformat())
    assert (made.at, made.is_return) == (None, True)
    later(leo, MONDAY)
    assert (known(leo, made).state, titled(leo, live)) == ("done", "Hello")
    revision = leo.get(f"/v1/flows/{live['id']}/revisions/3").json()
    assert revision["returned_from"] == 1


def failed(person: Visitor, timed: Timed) -> str:
    found = known(person, timed)
    assert found.state == "failed"
    assert found.failure is not None
    return found.failure.name


def test_what_somebody_published_meanwhile_is_not_undone(
    claire: Visitor, leo: Visitor, live: Document
) -> None:
    made = plan(leo, live)
    other = edited(leo, live, ["draft", "nodes", "hello", "title"], "Urgent")
    assert objects.publish(leo, other).status_code == 200
    later(leo, FRIDAY)
    assert (failed(leo, made), titled(leo, live)) == ("live-moved", "Urgent")
    sign_in_again(claire)
    told = [each["detail"] for each in newest(claire) if each["entity_id"] == made.id]
    assert told[-1] == "failed: live-moved"


def test_it_goes_on_over_whatever_is_live_when_it_was_told_so(leo: Visitor, live: Document) -> None:
    plan(leo, live, whatever_is_live=True)
    other = edited(leo, live, ["draft", "nodes", "hello", "title"], "Urgent")
    assert objects.publish(leo, other).status_code == 200
    later(leo, FRIDAY)
    assert titled(leo, live) == "Noël"


def test_what_callers_hear_alike_under_another_number_is_the_same(
    leo: Visitor, live: Document
) -> None:
    made = plan(leo, live)
    body = {"revision": 1, "message": "Retour"}
    again = leo.post(f"/v1/flows/{live['id']}/return", body, key=uuid.uuid4().hex)
    assert again.status_code == 200
    later(leo, FRIDAY)
    assert (known(leo, made).state, titled(leo, live)) == ("done", "Noël")


def test_what_somebody_put_live_sooner_is_live_and_still_comes_back(
    leo: Visitor, live: Document
) -> None:
    made = plan(leo, live, returns_at=MONDAY.isoformat())
    assert objects.publish(leo, live).status_code == 200
    later(leo, FRIDAY)
    assert (known(leo, made).state, get(leo, live)["live_revision"]) == ("live", 2)
    later(leo, MONDAY)
    assert (known(leo, made).state, titled(leo, live)) == ("done", "Hello")


def test_what_was_published_while_it_was_live_does_not_come_back_undone(
    leo: Visitor, live: Document
) -> None:
    made = plan(leo, live, returns_at=MONDAY.isoformat())
    later(leo, FRIDAY)
    other = edited(leo, get(leo, live), ["draft", "nodes", "hello", "title"], "Urgent")
    leo.step_up()
    assert objects.publish(leo, other).status_code == 200
    later(leo, MONDAY)
    assert (failed(leo, made), titled(leo, live)) == ("live-moved", "Urgent")


def test_what_came_back_by_hand_is_done(leo: Visitor, live: Document) -> None:
    made = plan(leo, live, returns_at=MONDAY.isoformat())
    later(leo, FRIDAY)
    leo.step_up()
    body = {"revision": 1, "message": "Retour"}
    leo.post(f"/v1/flows/{live['id']}/return", body, key=uuid.uuid4().hex)
    later(leo, MONDAY)
    done = known(leo, made)
    assert (done.state, done.objects[0].came_back) == ("done", None)
    assert get(leo, live)["live_revision"] == 3


def test_blocking_findings_of_the_moment_refuse_it_and_nothing_of_it_goes_live(
    leo: Visitor, live: Document
) -> None:
    gone = objects.create(leo, "schedule", ALWAYS)
    made = plan(leo, live, gone)
    refused = leo.post(f"/v1/schedules/{gone['id']}/archive", etag=str(gone["etag"]))
    assert refused.status_code == 200
    later(leo, FRIDAY)
    assert (failed(leo, made), titled(leo, live)) == ("archived", "Hello")


def test_what_it_will_use_cannot_be_archived(leo: Visitor) -> None:
    prompt = objects.create(leo, "prompt", objects.GREETING)
    flow = create(leo, draft=objects.playing(prompt["id"])).json()
    made = plan(leo, prompt, flow)
    bare = edited(leo, flow, ["draft", "nodes", "hello"], HELLO["nodes"]["hello"])  # type: ignore[index]
    assert bare
    used = leo.post(f"/v1/prompts/{prompt['id']}/archive", etag=str(prompt["etag"]))
    assert problem(used).name == "in-use"
    assert act(leo, made, "cancel").status_code == 200
    free = leo.post(f"/v1/prompts/{prompt['id']}/archive", etag=str(prompt["etag"]))
    assert free.status_code == 200


def test_who_may_not_publish_any_more_publishes_nothing(leo: Visitor, live: Document) -> None:
    made = plan(leo, live)
    user_id = made.planned_by.id if made.planned_by else ""
    with running(leo.service).store.write() as txn:
        txn.connection.execute(
            role_grant.update().where(role_grant.c.user_id == user_id).values(role="supervisor")
        )
    later(leo, FRIDAY)
    assert failed(leo, made) == "forbidden"


def test_a_red_suite_refuses_it_when_it_is_planned_and_when_it_is_due(leo: Visitor) -> None:
    red = create(leo, draft=HELLO | {"tests": {"test_1": FAILS}}).json()
    leo.step_up()
    assert problem(ask(leo, red)).name == "tests-failed"
    allowed = plan(leo, red, overrides=["tests-failed"])
    schedule, flow = open_shop(leo)
    late = plan(leo, edited(leo, flow, ["draft", "nodes", "hello", "title"], "Salut"))
    shut = edited(leo, schedule, ["draft", "weekly", "mon"], [])
    assert publish_object(leo, shut, "tests-failed").status_code == 200
    later(leo, FRIDAY)
    assert known(leo, allowed).state == "done"
    assert failed(leo, late) == "tests-failed"
    (fault,) = known(leo, late).failure.errors  # type: ignore[union-attr]
    assert (fault.pointer, fault.message, fault.object_id) == ("test_1", "ouvert", flow["id"])


def test_tests_do_not_keep_out_what_was_live_before(claire: Visitor, leo: Visitor) -> None:
    schedule, flow = open_shop(leo)
    silent = edited(leo, flow, ["draft", "tests", "test_1"])
    plan(
        leo,
        edited(leo, silent, ["draft", "nodes", "hello", "title"], "Noël"),
        returns_at=MONDAY.isoformat(),
    )
    later(leo, FRIDAY)
    leo.step_up()
    shut = edited(leo, schedule, ["draft", "weekly", "mon"], [])
    assert publish_object(leo, shut, "tests-failed").status_code == 200
    later(leo, MONDAY)
    assert titled(leo, flow) == "Hello"
    sign_in_again(claire)
    assert "return 3 as planned despite tests-failed" in [each["detail"] for each in newest(claire)]


@pytest.mark.parametrize(
    ("order", "pointer", "code"),
    [
        ({"at": "2020-01-01T00:00:00Z"}, "/at", "past"),
        ({"at": "2099-01-01T00:00:00Z"}, "/at", "too-far"),
        ({"at": None}, "/at", "empty"),
        ({"returns_at": FRIDAY.isoformat()}, "/returns_at", "inverted"),
        ({"at": "2026-11-27T17:00:00"}, "/at", "shape"),
        ({"at": None, "returns_at": MONDAY.isoformat()}, "/objects/0/returns_to", "shape"),
        ({"objects": []}, "/objects", "empty"),
        ({"message": " "}, "/message", "empty"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    leo: Visitor, live: Document, order: Document, pointer: str, code: str
) -> None:
    leo.step_up()
    (fault,) = problem(ask(leo, live, **order)).errors
    assert (fault.pointer, fault.code) == (pointer, code)


def test_what_callers_never_heard_cannot_come_back(leo: Visitor) -> None:
    leo.step_up()
    refused = problem(ask(leo, create(leo).json(), returns_at=MONDAY.isoformat()))
    assert refused.name == "nothing-to-return-to"


def test_an_old_look_at_a_draft_is_not_planned(leo: Visitor, live: Document) -> None:
    edited(leo, live, ["draft", "nodes", "hello", "title"], "Neuf")
    leo.step_up()
    assert problem(ask(leo, live)).name == "stale-version"


def test_two_plans_do_not_decide_over_one_object_at_once(leo: Visitor, live: Document) -> None:
    first = plan(leo, live, returns_at=MONDAY.isoformat())
    saturday = (FRIDAY + timedelta(days=1)).isoformat()
    refused = problem(ask(leo, live, at=saturday))
    assert refused.name == "planned-already"
    assert refused.params["id"] == first.id
    assert problem(ask(leo, live, at=(FRIDAY - timedelta(1)).isoformat())).name == "planned-already"
    after = plan(leo, live, at=(MONDAY + timedelta(days=20)).isoformat())
    assert problem(act(leo, after, "move", {"at": saturday})).name == "planned-already"
    later(leo, FRIDAY)
    later(leo, MONDAY)
    later(leo, MONDAY + timedelta(days=20))
    assert (known(leo, after).state, titled(leo, live)) == ("done", "Noël")


def test_plans_may_be_nested_when_that_is_said(leo: Visitor, live: Document) -> None:
    plan(leo, live, returns_at=(MONDAY + timedelta(days=30)).isoformat())
    inner = edited(leo, live, ["draft", "nodes", "hello", "title"], "Panne")
    plan(
        leo,
        inner,
        at=MONDAY.isoformat(),
        returns_at=(MONDAY + timedelta(days=1)).isoformat(),
        whatever_is_live=True,
    )
    later(leo, FRIDAY)
    later(leo, MONDAY)
    assert titled(leo, live) == "Panne"
    later(leo, MONDAY + timedelta(days=1))
    assert titled(leo, live) == "Noël"
    later(leo, MONDAY + timedelta(days=30))
    assert titled(leo, live) == "Hello"


def test_it_is_moved(leo: Visitor, live: Document) -> None:
    made = plan(leo, live)
    times = {"at": MONDAY.isoformat(), "returns_at": (MONDAY + timedelta(days=1)).isoformat()}
    assert act(leo, made, "move", times).status_code == 200
    later(leo, FRIDAY)
    assert titled(leo, live) == "Hello"
    later(leo, MONDAY)
    assert titled(leo, live) == "Noël"
    sooner = {"returns_at": (MONDAY + timedelta(hours=2)).isoformat()}
    leo.step_up()
    assert act(leo, made, "move", sooner).status_code == 200
    later(leo, MONDAY + timedelta(hours=2))
    assert titled(leo, live) == "Hello"
    assert problem(act(leo, made, "move", sooner)).name in {"time-is-over", "step-up-required"}


def test_it_is_cancelled_and_lets_go_of_what_it_froze(leo: Visitor, live: Document) -> None:
    made = plan(leo, live)
    gone = act(leo, made, "cancel").json()
    assert gone["cancelled_by"]["name"] == "Léo Bernard"
    assert act(leo, made, "cancel").json() == gone
    with running(leo.service).store.read() as connection:
        assert connection.execute(frozen.select()).all() == []
    later(leo, FRIDAY)
    assert (known(leo, made).state, titled(leo, live)) == ("cancelled", "Hello")


def test_it_is_carried_out_early_and_still_comes_back(leo: Visitor, live: Document) -> None:
    made = plan(leo, live, returns_at=MONDAY.isoformat())
    now = act(leo, made, "carry-out")
    assert now.status_code == 200, now.text
    assert (now.json()["state"], titled(leo, live)) == ("live", "Noël")
    later(leo, FRIDAY)
    assert get(leo, live)["live_revision"] == 2
    later(leo, MONDAY)
    assert titled(leo, live) == "Hello"


def test_one_that_failed_is_told_until_somebody_takes_note_and_can_go_on(
    leo: Visitor, live: Document
) -> None:
    made = plan(leo, live)
    other = edited(leo, live, ["draft", "nodes", "hello", "title"], "Urgent")
    assert objects.publish(leo, other).status_code == 200
    later(leo, FRIDAY)
    assert known(leo, made).needs_note
    leo.step_up()
    assert act(leo, made, "move", {"at": MONDAY.isoformat()}).status_code == 200
    later(leo, MONDAY)
    assert (known(leo, made).state, titled(leo, live)) == ("done", "Noël")


def test_what_is_live_can_be_accepted_before_it_fails(leo: Visitor, live: Document) -> None:
    made = plan(leo, live)
    other = edited(leo, live, ["draft", "nodes", "hello", "title"], "Urgent")
    assert objects.publish(leo, other).status_code == 200
    assert problem(act(leo, made, "carry-out")).name == "live-moved"
    moved = act(leo, made, "move", {"at": MONDAY.isoformat()}).json()
    assert moved["objects"][0]["expects"] == 1
    accepted = act(leo, made, "move", {"at": FRIDAY.isoformat(), "accepts_live": True}).json()
    assert accepted["objects"][0]["expects"] == 2
    later(leo, FRIDAY)
    assert (known(leo, made).state, titled(leo, live)) == ("done", "Noël")


def test_taking_note_ends_it(leo: Visitor, live: Document) -> None:
    made = plan(leo, live)
    objects.publish(leo, edited(leo, live, ["draft", "nodes", "hello", "title"], "Urgent"))
    later(leo, FRIDAY)
    leo.step_up()
    act(leo, made, "cancel")
    found = known(leo, made)
    assert (found.state, found.needs_note) == ("failed", False)
    assert problem(act(leo, made, "carry-out")).name == "time-is-over"


def test_a_service_that_was_off_catches_up_but_does_not_open_what_is_over(
    leo: Visitor, live: Document
) -> None:
    flow = edited(leo, create(leo).json(), ["draft", "nodes", "hello", "title"], "Tard")
    late = plan(leo, flow)
    missed = plan(leo, live, returns_at=MONDAY.isoformat())
    leo.service.stop()
    leo.service.clock.set(MONDAY + timedelta(hours=1))
    leo.service.start()
    tick(running(leo.service))
    sign_in_again(leo)
    assert known(leo, late).state == "done"
    assert (failed(leo, missed), titled(leo, live)) == ("time-is-over", "Hello")


def test_a_suspended_project_hears_nothing_new(leo: Visitor, live: Document) -> None:
    made = plan(leo, live)
    service = running(leo.service)
    project_id = lumen(leo)
    with service.store.write() as txn:
        project = entities.load(txn.connection, "project", project_id)
        assert project is not None
        entities.save(txn, "project", project_id, project_id, project.data | {"state": "suspended"})
    later(leo, FRIDAY)
    assert failed(leo, made) == "project-suspended"


def test_a_fault_of_ours_in_one_is_told_and_holds_up_no_other(
    leo: Visitor, live: Document, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = plan(leo, live), plan(leo, create(leo).json())
    with running(leo.service).store.write() as txn:
        spoilt = frozen.update().where(frozen.c.timed_id == broken.id).values(document=b"[]")
        txn.connection.execute(spoilt)
    later(leo, FRIDAY)
    assert (failed(leo, broken), known(leo, whole).state) == ("internal", "done")
    assert "could not be carried out" in caplog.text


def test_the_same_request_plans_once(leo: Visitor, live: Document) -> None:
    leo.step_up()
    path = f"/v1/projects/{lumen(leo)}/timed-publications"
    body = {"message": "x", "objects": [named(live)], "at": FRIDAY.isoformat()}
    key = uuid.uuid4().hex
    first, second = (leo.post(path, body, key=key).json() for _ in range(2))
    assert first == second


def test_everybody_who_syncs_sees_it_and_it_is_listed(
    claire: Visitor, leo: Visitor, live: Document
) -> None:
    made = plan(leo, live)
    assert known(claire, made) == made
    listed = claire.get(f"/v1/projects/{lumen(claire)}/timed-publications").json()
    assert [each["id"] for each in listed["timed_publications"]] == [made.id]


@pytest.mark.parametrize(
    ("username", "status"), [("leo.bernard", 200), ("ines.moreau", 403), ("paul.girard", 403)]
)
def test_who_may_publish_may_plan(visit: Visit, live: Document, username: str, status: int) -> None:
    visitor = visit(username)
    visitor.service.clock.advance(timedelta(minutes=1))
    person = visitor.sign_in()
    person.step_up()
    assert ask(person, live).status_code == status


def test_the_file_of_a_frozen_prompt_is_kept(leo: Visitor) -> None:
    assert blobs.put(leo).status_code in {200, 201}
    spoken = blobs.prompt(leo)
    plan(leo, spoken)
    silent = edited(leo, spoken, ["draft", "languages", "fr-FR"], {"text": "Bonjour."})
    assert silent["draft"]["languages"]["fr-FR"] == {"text": "Bonjour."}  # type: ignore[index]
    leo.service.clock.set(FRIDAY - timedelta(hours=1))
    with running(leo.service).store.write() as txn:
        assert store_blobs.forget_unused(txn, before=txn.now) == ()
    later(leo, FRIDAY)
    assert get(leo, spoken)["live_revision"] == 1
