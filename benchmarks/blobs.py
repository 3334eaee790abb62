"""P14: a file from the service, sealed and ready to be read, against the bare bytes on the disk."""

import hashlib
import http.client
import os
import tempfile
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.measure import Row, interleaved
from benchmarks.sync import _Child, _signed_in
from cx_desktop.cache import Cache, Place
from cx_desktop.client.objects import NewObject
from cx_desktop.client.service import ServiceClient
from cx_desktop.ports import RandomIds, SystemClock
from cx_desktop.sync.files import Files
from cx_desktop.sync.transfers import Upload

SIZE = 48 << 20
RUNS = 7
_KEY = bytes(range(32))


def run() -> list[Row]:
    """One file of 48 MiB, both ways."""
    with tempfile.TemporaryDirectory(prefix="cx-bench-") as name:
        child = _Child(Path(name) / "service", 0)
        try:
            client, _ = _signed_in(child.told, "administrator")
            with closing(client):
                return [_download(Path(name), client, child.told.url)]
        finally:
            child.stop()


def _download(folder: Path, client: ServiceClient, url: str) -> Row:
    clock = SystemClock()
    ids = RandomIds(clock)
    content = os.urandom(SIZE)
    digest = hashlib.sha256(content).hexdigest()
    with closing(Cache.open(folder / "cache", _KEY, clock=clock, ids=ids)) as cache:
        place = _sent(cache, client, content, ids)
        files = Files(cache, client)

        def ours() -> float:
            cache.blobs.forget_all_but(frozenset())
            started = time.perf_counter()
            files._bring(place)  # noqa: SLF001  (one file, and nothing else)
            seconds = time.perf_counter() - started
            if not cache.blobs.has(place):
                raise SystemExit("it is not here")
            return seconds

        took, floor = interleaved(
            ours, lambda: _bare(folder / "bare", url, digest, _token(client)), runs=RUNS
        )
        if cache.blobs.read(place) != content or (folder / "bare").read_bytes() != content:
            raise SystemExit("the files differ")
    return Row(
        bench="P14",
        what=f"file of {SIZE >> 20} MiB, hashed and sealed on the disk",
        against="the same answer read from a bare connection into a file",
        unit="ms",
        ours=1000 * took,
        theirs=1000 * floor,
        goal="≤ 2.5×",
        met=took <= 2.5 * floor,
        runs=RUNS,
    )


def _sent(cache: Cache, client: ServiceClient, content: bytes, ids: RandomIds) -> Place:
    """A file that the service has, and a prompt that refers to it."""
    project = str(client.projects.every()[0]["id"])
    digest = cache.blobs.keep(project, content, is_sent=False)
    place = Place(project, digest)
    if not Upload(cache, client, lambda: True).send(place, content):
        raise SystemExit("it was not sent")
    cache.blobs.discard(place)
    audio = {"blob": digest, "bytes": len(content), "seconds": 1.0}
    draft: dict[str, object] = {"languages": {"fr-FR": {"audio": audio}}}
    client.prompts.create(ids.new(), NewObject(project_id=project, name="P14", draft=draft))
    return place


def _token(client: ServiceClient) -> str:
    """What the bare connection shows at the door."""
    bearer = client.bearer
    return f"Bearer {bearer._access_token}" if bearer is not None else ""  # noqa: SLF001  (the floor has no client)


def _bare(path: Path, url: str, digest: str, token: str) -> float:
    """The same bytes with nothing done to them but one fsync."""
    host = urlsplit(url)
    path.unlink(missing_ok=True)
    started = time.perf_counter()
    with closing(http.client.HTTPConnection(host.hostname or "", host.port)) as connection:
        connection.request("GET", f"/v1/blobs/{digest}", headers={"Authorization": token})
        answer = connection.getresponse()
        with path.open("wb") as out:
            while piece := answer.read(1 << 20):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
    return time.perf_counter() - started
