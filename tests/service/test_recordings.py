"""The large stream: recordings of one project, newest first, and who may read them."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

import httpx
import msgspec
import pytest
import zstandard

from cx_desktop.domain.recordings import delete_by
from cx_desktop.protocol import RECORDING_COLUMNS, Mark, PageEnd, PageHead, Recording, RecordingRow
from cx_desktop.service.demo_recordings import seed_recordings
from cx_desktop.service.store import entities
from tests.fakes.service import RunningService, recorded
from tests.sync.world import Session

COUNT = 12_000


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(COUNT) as service:
        yield service


@pytest.fixture(scope="module")
def ines(service: RunningService) -> Iterator[Session]:
    """The supervisor."""
    with closing(Session(service, "supervisor")) as session:
        yield session


@pytest.fixture(scope="module")
def stream(service: RunningService) -> str:
    assert service.service is not None
    with service.service.store.read() as connection:
        return f"recordings:{next(iter(entities.each(connection, 'recording'))).project_id}"


def lines(session: Session, stream: str, *, rows: str = "objects") -> list[bytes]:
    with session.client.sync.snapshot(stream, rows=rows) as found:
        return list(found)


def test_hello_names_the_recordings_of_each_project_that_one_may_listen_to(
    service: RunningService, ines: Session, stream: str
) -> None:
    with closing(Session(service, "flow_designer")) as leo:
        seen = {
            who.account.role: msgspec.json.encode(who.client.sync.state()).decode()
            for who in (ines, leo)
        }
    assert stream in seen["supervisor"]
    assert "recordings:" not in seen["flow_designer"]


def test_who_may_not_read_recordings_gets_none(service: RunningService, stream: str) -> None:
    with closing(Session(service, "flow_designer")) as leo:
        head, end = lines(leo, stream)
    assert msgspec.json.decode(end, type=PageEnd).rows == 0
    assert msgspec.json.decode(head, type=PageHead).stream == stream


def test_the_newest_come_first_and_each_is_gone_in_six_months(ines: Session, stream: str) -> None:
    frames = msgspec.json.Decoder()
    rows = [frame for line in lines(ines, stream) if (frame := frames.decode(line))["t"] == "put"]
    calls = [msgspec.convert(row["data"], Recording) for row in rows]
    times = [call.started_at for call in calls]
    assert len(calls) == COUNT
    assert times == sorted(times, reverse=True)
    assert all(call.delete_by == delete_by(call.started_at.date()) for call in calls)
    now = ines.service.clock.now()
    assert now - timedelta(days=4) < times[0] < now
    assert calls[-1].delete_by > now.date()


def test_rows_may_come_as_arrays_and_say_the_same(ines: Session, stream: str) -> None:
    plain = [msgspec.json.decode(line) for line in lines(ines, stream)]
    head, *rows, end = lines(ines, stream, rows="arrays")
    assert msgspec.json.decode(head, type=PageHead).cols == RECORDING_COLUMNS
    marks = [row for row in rows if row.startswith(b"{")]
    assert [msgspec.json.decode(mark, type=Mark).rows for mark in marks] == [10_000]
    found = [msgspec.json.decode(row, type=RecordingRow) for row in rows if row.startswith(b"[")]
    assert msgspec.json.decode(end, type=PageEnd).rows == len(found) == COUNT
    said = [frame for frame in plain if frame["t"] == "put"]
    for frame, row in zip(said, found, strict=True):
        again = dict(zip(RECORDING_COLUMNS, msgspec.to_builtins(row), strict=True))
        assert {name: frame["data"][name] for name in RECORDING_COLUMNS if name != "seq"} == {
            name: value for name, value in again.items() if name != "seq"
        }
        assert row.seq == frame["seq"]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("zstd, gzip", "zstd"), ("gzip", "gzip"), ("zstd;q=0, gzip", "gzip"), ("identity", "")],
)
def test_a_snapshot_is_packed_as_the_client_takes_it(
    ines: Session, stream: str, accepted: str, coding: str
) -> None:
    with httpx.Client(transport=httpx.HTTPTransport()) as http:
        raw = _raw(http, ines, stream, accepted)
        packed = b"".join(raw.iter_raw())
    assert raw.headers.get("content-encoding", "") == coding
    unpack: dict[str, Callable[[bytes], bytes]] = {
        "zstd": _unzstd,
        "gzip": gzip.decompress,
        "": bytes,
    }
    known = [row for row in lines(ines, stream, rows="arrays") if row.startswith(b"[")]
    assert [row for row in unpack[coding](packed).splitlines() if row.startswith(b"[")] == known
    assert len(packed) < 700_000 or not coding


def _unzstd(data: bytes) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress(data)


def _raw(http: httpx.Client, session: Session, stream: str, accepted: str) -> httpx.Response:
    token = session.signed_in.tokens.access_token
    request = http.build_request(
        "GET",
        f"{session.service.url}/v1/sync/snapshot",
        params={"stream": stream, "rows": "arrays"},
        headers={"accept-encoding": accepted, "authorization": f"Bearer {token}"},
    )
    return http.send(request, stream=True)


def test_a_demo_that_has_recordings_gets_only_those_that_are_missing(
    service: RunningService,
) -> None:
    assert service.service is not None
    assert seed_recordings(service.service, COUNT) == 0
    assert seed_recordings(service.service, COUNT - 100) == 0
