"""How long recordings are kept: the policy, what it deletes, what protects them, and the proof."""

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete, update

from cx_desktop.domain.patch import Document
from cx_desktop.domain.recordings.policy import ITEMS
from cx_desktop.protocol import Recording
from cx_desktop.service.audit.chain import broken_links
from cx_desktop.service.backup import back_up, restore
from cx_desktop.service.housekeeping import sweep
from cx_desktop.service.recordings import keeping, purging
from cx_desktop.service.service import Service
from cx_desktop.service.store import Txn, entities
from cx_desktop.service.store.recording_tables import purged
from cx_desktop.service.timekeeping import tick
from tests.fakes.recordings import record_call, record_calls, recording_project
from tests.fakes.service import RunningService
from tests.service.conftest import Visit
from tests.service.visitor import Visitor, problem

MARKER = b"a voice that nobody may hear again"
CALLER = "+33639987654"
GOOD = {
    "is_on": True,
    "rate": 10,
    "end_date": "2027-12-31",
    "scope": ["agent_in"],
    "notice": {"items": list(ITEMS), "staff_told_on": "2026-01-05"},
    "pause": "agent",
}
OFF = {"is_on": False, "rate": 10}


@pytest.fixture
def project(service: RunningService) -> str:
    return recording_project(service)


@pytest.fixture
def open_service(service: RunningService) -> Service:
    assert service.service is not None
    return service.service


@pytest.fixture
def ines(visit: Visit) -> Visitor:
    return visit("ines.moreau").sign_in()


Order = Callable[..., httpx.Response]


@pytest.fixture
def order(claire: Visitor, project: str) -> Order:
    """The administrator writes a policy, with a fresh code."""

    def write(**said: object) -> httpx.Response:
        claire.step_up()
        return put(claire, project, OFF | said)

    return write


def path(project: str) -> str:
    return f"/v1/projects/{project}/recording-policy"


def put(
    person: Visitor, project: str, said: Mapping[str, object], etag: str = ""
) -> httpx.Response:
    etag = etag or person.get(path(project)).headers["etag"]
    return person.http.put(path(project), json=said, headers={"If-Match": etag})


def ago(service: RunningService, **span: float) -> datetime:
    return service.clock.now() - timedelta(**span)


def now_of(service: Service, call: Recording) -> Document | None:
    with service.store.read() as connection:
        found = entities.load(connection, "recording", call.id)
    return None if found is None else found.data


def end_of(service: Service, call: Recording) -> date:
    data = now_of(service, call)
    assert data is not None
    return date.fromisoformat(str(data["delete_by"]))


def holding(folder: Path, *markers: bytes) -> list[str]:
    """The files of a data folder in which a marker is to be read."""
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(marker in path.read_bytes() for marker in markers)
    ]


def test_a_project_without_a_policy_records_nothing_and_keeps_six_months(
    claire: Visitor, project: str
) -> None:
    answer = claire.get(path(project))
    said = answer.json()
    assert (said["ver"], said["is_on"], said["retention"]["months"]) == (0, False, 6)
    assert answer.headers["etag"] == said["etag"]


def test_a_policy_is_written_with_a_fresh_code_and_told_to_everybody(
    claire: Visitor, ines: Visitor, project: str, order: Order
) -> None:
    assert problem(put(claire, project, GOOD)).name == "step-up-required"
    answer = order(**GOOD)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["ver"], answer.json()["updated_by"]["name"]) == (1, "Claire Martin")
    (seen,) = (each for each in ines.entities("config") if each["type"] == "recording_policy")
    assert seen["scope"] == ["agent_in"]
    assert put(claire, project, GOOD, '"x-1"').status_code == 412


def test_a_supervisor_reads_the_policy_and_does_not_write_it(ines: Visitor, project: str) -> None:
    assert ines.get(path(project)).status_code == 200
    assert problem(put(ines, project, OFF)).name == "forbidden"


def test_what_the_rules_forbid_is_not_switched_on(order: Order) -> None:
    answer = order(**GOOD | {"rate": 100, "end_date": None, "scope": ["ivr"], "notice": {}})
    said = problem(answer)
    assert said.name == "findings-block"
    assert [each.code for each in said.errors] == ["REC-02", "REC-02-END", "REC-03", "REC-04"]
    assert said.errors[2].params["count"] == 8


