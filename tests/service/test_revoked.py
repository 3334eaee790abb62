"""Invariant 22: no write is taken from who was revoked, wherever the revocation falls."""

import asyncio
from collections.abc import Iterator

import msgspec
import pytest
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import delete, func, select, update

from cx_desktop.domain.patch import Change, Document
from cx_desktop.protocol import Push
from cx_desktop.protocol.uploads import Announced
from cx_desktop.service.app import ENDPOINTS
from cx_desktop.service.call import Call
from cx_desktop.service.describe import contract_of
from cx_desktop.service.problems import Refusal
from cx_desktop.service.service import Service
from cx_desktop.service.sessions.tokens import actor_of
from cx_desktop.service.store.tables import audit, device, entity, op_result, role_grant
from tests.fakes.service import RunningService
from tests.service.operations import bodies, ids_of
from tests.service.visitor import Visitor, problem

#: These write nothing that anybody asked for, or end what is over anyhow.
_LOOKS = {
    ("POST", "/v1/sync/hello"),
    ("POST", "/v1/sync/fetch"),
    ("DELETE", "/v1/sessions/current"),
}
WRITING = [
    each
    for each in ENDPOINTS
    if contract_of(each).verb is not None
    and contract_of(each).method not in {"GET", "HEAD"}
    and (contract_of(each).method, contract_of(each).path) not in _LOOKS
]
SOUND = b"sound"
DIGEST = "c7a5f5d5fb4ba6c3bbf6b4b3c8c1c0d8d8b3e6f6b1b0a0d0e0f0a0b0c0d0e0f0"


def running(service: RunningService) -> Service:
    assert service.service is not None
    return service.service


def revoke(service: Service, device_id: str) -> None:
    with service.store.write() as txn:
        mine = device.c.id == device_id
        txn.connection.execute(update(device).where(mine).values(revoked_at=txn.now))


def written(service: Service) -> tuple[object, ...]:
    """What any write would change."""
    with service.store.read() as connection:
        return (
            connection.execute(select(func.max(entity.c.seq))).scalar(),
            connection.execute(select(func.max(audit.c.n))).scalar(),
            connection.execute(select(func.count()).select_from(op_result)).scalar(),
            connection.execute(select(device.c.acked_upto)).scalars().all(),
        )


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


@pytest.fixture(scope="module")
def claire(service: RunningService) -> Iterator[Visitor]:
    account = service.account("administrator")
    with Visitor(service, account.username, account.password) as claire:
        yield claire.sign_in()


@pytest.fixture(scope="module")
def ids(claire: Visitor) -> dict[str, str]:
    return ids_of(claire, "Maison Lumen")


def body_of(visitor: Visitor, ids: dict[str, str], method: str, path: str) -> bytes:
    if path == "/v1/sync/push":
        push = Push(visitor.device_id, visitor.epoch, 1, 10**9, ())
        return msgspec.json.encode(push)
    if path == "/v1/step-up":
        return b'{"code": "000000", "verb": "publish"}'
    if (method, path) == ("POST", "/v1/blobs"):
        return msgspec.json.encode(Announced(ids["project_id"], DIGEST, len(SOUND)))
    found = bodies(ids).get(f"{method} {path}")
    is_file = "blobs" in path or "uploads" in path
    return SOUND if is_file else msgspec.json.encode(found)


def upload_of(visitor: Visitor, ids: dict[str, str]) -> str:
    """An upload that has begun, and waits for its first part."""
    announced = Announced(ids["project_id"], DIGEST, len(SOUND))
    answer = visitor.post("/v1/blobs", msgspec.to_builtins(announced))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


