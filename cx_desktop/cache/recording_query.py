"""Which recordings a list shows, and in what order, in the words of SQLite.

One index holds everything that lists are filtered by, so that any filters together cost one walk
along it; what is sorted by time comes while it walks. SQLite has no statistics of a cache and
guesses badly between indexes of a million rows: each question says which one it wants.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from cx_desktop.cache import recording_text
from cx_desktop.cache.entities import key_of
from cx_desktop.cache.recordings import missing_indexes
from cx_desktop.domain.flow.search import plain
from cx_desktop.domain.numbers.spellings import pieces
from cx_desktop.domain.recordings.filters import Filters, Sort

_AGENTS = """
    WITH RECURSIVE agent(name) AS (
        SELECT min(agent_name) FROM recording INDEXED BY recording_by_agent WHERE project_id = ?
        UNION ALL
        SELECT (
            SELECT min(agent_name) FROM recording INDEXED BY recording_by_agent
            WHERE project_id = ? AND agent_name > agent.name
        ) FROM agent WHERE name IS NOT NULL
    )
    SELECT name FROM agent WHERE name IS NOT NULL
"""
#: Shorter pieces stand in no index: nearly every number has them.
LEAST_SIGNS = 3
#: Whoever pastes a page looks for its beginning.
MOST_WORDS = 20
Value = bytes | str | int | float
_BY_TIME, _BY_DURATION = "recording_by_time", "recording_by_duration"
_BY_AGENT, _BY_QUEUE = "recording_by_agent", "recording_by_queue"
_INDEXES = (_BY_TIME, _BY_DURATION, _BY_AGENT, _BY_QUEUE)
_NEWEST = "started_at DESC, recording.rowid DESC"
_SAID_OF = """
    id IN (
        SELECT unhex(replace(json_extract(CAST(data AS TEXT), '$.recording_id'), '-', ''))
        FROM entity WHERE type = ? AND project_id = ?
            AND NOT coalesce(json_extract(CAST(data AS TEXT), '$.removed'), 0) {and_so}
    )
"""
_IS_DONE = """
    AND json_extract(CAST(data AS TEXT), '$.state') = 'done'
    AND json_extract(CAST(data AS TEXT), '$.calibrates') IS NULL
"""
_SCORE = "json_extract(CAST(data AS TEXT), '$.score')"
_AMONG = "id IN (SELECT unhex(value) FROM json_each(?))"
_TAGGED = """
    AND EXISTS (
        SELECT 1 FROM json_each(CAST(data AS TEXT), '$.tags')
        WHERE value AND key IN ({marks})
    )
