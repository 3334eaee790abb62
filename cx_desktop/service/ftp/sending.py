"""Sends what waits to servers of clients, each day at their time, and removes there what has to go.

Failure policy: a file is in the calendar before it is on its way, so that whatever becomes of the
service or of the line, none lies there unknown. What failed is tried again after 5 minutes, then
after twice as long each time, up to 6 hours. Removing comes before sending.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec.structs import replace

from cx_desktop.domain.access import Verb
from cx_desktop.domain.plain_csv import table
from cx_desktop.domain.recordings.exporting import Called, Destination, path_of
from cx_desktop.domain.wall_time import instants_of, shown_at
from cx_desktop.protocol import Recording
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.ftp.addresses import address_of
from cx_desktop.service.ftp.lines import signed_in
from cx_desktop.service.ftp.remote import Remote, Secret, Trouble
from cx_desktop.service.keeper import again_and_again
from cx_desktop.service.objects.deeds import BY_ITSELF
from cx_desktop.service.recordings import days
from cx_desktop.service.service import Service
from cx_desktop.service.store import Txn, entities, exports
from cx_desktop.service.store.exports import Export, Exported
from cx_desktop.service.store.zones import zone_of

EVERY_SECONDS = 20.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)
INDEX = "index.csv"

#: By what a sound begins, the ending of its name.
_ENDINGS = ((b"RIFF", ".wav"), (b"OggS", ".ogg"), (b"ID3", ".mp3"), (b"\xff", ".mp3"))
_CHUNK = 256 * 1024

_log = logging.getLogger("cx_desktop.service")


def send_due(service: Service) -> int:
    """Do what is due at every destination; how many there were."""
    with service.store.read() as connection:
        found = exports.due(connection, service.clock.now())
    for each in found:
        if service.is_stopping.is_set():
            break
        _attempt(service, each)
    return len(found)


def next_time(destination: Destination, now: datetime, txn: Txn, project_id: str) -> datetime:
    """The next moment at which clocks at the project show the time of the destination."""
    zone = zone_of(txn.connection, project_id)
    day = shown_at(now, zone).date()
    while True:
        shown = datetime.combine(day, destination.time)
        # An hour that a night skips: an hour later, at the moment at which it would have been.
        moments = instants_of(shown, zone) or (shown.replace(tzinfo=zone).astimezone(UTC),)
        if moments[0] > now:
            return moments[0]
        day += timedelta(days=1)


def secret_of(service: Service, found: Export) -> Secret:
    """What the service signs in with."""
    sealed, purpose = found.password, purpose_of(found.project_id)
    password = service.keys.unseal(sealed, purpose).decode() if sealed else ""
    return Secret(password, service.keys.ssh_key)


def purpose_of(project_id: str) -> str:
    """What the password of a destination is sealed for."""
    return f"export:{project_id}"


async def keep_sending(service: Service) -> None:
    """Look every now and then, until cancelled."""
    await again_and_again(service, send_due, seconds=EVERY_SECONDS)


def _attempt(service: Service, found: Export) -> None:
    trouble: Trouble | None = None
    wanted = found.destination
    try:
        address = address_of(wanted, service.config)
        with signed_in(wanted, secret_of(service, found), address=address) as remote:
            run = _Run(service, found, remote)
            run.remove()
            if wanted.is_on:
                run.send()
    except Trouble as error:
        trouble = error
    if service.is_stopping.is_set():
        return
    with service.store.write() as txn:
        now = exports.load(txn.connection, found.project_id)
        if now is None or now.ver != found.ver:  # somebody has changed it meanwhile: it is due anew
            return
        exports.save(txn.connection, _after(txn, now, trouble))


def _after(txn: Txn, found: Export, trouble: Trouble | None) -> Export:
    if trouble is None:
        later = next_time(found.destination, txn.now, txn, found.project_id)
        done = replace(found, next_at=later, last_at=txn.now, failures=0)
        return replace(done, problem="", detail="")
    wait = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(found.failures, 10))
    _log.info("Export of %s: %s", found.project_id, trouble.code)
    said = replace(found, problem=trouble.code, detail=trouble.detail)
    return replace(said, next_at=txn.now + wait, failures=found.failures + 1)


class _Run:
    """One signed-in visit at a destination."""

    def __init__(self, service: Service, found: Export, remote: Remote) -> None:
        self._service = service
        self._export = found
        self._remote = remote
        self._is_index_old = False
        self._passed_by: set[str] = set()

    def remove(self) -> None:
        """Remove what has to be gone there, and write down that it is."""
        if not self._export.destination.purges:
            return
        while not self._service.is_stopping.is_set() and (late := self._overdue()):
            for each in late:
                self._remote.remove(each.path)
                with self._service.store.write() as txn:
                    row = record(txn, self._deed(each, "purged"))
                    exports.note(txn.connection, replace(each, gone_at=txn.now, audit_n=row.n))
                self._is_index_old = True
        self._write_index()

    def send(self) -> None:
        """Send what is not there yet, the oldest first."""
        while not self._service.is_stopping.is_set() and (waiting := self._waiting()):
            for recording_id in waiting:
                if self._service.is_stopping.is_set():
                    break
                self._send(recording_id)
            self._write_index()
        self._write_index()

    def _send(self, recording_id: str) -> None:
        with self._service.store.write() as txn:
            found = entities.load(txn.connection, "recording", recording_id)
            if found is None or days.is_over(txn, found):
                self._passed_by.add(recording_id)
                return
            before = exports.of(txn.connection, recording_id)
            file = self._file(txn, msgspec.convert(found.data, Recording))
            exports.note(txn.connection, file)
        if before is not None and before.path != file.path:
            self._remote.remove(before.path)  # what was left of it under its former name
        self._remote.put(file.path, self._pieces(file), file.size)
        with self._service.store.write() as txn:
            row = record(txn, self._deed(file, "sent"))
            exports.note(txn.connection, replace(file, sent_at=txn.now, audit_n=row.n))
        self._is_index_old = True

    def _file(self, txn: Txn, call: Recording) -> Exported:
        sha256 = call.blob or ""
        size = self._service.sounds.size(sha256) or 0
        start = self._service.sounds.read(sha256, 0, min(4, size))
        queue = entities.load(txn.connection, "queue", call.queue_id) if call.queue_id else None
        named = Called(
            id=call.id,
            started_at=shown_at(call.started_at, zone_of(txn.connection, call.project_id)),
            queue=str(queue.data.get("name", "")) if queue is not None else "",
            agent=call.agent_name,
            direction=call.direction,
            duration=call.duration,
        )
        ending = next((end for sign, end in _ENDINGS if start.startswith(sign)), ".bin")
        return Exported(
            recording_id=call.id,
            project_id=call.project_id,
            path=path_of(self._export.destination.pattern, named, ending),
            size=size,
            sha256=sha256,
            delete_by=call.delete_by,
        )

    def _pieces(self, file: Exported) -> Iterator[bytes]:
        for start in range(0, file.size, _CHUNK):
            yield self._service.sounds.read(file.sha256, start, min(start + _CHUNK, file.size))

    def _write_index(self) -> None:
        """The list of what lies there, always all of it and nothing else."""
        if not self._is_index_old:
            return
        with self._service.store.read() as connection:
            rows = [
                (each.recording_id, each.path, each.size, each.sha256, each.delete_by.isoformat())
                for each in exports.there(connection, self._export.project_id)
            ]
        head = ("recording", "path", "bytes", "sha256", "delete_by")
        content = table([head, *rows]).encode()
        self._remote.put(INDEX, iter([content]), len(content))
        self._is_index_old = False

    def _overdue(self) -> tuple[Exported, ...]:
        project_id, now = self._export.project_id, self._service.clock.now()
        with self._service.store.read() as connection:
            today = days.day_at(connection, project_id, now)
            return exports.overdue(connection, project_id, today)

    def _waiting(self) -> tuple[str, ...]:
        with self._service.store.read() as connection:
            found = exports.waiting(connection, self._export.project_id)
        return tuple(each for each in found if each not in self._passed_by)

    def _deed(self, file: Exported, what: str) -> Deed:
        return Deed(
            who_id="",
            who_name=BY_ITSELF,
            verb=f"{Verb.RECORDING_TRANSFER.value}.{what}",
            entity="recording",
            entity_id=file.recording_id,
            project_id=file.project_id,
            after=file.sha256,
            detail=f"{self._export.destination.host}: {file.path}",
        )
