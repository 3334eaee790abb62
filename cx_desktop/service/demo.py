"""Fills an empty service with the demo: a lamp shop with people, numbers, flows and their past.

Everything goes through the verbs that users have, at the time it is said to have happened, so that
versions and audit look as if people had worked there.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct
from sqlalchemy import insert

from cx_desktop.domain.flow.formats import cx
from cx_desktop.domain.flow.graph import document_of
from cx_desktop.domain.flow.references import to_ids
from cx_desktop.domain.patch import Document
from cx_desktop.protocol import Grant
from cx_desktop.service.actor import Actor
from cx_desktop.service.audit.heads import sign_closed_days
from cx_desktop.service.demo_config import keep_sounds, seed_config
from cx_desktop.service.demo_data import DemoFlow, DemoPerson, DemoProject, demo_data
from cx_desktop.service.demo_edit import edited
from cx_desktop.service.objects import publishing, verbs
from cx_desktop.service.objects.context import context_of
from cx_desktop.service.objects.types import OBJECT_TYPES
from cx_desktop.service.service import Service
from cx_desktop.service.sessions import codes, people
from cx_desktop.service.shapes import NewObject
from cx_desktop.service.store import Txn, entities
from cx_desktop.service.store.tables import meta

SETTLED_DAYS_AGO = 120

_FLOW = OBJECT_TYPES["flow"]


class DemoAccount(Struct, frozen=True):
    """An account to sign in with; without a secret it enrols its authenticator first."""

    username: str
    password: str
    name: str
    role: str
    totp_secret: str | None


class Step(Struct, frozen=True):
    """One version of a flow in its past."""

    at: datetime
    by: str
    message: str
    document: Document


def seed(service: Service, folder: Path, language: str) -> tuple[DemoAccount, ...]:
    """Fill an empty service; the accounts to sign in with."""
    return _Seeding(service, folder, language).run()


def accounts_of(service: Service, folder: Path) -> tuple[DemoAccount, ...]:
    """The accounts of a service that was seeded before; none of one that was not."""
    with service.store.read() as connection:
        known = [
            (person, people.by_username(connection, person.username))
            for person in demo_data(folder).people
        ]
    return tuple(
        DemoAccount(
            username=person.username,
            password=person.password,
            name=person.name,
            role=person.role,
            totp_secret=people.totp_secret(service.keys, account),
        )
        for person, account in known
        if account is not None
    )


class _Seeding:
    """The state of one seeding: the transaction, and who and what was made so far."""

    def __init__(self, service: Service, folder: Path, language: str) -> None:
        self._service = service
        self._folder = folder
        self._language = language
        self._demo = demo_data(folder)
        self._projects: dict[str, str] = {}
        self._people: dict[str, Actor] = {}

    def run(self) -> tuple[DemoAccount, ...]:
        with self._service.store.write() as txn:
            settled = _at(txn, txn.now - timedelta(days=SETTLED_DAYS_AGO))
            values = {"key": "organisation", "value": self._demo.organisation}
            txn.connection.execute(insert(meta).values(values))
            for project in self._demo.projects:
                self._projects[project.key] = self._project(settled, project)
            accounts = tuple(
                self._person(settled, each) for each in self._demo.people if not each.has_left
            )
            for person in self._demo.people:
                if person.has_left:
                    self._people[person.username] = _former(txn, person)
            self._config(settled)
            flows = self._flows(txn)
            for project in self._demo.projects:
                self._numbers(settled, project, flows)
            sign_closed_days(txn, self._service.keys)
        return accounts

    def _config(self, txn: Txn) -> None:
        """What flows refer to, made by the administrator."""
        author = next(each for each in self._demo.people if each.role == "administrator")
        for project in self._demo.projects:
            keep_sounds(txn, self._service.blobs, self._projects[project.key], project)
            seed_config(
                txn,
                self._people[author.username],
                self._projects[project.key],
                project,
                language=self._language,
                today=self._service.clock.now().date(),
            )

    def _said(self, text: dict[str, str]) -> str:
        return text[self._language]

    def _project(self, txn: Txn, project: DemoProject) -> str:
        project_id = txn.ids.new()
        self._save(
            txn,
            "project",
            project_id,
            project_id,
            {
                "name": project.name,
                "organisation": self._demo.organisation,
                "features": list(project.features),
                "time_zone": "Europe/Paris",
                "state": "active",
            },
        )
        return project_id

    def _save(
        self, txn: Txn, entity_type: str, entity_id: str, project_id: str, data: Document
    ) -> None:
        owner: Document = {} if entity_type == "project" else {"project_id": project_id}
        entities.save(txn, entity_type, entity_id, project_id, owner | data)

    def _person(self, txn: Txn, person: DemoPerson) -> DemoAccount:
        keys = self._service.keys
        grant = Grant(
            role=person.role,
            project_id=None if person.project is None else self._projects[person.project],
        )
        account = people.create(
            txn,
            keys,
            people.NewAccount(
                username=person.username,
                name=person.name,
                language=self._language,
                password_hash=self._service.passwords.hashed(person.password),
                grants=(grant,),
            ),
        )
        self._people[person.username] = Actor(
            user_id=account.id,
            username=account.username,
            name=account.name,
            session_id="",
            device_id="",
            grants=(grant,),
        )
        secret = codes.fresh_secret() if person.enrolled else None
        if secret is not None:
            people.set_totp_secret(txn, keys, account.id, secret)
            codes.new_recovery_codes(txn, keys, account.id)
        return DemoAccount(
            username=person.username,
            password=person.password,
            name=person.name,
            role=person.role,
            totp_secret=secret,
        )

    def _flows(self, txn: Txn) -> dict[tuple[str, str], str]:
        """Create every flow, then live through all their versions in the order of time."""
        ids = {
            (project.key, flow.file): txn.ids.new()
            for project in self._demo.projects
            for flow in project.flows
        }
        steps: list[tuple[Step, str]] = []
        for project in self._demo.projects:
            for flow in project.flows:
                self._create_flow(txn, project, flow, ids[project.key, flow.file])
            for flow in project.flows:
                flow_id = ids[project.key, flow.file]
                steps += [(step, flow_id) for step in self._steps(txn, project, flow)]
        for step, flow_id in sorted(steps, key=lambda each: each[0].at):
            self._live_through(_at(txn, step.at), flow_id, step)
        return ids

    def _create_flow(self, txn: Txn, project: DemoProject, flow: DemoFlow, flow_id: str) -> None:
        first = flow.history[0]
        read = cx.read(self._file(flow.file))
        new = NewObject(
            project_id=self._projects[project.key], name=read.name, description=read.description
        )
        created = _at(txn, txn.now - timedelta(days=first.days_ago + 1))
        verbs.create(created, self._people[first.by], _FLOW, flow_id, new)

    def _steps(self, txn: Txn, project: DemoProject, flow: DemoFlow) -> Iterator[Step]:
        """What happened to a flow: its versions, then the draft that is ahead of them."""
        read = cx.read(self._file(flow.file))
        context = context_of(txn.connection, self._projects[project.key])
        document = verbs.whole(_FLOW, document_of(to_ids(read.flow, context)))
        if flow.draft is not None:
            yield Step(
                at=txn.now - timedelta(hours=2),
                by=flow.history[-1].by,
                message="",
                document=edited(document, flow.draft, self._language),
            )
        for index, version in enumerate(reversed(flow.history)):
            document = edited(document, version.was, self._language)
            yield Step(
                at=_working_hour(txn.now - timedelta(days=version.days_ago), index),
                by=version.by,
                message=self._said(version.message),
                document=document,
            )

    def _live_through(self, txn: Txn, flow_id: str, step: Step) -> None:
        actor = self._people[step.by]
        found = verbs.put_draft(txn, actor, _FLOW, flow_id, step.document)
        if step.message:
            publishing.go_live(txn, actor, publishing.as_draft(txn, found, step.message))

    def _file(self, stem: str) -> bytes:
        return (self._folder / "flows" / self._language / f"{stem}.yaml").read_bytes()

    def _numbers(self, txn: Txn, project: DemoProject, flows: dict[tuple[str, str], str]) -> None:
        for number in project.numbers:
            data: Document = {
                "e164": number.e164,
                "label": self._said(number.label),
                "flow_id": flows[project.key, number.flow] if number.flow else None,
            }
            project_id = self._projects[project.key]
            self._save(txn, "number", txn.ids.new(), project_id, data)


def _at(txn: Txn, moment: datetime) -> Txn:
    """The same transaction, at another moment."""
    return Txn(txn.connection, now=moment, ids=txn.ids, epoch=txn.epoch)


def _working_hour(moment: datetime, salt: int) -> datetime:
    """A believable hour of that day."""
    return moment.replace(hour=9 + salt * 3 % 8, minute=(17 + salt * 23) % 60, second=0)


def _former(txn: Txn, person: DemoPerson) -> Actor:
    """Somebody who only stands in the history."""
    return Actor(
        user_id=txn.ids.new(),
        username=person.username,
        name=person.name,
        session_id="",
        device_id="",
        grants=(Grant(role=person.role),),
    )
