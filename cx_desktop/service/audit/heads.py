"""Heads: where the chain stood at the end of each day, signed, for clients to keep."""

import base64
from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select

from cx_desktop.service.keys import Keys
from cx_desktop.service.shapes import AuditHead
from cx_desktop.service.store import Txn
from cx_desktop.service.store.tables import audit, audit_head


def sign_closed_days(txn: Txn, keys: Keys) -> None:
    """Sign the head of every day that is over and has none."""
    signed = txn.connection.execute(select(func.max(audit_head.c.n))).scalar() or 0
    today = datetime.combine(txn.now.date(), datetime.min.time(), tzinfo=UTC)
    rows = txn.connection.execute(
        select(audit.c.n, audit.c.at, audit.c.hash)
        .where(audit.c.n > signed, audit.c.at < today)
        .order_by(audit.c.n)
    ).all()
    last_of_day = {row.at.date().isoformat(): row for row in rows}
    for day, row in last_of_day.items():
        signature = base64.b64encode(keys.sign(f"{day} {row.n} {row.hash}".encode())).decode()
        txn.connection.execute(
            insert(audit_head)
            .prefix_with("OR IGNORE")
            .values(day=day, n=row.n, hash=row.hash, signature=signature)
        )


def heads(connection: Connection) -> tuple[AuditHead, ...]:
    """The signed heads, oldest first."""
    found = connection.execute(select(audit_head).order_by(audit_head.c.n)).mappings()
    return tuple(AuditHead(**row) for row in found)
