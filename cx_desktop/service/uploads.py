"""Files in parts: announced with size and digest, sent from an offset on, whole or not at all.

``POST /v1/blobs`` gives the address of an upload; ``PATCH`` adds a part where ``Upload-Offset``
says that the last one ended, ``HEAD`` tells where that is. These names are those of a draft of the
IETF (resumable uploads), whose other rules are not claimed here.
"""

from litestar import Response
from litestar.enums import HttpMethod
from sqlalchemy import Connection

from cx_desktop.domain.access import Verb
from cx_desktop.protocol.uploads import OFFSET, Announced, UploadView
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.blobs import MOST_OF_PROJECT
from cx_desktop.service.call import Asked, answer
from cx_desktop.service.contract import BYTES, endpoint
from cx_desktop.service.objects import deeds
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.store import Txn, blobs, uploads
from cx_desktop.service.store.uploads import Upload


@endpoint(
    HttpMethod.POST,
    "/v1/blobs",
    verb=Verb.CONFIG_EDIT,
    body=Announced,
    answer=UploadView,
    problems=("not-found", "storage-full", "project-suspended"),
)
def announce_blob(call: Asked) -> Response[bytes]:
    """Announce a file; the same one again gives the same address, and how much of it is there."""
    asked, service, user_id = call.body(Announced), call.service, call.actor.user_id
    with service.store.write() as txn:
        deeds.require(txn, call.actor, Verb.CONFIG_EDIT, asked.project_id)
        if blobs.holds(txn.connection, asked.project_id, asked.sha256):
            return _told(UploadView("", asked.size, asked.size, is_complete=True))
        found = uploads.of_file(txn.connection, user_id, asked.project_id, asked.sha256)
        if found is not None and found.size != asked.size:  # one of both sizes is a lie
            _give_up(call, txn, found)
            found = None
        if found is None:
            if _claimed(txn.connection, asked.project_id) + asked.size > MOST_OF_PROJECT:
                raise Refusal("storage-full")
            found = Upload(txn.ids.new(), user_id, asked.project_id, asked.sha256, asked.size)
            uploads.begin(txn, found)
    return _told(_view(call, found))


@endpoint(HttpMethod.HEAD, "/v1/uploads/{upload}", verb=Verb.CONFIG_EDIT, status=204)
def upload_offset(call: Asked) -> Response[bytes]:
    """How much of a file is there (``Upload-Offset``)."""
    with call.service.store.read() as connection:
        found = _own(call, connection)
    offset = str(call.service.uploads.size(found.id))
    headers = {OFFSET: offset, "Cache-Control": "no-store"}
    return Response(b"", status_code=204, headers=headers)


@endpoint(
    HttpMethod.PATCH,
    "/v1/uploads/{upload}",
    verb=Verb.CONFIG_EDIT,
    takes=BYTES,
    answer=UploadView,
    has_offset=True,
    problems=("other-offset", "storage-full"),
)
def add_part(call: Asked) -> Response[bytes]:
    """Add a part; after the last one the file is there, if it is the one that was announced."""
    if call.headers.get("content-type", "").split(";")[0].strip().lower() != BYTES:
        raise Refusal("unsupported-media-type")
    offset = _offset(call.headers.get(OFFSET.lower(), ""))
    is_other = False
    with call.service.store.write() as txn:
        found = _own(call, txn.connection)
        deeds.require(txn, call.actor, Verb.CONFIG_EDIT, found.project_id)
        here = call.service.uploads.size(found.id)
        if offset != here:
            raise Refusal("other-offset", offset=here)
        if offset + len(call.raw) > found.size:
            raise Refusal("too-large")
        here = call.service.uploads.append(found.id, call.raw)
        uploads.touch(txn, found.id)
        if here == found.size:
            is_other = not _completed(call, txn, found)
    if is_other:
        raise malformed("", "other-content", "The digest of what came is another one")
    return _told(UploadView(found.id, here, found.size, is_complete=here == found.size))


def _completed(call: Asked, txn: Txn, found: Upload) -> bool:
    """Take a file in whose last part has come; whether it is the one that was announced."""
    files = call.service.uploads
    is_it = files.digest(found.id) == found.sha256
    if is_it and not blobs.holds(txn.connection, found.project_id, found.sha256):
        call.service.blobs.keep(found.sha256, files.whole(found.id))
        blobs.hold(txn, found.project_id, found.sha256, found.size)
        deed = Deed(
            who_id=call.actor.user_id,
            who_name=call.actor.name,
            verb=Verb.CONFIG_EDIT,
            entity="blob",
            entity_id=found.sha256,
            project_id=found.project_id,
            after=found.sha256,
            detail="upload",
        )
        record(txn, deed)
    _give_up(call, txn, found)
    return is_it


def _give_up(call: Asked, txn: Txn, found: Upload) -> None:
    uploads.end(txn, found.id)
    call.service.uploads.forget(found.id)


def _own(call: Asked, connection: Connection) -> Upload:
    found = uploads.load(connection, call.path["upload"], call.actor.user_id)
    if found is None:
        raise Refusal("not-found")
    return found


def _claimed(connection: Connection, project_id: str) -> int:
    return blobs.size_of(connection, project_id) + uploads.size_of(connection, project_id)


def _view(call: Asked, found: Upload) -> UploadView:
    return UploadView(found.id, call.service.uploads.size(found.id), found.size)


def _told(view: UploadView) -> Response[bytes]:
    told = answer(view)
    told.headers[OFFSET] = str(view.offset)
    if view.id:
        told.headers["Location"] = f"/v1/uploads/{view.id}"
    return told


def _offset(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise malformed("", "upload-offset", "Upload-Offset says how many bytes are there")
    return int(text)


ROUTES = (announce_blob, upload_offset, add_part)
