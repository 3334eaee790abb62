"""A revoked device gives up what it holds: sealed first, then gone, whatever happens in between."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from cx_desktop.auth import orders
from cx_desktop.auth.device import DeviceKey
from cx_desktop.auth.gate import Gate, Opened
from cx_desktop.auth.handover import left_of
from cx_desktop.auth.orders import Order
from cx_desktop.auth.profile import Profiles
from cx_desktop.auth.unattended import KeptDevice
from cx_desktop.cache import Cache, Edit
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import LoopbackTransport, build_http
from cx_desktop.domain.errors import CXError
from cx_desktop.ports import RandomIds
from cx_desktop.protocol.directives import Act, Directive
from cx_desktop.protocol.escrow import Contents, unseal
from cx_desktop.service.keys import Keys
from cx_desktop.service.store import orders as given
from cx_desktop.service.store.tables import device, device_order, escrow
from tests.auth.gates import CHEAP, Computer, told
from tests.fakes.faults import Faults, answer, drop_request
from tests.fakes.service import RunningService

LEO = "leo.bernard"
#: What only the person at this computer has written, and what only they have recorded.
MARKER, SOUND = "Zanzibar-6402", b"RIFF-marker-8871" * 100


@pytest.fixture
def service() -> Iterator[RunningService]:
    with RunningService() as service:
        yield service


class Laptop(Computer):
    """Léo's computer: a keyring in a file, a network that can fail."""

    def __init__(self, root: Path, service: RunningService) -> None:
        self.faults = Faults(LoopbackTransport(None))
        super().__init__(root / "profiles", service)
        self.keyring = KeptDevice(root / "keyring")  # type: ignore[assignment]
        self.restarted()

    def restarted(self) -> Gate:
        self.gate = Gate(
            profiles=Profiles(self.root),
            credentials=self.keyring,
            clock=self.clock,
            connect=lambda server: ServiceClient(
                build_http(server, loopback_only=True, transport=self.faults)
            ),
            cost=CHEAP,
        )
        return self.gate

    def written_on(self, opened: Opened, count: int = 3) -> set[str]:
        """Work that is not sent: some edits and a sound. The ids of the edits."""
        ids = RandomIds(self.clock)
        folder, key = opened.profile.folder, opened.cache_key
        with closing(Cache.open(folder, key, clock=self.clock, ids=ids)) as cache:
            made = set()
            for number in range(count):
                flow = ids.new()
                name, project = f"{MARKER} {number}", ids.new()
                value = Edit("flow", flow, value={"project_id": project, "name": name})
                made |= set(cache.edit(value))
            cache.blobs.keep(ids.new(), SOUND, is_sent=False)
        return made

    def readable(self) -> list[Path]:
        """Files on this computer's disk, except the sealed packages and what they belong to."""
        return [
            path
            for path in self.root.rglob("*")
            if path.is_file() and not path.parent.parent.name.endswith(".sealed")
        ]


@pytest.fixture
def laptop(tmp_path: Path, service: RunningService) -> Laptop:
    return Laptop(tmp_path, service)


def ordered(service: RunningService, device_id: str, act: Act = Act.WIPE) -> None:
    """What an administrator does."""
    assert service.service is not None
    with service.service.store.write() as txn:
        given.give(txn, device_id, act)
        mine = device.c.id == device_id
        txn.connection.execute(update(device).where(mine).values(revoked_at=txn.now))


def escrowed(service: RunningService) -> tuple[Contents, ...]:
    """What the service's key opens."""
    assert service.service is not None
    with service.service.store.read() as connection:
        packages = connection.execute(select(escrow.c.package).order_by(escrow.c.at)).scalars()
        return tuple(unseal(each, service.service.keys.escrow) for each in packages)


def saved(service: RunningService) -> set[str]:
    return {edit.op.op_id for each in escrowed(service) for edit in each.edits}


def state_of(service: RunningService, device_id: str) -> str | None:
    assert service.service is not None
    with service.service.store.read() as connection:
        query = select(device_order.c.outcome).where(device_order.c.device_id == device_id)
        return connection.execute(query).scalar()


