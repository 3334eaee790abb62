"""A complaint's dossier: the sound, what is known of the call, and who had to do with it, sealed.

One ZIP archive. ``manifest.json`` names each file with its digest; ``manifest.signed`` is the same,
signed by the service, so that whoever gets the dossier sees whether a byte of it was changed.
It is made in memory: no copy of the sound lies on a disk.
"""

import hashlib
import io
import zipfile
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response
from litestar.enums import HttpMethod
from msgspec import Meta, Struct
from sqlalchemy import Connection

from cx_desktop.domain.access import StepUpClass, Verb
from cx_desktop.domain.patch import Document
from cx_desktop.protocol import Person
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.call import Asked
from cx_desktop.service.contract import BYTES, endpoint
from cx_desktop.service.problems import Refusal
from cx_desktop.service.recordings.sounds import still_there
from cx_desktop.service.recordings.trail import audit_of
from cx_desktop.service.service import Service
from cx_desktop.service.sessions.step_up import require_step_up
from cx_desktop.service.store import Entity, entities

#: More does not go into memory; such a sound is exported alone.
MOST_BYTES = 200 * 1024 * 1024
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
#: What a sound is, by how it begins.
_KINDS = ((b"OggS", "opus"), (b"RIFF", "wav"), (b"ID3", "mp3"), (b"\xff\xfb", "mp3"))


class DossierQuery(Struct, frozen=True):
    """Why a dossier is made."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class Part(Struct, frozen=True):
    """A file of a dossier."""

    name: str
    sha256: str
    size: int


class Manifest(Struct, frozen=True, kw_only=True):
    """What a dossier holds."""

    format: int = 1
    recording_id: str
    at: datetime
    by: Person
    reason: str
    files: tuple[Part, ...]
    signing_key: str
    """Ed25519, base64; the same as with the heads of the audit."""


@endpoint(
    HttpMethod.GET,
    "/v1/recordings/{recording_id}/dossier",
    verb=Verb.RECORDING_EXPORT,
    query=DossierQuery,
    media=BYTES,
    problems=("recording-gone", "too-large"),
)
def recording_dossier(call: Asked) -> Response[bytes]:
    """Everything there is of one recording, in a signed ZIP archive. Needs ``export``."""
    reason, service = call.query(DossierQuery).reason.strip(), call.service
    with service.store.write() as txn:
        found = still_there(txn, call.actor, Verb.RECORDING_EXPORT, call.path["recording_id"])
        if (_size(service, found) or 0) > MOST_BYTES:
            raise Refusal("too-large")
        require_step_up(txn, call.actor, StepUpClass.EXPORT)
        deed = Deed(
            who_id=call.actor.user_id,
            who_name=call.actor.name,
            verb=Verb.RECORDING_EXPORT,
            entity="recording",
            entity_id=found.id,
            project_id=found.project_id,
            detail=f"dossier: {reason}",
        )
        record(txn, deed)
        files = _files(service, txn.connection, found)
        manifest = Manifest(
            recording_id=found.id,
            at=txn.now,
            by=call.actor.person,
            reason=reason,
            files=tuple(Part(name, _digest(data), len(data)) for name, data in files.items()),
            signing_key=service.keys.public_key,
        )
    files["manifest.json"] = _json(manifest)
    files["manifest.signed"] = service.keys.signed(manifest).encode()
    headers = {
        "Content-Disposition": f'attachment; filename="dossier-{found.id}.zip"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(_zipped(files), media_type=BYTES, headers=headers)


def _files(service: Service, connection: Connection, found: Entity) -> dict[str, bytes]:
    files = {
        "recording.json": _json(found.data | _names(connection, found)),
        "audit.json": _json(audit_of(connection, found.id)),
    }
    size = _size(service, found)
    if size is not None:
        content = service.sounds.read(str(found.data["blob"]), 0, size)
        kind = next((kind for start, kind in _KINDS if content.startswith(start)), "bin")
        files[f"sound.{kind}"] = content
    return files


def _names(connection: Connection, found: Entity) -> Document:
    """What people call the queue and the flow of a call."""
    named: Document = {}
    for kind in ("queue", "flow"):
        entity_id = found.data.get(f"{kind}_id")
        entity = entities.load(connection, kind, entity_id) if isinstance(entity_id, str) else None
        named[f"{kind}_name"] = entity.data.get("name") if entity is not None else None
    return named


def _size(service: Service, found: Entity) -> int | None:
    sha256 = found.data.get("blob")
    return service.sounds.size(sha256) if isinstance(sha256, str) else None


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content)
    return out.getvalue()


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


ROUTES = (recording_dossier,)
