"""Orders of the service while somebody works: evict, lock, wipe; and what is none of its orders."""

import hashlib
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import LargeBinary, delete, func, insert, select

from cx_desktop.auth.gate import Gate
from cx_desktop.auth.handover import left_of
from cx_desktop.auth.orders import Order, Orders
from cx_desktop.auth.profile import Profiles
from cx_desktop.cache import Cache, Edit, Place, tables
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import LoopbackTransport, build_http
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Change, Document
from cx_desktop.overrides import override
from cx_desktop.ports import RandomIds
from cx_desktop.protocol import PerProject
from cx_desktop.protocol.directives import Act, Directive
from cx_desktop.protocol.escrow import Contents, unseal
from cx_desktop.service.demo_recordings import seed_recordings
from cx_desktop.service.store import orders as given
from cx_desktop.service.store.tables import device, device_order, escrow, role_grant
from cx_desktop.service.store.tables import person as people
from cx_desktop.sync import Engine
from cx_desktop.sync.heeding import Heeding
from tests.auth.gates import CHEAP
from tests.fakes.credentials import MemoryCredentials
from tests.fakes.faults import (
    NOT_THE_SERVICE,
    Faults,
    answer,
    drop_reply,
    drop_request,
    problem,
)
from tests.fakes.service import RunningService

NOW = datetime(2026, 11, 23, tzinfo=UTC)
LUMEN, PRO = "Maison Lumen", "Lumen Pro"
SOUND = b"RIFF-a-sound-that-was-not-sent" * 50


class Person:
    """Claire at her computer, with all that is behind the window."""

    def __init__(self, folder: Path, service: RunningService) -> None:
        self.service = service
        self.faults = Faults(LoopbackTransport(None))
        self.told: list[Order | None] = []
        self.gate = Gate(
            profiles=Profiles(folder),
            credentials=MemoryCredentials(),
            clock=service.clock,
            connect=lambda server: ServiceClient(
                build_http(server, loopback_only=True, transport=self.faults)
            ),
            cost=CHEAP,
        )
        account = service.account("administrator")
        service.clock.advance(timedelta(minutes=1))
        self.gate.begin(service.url, account.username, account.password)
        self.opened = self.gate.verify(service.code(account.username))
        self.ids = RandomIds(service.clock)
        self._open()

    def _open(self) -> None:
        opened, clock = self.opened, self.service.clock
        folder, key = opened.profile.folder, opened.cache_key
        self.cache = Cache.open(folder, key, clock=clock, ids=self.ids)
        self.engine = Engine(
            cache=self.cache,
            client=opened.client,
            device_id=opened.device_id,
            clock=clock,
            random=Random(1),  # noqa: S311  (repeatable pauses, not secrets)
            on_status=lambda _status: None,
        )
        self.engine.heed(
            Heeding(self.cache, opened.orders, user=opened.user, clock=clock, told=self.told.append)
        )

    def reopened(self) -> None:
        self.cache.close()
        self._open()

    def close(self) -> None:
        self.cache.close()
        self.gate.lock(self.opened)

    @property
    def projects(self) -> dict[str, str]:
        return {str(row.data["name"]): row.id for row in self.cache.rows("project")}

    def sees_only(self, *names: str) -> None:
        """What an administrator decides: the roles that remain."""
        assert self.service.service is not None
        ids = {name: PROJECTS[name] for name in names}
        with self.service.service.store.write() as txn:
            mine = role_grant.c.user_id == self.opened.user.id
            txn.connection.execute(delete(role_grant).where(mine))
            for project_id in ids.values():
                values = {"role": "administrator", "project_id": project_id}
                row = insert(role_grant).values(user_id=self.opened.user.id, **values)
                txn.connection.execute(row)

    def works_on(self, project: str) -> set[str]:
        """A flow edited, a flow made, a sound recorded; none of it is sent. The ops."""
        flow = self.cache.rows("flow", project_id=project)[0]
        change = Change(("name",), "Renommé ici", flow.data["name"])
        value: Document = {"project_id": project, "name": "Fait ici", "description": ""}
        made = self.cache.edit(
            Edit("flow", flow.id, changes=(change,)), Edit("flow", self.ids.new(), value=value)
        )
        self.cache.blobs.keep(project, SOUND, is_sent=False)
        return set(made)

    def rows_of(self, project: str) -> dict[str, int]:
        """How many rows of each table, whatever their column is called, are of a project."""
        found: dict[str, int] = {}
        with self.cache._read() as connection:
            for table in tables.METADATA.sorted_tables:
                texts = [
                    func.instr(
                        column if not isinstance(column.type, LargeBinary) else func.hex(column),
                        each,
                    )
                    for column in table.columns
                    for each in (
                        (project,)
                        if not isinstance(column.type, LargeBinary)
                        else (project.replace("-", "").upper(), project.encode().hex().upper())
                    )
                ]
                rows = select(func.count()).select_from(table)
                for text in texts:
                    count = connection.execute(rows.where(text > 0)).scalar_one()
                    found[table.name] = found.get(table.name, 0) + count
        return {name: count for name, count in found.items() if count}


