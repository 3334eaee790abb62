"""Files on the service: sent once, read by those who may read what refers to them."""

import hashlib
from datetime import timedelta

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_desktop.domain.patch import Document
from cx_desktop.service.blobs import MOST_BYTES
from cx_desktop.service.housekeeping import sweep
from cx_desktop.service.parts import asked
from cx_desktop.service.problems import Refusal
from tests.service.conftest import Visit
from tests.service.visitor import Visitor, problem

SOUND = b"RIFF" + bytes(range(256)) * 40
DIGEST = hashlib.sha256(SOUND).hexdigest()
PROMPT = "01999999-0000-7000-8000-00000000000a"


def project(person: Visitor, name: str = "Maison Lumen") -> str:
    return next(str(each["id"]) for each in person.entities("projects") if each["name"] == name)


def put(
    person: Visitor,
    content: bytes = SOUND,
    digest: str = DIGEST,
    *,
    where: str = "",
    media: str = "application/octet-stream",
) -> httpx.Response:
    return person.http.put(
        f"/v1/blobs/{digest}",
        params={"project_id": where or project(person)},
        content=content,
        headers={"content-type": media},
    )


def get(person: Visitor, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return person.http.get(f"/v1/blobs/{DIGEST}", headers=named)


def prompt(
    person: Visitor, digest: str = DIGEST, *, where: str = "", prompt_id: str = PROMPT
) -> Document:
    audio = {"blob": digest, "bytes": len(SOUND), "seconds": 1.0}
    answer = person.http.put(
        f"/v1/prompts/{prompt_id}",
        json={
            "project_id": where or project(person),
            "name": "Accueil",
            "draft": {"languages": {"fr-FR": {"audio": audio}}},
        },
        headers={"If-None-Match": "*"},
    )
    assert answer.status_code == 201, answer.text
    made: Document = answer.json()
    return made


def publish(person: Visitor, made: Document) -> httpx.Response:
    named = {"entity": "prompt", "id": made["id"], "etag": made["etag"]}
    body = {"message": "x", "objects": [named]}
    return person.post(f"/v1/projects/{made['project_id']}/publications", body, key=str(made["id"]))


def test_a_file_is_sent_and_read_again(leo: Visitor) -> None:
    sent = put(leo)
    assert sent.json() == {"sha256": DIGEST, "project_id": project(leo), "size": len(SOUND)}
    prompt(leo)
    answer = get(leo)
    assert answer.status_code == 200
    assert answer.content == SOUND
    assert answer.headers["etag"] == f'"{DIGEST}"'
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_sending_twice_is_sending_once(leo: Visitor, claire: Visitor) -> None:
    assert put(leo).json() == put(leo).json()
    deeds = [
        each
        for each in claire.get("/v1/audit?limit=1000").json()["rows"]
        if each["entity"] == "blob"
    ]
    assert [(each["entity_id"], each["detail"]) for each in deeds] == [(DIGEST, "upload")]


def test_a_body_of_another_digest_is_refused_and_not_kept(leo: Visitor) -> None:
    answer = put(leo, SOUND[:-1])
    assert problem(answer).name == "malformed"
    assert problem(answer).errors[0].code == "other-content"
    prompt(leo)
    assert problem(get(leo)).name == "not-found"


@pytest.mark.parametrize("digest", ["x", "../../etc/passwd", DIGEST.upper(), "0" * 64])
def test_what_is_no_digest_names_nothing(leo: Visitor, digest: str) -> None:
    put(leo)
    prompt(leo)
    assert leo.http.get(f"/v1/blobs/{digest}").status_code in {404, 405}


def test_it_takes_bytes_and_not_too_many(leo: Visitor) -> None:
    assert problem(put(leo, media="audio/wav")).name == "unsupported-media-type"
    large = bytes(MOST_BYTES + 1)
    assert problem(put(leo, large, hashlib.sha256(large).hexdigest())).name == "too-large"
    assert problem(leo.http.put(f"/v1/blobs/{DIGEST}", content=SOUND)).name in {
        "malformed",
        "unsupported-media-type",
    }


def test_a_file_that_nothing_refers_to_is_nobody_s_to_read(leo: Visitor) -> None:
    put(leo)
    assert problem(get(leo)).name == "not-found"


def test_a_digest_opens_nothing_of_another_project(leo: Visitor, claire: Visitor) -> None:
    theirs = project(claire, "Lumen Pro")
    put(claire, where=theirs)
    prompt(claire, where=theirs)
    assert get(claire).content == SOUND
    assert problem(get(leo)).name == "not-found"
    prompt(leo, prompt_id="01999999-0000-7000-8000-00000000000b")  # he knows the digest
    assert problem(get(leo)).name == "not-found"
    assert problem(put(leo, where=theirs)).name == "not-found"


def test_who_only_reads_sends_nothing(visit: Visit, leo: Visitor) -> None:
    ines = visit("ines.moreau").sign_in()
    assert problem(put(ines)).name == "forbidden"
    put(leo)
    prompt(leo)
    assert get(ines).content == SOUND


def test_reading_is_written_down_once_a_quarter_of_an_hour(leo: Visitor, claire: Visitor) -> None:
    put(leo)
    prompt(leo)
    get(leo)
    get(leo, Range="bytes=5-")
    rows = claire.get("/v1/audit?limit=1000").json()["rows"]
    reads = [each for each in rows if each["entity"] == "blob" and each["verb"] == "config.read"]
    assert [each["entity_id"] for each in reads] == [DIGEST]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, len(SOUND) - 1),
        ("bytes=-16", len(SOUND) - 16, len(SOUND) - 1),
        ("bytes=0-99999999", 0, len(SOUND) - 1),
    ],
)
def test_a_part_is_given(leo: Visitor, asked: str, first: int, last: int) -> None:
    put(leo)
    prompt(leo)
    answer = get(leo, Range=asked, If_Range=f'"{DIGEST}"')
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(SOUND)}"
    assert answer.content == SOUND[first : last + 1]


