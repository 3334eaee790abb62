"""Requests that must happen once: the answer is stored in the transaction of the effect."""

import hashlib
from collections.abc import Callable
from typing import NamedTuple

from litestar import Response
from sqlalchemy import Connection, insert, select

from cx_desktop.service.call import Call, answer
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.sessions.tokens import still
from cx_desktop.service.store import Txn
from cx_desktop.service.store.tables import idempotent_request as table

LONGEST_KEY = 200


class _Request(NamedTuple):
    """One request, as it is known again."""

    user_id: str
    key: str
    hash: bytes


def once(call: Call, act: Callable[[Txn], bytes]) -> Response[bytes]:
    """Do something once per ``Idempotency-Key``; the same request again gets the same answer."""
    request = _request(call)
    with call.service.store.write() as txn:
        still(txn, call.actor)
        known = _answered(txn.connection, request)
        if known is not None:
            return known
        body = act(txn)
        txn.connection.execute(
            insert(table).values(
                user_id=request.user_id,
                key=request.key,
                request_hash=request.hash,
                status=200,
                body=body,
                at=txn.now,
            )
        )
    return answer(body)


def answered(call: Call) -> Response[bytes] | None:
    """The answer that this request was given already."""
    with call.service.store.read() as connection:
        return _answered(connection, _request(call))


def _request(call: Call) -> _Request:
    key = call.headers.get("idempotency-key", "")
    if not key:
        raise Refusal("idempotency-required")
    if len(key) > LONGEST_KEY:
        raise malformed("/Idempotency-Key", "too-long", f"At most {LONGEST_KEY} signs")
    request_hash = hashlib.sha256(f"{call.target}\n".encode() + call.raw).digest()
    return _Request(call.actor.user_id, key, request_hash)


def _answered(connection: Connection, request: _Request) -> Response[bytes] | None:
    known = connection.execute(
        select(table).where(table.c.user_id == request.user_id, table.c.key == request.key)
    ).one_or_none()
    if known is None:
        return None
    if known.request_hash != request.hash:
        raise Refusal("idempotency-mismatch")
    return answer(known.body, status=known.status)
