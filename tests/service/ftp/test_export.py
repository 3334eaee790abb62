"""Recordings on a client's own server: sent at their time, gone at theirs, and proved (REC-07)."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
from msgspec.structs import replace

from cx_desktop.domain.patch import Document
from cx_desktop.domain.recordings.exporting import Destination
from cx_desktop.protocol.exports import ExportedFiles, ExportTried, ExportView
from cx_desktop.service.audit.chain import broken_links
from cx_desktop.service.ftp.addresses import address_of
from cx_desktop.service.ftp.remote import Trouble
from cx_desktop.service.ftp.sending import next_time, send_due
from cx_desktop.service.service import Service
from tests.fakes.file_servers import PASSWORD, USER, FileServer, openssh, pure_ftpd
from tests.fakes.recordings import record_call, record_calls, recording_project
from tests.fakes.service import RunningService
from tests.service.conftest import Visit
from tests.service.visitor import Visitor, problem

SOUND = b"OggS" + bytes(range(256)) * 200


class Desk:
    """The administrator, the service, and a server of the client's own."""

    def __init__(self, claire: Visitor, running: RunningService, server: FileServer) -> None:
        self.claire = claire
        self.running = running
        self.server = server
        self.project = recording_project(running)
        self.where = f"/v1/projects/{self.project}/recording-export"

    @property
    def service(self) -> Service:
        assert self.running.service is not None
        return self.running.service

    @property
    def files(self) -> dict[str, bytes]:
        folder = self.server.folder
        found = (path for path in sorted(folder.rglob("*")) if path.is_file())
        return {str(path.relative_to(folder)): path.read_bytes() for path in found}

    @property
    def sounds(self) -> list[str]:
        return [path for path in self.files if path != "index.csv"]

    def view(self) -> ExportView:
        return msgspec.json.decode(self.claire.get(self.where).content, type=ExportView)

    def put(
        self, wanted: Destination, *, password: str | None = None, leaves: int = 0
    ) -> httpx.Response:
        etag = self.claire.get(self.where).headers["etag"]
        self.claire.step_up("export")
        body = {
            "destination": msgspec.to_builtins(wanted),
            "password": password,
            "leaves": leaves,
        }
        return self.claire.http.put(self.where, json=body, headers={"if-match": etag})

    def tried(self, wanted: Destination, password: str | None = None) -> ExportTried:
        body = {"destination": msgspec.to_builtins(wanted), "password": password}
        answer = self.claire.http.post(f"{self.where}/trials", json=body, timeout=60)
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=ExportTried)

    def night(self) -> None:
        """The next time at which the service sends."""
        at = self.view().next_at
        assert at is not None
        now = self.running.clock.now()
        self.running.clock.advance(max(timedelta(0), at - now) + timedelta(seconds=1))
        assert send_due(self.service) == 1
        self.claire.sign_in()

    def calendar(self) -> ExportedFiles:
        self.claire.sign_in()
        answer = self.claire.get(f"{self.where}/files")
        return msgspec.json.decode(answer.content, type=ExportedFiles)

    def deeds(self, recording_id: str) -> list[Document]:
        self.claire.sign_in()
        rows = self.claire.get("/v1/audit?limit=1000").json()["rows"]
        return [each for each in rows if each["entity_id"] == recording_id]


@pytest.fixture
def sftp(claire: Visitor, service: RunningService, tmp_path: Path) -> Iterator[Desk]:
    """OpenSSH, where the service's own key is installed; switched on."""
    assert service.service is not None
    with openssh(tmp_path, service.service.keys.ssh_public_key) as server:
        desk = Desk(claire, service, server)
        wanted = Destination("sftp", "127.0.0.1", server.port, user="root", is_on=True)
        wanted = replace(wanted, identity=desk.tried(replace(wanted, identity="")).identity)
        assert desk.put(wanted).status_code == 200
        yield desk


@pytest.fixture
def ftps(claire: Visitor, service: RunningService, tmp_path: Path) -> Iterator[Desk]:
    with pure_ftpd(tmp_path) as server:
        yield Desk(claire, service, server)


