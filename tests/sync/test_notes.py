"""What people say of recordings: two reviewers, two computers, one service."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cx_desktop.cache import Edit
from cx_desktop.domain.patch import Document, change, read
from cx_desktop.domain.patch import Path as Place
from cx_desktop.domain.recordings.notes import SAID_TYPES, Labels, Note, labels_id
from cx_desktop.protocol import PerProject
from cx_desktop.service.housekeeping import sweep
from cx_desktop.service.store import entities
from tests.fakes.service import RunningService, recorded
from tests.sync.world import Desk, Session

COUNT = 20


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with recorded(COUNT) as service:
        yield service


@pytest.fixture(scope="module")
def sessions(service: RunningService) -> Iterator[tuple[Session, Session]]:
    """The supervisor and the administrator."""
    with (
        closing(Session(service, "supervisor")) as one,
        closing(Session(service, "administrator")) as other,
    ):
        yield one, other


@pytest.fixture
def desks(sessions: tuple[Session, Session], tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    one, other = Desk(sessions[0], tmp_path / "one"), Desk(sessions[1], tmp_path / "other")
    one.sync()
    other.sync()
    yield one, other
    one.close()
    other.close()


def recording_of(desk: Desk) -> str:
    (found, *_) = desk.cache.recordings(desk.project, limit=1)
    return found.id


def write(desk: Desk, kind: str = "note", **fields: object) -> str:
    """Something new, said at a desk; its id."""
    recording = recording_of(desk)
    said = labels_id(recording) if kind == "labels" else desk.ids.new()
    value: Document = {
        "type": kind,
        "id": said,
        "project_id": desk.project,
        "recording_id": recording,
        "created_at": "2026-09-01T10:00:00Z",
        **fields,
    }
    desk.cache.edit(Edit(kind, said, value=value))
    return said


def edit(desk: Desk, kind: str, said: str, path: Place, to: object) -> None:
    row = desk.cache.row(kind, said)
    assert row is not None
    desk.cache.edit(Edit(kind, said, changes=(change(row.data, path, to),)))


def note_at(desk: Desk, said: str) -> Note | None:
    row = desk.cache.row("note", said)
    return None if row is None else msgspec.convert(row.data, Note)


def test_a_shared_note_reaches_the_other_reviewer(desks: tuple[Desk, Desk]) -> None:
    one, other = desks
    said = write(one, text="Bonne reformulation", at_ms=12_500, visibility="shared")
    assert one.sync().is_all_synced
    assert other.sync().is_all_synced
    note = note_at(other, said)
    assert note is not None
    assert (note.text, note.at_ms) == ("Bonne reformulation", 12_500)
    assert note.author.id == one.session.signed_in.user.id
    assert note == note_at(one, said)
    assert note.created_at is not None
    assert note.delete_by is not None
    assert timedelta(360) < note.delete_by - note.created_at.date() < timedelta(367)


def test_a_private_note_is_its_authors_alone_on_every_way(desks: tuple[Desk, Desk]) -> None:
    one, other = desks
    said = write(one, text="Je doute", visibility="private")
    assert one.sync().is_all_synced
    assert other.sync().is_all_synced
    assert note_at(one, said) is not None
    assert note_at(other, said) is None
    stream = PerProject.NOTES.of(one.project)
    assert one.cache.repairs.count(stream) == other.cache.repairs.count(stream) + 1
    other.cache.sync.expire(stream)
    assert other.sync().is_all_synced
    assert note_at(other, said) is None


def test_somebody_elses_note_cannot_be_changed(desks: tuple[Desk, Desk]) -> None:
    one, other = desks
    said = write(one, text="Bien", visibility="shared")
    one.sync()
    other.sync()
    edit(other, "note", said, ("text",), "Mal")
    other.sync()
    (conflict,) = other.cache.conflicts()
    assert conflict.problem is not None
    assert conflict.problem.name == "forbidden"
    other.cache.resolve(conflict.op_id, "theirs")
    assert other.sync().is_all_synced
    note = note_at(other, said)
    assert note is not None
    assert note.text == "Bien"


def test_what_its_author_takes_back_is_gone_everywhere(desks: tuple[Desk, Desk]) -> None:
    one, other = desks
    said = write(one, text="Erreur", visibility="shared")
    one.sync()
    other.sync()
    edit(one, "note", said, ("removed",), to=True)
    assert one.sync().is_all_synced
    assert other.sync().is_all_synced
    assert note_at(one, said) is None
    assert note_at(other, said) is None


def test_labels_made_twice_at_once_are_one_set(desks: tuple[Desk, Desk]) -> None:
    one, other = desks
    said = write(one, "labels", tags={"réclamation": True, "VIP": True})
    assert said == write(other, "labels", tags={"formation": True})
    for desk in (one, other, one):
        assert desk.sync().is_all_synced
    for desk in desks:
        row = desk.cache.row("labels", said)
        assert row is not None
        assert msgspec.convert(row.data, Labels).names == ("formation", "réclamation", "VIP")


def test_a_note_ends_at_its_own_term(service: RunningService, desks: tuple[Desk, Desk]) -> None:
    assert service.service is not None
    one, _ = desks
    said = write(one, text="Ancienne", visibility="shared", created_at="2020-01-31T22:30:00Z")
    one.sync()
    (refused,) = one.cache.conflicts()
    assert refused.problem is not None
    assert refused.problem.name == "expired"
    one.cache.resolve(refused.op_id, "theirs")
    now = service.clock.now()
    born = (now - timedelta(days=364)).isoformat()
    said = write(one, text="Bientôt finie", visibility="shared", created_at=born)
    assert one.sync().is_all_synced
    sweep(service.service)
    with service.service.store.read() as connection:
        assert entities.load(connection, "note", said) is not None
    service.clock.advance(timedelta(days=3))
    sweep(service.service)
    with service.service.store.read() as connection:
        assert entities.load(connection, "note", said) is None
    service.clock.advance(timedelta(days=-3))


QUESTIONS = ("accueil", "identité", "solution")
ACTS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["answer", "comment", "tag", "untag", "note", "sync"]),
        st.integers(0, 2),
    ),
    max_size=16,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(ACTS)
def test_one_persons_two_computers_and_any_interleaving_end_alike(
    sessions: tuple[Session, Session], acts: list[tuple[int, str, int]]
) -> None:
    """The author scores on two computers, each offline for a while: answers never swallow others.

    Where both answered one question somebody decides; comments and tags that only one of them
    touched are kept without a question.
    """
    with TemporaryDirectory() as folder, closing(Session(sessions[0].service, "supervisor")) as two:
        desks = (Desk(sessions[0], Path(folder) / "a"), Desk(two, Path(folder) / "b"))
        try:
            _score(desks, acts)
        finally:
            for desk in desks:
                desk.close()


def _score(desks: tuple[Desk, Desk], acts: list[tuple[int, str, int]]) -> None:
    desks[0].sync()
    said = write(desks[0], "evaluation", form_id=desks[0].ids.new(), form_number=1, answers={})
    tags = write(desks[0], "labels", tags={}) if _labels(desks[0]) is None else _labels(desks[0])
    assert tags is not None
    desks[0].sync()
    desks[1].sync()
    notes: set[str] = set()
    for step, (who, what, which) in enumerate(acts):
        desk, question = desks[who], QUESTIONS[which]
        match what:
            case "answer":
                edit(desk, "evaluation", said, ("answers", question, "value"), f"{step}")
            case "comment":
                edit(desk, "evaluation", said, ("answers", question, "comment"), f"c{who}")
            case "tag" | "untag":
                edit(desk, "labels", tags, ("tags", question), to=what == "tag")
            case "note":
                notes.add(write(desk, text=f"{step}", visibility="private"))
            case _:
                desk.sync()
    _end_alike(desks, said, notes)
    last = {(which, who): f"{n}" for n, (who, what, which) in enumerate(acts) if what == "answer"}
    row = desks[0].cache.row("evaluation", said)
    for which, question in enumerate(QUESTIONS):
        given_ones = {text for (place, _), text in last.items() if place == which}
        if given_ones:
            assert row is not None
            assert read(row.data, ("answers", question, "value")) in given_ones


def _end_alike(desks: tuple[Desk, Desk], said: str, notes: set[str]) -> None:
    for _ in range(4):
        for desk in desks:
            desk.sync()
            desk.resolve_all("mine")
    first, second = (
        {row.id: row.data for kind in SAID_TYPES for row in desk.cache.rows(kind)} for desk in desks
    )
    assert first == second
    assert notes | {said} <= first.keys()


def _labels(desk: Desk) -> str | None:
    said = labels_id(recording_of(desk))
    return None if desk.cache.row("labels", said) is None else said