def obeyed(laptop: Laptop, opened: Opened) -> CXError:
    return laptop.gate.obey(opened, opened.orders.ask())


def test_invariant_23_a_signed_wipe_leaves_no_readable_byte_and_loses_no_edit(
    laptop: Laptop, service: RunningService, tmp_path: Path
) -> None:
    opened = laptop.sign_in(LEO)
    made = laptop.written_on(opened)
    key = opened.cache_key
    (opened.profile.folder / "blobs" / "half.part").write_bytes(b"x" + SOUND)
    (opened.profile.folder / "cache-unreadable-2026.db").write_bytes(MARKER.encode())
    aside = opened.profile.folder.with_name(f"{opened.profile.id}.aside-20260101T000000")
    aside.mkdir()
    (aside / "vault").write_bytes(b"older")
    ordered(service, opened.device_id)
    words = obeyed(laptop, opened)
    assert words.key == "problem.device-wiped-handed-over"
    assert words.params == {"edits": 3, "files": 1}
    assert saved(service) == made
    [contents] = escrowed(service)
    assert b"".join(each.content for each in contents.files) == SOUND
    assert contents.source.username == LEO
    assert contents.source.user_id == opened.user.id
    assert "3 edits" in str(state_of(service, opened.device_id))
    assert laptop.readable() == []
    assert not any(laptop.root.iterdir())
    disk = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (MARKER.encode(), SOUND[:16], key, key.hex().encode()):
        assert secret not in disk
    assert laptop.keyring.get(DeviceKey.name(opened.profile.id)) is None
    assert laptop.gate.known() == ()
    with pytest.raises(CXError) as raised:
        laptop.unlock(LEO)
    assert told(raised) == "problem.never-signed-in"


def test_after_a_wipe_the_same_person_signs_in_as_on_a_new_computer(
    laptop: Laptop, service: RunningService
) -> None:
    opened = laptop.sign_in(LEO)
    ordered(service, opened.device_id)
    assert obeyed(laptop, opened).key == "problem.device-wiped"
    again = laptop.sign_in(LEO)
    assert again.device_id != opened.device_id
    assert again.cache_key != opened.cache_key
    laptop.gate.lock(again)


def test_at_the_door_a_revoked_device_gives_up_what_it_holds(
    laptop: Laptop, service: RunningService
) -> None:
    opened = laptop.sign_in(LEO)
    made = laptop.written_on(opened)
    laptop.gate.lock(opened)
    ordered(service, opened.device_id)
    laptop.restarted()
    with pytest.raises(CXError) as raised:
        laptop.begin(LEO, "wrong")
    assert raised.value.key == "problem.wrong-password"
    assert laptop.readable()
    with pytest.raises(CXError) as raised:
        laptop.begin(LEO)
    assert told(raised) == "problem.device-wiped-handed-over"
    assert saved(service) == made
    assert laptop.readable() == []


def forged(opened: Opened, **changes: object) -> str:
    """A directive that somebody else signs."""
    own = Keys(opened.profile.folder.parent.parent)  # a folder that makes keys of its own
    said = Directive(
        id="x",
        n=1,
        device_id=opened.device_id,
        act=Act.WIPE,
        issued_at=opened.floor.now(),
        nonce="",
        escrow_key=own.escrow_key,
    )
    return own.signed({**{f: getattr(said, f) for f in said.__struct_fields__}, **changes})


