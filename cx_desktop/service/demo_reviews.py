"""What the demo's supervisor said of recordings: ten weeks of evaluations, markers and tags.

Made up with the recordings they speak of, of which the newest weeks are left to be heard.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from random import Random

import msgspec
from msgspec import Struct
from sqlalchemy import select

from cx_desktop.domain.recordings.forms import Ask, Comment, Form, KnockOut, form_of
from cx_desktop.domain.recordings.notes import Answer, end_of_note, labels_id
from cx_desktop.domain.recordings.scoring import score, worth_of
from cx_desktop.domain.recordings.worklist import Candidate, draw, week_of
from cx_desktop.domain.wall_time import shown_at
from cx_desktop.protocol import PerProject, Person, Recording
from cx_desktop.service.objects import deeds, revisions
from cx_desktop.service.recordings.days import zone_of
from cx_desktop.service.service import Service
from cx_desktop.service.sessions import people
from cx_desktop.service.store import Txn, entities
from cx_desktop.service.store.tables import entity as table

_WHO = "ines.moreau"
_WEEKS = 10
#: So many of the newest recordings are looked at: ten weeks of a demo, and a part of a large one.
_MOST = 20_000
_PER_AGENT = 1
#: What takes everything away happens rarely.
_SURE = 0.985
_SAID: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "fr": {
        "list": ("Écoutes de la semaine",),
        "low": ("Va trop vite", "Le client doit répéter", "À revoir ensemble"),
        "text": ("Ton juste, réponse un peu longue", "Belle écoute ; annoncer le délai"),
        "mark": ("Bonne reformulation", "Silence sans explication", "Objection bien traitée"),
        "tag": ("réclamation", "bon exemple", "formation"),
    },
    "en": {
        "list": ("Calls of the week",),
        "low": ("Too fast", "The customer has to repeat", "To be gone through together"),
        "text": ("Right tone, a rather long answer", "Listens well; should say how long it takes"),
        "mark": ("Says it back well", "Silence without a word", "Handles the objection well"),
        "tag": ("complaint", "good example", "training"),
    },
}


class _World(Struct, frozen=True):
    """Who judges, by what, and in which words."""

    project_id: str
    form_id: str
    number: int
    form: Form
    who: Person
    said: Mapping[str, tuple[str, ...]]


def seed_reviews(service: Service, language: str) -> int:
    """See to it that something is said of the demo's recordings; how many were judged now."""
    with service.store.write() as txn:
        who = people.by_username(txn.connection, _WHO)
        world = None if who is None else _world(txn, Person(who.id, who.name), language)
        if world is None or next(entities.each(txn.connection, "evaluation"), None) is not None:
            return 0
        made = _worklist(txn, world)
        calls = {each.id: each for each in _calls(txn, world.project_id)}
        zone = zone_of(txn.connection, world.project_id)
        days = {key: shown_at(call.started_at, zone).date() for key, call in calls.items()}
        last = week_of(shown_at(txn.now, zone).date()) - timedelta(days=7)
        first = last - timedelta(days=7 * _WEEKS)
        candidates = (
            Candidate(key, call.agent_name, days[key])
            for key, call in calls.items()
            if first <= days[key] < last and call.duration >= 30
        )
        chance = Random(7)  # noqa: S311  (the same demo each time, no secret)
        drawn = draw(candidates, quota=_PER_AGENT, seed=made)
        for each in drawn:
            _judge(txn, world, chance, calls[each.recording_id], (made, each.week))
        return len(drawn)


def _world(txn: Txn, who: Person, language: str) -> _World | None:
    """The first project whose recordings can be judged by a form that is live."""
    for form in entities.each(txn.connection, "form"):
        number = form.data.get("live_revision")
        stream = PerProject.RECORDINGS.of(form.project_id)
        has_any = select(table.c.id).where(table.c.stream == stream).limit(1)
        if not isinstance(number, int) or txn.connection.execute(has_any).first() is None:
            continue
        live = revisions.numbered(txn.connection, form.id, number)
        if live is not None:
            read = form_of(revisions.content(live)[0])
            return _World(form.project_id, form.id, number, read, who, _SAID[language])
    return None


