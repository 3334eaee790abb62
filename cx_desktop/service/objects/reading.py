"""Reading by REST: what the user may see, verbatim."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection

from cx_desktop.domain.access import Verb
from cx_desktop.service.actor import Actor
from cx_desktop.service.problems import Refusal
from cx_desktop.service.store import Entity, entities


def seen(
    connection: Connection, actor: Actor, verb: Verb, entity_type: str, entity_id: str
) -> Entity:
    """An entity this user may look at."""
    found = entities.load(connection, entity_type, entity_id)
    if found is None:
        raise Refusal("not-found")
    actor.require(verb, found.project_id)
    return found


def of_project(
    connection: Connection, actor: Actor, verb: Verb, entity_type: str, project_id: str
) -> tuple[Entity, ...]:
    """The entities of a type in a project this user may look at."""
    seen(connection, actor, verb, "project", project_id)
    return tuple(entities.each(connection, entity_type, project_ids=[project_id]))


def listed(name: str, epoch: str, found: Iterable[Entity]) -> bytes:
    """A list of entities as JSON."""
    return msgspec.json.encode({name: [entities.wired(epoch, each) for each in found]})


def shown(epoch: str, found: Entity) -> bytes:
    """One entity as JSON."""
    return msgspec.json.encode(entities.wired(epoch, found))