def test_invariant_23_what_is_not_the_service_s_own_fresh_word_only_locks(
    laptop: Laptop, service: RunningService
) -> None:
    """Forged, unsigned, of another device, replayed, or no answer at all: nothing is deleted."""
    assert service.service is not None
    keys = service.service.keys
    opened = laptop.sign_in(LEO)
    made = laptop.written_on(opened)
    ordered(service, opened.device_id)
    genuine = opened.orders.ask().directive

    def signed_as(**changes: object) -> bytes:
        fields = {f: getattr(genuine, f) for f in genuine.__struct_fields__}
        text = keys.signed({"t": "directive", **fields, **changes})
        return b'{"directive": "%s"}' % text.encode()

    body, _, signature = forged(opened).partition(".")
    replies = {
        "forged": b'{"directive": "%s"}' % forged(opened).encode(),
        "unsigned": b'{"directive": "%s."}' % body.encode(),
        "other body": b'{"directive": "%s.%s"}' % (body[:-2].encode(), signature.encode()),
        "replayed": signed_as(),
        "another device": signed_as(device_id="another"),
        "a lease": b'{"directive": "%s"}' % str(opened.profile.signed_lease()).encode(),
    }
    for reply in replies.values():
        laptop.faults.strike("/directive", answer(200, reply, "application/json"))
        with pytest.raises(CXError) as raised:
            opened.orders.ask()
        assert told(raised) == "problem.directive-invalid"
    for fault in (drop_request, answer(404), answer(403), answer(200)):
        laptop.faults.strike("/directive", fault)
        with pytest.raises(CXError):
            opened.orders.ask()
    before = sorted(path.name for path in laptop.readable())
    assert laptop.gate.obey(opened, None).key == "problem.locked-to-be-safe"
    after = sorted(path.name for path in laptop.readable())
    assert set(before) - set(after) == {"lease"}, "only the leave to work offline is gone"
    with pytest.raises(CXError) as raised:
        laptop.restarted() and laptop.unlock(LEO)
    assert told(raised) == "problem.locked-by-service"
    laptop.faults.strike("/challenge", drop_request)
    with pytest.raises(CXError) as raised:
        laptop.begin(LEO)
    assert told(raised) == "problem.device-revoked"
    assert laptop.readable()
    with pytest.raises(CXError) as raised:
        laptop.begin(LEO)
    assert told(raised) == "problem.device-wiped-handed-over"
    assert saved(service) == made


def test_an_order_with_a_lower_number_than_one_that_was_heard_is_a_replay(
    laptop: Laptop, service: RunningService
) -> None:
    opened = laptop.sign_in(LEO)
    orders.remember(opened.profile.folder, 5, is_locked=False)
    ordered(service, opened.device_id)
    with pytest.raises(CXError) as raised:
        opened.orders.ask()
    assert told(raised) == "problem.directive-invalid"
    laptop.gate.lock(opened)


def test_what_is_no_escrow_key_gets_no_edits_and_deletes_none(
    laptop: Laptop, service: RunningService
) -> None:
    opened = laptop.sign_in(LEO)
    ordered(service, opened.device_id)
    order = opened.orders.ask()
    for bad in ("", "AA==", "no key"):
        said = {f: getattr(order.directive, f) for f in order.directive.__struct_fields__}
        broken = Order(Directive(**{**said, "escrow_key": bad}), order.signed)
        laptop.written_on(opened, 1)
        with pytest.raises(CXError) as raised:
            laptop.gate.obey(opened, broken)
        assert told(raised) == "problem.directive-invalid"
        assert (opened.profile.folder / "cache.db").exists()


def test_a_locked_device_opens_after_a_sign_in_with_all_its_edits(
    laptop: Laptop, service: RunningService
) -> None:
    opened = laptop.sign_in(LEO)
    made = laptop.written_on(opened)
    assert service.service is not None
    with service.service.store.write() as txn:
        given.give(txn, opened.device_id, Act.LOCK)
    assert obeyed(laptop, opened).key == "problem.locked-by-service"
    laptop.restarted()
    with pytest.raises(CXError) as raised:
        laptop.unlock(LEO)
    assert told(raised) == "problem.locked-by-service"
    again = laptop.sign_in(LEO)
    ids = RandomIds(laptop.clock)
    folder = again.profile.folder
    with closing(Cache.open(folder, again.cache_key, clock=laptop.clock, ids=ids)) as cache:
        assert {each.op.op_id for each in cache.outbox()} == made
    laptop.gate.lock(again)
    laptop.gate.lock(laptop.unlock(LEO))