PROJECTS: dict[str, str] = {}


@pytest.fixture(scope="module")
def running() -> Iterator[RunningService]:
    with RunningService() as service:
        assert service.service is not None
        seed_recordings(service.service, 300)
        yield service


@pytest.fixture
def person(tmp_path: Path, running: RunningService) -> Iterator[Person]:
    """Claire, who sees everything, at a new computer; nothing was handed over by anybody yet."""
    assert running.service is not None
    with running.service.store.write() as txn:
        claire = select(people.c.id).where(people.c.username == "claire.martin")
        mine = txn.connection.execute(claire).scalar_one()
        txn.connection.execute(delete(role_grant).where(role_grant.c.user_id == mine))
        everything = {"user_id": mine, "role": "administrator", "project_id": ""}
        txn.connection.execute(insert(role_grant).values(everything))
        txn.connection.execute(delete(escrow))
    person = Person(tmp_path, running)
    person.engine.sync_once()
    PROJECTS.update(person.projects)
    yield person
    person.close()


def escrowed(person: Person) -> tuple[Contents, ...]:
    assert person.service.service is not None
    with person.service.service.store.read() as connection:
        packages = connection.execute(select(escrow.c.package)).scalars()
        return tuple(unseal(each, person.service.service.keys.escrow) for each in packages)


def ordered(person: Person, act: Act) -> None:
    assert person.service.service is not None
    with person.service.service.store.write() as txn:
        given.give(txn, person.opened.device_id, act)
        mine = device.c.id == person.opened.device_id
        txn.connection.execute(device.update().where(mine).values(revoked_at=txn.now))


def open_orders(person: Person) -> int:
    assert person.service.service is not None
    with person.service.service.store.read() as connection:
        query = (
            select(func.count())
            .select_from(device_order)
            .where(
                device_order.c.over_at.is_(None),
                device_order.c.device_id == person.opened.device_id,
            )
        )
        return int(connection.execute(query).scalar_one())


def test_invariant_24_what_may_be_seen_no_more_goes_with_the_next_contact(person: Person) -> None:
    """Rows of every table, its own streams, its files; its unsent edits sealed and handed over."""
    pro, lumen = person.projects[PRO], person.projects[LUMEN]
    made = person.works_on(pro)
    others = person.works_on(lumen)
    kept = person.cache.blobs.keep(pro, b"a sound that was sent", is_sent=True)
    before = person.rows_of(pro)
    assert {"entity", "outbox"} <= before.keys()
    person.sees_only(LUMEN)
    person.faults.strike("/sync/push", drop_request)  # the edits of the other project wait
    with pytest.raises(CXError):
        person.engine.sync_once()
    assert {name: n for name, n in person.rows_of(pro).items() if name != "meta"} == {}
    assert not person.cache.blobs.has(Place(pro, kept))
    assert person.cache.blobs.has(Place(lumen, hashlib.sha256(SOUND).hexdigest()))
    assert {each.op.op_id for each in person.cache.outbox()} == others
    assert person.cache.sync.verify() == ()
    [contents] = escrowed(person)
    assert {each.op.op_id for each in contents.edits} == made
    assert [each.name for each in contents.edits] == ["Renommé ici", "Fait ici"]
    assert b"".join(each.content for each in contents.files) == SOUND
    assert contents.source.projects == {pro: PRO}
    [noted] = person.cache.leaving.evictions()
    assert (noted.name, noted.edits, noted.files) == (PRO, 2, 1)
    assert open_orders(person) == 0
    assert left_of(person.opened.profile.folder) == ()
    status = person.engine.sync_once()
    assert status.is_complete
    assert person.rows_of(lumen)
    assert PerProject.RECORDINGS.of(pro) not in {s.name for s in person.cache.sync.streams()}
    person.cache.leaving.seen(noted)
    assert person.cache.leaving.evictions() == ()
    assert person.rows_of(pro) == {}


