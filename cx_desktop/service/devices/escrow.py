"""Sealed packages: taken once each, kept in the database, opened with the escrow key alone."""

import hashlib

from sqlalchemy import Connection, func, insert, select

from cx_desktop.protocol.directives import Act, Deposit, Directive, Obeyed
from cx_desktop.protocol.escrow import MOST_BYTES, is_sealed_to
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.devices import registry
from cx_desktop.service.keys import Keys
from cx_desktop.service.problems import Refusal, malformed
from cx_desktop.service.sessions import people
from cx_desktop.service.store import Txn, orders
from cx_desktop.service.store.tables import escrow as table

#: What the packages of one device may be together.
MOST_OF_DEVICE = 512 << 20
_GIVING_UP = frozenset({Act.WIPE, Act.EVICT})


def take(txn: Txn, keys: Keys, directive: Directive, package: bytes) -> Deposit:
    """Keep a package that a directive led to; the same one again changes nothing."""
    if directive.act not in _GIVING_UP or not _meant(txn, directive):
        raise Refusal("directive-invalid")
    if len(package) > MOST_BYTES:
        raise Refusal("too-large")
    if not is_sealed_to(package, keys.escrow.public_key().public_bytes_raw()):
        raise malformed("", "not-sealed", "This is no package for the escrow key")
    digest = hashlib.sha256(package).hexdigest()
    known = _known(txn.connection, directive.device_id, digest)
    if known is not None:
        return known
    used = select(func.coalesce(func.sum(table.c.size), 0)).where(
        table.c.device_id == directive.device_id
    )
    if int(txn.connection.execute(used).scalar_one()) + len(package) > MOST_OF_DEVICE:
        raise Refusal("storage-full")
    made = Deposit(id=txn.ids.new(), sha256=digest, size=len(package))
    txn.connection.execute(
        insert(table).values(
            id=made.id,
            device_id=directive.device_id,
            order_id=directive.id,
            sha256=digest,
            size=made.size,
            at=txn.now,
            package=package,
        )
    )
    _record(txn, directive.device_id, "device.sealed", after=digest, detail=made.id)
    return made


def obeyed(txn: Txn, directive: Directive, done: Obeyed) -> None:
    """The device says that it has done what it was told; said again, it changes nothing."""
    meant = _meant(txn, directive)
    if not meant:
        raise Refusal("directive-invalid")
    outcome = f"{done.edits} edits, {done.files} files sealed"
    if orders.given_up(txn, meant, outcome):
        detail = f"{directive.act.value}: {outcome}"
        _record(txn, directive.device_id, "device.obeyed", detail=detail)


def _meant(txn: Txn, directive: Directive) -> tuple[orders.Order, ...]:
    """The orders that a directive told of, over or not."""
    return tuple(
        each
        for each in orders.of_device(txn.connection, directive.device_id)
        if each.n <= directive.n
        and each.act is directive.act
        and (each.id == directive.id or each.project_id in directive.project_ids)
    )


def _known(connection: Connection, device_id: str, digest: str) -> Deposit | None:
    query = select(table.c.id, table.c.sha256, table.c.size).where(
        table.c.device_id == device_id, table.c.sha256 == digest
    )
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Deposit(**row)


def _record(txn: Txn, device_id: str, verb: str, *, after: str = "", detail: str = "") -> None:
    found = registry.known(txn.connection, device_id)
    account = people.by_id(txn.connection, found.user_id) if found is not None else None
    deed = Deed(
        who_id="" if account is None else account.id,
        who_name="" if account is None else account.name,
        verb=verb,
        entity="device",
        entity_id=device_id,
        after=after,
        detail=detail,
    )
    record(txn, deed)
