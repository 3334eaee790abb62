"""The service's signed leave to work offline, and when it ends.

Failure policy: a lease that is not signed by the pinned key, or names another user or device, is no
lease. Times are judged on the floor clock, which cannot be set back.
"""

import base64
from datetime import datetime

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cx_desktop.domain.errors import CXError
from cx_desktop.protocol import Lease


def verify(signed: str, signing_key: str) -> Lease:
    """The lease inside ``base64url(json).base64url(signature)``, once the signature holds."""
    body, _, signature = signed.partition(".")
    try:
        content = _decoded(body)
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signing_key, validate=True))
        key.verify(_decoded(signature), content)
        return msgspec.json.decode(content, type=Lease)
    except (ValueError, InvalidSignature, msgspec.MsgspecError):
        raise CXError("problem.lease-invalid") from None


def check(lease: Lease, *, now: datetime, device_id: str) -> None:
    """Raise ``problem.lease-over`` when the leave has ended, by a clock that cannot go back."""
    if lease.device_id != device_id:
        raise CXError("problem.lease-invalid")
    if now >= lease.not_after:
        end = lease.not_after.astimezone()
        raise CXError(
            "problem.lease-over",
            day=f"{end:%d}",
            month=f"{end:%m}",
            year=f"{end:%Y}",
            hour=f"{end:%H}",
            minute=f"{end:%M}",
        )
    if now < lease.not_before:
        raise CXError("problem.lease-invalid")


def _decoded(text: str) -> bytes:
    """Bytes from unpadded base64url, strictly."""
    padded = (text + "=" * (-len(text) % 4)).encode("ascii")
    return base64.b64decode(padded, altchars=b"-_", validate=True)
