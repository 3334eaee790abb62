"""Orders to devices: given, asked for, over. One device's orders are numbered in their order."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from cx_desktop.protocol.directives import Act
from cx_desktop.service.store.store import Txn
from cx_desktop.service.store.tables import device_order as table
from cx_desktop.service.store.tables import device_project


class Order(Struct, frozen=True):
    """One order to a device."""

    id: str
    device_id: str
    n: int
    act: Act
    project_id: str
    at: datetime
    over_at: datetime | None
    outcome: str


_COLUMNS = [table.c[field] for field in Order.__struct_fields__]


def give(txn: Txn, device_id: str, act: Act, *, project_id: str = "") -> Order:
    """Order something; where the same is ordered already, that order stands."""
    for known in of_device(txn.connection, device_id):
        if known.over_at is None and (known.act, known.project_id) == (act, project_id):
            return known
    last = select(func.max(table.c.n)).where(table.c.device_id == device_id)
    order = Order(
        id=txn.ids.new(),
        device_id=device_id,
        n=int(txn.connection.execute(last).scalar() or 0) + 1,
        act=act,
        project_id=project_id,
        at=txn.now,
        over_at=None,
        outcome="",
    )
    values = {field: getattr(order, field) for field in Order.__struct_fields__}
    txn.connection.execute(insert(table).values(values | {"act": act.value}))
    return order


def of_device(connection: Connection, device_id: str) -> tuple[Order, ...]:
    """Every order a device was given, oldest first."""
    query = select(*_COLUMNS).where(table.c.device_id == device_id).order_by(table.c.n)
    return tuple(
        Order(**{**row, "act": Act(row["act"])}) for row in connection.execute(query).mappings()
    )


def end(txn: Txn, orders: Iterable[Order], outcome: str) -> tuple[Order, ...]:
    """These orders are over; those of them that were not yet."""
    ended = tuple(each for each in orders if each.over_at is None)
    for each in ended:
        txn.connection.execute(
            update(table).where(table.c.id == each.id).values(over_at=txn.now, outcome=outcome)
        )
    return ended


def given_up(txn: Txn, orders: Iterable[Order], outcome: str) -> tuple[Order, ...]:
    """The device has obeyed these orders: it holds nothing any more of what they name."""
    ended = end(txn, orders, outcome)
    for each in ended:
        what = device_project.c.device_id == each.device_id
        if each.act is Act.EVICT:
            what &= device_project.c.project_id == each.project_id
        txn.connection.execute(delete(device_project).where(what))
    return ended


def unlocked(txn: Txn, device_id: str) -> None:
    """Somebody signed in there with both factors: it need not stay locked."""
    locks = [each for each in of_device(txn.connection, device_id) if each.act is Act.LOCK]
    end(txn, locks, "signed-in")


def narrow(txn: Txn, device_id: str, visible: frozenset[str]) -> None:
    """Note what a device may see now, and order it to give up what it may see no more."""
    known = held(txn.connection, device_id)
    for project_id in sorted(visible - known):
        values = {"device_id": device_id, "project_id": project_id}
        txn.connection.execute(upsert(device_project).values(values).on_conflict_do_nothing())
    for project_id in sorted(known - visible):
        give(txn, device_id, Act.EVICT, project_id=project_id)
    back = [
        each
        for each in of_device(txn.connection, device_id)
        if each.act is Act.EVICT and each.project_id in visible
    ]
    end(txn, back, "access-again")


def held(connection: Connection, device_id: str) -> frozenset[str]:
    """The projects that a device was let see and has not given up."""
    query = select(device_project.c.project_id).where(device_project.c.device_id == device_id)
    return frozenset(connection.execute(query).scalars())
