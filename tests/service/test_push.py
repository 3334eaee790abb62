"""Pushed edits: exactly once, merged where nothing touched, refused without harm to the rest."""

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from cx_desktop.domain.patch import Change, Document
from cx_desktop.protocol import Op, Pushed
from cx_desktop.service.audit.chain import broken_links, rows
from tests.fakes.service import RunningService
from tests.service.conftest import Visit
from tests.service.visitor import Visitor, problem

NEW = "01999999-0000-7000-8000-00000000000a"


@pytest.fixture
def flow(leo: Visitor) -> Document:
    return leo.flow("Messagerie de nuit")


def renamed(flow: Document, name: str) -> Change:
    return Change(path=("name",), value=name, was=flow["name"])


def described(flow: Document, text: str) -> Change:
    return Change(path=("description",), value=text, was=flow["description"])


def creation(person: Visitor, **value: object) -> Op:
    project = person.flow("Messagerie de nuit")["project_id"]
    op = person.op({"id": NEW, "ver": 0})
    return msgspec.structs.replace(
        op, kind="create", value={"project_id": project, "name": "Nouveau", **value}
    )


def test_an_edit_is_applied_with_its_version_and_place(leo: Visitor, flow: Document) -> None:
    (result,) = leo.push(leo.op(flow, renamed(flow, "Nuit")))
    assert (result.status, result.ver) == ("applied", int(str(flow["ver"])) + 1)
    now = leo.flow("Nuit")
    assert (now["ver"], now["etag"]) == (result.ver, f'"{leo.epoch}-{result.ver}"')
    assert now["updated_by"]["name"] == "Léo Bernard"  # type: ignore[index]


def test_a_reply_that_was_lost_is_given_again_and_nothing_done_twice(
    leo: Visitor, flow: Document
) -> None:
    op = leo.op(flow, renamed(flow, "Nuit"))
    (first,), (second,) = leo.push(op), leo.push(op)
    assert second.status == "duplicate"
    assert (second.ver, second.seq) == (first.ver, first.seq)
    assert leo.flow("Nuit")["ver"] == first.ver


def test_ten_copies_at_once_have_one_effect(leo: Visitor, flow: Document) -> None:
    op, epoch = leo.op(flow, renamed(flow, "Nuit")), leo.epoch
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: leo.push_raw([op], epoch), range(10)))
    results = [msgspec.json.decode(each.content, type=Pushed).results[0] for each in answers]
    assert sorted(each.status for each in results) == ["applied"] + ["duplicate"] * 9
    assert {each.ver for each in results} == {leo.flow("Nuit")["ver"]}


def test_an_op_id_is_for_one_edit(leo: Visitor, flow: Document) -> None:
    leo.push(leo.op(flow, renamed(flow, "Nuit"), op_id="a"))
    (result,) = leo.push(leo.op(flow, described(flow, "x"), op_id="a", n=1))
    assert result.status == "rejected"
    assert result.problem is not None
    assert result.problem.name == "op-id-reused"
    assert leo.flow("Nuit")["description"] == flow["description"]


def test_edits_of_other_places_are_merged(leo: Visitor, claire: Visitor, flow: Document) -> None:
    claire.push(claire.op(flow, renamed(flow, "Nuit")))
    (result,) = leo.push(leo.op(flow, described(flow, "La nuit")))
    assert result.status == "merged"
    assert result.entity is not None
    assert (result.entity["name"], result.entity["description"]) == ("Nuit", "La nuit")


def test_edits_of_one_place_conflict_and_nothing_of_the_op_is_done(
    leo: Visitor, claire: Visitor, flow: Document
) -> None:
    claire.push(claire.op(flow, renamed(flow, "Nuit")))
    op = leo.op(flow, described(flow, "La nuit"), renamed(flow, "Soir"))
    (result,), (again,) = leo.push(op), leo.push(op)
    assert result.status == again.status == "conflict"
    assert result.entity == again.entity == leo.flow("Nuit")
    assert leo.flow("Nuit")["description"] == flow["description"]


def test_two_who_write_the_same_do_not_conflict(
    leo: Visitor, claire: Visitor, flow: Document
) -> None:
    claire.push(claire.op(flow, renamed(flow, "Nuit")))
    (result,) = leo.push(leo.op(flow, renamed(flow, "Nuit")))
    assert result.status == "merged"


def test_where_a_step_stands_never_conflicts(leo: Visitor, claire: Visitor, flow: Document) -> None:
    def moved(x: int) -> Change:
        return Change(path=("draft", "nodes", "start", "x"), value=x, was=0)

    claire.push(claire.op(flow, moved(10)))
    (result,) = leo.push(leo.op(flow, moved(20)))
    assert result.status == "merged"