def test_a_trial_names_who_answers_and_after_it_is_confirmed_writes_a_file(ftps: Desk) -> None:
    wanted = Destination("ftps", "127.0.0.1", ftps.server.port, user=USER)
    first = ftps.tried(wanted, PASSWORD)
    assert first.identity.startswith("SHA256:")
    assert not first.is_confirmed
    second = ftps.tried(replace(wanted, identity=first.identity), PASSWORD)
    assert (second.is_confirmed, second.problem) == (True, "")
    wrong = ftps.tried(replace(wanted, identity=first.identity), "not that one")
    assert wrong.problem == "sign-in"
    assert ftps.files == {}


def test_what_is_recorded_lies_there_the_next_night_with_an_index(sftp: Desk) -> None:
    queue = sftp.claire.entities("config")
    ventes = next(each for each in queue if each["type"] == "queue")
    first, second = record_calls(sftp.running, [SOUND, SOUND * 2], queue_id=str(ventes["id"]))
    silent = record_call(sftp.running, None)
    assert sftp.view().waiting == 2
    sftp.night()
    assert len(sftp.sounds) == 2
    assert sorted(len(each) for path, each in sftp.files.items() if path != "index.csv") == [
        len(SOUND),
        2 * len(SOUND),
    ]
    paths = [path for path in sftp.sounds if first.id in path]
    assert paths[0].endswith(f"_{first.id}.ogg")
    rows = list(csv.reader(sftp.files["index.csv"].decode().splitlines(), delimiter=";"))
    assert [row[0] for row in rows] == ["recording", *sorted((first.id, second.id))]
    assert {row[1] for row in rows[1:]} == set(sftp.sounds)
    assert silent.id not in sftp.files["index.csv"].decode()
    view = sftp.view()
    assert (view.waiting, view.there, view.problem) == (0, 2, "")
    [deed] = sftp.deeds(first.id)
    assert deed["verb"] == "recording.transfer.sent"


def test_no_number_leaves_with_a_name(sftp: Desk) -> None:
    call = record_call(sftp.running, SOUND, caller="+33639980042", agent_name="../../root")
    sftp.night()
    text = " ".join(sftp.files) + sftp.files["index.csv"].decode()
    assert "39980042" not in text
    assert call.id in text


def test_it_goes_there_when_it_goes_here_and_the_audit_vouches_for_it(sftp: Desk) -> None:
    call = record_call(sftp.running, SOUND)
    sftp.night()
    assert len(sftp.sounds) == 1
    sftp.running.clock.advance(timedelta(days=190))
    sftp.claire.sign_in()
    assert sftp.view().overdue == 1
    send_due(sftp.service)
    assert sftp.sounds == []
    assert call.id not in sftp.files["index.csv"].decode()
    [file] = sftp.calendar().files
    assert file.gone_at is not None
    deed = next(each for each in sftp.deeds(call.id) if each["n"] == file.audit_n)
    assert deed["verb"] == "recording.transfer.purged"
    with sftp.service.store.read() as connection:
        assert list(broken_links(connection)) == []


def test_a_server_that_is_away_is_tried_again_later_and_nothing_is_lost(
    sftp: Desk, tmp_path: Path
) -> None:
    record_calls(sftp.running, [SOUND] * 3)
    port = sftp.server.port
    sftp.server.kill()
    sftp.night()
    view = sftp.view()
    assert (view.problem, view.failures, view.waiting) == ("unreachable", 1, 3)
    assert view.next_at is not None
    assert timedelta(minutes=4) < view.next_at - sftp.running.clock.now() < timedelta(minutes=5)
    with openssh(tmp_path, sftp.service.keys.ssh_public_key, port=port):
        sftp.night()
        assert len(sftp.sounds) == 3
        assert (sftp.view().problem, sftp.view().failures) == ("", 0)


