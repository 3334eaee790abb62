"""The sound of recordings: who may have it, in which parts, and the line in the audit."""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document
from cx_desktop.protocol import Purpose, Recording
from tests.fakes.recordings import record_call
from tests.fakes.service import RunningService
from tests.service.conftest import Visit
from tests.service.visitor import Visitor, problem
from tests.sync.world import Session

SOUND = b"OggS" + bytes(range(256)) * 2000


@pytest.fixture
def ines(visit: Visit) -> Visitor:
    """A supervisor, signed in."""
    return visit("ines.moreau").sign_in()


@pytest.fixture
def call(service: RunningService) -> Recording:
    return record_call(service, SOUND)


def get(
    person: Visitor, call: Recording, purpose: str = "listen", reason: str = "", **headers: str
) -> httpx.Response:
    params = {"purpose": purpose} | ({"reason": reason} if reason else {})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return person.http.get(f"/v1/recordings/{call.id}/sound", params=params, headers=named)


def lines(claire: Visitor, call: Recording) -> list[Document]:
    """What the audit says of a recording."""
    rows = claire.get("/v1/audit?limit=1000").json()["rows"]
    return [each for each in rows if each["entity_id"] == call.id]


def test_a_supervisor_hears_a_recording(ines: Visitor, call: Recording) -> None:
    answer = get(ines, call)
    assert answer.status_code == 200
    assert answer.content == SOUND
    assert answer.headers["etag"] == f'"{hashlib.sha256(SOUND).hexdigest()}"'
    assert answer.headers["content-length"] == str(len(SOUND))
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["repr-digest"].startswith("sha-256=:")


def test_a_part_is_a_part(ines: Visitor, call: Recording) -> None:
    answer = get(ines, call, Range="bytes=100000-100099")
    assert answer.status_code == 206
    assert answer.content == SOUND[100_000:100_100]
    assert answer.headers["content-range"] == f"bytes 100000-100099/{len(SOUND)}"


def test_every_play_is_a_line_and_its_parts_are_none(
    ines: Visitor, claire: Visitor, call: Recording
) -> None:
    get(ines, call, reason="réclamation 12", Range="bytes=0-99")
    get(ines, call, reason="réclamation 12", Range="bytes=100-")
    get(ines, call)
    get(ines, call)
    assert [(each["verb"], each["detail"]) for each in lines(claire, call)] == [
        ("recording.listen", "listen: réclamation 12"),
        ("recording.listen", "listen"),
        ("recording.listen", "listen"),
    ]
    assert {each["who_name"] for each in lines(claire, call)} == {"Inès Moreau"}


def test_nobody_hears_the_end_without_a_line(
    ines: Visitor, claire: Visitor, call: Recording
) -> None:
    get(ines, call, Range="bytes=1-")
    get(ines, call, Range="bytes=50-")
    assert len(lines(claire, call)) == 1
    get(ines, call, "offline", Range="bytes=50-")
    assert [each["detail"] for each in lines(claire, call)] == ["listen", "offline"]


def test_hours_later_it_is_another_listening(
    ines: Visitor, claire: Visitor, service: RunningService, call: Recording
) -> None:
    get(ines, call, Range="bytes=0-9")
    service.clock.advance(timedelta(minutes=61))
    ines.refresh()
    ines = Visitor(service, ines.username, ines.password).sign_in()
    with closing(ines):
        get(ines, call, Range="bytes=9-")
    claire.sign_in()
    assert len(lines(claire, call)) == 2


def test_an_export_asks_for_a_code_each_time_and_says_so(
    ines: Visitor, claire: Visitor, call: Recording, service: RunningService
) -> None:
    assert problem(get(ines, call, "export")).name == "step-up-required"
    assert lines(claire, call) == []
    ines.step_up("export")
    assert get(ines, call, "export", "dossier 7", Range="bytes=0-999").status_code == 206
    assert get(ines, call, "export", "dossier 7", Range="bytes=1000-").status_code == 206
    assert [(each["verb"], each["detail"]) for each in lines(claire, call)] == [
        ("recording.export", "export: dossier 7")
    ]
    other = record_call(service, b"another one")
    assert problem(get(ines, other, "export", "dossier 7")).name == "step-up-required"


def test_who_may_not_listen_does_not(leo: Visitor, call: Recording) -> None:
    assert problem(get(leo, call)).name == "forbidden"