def test_access_that_comes_back_brings_the_project_back(person: Person) -> None:
    pro = person.projects[PRO]
    person.sees_only(LUMEN)
    person.engine.sync_once()
    assert pro not in person.projects.values()
    person.sees_only(LUMEN, PRO)
    person.engine.sync_once()
    assert person.cache.rows("flow", project_id=pro)
    person.sees_only(LUMEN)
    person.engine.sync_once()
    assert not person.cache.rows("flow", project_id=pro)


def test_whoever_may_do_nothing_any_more_gives_up_one_project_after_the_other(
    person: Person,
) -> None:
    """Without any role hello is refused; the signed order comes all the same, and alone counts."""
    made = {name: person.works_on(person.projects[name]) for name in (LUMEN, PRO)}
    person.sees_only()
    person.faults.strike("/challenge", drop_request)
    with pytest.raises(CXError):
        person.engine.sync_once()
    assert len(person.cache.rows("project")) == 2, "a refusal is no order"
    assert {each.op.op_id for each in person.cache.outbox()} == made[LUMEN] | made[PRO]
    with pytest.raises(CXError):
        person.engine.sync_once()
    assert person.cache.rows("project") == ()
    assert person.cache.outbox() == ()
    assert person.told == []
    saved = {edit.op.op_id for each in escrowed(person) for edit in each.edits}
    assert saved == made[LUMEN] | made[PRO]
    assert {each.name for each in person.cache.leaving.evictions()} == {LUMEN, PRO}
    assert open_orders(person) == 0


def test_what_was_sealed_and_not_handed_over_is_offered_again(person: Person) -> None:
    pro = person.projects[PRO]
    made = person.works_on(pro)
    person.sees_only(LUMEN)
    person.faults.strike("/escrow", *[drop_request] * 6)
    person.engine.sync_once()
    assert not person.cache.rows("flow", project_id=pro), "readable data does not wait"
    assert escrowed(person) == ()
    person.reopened()
    person.engine.sync_once()
    [contents] = escrowed(person)
    assert {each.op.op_id for each in contents.edits} == made
    assert left_of(person.opened.profile.folder) == ()


@pytest.mark.parametrize("place", ["/directive", "/challenge", "/escrow", "/wiped"])
def test_an_answer_that_is_lost_anywhere_loses_no_edit(person: Person, place: str) -> None:
    pro = person.projects[PRO]
    made = person.works_on(pro)
    person.sees_only(LUMEN)
    person.faults.strike(place, *[drop_reply] * 4)
    for _ in range(4):
        try:
            person.engine.sync_once()
        except CXError:
            continue
    assert person.faults.pending == 0 or not person.cache.rows("flow", project_id=pro)
    person.faults.calm()
    person.engine.sync_once()
    assert {edit.op.op_id for each in escrowed(person) for edit in each.edits} == made
    assert not person.cache.rows("flow", project_id=pro)
    assert open_orders(person) == 0


def test_invariant_24_a_proxy_that_refuses_takes_no_project(person: Person) -> None:
    pro = person.projects[PRO]
    made = person.works_on(pro)
    before = person.rows_of(pro)
    for fault in NOT_THE_SERVICE.values():
        person.faults.always = fault
        with pytest.raises(CXError):
            person.engine.sync_once()
        assert person.rows_of(pro) == before
    assert {each.op.op_id for each in person.cache.outbox()} == made
    assert person.told == []


