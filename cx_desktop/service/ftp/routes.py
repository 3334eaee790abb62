"""Where the recordings of a project are sent: said, tried, looked at."""

from typing import Annotated

import msgspec
from litestar import Response
from litestar.enums import HttpMethod
from msgspec import Meta, Struct
from msgspec.structs import replace

from cx_desktop.domain.access import StepUpClass, Verb
from cx_desktop.domain.recordings.exporting import Destination, faults
from cx_desktop.protocol.exports import (
    ExportedFile,
    ExportedFiles,
    ExportOrder,
    ExportTrial,
    ExportTried,
    ExportView,
)
from cx_desktop.protocol.problem import Fault
from cx_desktop.service.audit.chain import Deed, digest, record
from cx_desktop.service.call import Asked, Call, answer
from cx_desktop.service.contract import endpoint
from cx_desktop.service.ftp.addresses import address_of
from cx_desktop.service.ftp.lines import identity_of, signed_in
from cx_desktop.service.ftp.remote import Trouble
from cx_desktop.service.ftp.sending import next_time, purpose_of, secret_of
from cx_desktop.service.objects import deeds
from cx_desktop.service.problems import Refusal
from cx_desktop.service.recordings import days
from cx_desktop.service.sessions.step_up import require_step_up
from cx_desktop.service.store import Txn, entities, exports
from cx_desktop.service.store.exports import Export, Exported

_WHERE = "/v1/projects/{project_id}/recording-export"
_PAGE = 200
#: A trial writes and removes a file of this name.
_PROBE = ".cx-desktop-trial"
_PLACE = ("transport", "host", "port", "user", "folder")


class CalendarQuery(Struct, frozen=True):
    """Where a page of the calendar begins: after the last file of the one before."""

    day: Annotated[str, Meta(max_length=10)] = ""
    path: Annotated[str, Meta(max_length=4096)] = ""


@endpoint(HttpMethod.GET, _WHERE, verb=Verb.RECORDING_TRANSFER, answer=ExportView)
def recording_export(call: Asked) -> Response[bytes]:
    """Where the recordings of a project are sent, and how that goes."""
    with call.service.store.write() as txn:
        found = _found(txn, call)
        view = _view(txn, call, found)
    return answer(view, etag=view.etag)


@endpoint(
    HttpMethod.PUT,
    _WHERE,
    verb=Verb.RECORDING_TRANSFER,
    body=ExportOrder,
    answer=ExportView,
    needs_version=True,
    problems=("export-files-there",),
)
def set_recording_export(call: Asked) -> Response[bytes]:
    """Say where, how and when. Needs the step-up ``export``.

    Files that lie at another place would never be removed by anybody: as long as there are any,
    the place stays, unless the order names their exact number as left to the client.
    """
    order, etag = call.body(ExportOrder), call.if_match
    with call.service.store.write() as txn:
        before = _found(txn, call)
        if etag != entities.etag(txn.epoch, before.ver):
            raise Refusal("stale-version", who="", when="")
        _refuse_faults(order.destination)
        _leave_files(txn, before, order)
        require_step_up(txn, call.actor, StepUpClass.EXPORT)
        saved = replace(
            before,
            ver=before.ver + 1,
            destination=order.destination,
            password=_sealed(call, before, order.password),
            next_at=next_time(order.destination, txn.now, txn, before.project_id),
            failures=0,
            problem="",
            detail="",
        )
        exports.save(txn.connection, saved)
        record(txn, _deed(call, saved, before))
        view = _view(txn, call, saved)
    return answer(view, etag=view.etag)


@endpoint(
    HttpMethod.POST,
    f"{_WHERE}/trials",
    verb=Verb.RECORDING_TRANSFER,
    body=ExportTrial,
    answer=ExportTried,
)
def try_recording_export(call: Asked) -> Response[bytes]:
    """Who answers there; and, if that is the confirmed one, whether a file can be written."""
    trial, service = call.body(ExportTrial), call.service
    _refuse_faults(replace(trial.destination, is_on=False))
    with service.store.write() as txn:
        found = _found(txn, call)
        record(txn, _deed(call, replace(found, destination=trial.destination), None, "tried"))
    wanted = replace(found, destination=trial.destination)
    if trial.password is not None or _place(found.destination) != _place(trial.destination):
        # A kept password goes to nobody but the server it was kept for.
        wanted = replace(wanted, password=_sealed(call, found, trial.password or ""))
    return answer(_tried(call, wanted))


