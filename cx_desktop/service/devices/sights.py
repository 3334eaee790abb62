"""What a device was let see: when that becomes less, it is ordered to give up the rest."""

from sqlalchemy import Connection

from cx_desktop.domain.access import Verb
from cx_desktop.protocol.directives import Act
from cx_desktop.service.actor import Actor
from cx_desktop.service.service import Service
from cx_desktop.service.sessions import tokens
from cx_desktop.service.store import Txn, entities, orders


def noticed(service: Service, actor: Actor) -> tuple[str, ...]:
    """What the device of somebody who says hello is to ask a directive for; mostly nothing."""
    with service.store.read() as connection:
        has_moved = _has_moved(connection, actor)
    if has_moved:
        with service.store.write() as txn:
            _note(txn, tokens.still(txn, actor))
    with service.store.read() as connection:
        given = orders.of_device(connection, actor.device_id)
    return tuple(dict.fromkeys(each.act.value for each in given if each.over_at is None))


def _note(txn: Txn, actor: Actor) -> None:
    orders.narrow(txn, actor.device_id, _visible(txn.connection, actor))


def _has_moved(connection: Connection, actor: Actor) -> bool:
    visible, held = _visible(connection, actor), orders.held(connection, actor.device_id)
    given = {
        each.project_id
        for each in orders.of_device(connection, actor.device_id)
        if each.act is Act.EVICT and each.over_at is None
    }
    return visible != held - given


def _visible(connection: Connection, actor: Actor) -> frozenset[str]:
    scope = actor.scope(Verb.PROJECT_READ)
    return frozenset(each.id for each in entities.each(connection, "project", project_ids=scope))
