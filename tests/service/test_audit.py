"""The audit: who did what, in a chain that nobody can change unseen."""

import base64
from datetime import timedelta
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import delete, update

from cx_desktop.domain.patch import Change
from cx_desktop.protocol import Grant
from cx_desktop.service.audit.chain import broken_links, digest
from cx_desktop.service.sessions import people
from cx_desktop.service.store import Store
from cx_desktop.service.store.tables import audit
from tests.fakes.service import RunningService
from tests.service.conftest import Visit
from tests.service.visitor import Visitor


@pytest.fixture
def store(service: RunningService) -> Store:
    assert service.service is not None
    return service.service.store


def newest(person: Visitor, count: int = 1000) -> list[dict[str, str]]:
    found, after, has_more = [], 0, True
    while has_more:
        page = person.get(f"/v1/audit?after={after}&limit={count}").json()
        found += page["rows"]
        after, has_more = page["next"], page["has_more"]
    return found


def test_an_edit_is_written_with_hashes_of_before_and_after(claire: Visitor, leo: Visitor) -> None:
    before = leo.flow("Messagerie de nuit")
    leo.push(leo.op(before, Change(("name",), "Nuit", before["name"])))
    row = next(each for each in reversed(newest(claire)) if each["verb"] == "flow.edit")
    assert (row["who_name"], row["entity"], row["entity_id"]) == (
        "Léo Bernard",
        "flow",
        before["id"],
    )
    stored = {key: value for key, value in before.items() if key != "etag"}
    assert row["before"] == digest(stored)


def test_sign_ins_and_failures_are_written_without_what_was_typed(
    claire: Visitor, visit: Visit
) -> None:
    leo = visit("leo.bernard")
    leo.begin(password="my secret by mistake")
    leo.username = "my secret by mistake"
    leo.begin()
    written = newest(claire)[-3:]
    assert [each["verb"] for each in written if each["verb"].startswith("session")] == [
        "session.wrong-password",
        "session.wrong-password",
    ]
    assert "mistake" not in str(written)


def test_looking_is_written_once_in_a_quarter_of_an_hour(claire: Visitor, leo: Visitor) -> None:
    def looks() -> int:
        rows = newest(claire)
        return sum(
            each["verb"] == "flow.read" and each["who_name"] == "Léo Bernard" for each in rows
        )

    leo.rows("flows")
    leo.rows("flows")
    assert looks() == 1
    leo.service.clock.advance(timedelta(minutes=15))
    leo.sign_in()
    claire.sign_in()
    leo.rows("flows")
    assert looks() == 2


def test_the_chain_holds(claire: Visitor, store: Store) -> None:
    rows = newest(claire)
    assert [int(each["n"]) for each in rows] == list(range(1, len(rows) + 1))
    for first, second in pairwise(rows):
        assert second["previous"] == first["hash"]
    with store.read() as connection:
        assert not list(broken_links(connection))


@pytest.mark.parametrize("field", ["who_name", "verb", "entity_id", "after", "detail", "previous"])
def test_a_changed_row_breaks_the_chain(store: Store, field: str) -> None:
    with store.write() as txn:
        txn.connection.execute(update(audit).where(audit.c.n == 7).values({field: "another"}))
    with store.read() as connection:
        assert 7 in broken_links(connection)


def test_a_dropped_row_and_a_moved_time_break_the_chain(store: Store) -> None:
    with store.write() as txn:
        txn.connection.execute(delete(audit).where(audit.c.n == 7))
        txn.connection.execute(update(audit).where(audit.c.n == 11).values(at=txn.now))
    with store.read() as connection:
        assert list(broken_links(connection)) == [8, 11]


def test_heads_of_closed_days_are_signed(claire: Visitor) -> None:
    told = claire.get("/v1/audit/heads").json()
    today = claire.service.clock.now().date().isoformat()
    assert today not in {each["day"] for each in told["heads"]}
    claire.service.clock.advance(timedelta(days=1))
    claire.sign_in()
    head = claire.get("/v1/audit/heads").json()["heads"][-1]
    assert head["day"] == today
    row = next(each for each in newest(claire) if each["n"] == head["n"])
    assert row["hash"] == head["hash"]
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(told["signing_key"]))
    message = f"{head['day']} {head['n']} {head['hash']}"
    key.verify(base64.b64decode(head["signature"]), message.encode())


def test_an_auditor_of_one_project_reads_that_project(
    claire: Visitor, service: RunningService
) -> None:
    assert service.service is not None
    with service.service.store.write() as txn:
        ines = people.by_username(txn.connection, "ines.moreau")
        assert ines is not None
        (held,) = people.grants_of(txn.connection, ines.id)
        people.grant(txn, ines.id, [Grant(role="auditor", project_id=held.project_id)])
    account = service.account("supervisor")
    with Visitor(service, account.username, account.password) as auditor:
        auditor.sign_in()
        rows = newest(auditor)
        assert rows
        assert {each["project_id"] for each in rows} == {held.project_id}
    assert len(newest(claire)) > len(rows)
