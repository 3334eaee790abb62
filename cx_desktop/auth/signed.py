"""The service's signed word: ``base64url(json).base64url(signature)``, held to the pinned key."""

import base64
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Claims = TypeVar("Claims")


def opened(signed: str, signing_key: str, claims: type[Claims]) -> Claims | None:
    """What it says, once the signature holds; None for what is not the service's word."""
    body, _, signature = signed.partition(".")
    try:
        content = _decoded(body)
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signing_key, validate=True))
        key.verify(_decoded(signature), content)
        return msgspec.json.decode(content, type=claims)
    except (ValueError, InvalidSignature, msgspec.MsgspecError):
        return None


def _decoded(text: str) -> bytes:
    """Bytes from unpadded base64url, strictly."""
    padded = (text + "=" * (-len(text) % 4)).encode("ascii")
    return base64.b64decode(padded, altchars=b"-_", validate=True)
