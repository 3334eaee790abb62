"""The service's secrets on disk: signing, sealing, escrow and SSH key, each in a file of mode 0600.

Everything else derives from them: access tokens, leases, directives and audit heads are signed
(Ed25519); TOTP secrets and vault keys are sealed (AES-256-GCM); cursors and stored codes carry an
HMAC. The escrow key (X25519) opens what devices sealed before they gave up their data.
"""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

SIGNING_KEY, SEALING_KEY, ESCROW_KEY = "signing.key", "sealing.key", "escrow.key"
SSH_KEY = "ssh.key"

_NONCE = 12

Claims = TypeVar("Claims")


class Keys:
    """The keys of one data folder; made on first use."""

    def __init__(self, folder: Path) -> None:
        self._signing = Ed25519PrivateKey.from_private_bytes(_kept(folder / SIGNING_KEY))
        sealing = _kept(folder / SEALING_KEY)
        self._aead = AESGCM(_derived(sealing, "seal"))
        self._tag_key = _derived(sealing, "tag")
        self._ssh = Ed25519PrivateKey.from_private_bytes(_kept(folder / SSH_KEY))
        self.escrow = X25519PrivateKey.from_private_bytes(_kept(folder / ESCROW_KEY))

    @property
    def escrow_key(self) -> str:
        """The X25519 public key to which devices seal unsent edits, base64."""
        return base64.b64encode(self.escrow.public_key().public_bytes_raw()).decode()

    @property
    def ssh_key(self) -> str:
        """With which the service signs in to SFTP servers of clients, in OpenSSH's text."""
        form = (Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        return self._ssh.private_bytes(*form).decode()

    @property
    def ssh_public_key(self) -> str:
        """The line that such a server needs in its ``authorized_keys``."""
        public = self._ssh.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
        return f"{public.decode()} cx-desktop"

    @property
    def public_key(self) -> str:
        """The Ed25519 public key, base64."""
        return base64.b64encode(self._signing.public_key().public_bytes_raw()).decode()

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature of a message."""
        return self._signing.sign(message)

    def signed(self, claims: object) -> str:
        """A compact signed value: ``base64url(json).base64url(signature)``."""
        body = msgspec.json.encode(claims)
        return f"{_text(body)}.{_text(self.sign(body))}"

    def opened(self, signed: str, claims: type[Claims]) -> Claims | None:
        """What a compact value of ours says, or None when it is not ours."""
        try:
            body, signature = (_bytes(part) for part in signed.split("."))
            self._signing.public_key().verify(signature, body)
            return msgspec.json.decode(body, type=claims)
        except (ValueError, InvalidSignature, msgspec.DecodeError):
            return None

    def seal(self, secret: bytes, purpose: str) -> bytes:
        """Encrypt a secret for storage; ``purpose`` (with the owner's id) is bound to it."""
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, secret, purpose.encode())

    def unseal(self, sealed: bytes, purpose: str) -> bytes:
        """The secret again; raises ``InvalidTag`` when it was moved or damaged."""
        return self._aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())

    def tag(self, message: bytes) -> bytes:
        """A keyed digest that nobody else can make."""
        return hmac.digest(self._tag_key, message, "sha256")

    def tagged(self, value: object) -> str:
        """An opaque authenticated text that carries a value (cursors, resume marks)."""
        body = msgspec.json.encode(value)
        return f"{_text(body)}.{_text(self.tag(body)[:16])}"

    def untagged(self, text: str, claims: type[Claims]) -> Claims | None:
        """The value of an authenticated text, or None when it is not ours."""
        try:
            body, tag = (_bytes(part) for part in text.split("."))
            if not hmac.compare_digest(self.tag(body)[:16], tag):
                return None
            return msgspec.json.decode(body, type=claims)
        except (ValueError, msgspec.DecodeError):
            return None


def verifies(public_key: str, message: bytes, signature: str) -> bool:
    """Whether a base64 signature of a message was made by the holder of a base64 public key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), message)
    except (ValueError, InvalidSignature):
        return False
    return True


def _kept(path: Path) -> bytes:
    """The 32 bytes of a key file; a file that others could read is refused."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise PermissionError(f"{path} can be read by others; set its mode to 0600")
    return path.read_bytes()


def _derived(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, f"cx-desktop {purpose}".encode(), hashlib.sha256)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


__all__ = ["InvalidTag", "Keys", "verifies"]
