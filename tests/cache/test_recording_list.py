"""Lists of recordings, against the plainest way to say what they should be."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

import msgspec
import pytest
from sqlalchemy import Connection

from cx_desktop.cache import Cache, Edit, Listing
from cx_desktop.cache.recordings import INDEXES, LATER, Applied, make_index, missing_indexes
from cx_desktop.domain.flow.search import plain
from cx_desktop.domain.patch import Document, Json, change
from cx_desktop.domain.recordings import Filters, Sort
from cx_desktop.protocol import PerProject, Recording, RecordingRow
from tests.cache.world import World, put

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 23)
AGENTS = ("Émilie Faure", "emile zola", "Zoé Martin", "Anaïs Lefèvre", "Àngel Roig", "")
OURS = ("+33184800001", "+33970000003")


def write(cache: Cache, work: Callable[[Connection], object]) -> None:
    cache._writer.do(lambda connection: (work(connection), ()), is_edit=False)


def drop_index(connection: Connection, name: str) -> None:
    connection.exec_driver_sql(f"DROP INDEX {name}")


class Library:
    """Recordings in a cache, and the same in memory."""

    def __init__(self, world: World, count: int = 400) -> None:
        self.world, self.cache = world, world.cache
        self.project = world.project
        self.queues = {world.ids.new(): name for name in ("Ventes", "Après-vente", "École", "")}
        self.flows = {world.ids.new(): name for name in ("Accueil", "Été", "Nuit")}
        self.seqs = 50
        self.notes = PerProject.NOTES.of(self.project)
        world.snapshot(self.notes, [])
        chance = Random(4)  # noqa: S311  (the same library each time, no secret)
        self.rows = [self._row(chance, number) for number in range(count)]
        self.load(self.rows)
        self.names()
        for name in INDEXES:
            self.write(partial(make_index, name=name))

    def _row(self, chance: Random, number: int) -> RecordingRow:
        at = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(
            minutes=chance.randrange(170) * 1440 + chance.randrange(24) * 60 + number % 7
        )
        other = f"+33{chance.choice('1679')}{chance.randrange(10**8):08d}"
        is_in = chance.random() < 0.6
        ours = chance.choice(OURS)
        return RecordingRow(
            id=self.world.ids.new(),
            ver=1,
            seq=number + 1,
            started_at=at,
            duration=chance.choice((0, 0, 5, 61, 240, 3600)),
            direction="in" if is_in else "out",
            queue_id=chance.choice([*self.queues, None]),
            agent_id=None,
            agent_name=chance.choice(AGENTS),
            caller=other if is_in else ours,
            called=ours if is_in else other,
            flow_id=chance.choice([*self.flows, None]),
            size=1,
            blob=None,
            delete_by=TODAY + timedelta(days=chance.randrange(0, 90)),
            held=chance.random() < 0.1,
        )

    def load(self, rows: Iterable[RecordingRow]) -> None:
        batch = list(rows)
        stream = PerProject.RECORDINGS.of(self.project)
        self.write(lambda connection: Applied(connection, stream, 1).load(batch))

    def names(self) -> None:
        rows = [
            put({"type": kind, "id": each, "project_id": self.project, "name": name}, ver=1, seq=9)
            for kind, names in (("queue", self.queues), ("flow", self.flows))
            for each, name in names.items()
        ]
        rows += [
            put(
                {
                    "type": "number",
                    "id": self.world.ids.new(),
                    "project_id": self.project,
                    "e164": number,
                },
                ver=1,
                seq=9,
            )
            for number in OURS
        ]
        self.world.cache.sync.apply_page(self.world.page(*rows, stream="config"))

    def write(self, work: Callable[[Connection], object]) -> None:
        write(self.cache, work)

    def listing(self, **wanted: object) -> Listing:
        return Listing(project_id=self.project, today=TODAY, **wanted)  # type: ignore[arg-type]

    def ids(self, **wanted: object) -> tuple[str, ...]:
        return self.cache.recording_list.ids(self.listing(**wanted))

    def those(self, question: Callable[[RecordingRow], bool]) -> set[str]:
        """Those of which something is true, that are not due and not of nothing."""
        return {
            row.id
            for row in self.rows
            if row.delete_by > TODAY and row.duration >= 1 and question(row)
        }


@pytest.fixture
def library(world: World) -> Library:
    return Library(world)


def other(row: RecordingRow) -> str:
    return row.caller if row.direction == "in" else row.called


def day(row: RecordingRow) -> date:
    return row.started_at.astimezone(PARIS).date()


FILTERS: dict[str, tuple[Callable[[Library], Filters], Callable[[Library, RecordingRow], bool]]] = {
    "nothing": (lambda _: Filters(), lambda _lib, _row: True),
    "days": (
        lambda _: Filters(since=date(2026, 7, 2), until=date(2026, 8, 9)),
        lambda _lib, row: date(2026, 7, 2) <= day(row) <= date(2026, 8, 9),
    ),
    "queue": (
        lambda lib: Filters(queues=frozenset([*lib.queues][:2])),
        lambda lib, row: row.queue_id in [*lib.queues][:2],
    ),
    "flow and agent": (
        lambda lib: Filters(flows=frozenset([next(iter(lib.flows))]), agents=frozenset(AGENTS[:3])),
        lambda lib, row: row.flow_id == next(iter(lib.flows)) and row.agent_name in AGENTS[:3],
    ),
    "direction": (lambda _: Filters(direction="out"), lambda _lib, row: row.direction == "out"),
    "length": (
        lambda _: Filters(shortest=61, longest=240),
        lambda _lib, row: 61 <= row.duration <= 240,
    ),
    "due within a week": (
        lambda _: Filters(due_within=7),
        lambda _lib, row: row.delete_by <= TODAY + timedelta(days=7),
    ),
    "held": (lambda _: Filters(is_held=True), lambda _lib, row: row.held),
    "an agent's name": (
        lambda _: Filters(words="ÉMIL"),
        lambda _lib, row: "emil" in plain(row.agent_name),
    ),
    "a queue or a flow": (
        lambda _: Filters(words="été"),
        lambda lib, row: "ete" in plain(lib.flows.get(row.flow_id or "", "")),
    ),
    "two words": (
        lambda _: Filters(words="ventes zoe"),
        lambda lib, row: (
            "ventes" in plain(lib.queues.get(row.queue_id or "", "")) and "Zo" in row.agent_name
        ),
    ),
    "digits": (lambda _: Filters(words="123"), lambda _lib, row: "123" in other(row)),
    "a number that begins so": (
        lambda _: Filters(words="06"),
        lambda _lib, row: other(row).startswith("+336"),
    ),
    "two digits": (lambda _: Filters(words="98"), lambda _lib, row: "98" in other(row)),
    "our own line": (
        lambda _: Filters(words="01 84 80 00 01"),
        lambda _lib, row: OURS[0] in (row.caller, row.called),
    ),
    "nobody": (lambda _: Filters(words="nobody"), lambda _lib, _row: False),
}


@pytest.mark.parametrize("is_prepared", [False, True], ids=["early", "prepared"])
@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("sort", [Sort.STARTED, Sort.AGENT, Sort.QUEUE])
def test_a_filter_shows_exactly_those_it_means(
    library: Library, name: str, sort: Sort, *, is_prepared: bool
) -> None:
    """Before and after numbers are indexed; however the list is sorted."""
    if is_prepared:
        assert library.cache.recording_list.prepare()
    make, means = FILTERS[name]
    found = library.ids(filters=make(library), sort=sort)
    expected = library.those(lambda row: means(library, row))
    assert len(found) == len(expected)
    assert set(found) == expected


KEYS: dict[Sort, Callable[[Library, RecordingRow], object]] = {
    Sort.STARTED: lambda _lib, row: row.started_at,
    Sort.DURATION: lambda _lib, row: row.duration,
    Sort.DIRECTION: lambda _lib, row: row.direction,
    Sort.END: lambda _lib, row: row.delete_by,
    Sort.NUMBER: lambda _lib, row: other(row),
    Sort.AGENT: lambda _lib, row: plain(row.agent_name),
    Sort.QUEUE: lambda lib, row: plain(lib.queues.get(row.queue_id or "", "\uffff")),
    Sort.FLOW: lambda lib, row: plain(lib.flows.get(row.flow_id or "", "\uffff")),
}


@pytest.mark.parametrize("filters", [Filters(), Filters(direction="in")], ids=["all", "in"])
@pytest.mark.parametrize("way", [True, False], ids=["down", "up"])
@pytest.mark.parametrize("sort", Sort)
def test_a_list_is_in_order_without_accents_and_case(
    library: Library, sort: Sort, filters: Filters, *, way: bool
) -> None:
    library.cache.recording_list.prepare()
    by_id = {row.id: row for row in library.rows}
    keys = [
        KEYS[sort](library, by_id[each])
        for each in library.ids(filters=filters, sort=sort, is_descending=way)
    ]
    named = [key for key in keys if key != "\uffff"]
    assert keys[: len(named)] == named, "what has no name stands at the end"
    assert named == sorted(named, reverse=way)  # type: ignore[type-var]
    assert named


@pytest.mark.parametrize(
    "typed",
    [
        "0639980412",
        "06 39 98 04 12",
        "06.39.98.04.12",
        "+33 6 39 98 04 12",
        "+33 (0)6 39 98 04 12",
        "0033639980412",
        "33639980412",
        "639980412",
        "98 04",
        "980412",
    ],
)
def test_a_number_is_found_in_any_spelling(library: Library, typed: str) -> None:
    one = msgspec.structs.replace(
        library.rows[0],
        id=library.world.ids.new(),
        duration=9,
        direction="in",
        caller="+33639980412",
        delete_by=date(2027, 1, 1),
    )
    library.cache.recording_list.prepare()
    library.load([one])  # kept in step from then on
    assert one.id in library.ids(filters=Filters(words=typed))


def test_what_is_due_is_in_no_list_even_before_the_purge(library: Library) -> None:
    due = {row.id for row in library.rows if row.delete_by <= TODAY}
    assert due
    for sort in Sort:
        assert not due & set(library.ids(sort=sort, filters=Filters(shortest=0)))
    lists = library.cache.recording_list
    places = [place for each in due if (place := lists.place_of(each)) is not None]
    assert lists.rows(places, TODAY) == (None,) * len(places)


def test_what_is_deleted_is_in_no_index_any_more(library: Library) -> None:
    library.cache.recording_list.prepare()
    number = other(library.rows[7])
    library.write(lambda connection: connection.exec_driver_sql("DELETE FROM recording"))
    assert library.ids(filters=Filters(words=number)) == ()
    with library.cache._read() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM recording_text").scalar()
        blocks = connection.exec_driver_sql("SELECT block FROM recording_text_data").scalars()
        assert left == 0
        assert not [block for block in blocks if number[4:7].encode() in block]


def test_another_number_takes_the_place_of_the_first(library: Library) -> None:
    library.cache.recording_list.prepare()
    row = next(each for each in library.rows if each.id in library.those(lambda _: True))
    fresh = msgspec.structs.replace(
        row, ver=2, seq=9_999, caller="+33139980001", called="+33139980001"
    )
    library.load([fresh])
    assert row.id in library.ids(filters=Filters(words="01 39 98 00 01"))
    assert row.id not in library.ids(filters=Filters(words=other(row)))


def said(library: Library, kind: str, recording: str, **more: Json) -> str:
    """Something said of a recording, as the service brings it."""
    own = library.world.ids.new()
    document: Document = {"type": kind, "id": own, "project_id": library.project}
    document |= {"recording_id": recording, **more}
    library.seqs += 1
    page = library.world.page(put(document, ver=1, seq=library.seqs), stream=library.notes)
    library.cache.sync.apply_page(page)
    return own


def test_notes_tags_and_scores_are_shown_found_and_filtered(library: Library) -> None:
    first, second, third, *_ = library.ids()
    said(library, "note", first, text="L’appelante était très fâchée")
    said(library, "note", first, text="Rappelée", at_ms=2_000)
    said(library, "labels", second, tags={"Litige": True, "Vu": False})
    said(library, "evaluation", third, state="done", score=62.5, done_at="2026-11-01T10:00:00Z")
    said(library, "evaluation", second, state="draft", score=90.0)

    def found(**filters: object) -> tuple[str, ...]:
        return library.ids(filters=msgspec.convert(filters, Filters, strict=False))

    assert found(words="fachee") == (first,)
    assert found(words="litig") == (second,)
    assert found(words="vu") == ()
    assert found(has_note=True) == (first,)
    assert first not in found(has_note=False)
    assert found(tags=frozenset({"Litige", "Vu"})) == (second,)
    assert found(is_evaluated=True) == (third,)
    assert found(worst=60.0, best=70.0) == (third,)
    assert found(worst=70.0) == ()
    lists = library.cache.recording_list
    rows = lists.rows(list(lists.places(library.listing()))[:3], TODAY)
    assert [(row.notes, row.tags, row.score) for row in rows if row] == [
        (2, (), None),
        (0, ("Litige",), None),
        (0, (), 62.5),
    ]
    assert lists.tags(library.project) == ("Litige",)


def test_a_note_that_goes_is_found_no_more(library: Library) -> None:
    first, *_ = library.ids()
    note = said(library, "note", first, text="Provisoire")
    row = library.cache.row("note", note)
    assert row is not None
    library.write(
        lambda connection: connection.exec_driver_sql("DELETE FROM entity WHERE type = 'note'")
    )
    assert library.ids(filters=Filters(words="provisoire")) == ()


def test_an_edit_of_a_note_is_found_before_it_is_sent(library: Library) -> None:
    first, *_ = library.ids()
    note = said(library, "note", first, text="Provisoire")
    row = library.cache.row("note", note)
    assert row is not None
    library.cache.edit(Edit("note", note, (change(row.data, ("text",), "Définitif"),)))
    assert library.ids(filters=Filters(words="provisoire")) == ()
    assert library.ids(filters=Filters(words="definitif")) == (first,)


def test_agents_are_told_by_name(library: Library) -> None:
    assert set(library.cache.recording_list.agents(library.project)) == set(AGENTS)


def test_nothing_is_prepared_while_a_first_load_is_under_way(world: World) -> None:
    cache, stream = world.cache, PerProject.RECORDINGS.of(world.project)
    write(cache, lambda connection: Applied(connection, stream, 1).begin())
    assert not cache.recording_list.prepare()
    for name in INDEXES:
        write(cache, partial(make_index, name=name))
    assert cache.recording_list.prepare()
    with cache._read() as connection:
        assert missing_indexes(connection, LATER) == ()


@pytest.mark.parametrize("sort", Sort)
def test_a_list_can_be_read_while_its_indexes_are_not_there(library: Library, sort: Sort) -> None:
    for name in INDEXES:
        library.write(partial(drop_index, name=name))
    assert set(library.ids(sort=sort)) == library.those(lambda _: True)


def test_a_row_is_the_recording_as_it_came(library: Library) -> None:
    lists = library.cache.recording_list
    places = lists.places(library.listing())
    row = lists.rows(places[:1], TODAY)[0]
    assert row is not None
    assert isinstance(row.recording, Recording)
    came = next(each for each in library.rows if each.id == row.recording.id)
    assert row.recording.caller == came.caller
    assert row.recording.delete_by == came.delete_by


@pytest.mark.parametrize(
    "typed",
    ["²", "½", "…", "*", '"', 'a"b', "NEAR(", "-", "words:", "%", "'", "\0", "é" * 300, "x " * 900],
)
def test_no_words_make_a_search_fail(library: Library, typed: str) -> None:
    library.cache.recording_list.prepare()
    assert len(library.ids(filters=Filters(words=typed))) <= len(library.rows)
