"""A device without a session proves which one it is, by its key and a challenge that is good once.

What it then hands over (sealed edits, the word that it obeyed) it may bring much later, when its
key is gone: that is let in by the signed directive it was given, which only this service can make
and only this device was told.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import delete
from sqlalchemy.dialects.sqlite import insert

from cx_desktop.protocol.directives import (
    CHALLENGE_HEADER,
    DIRECTIVE_HEADER,
    NONCE_HEADER,
    SIGNATURE_HEADER,
    SIGNED_HEADERS,
    Act,
    DeviceChallenge,
    Directive,
    proof,
)
from cx_desktop.service.call import Call
from cx_desktop.service.devices import registry, sights
from cx_desktop.service.devices.registry import Registered
from cx_desktop.service.keys import verifies
from cx_desktop.service.problems import Refusal
from cx_desktop.service.service import Service
from cx_desktop.service.store import Txn, orders
from cx_desktop.service.store.tables import used_proof

GOOD_FOR = timedelta(minutes=2)
LONGEST_NONCE = 100


class Challenged(Struct, frozen=True, tag="challenged"):
    """What a challenge says, to the service alone."""

    device_id: str
    expires_at: datetime
    random: str


def challenge(service: Service, device_id: str) -> DeviceChallenge:
    """Something to sign. Any id gets one: it tells nobody which devices there are."""
    expires_at = service.clock.now() + GOOD_FOR
    said = Challenged(device_id, expires_at, secrets.token_urlsafe(16))
    return DeviceChallenge(service.keys.tagged(said), expires_at)


def proven(txn: Txn, call: Call) -> tuple[Registered, str]:
    """The device that has signed this request, and its nonce; the challenge is used up."""
    given = {name: call.headers.get(name.lower(), "") for name in SIGNED_HEADERS}
    text, nonce = given[CHALLENGE_HEADER], given[NONCE_HEADER]
    said = call.service.keys.untagged(text, Challenged)
    found = None if said is None else registry.known(txn.connection, said.device_id)
    if said is None or found is None or said.expires_at <= txn.now:
        raise Refusal("device-unproven")
    method, path = call.target.split(" ", 1)
    message = proof(method, path, text, nonce)
    if not 0 < len(nonce) <= LONGEST_NONCE or not verifies(
        found.public_key, message, given[SIGNATURE_HEADER]
    ):
        raise Refusal("device-unproven")
    _use(txn, text, said.expires_at)
    return found, nonce


def directive_for(txn: Txn, service: Service, found: Registered, nonce: str) -> str:
    """What a device is to do now, signed. One that was revoked is at least to be locked."""
    if not found.is_revoked:
        sights.narrow(txn, found.id, found.user_id)
    given = orders.of_device(txn.connection, found.id)
    act = registry.heaviest(given)
    if found.is_revoked and act is not Act.WIPE:
        act = Act.LOCK
    meant = [each for each in given if each.over_at is None and each.act is act]
    # One project after the other: whoever says that one is gone says nothing of the next.
    first = meant[0] if meant else None
    directive = Directive(
        id="" if first is None else first.id,
        n=given[-1].n if given else 0,
        device_id=found.id,
        act=act,
        issued_at=txn.now,
        nonce=nonce,
        escrow_key=service.keys.escrow_key,
        project_ids=(first.project_id,) if first is not None and act is Act.EVICT else (),
    )
    return service.keys.signed(directive)


def shown(call: Call) -> Directive:
    """The directive that a request comes with, if this service signed it."""
    found = call.service.keys.opened(call.headers.get(DIRECTIVE_HEADER.lower(), ""), Directive)
    if found is None or not found.id:
        raise Refusal("directive-invalid")
    return found


def _use(txn: Txn, text: str, expires_at: datetime) -> None:
    txn.connection.execute(delete(used_proof).where(used_proof.c.expires_at <= txn.now))
    digest = hashlib.sha256(text.encode()).digest()
    marked = txn.connection.execute(
        insert(used_proof).values(hash=digest, expires_at=expires_at).on_conflict_do_nothing()
    )
    if marked.rowcount != 1:
        raise Refusal("device-unproven")
