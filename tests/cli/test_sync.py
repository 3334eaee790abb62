"""``cx-desktop sync``: a copy kept equal to the real service by a process without a window."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Connection, select, update

from cx_desktop.auth.gate import Gate
from cx_desktop.auth.profile import OneProfile, Profiles
from cx_desktop.auth.unattended import KeptDevice
from cx_desktop.cache import Cache, Edit
from cx_desktop.cache.entities import key_of
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http
from cx_desktop.domain.patch import change
from cx_desktop.ports import RandomIds, SystemClock
from cx_desktop.protocol.directives import Act
from cx_desktop.protocol.escrow import unseal
from cx_desktop.service.store import orders
from cx_desktop.service.store.tables import device, escrow
from cx_desktop.sync import Engine
from tests.cli.terminal import ROOT, Desk, Said, cx
from tests.fakes.clock import FakeClock
from tests.fakes.service import RunningService


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = FakeClock(
        SystemClock().now()
    )  # the verb has this computer's clock, and leases their end
    with RunningService(clock=clock) as service:
        yield Desk(tmp_path, service)


class Open:
    """The profile as its next program finds it, without any network."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._gate = Gate(
            profiles=OneProfile(folder),
            credentials=KeptDevice(Path(f"{desk.file}.device")),
            clock=SystemClock(),
            connect=lambda server: ServiceClient(build_http(server, loopback_only=True)),
        )
        account = desk.account
        self._opened = self._gate.unlock_offline(
            desk.service.url, account.username, account.password
        )
        self.cache = Cache.open(
            folder, self._opened.cache_key, clock=SystemClock(), ids=RandomIds(SystemClock())
        )

    def rename_a_flow(self, name: str) -> str:
        row = self.cache.rows("flow")[0]
        self.cache.edit(Edit("flow", row.id, changes=(change(row.data, ("name",), name),)))
        return row.id

    def lose_a_flow(self) -> None:
        """Something happens to the file that should not."""
        key = key_of(self.cache.rows("flow")[0].id)

        def work(connection: Connection) -> tuple[None, tuple[()]]:
            connection.exec_driver_sql("DELETE FROM entity WHERE id = ?", (key,))
            return None, ()

        self.cache._writer.do(work, is_edit=False)

    def sync(self) -> None:
        Engine(
            cache=self.cache,
            client=self._opened.client,
            device_id=self._opened.device_id,
            clock=SystemClock(),
            random=Random(1),  # noqa: S311  (repeatable pauses, not secrets)
            on_status=lambda _status: None,
        ).sync_once()

    def __enter__(self) -> "Open":
        return self

    def __exit__(self, *fault: object) -> None:
        self.cache.close()
        self._gate.lock(self._opened)


def synced(desk: Desk, folder: Path, *words: str) -> Said:
    return desk.cx("sync", "--profile", folder, *words)


