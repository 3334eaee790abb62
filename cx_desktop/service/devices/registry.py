"""The registered computers: listed, locked, revoked, wiped, by those who may order them about.

An administrator of one project may order about the devices of those users only who have access to
nothing else: a device holds the data of every project of its user.
"""

from msgspec import Struct
from sqlalchemy import Connection, func, select, update

from cx_desktop.domain.access import Verb, may, step_up_of
from cx_desktop.protocol import Person
from cx_desktop.protocol.directives import Act
from cx_desktop.service.actor import Actor
from cx_desktop.service.audit.chain import Deed, record
from cx_desktop.service.devices.shapes import DeviceView
from cx_desktop.service.problems import Refusal
from cx_desktop.service.sessions import people, tokens
from cx_desktop.service.sessions.step_up import require_step_up
from cx_desktop.service.store import Txn, orders
from cx_desktop.service.store.tables import device, escrow, person

#: What outweighs what, where a device was ordered more than one thing.
WEIGHT = {Act.NONE: 0, Act.EVICT: 1, Act.LOCK: 2, Act.WIPE: 3}


class Registered(Struct, frozen=True):
    """A device's row."""

    id: str
    user_id: str
    name: str
    public_key: str
    is_revoked: bool


def known(connection: Connection, device_id: str) -> Registered | None:
    """The device of an id."""
    query = select(device.c.id, device.c.user_id, device.c.name, device.c.public_key).add_columns(
        device.c.revoked_at.is_not(None).label("is_revoked")
    )
    row = connection.execute(query.where(device.c.id == device_id)).mappings().one_or_none()
    return None if row is None else Registered(**{**row, "is_revoked": bool(row["is_revoked"])})


def listed(connection: Connection, actor: Actor) -> tuple[DeviceView, ...]:
    """Every device that this user may order about, by the name of its user."""
    query = select(device.c.id, device.c.user_id).join(person, person.c.id == device.c.user_id)
    rows = connection.execute(query.order_by(person.c.name, device.c.created_at)).all()
    return tuple(
        view(connection, row.id)
        for row in rows
        if _may(connection, actor, Verb.DEVICE_READ, row.user_id)
    )


def view(connection: Connection, device_id: str) -> DeviceView:
    """One device as it is told."""
    row = connection.execute(
        select(device, person.c.name.label("user_name"))
        .join(person, person.c.id == device.c.user_id)
        .where(device.c.id == device_id)
    ).one()
    given = orders.of_device(connection, device_id)
    packages = select(func.count()).select_from(escrow).where(escrow.c.device_id == device_id)
    wiped = [each.over_at for each in given if each.act is Act.WIPE and each.over_at is not None]
    return DeviceView(
        id=row.id,
        name=row.name,
        user=Person(id=row.user_id, name=row.user_name),
        created_at=row.created_at,
        revoked_at=row.revoked_at,
        ordered=heaviest(given),
        wiped_at=wiped[-1] if wiped else None,
        sealed_packages=connection.execute(packages).scalar_one(),
    )


def heaviest(given: tuple[orders.Order, ...]) -> Act:
    """The weightiest of the orders that are not over."""
    acts = [each.act for each in given if each.over_at is None]
    return max(acts, key=WEIGHT.__getitem__, default=Act.NONE)


def lock(txn: Txn, actor: Actor, device_id: str) -> DeviceView:
    """Close its sessions; it opens again after a sign-in with both factors."""
    found = _found(txn, actor, Verb.DEVICE_REVOKE, device_id)
    orders.give(txn, found.id, Act.LOCK)
    tokens.close_sessions_of(txn, found.id, "locked")
    return _done(txn, actor, Verb.DEVICE_REVOKE, found, "lock")


def revoke(txn: Txn, actor: Actor, device_id: str) -> DeviceView:
    """Nothing is taken from it or given to it any more; what it holds stays, locked."""
    found = _found(txn, actor, Verb.DEVICE_REVOKE, device_id)
    orders.give(txn, found.id, Act.LOCK)
    _revoke(txn, found)
    return _done(txn, actor, Verb.DEVICE_REVOKE, found, "revoke")


def wipe(txn: Txn, actor: Actor, device_id: str) -> DeviceView:
    """Revoke it, and order it to give up all it holds, its unsent edits sealed first."""
    found = _found(txn, actor, Verb.DEVICE_WIPE, device_id)
    orders.give(txn, found.id, Act.WIPE)
    _revoke(txn, found)
    return _done(txn, actor, Verb.DEVICE_WIPE, found, "wipe")


def _found(txn: Txn, actor: Actor, verb: Verb, device_id: str) -> Registered:
    actor = tokens.still(txn, actor)
    found = known(txn.connection, device_id)
    if found is None or not _may(txn.connection, actor, verb, found.user_id):
        raise Refusal("not-found")
    asked = step_up_of(verb)
    if asked is not None:
        require_step_up(txn, actor, asked)
    return found


def _may(connection: Connection, actor: Actor, verb: Verb, user_id: str) -> bool:
    """Whether somebody holds a verb wherever a user has any role."""
    where = {each.project_id for each in people.grants_of(connection, user_id)} or {None}
    return all(may(actor.grants, verb, project_id) for project_id in where)


def _revoke(txn: Txn, found: Registered) -> None:
    txn.connection.execute(
        update(device)
        .where(device.c.id == found.id, device.c.revoked_at.is_(None))
        .values(revoked_at=txn.now)
    )


def _done(txn: Txn, actor: Actor, verb: Verb, found: Registered, detail: str) -> DeviceView:
    record(
        txn,
        Deed(
            who_id=actor.user_id,
            who_name=actor.name,
            verb=verb,
            entity="device",
            entity_id=found.id,
            detail=detail,
        ),
    )
    return view(txn.connection, found.id)