def _calls(txn: Txn, project_id: str) -> Iterator[Recording]:
    newest = (
        select(table.c.data)
        .where(table.c.stream == PerProject.RECORDINGS.of(project_id), table.c.gone.is_(None))
        .order_by(table.c.id.desc())
        .limit(_MOST)
    )
    for data in txn.connection.execute(newest).scalars():
        yield msgspec.json.decode(data, type=Recording)


def _worklist(txn: Txn, world: _World) -> str:
    return _say(
        txn,
        world,
        "worklist",
        txn.now - timedelta(days=7 * _WEEKS),
        name=world.said["list"][0],
        form_id=world.form_id,
        quota=_PER_AGENT,
        filter={"shortest": 30},
    )


def _judge(txn: Txn, world: _World, chance: Random, call: Recording, why: tuple[str, date]) -> None:
    """An evaluation, most often with a marker, sometimes with a tag."""
    at = min(call.started_at + timedelta(days=chance.randint(1, 4)), txn.now)
    answers = dict(_answers(world, chance, Random(call.agent_name).uniform(0.72, 0.98)))  # noqa: S311  (an agent is as good each time)
    worklist, week = why
    _say(
        txn,
        world,
        "evaluation",
        at,
        recording_id=call.id,
        form_id=world.form_id,
        form_number=world.number,
        agent_id=call.agent_id or "",
        agent_name=call.agent_name,
        answers=msgspec.to_builtins(answers),
        comment="",
        state="done",
        done_at=deeds.instant(at),
        score=score(world.form, answers).percent,
        worklist_id=worklist,
        week=week.isoformat(),
    )
    if chance.random() < 0.7:
        place = chance.randrange(call.duration * 1000)
        text = chance.choice(world.said["mark"])
        _say(
            txn,
            world,
            "note",
            at,
            recording_id=call.id,
            at_ms=place,
            text=text,
            visibility="shared",
        )
    if chance.random() < 0.3:
        tags = {chance.choice(world.said["tag"]): True}
        said_id = labels_id(call.id)
        _say(txn, world, "labels", at, said_id=said_id, recording_id=call.id, tags=tags)


def _answers(world: _World, chance: Random, skill: float) -> Iterator[tuple[str, Answer]]:
    for name, question in world.form.asked:
        if question.ask is Ask.TEXT:
            yield name, Answer(comment=chance.choice(world.said["text"]))
            continue
        best_first = sorted(question.values, key=lambda v: question.values[v], reverse=True)
        sure = _SURE if question.knock_out is not KnockOut.NOTHING else skill
        place = 0
        while place < len(best_first) - 1 and chance.random() > sure:
            place += 1
        answer = Answer(best_first[place])
        worth = worth_of(question, answer)
        is_low = worth is not None and worth * 2 < 1
        needs_word = question.comment is Comment.ALWAYS or (
            question.comment is Comment.LOW and is_low
        )
        yield name, Answer(answer.value, chance.choice(world.said["low"]) if needs_word else "")


def _say(
    txn: Txn, world: _World, kind: str, at: datetime, *, said_id: str = "", **fields: object
) -> str:
    said_id = said_id or txn.ids.new()
    data: dict[str, object] = {
        "type": kind,
        "id": said_id,
        "project_id": world.project_id,
        **fields,
        "author": msgspec.to_builtins(world.who),
        "created_at": deeds.instant(at),
        "updated_at": deeds.instant(at),
        "updated_by": msgspec.to_builtins(world.who),
    }
    if kind != "worklist":
        data["delete_by"] = end_of_note(at.date()).isoformat()
    entities.save(txn, kind, said_id, world.project_id, data)
    return said_id
