"""Sealed packages: unsent edits that only the service's escrow key opens.

A package is ``CXE1``, the tag of the key it is sealed to, an ephemeral X25519 public key, a nonce,
and AES-256-GCM over the contents; the key comes by HKDF from the shared secret and both public
keys, and the head is authenticated. Whoever makes one cannot open it again.
"""

import base64
import hashlib
import secrets
from datetime import datetime

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

from cx_desktop.protocol.sync import Op

#: What a package holds before another is begun, and what it may be at most.
MOST_CONTENTS = 8 << 20
#: A single edit that is larger goes alone.
MOST_BYTES = 15 << 20

_MAGIC = b"CXE1"
_TAG, _KEY, _NONCE, _SEAL = 8, 32, 12, 16
_HEAD = len(_MAGIC) + _TAG + _KEY + _NONCE
_PURPOSE = b"cx-desktop escrow 1"


class Unopened(Exception):  # noqa: N818  (it says what the package is)
    """The package was damaged, or sealed to another key."""


class Source(Struct, frozen=True):
    """Whose edits they are, and why they were given up."""

    server: str
    user_id: str
    username: str
    name: str
    device_id: str
    order_id: str
    at: datetime
    projects: dict[str, str]
    """Names by id of the projects that were given up; empty when everything was."""


class SealedEdit(Struct, frozen=True, omit_defaults=True):
    """An edit that the service did not take yet."""

    op: Op
    state: str
    name: str = ""
    """What a person knows the object by."""
    project_id: str = ""


class SealedFile(Struct, frozen=True, omit_defaults=True):
    """A piece of a file that the service has not got yet."""

    project_id: str
    sha256: str
    size: int
    offset: int
    content: bytes


class Contents(Struct, frozen=True):
    """One package of those that belong together; ``part`` counts from 0."""

    source: Source
    part: int
    edits: tuple[SealedEdit, ...]
    files: tuple[SealedFile, ...]


def seal(contents: Contents, public_key: str) -> bytes:
    """Seal a package to a public key (base64); raises ``ValueError`` for what is no key."""
    raw = base64.b64decode(public_key, validate=True)
    known = X25519PublicKey.from_public_bytes(raw)
    own = X25519PrivateKey.generate()
    own_raw, nonce = own.public_key().public_bytes_raw(), secrets.token_bytes(_NONCE)
    head = _MAGIC + tag_of(raw) + own_raw + nonce
    cipher = AESGCM(_derived(own.exchange(known), own_raw, raw))
    return head + cipher.encrypt(nonce, msgspec.msgpack.encode(contents), head)


def unseal(package: bytes, private: X25519PrivateKey) -> Contents:
    """The contents of a package; raises ``Unopened``."""
    raw = private.public_key().public_bytes_raw()
    if not is_sealed_to(package, raw):
        raise Unopened
    head = package[:_HEAD]
    own_raw = head[len(_MAGIC) + _TAG : -_NONCE]
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(own_raw))
        cipher = AESGCM(_derived(shared, own_raw, raw))
        opened = cipher.decrypt(head[-_NONCE:], package[_HEAD:], head)
        return msgspec.msgpack.decode(opened, type=Contents)
    except (InvalidTag, ValueError, msgspec.MsgspecError) as error:
        raise Unopened from error


def is_sealed_to(package: bytes, public_key: bytes) -> bool:
    """Whether this is a package for a key, as far as can be seen from outside."""
    head = _MAGIC + tag_of(public_key)
    return len(package) > _HEAD + _SEAL and package.startswith(head)


def tag_of(public_key: bytes) -> bytes:
    """What tells one escrow key from another."""
    return hashlib.sha256(public_key).digest()[:_TAG]


def _derived(shared: bytes, own: bytes, known: bytes) -> bytes:
    return HKDF(SHA256(), _KEY, own + known, _PURPOSE).derive(shared)
