"""Server-sent hints: what moved, to those who may know, and never data."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from queue import Empty, Queue

import httpx
import msgspec
import pytest
from sqlalchemy import select, update

from cx_desktop.domain.access import Role
from cx_desktop.domain.patch import Change, Document
from cx_desktop.protocol import Hint
from cx_desktop.service.store import entities
from cx_desktop.service.store.tables import person, role_grant
from tests.fakes.service import RunningService
from tests.service.visitor import Visitor, problem


class Listening:
    """Reads an event stream in a thread of its own."""

    def __init__(self, person: Visitor) -> None:
        self.is_over = threading.Event()
        self._lines: Queue[str] = Queue()
        self._http = httpx.Client(base_url=person.service.url, timeout=30)
        self._token = person.http.headers["authorization"]
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        assert self._lines.get(timeout=10).startswith(":")

    def _read(self) -> None:
        headers = {"Authorization": self._token}
        with (
            suppress(httpx.HTTPError),
            self._http.stream("GET", "/v1/events", headers=headers) as response,
        ):
            for line in response.iter_lines():
                if line:
                    self._lines.put(line)
        self.is_over.set()

    def hint(self, within: float = 10) -> Hint:
        """The next hint; raises ``Empty`` when none comes."""
        while True:
            line = self._lines.get(timeout=within)
            if line.startswith("data: "):
                return msgspec.json.decode(line.removeprefix("data: "), type=Hint)

    def join(self) -> None:
        self._thread.join(15)
        assert not self._thread.is_alive()
        self._http.close()


Listen = Callable[[Visitor], Listening]


@pytest.fixture
def listen(service: RunningService) -> Iterator[Listen]:
    opened: list[Listening] = []

    def listening(person: Visitor) -> Listening:
        opened.append(Listening(person))
        return opened[-1]

    yield listening
    service.stop()  # which ends the streams
    for each in opened:
        each.join()


def rename(person: Visitor, flow: Document, name: str) -> int:
    now = person.get(f"/v1/flows/{flow['id']}").json()
    (result,) = person.push(person.op(now, Change(("name",), name, now["name"])))
    return result.seq


def test_a_change_is_hinted_with_its_place(leo: Visitor, claire: Visitor, listen: Listen) -> None:
    stream = listen(leo)
    mine = leo.flow("Messagerie de nuit")
    seq = rename(claire, mine, "Nuit")
    assert stream.hint() == Hint(epoch=leo.epoch, streams={"flows": seq})


def test_several_changes_come_as_few_hints(leo: Visitor, listen: Listen) -> None:
    stream, flow = listen(leo), leo.flow("Messagerie de nuit")
    last = [rename(leo, flow, f"Nuit {n}") for n in range(20)][-1]
    count = 1
    while stream.hint().streams["flows"] < last:
        count += 1
    assert count < 10


def test_what_moves_in_another_project_is_not_hinted(
    leo: Visitor, claire: Visitor, listen: Listen
) -> None:
    stream = listen(leo)
    own = {str(each["project_id"]) for each in leo.entities("flows")}
    other = next(each for each in claire.entities("flows") if each["project_id"] not in own)
    rename(claire, other, "Ailleurs")
    with pytest.raises(Empty):
        stream.hint(within=1.5)


def test_recordings_are_hinted_to_nobody_who_may_not_listen_to_them(
    leo: Visitor, claire: Visitor, listen: Listen, service: RunningService
) -> None:
    assert service.service is not None
    streams = listen(leo), listen(claire)
    project = str(leo.flow("Messagerie de nuit")["project_id"])
    with service.service.store.write() as txn:
        entities.save(txn, "recording", txn.ids.new(), project, {})
    assert [*streams[1].hint().streams] == [f"recordings:{project}"]
    with pytest.raises(Empty):
        streams[0].hint(within=1.5)


def test_who_lost_a_role_while_the_line_is_open_is_told_nothing_more(
    leo: Visitor, claire: Visitor, listen: Listen, service: RunningService
) -> None:
    assert service.service is not None
    stream, flow = listen(leo), claire.flow("Messagerie de nuit")
    rename(claire, flow, "Encore")
    stream.hint()
    his = select(person.c.id).where(person.c.username == leo.username).scalar_subquery()
    with service.service.store.write() as txn:
        less = update(role_grant).where(role_grant.c.user_id == his).values(role=Role.AGENT.value)
        txn.connection.execute(less)
    rename(claire, flow, "Plus maintenant")
    with pytest.raises(Empty):
        stream.hint(within=2.5)


def test_nothing_more_is_hinted_to_somebody_who_signed_out(leo: Visitor, listen: Listen) -> None:
    stream, flow = listen(leo), leo.flow("Messagerie de nuit")
    with Visitor(leo.service, leo.username, leo.password) as again:
        again.sign_in()
        leo.http.delete("/v1/sessions/current")
        rename(again, flow, "Nuit")
    assert stream.is_over.wait(10)
    with pytest.raises(Empty):
        stream.hint(within=0.1)


def test_a_stream_ends_with_its_token(leo: Visitor, listen: Listen) -> None:
    stream, flow = listen(leo), leo.flow("Messagerie de nuit")
    leo.service.clock.advance(timedelta(minutes=11))
    leo.sign_in()
    rename(leo, flow, "Nuit")
    assert stream.is_over.wait(10)


def test_stopping_the_service_ends_its_streams_at_once(
    leo: Visitor, listen: Listen, service: RunningService
) -> None:
    stream = listen(leo)
    service.stop()
    assert stream.is_over.wait(2)


def test_hints_need_a_signed_in_user(service: RunningService) -> None:
    assert problem(httpx.get(f"{service.url}/v1/events")).name == "token-invalid"
