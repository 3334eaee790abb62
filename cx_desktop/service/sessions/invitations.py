"""Invitations: a one-time token that lets somebody become a user."""

import hashlib
import secrets
from datetime import timedelta

import msgspec
from sqlalchemy import delete, insert, select, update

from cx_desktop.protocol import Grant, Invitation, Person
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.passwords import refuse_weak
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.service import Service
from cx_desktop.service.sessions import people
from cx_desktop.service.store import Txn
from cx_desktop.service.store.tables import invitation, person

LONGEST_NAME = 200
GOOD_FOR = timedelta(days=7)


def invite(txn: Txn, grants: tuple[Grant, ...], language: str) -> str:
    """A fresh token for a user with these roles; only its hash is kept."""
    token = secrets.token_urlsafe(24)
    txn.connection.execute(
        insert(invitation).values(
            hash=_hash(token),
            grants=msgspec.json.encode(grants),
            language=language,
            expires_at=txn.now + GOOD_FOR,
        )
    )
    return token


def first_invitation(txn: Txn, grants: tuple[Grant, ...], language: str) -> str | None:
    """The token of a service's first user, in place of any older one; None if it has users."""
    if txn.connection.execute(select(person.c.id).limit(1)).first() is not None:
        return None
    txn.connection.execute(delete(invitation))
    return invite(txn, grants, language)


def accept(service: Service, request: Invitation) -> Person:
    """Turn an invitation into a user; the second factor is enrolled at the first sign-in."""
    for pointer, text in (("/username", request.username), ("/name", request.name)):
        if not text.strip() or len(text) > LONGEST_NAME:
            raise malformed(pointer, "length", f"1 to {LONGEST_NAME} signs")
    refuse_weak(request.password, request.username)
    with service.store.write() as txn:
        grants, language = _used(txn, request.token)
        if people.by_username(txn.connection, request.username) is not None:
            raise Refusal("username-taken")
        account = people.create(
            txn,
            service.keys,
            people.NewAccount(
                username=request.username,
                name=request.name,
                language=language,
                password_hash=service.passwords.hashed(request.password),
                grants=grants,
            ),
        )
        record(txn, Deed(who_id=account.id, who_name=account.name, verb="invitation.accepted"))
    return Person(id=account.id, name=account.name)


def _used(txn: Txn, token: str) -> tuple[tuple[Grant, ...], str]:
    """Use a token up; a refusal later in the transaction gives it back."""
    row = txn.connection.execute(
        update(invitation)
        .where(invitation.c.hash == _hash(token))
        .where(invitation.c.used_at.is_(None), invitation.c.expires_at > txn.now)
        .values(used_at=txn.now)
        .returning(invitation.c.grants, invitation.c.language)
    ).one_or_none()
    if row is None:
        raise Refusal("invitation-used")
    return msgspec.json.decode(row.grants, type=tuple[Grant, ...]), str(row.language)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
