"""What the service orders of one device, and how a device without a session proves which one it is.

A directive is signed by the service's key, which clients pin at their first sign-in. It names its
device, counts up with each order, and repeats the ``nonce`` of the request that it answers: an old
one, or another device's, is no directive.
"""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

_PURPOSE = "cx-desktop device request 1"

#: Headers of a request that a device signs with its own key.
CHALLENGE_HEADER, NONCE_HEADER, SIGNATURE_HEADER = "Cx-Challenge", "Cx-Nonce", "Cx-Signature"
SIGNED_HEADERS = (CHALLENGE_HEADER, NONCE_HEADER, SIGNATURE_HEADER)
#: The signed directive that a sealed package, or the word that it was obeyed, belongs to.
DIRECTIVE_HEADER = "Cx-Directive"


class Act(StrEnum):
    """What a device is to do."""

    NONE = "none"
    LOCK = "lock"
    """Close the screen; only a sign-in over the network opens it again. Nothing is deleted."""
    EVICT = "evict"
    """Give up what belongs to some projects, their unsent edits sealed first."""
    WIPE = "wipe"
    """Give up everything of this user, unsent edits sealed first."""


class DeviceName(Struct, frozen=True):
    """``POST /v1/devices/self/challenge``: which device is going to prove itself."""

    device_id: str


class DeviceChallenge(Struct, frozen=True):
    """To be signed with the device's key, within a few minutes, once."""

    challenge: str
    expires_at: datetime


class Directive(Struct, frozen=True, tag="directive", tag_field="t", omit_defaults=True):
    """``GET /v1/devices/self/directive``, in the compact signed form."""

    id: str
    n: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    """Grows with every order to this device; one that is lower than the last is a replay."""
    device_id: str
    act: Act
    issued_at: datetime
    nonce: str
    escrow_key: str
    """X25519 public key (base64) to which unsent edits are sealed."""
    project_ids: tuple[str, ...] = ()


class SignedDirective(Struct, frozen=True):
    """The answer that carries a directive."""

    directive: str


class Obeyed(Struct, frozen=True):
    """``POST /v1/devices/self/wiped``: what was ordered is done."""

    edits: Annotated[int, Meta(ge=0, le=2**31)]
    """How many unsent edits were sealed."""
    files: Annotated[int, Meta(ge=0, le=2**31)]


class Deposit(Struct, frozen=True):
    """A sealed package is kept; the same one again changes nothing."""

    id: str
    sha256: str
    size: int


def proof(method: str, path: str, challenge: str, nonce: str) -> bytes:
    """What a device signs to ask something in its own name."""
    said = hashlib.sha256(f"{method} {path}\n{challenge}\n{nonce}".encode()).hexdigest()
    return f"{_PURPOSE}\n{said}".encode()