def test_what_the_network_refuses_stays_sealed_and_is_offered_at_the_next_start(
    laptop: Laptop, service: RunningService
) -> None:
    opened = laptop.sign_in(LEO)
    made = laptop.written_on(opened)
    ordered(service, opened.device_id)
    order = opened.orders.ask()
    laptop.faults.always = drop_request
    words = laptop.gate.obey(opened, order)
    assert words.key == "problem.device-wiped-sealed"
    assert laptop.readable() == []
    assert saved(service) == set()
    laptop.faults.calm()
    laptop.faults.strike("/escrow", drop_request)
    laptop.restarted()
    assert laptop.gate.go_on(laptop.root) == ()
    assert saved(service) == made
    assert "3 edits" in str(state_of(service, opened.device_id))
    assert not any(laptop.root.iterdir())


def test_a_keyring_that_is_locked_keeps_the_rest_from_nothing(
    tmp_path: Path, service: RunningService
) -> None:
    """Without the vault's file its entries open nothing; they go when it answers again."""
    computer = Computer(tmp_path, service)
    opened = computer.sign_in(LEO)
    ordered(service, opened.device_id)
    order = opened.orders.ask()
    computer.keyring.problem = "problem.keyring-locked"
    with pytest.raises(CXError) as raised:
        computer.gate.obey(opened, order)
    assert told(raised) == "problem.keyring-locked"
    assert not opened.profile.folder.exists()
    assert computer.keyring.secrets
    computer.keyring.problem = ""
    computer.restarted()
    [words] = computer.gate.go_on(tmp_path)
    assert words.key == "problem.device-wiped"
    assert computer.keyring.secrets == {}
    assert not any(tmp_path.iterdir())


STEPS = [("locked", 1), ("sealed", 1), ("keys", 1), ("file", 1), ("file", 3), ("erased", 1)]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize(("step", "count"), [*STEPS, ("told", 1)])
def test_invariant_23_a_wipe_that_was_killed_is_finished_before_anything_is_opened(
    laptop: Laptop, service: RunningService, tmp_path: Path, step: str, count: int
) -> None:
    opened = laptop.sign_in(LEO)
    made = laptop.written_on(opened)
    folder = opened.profile.folder
    laptop.gate.lock(opened)
    ordered(service, opened.device_id)
    now = laptop.clock.now().isoformat()
    order = [service.url, LEO, laptop.password(LEO), now, step, str(count)]
    place = [str(laptop.root), str(tmp_path / "keyring")]
    done = subprocess.run(  # noqa: S603  (our own)
        [sys.executable, "-m", "tests.auth.wiper", *place, *order], check=False, timeout=60
    )
    assert done.returncode == -signal.SIGKILL
    laptop.restarted()
    with pytest.raises(CXError) as raised:
        laptop.unlock(LEO)
    if step == "locked":  # nothing was sealed yet: nothing was deleted
        assert told(raised) == "problem.locked-by-service"
        with pytest.raises(CXError) as raised:
            laptop.begin(LEO)
        assert told(raised) == "problem.device-wiped-handed-over"
    else:
        assert told(raised) == "problem.never-signed-in"
        assert not (folder / "cache.db").exists(), "finished before anything was opened"
        laptop.gate.go_on(laptop.root)
    assert saved(service) == made
    assert [path for path in laptop.readable() if path.name != "lock"] == []
    assert left_of(folder) == ()
    assert laptop.keyring.get(DeviceKey.name(folder.name)) is None


def test_a_proxy_that_says_no_to_everything_takes_nothing(
    laptop: Laptop, service: RunningService
) -> None:
    opened = laptop.sign_in(LEO)
    laptop.written_on(opened)
    before = sorted(laptop.readable())
    for status in (401, 403, 404, 410):
        laptop.faults.always = answer(status)
        with pytest.raises(CXError):
            opened.client.sessions.me()
        with pytest.raises(CXError):
            opened.orders.ask()
    laptop.faults.calm()
    assert sorted(laptop.readable()) == before
    assert opened.client.sessions.me().username == LEO
    laptop.clock.advance(timedelta(minutes=1))
    laptop.gate.lock(opened)
    assert httpx.get(f"{service.url}/v1/server").status_code == 200
