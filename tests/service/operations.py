"""Every operation of the OpenAPI document, with what would be good to ask of each one."""

import re

import httpx
import msgspec

from cx_desktop.domain.patch import Document
from cx_desktop.service.app import openapi
from cx_desktop.service.objects.types import OBJECT_TYPES
from cx_desktop.service.store import entities
from tests.fakes.recordings import record_call
from tests.fakes.service import RunningService
from tests.service.visitor import Visitor

OPERATIONS = [
    (method.upper(), path)
    for path, operations in openapi()["paths"].items()  # type: ignore[attr-defined]
    for method in operations
]


def ids_of(claire: Visitor, project_name: str) -> dict[str, str]:
    """Ids of a project, of every kind that a path can name."""
    project = next(
        str(each["id"]) for each in claire.entities("projects") if each["name"] == project_name
    )
    ids = {"project_id": project}
    for stream in ("config", "flows", "revisions"):
        for each in claire.entities(stream):
            if each["project_id"] == project:
                ids[f"{each['type']}_id"] = str(each["id"])
    ids.setdefault("emergency_id", _closed(claire, ids))
    if "timed_publication_id" not in ids:
        ids["timed_publication_id"] = _planned(claire, ids)
    ids["rights_request_id"] = _asked_for(claire, ids)
    ids["recording_id"] = record_call(claire.service, b"x", project_id=project).id
    return ids


def _asked_for(claire: Visitor, ids: dict[str, str]) -> str:
    """The id of a caller's request in a project."""
    claire.step_up("reveal")
    order = {"kind": "access", "number": "06 39 98 99 99", "asked_on": "2026-11-16"}
    answer = claire.post(f"/v1/projects/{ids['project_id']}/rights-requests", order)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["request"]["id"])


def _closed(claire: Visitor, ids: dict[str, str]) -> str:
    """The id of an emergency in a project that had none."""
    claire.step_up()
    path = f"/v1/projects/{ids['project_id']}/emergencies"
    answer = claire.post(
        path, {"schedules": [ids["schedule_id"]]}, key=f"close-{ids['project_id']}"
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def _planned(claire: Visitor, ids: dict[str, str]) -> str:
    """The id of a timed publication in a project that had none."""
    schedule = claire.get(f"/v1/schedules/{ids['schedule_id']}").json()
    named = {"entity": "schedule", "id": schedule["id"], "etag": schedule["etag"]}
    order = {"message": "x", "objects": [named], "at": "2027-01-01T00:00:00Z"}
    path = f"/v1/projects/{ids['project_id']}/timed-publications"
    answer = claire.post(path, order, key=f"plan-{ids['project_id']}")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def stored(service: RunningService) -> bytes:
    """Everything the store holds of entities, to tell whether anything was written."""
    assert service.service is not None
    with service.service.store.read() as connection:
        return msgspec.json.encode(
            [list(entities.each(connection, each)) for each in entities.STREAM_OF]
        )


def bodies(ids: dict[str, str]) -> dict[str, Document]:
    """For each endpoint a body that would be good, if only the project were one's own."""
    named = {"entity": "flow", "id": ids["flow_id"], "etag": '"x-1"'}
    made: Document = {"project_id": ids["project_id"], "name": "x"}
    changed: Document = {"changes": [{"path": ["name"], "value": "x"}]}
    objects: dict[str, Document] = {}
    for name, kind in OBJECT_TYPES.items():
        path = f"/v1/{kind.plural}/{{{name}_id}}"
        objects |= {
            f"PUT {path}": made,
            f"PATCH {path}": changed,
            f"POST {path}/return": {"revision": 1, "message": "x"},
        }
    return objects | {
        "POST /v1/projects/{project_id}/publications": {"message": "x", "objects": [named]},
        "POST /v1/projects/{project_id}/emergencies": {"schedules": [ids["schedule_id"]]},
        "POST /v1/projects/{project_id}/timed-publications": {
            "message": "x",
            "objects": [named],
            "at": "2027-01-02T00:00:00Z",
        },
        "POST /v1/timed-publications/{timed_publication_id}/move": {"at": "2027-01-03T00:00:00Z"},
        "PATCH /v1/numbers/{number_id}": {"flow_id": None},
        "PUT /v1/projects/{project_id}/recording-policy": {"is_on": False, "rate": 10},
        "POST /v1/projects/{project_id}/recording-policy/check": {"is_on": False, "rate": 10},
        "PUT /v1/projects/{project_id}/recording-export": {"destination": {}},
        "POST /v1/projects/{project_id}/recording-export/trials": {
            "destination": {"host": "files.example.org", "user": "x"},
        },
        "POST /v1/projects/{project_id}/rights-requests": {
            "kind": "access",
            "number": "06 39 98 99 99",
            "asked_on": "2026-11-16",
        },
        "POST /v1/rights-requests/{rights_request_id}/delete": {"recordings": ["x"]},
        "POST /v1/rights-requests/{rights_request_id}/answer": {"answer": "x"},
        "POST /v1/recordings/{recording_id}/hold": {"reason": "x"},
        "POST /v1/recordings/{recording_id}/release": {"reason": "x"},
        "POST /v1/projects/{project_id}/recording-plays": {
            "plays": [{"recording_id": ids["recording_id"], "at": "2026-11-16T09:00:00Z"}]
        },
    }


#: What an endpoint cannot be asked without.
QUERIES = {
    "GET /v1/recordings/{recording_id}/sound": {"purpose": "listen"},
    "GET /v1/recordings/{recording_id}/dossier": {"reason": "x"},
}


def in_path(path: str) -> bool:
    return re.search(r"\{(?!challenge|device)\w+_id\}", path) is not None


def ask(visitor: Visitor, ids: dict[str, str], method: str, path: str) -> httpx.Response:
    """Ask an operation what would be good, if only the project allowed it."""
    return visitor.http.request(
        method,
        path.format(**ids, number=1),
        params=QUERIES.get(f"{method} {path}"),
        json=bodies(ids).get(f"{method} {path}"),
        headers={
            "If-Match": f'"{visitor.epoch}-1"',
            "Idempotency-Key": "k",
            **({"If-None-Match": "*"} if method == "PUT" else {}),
        },
    )