"""


class Listing(Struct, frozen=True, kw_only=True):
    """What a list is asked for."""

    project_id: str
    today: date
    """What is due then is not there any more."""
    zone: str = "Europe/Paris"
    """Whose days count."""
    filters: Filters = Filters()
    sort: Sort = Sort.STARTED
    is_descending: bool = True
    here: tuple[str, ...] = ()
    """The recordings whose sound is on this computer."""


class Question(Struct, frozen=True):
    """One statement, up to what it selects; asked one after the other they give the list."""

    rest: str
    values: tuple[Value, ...]

    def select(self, what: str) -> str:
        """The whole statement."""
        return f"SELECT {what} {self.rest}"


class _Part(Struct, frozen=True):
    """One condition."""

    text: str
    values: tuple[Value, ...] = ()
    is_narrow: bool = False
    """Whether every index of lists can answer it."""
    is_few: bool = False
    """Whether it names rows by their places."""


class Names(Struct, frozen=True):
    """What agents, queues and flows of a project are called: keys by name, as they are sorted."""

    agents: dict[Value, str]
    queues: dict[Value, str]
    flows: dict[Value, str]

    @classmethod
    def of(cls, connection: Connection, project: bytes) -> "Names":
        """Read them."""
        return cls(
            agents={name: name for name in agents_of(connection, project)},
            queues=_named(connection, "queue", project),
            flows=_named(connection, "flow", project),
        )


def agents_of(connection: Connection, project: bytes) -> tuple[str, ...]:
    """The agents who were recorded: skips from name to name, where there is an index of them."""
    if missing_indexes(connection, (_BY_AGENT,)):
        asked = "SELECT DISTINCT agent_name FROM recording WHERE project_id = ?"
        return tuple(connection.exec_driver_sql(asked, (project,)).scalars())
    found = connection.exec_driver_sql(_AGENTS, (project, project)).scalars()
    return tuple(map(str, found))


def questions(connection: Connection, listing: Listing) -> Iterator[Question]:
    """What has to be asked, in the order of the list."""
    project = key_of(listing.project_id)
    names = Names.of(connection, project)
    parts = tuple(_parts(connection, listing, project, names))
    there = frozenset(_INDEXES) - frozenset(missing_indexes(connection, _INDEXES))
    is_narrow = all(part.is_narrow for part in parts)
    if is_narrow and listing.sort in _RUNS and _RUNS[listing.sort][1] in there:
        yield from _by_runs(listing, parts, names)
        return
    order, ranks = _order(listing, names)
    if any(part.is_few for part in parts):
        index = "NOT INDEXED"
    elif listing.sort is Sort.DURATION and is_narrow and _BY_DURATION in there:
        index, way = f"INDEXED BY {_BY_DURATION}", _way(listing)
        order = f"duration {way}, started_at {way}, recording.rowid {way}"
    else:
        index = f"INDEXED BY {_BY_TIME}" if _BY_TIME in there else ""
    yield _question(f"{index} {ranks.text}", parts, order, ranks.values)


def _question(
    source: str, parts: Sequence[_Part], order: str, before: tuple[Value, ...] = ()
) -> Question:
    where = " AND ".join(part.text for part in parts)
    values = tuple(value for part in parts for value in part.values)
    return Question(f"FROM recording {source} WHERE {where} ORDER BY {order}", before + values)


def _way(listing: Listing) -> str:
    return "DESC" if listing.is_descending else "ASC"


#: What is sorted by names is read name by name, each by its index.
_RUNS = {Sort.AGENT: ("agent_name", _BY_AGENT), Sort.QUEUE: ("queue_id", _BY_QUEUE)}


def _by_runs(listing: Listing, parts: Sequence[_Part], names: Names) -> Iterator[Question]:
    column, index = _RUNS[listing.sort]
    known = names.agents if listing.sort is Sort.AGENT else names.queues
    sorted_keys = _sorted(known, is_descending=listing.is_descending)
    source = f"INDEXED BY {index}"
    for key in sorted_keys:
        yield _question(source, (_Part(f"{column} = ?", (key,)), *parts), _NEWEST)
    if listing.sort is Sort.QUEUE:  # without one, and of one whose name is not here
        marks = ", ".join("?" for _ in sorted_keys)
        rest = _Part(f"(queue_id IS NULL OR queue_id NOT IN ({marks}))", tuple(sorted_keys))
        yield _question(source, (rest, *parts), _NEWEST)


def _sorted(known: Mapping[Value, str], *, is_descending: bool) -> list[Value]:
    return sorted(known, key=lambda key: plain(known[key]), reverse=is_descending)


#: What is sorted by what the row itself says.
_FACTS = {
    Sort.DURATION: "duration",
    Sort.DIRECTION: "direction",
    Sort.END: "delete_by",
    Sort.NUMBER: recording_text.OTHER,
}


def _order(listing: Listing, names: Names) -> tuple[str, _Part]:
    """What to sort by, and where the ranks of names come from."""
    way = _way(listing)
    if listing.sort is Sort.STARTED:
        return f"started_at {way}, recording.rowid {way}", _Part("")
    if listing.sort in _FACTS:
        return f"{_FACTS[listing.sort]} {way}, {_NEWEST}", _Part("")
    column, known = {
        Sort.AGENT: ("agent_name", names.agents),
        Sort.QUEUE: ("queue_id", names.queues),
    }.get(listing.sort, ("flow_id", names.flows))
    keys = _sorted(known, is_descending=listing.is_descending)
    if not keys:
        return _NEWEST, _Part("")
    ranks = ", ".join(f"(?, {rank})" for rank, _key in enumerate(keys))
    ranked = f"LEFT JOIN (VALUES {ranks}) AS ranked ON ranked.column1 = recording.{column}"
    return f"ranked.column2 IS NULL, ranked.column2, {_NEWEST}", _Part(ranked, tuple(keys))


def _parts(
    connection: Connection, listing: Listing, project: bytes, names: Names
) -> Iterator[_Part]:
    filters = listing.filters
    yield _Part("recording.project_id = ?", (project,), is_narrow=True)
    yield _Part("duration >= ?", (filters.shortest,), is_narrow=True)
    yield from _not_due(connection, listing.today)
    yield from _time(filters, ZoneInfo(listing.zone))
    yield from _facts(listing)
    yield from _chosen(filters)
    yield from _said(filters, project)
    for each in wanted(filters.words):
        yield _found(connection, each, names, project)


def _not_due(connection: Connection, today: date) -> Iterator[_Part]:
    """What is due is purged at once: where nothing is, nobody need look for it."""
    first = connection.exec_driver_sql("SELECT min(delete_by) FROM recording").scalar()
    if first is not None and str(first) <= today.isoformat():
        yield _Part("delete_by > ?", (today.isoformat(),))


def _time(filters: Filters, zone: ZoneInfo) -> Iterator[_Part]:
    if filters.since is not None:
        yield _Part("started_at >= ?", (_moment(filters.since, zone),), is_narrow=True)
    if filters.until is not None and filters.until < date.max:
        after = filters.until + timedelta(days=1)
        yield _Part("started_at < ?", (_moment(after, zone),), is_narrow=True)
    if filters.longest is not None:
        yield _Part("duration <= ?", (filters.longest,), is_narrow=True)


def _moment(day: date, zone: ZoneInfo) -> int:
    midnight = datetime.combine(day, time(), zone).astimezone(UTC)
    return round(midnight.timestamp() * 1000)


def _facts(listing: Listing) -> Iterator[_Part]:
    filters = listing.filters
    if filters.direction:
        yield _Part("direction = ?", (filters.direction,))
    if filters.due_within is not None:
        last = listing.today + timedelta(days=min(filters.due_within, 366))
        yield _Part("delete_by <= ?", (last.isoformat(),))
    if filters.is_held is not None:
        yield _Part("held = ?", (int(filters.is_held),))
    if filters.is_here is not None:
        here = msgspec.json.encode([each.replace("-", "") for each in listing.here]).decode()
        yield _Part(f"{_not(filters.is_here)} {_AMONG}", (here,))


def _chosen(filters: Filters) -> Iterator[_Part]:
    for column, keys in (
        ("agent_name", tuple(sorted(filters.agents))),
        ("queue_id", tuple(map(key_of, sorted(filters.queues)))),
        ("flow_id", tuple(map(key_of, sorted(filters.flows)))),
    ):
        if keys:
            yield _any_of(column, keys)


def _any_of(column: str, keys: Collection[Value]) -> _Part:
    marks = ", ".join("?" for _ in keys)
    return _Part(f"{column} IN ({marks})", tuple(keys))


def _said(filters: Filters, project: bytes) -> Iterator[_Part]:
    if filters.has_note is not None:
        text = _SAID_OF.format(and_so="")
        yield _Part(f"{_not(filters.has_note)} {text}", ("note", project))
    if filters.is_evaluated is not None:
        text = _SAID_OF.format(and_so=_IS_DONE)
        yield _Part(f"{_not(filters.is_evaluated)} {text}", ("evaluation", project))
    if filters.worst is not None or filters.best is not None:
        text = _SAID_OF.format(and_so=f"{_IS_DONE} AND {_SCORE} BETWEEN ? AND ?")
        worst = 0.0 if filters.worst is None else filters.worst
        best = 100.0 if filters.best is None else filters.best
        yield _Part(text, ("evaluation", project, worst, best))
    if filters.tags:
        marks = ", ".join("?" for _ in filters.tags)
        text = _SAID_OF.format(and_so=_TAGGED.format(marks=marks))
        yield _Part(text, ("labels", project, *sorted(filters.tags)))


def _not(is_wanted: bool) -> str:  # noqa: FBT001  (what it says depends on it alone)
    return "" if is_wanted else "NOT"


def wanted(words: str) -> tuple[str, ...]:
    """What has to be found: words, and numbers with all their digits though typed in groups."""
    found: list[str] = []
    for each in plain(words).split():
        if found and _is_number(found[-1]) and _is_number(each):
            found[-1] += each
        else:
            found.append(each)
    return tuple(found[:MOST_WORDS])


def _is_number(text: str) -> bool:
    return not any(sign.isalpha() for sign in text)


def _found(connection: Connection, each: str, names: Names, project: bytes) -> _Part:
    """Where one of the words may occur: in a name, a number, or what was said."""
    parts = [
        *_in_names(each, names),
        *_in_numbers(connection, each, project),
        *_in_notes(each),
    ]
    text = " OR ".join(part.text for part in parts) or "0"
    values = tuple(value for part in parts for value in part.values)
    return _Part(f"({text})", values, is_few=all(part.is_few for part in parts))


def _in_names(each: str, names: Names) -> Iterator[_Part]:
    columns = (
        ("agent_name", names.agents),
        ("queue_id", names.queues),
        ("flow_id", names.flows),
    )
    for column, known in columns:
        keys = [key for key, name in known.items() if each in plain(name)]
        if keys:
            yield _any_of(column, keys)


def _in_numbers(connection: Connection, each: str, project: bytes) -> Iterator[_Part]:
    digits = pieces(each)
    if not digits:
        return
    if recording_text.has_numbers(connection) and min(map(len, digits)) >= LEAST_SIGNS:
        asked = " OR ".join(f'"{piece}"' for piece in digits)
        yield _Part(
            "recording.rowid IN (SELECT rowid FROM recording_text WHERE recording_text MATCH ?)",
            (asked,),
            is_few=True,
        )
    else:
        likes = " OR ".join(f"{recording_text.OTHER} LIKE ?" for _ in digits)
        yield _Part(f"({likes})", tuple(f"%{piece}%" for piece in digits))
    ours = [
        number for number in _lines(connection, project) if any(piece in number for piece in digits)
    ]
    if ours:
        marks = ", ".join("?" for _ in ours)
        yield _Part(
            f"CASE direction WHEN 'in' THEN called ELSE caller END IN ({marks})", tuple(ours)
        )


def _in_notes(each: str) -> Iterator[_Part]:
    phrase = each.replace('"', " ").strip()
    if phrase and any(sign.isalnum() for sign in phrase):
        yield _Part(
            """
            recording.rowid IN (
                SELECT noted.rowid FROM recording AS noted WHERE noted.id IN (
                    SELECT unhex(replace(recording, '-', '')) FROM note_text
                    WHERE note_text MATCH ?
                )
            )
            """,
            (f'words: "{phrase}" *',),
            is_few=True,
        )


def _lines(connection: Connection, project: bytes) -> tuple[str, ...]:
    """The project's own numbers."""
    asked = """
        SELECT json_extract(CAST(data AS TEXT), '$.e164') FROM entity
        WHERE type = 'number' AND project_id = ?
    """
    return tuple(map(str, connection.exec_driver_sql(asked, (project,)).scalars()))


class _Named(Struct, frozen=True):
    name: str = ""


def _named(connection: Connection, kind: str, project: bytes) -> dict[Value, str]:
    asked = "SELECT id, data FROM entity WHERE type = ? AND project_id = ?"
    return {
        key: msgspec.json.decode(data, type=_Named).name
        for key, data in connection.exec_driver_sql(asked, (kind, project))
    }
