"""What every verb on an entity has in common: find it, see whether one may, write it, audit it."""

from datetime import UTC, datetime

from cx_desktop.domain.access import Verb, changes_project, feature_of
from cx_desktop.domain.patch import Document
from cx_desktop.service.actor import Actor
from cx_desktop.service.audit.chain import Deed, digest, record
from cx_desktop.service.problems import Refusal
from cx_desktop.service.sessions.tokens import still
from cx_desktop.service.store import Entity, Txn, entities

#: The only state of a project in which anything in it may change.
ACTIVE = "active"
#: How the audit calls the service when it acts by itself.
BY_ITSELF = "service"


def find(txn: Txn, actor: Actor, verb: Verb, entity_type: str, entity_id: str) -> Entity:
    """An entity on which this user holds a verb."""
    found = entities.load(txn.connection, entity_type, entity_id)
    if found is None:
        raise Refusal("not-found")
    require(txn, actor, verb, found.project_id)
    return found


def require(txn: Txn, actor: Actor, verb: Verb, project_id: str) -> None:
    """Refuse unless the user holds a verb in an active project that subscribed what it needs.

    Session, device and roles are those of this transaction, not of when the request came in.
    """
    actor = still(txn, actor)
    project = entities.load(txn.connection, "project", project_id)
    if project is None:
        raise Refusal("not-found")
    actor.require(verb, project_id)
    state = project.data.get("state", ACTIVE)
    if state != ACTIVE and changes_project(verb):
        raise Refusal("project-suspended", state=str(state))
    feature, subscribed = feature_of(verb), project.data.get("features")
    if feature is not None and isinstance(subscribed, list) and feature not in subscribed:
        raise Refusal("feature-not-subscribed", feature=feature)


def require_version(txn: Txn, found: Entity, etag: str) -> None:
    """Refuse when somebody changed the entity since the version that was looked at."""
    if etag != entities.etag(txn.epoch, found.ver):
        raise stale(found)


def stale(found: Entity) -> Refusal:
    """The refusal that says who changed it, and when."""
    who = found.data.get("updated_by")
    name = who.get("name", "") if isinstance(who, dict) else ""
    return Refusal("stale-version", who=str(name), when=str(found.data.get("updated_at", "")))


def write(
    txn: Txn, actor: Actor, verb: str, data: Document, *, before: Entity | None, detail: str = ""
) -> Entity:
    """Save an entity's next version and write the deed down."""
    saved = entities.save(txn, str(data["type"]), str(data["id"]), str(data["project_id"]), data)
    record(
        txn,
        Deed(
            who_id=actor.user_id,
            who_name=actor.name,
            verb=verb,
            entity=saved.type,
            entity_id=saved.id,
            project_id=saved.project_id,
            before=digest(before.data if before else None),
            after=digest(saved.data),
            detail=detail,
        ),
    )
    return saved


def write_by_itself(
    txn: Txn, verb: str, data: Document, *, before: Entity, detail: str = ""
) -> Entity:
    """Save and write down what the service does without anybody asking."""
    itself = Actor(user_id="", username="", name=BY_ITSELF, session_id="", device_id="", grants=())
    return write(txn, itself, verb, data, before=before, detail=detail)


def signature(txn: Txn, actor: Actor) -> Document:
    """Who changed it, and when, as entities tell it."""
    return {
        "updated_at": instant(txn.now),
        "updated_by": {"id": actor.user_id, "name": actor.name},
    }


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC, to the millisecond."""
    utc = moment.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