def test_another_place_is_refused_while_files_lie_at_the_old_one(sftp: Desk) -> None:
    record_calls(sftp.running, [SOUND] * 2)
    sftp.night()
    elsewhere = replace(sftp.view().destination, folder="ailleurs")
    refused = sftp.put(elsewhere)
    assert problem(refused).name == "export-files-there"
    assert problem(refused).params["count"] == 2
    assert problem(sftp.put(elsewhere, leaves=1)).name == "export-files-there"
    assert sftp.put(elsewhere, leaves=2).status_code == 200
    assert sftp.view().there == 0


def test_who_may_not_and_who_gives_no_code_changes_nothing(sftp: Desk, visit: Visit) -> None:
    ines = visit("ines.moreau").sign_in()
    assert problem(ines.get(sftp.where)).name == "forbidden"
    etag = sftp.claire.get(sftp.where).headers["etag"]
    body = {"destination": msgspec.to_builtins(sftp.view().destination)}
    answer = sftp.claire.http.put(sftp.where, json=body, headers={"if-match": etag})
    assert problem(answer).name == "step-up-required"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"transport": "ftp"}, "/destination/accepts_plain"),
        ({"pattern": "{caller}_{id}"}, "/destination/pattern"),
        ({"pattern": "{date}"}, "/destination/pattern"),
        ({"folder": "../.."}, "/destination/folder"),
        ({"host": "exa mple"}, "/destination/host"),
        ({"identity": ""}, "/destination/identity"),
        ({"at": "24:00"}, "/destination/at"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    sftp: Desk, change: dict[str, str], pointer: str
) -> None:
    wanted = replace(sftp.view().destination, **change)
    answer = sftp.put(wanted)
    assert [each.pointer for each in problem(answer).errors] == [pointer]


def test_a_kept_password_goes_to_no_other_server(ftps: Desk) -> None:
    wanted = Destination("ftps", "127.0.0.1", ftps.server.port, user=USER)
    known = replace(wanted, identity=ftps.tried(wanted, PASSWORD).identity)
    assert ftps.put(known, password=PASSWORD).status_code == 200
    assert ftps.tried(known).problem == ""
    other = replace(known, user="somebody")
    assert ftps.tried(other).problem == "sign-in"
    view = ftps.claire.get(ftps.where).text
    assert PASSWORD not in view
    assert "has_password" in view


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "192.168.1.1", "8.8.8.8"])
def test_a_demonstration_speaks_to_its_own_computer_alone(sftp: Desk, host: str) -> None:
    tried = sftp.tried(replace(sftp.view().destination, host=host))
    assert tried.problem == "forbidden-address"


@pytest.mark.parametrize("host", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "224.0.0.1"])
def test_the_service_does_not_knock_at_doors_behind_its_own(sftp: Desk, host: str) -> None:
    config = replace(sftp.service.config, is_demo=False)
    with pytest.raises(Trouble, match="forbidden-address"):
        address_of(Destination(host=host), config)
    assert address_of(Destination(host=host), replace(config, may_reach_private=True)) == host
    assert address_of(Destination(host="8.8.8.8"), config) == "8.8.8.8"


def test_each_day_at_its_time_also_when_clocks_change(sftp: Desk) -> None:
    """02:00 at Paris is 01:00 in winter, 00:00 in summer; one night of spring has no such hour."""
    paris = ZoneInfo("Europe/Paris")
    wanted = replace(sftp.view().destination, at="02:30")
    with sftp.service.store.write() as txn:
        at = datetime(2026, 3, 27, tzinfo=UTC)
        shown = []
        for _night in range(4):
            at = next_time(wanted, at, txn, sftp.project)
            shown.append(f"{at.astimezone(paris):%d %H:%M}")
        assert shown == ["27 02:30", "28 02:30", "29 03:30", "30 02:30"]
        at = datetime(2026, 10, 24, 12, tzinfo=UTC)
        nights = []
        for _night in range(2):
            at = next_time(wanted, at, txn, sftp.project)
            nights.append(f"{at:%d %H:%M}")
        assert nights == ["25 00:30", "26 01:30"], "once in the night that has two of them"