def test_one_may_see_first_what_an_order_would_do(
    claire: Visitor, service: RunningService, project: str
) -> None:
    record_calls(service, [MARKER] * 3, at=ago(service, days=40))
    record_call(service, MARKER, at=ago(service, days=20))
    said = GOOD | {"rate": 60, "retention": {"months": 1}}
    answer = claire.post(f"{path(project)}/check", said).json()
    assert (answer["blocks"], answer["due"], answer["held"]) == (False, 3, 0)
    assert [(each["code"], each["message"]) for each in answer["findings"]] == [
        ("REC-02-MANY", "warning"),
        ("REC-08", "warning"),
    ]
    assert claire.get(path(project)).json()["ver"] == 0


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"queues": ["nonsense"]}, "/queues"),
        ({"retention": {"queues": {"nonsense": 2}}}, "/retention/queues"),
        ({"notice": {"prompt_id": "nonsense"}}, "/notice/prompt_id"),
        ({"notice": {"items": ["rumours"]}}, "/notice/items"),
        ({"rate": 101}, "/rate"),
        ({"retention": {"days_after_review": -1}}, "/retention/days_after_review"),
        ({"packs": -1}, "/packs"),
    ],
)
def test_what_is_no_policy_is_refused_at_its_place(
    order: Order, said: dict[str, object], place: str
) -> None:
    refused = problem(order(**said))
    assert (refused.name, refused.errors[0].pointer) == ("malformed", place)


def test_lowering_counts_asks_and_then_deletes(
    service: RunningService, open_service: Service, claire: Visitor, order: Order
) -> None:
    old = record_call(service, MARKER, at=ago(service, days=40), caller=CALLER)
    young = record_call(service, b"other", at=ago(service, days=20))
    refused = problem(order(retention={"months": 1}))
    assert (refused.name, refused.params["count"]) == ("confirmation-needed", 1)
    assert end_of(open_service, old) == old.delete_by
    assert order(retention={"months": 1}, due=1).status_code == 200
    assert end_of(open_service, young) < young.delete_by
    assert holding(service.data_dir, MARKER, CALLER.encode())
    tick(open_service)
    assert now_of(open_service, old) is None
    assert now_of(open_service, young) is not None
    assert holding(service.data_dir, MARKER, CALLER.encode()) == []
    row = next(
        each
        for each in claire.get("/v1/audit?limit=1000").json()["rows"]
        if each["verb"] == "recording.policy"
    )
    assert row["detail"] == "due: 1"


def test_retention_is_never_raised_again(order: Order) -> None:
    assert order(retention={"months": 2}).status_code == 200
    refused = problem(order(retention={"months": 3}))
    assert [each.code for each in refused.errors] == ["REC-01-RAISED"]
    assert [each.code for each in problem(order(retention={"months": 7})).errors] == [
        "REC-01",
        "REC-01-RAISED",
    ]


def test_a_queue_may_keep_its_calls_for_less_time(
    service: RunningService, open_service: Service, claire: Visitor, order: Order, project: str
) -> None:
    queue = next(
        str(each["id"])
        for each in claire.entities("config")
        if each["type"] == "queue" and each["project_id"] == project
    )
    at = datetime(2026, 11, 10, 12, tzinfo=UTC)
    short = record_call(service, b"a", at=at, queue_id=queue)
    long = record_call(service, b"b", at=at)
    assert order(retention={"months": 5, "queues": {queue: 2}}).status_code == 200
    assert end_of(open_service, short) == date(2027, 1, 10)
    assert end_of(open_service, long) == date(2027, 4, 10)


def test_the_provider_may_keep_the_policy_to_itself(
    service: RunningService, visit: Visit, project: str
) -> None:
    service.stop()
    service.on_request = frozenset({"recording.policy"})
    service.start()
    with closing(visit("claire.martin").sign_in()) as claire:
        claire.step_up()
        assert problem(put(claire, project, GOOD)).name == "on-request"
        (here,) = (
            each
            for each in claire.get("/v1/capabilities").json()["projects"]
            if each["project_id"] == project
        )
        assert here["verbs"]["recording.policy"] == {
            "answer": "on-request",
            "reason": "reason.on-request",
        }


def test_what_is_protected_stays_until_six_months_are_over_and_no_longer(
    service: RunningService, open_service: Service, ines: Visitor, order: Order
) -> None:
    call = record_call(service, MARKER, at=ago(service, days=40))
    held = ines.post(f"/v1/recordings/{call.id}/hold", {"reason": "réclamation"})
    assert (held.json()["held"], held.json()["delete_by"]) == (True, call.delete_by.isoformat())
    assert order(retention={"months": 1}).status_code == 200  # none is due that is not held
    tick(open_service)
    assert end_of(open_service, call) == call.delete_by
    service.clock.advance(timedelta(days=(call.delete_by - service.clock.now().date()).days + 1))
    tick(open_service)
    assert now_of(open_service, call) is None