def test_a_flow_is_created_and_edited_in_one_batch(leo: Visitor) -> None:
    create = creation(leo)
    patch = leo.op({"id": NEW, "ver": 1}, Change(("name",), "Nouveau 2", "Nouveau"))
    patch = msgspec.structs.replace(patch, after=create.op_id)
    assert [each.status for each in leo.push(create, patch)] == ["applied", "applied"]
    assert leo.flow("Nouveau 2")["draft_ver"] == 1


def test_what_follows_a_refused_op_is_blocked_and_the_rest_goes_on(
    leo: Visitor, flow: Document
) -> None:
    bad = creation(leo, name="")
    child = leo.op({"id": NEW, "ver": 1}, Change(("name",), "x"), after=bad.op_id)
    grandchild = leo.op({"id": NEW, "ver": 1}, Change(("name",), "y"), after=child.op_id)
    other = leo.op(flow, renamed(flow, "Nuit"))
    statuses = [each.status for each in leo.push(bad, child, grandchild, other)]
    assert statuses == ["rejected", "blocked", "blocked", "applied"]


def test_a_blocked_op_may_be_pushed_again(leo: Visitor) -> None:
    bad = creation(leo, name="")
    child = leo.op({"id": NEW, "ver": 1}, Change(("name",), "x", "Nouveau"), after=bad.op_id)
    leo.push(bad, child)
    good = msgspec.structs.replace(creation(leo), op_id="good")
    child = msgspec.structs.replace(child, after="good")
    assert [each.status for each in leo.push(good, child)] == ["applied", "applied"]


@pytest.mark.parametrize(
    "change",
    [
        Change(("live_revision",), 7),
        Change(("draft",), {}),
        Change(("draft", "nodes", "start"), "no node"),
        Change(("draft", "links", "start", "next"), 7),
        Change(("name",), ""),
        Change((), "x"),
    ],
)
def test_what_may_not_be_written_is_rejected(leo: Visitor, flow: Document, change: Change) -> None:
    now = leo.get(f"/v1/flows/{flow['id']}").json()
    known = msgspec.structs.replace(change, was=read_or_none(now, change))
    (result,) = leo.push(leo.op(flow, known))
    assert result.status == "rejected"
    assert result.problem is not None
    assert result.problem.name == "malformed"
    assert leo.get(f"/v1/flows/{flow['id']}").json() == now


def read_or_none(document: object, change: Change) -> object:
    for key in change.path:
        document = document.get(key, msgspec.UNSET) if isinstance(document, dict) else msgspec.UNSET
    return document


@pytest.mark.parametrize(
    "other",
    [{"kind": "delete"}, {"kind": "create", "value": None}, {"entity": "number"}],
)
def test_an_op_of_a_kind_that_is_none_is_rejected(
    leo: Visitor, flow: Document, other: dict[str, object]
) -> None:
    (result,) = leo.push(msgspec.structs.replace(leo.op(flow), **other))
    assert result.status == "rejected"


def test_archiving_by_push_asks_who_uses_the_flow(leo: Visitor) -> None:
    used, free = leo.flow("Accueil principal"), creation(leo)
    leo.push(free)
    archived = Change(("archived",), value=True, was=False)
    (refused, done) = leo.push(leo.op(used, archived), leo.op({"id": NEW, "ver": 1}, archived))
    assert refused.problem is not None
    assert (refused.problem.name, done.status) == ("in-use", "applied")


def test_editing_by_push_needs_the_right_to_edit(visit: Visit) -> None:
    ines = visit("ines.moreau").sign_in()
    flow = ines.flow("Messagerie de nuit")
    (result,) = ines.push(ines.op(flow, renamed(flow, "x")))
    assert result.problem is not None
    assert result.problem.name == "forbidden"


def test_another_copy_of_a_device_is_told_so(leo: Visitor, flow: Document) -> None:
    leo.push(leo.op(flow, renamed(flow, "Nuit"), op_id="first", n=7))
    answer = leo.push_raw([leo.op(flow, described(flow, "x"), op_id="second", n=7)])
    assert problem(answer).name == "device-cloned"


def test_a_push_of_another_epoch_is_refused(leo: Visitor, flow: Document) -> None:
    answer = leo.push_raw([leo.op(flow, renamed(flow, "x"))], epoch="feedbeef")
    assert problem(answer).name == "server-rewound"
    assert problem(answer).params["epoch"] == leo.epoch


def test_a_push_of_another_schema_or_device_is_refused(leo: Visitor) -> None:
    assert problem(leo.push_raw([], schema=4)).name == "unsupported-schema"
    assert problem(leo.push_raw([], device_id="other")).name == "forbidden"


def test_more_than_500_ops_are_too_many(leo: Visitor, flow: Document) -> None:
    ops = [leo.op(flow, renamed(flow, "x")) for _ in range(501)]
    assert problem(leo.push_raw(ops)).name == "too-large"