def test_a_refusal_of_the_service_alone_takes_no_project(person: Person) -> None:
    """Only the signed order does, or a complete page: not the word ``forbidden``."""
    pro = person.projects[PRO]
    before = person.rows_of(pro)
    for status, name in itertools.product((401, 403, 404), ("forbidden", "not-found")):
        person.faults.always = problem(name, status)
        with pytest.raises(CXError):
            person.engine.sync_once()
    assert person.rows_of(pro) == before


def test_an_order_to_evict_that_was_not_signed_locks_and_takes_nothing(person: Person) -> None:
    pro = person.projects[PRO]
    person.works_on(pro)
    before = person.rows_of(pro)
    person.sees_only(LUMEN)
    person.faults.strike("/directive", answer(200, b'{"directive": "x.y"}', "application/json"))
    with pytest.raises(CXError) as raised:
        person.engine.sync_once()
    assert raised.value.key == "problem.directive-invalid"
    assert person.told == [None]
    assert person.rows_of(pro) == before


def _revoked(person: Person) -> None:
    with pytest.raises(CXError) as raised:
        person.engine.sync_once()
    assert raised.value.key == "problem.device-revoked"


def test_a_device_that_was_revoked_hears_its_order_once(person: Person) -> None:
    ordered(person, Act.WIPE)
    for _ in range(3):
        _revoked(person)
    [order] = person.told
    assert order is not None
    assert order.act is Act.WIPE


def test_a_device_that_was_revoked_and_hears_no_order_is_locked(person: Person) -> None:
    ordered(person, Act.WIPE)
    person.faults.strike("/challenge", drop_request)
    _revoked(person)
    assert person.told == [None]


def test_a_session_that_ended_is_no_reason_to_lock(person: Person) -> None:
    person.opened.client.sessions.sign_out()
    with pytest.raises(CXError) as raised:
        person.engine.sync_once()
    assert raised.value.key == "problem.token-invalid"
    person.faults.strike("/challenge", drop_request)
    with pytest.raises(CXError):
        person.engine.sync_once()
    assert person.told == []


def test_somebody_who_goes_on_typing_while_a_project_goes_loses_nothing(person: Person) -> None:
    """An edit that comes between the sealing and the deleting is sealed too, or nothing goes."""
    pro = person.projects[PRO]
    made = person.works_on(pro)
    person.sees_only(LUMEN)
    leaving, late = person.cache.leaving, list[str]()
    bundle = leaving.bundle(pro)
    flow = person.cache.rows("flow", project_id=pro)[1]
    late += person.cache.edit(Edit("flow", flow.id, changes=(Change(("name",), "Tard", None),)))
    assert not leaving.evict({pro: bundle}, person.service.clock.now())
    assert person.cache.rows("flow", project_id=pro)
    person.engine.sync_once()
    saved = {edit.op.op_id for each in escrowed(person) for edit in each.edits}
    assert saved == made | set(late)


class _Silent(Orders):
    """A service that gives no orders."""

    @override
    def ask(self) -> Order:
        said = Directive("", 0, self.device_id, Act.NONE, NOW, "", "")
        return Order(said, "")


def test_without_an_order_a_complete_page_takes_what_is_clean_of_a_project(person: Person) -> None:
    """It says what there is; what is unsent of the project waits for the order."""
    pro, opened, clock = person.projects[PRO], person.opened, person.service.clock
    orders = _Silent(
        opened.profile,
        opened.client,
        device_id=opened.device_id,
        signing_key=opened.leave.signing_key,
        sign=opened.device.sign,
    )
    ear = Heeding(person.cache, orders, user=opened.user, clock=clock, told=person.told.append)
    person.engine.heed(ear)
    person.sees_only(LUMEN)
    person.engine.sync_once()
    assert {name for name in person.rows_of(pro) if name != "meta"} == set()
    assert escrowed(person) == ()