def test_what_is_released_goes_when_its_time_was_over(
    service: RunningService, open_service: Service, ines: Visitor, order: Order
) -> None:
    call = record_call(service, MARKER, at=ago(service, days=40))
    where = f"/v1/recordings/{call.id}"
    ines.post(f"{where}/hold", {"reason": "réclamation 12"})
    ines.post(f"{where}/hold", {"reason": "encore"})  # it is held already: no second line
    order(retention={"months": 1})
    assert ines.post(f"{where}/release", {"reason": "close"}).json()["held"] is False
    assert problem(ines.get(f"{where}/sound?purpose=listen")).name == "recording-gone"
    tick(open_service)
    assert now_of(open_service, call) is None
    assert problem(ines.post(f"{where}/hold", {"reason": "x"})).name == "recording-gone"
    rows = ines.get(f"{where}/audit").json()["rows"]
    assert [each["detail"] for each in rows] == ["hold: réclamation 12", "release: close"]


def test_who_only_designs_flows_protects_nothing(leo: Visitor, service: RunningService) -> None:
    call = record_call(service, MARKER)
    assert problem(leo.post(f"/v1/recordings/{call.id}/hold", {"reason": "x"})).name == "forbidden"


def review(service: Service, call: Recording, at: datetime, state: str = "done") -> None:
    def said(txn: Txn) -> Document:
        return {
            "project_id": call.project_id,
            "recording_id": call.id,
            "state": state,
            "done_at": at.isoformat() if state == "done" else None,
            "id": txn.ids.new(),
        }

    with service.store.write() as txn:
        data = said(txn)
        entities.save(txn, "evaluation", str(data["id"]), call.project_id, data)


def test_what_was_judged_goes_some_days_later_and_its_score_stays(
    service: RunningService, open_service: Service, order: Order
) -> None:
    at = datetime(2026, 11, 10, 12, tzinfo=UTC)
    judged, begun, left = record_calls(service, [b"a", b"b", b"c"], at=at)
    assert order(retention={"days_after_review": 5}).status_code == 200
    review(open_service, judged, at)
    review(open_service, judged, at + timedelta(days=3))  # once more, later: the first counts
    review(open_service, begun, at, "draft")
    keeping.apply_due(open_service)
    assert end_of(open_service, judged) == date(2026, 11, 15)
    assert end_of(open_service, begun) == begun.delete_by
    assert end_of(open_service, left) == left.delete_by
    tick(open_service)
    assert now_of(open_service, judged) is None
    with open_service.store.read() as connection:
        assert len(list(entities.each(connection, "evaluation"))) == 3


def test_switching_that_on_counts_what_was_judged_before(
    service: RunningService, open_service: Service, order: Order
) -> None:
    at = ago(service, days=12)
    call = record_call(service, MARKER, at=at)
    review(open_service, call, at)
    keeping.apply_due(open_service)
    assert problem(order(retention={"days_after_review": 3})).params["count"] == 1
    assert order(retention={"days_after_review": 30}).status_code == 200


@pytest.fixture
def due(service: RunningService) -> tuple[Recording, ...]:
    """Recordings whose time is over today."""
    calls = record_calls(service, [MARKER, MARKER, None, b"x"], caller=CALLER)
    service.clock.advance(
        timedelta(days=(calls[0].delete_by - service.clock.now().date()).days + 1)
    )
    return calls


def test_the_audit_vouches_for_what_was_deleted(
    service: RunningService,
    open_service: Service,
    due: tuple[Recording, ...],
    visit: Visit,
) -> None:
    assert purging.purge_due(open_service) in (0, len(due))  # or the service did it by itself
    while purging.purge_due(open_service) or not open_service.store.settle_log():
        pass
    assert holding(service.data_dir, MARKER, CALLER.encode()) == []
    with closing(visit("ines.moreau").sign_in()) as ines:
        said = ines.get(f"/v1/recordings/{due[0].id}/audit").json()["deletion"]
        assert (said["reason"], said["among"], said["is_proven"]) == ("retention", len(due), True)
        assert said["row"]["verb"] == "recording.purge"
        assert said["row"]["who_name"] == "service"
    with open_service.store.read() as connection:
        buried = {entities.buried(connection, "recording", each.id) for each in due}
        assert buried == {(due[0].project_id, "retention")}
        assert list(broken_links(connection)) == []


