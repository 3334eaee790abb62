"""Streams: pages in the order of commits, snapshots, cursors, checksums."""

import hashlib
import json
from datetime import timedelta
from threading import Thread

import pytest

from cx_desktop.domain.patch import Change, Document
from cx_desktop.ports import RandomIds, SystemClock
from cx_desktop.service.store import Store, entities
from cx_desktop.service.sync import pages
from tests.fakes.service import RunningService
from tests.service.visitor import Visitor, problem


def change(flow: Document, name: str) -> Change:
    return Change(path=("name",), value=name, was=flow["name"])


def rows(frames: list[Document]) -> list[Document]:
    return [frame for frame in frames if frame["t"] in ("put", "del")]


def test_a_page_is_closed_by_the_checksum_of_its_head_its_rows_and_its_cursor(leo: Visitor) -> None:
    answer = leo.get("/v1/sync/changes?stream=flows")
    assert answer.headers["content-type"] == "application/x-ndjson"
    head, *lines, end = answer.content.splitlines(keepends=True)
    assert json.loads(head)["t"] == "head"
    told = json.loads(end)
    assert told["rows"] == len(lines) == 6
    vouched = b"".join([head, *lines, told["next"].encode()])
    assert told["sha256"] == hashlib.sha256(vouched).hexdigest()


def test_pages_follow_each_other_without_gap_or_overlap(leo: Visitor) -> None:
    whole = [row["id"] for row in rows(leo.rows("config"))]
    found, cursor, has_more = [], "", True
    while has_more:
        frames = leo.rows("config", cursor, limit=3)
        assert frames[0]["since"] == cursor
        found += [row["id"] for row in rows(frames)]
        cursor, has_more = str(frames[-1]["next"]), frames[0]["has_more"] is True
    assert found == whole
    assert not rows(leo.rows("config", cursor))


def test_rows_come_in_the_order_of_commits(leo: Visitor) -> None:
    flow = leo.flow("Messagerie de nuit")
    cursor = str(leo.rows("flows")[-1]["next"])
    (result,) = leo.push(leo.op(flow, change(flow, "Renommé")))
    (row,) = rows(leo.rows("flows", cursor))
    assert (row["id"], row["ver"], row["seq"]) == (flow["id"], result.ver, result.seq)
    seqs = [int(str(each["seq"])) for each in rows(leo.rows("flows"))]
    assert seqs == sorted(seqs)
    assert seqs[-1] == result.seq


def test_a_page_holds_no_more_than_its_bytes(leo: Visitor) -> None:
    for frames in (leo.rows("revisions", limit=5000),):
        assert sum(len(json.dumps(frame)) for frame in frames) < pages.PAGE_BYTES * 2


def snapshot(person: Visitor, stream: str, resume: str = "") -> list[Document]:
    answer = person.http.get("/v1/sync/snapshot", params={"stream": stream, "resume": resume})
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.content.splitlines()]


def test_a_snapshot_ends_with_the_cursor_of_its_start(leo: Visitor) -> None:
    head, *found, end = snapshot(leo, "flows")
    assert head["since"] == ""
    ids = [str(row["id"]) for row in found]
    assert ids == sorted(ids)
    assert end["rows"] == 6
    flow = leo.flow("Messagerie de nuit")
    leo.push(leo.op(flow, change(flow, "Plus tard")))
    (row,) = rows(leo.rows("flows", str(end["next"])))
    assert row["id"] == flow["id"]


@pytest.fixture
def many(service: RunningService, leo: Visitor) -> int:
    """More queues than fit between two marks."""
    project = str(next(each["id"] for each in leo.entities("projects")))
    assert service.service is not None
    with service.service.store.write() as txn:
        for n in range(2 * pages.MARK_EVERY):
            entities.save(txn, "queue", f"{n:08}", project, {"project_id": project, "name": str(n)})
    return len(rows(leo.rows("config", limit=5000)))