def test_nobody_hears_anything_of_another_project(
    claire: Visitor, ines: Visitor, service: RunningService
) -> None:
    theirs = next(
        str(each["id"])
        for each in claire.entities("projects")
        if each["id"] not in {mine["id"] for mine in ines.entities("projects")}
    )
    call = record_call(service, SOUND, project_id=theirs)
    assert problem(get(ines, call)).name == "not-found"


def test_what_is_unknown_is_not_found(ines: Visitor) -> None:
    answer = ines.http.get("/v1/recordings/nonsense/sound", params={"purpose": "listen"})
    assert problem(answer).name == "not-found"


def test_a_purpose_is_needed(ines: Visitor, call: Recording) -> None:
    for wrong in ("", "?purpose=fun"):
        answer = ines.get(f"/v1/recordings/{call.id}/sound{wrong}")
        assert problem(answer).name == "malformed"


def test_a_sound_that_was_moved_says_so(ines: Visitor, service: RunningService) -> None:
    assert problem(get(ines, record_call(service, None))).name == "sound-moved"


def test_nothing_is_heard_from_the_day_of_deletion_on_purged_or_not(
    visit: Visit, service: RunningService
) -> None:
    """Midnight is that of the project, in Paris, and not the world's."""
    call = record_call(service, SOUND)
    now = service.clock.now()
    end = call.delete_by
    before = now.replace(year=end.year, month=end.month, day=end.day, hour=0) - timedelta(days=1)
    service.clock.advance(before.replace(hour=21, minute=0) - now)  # at most 23 h there
    with closing(visit("ines.moreau").sign_in()) as ines:
        assert get(ines, call).status_code == 200
    service.clock.advance(timedelta(hours=2, minutes=59))
    with closing(visit("ines.moreau").sign_in()) as ines:
        assert problem(get(ines, call)).name == "recording-gone"


@pytest.fixture
def session(service: RunningService) -> Iterator[Session]:
    with closing(Session(service, "supervisor")) as session:
        yield session


def test_the_program_reads_a_sound_as_it_arrives(session: Session) -> None:
    call = record_call(session.service, SOUND)
    sounds = session.client.recordings
    with sounds.sound(call.id, purpose=Purpose.LISTEN) as arriving:
        assert (arriving.size, arriving.start) == (len(SOUND), 0)
        assert arriving.sha256 == call.blob
        assert b"".join(arriving.chunks) == SOUND
    with sounds.sound(call.id, purpose=Purpose.OFFLINE, start=7, end=20) as arriving:
        assert (arriving.size, arriving.start) == (len(SOUND), 7)
        assert b"".join(arriving.chunks) == SOUND[7:20]


def test_a_sound_that_became_another_one_begins_anew(session: Session) -> None:
    call = record_call(session.service, SOUND)
    asked = session.client.recordings.sound(
        call.id, purpose=Purpose.LISTEN, start=7, sha256="0" * 64
    )
    with asked as arriving:
        assert arriving.start == 0
        assert b"".join(arriving.chunks) == SOUND


def test_the_program_tells_why_a_sound_cannot_be_heard(session: Session) -> None:
    call = record_call(session.service, None)
    with (
        pytest.raises(CXError) as error,
        session.client.recordings.sound(call.id, purpose=Purpose.LISTEN),
    ):
        pass
    assert error.value.key == "problem.sound-moved"


def test_a_dossier_holds_everything_and_shows_when_a_byte_was_changed(
    ines: Visitor, claire: Visitor, call: Recording
) -> None:
    path = f"/v1/recordings/{call.id}/dossier?reason=r%C3%A9clamation"
    assert problem(ines.get(path)).name == "step-up-required"
    get(ines, call)
    ines.step_up("export")
    answer = ines.get(path)
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert files["sound.opus"] == SOUND
    assert json.loads(files["recording.json"])["caller"] == call.caller
    rows = json.loads(files["audit.json"])["rows"]
    assert [row["detail"] for row in rows] == ["listen", "dossier: réclamation"]
    body, signature = (
        base64.urlsafe_b64decode(part + b"==") for part in files["manifest.signed"].split(b".")
    )
    manifest = json.loads(body)
    key = base64.b64decode(manifest["signing_key"])
    Ed25519PublicKey.from_public_bytes(key).verify(signature, body)
    assert manifest["signing_key"] == claire.get("/v1/audit/heads").json()["signing_key"]
    assert {
        each["name"]: hashlib.sha256(files[each["name"]]).hexdigest() for each in manifest["files"]
    } == {each["name"]: each["sha256"] for each in manifest["files"]}
    assert json.loads(files["manifest.json"]) == manifest
    assert problem(ines.get(path)).name == "step-up-required", "a code is good for one dossier"
