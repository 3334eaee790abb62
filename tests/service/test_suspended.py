"""A suspended project: everything in it can be read, nothing changed, by whichever way."""

from collections.abc import Iterator

import msgspec
import pytest

from cx_desktop.domain.access import Verb, changes_project, step_up_of
from cx_desktop.domain.patch import Change
from cx_desktop.protocol import Capabilities
from cx_desktop.service.app import ENDPOINTS
from cx_desktop.service.describe import contract_of
from cx_desktop.service.store import entities
from tests.fakes.service import RunningService
from tests.service.operations import OPERATIONS, ask, ids_of, in_path, stored
from tests.service.visitor import Visitor, problem

VERBS = {
    (contract_of(each).method, contract_of(each).path): contract_of(each).verb for each in ENDPOINTS
}
SCOPED = [(method, path) for method, path in OPERATIONS if in_path(path)]


def changes(method: str, path: str) -> bool:
    """Whether an operation is refused in a suspended project; callers' rights go on."""
    verb = VERBS[method, path]
    return verb is not None and changes_project(verb)


def put_into_state(service: RunningService, project_id: str, state: str) -> None:
    """What the provider does; no endpoint does it. The project has subscribed recordings, too."""
    assert service.service is not None
    with service.service.store.write() as txn:
        found = entities.load(txn.connection, "project", project_id)
        assert found is not None
        listed = found.data["features"]
        assert isinstance(listed, list)
        data = found.data | {"state": state, "features": [*listed, "recording"]}
        entities.save(txn, "project", project_id, project_id, data)


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as running:
        yield running


@pytest.fixture(scope="module")
def claire(service: RunningService) -> Iterator[Visitor]:
    account = service.account("administrator")
    with Visitor(service, account.username, account.password) as claire:
        yield claire.sign_in()


@pytest.fixture(scope="module")
def suspended(service: RunningService, claire: Visitor) -> dict[str, str]:
    """Ids of a suspended project, of every kind that a path can name."""
    ids = ids_of(claire, "Lumen Pro")
    put_into_state(service, ids["project_id"], "suspended")
    return ids


@pytest.mark.parametrize(("method", "path"), [each for each in SCOPED if changes(*each)])
def test_nothing_in_it_is_changed(
    service: RunningService, claire: Visitor, suspended: dict[str, str], method: str, path: str
) -> None:
    before = stored(service)
    answer = problem(ask(claire, suspended, method, path))
    assert (answer.name, answer.status) == ("project-suspended", 403)
    assert answer.params["state"] == "suspended"
    assert stored(service) == before


@pytest.mark.parametrize(
    ("method", "path"), [each for each in SCOPED if each[0] == "GET" and not changes(*each)]
)
def test_everything_in_it_is_read(
    claire: Visitor, suspended: dict[str, str], method: str, path: str
) -> None:
    verb = VERBS[method, path]
    code = step_up_of(verb) if verb is not None else None
    if code is not None:
        claire.step_up(code.value)
    assert ask(claire, suspended, method, path).status_code == 200


def test_a_new_object_does_not_come_in_either(
    service: RunningService, claire: Visitor, suspended: dict[str, str]
) -> None:
    before = stored(service)
    answer = claire.http.put(
        "/v1/flows/01999999-0000-7000-8000-000000000002",
        json={"project_id": suspended["project_id"], "name": "x"},
        headers={"If-None-Match": "*"},
    )
    assert problem(answer).name == "project-suspended"
    assert stored(service) == before


def test_pushed_edits_are_refused_one_by_one(claire: Visitor, suspended: dict[str, str]) -> None:
    flows = claire.entities("flows")
    halted = next(each for each in flows if each["id"] == suspended["flow_id"])
    active = next(each for each in flows if each["project_id"] != suspended["project_id"])
    created = msgspec.structs.replace(
        claire.op(halted),
        id="01999999-0000-7000-8000-000000000003",
        kind="create",
        value={"project_id": suspended["project_id"], "name": "x"},
    )
    patched, new, other = claire.push(
        claire.op(halted, Change(path=("name",), value="x", was=halted["name"])),
        created,
        claire.op(active, Change(path=("description",), value="Reste", was=active["description"])),
    )
    for result in (patched, new):
        assert result.status == "rejected"
        assert result.problem is not None
        assert result.problem.name == "project-suspended"
    assert other.status == "applied"


def test_capabilities_say_so_for_each_verb_that_changes_something(
    claire: Visitor, suspended: dict[str, str]
) -> None:
    told = msgspec.json.decode(claire.get("/v1/capabilities").content, type=Capabilities)
    project = next(each for each in told.projects if each.project_id == suspended["project_id"])
    for verb in Verb:
        answer = project.verbs[verb.value]
        reason = "reason.suspended" if changes_project(verb) else ""
        assert (answer.answer, answer.reason) == ("no" if reason else "yes", reason), verb


@pytest.mark.parametrize("state", ["traffic-cut", "a state of tomorrow"])
def test_any_state_but_active_halts_it(
    service: RunningService, claire: Visitor, suspended: dict[str, str], state: str
) -> None:
    put_into_state(service, suspended["project_id"], state)
    answer = problem(ask(claire, suspended, "PATCH", "/v1/flows/{flow_id}"))
    assert (answer.name, answer.params["state"]) == ("project-suspended", state)
    put_into_state(service, suspended["project_id"], "suspended")


def test_what_is_active_again_is_changed_again(
    service: RunningService, claire: Visitor, suspended: dict[str, str]
) -> None:
    put_into_state(service, suspended["project_id"], "active")
    flow = next(each for each in claire.entities("flows") if each["id"] == suspended["flow_id"])
    (result,) = claire.push(
        claire.op(flow, Change(path=("description",), value="Reprise", was=flow["description"]))
    )
    assert result.status == "applied"
    put_into_state(service, suspended["project_id"], "suspended")
