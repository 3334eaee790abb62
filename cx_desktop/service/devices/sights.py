"""What a device was let see: when that becomes less, it is ordered to give up the rest."""

from sqlalchemy import Connection

from cx_desktop.domain.access import Verb, visible_projects
from cx_desktop.protocol import Grant
from cx_desktop.protocol.directives import Act
from cx_desktop.service.actor import Actor
from cx_desktop.service.service import Service
from cx_desktop.service.sessions import people, tokens
from cx_desktop.service.store import Txn, entities, orders


def noticed(service: Service, actor: Actor) -> tuple[str, ...]:
    """What the device of somebody who says hello is to ask a directive for; mostly nothing."""
    with service.store.read() as connection:
        has_moved = _has_moved(connection, actor)
    if has_moved:
        with service.store.write() as txn:
            tokens.still(txn, actor)
            narrow(txn, actor.device_id, actor.user_id)
    with service.store.read() as connection:
        given = orders.of_device(connection, actor.device_id)
    return tuple(dict.fromkeys(each.act.value for each in given if each.over_at is None))


def narrow(txn: Txn, device_id: str, user_id: str) -> None:
    """Order a device to give up what its user may see no more."""
    grants = people.grants_of(txn.connection, user_id)
    orders.narrow(txn, device_id, _visible(txn.connection, grants))


def _has_moved(connection: Connection, actor: Actor) -> bool:
    visible, held = _visible(connection, actor.grants), orders.held(connection, actor.device_id)
    given = {
        each.project_id
        for each in orders.of_device(connection, actor.device_id)
        if each.act is Act.EVICT and each.over_at is None
    }
    return visible != held - given


def _visible(connection: Connection, grants: tuple[Grant, ...]) -> frozenset[str]:
    scope = visible_projects(grants, Verb.PROJECT_READ)
    return frozenset(each.id for each in entities.each(connection, "project", project_ids=scope))