def test_a_new_profile_is_filled_and_the_next_run_goes_on_without_a_code(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    said = synced(desk, folder, "--json")
    assert (said.code, said.json["all_synced"]) == (0, True)
    events = [json.loads(line) for line in said.err.splitlines()]
    assert {"syncing", "idle"} <= {each["phase"] for each in events}
    with Open(desk, folder) as place:
        assert place.cache.rows("flow")
        flow = place.rename_a_flow("Renommé")
    without = desk.file.read_text(encoding="utf-8").replace("totp_secret", "# totp_secret")
    desk.file.write_text(without, encoding="utf-8")
    said = synced(desk, folder)
    assert (said.code, said.out) == (0, "Everything is synced\n")
    with Open(desk, tmp_path / "copy") as place:
        row = place.cache.row("flow", flow)
        assert row is not None
        assert (row.is_dirty, row.data["name"]) == (False, "Renommé")


def test_nothing_in_the_profile_or_beside_it_is_open_to_others(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    synced(desk, folder)
    kept = Path(f"{desk.file}.device")
    assert kept.stat().st_mode & 0o077 == 0
    secrets = json.loads(kept.read_text(encoding="utf-8"))
    inside = b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())
    assert len(secrets) == 2
    assert not [name for name, secret in secrets.items() if secret.encode() in inside]
    assert b"Maison Lumen" not in inside


def test_what_waits_for_a_person_is_told(desk: Desk, tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    assert synced(desk, mine).code == 0
    assert synced(desk, theirs).code == 0
    with Open(desk, theirs) as place:
        place.rename_a_flow("Le leur")
        place.sync()
    with Open(desk, mine) as place:
        place.rename_a_flow("Le mien")
    said = synced(desk, mine, "--json")
    assert (said.code, said.json["conflicts"]) == (2, 1)


def test_the_service_away_is_an_error_in_words(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    synced(desk, folder)
    desk.service.stop()
    try:
        said = synced(desk, folder)
    finally:
        desk.service.start()
    assert said.code == 1
    assert said.err


def test_invariant_31_a_second_process_on_one_profile_is_refused(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    synced(desk, folder)
    with Open(desk, folder):
        said = synced(desk, folder, "--json")
    assert said.code == 1
    assert str(said.problem["type"]).endswith("/profile-in-use")


def test_a_profile_is_one_users(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    synced(desk, folder)
    (tmp_path / "other").mkdir()
    other = Desk(tmp_path / "other", desk.service, "flow_designer")
    said = synced(other, folder, "--json")
    assert said.code == 1
    assert str(said.problem["type"]).endswith("/profile-of-another")


@pytest.mark.skipif(os.name != "posix", reason="signals as here are of POSIX")
def test_it_watches_until_it_is_asked_to_end(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    command = ["sync", "--profile", str(folder), "--credentials-file", str(desk.file)]
    with subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, "-m", "cx_desktop", *command, "--watch", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as process:
        assert process.stderr is not None
        while json.loads(process.stderr.readline())["phase"] != "idle":
            pass
        assert cx("sync", "--profile", folder, "--credentials-file", desk.file).code == 1
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert json.loads(out)["all_synced"] is True
    with Open(desk, folder) as place:
        assert place.cache.sync.verify() == ()


def doctor(desk: Desk, folder: Path, *words: str) -> dict[str, list[str]]:
    """The states of a copy's checks by their names."""
    said = desk.cx("doctor", "--sync", "--profile", folder, "--json", *words)
    found: dict[str, list[str]] = {}
    checks = said.json["checks"]
    assert isinstance(checks, list)
    for each in checks:
        found.setdefault(each["name"], []).append(each["state"])
    assert said.code == (0 if said.json["state"] == "ok" else 1)
    return found


def test_the_doctor_finds_what_differs_from_the_service_and_mends_it(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    synced(desk, folder)
    assert {each for states in doctor(desk, folder).values() for each in states} == {"ok"}
    with Open(desk, folder) as place:
        flows = len(place.cache.rows("flow"))
        place.lose_a_flow()
    found = doctor(desk, folder)
    assert found["service"].count("fail") == 1
    assert found["contents"] == ["ok"]
    words = ("doctor", "--sync", "--profile", folder, "--repair")
    assert "“flows” mended: 1 added" in desk.cx(*words).out
    with Open(desk, folder) as place:
        assert len(place.cache.rows("flow")) == flows
    assert set(doctor(desk, folder)["service"]) == {"ok"}


def test_the_only_profile_of_this_computer_need_not_be_named(desk: Desk, tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    said = cx("doctor", "--sync", "--language", "en", XDG_DATA_HOME=data)
    assert (said.code, said.err) == (
        2,
        "Profiles on this computer: 0. Name the one to check with --profile DIR.\n",
    )
    root = tmp_path / "data" / "cx-desktop" / "profiles"
    account = desk.account.username
    synced(desk, Profiles(root).for_user(desk.service.url, account).folder)
    words = ("doctor", "--sync", "--credentials-file", desk.file, "--json")
    assert cx(*words, XDG_DATA_HOME=data).json["state"] == "ok"


def test_what_was_mended_on_the_way_is_told(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    synced(desk, folder)
    with Open(desk, folder) as place:
        place.lose_a_flow()
    said = synced(desk, folder, "--json")
    events = [json.loads(line) for line in said.err.splitlines()]
    (told,) = [each for each in events if "repaired" in each]
    assert (told["repaired"][0]["stream"], told["repaired"][0]["added"]) == ("flows", 1)


def test_without_a_network_the_doctor_says_what_it_could_not_compare(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    synced(desk, folder)
    desk.service.stop()
    try:
        found = doctor(desk, folder)
    finally:
        desk.service.start()
    assert set(found["service"]) >= {"warn"}
    assert found["file"] == ["ok"]


def test_the_doctor_asks_which_copy() -> None:
    assert cx("doctor", "--sync").code == 2


def test_a_profile_that_is_to_be_wiped_is_gone_in_the_end_its_edits_handed_over(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    assert synced(desk, folder).code == 0
    with Open(desk, folder) as place:
        place.rename_a_flow("Jamais envoyé")
    service = desk.service.service
    assert service is not None
    with service.store.write() as txn:
        mine = txn.connection.execute(select(device.c.id)).scalars().all()
        for each in mine:
            orders.give(txn, each, Act.WIPE)
        txn.connection.execute(update(device).values(revoked_at=txn.now))
    said = synced(desk, folder, "--json")
    assert (said.code, said.out) == (1, "")
    assert "device-wiped-handed-over" in said.err
    assert not folder.exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".sealed")] == []
    with service.store.read() as connection:
        [package] = connection.execute(select(escrow.c.package)).scalars()
    [edit] = unseal(package, service.keys.escrow).edits
    assert edit.op.changes[0].value == "Jamais envoyé"
