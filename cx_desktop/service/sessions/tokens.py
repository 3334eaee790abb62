"""Access tokens of ten minutes, and refresh tokens that are good once, on one device.

Failure policy: a refresh token used twice was stolen or copied, so the whole session ends and both
holders have to sign in. Every request looks at the session, so that a revocation bites at once.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from sqlalchemy import Connection, insert, select, update

from cx_desktop.protocol import RefreshRequest, Tokens
from cx_desktop.service.actor import Actor
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.keys import verifies
from cx_desktop.service.problems import Refusal
from cx_desktop.service.service import Service
from cx_desktop.service.sessions import people
from cx_desktop.service.store import Txn
from cx_desktop.service.store.tables import device, refresh_token, session

ACCESS_LIFE = timedelta(minutes=10)
REFRESH_LIFE = timedelta(days=30)


class AccessClaims(Struct, frozen=True, tag="access"):
    """What an access token says."""

    session_id: str
    expires_at: datetime


class SessionRow(Struct, frozen=True):
    """An open session with the device it lives on."""

    id: str
    user_id: str
    device_id: str
    public_key: str
    is_device_revoked: bool


def open_session(service: Service, txn: Txn, user_id: str, device_id: str) -> Tokens:
    """Start a session and give its first tokens."""
    session_id = txn.ids.new()
    txn.connection.execute(
        insert(session).values(
            id=session_id, user_id=user_id, device_id=device_id, created_at=txn.now
        )
    )
    return _issue(service, txn, session_id)


def refresh(service: Service, request: RefreshRequest) -> Tokens:
    """New tokens for an unused refresh token, signed by its device."""
    with service.store.write() as txn:
        outcome = _refreshed(service, txn, request)
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome


def actor_of(service: Service, token: str) -> Actor:
    """Who an access token belongs to; refuses one that is not ours, expired or revoked."""
    claims = service.keys.opened(token, AccessClaims)
    if claims is None or claims.expires_at <= service.clock.now():
        raise Refusal("token-invalid")
    with service.store.read() as connection:
        found = _open_session_row(connection, claims.session_id)
        if found is None:
            raise Refusal("token-invalid")
        if found.is_device_revoked:
            raise Refusal("device-revoked")
        account = people.by_id(connection, found.user_id)
        if account is None:
            raise Refusal("token-invalid")
        return Actor(
            user_id=account.id,
            username=account.username,
            name=account.name,
            session_id=found.id,
            device_id=found.device_id,
            grants=people.grants_of(connection, account.id),
        )


def close_session(txn: Txn, session_id: str, reason: str) -> None:
    """End a session: none of its tokens is good any more."""
    txn.connection.execute(
        update(session)
        .where(session.c.id == session_id, session.c.revoked_at.is_(None))
        .values(revoked_at=txn.now, reason=reason)
    )


def _refreshed(service: Service, txn: Txn, request: RefreshRequest) -> Tokens | Refusal:
    token = txn.connection.execute(
        select(refresh_token).where(refresh_token.c.hash == _hash(request.refresh_token))
    ).one_or_none()
    found = None if token is None else _open_session_row(txn.connection, token.session_id)
    if token is None or found is None or not _is_from_device(found, request):
        return Refusal("token-invalid")
    if found.is_device_revoked:
        return Refusal("device-revoked")
    if token.used_at is not None:
        close_session(txn, found.id, "token-reused")
        _record_reuse(txn, found)
        return Refusal("token-reused")
    if token.expires_at <= txn.now:
        return Refusal("token-invalid")
    txn.connection.execute(
        update(refresh_token).where(refresh_token.c.hash == token.hash).values(used_at=txn.now)
    )
    return _issue(service, txn, found.id)


def _is_from_device(found: SessionRow, request: RefreshRequest) -> bool:
    return found.device_id == request.device_id and verifies(
        found.public_key, request.refresh_token.encode(), request.signature
    )


def _record_reuse(txn: Txn, found: SessionRow) -> None:
    account = people.by_id(txn.connection, found.user_id)
    name = "" if account is None else account.name
    record(txn, Deed(who_id=found.user_id, who_name=name, verb="session.reuse"))


def _issue(service: Service, txn: Txn, session_id: str) -> Tokens:
    token = secrets.token_urlsafe(32)
    txn.connection.execute(
        insert(refresh_token).values(
            hash=_hash(token), session_id=session_id, expires_at=txn.now + REFRESH_LIFE
        )
    )
    expires_at = (txn.now + ACCESS_LIFE).astimezone(UTC)
    claims = AccessClaims(session_id=session_id, expires_at=expires_at)
    return Tokens(
        access_token=service.keys.signed(claims), expires_at=expires_at, refresh_token=token
    )


def _open_session_row(connection: Connection, session_id: str) -> SessionRow | None:
    row = (
        connection.execute(
            select(
                session.c.id,
                session.c.user_id,
                session.c.device_id,
                device.c.public_key,
                device.c.revoked_at.is_not(None).label("is_device_revoked"),
            )
            .join(device, device.c.id == session.c.device_id)
            .where(session.c.id == session_id, session.c.revoked_at.is_(None))
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else SessionRow(**row)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