def test_a_broken_snapshot_goes_on_at_its_last_mark(leo: Visitor, many: int) -> None:
    frames = snapshot(leo, "config")
    marks = [place for place, frame in enumerate(frames) if frame["t"] == "mark"]
    assert len(marks) == 2
    before = frames[: marks[0] + 1]
    assert before[-1]["rows"] == len(rows(before)) == pages.MARK_EVERY
    after = snapshot(leo, "config", str(before[-1]["resume"]))
    assert len(rows(before)) + len(rows(after)) == many
    assert not {str(row["id"]) for row in rows(before)} & {str(row["id"]) for row in rows(after)}
    end = after[-1]
    assert end["rows"] == len(rows(after))
    assert not rows(leo.rows("config", str(end["next"])))


def test_marks_vouch_for_all_lines_before_them(leo: Visitor, many: int) -> None:
    answer = leo.get("/v1/sync/snapshot?stream=config")
    head, *lines = answer.content.splitlines(keepends=True)
    digest, count = hashlib.sha256(head), 0
    for line in lines:
        frame = json.loads(line)
        if frame["t"] == "put":
            digest.update(line)
            count += 1
        else:
            cursor = frame.get("resume") or frame["next"]
            closed = digest.copy()
            closed.update(cursor.encode())
            assert (frame["rows"], frame["sha256"]) == (count, closed.hexdigest())
    assert count == many


def reason(person: Visitor, path: str) -> object:
    refused = problem(person.get(path))
    assert (refused.name, refused.status) == ("cursor-expired", 410)
    return refused.params["reason"]


def test_a_cursor_with_any_sign_changed_is_refused(leo: Visitor) -> None:
    cursor = str(leo.rows("flows")[-1]["next"])
    for place in range(0, len(cursor), 9):
        other = "A" if cursor[place] != "A" else "B"
        damaged = cursor[:place] + other + cursor[place + 1 :]
        assert reason(leo, f"/v1/sync/changes?stream=flows&cursor={damaged}") == "unknown"


def test_a_cursor_is_good_in_its_stream_alone(leo: Visitor) -> None:
    cursor = str(leo.rows("flows")[-1]["next"])
    assert reason(leo, f"/v1/sync/changes?stream=config&cursor={cursor}") == "unknown"


def test_a_cursor_of_another_epoch_is_refused(leo: Visitor, service: RunningService) -> None:
    cursor = str(leo.rows("flows")[-1]["next"])
    assert service.service is not None
    service.service.store.rotate_epoch()
    assert reason(leo, f"/v1/sync/changes?stream=flows&cursor={cursor}") == "epoch"
    assert reason(leo, f"/v1/sync/snapshot?stream=flows&resume={cursor}") == "epoch"


def test_a_cursor_of_other_rights_is_refused(leo: Visitor, claire: Visitor) -> None:
    cursor = str(claire.rows("flows")[-1]["next"])
    assert reason(leo, f"/v1/sync/changes?stream=flows&cursor={cursor}") == "access"


def test_a_cursor_from_before_the_forgotten_tombstones_is_refused(
    leo: Visitor, service: RunningService
) -> None:
    cursor = str(leo.rows("projects")[-1]["next"])
    assert service.service is not None
    flow = leo.flow("Messagerie de nuit")
    with service.service.store.write() as txn:
        entities.remove(txn, "flow", str(flow["id"]), "deleted")
    (gone,) = [row for row in rows(leo.rows("flows")) if row["t"] == "del"]
    assert (gone["id"], gone["reason"]) == (flow["id"], "deleted")
    service.clock.advance(timedelta(days=121))
    with service.service.store.write() as txn:
        entities.forget_tombstones(txn, before=txn.now - timedelta(days=120))
    leo.sign_in()
    assert reason(leo, f"/v1/sync/changes?stream=projects&cursor={cursor}") == "too-old"
    assert not [row for row in rows(leo.rows("flows")) if row["t"] == "del"]
    assert leo.hello().json()["tombstone_floor_seq"] == gone["seq"]


def test_a_snapshot_holds_no_tombstones(leo: Visitor, service: RunningService) -> None:
    assert service.service is not None
    flow = leo.flow("Messagerie de nuit")
    with service.service.store.write() as txn:
        entities.remove(txn, "flow", str(flow["id"]), "deleted")
    assert {frame["t"] for frame in snapshot(leo, "flows")} == {"head", "put", "end"}
    assert len(snapshot(leo, "flows")) == 7


