"""The copy of a project on this device: read for an export, changed by an import.

It is opened as the window opens it without a network: by the password, this device's secret from
the key ring and the offline access that the service granted; and by one program at a time.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec import Struct

from cx_desktop.auth.credentials import Credentials
from cx_desktop.auth.gate import Gate
from cx_desktop.auth.profile import KnownAccount, Profiles
from cx_desktop.cache import Cache, Edit, Place
from cx_desktop.client.service import ServiceClient
from cx_desktop.client.transport import build_http, service_address
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Change, Document
from cx_desktop.domain.project import (
    KINDS,
    Act,
    Held,
    Plan,
    Present,
    Project,
    Step,
    blobs_of,
)
from cx_desktop.ports import Clock, Ids


class Device(Struct, frozen=True):
    """This computer, as a copy is opened on it."""

    profiles: Path
    credentials: Credentials
    clock: Clock
    ids: Ids


class Copy(Struct, frozen=True):
    """An open copy, and the address of the service it is a copy of."""

    cache: Cache
    server: str
    ids: Ids

    def project(self, name: str) -> Document:
        """The project of that name; the only one where no name is given."""
        every = [row.data for row in self.cache.rows("project")]
        found = [each for each in every if not name or name in (each.get("name"), each.get("id"))]
        if len(found) == 1:
            return found[0]
        names = ", ".join(sorted(str(each.get("name", "")) for each in every)) or "–"
        raise CXError("problem.project-which", name=name or "–", names=names)

    def entities(self, project_id: str) -> tuple[Document, ...]:
        """The objects of a project and its numbers, with what is not sent yet."""
        return tuple(
            row.data
            for kind in (*KINDS, "number")
            for row in self.cache.rows(kind, project_id=project_id)
        )

    def sounds(self, project_id: str, entities: Iterable[Document]) -> dict[str, bytes]:
        """The files of prompts that are on this device."""
        wanted: set[str] = set()
        for each in entities:
            draft = each.get("draft")
            if isinstance(draft, dict) and not each.get("archived"):
                wanted |= blobs_of(str(each["type"]), draft)
        places = [Place(project_id, blob) for blob in sorted(wanted)]
        blobs = self.cache.blobs
        return {place.sha256: blobs.read(place) for place in places if blobs.has(place)}

    def present(self, project: Document) -> Present:
        """What a plan looks at; nothing is heard of what lies here."""
        project_id = str(project["id"])
        return Present(
            project_id=project_id,
            name=str(project.get("name", "")),
            objects=tuple(
                _held(each) for each in self.entities(project_id) if each.get("type") in KINDS
            ),
        )

    def take(self, plan: Plan, project: Project) -> tuple[Step, ...]:
        """Make the drafts of a plan here, all or none; they are sent when the window syncs."""
        steps = tuple(
            each for each in plan.steps if each.act in {Act.CREATE, Act.RESTORE, Act.CHANGE}
        )
        for step in steps:
            for blob in sorted(step.blobs & project.sounds.keys()):
                place = Place(plan.project_id, blob)
                if not self.cache.blobs.has(place):
                    self.cache.blobs.keep(plan.project_id, project.sounds[blob], is_sent=False)
        edits = [_edit(step, plan.project_id) for step in steps]
        if edits:
            self.cache.edit(*edits, are_one=True)
        return steps


@contextmanager
def opened(
    device: Device, server: str, username: str, password: Callable[[KnownAccount], str]
) -> Iterator[Copy]:
    """Open the copy of an account that has signed in on this computer."""
    account = _account(Profiles(device.profiles).known(), server, username)
    gate = Gate(
        profiles=Profiles(device.profiles),
        credentials=device.credentials,
        clock=device.clock,
        connect=lambda address: ServiceClient(build_http(address, loopback_only=False)),
    )
    found = gate.unlock_offline(account.server, account.username, password(account))
    with ExitStack() as leaving:
        leaving.callback(gate.lock, found)
        cache = Cache.open(
            found.profile.folder, found.cache_key, clock=device.clock, ids=device.ids
        )
        leaving.callback(cache.close)
        cache.purging.begin(found.floor.now)
        yield Copy(cache, account.server, device.ids)


def _account(known: Iterable[KnownAccount], server: str, username: str) -> KnownAccount:
    known = tuple(known)
    address = service_address(server) if server else ""
    name = username.strip().casefold()
    found = [
        each
        for each in known
        if address in ("", each.server) and name in ("", each.username.casefold())
    ]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{each.username} ({each.server})" for each in known) or "–"
    raise CXError("problem.project-which-account", names=names)


def _held(entity: Document) -> Held:
    draft = entity.get("draft")
    return Held(
        type=str(entity["type"]),
        id=str(entity["id"]),
        etag="",
        name=str(entity.get("name", "")),
        description=str(entity.get("description", "")),
        is_archived=bool(entity.get("archived")),
        entity=entity,
        draft=draft if isinstance(draft, dict) else {},
    )


def _edit(step: Step, project_id: str) -> Edit:
    if step.act is Act.CREATE:
        value: Document = {
            "type": step.type,
            "id": step.id,
            "project_id": project_id,
            "name": step.name,
            "description": step.description,
            "archived": False,
            "draft": step.draft,
        }
        return Edit(entity_type=step.type, id=step.id, value=value)
    changes = (
        (Change(("archived",), value=False, was=True),) if step.act is Act.RESTORE else step.changes
    )
    return Edit(entity_type=step.type, id=step.id, changes=changes)