def test_a_list_that_was_changed_proves_nothing(
    open_service: Service, due: tuple[Recording, ...], visit: Visit
) -> None:
    purging.purge_due(open_service)
    for change in (
        update(purged).where(purged.c.recording_id == due[1].id).values(delete_by="2020-01-01"),
        delete(purged).where(purged.c.recording_id == due[1].id),
    ):
        with open_service.store.write() as txn:
            txn.connection.execute(change)
        with closing(visit("ines.moreau").sign_in()) as ines:
            said = ines.get(f"/v1/recordings/{due[0].id}/audit").json()["deletion"]
            assert said["is_proven"] is False


def test_a_sound_that_others_share_stays_until_the_last_of_them(
    service: RunningService, open_service: Service, due: tuple[Recording, ...]
) -> None:
    other = record_call(service, MARKER)
    purging.purge_due(open_service)
    assert now_of(open_service, due[0]) is None
    assert holding(service.data_dir / "recordings", MARKER)
    assert now_of(open_service, other) is not None


def test_a_purge_that_was_cut_short_is_finished(
    service: RunningService, open_service: Service, due: tuple[Recording, ...]
) -> None:
    """The sound is gone, and the machine went down before that was written."""
    assert due[0].blob is not None
    open_service.sounds.forget(due[0].blob)
    service.stop()
    service.start()
    assert service.service is not None
    assert purging.purge_due(service.service) in (0, len(due))  # or it was done at the start
    assert now_of(service.service, due[0]) is None


def test_sounds_of_nobody_and_halves_are_swept_away(
    service: RunningService, open_service: Service
) -> None:
    call = record_call(service, b"somebody's")
    assert call.blob is not None
    with open_service.store.write():  # or the sweep at the start comes in between
        open_service.sounds.keep("ab" * 32, MARKER)
        half = service.data_dir / "recordings" / call.blob[:2] / f"{call.blob}.0123456789ab"
        half.write_bytes(MARKER)
    sweep(open_service)
    assert holding(service.data_dir, MARKER) == []
    assert open_service.sounds.size(call.blob) is not None


def test_a_policy_that_was_applied_in_part_is_applied_to_the_rest(
    service: RunningService, open_service: Service, order: Order, project: str
) -> None:
    at = datetime(2026, 11, 10, 12, tzinfo=UTC)
    first, second = record_calls(service, [b"a", b"b"], at=at)
    assert order(retention={"months": 3}).status_code == 200
    with open_service.store.write() as txn:
        recordings = "UPDATE recording SET delete_by = '2027-05-10'"
        txn.connection.exec_driver_sql(recordings)
        key = f"retention:{project}"
        txn.connection.exec_driver_sql(
            "UPDATE meta SET value = ? WHERE key = ?", (f"1 {first.id}", key)
        )
    assert keeping.apply_due(open_service) in (0, 1)  # or the service did it by itself
    assert end_of(open_service, second) == date(2027, 2, 10)
    assert keeping.apply_due(open_service) == 0


def test_moved_ends_leave_a_stream_that_adds_up(
    service: RunningService, open_service: Service, order: Order, visit: Visit, project: str
) -> None:
    record_calls(service, [b"a"] * 30, at=ago(service, days=40))
    record_calls(service, [b"b"] * 30, at=ago(service, days=3))
    order(retention={"months": 1}, due=30)
    tick(open_service)
    stream = f"recordings:{project}"
    with closing(visit("ines.moreau").sign_in()) as ines:
        rows = [row for row in ines.rows(stream) if row["t"] == "put"]
        kept = ines.get(f"/v1/sync/digest?stream={stream}&depth=0").json()
    assert len(rows) == 30
    assert kept["buckets"][0]["rows"] == 30


def test_a_backup_holds_no_sounds_and_what_it_brings_back_too_late_is_purged(
    service: RunningService, tmp_path: Path
) -> None:
    call = record_call(service, MARKER, caller=CALLER)
    file = tmp_path / "b.cx"
    back_up(service.data_dir, file, now=service.clock.now())
    assert MARKER not in file.read_bytes()
    assert CALLER.encode() in file.read_bytes(), "who keeps backups keeps callers' numbers"
    service.stop()
    service.clock.advance(timedelta(days=(call.delete_by - service.clock.now().date()).days + 1))
    restore(file, service.data_dir, now=service.clock.now(), may_lose_newer=True)
    service.start()
    assert service.service is not None
    while purging.purge_due(service.service) or not service.service.store.settle_log():
        pass
    assert now_of(service.service, call) is None
    named = holding(service.data_dir, MARKER, CALLER.encode())
    assert [each for each in named if not each.startswith("service-before-")] == []
