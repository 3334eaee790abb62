"""Signing in: password, then code; the first code of a new user enrols their authenticator.

Failure policy: whatever is wrong with name or password looks the same and costs the same work. An
attempt counts as a failure until it is known to be none. Refusals are returned out of the writing
transaction and raised after it, so that counting survives them.
"""

from datetime import timedelta

import msgspec
import pyotp
from msgspec import Struct
from sqlalchemy import delete, insert, update

from cx_desktop.protocol import (
    Challenge,
    DeviceFacts,
    Enrolment,
    SignedIn,
    SignInRequest,
    Verification,
)
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.service import Service
from cx_desktop.service.sessions import codes, people
from cx_desktop.service.sessions.devices import device_for, is_revoked
from cx_desktop.service.sessions.leases import signed_lease
from cx_desktop.service.sessions.lockout import Lockout
from cx_desktop.service.sessions.tokens import open_session
from cx_desktop.service.store import Txn, orders
from cx_desktop.service.store.tables import challenge

CHALLENGE_LIFE = timedelta(minutes=5)
CODES_PER_CHALLENGE = 5


class Open(Struct, frozen=True):
    """A challenge that waits for its code."""

    id: str
    account: people.Account
    device: DeviceFacts
    enrolment: str | None
    """The fresh TOTP secret of a user who has none yet."""
    lockout: Lockout


def begin(service: Service, request: SignInRequest, address: str) -> Challenge:
    """Check name and password; the answer names the challenge to verify."""
    lockout = Lockout(service.keys, username=request.username, address=address)
    with service.store.write() as txn:
        account = people.by_username(txn.connection, request.username)
        refusal = lockout.enter(txn)
        if refusal is not None:
            _record(txn, account, "session.locked-out")
    if refusal is not None:
        raise refusal
    is_right = service.passwords.matches(
        account.password_hash if account else None, request.password
    )
    with service.store.write() as txn:
        if not is_right or account is None:
            _record(txn, account, "session.wrong-password")
            refusal = lockout.waiting(txn) or Refusal("wrong-password")
        else:
            lockout.forgive(txn)
            return _challenge(service, txn, account, request.device)
    raise refusal


def verify(service: Service, challenge_id: str, given: Verification, address: str) -> SignedIn:
    """Check the second factor and open a session."""
    if bool(given.code) == bool(given.recovery_code):
        raise malformed("/code", "one-factor", "Give a code or a recovery code")
    with service.store.write() as txn:
        outcome = _verified(service, txn, challenge_id, given, address)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def _challenge(
    service: Service, txn: Txn, account: people.Account, device: DeviceFacts
) -> Challenge:
    if is_revoked(txn, account.id, device):
        raise Refusal("device-revoked")
    secret = codes.fresh_secret() if account.totp_secret is None else None
    challenge_id = txn.ids.new()
    expires_at = txn.now + CHALLENGE_LIFE
    txn.connection.execute(delete(challenge).where(challenge.c.expires_at <= txn.now))
    txn.connection.execute(
        insert(challenge).values(
            id=challenge_id,
            user_id=account.id,
            device=msgspec.json.encode(device),
            enrolment=secret and service.keys.seal(secret.encode(), f"challenge {challenge_id}"),
            expires_at=expires_at,
            attempts=0,
        )
    )
    enrolment = secret and Enrolment(
        secret=secret,
        uri=pyotp.TOTP(secret).provisioning_uri(
            name=account.username, issuer_name=service.config.name
        ),
    )
    return Challenge(id=challenge_id, expires_at=expires_at, enrolment=enrolment or None)


def _verified(
    service: Service, txn: Txn, challenge_id: str, given: Verification, address: str
) -> SignedIn | Refusal:
    found = _open(service, txn, challenge_id, address)
    if found is None:
        return Refusal("challenge-expired")
    refusal = found.lockout.waiting(txn) or _refused(service, txn, found, given)
    if refusal is not None:
        return refusal
    if is_revoked(txn, found.account.id, found.device):
        return Refusal("device-revoked")
    found.lockout.clear(txn)
    txn.connection.execute(delete(challenge).where(challenge.c.id == challenge_id))
    return _signed_in(service, txn, found)


def _refused(service: Service, txn: Txn, found: Open, given: Verification) -> Refusal | None:
    """Try the factor; a failure is counted and written down."""
    if given.recovery_code:
        refusal = codes.use_recovery_code(txn, service.keys, found.account.id, given.recovery_code)
    else:
        secret = found.enrolment or people.totp_secret(service.keys, found.account) or ""
        refusal = codes.check_code(txn, found.account.id, secret, given.code)
    if refusal is None:
        return None
    _record(txn, found.account, f"session.{refusal.name}")
    if refusal.name == "code-reused":
        return refusal
    return found.lockout.fail(txn) or refusal


def _open(service: Service, txn: Txn, challenge_id: str, address: str) -> Open | None:
    """The challenge of an id, one attempt poorer; None when it is over."""
    row = txn.connection.execute(
        update(challenge)
        .where(challenge.c.id == challenge_id)
        .where(challenge.c.expires_at > txn.now, challenge.c.attempts < CODES_PER_CHALLENGE)
        .values(attempts=challenge.c.attempts + 1)
        .returning(*challenge.c)
    ).one_or_none()
    account = None if row is None else people.by_id(txn.connection, row.user_id)
    if row is None or account is None or (row.enrolment and account.totp_secret):
        return None
    secret = row.enrolment and service.keys.unseal(row.enrolment, f"challenge {row.id}").decode()
    return Open(
        id=row.id,
        account=account,
        device=msgspec.json.decode(row.device, type=DeviceFacts),
        enrolment=secret,
        lockout=Lockout(service.keys, username=account.username, address=address),
    )


def _signed_in(service: Service, txn: Txn, found: Open) -> SignedIn:
    account = found.account
    fresh_codes: tuple[str, ...] = ()
    if found.enrolment:
        people.set_totp_secret(txn, service.keys, account.id, found.enrolment)
        fresh_codes = codes.new_recovery_codes(txn, service.keys, account.id)
        _record(txn, account, "factor.enrolled")
    device_id = device_for(txn, account.id, found.device)
    orders.unlocked(txn, device_id)
    tokens = open_session(service, txn, account.id, device_id)
    _record(txn, account, "session.opened", detail=device_id)
    return SignedIn(
        tokens=tokens,
        user=people.user_of(txn.connection, account, service.organisation(txn.connection)),
        device_id=device_id,
        lease=signed_lease(service, txn.connection, account, device_id),
        vault_key=people.vault_key(service.keys, account),
        recovery_codes=fresh_codes,
    )


def _record(txn: Txn, account: people.Account | None, verb: str, detail: str = "") -> None:
    """Write an attempt down; a name that no user has is not written, it may be a password."""
    who_id, who_name = ("", "") if account is None else (account.id, account.name)
    record(txn, Deed(who_id=who_id, who_name=who_name, verb=verb, detail=detail))
