"""Files in parts: from where the last part ended, whole or not at all, and not for ever."""

import hashlib
import logging
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import httpx
import pytest

from cx_desktop.service.blobs import MOST_OF_PROJECT
from cx_desktop.service.housekeeping import sweep
from tests.fakes.service import RunningService
from tests.service.test_blobs import get, project, prompt
from tests.service.visitor import Visitor, problem

SOUND = b"RIFF" + bytes(range(256)) * 40
DIGEST = hashlib.sha256(SOUND).hexdigest()


def announce(
    person: Visitor, digest: str = DIGEST, size: int = len(SOUND), *, where: str = ""
) -> httpx.Response:
    body = {"project_id": where or project(person), "sha256": digest, "size": size}
    return person.http.post("/v1/blobs", json=body)


def add(person: Visitor, where: str, offset: int, content: bytes) -> httpx.Response:
    headers = {"content-type": "application/octet-stream", "upload-offset": str(offset)}
    return person.http.patch(where, content=content, headers=headers)


def test_a_file_comes_in_parts_and_is_there_after_the_last_one(leo: Visitor) -> None:
    prompt(leo)
    begun = announce(leo)
    where = begun.headers["location"]
    assert (begun.status_code, begun.headers["upload-offset"]) == (200, "0")
    assert add(leo, where, 0, SOUND[:4000]).json()["offset"] == 4000
    assert get(leo).status_code == 404  # never in part
    assert leo.http.head(where).headers["upload-offset"] == "4000"
    last = add(leo, where, 4000, SOUND[4000:]).json()
    assert (last["offset"], last["is_complete"]) == (len(SOUND), True)
    assert get(leo).content == SOUND
    assert leo.http.head(where).status_code == 404
    again = announce(leo)
    assert (again.status_code, again.json()["is_complete"]) == (200, True)


def test_announced_again_it_goes_on_where_it_was(leo: Visitor, service: RunningService) -> None:
    where = announce(leo).headers["location"]
    add(leo, where, 0, SOUND[:777])
    service.stop()
    service.start()
    again = announce(leo)
    assert (again.headers["location"], again.headers["upload-offset"]) == (where, "777")


def test_a_part_that_a_crash_cut_short_counts_as_far_as_it_came(
    leo: Visitor, service: RunningService
) -> None:
    prompt(leo)
    where = announce(leo).headers["location"]
    assert service.service is not None
    service.service.uploads.append(where.rpartition("/")[2], SOUND[:123])
    refused = problem(add(leo, where, 0, SOUND[:4000]))
    assert (refused.name, refused.params["offset"]) == ("other-offset", 123)
    assert add(leo, where, 123, SOUND[123:]).json()["is_complete"]
    assert get(leo).content == SOUND


def test_what_is_another_file_than_the_one_announced_is_dropped(leo: Visitor) -> None:
    prompt(leo)
    where = announce(leo).headers["location"]
    wrong = bytes([SOUND[0] ^ 1]) + SOUND[1:]
    assert problem(add(leo, where, 0, wrong)).name == "malformed"
    assert get(leo).status_code == 404
    assert leo.http.head(where).status_code == 404
    assert announce(leo).headers["upload-offset"] == "0"


def test_no_more_comes_than_was_announced_and_no_more_is_announced_than_there_is_room(
    leo: Visitor,
) -> None:
    where = announce(leo, size=100).headers["location"]
    assert problem(add(leo, where, 0, SOUND)).name == "too-large"
    assert problem(announce(leo, size=MOST_OF_PROJECT)).name == "malformed"
    assert problem(announce(leo, size=0)).name == "malformed"
    assert problem(add(leo, where, -1, b"x")).name == "malformed"
    most = 64 << 20
    for number in range(MOST_OF_PROJECT // most - 1):
        assert announce(leo, f"{number:064x}", most).status_code == 200
    assert problem(announce(leo, "f" * 64, most)).name == "storage-full"


def test_of_two_sizes_for_one_file_the_last_one_counts(leo: Visitor) -> None:
    prompt(leo)
    add(leo, announce(leo, size=100).headers["location"], 0, SOUND[:50])
    where = announce(leo).headers["location"]
    assert leo.http.head(where).headers["upload-offset"] == "0"
    assert add(leo, where, 0, SOUND).json()["is_complete"]


def test_an_upload_is_its_sender_s_alone(leo: Visitor, claire: Visitor) -> None:
    where = announce(leo).headers["location"]
    assert claire.http.head(where).status_code == 404
    assert problem(add(claire, where, 0, SOUND)).name == "not-found"
    assert announce(claire, where=project(leo)).headers["location"] != where
    other = project(claire, "Lumen Pro")
    assert problem(announce(leo, where=other)).name == "not-found"


def test_what_nobody_goes_on_with_is_given_up(leo: Visitor, service: RunningService) -> None:
    assert service.service is not None
    where = announce(leo).headers["location"]
    add(leo, where, 0, SOUND[:10])
    service.clock.advance(timedelta(days=20))
    sweep(service.service)
    assert service.service.uploads.all() == {where.rpartition("/")[2]}
    service.clock.advance(timedelta(days=2))
    sweep(service.service)
    assert service.service.uploads.all() == set()
    leo.sign_in()
    assert announce(leo).headers["upload-offset"] == "0"


def test_a_sender_that_goes_away_in_the_middle_of_a_part_is_no_fault_of_the_service(
    leo: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    where = announce(leo).headers["location"]
    with pytest.raises(httpx.HTTPError, match="gone"):
        leo.http.patch(where, content=_cut(SOUND[:4000]), headers={"upload-offset": "0"})
    assert leo.http.head(where).headers["upload-offset"] == "0"
    assert add(leo, where, 0, SOUND).json()["is_complete"]
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]


def _cut(content: bytes) -> Iterator[bytes]:
    yield content
    raise httpx.WriteError("gone")


@pytest.mark.parametrize("seed", range(3))
def test_cut_anywhere_it_is_whole_in_the_end(
    leo: Visitor, service: RunningService, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311  (the same cuts each time, no secret)
    content = chance.randbytes(30_000)
    digest = hashlib.sha256(content).hexdigest()
    where = announce(leo, digest, len(content)).headers["location"]
    assert service.service is not None
    is_complete = False
    while not is_complete:
        here = int(leo.http.head(where).headers["upload-offset"])
        part = content[here : here + chance.randrange(1, 9_000)]
        if chance.random() < 0.3:  # the service is killed while it writes
            torn = part[: chance.randrange(len(part))]
            service.service.uploads.append(where.rpartition("/")[2], torn)
            continue
        is_complete = add(leo, where, here, part).json()["is_complete"]
    assert service.service.blobs.read(digest, 0, len(content)) == content