def test_a_part_that_is_not_there_is_refused_and_another_version_is_given_whole(
    leo: Visitor,
) -> None:
    put(leo)
    prompt(leo)
    assert problem(get(leo, Range=f"bytes={len(SOUND)}-")).name == "range-not-satisfiable"
    assert get(leo, Range="bytes=5-9", If_Range='"other"').content == SOUND
    assert get(leo, Range="bytes=0-1,3-4").content == SOUND


@settings(deadline=None)
@given(st.text(alphabet="bytes=0123456789-, ", max_size=30), st.integers(0, 300))
def test_whatever_is_asked_for_lies_within_the_file(wanted: str, size: int) -> None:
    try:
        part = asked({"range": wanted}, DIGEST, size)
    except Refusal:  # range-not-satisfiable
        return
    assert 0 <= part.start <= part.end <= size
    assert part.is_part or (part.start, part.end) == (0, size)


def test_a_prompt_is_published_only_with_its_file(leo: Visitor) -> None:
    made = prompt(leo)
    leo.step_up()
    refused = problem(publish(leo, made))
    assert refused.name == "findings-block"
    assert [each.code for each in refused.errors] == ["PRM-10"]
    put(leo)
    assert publish(leo, made).status_code == 200


def test_music_without_a_declaration_is_not_published(leo: Visitor) -> None:
    put(leo)
    made = prompt(leo)
    changes = [{"path": ["draft", "music"], "value": {"title": "Boléro"}}]
    changed = leo.http.patch(
        f"/v1/prompts/{PROMPT}", json={"changes": changes}, headers={"If-Match": str(made["etag"])}
    ).json()
    leo.step_up()
    assert [each.code for each in problem(publish(leo, changed)).errors] == ["STU-02"]


def test_what_nothing_refers_to_goes_after_a_month_and_what_was_published_stays(
    leo: Visitor,
) -> None:
    other = b"other" * 100
    other_digest = hashlib.sha256(other).hexdigest()
    put(leo)
    put(leo, other, other_digest)
    made = prompt(leo)
    leo.step_up()
    publish(leo, made)
    service = leo.service.service
    assert service is not None
    leo.service.clock.advance(timedelta(days=31))
    sweep(service)
    assert service.blobs.size(DIGEST) == len(SOUND)
    assert service.blobs.size(other_digest) is None