@endpoint(
    HttpMethod.GET,
    f"{_WHERE}/files",
    verb=Verb.RECORDING_TRANSFER,
    query=CalendarQuery,
    answer=ExportedFiles,
)
def exported_files(call: Asked) -> Response[bytes]:
    """What was sent and when it has to go, or went: the purge calendar of REC-07."""
    query, project_id = call.query(CalendarQuery), call.path["project_id"]
    with call.service.store.write() as txn:
        _found(txn, call)
        found = exports.calendar(
            txn.connection, project_id, after=(query.day, query.path), limit=_PAGE + 1
        )
    files = tuple(_shown(each) for each in found[:_PAGE])
    return answer(ExportedFiles(files, has_more=len(found) > _PAGE))


def _found(txn: Txn, call: Call) -> Export:
    project_id = call.path["project_id"]
    deeds.require(txn, call.actor, Verb.RECORDING_TRANSFER, project_id)
    return exports.load(txn.connection, project_id) or Export(project_id, 0, Destination())


def _view(txn: Txn, call: Call, found: Export) -> ExportView:
    count = exports.counts(txn.connection, found.project_id, days.today(txn, found.project_id))
    return ExportView(
        project_id=found.project_id,
        etag=entities.etag(txn.epoch, found.ver),
        destination=found.destination,
        has_password=found.password is not None,
        public_key=call.service.keys.ssh_public_key,
        next_at=found.next_at,
        last_at=found.last_at,
        failures=found.failures,
        problem=found.problem,
        detail=found.detail,
        waiting=count.waiting,
        there=count.there,
        overdue=count.overdue,
    )


def _leave_files(txn: Txn, before: Export, order: ExportOrder) -> None:
    """Refuse another place while files lie at the old one, or note that they are left there."""
    if _place(before.destination) == _place(order.destination):
        return
    left = tuple(exports.there(txn.connection, before.project_id))
    if len(left) != order.leaves:
        raise Refusal("export-files-there", count=len(left))
    for each in left:
        exports.note(txn.connection, replace(each, gone_at=txn.now))


def _tried(call: Call, wanted: Export) -> ExportTried:
    service, destination, identity = call.service, wanted.destination, ""
    try:
        address = address_of(destination, service.config)
        identity = identity_of(destination, address=address)
        if identity and destination.identity != identity:
            return ExportTried(identity, is_confirmed=False)
        with signed_in(destination, secret_of(service, wanted), address=address) as remote:
            remote.put(_PROBE, iter([b"cx"]), 2)
            remote.remove(_PROBE)
    except Trouble as error:
        return ExportTried(identity, identity == destination.identity, error.code, error.detail)
    return ExportTried(identity, is_confirmed=True)


def _refuse_faults(wanted: Destination) -> None:
    found = tuple(Fault(f"/destination/{field}", code) for field, code in faults(wanted))
    if found:
        raise Refusal("malformed", faults=found)


def _sealed(call: Call, found: Export, password: str | None) -> bytes | None:
    if password is None:
        return found.password
    purpose = purpose_of(found.project_id)
    return call.service.keys.seal(password.encode(), purpose) if password else None


def _place(wanted: Destination) -> tuple[object, ...]:
    return tuple(getattr(wanted, field) for field in _PLACE)


def _deed(call: Call, found: Export, before: Export | None, what: str = "set") -> Deed:
    def hashed(of: Export | None) -> str:
        return digest(None if of is None else msgspec.to_builtins(of.destination))

    return Deed(
        who_id=call.actor.user_id,
        who_name=call.actor.name,
        verb=f"{Verb.RECORDING_TRANSFER.value}.{what}",
        entity="recording_export",
        entity_id=found.project_id,
        project_id=found.project_id,
        before=hashed(before),
        after=hashed(found),
        detail=f"{found.destination.transport}://{found.destination.host}",
    )


def _shown(file: Exported) -> ExportedFile:
    return ExportedFile(
        recording_id=file.recording_id,
        path=file.path,
        size=file.size,
        delete_by=file.delete_by,
        sent_at=file.sent_at,
        gone_at=file.gone_at,
        audit_n=file.audit_n,
    )


ROUTES = (
    recording_export,
    set_recording_export,
    try_recording_export,
    exported_files,
)
