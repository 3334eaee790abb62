"""Access tokens of ten minutes, and refresh tokens that are good once, on one device.

Failure policy: a refresh token used twice was stolen or copied, so the whole session ends and both
holders have to sign in. One exception: an answer may be lost on the way, so the device may present
the same token again for two minutes, until it has used the token that followed. It gets another in
its place, and the lost one is as dead as any used one: if somebody holds it after all, the session
ends with its first use. Every request looks at the session, so that a revocation bites at once.
"""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

from msgspec import Struct, structs
from sqlalchemy import Connection, func, insert, literal, select, update

from cx_desktop.protocol import RefreshRequest, Tokens
from cx_desktop.service.actor import Actor
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.keys import verifies
from cx_desktop.service.problems import Refusal
from cx_desktop.service.service import Service
from cx_desktop.service.sessions import people
from cx_desktop.service.store import Txn
from cx_desktop.service.store.tables import Instant, device, refresh_token, session

ACCESS_LIFE = timedelta(minutes=10)
REFRESH_LIFE = timedelta(days=30)
#: Twice as long as a client waits for an answer (30 s), and as long again for its pauses.
REPLAY_LIFE = timedelta(minutes=2)


class AccessClaims(Struct, frozen=True, tag="access"):
    """What an access token says."""

    session_id: str
    expires_at: datetime


class TokenRow(Struct, frozen=True):
    """A refresh token, when it was used, and which one it was traded for."""

    hash: bytes
    session_id: str
    expires_at: datetime
    used_at: datetime | None
    successor: bytes | None


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


def still(txn: Txn, actor: Actor) -> Actor:
    """Who asked, as they stand in this transaction.

    Refuses whoever was signed out or revoked since the request came in: what they ask for would be
    written after that. What the service does by itself has no session.
    """
    if not actor.session_id:
        return actor
    found = _open_session_row(txn.connection, actor.session_id)
    if found is not None and found.is_device_revoked:
        raise Refusal("device-revoked")
    if found is None or people.by_id(txn.connection, found.user_id) is None:
        raise Refusal("token-invalid")
    return structs.replace(actor, grants=people.grants_of(txn.connection, actor.user_id))


def close_session(txn: Txn, session_id: str, reason: str) -> None:
    """End a session: none of its tokens is good any more."""
    txn.connection.execute(
        update(session)
        .where(session.c.id == session_id, session.c.revoked_at.is_(None))
        .values(revoked_at=txn.now, reason=reason)
    )


def close_sessions_of(txn: Txn, device_id: str, reason: str) -> None:
    """End every session on a device."""
    txn.connection.execute(
        update(session)
        .where(session.c.device_id == device_id, session.c.revoked_at.is_(None))
        .values(revoked_at=txn.now, reason=reason)
    )


def _refreshed(service: Service, txn: Txn, request: RefreshRequest) -> Tokens | Refusal:
    token = _token_row(txn.connection, _hash(request.refresh_token))
    found = None if token is None else _open_session_row(txn.connection, token.session_id)
    if token is None or found is None or not _is_from_device(found, request):
        return Refusal("token-invalid")
    if found.is_device_revoked:
        return Refusal("device-revoked")
    if token.used_at is not None and not _was_answer_lost(txn, token):
        close_session(txn, found.id, "token-reused")
        _record(txn, found, "session.reuse")
        return Refusal("token-reused")
    if token.expires_at <= txn.now:
        return Refusal("token-invalid")
    if token.successor is not None:
        _use(txn, token.successor)
        _record(txn, found, "session.answer-lost")
    tokens = _issue(service, txn, found.id)
    _use(txn, token.hash, successor=_hash(tokens.refresh_token))
    return tokens


def _was_answer_lost(txn: Txn, token: TokenRow) -> bool:
    """Whether it was used a moment ago, and what it was traded for never was."""
    if token.used_at is None or token.successor is None or txn.now - token.used_at > REPLAY_LIFE:
        return False
    successor = _token_row(txn.connection, token.successor)
    return successor is not None and successor.used_at is None


def _use(txn: Txn, token: bytes, *, successor: bytes | None = None) -> None:
    """A token is used up; the time of its first use stays."""
    used_at = func.coalesce(refresh_token.c.used_at, literal(txn.now, Instant()))
    txn.connection.execute(
        update(refresh_token)
        .where(refresh_token.c.hash == token)
        .values(used_at=used_at, successor=successor)
    )


def _is_from_device(found: SessionRow, request: RefreshRequest) -> bool:
    return found.device_id == request.device_id and verifies(
        found.public_key, request.refresh_token.encode(), request.signature
    )


def _record(txn: Txn, found: SessionRow, verb: str) -> None:
    account = people.by_id(txn.connection, found.user_id)
    name = "" if account is None else account.name
    record(txn, Deed(who_id=found.user_id, who_name=name, verb=verb))


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


def _token_row(connection: Connection, token: bytes) -> TokenRow | None:
    columns = [refresh_token.c[field] for field in TokenRow.__struct_fields__]
    row = (
        connection.execute(select(*columns).where(refresh_token.c.hash == token))
        .mappings()
        .one_or_none()
    )
    return None if row is None else TokenRow(**row)


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