def test_two_writers_leave_no_gap_behind_a_reader(service: RunningService) -> None:
    """No change with a lower number appears after a cursor was given (``sync.md`` 3, 6)."""
    assert service.service is not None
    clock = SystemClock()
    stores = [
        Store(service.data_dir, clock=clock, ids=RandomIds(clock)),
        service.service.store,
    ]

    def write(store: Store, name: str) -> None:
        for n in range(60):
            with store.write() as txn:
                entities.save(txn, "queue", f"{name}{n}", "p", {"project_id": "p", "name": name})

    writers = [Thread(target=write, args=[store, f"w{n}-"]) for n, store in enumerate(stores)]
    for writer in writers:
        writer.start()
    seen, seqs, is_over = 0, list[int](), False
    while not is_over:
        is_over = not any(writer.is_alive() for writer in writers)  # before the last look
        with service.service.store.read() as connection:
            new = entities.seqs_after(connection, seen)
        assert all(seq > seen for seq in new)
        seqs += new
        seen = max([seen, *new])
    stores[0].close()
    assert seqs == sorted(set(seqs))
    with service.service.store.read() as connection:
        assert seqs == entities.seqs_after(connection, 0)


def test_digests_by_the_ends_of_ids_sum_up_to_the_whole(leo: Visitor) -> None:
    whole = leo.get("/v1/sync/digest?stream=config").json()["buckets"][0]
    parts = leo.get("/v1/sync/digest?stream=config&depth=2").json()["buckets"]
    assert sum(each["rows"] for each in parts) == whole["rows"]
    assert sum(int(each["sum"], 16) for each in parts) % 2**64 == int(whole["sum"], 16)
    flow = leo.flow("Messagerie de nuit")
    before = leo.get("/v1/sync/digest?stream=flows").json()["buckets"][0]["sum"]
    leo.push(leo.op(flow, change(flow, "x")))
    assert leo.get("/v1/sync/digest?stream=flows").json()["buckets"][0]["sum"] != before


def test_state_answers_304_until_something_moves(leo: Visitor) -> None:
    first = leo.get("/v1/sync/state")
    known = {"If-None-Match": first.headers["etag"]}
    again = leo.http.get("/v1/sync/state", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    flow = leo.flow("Messagerie de nuit")
    leo.push(leo.op(flow, change(flow, "x")))
    assert leo.http.get("/v1/sync/state", headers=known).status_code == 200


def test_fetching_gives_exactly_what_is_asked(leo: Visitor) -> None:
    flow = leo.flow("Messagerie de nuit")
    found = leo.post("/v1/sync/fetch", {"ids": [flow["id"], "nothing"]}).json()
    assert found == {"entities": [flow], "missing": ["nothing"]}


@pytest.mark.parametrize(
    "query",
    [
        "",
        "stream=nothing",
        "stream=flows&limit=0",
        "stream=flows&limit=5001",
        "stream=flows&limit=x",
    ],
)
def test_a_question_that_is_none_is_refused(leo: Visitor, query: str) -> None:
    assert problem(leo.get(f"/v1/sync/changes?{query}")).name == "malformed"


def test_hello_tells_where_the_service_stands(leo: Visitor) -> None:
    told = leo.hello().json()
    assert told["schema"] == 1
    assert [each["name"] for each in told["streams"]] == [
        "projects",
        "config",
        "flows",
        "revisions",
    ]
    assert told["lease"].count(".") == 1


def test_hello_without_a_common_schema_is_refused(leo: Visitor) -> None:
    body = {"device_id": leo.device_id, "app": "x", "schema": {"min": 4, "max": 5}}
    assert problem(leo.post("/v1/sync/hello", body)).name == "unsupported-schema"


def test_a_client_that_has_seen_more_than_the_service_has_starts_a_new_epoch(leo: Visitor) -> None:
    epoch = leo.epoch
    refused = problem(leo.hello(epoch, high_seq=10**6))
    assert (refused.name, refused.status) == ("server-rewound", 409)
    assert refused.params["epoch"] == leo.epoch != epoch


def test_epochs_do_not_change_with_every_such_claim(leo: Visitor) -> None:
    leo.hello(leo.epoch, high_seq=10**6)
    epoch = leo.epoch
    assert problem(leo.hello(epoch, high_seq=10**6)).name == "rate-limited"
    assert leo.epoch == epoch
