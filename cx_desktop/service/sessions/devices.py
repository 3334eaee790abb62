"""Registered computers, each known by an Ed25519 key of its own."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import insert, select

from cx_desktop.protocol import DeviceFacts
from cx_desktop.service.problems import malformed
from cx_desktop.service.store import Txn
from cx_desktop.service.store.tables import device

LONGEST_NAME = 200


def refuse_malformed(facts: DeviceFacts) -> None:
    """Refuse a device without a name, or whose public key is none."""
    if not 0 < len(facts.name) <= LONGEST_NAME:
        raise malformed("/device/name", "length", f"1 to {LONGEST_NAME} signs")
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(facts.public_key, validate=True))
    except ValueError as error:
        raise malformed("/device/public_key", "not-a-key", str(error)) from error


def is_revoked(txn: Txn, user_id: str, facts: DeviceFacts) -> bool:
    """Whether this computer was revoked for this user."""
    revoked = txn.connection.execute(
        select(device.c.id).where(
            device.c.user_id == user_id,
            device.c.public_key == facts.public_key,
            device.c.revoked_at.is_not(None),
        )
    ).first()
    return revoked is not None


def device_for(txn: Txn, user_id: str, facts: DeviceFacts) -> str:
    """The id of the computer that signs in: known by id and key, or new."""
    known: str | None = txn.connection.execute(
        select(device.c.id).where(
            device.c.id == facts.id,
            device.c.user_id == user_id,
            device.c.public_key == facts.public_key,
        )
    ).scalar()
    return known or _registered(txn, user_id, facts)


def _registered(txn: Txn, user_id: str, facts: DeviceFacts) -> str:
    device_id = txn.ids.new()
    txn.connection.execute(
        insert(device).values(
            id=device_id,
            user_id=user_id,
            name=facts.name,
            public_key=facts.public_key,
            created_at=txn.now,
            acked_upto=0,
        )
    )
    return device_id
