"""Files, each under the digest of its content: sent for a project, read where a prompt uses them.

A digest alone opens nothing: a file is read only through a project that holds it, that refers to
it, and that the user may read. So nobody learns by its digest whether another project has a file.
"""

import hashlib
import re

from litestar import Response
from litestar.enums import HttpMethod

from cx_desktop.domain.access import Verb
from cx_desktop.service import parts
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.call import Asked, answer
from cx_desktop.service.contract import BYTES, endpoint
from cx_desktop.service.objects import deeds
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.shapes import BlobQuery, BlobView
from cx_desktop.service.store import blobs

MOST_BYTES = 16 * 1024 * 1024
#: What the files of one project may be together.
MOST_OF_PROJECT = 2 * 1024 * 1024 * 1024

_DIGEST = re.compile(r"[0-9a-f]{64}")


@endpoint(
    HttpMethod.PUT,
    "/v1/blobs/{sha256}",
    verb=Verb.CONFIG_EDIT,
    query=BlobQuery,
    takes=BYTES,
    answer=BlobView,
    problems=("not-found", "storage-full"),
)
def put_blob(call: Asked) -> Response[bytes]:
    """Send a file for a project; the same one again changes nothing."""
    project_id, sha256 = call.query(BlobQuery).project_id, call.path["sha256"]
    if call.headers.get("content-type", "").split(";")[0].strip().lower() != BYTES:
        raise Refusal("unsupported-media-type")
    service, size = call.service, len(call.raw)
    is_content = hashlib.sha256(call.raw).hexdigest() == sha256
    with service.store.write() as txn:
        deeds.require(txn, call.actor, Verb.CONFIG_EDIT, project_id)
        if not is_content:
            raise malformed("", "other-content", "The digest of the body is another one")
        if not blobs.holds(txn.connection, project_id, sha256):
            if blobs.size_of(txn.connection, project_id) + size > MOST_OF_PROJECT:
                raise Refusal("storage-full")
            blobs.hold(txn, project_id, sha256, size)
            deed = Deed(
                who_id=call.actor.user_id,
                who_name=call.actor.name,
                verb=Verb.CONFIG_EDIT,
                entity="blob",
                entity_id=sha256,
                project_id=project_id,
                after=sha256,
                detail="upload",
            )
            record(txn, deed)
        service.blobs.keep(sha256, call.raw)
    return answer(BlobView(sha256, project_id, size))


@endpoint(
    HttpMethod.GET,
    "/v1/blobs/{sha256}",
    verb=Verb.CONFIG_READ,
    media=BYTES,
    is_ranged=True,
)
def blob(call: Asked) -> Response[bytes]:
    """A file, or a part of it, that a prompt of a project of one's own refers to."""
    sha256, service, scope = call.path["sha256"], call.service, call.actor.scope(Verb.CONFIG_READ)
    if not _DIGEST.fullmatch(sha256):
        raise Refusal("not-found")
    with service.store.read() as connection:
        projects = blobs.users(connection, sha256)
    visible = sorted(projects if scope is None else projects & scope)
    size = service.blobs.size(sha256)
    if not visible or size is None:
        raise Refusal("not-found")
    part = parts.asked(call.headers, sha256, size)
    content = service.blobs.read(sha256, part.start, part.end)
    service.reads.record(
        call.actor,
        Verb.CONFIG_READ,
        service.clock.now(),
        entity="blob",
        entity_id=sha256,
        project_id=visible[0],
    )
    return Response(content, status_code=part.status, media_type=BYTES, headers=part.headers)


ROUTES = (put_blob, blob)
