"""Files travel with the edits that refer to them, whatever the network does."""

import hashlib
import os
from collections.abc import Callable, Iterator

import httpx
import pytest
from typing_extensions import override

from cx_desktop.cache import Edit, Place
from cx_desktop.client.errors import ServiceProblem
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document, change
from tests.fakes.faults import (
    Fault,
    Send,
    answer,
    damage,
    drop_reply,
    drop_request,
    like,
    problem,
    whole,
)
from tests.sync.world import Desk

BLOBS = "/v1/blobs/"


@pytest.fixture
def sound() -> bytes:
    """A file that no other test has sent."""
    return b"RIFF" + os.urandom(500_000)


@pytest.fixture
def both(desks: Callable[[], tuple[Desk, Desk]]) -> tuple[Desk, Desk]:
    """Claire's computer and Léo's, both in step with the service."""
    desk, other = desks()
    desk.sync()
    other.sync()
    return desk, other


class Cut(httpx.SyncByteStream):
    """A body whose connection breaks."""

    def __init__(self, body: bytes, at: int) -> None:
        self._body, self._at = body, at

    @override
    def __iter__(self) -> Iterator[bytes]:
        yield self._body[: self._at]
        raise httpx.ReadError("cut")


def record(desk: Desk, content: bytes) -> str:
    """A new prompt with a file that was just brought in; its id."""
    digest = desk.cache.blobs.keep(desk.project, content, is_sent=False)
    audio: Document = {"blob": digest, "bytes": len(content), "seconds": 1.0}
    prompt = desk.ids.new()
    value: Document = {
        "type": "prompt",
        "id": prompt,
        "project_id": desk.project,
        "name": "Accueil",
        "description": "",
        "draft": {"languages": {"fr-FR": {"audio": audio}}},
    }
    desk.cache.edit(Edit("prompt", prompt, value=value))
    return prompt


def place(desk: Desk, content: bytes) -> Place:
    return Place(desk.project, hashlib.sha256(content).hexdigest())


def test_a_file_reaches_the_other_desk(both: tuple[Desk, Desk], sound: bytes) -> None:
    desk, other = both
    record(desk, sound)
    desk.sync()
    assert desk.cache.blobs.unsent() == ()
    other.sync()
    assert other.cache.blobs.read(place(other, sound)) == sound


def test_a_file_is_sent_before_the_edit_that_refers_to_it(desk: Desk, sound: bytes) -> None:
    desk.sync()
    record(desk, sound)
    del desk.faults.asked[:]
    desk.sync()
    asked = desk.faults.asked
    assert asked.index(f"PUT {BLOBS}{place(desk, sound).sha256}") < asked.index(
        "POST /v1/sync/push"
    )


@pytest.mark.parametrize("fault", [drop_request, drop_reply, answer(200), answer(502)])
def test_a_file_that_did_not_get_through_is_sent_again(
    desk: Desk, sound: bytes, fault: Fault
) -> None:
    desk.sync()
    record(desk, sound)
    desk.faults.strike(BLOBS, fault)
    with pytest.raises(CXError):
        desk.sync()
    assert desk.cache.blobs.unsent() == (place(desk, sound),)
    desk.reopen()
    desk.sync()
    assert desk.cache.blobs.unsent() == ()


def test_a_file_that_the_service_refuses_holds_up_nothing_else(desk: Desk, sound: bytes) -> None:
    desk.sync()
    record(desk, sound)
    desk.faults.strike(BLOBS, problem("storage-full", 507))
    status = desk.sync()
    assert desk.cache.unsent().count == 0
    assert desk.cache.blobs.unsent() == (place(desk, sound),)
    assert not status.is_all_synced  # and nobody says so
    del desk.faults.asked[:]
    desk.sync()
    assert f"PUT {BLOBS}{place(desk, sound).sha256}" not in desk.faults.asked
    desk.reopen()  # the next start tries again
    desk.sync()
    assert desk.cache.blobs.unsent() == ()


def test_a_file_damaged_on_this_disk_is_not_sent_and_holds_up_nothing(
    desk: Desk, sound: bytes
) -> None:
    desk.sync()
    record(desk, sound)
    (path,) = (desk.folder / "blobs").glob("*.unsent")
    path.write_bytes(path.read_bytes()[:-1])
    desk.sync()
    assert desk.cache.unsent().count == 0


def test_a_broken_transfer_goes_on_where_it_broke_off(
    both: tuple[Desk, Desk], sound: bytes
) -> None:
    desk, other = both
    record(desk, sound)
    desk.sync()
    asked: list[str] = []

    def cut(request: httpx.Request, send: Send) -> httpx.Response:
        asked.append(request.headers.get("range", "all"))
        response = send(request)
        body = whole(response)
        return httpx.Response(
            response.status_code, headers=like(response, body).headers, stream=Cut(body, 100_000)
        )

    other.faults.strike(f"{BLOBS}{place(other, sound).sha256}", cut, cut)
    other.sync()
    assert other.cache.blobs.read(place(other, sound)) == sound
    assert asked == ["all", "bytes=100000-"]


def test_what_arrives_damaged_is_not_kept(both: tuple[Desk, Desk], sound: bytes) -> None:
    desk, other = both
    record(desk, sound)
    desk.sync()
    address = f"{BLOBS}{place(other, sound).sha256}"
    other.faults.strike(address, damage(77), damage(78))  # it is asked for twice
    status = other.sync()  # the rest goes on
    assert not other.cache.blobs.has(place(other, sound))
    assert status.quarantined == 1
    assert not other.engine.status.is_all_synced  # and nobody says that all is well
    desk.create("Autre chose")
    desk.sync()
    other.faults.strike(address, damage(77))
    assert other.sync().is_all_synced
    assert other.cache.blobs.has(place(other, sound))


def test_a_file_that_comes_after_its_prompt_is_asked_for_again(
    both: tuple[Desk, Desk], sound: bytes
) -> None:
    desk, other = both
    record(desk, sound)
    desk.sync()
    other.faults.strike(f"{BLOBS}{place(other, sound).sha256}", problem("not-found", 404))
    assert other.sync().is_all_synced
    assert not other.cache.blobs.has(place(other, sound))
    desk.create("Autre chose")
    desk.sync()
    other.sync()
    assert other.cache.blobs.has(place(other, sound))


def test_nothing_is_asked_for_while_nothing_moves(desk: Desk, sound: bytes) -> None:
    desk.sync()
    record(desk, sound)
    desk.sync()
    desk.sync()
    del desk.faults.asked[:]
    desk.sync()
    assert not [each for each in desk.faults.asked if BLOBS in each]


def test_what_nothing_refers_to_any_more_leaves_this_computer(desk: Desk, sound: bytes) -> None:
    desk.sync()
    prompt = record(desk, sound)
    desk.sync()
    row = desk.cache.row("prompt", prompt)
    assert row is not None

    desk.cache.edit(Edit("prompt", prompt, changes=(change(row.data, ("draft", "languages"), {}),)))
    desk.sync()
    assert not desk.cache.blobs.has(place(desk, sound))


def test_an_engine_that_stops_begins_with_no_further_file(
    both: tuple[Desk, Desk], sound: bytes
) -> None:
    desk, other = both
    record(desk, sound)
    other.engine.stop()
    desk.engine._cycle.files.stop()
    desk.engine._cycle.files.send()
    assert desk.cache.blobs.unsent() == (place(desk, sound),)


def test_asking_for_a_file_of_nobody_is_answered_by_the_service(desk: Desk) -> None:
    with pytest.raises(ServiceProblem, match="not-found"):
        desk.session.client.blobs.read("0" * 64)