@pytest.mark.parametrize("endpoint", WRITING, ids=lambda each: contract_of(each).name)
def test_invariant_22_a_revocation_after_the_door_is_found_by_the_transaction(
    service: RunningService, ids: dict[str, str], endpoint: HTTPRouteHandler
) -> None:
    contract, account = contract_of(endpoint), service.account("administrator")
    with Visitor(service, account.username, account.password) as visitor:
        visitor.next_code()
        visitor.sign_in()
        assert visitor.tokens is not None
        actor = actor_of(running(service), visitor.tokens.access_token)
        upload = upload_of(visitor, ids)
        call = Call(
            service=running(service),
            request_id="r",
            address="",
            target=f"{contract.method} {contract.path}",
            raw=body_of(visitor, ids, contract.method, contract.path),
            path={**ids, "device_id": visitor.device_id, "sha256": DIGEST, "number": "1"}
            | {"upload": upload},
            params={"project_id": ids["project_id"]},
            headers={
                "content-type": contract.takes or "application/json",
                "if-match": f'"{visitor.epoch}-1"',
                "upload-offset": "0",
                "idempotency-key": f"after {contract.name}",
                **({"if-none-match": "*"} if contract.is_creation else {}),
            },
            signed_in=actor,
        )
    revoke(running(service), actor.device_id)
    before = written(running(service))

    async def ask() -> object:
        return await endpoint.fn(call=call)

    with pytest.raises(Refusal) as refused:
        asyncio.run(ask())
    assert refused.value.name == "device-revoked"
    assert written(running(service)) == before
    assert running(service).uploads.size(upload) == 0


def test_invariant_22_the_rest_of_a_batch_is_not_done(
    service: RunningService,
) -> None:
    account = service.account("flow_designer")
    with Visitor(service, account.username, account.password) as leo:
        leo.next_code()
        leo.sign_in()
        flow = leo.flow("Messagerie de nuit")
        ops, was = [], flow["name"]
        for name in ("Un", "Deux", "Trois"):
            ops.append(leo.op(flow, Change(("name",), name, was)))
            was = name
        seen: list[object] = []

        def after_the_second(moved: object) -> None:
            seen.append(moved)
            if len(seen) == 2:
                revoke(running(service), leo.device_id)

        epoch = leo.epoch
        running(service).store.on_commit(after_the_second)
        answer = leo.push_raw(ops, epoch)
    assert problem(answer).name == "device-revoked"
    with running(service).store.read() as connection:
        found = connection.execute(select(entity.c.data).where(entity.c.id == flow["id"])).scalar()
        kept = select(op_result.c.op_id).where(op_result.c.device_id == leo.device_id)
        assert connection.execute(kept).scalars().all() == [each.op_id for each in ops[:2]]
    assert msgspec.json.decode(found or b"{}")["name"] == "Deux"


def test_a_second_factor_given_on_a_device_that_was_revoked_meanwhile_opens_nothing(
    service: RunningService,
) -> None:
    account = service.account("flow_designer")
    with Visitor(service, account.username, account.password) as leo:
        leo.next_code()
        leo.sign_in()
        begun = leo.begin()
        revoke(running(service), leo.device_id)
        answer = leo.verify(begun.json()["id"], service.code(leo.username))
        assert problem(answer).name == "device-revoked"


def test_roles_are_those_of_the_transaction_too(
    service: RunningService,
) -> None:
    account = service.account("flow_designer")
    with Visitor(service, account.username, account.password) as leo:
        leo.next_code()
        leo.sign_in()
        assert leo.signed_in is not None
        flow: Document = leo.entities("flows")[0]
        held = role_grant.c.user_id == leo.signed_in.user.id
        first, second = (leo.op(flow, Change(("name",), each, flow["name"])) for each in "AB")

        def taken(_moved: object) -> None:
            with running(service).store.write() as txn:
                txn.connection.execute(delete(role_grant).where(held))

        epoch = leo.epoch
        running(service).store.on_commit(taken)
        answer = leo.push_raw([first, second], epoch)
        results = answer.json()["results"]
        assert [each["status"] for each in results] == ["applied", "rejected"]
        assert results[1]["problem"]["type"].endswith("not-found")
