"""Requests that must happen once: the answer is stored in the transaction of the effect."""

import hashlib
from collections.abc import Callable

from litestar import Response
from sqlalchemy import insert, select

from cx_desktop.service.call import Call, answer
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.store import Txn
from cx_desktop.service.store.tables import idempotent_request as table

LONGEST_KEY = 200


def once(call: Call, act: Callable[[Txn], bytes]) -> Response[bytes]:
    """Do something once per ``Idempotency-Key``; the same request again gets the same answer."""
    key = call.headers.get("idempotency-key", "")
    if not key:
        raise Refusal("idempotency-required")
    if len(key) > LONGEST_KEY:
        raise malformed("/Idempotency-Key", "too-long", f"At most {LONGEST_KEY} signs")
    request_hash = hashlib.sha256(f"{call.target}\n".encode() + call.raw).digest()
    user_id = call.actor.user_id
    with call.service.store.write() as txn:
        known = txn.connection.execute(
            select(table).where(table.c.user_id == user_id, table.c.key == key)
        ).one_or_none()
        if known is not None:
            if known.request_hash != request_hash:
                raise Refusal("idempotency-mismatch")
            return answer(known.body, status=known.status)
        body = act(txn)
        txn.connection.execute(
            insert(table).values(
                user_id=user_id,
                key=key,
                request_hash=request_hash,
                status=200,
                body=body,
                at=txn.now,
            )
        )
    return answer(body)