def test_results_outlive_a_restart(leo: Visitor, flow: Document, service: RunningService) -> None:
    op = leo.op(flow, renamed(flow, "Nuit"))
    leo.push(op)
    service.stop()
    service.start()
    (result,) = leo.push(op)
    assert result.status == "duplicate"


def test_every_effect_is_audited_and_no_refusal_leaves_a_trace(
    leo: Visitor, flow: Document, service: RunningService
) -> None:
    assert service.service is not None
    with service.service.store.read() as connection:
        before = rows(connection, after=0, limit=10_000, project_ids=None)[-1].n
    leo.push(leo.op(flow, renamed(flow, "Nuit")), leo.op(flow, Change(("name",), "")))
    with service.service.store.read() as connection:
        written = rows(connection, after=before, limit=100, project_ids=None)
        assert not list(broken_links(connection))
    assert [(each.verb, each.entity_id) for each in written] == [("flow.edit", flow["id"])]
    assert written[0].before != written[0].after


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"ops": 1}',
        b'{"device_id":"x","epoch":"x","schema":1,"acked_upto":0,"ops":[{"op_id":1}]}',
        b"[" * 100_000,
        b'{"device_id":"\xff"}',
    ],
)
def test_a_body_that_is_none_is_refused_with_its_place(leo: Visitor, content: bytes) -> None:
    answer = leo.http.post(
        "/v1/sync/push", content=content, headers={"Content-Type": "application/json"}
    )
    assert problem(answer).name == "malformed"
    assert problem(answer).errors


def test_a_draft_nested_without_end_is_refused(leo: Visitor) -> None:
    deep = '{"a":' * 3000 + "1" + "}" * 3000
    body = (
        f'{{"device_id":"{leo.device_id}","epoch":"{leo.epoch}","schema":1,"acked_upto":0,'
        f'"ops":[{{"op_id":"a","n":1,"entity":"flow","id":"{NEW}","kind":"create",'
        f'"at":"2026-11-16T09:00:00Z","value":{{"project_id":"p","name":"x",'
        f'"draft":{{"meta":{deep}}}}}}}]}}'
    )
    answer = leo.http.post(
        "/v1/sync/push", content=body, headers={"Content-Type": "application/json"}
    )
    assert problem(answer).name == "malformed"


def test_a_batch_holds_a_megabyte_and_one_op_more(leo: Visitor) -> None:
    notes = {f"n{n}": {"id": f"n{n}", "text": "x" * 1000} for n in range(1500)}
    large = creation(leo, draft={"notes": notes})
    small = leo.op({"id": NEW, "ver": 1}, Change(("name",), "y", "Nouveau"))
    assert problem(leo.push_raw([large, small])).name == "too-large"
    assert [each.status for each in leo.push(large)] == ["applied"]


def test_a_full_disk_loses_nothing_and_asks_to_come_again(
    leo: Visitor, service: RunningService
) -> None:
    assert service.service is not None
    store, create = service.service.store, creation(leo)
    notes = {f"n{n}": {"id": f"n{n}", "text": "x" * 1000} for n in range(500)}
    large = msgspec.structs.replace(
        create, value=dict(create.value or {}) | {"draft": {"notes": notes}}
    )
    with store.write() as txn:
        pages = txn.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        txn.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 4}")
    before = leo.rows("flows")[-1]["next"]
    (result,) = leo.push(large)
    assert result.status == "retry"
    assert leo.rows("flows")[-1]["next"] == before
    with store.write() as txn:
        txn.connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    (result,) = leo.push(large)
    assert result.status == "applied"


@pytest.mark.parametrize("flow_id", ["", "a" * 65, "../../etc", "é", "a b", "a\n"])
def test_an_id_that_is_none_is_rejected(leo: Visitor, flow_id: str) -> None:
    (result,) = leo.push(msgspec.structs.replace(creation(leo), id=flow_id))
    assert result.status == "rejected"


def test_an_op_id_has_a_length(leo: Visitor, flow: Document) -> None:
    answer = leo.push_raw([leo.op(flow, op_id="a" * 101)])
    assert problem(answer).errors[0].pointer == "/ops/0/op_id"


def test_a_creation_of_what_is_there_is_merged_into_it(leo: Visitor, flow: Document) -> None:
    """After a restore two may offer the same flow again: ids are drawn once."""
    value = {key: flow[key] for key in ("project_id", "name", "draft")} | {"name": "Älter"}
    op = msgspec.structs.replace(leo.op(flow), kind="create", value=value, changes=())
    (result,) = leo.push(op)
    assert result.status == "merged"
    assert result.entity is not None
    assert result.entity["name"] == flow["name"]


def test_a_copy_of_a_device_may_count_an_op_anew(leo: Visitor, flow: Document) -> None:
    op = leo.op(flow, renamed(flow, "Nuit"))
    leo.push(op)
    (again,) = leo.push(msgspec.structs.replace(op, n=op.n + 1000))
    assert again.status == "duplicate"
