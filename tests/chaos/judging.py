"""What must be true when a chaos run is over: of what was said, what each has, and the log."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
from msgspec import Struct

from cx_desktop.domain.patch import Document, read
from tests.chaos.driver import MARK, nodes_of
from tests.chaos.telling import Acked, Report, Saved, Told, Wish

Place = tuple[str, str]
FIELDS = frozenset({"name", "description"})


class Register(Struct):
    """A place with one writer: what may stand there at the end."""

    allowed: frozenset[str | None] = frozenset({None})

    def take(self, wish: Wish, *, was_saved: bool) -> None:
        """One more write; of one that was cut off nobody knows whether it came to be."""
        written = frozenset({wish.value})
        self.allowed = written if was_saved else self.allowed | written


class History(Struct):
    """What all lives of one client amount to."""

    own: dict[Place, Register] = {}
    written: dict[Place, set[str]] = {}
    """What anybody may write: all that this client ever wished for."""
    created: dict[str, bool] = {}
    """The flows that were made here, and whether that was called saved."""
    acked: set[str] = set()
    saved: int = 0


class Result(Struct, frozen=True):
    """What the service's own log says of an op."""

    status: str
    ver: int


class Log(Struct, frozen=True):
    """The service's folder, read when nobody runs it."""

    results: dict[str, Result]
    versions: dict[str, int]
    titles: dict[str, str]
    """The marks of chaos flows."""


def history_of(lives: Iterable[list[Told]]) -> History:
    found = History()
    for life in lives:
        saved = {each.n for each in life if isinstance(each, Saved)}
        found.saved += len(saved)
        for each in life:
            if isinstance(each, Acked):
                found.acked |= set(each.ops)
            elif isinstance(each, Wish):
                _take(found, each, was_saved=each.n in saved)
    return found


def _take(found: History, wish: Wish, *, was_saved: bool) -> None:
    if not wish.node:
        found.created[wish.flow] = was_saved
        _wrote(found, (wish.flow, "name"), wish.value)
        _wrote(found, (wish.flow, "description"), "")
    elif wish.node in FIELDS:
        _wrote(found, (wish.flow, wish.node), wish.value)
    else:
        place = wish.flow, wish.node
        found.own.setdefault(place, Register()).take(wish, was_saved=was_saved)


def _wrote(found: History, place: Place, value: str | None) -> None:
    found.written.setdefault(place, set()).add(value or "")


def log_of(database: Path) -> Log:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        results = {
            op_id: _result(status, kept)
            for op_id, status, kept in connection.execute(
                "SELECT op_id, status, result FROM op_result"
            )
        }
        flows = connection.execute("SELECT id, ver, data FROM entity WHERE type = 'flow'")
        versions, titles = {}, {}
        for flow, ver, data in flows:
            title = str(read(msgspec.json.decode(data), ("draft", "nodes", "start", "title")))
            if title.startswith(MARK):
                versions[flow], titles[flow] = ver, title
    return Log(results, versions, titles)


def _result(status: str, kept: bytes) -> Result:
    ver = msgspec.json.decode(kept)["result"].get("ver", 0)
    return Result(status, ver)


def faults(histories: list[History], reports: list[Report], log: Log) -> Iterator[str]:
    """Each thing that is not as promised, in a sentence; none when all is well."""
    yield from _differences(reports)
    yield from _lost_or_doubled_flows(histories, reports, log)
    flows = {key: msgspec.json.decode(raw, type=Document) for key, raw in reports[0].flows.items()}
    for history in histories:
        yield from _lost_edits(history, flows)
    yield from _unwritten(histories, flows)
    yield from _acknowledged(histories, log)
    yield from _effects(reports, log)


def _differences(reports: list[Report]) -> Iterator[str]:
    for who, report in enumerate(reports):
        yield from (f"{who}: {each}" for each in report.faults)
        if report.here != report.there:
            yield f"{who}: checksums differ: {report.here} here, {report.there} there"
        if report.flows.keys() != reports[0].flows.keys():
            yield f"{who}: other flows than the first"
        for flow, raw in report.flows.items():
            if msgspec.json.decode(raw) != msgspec.json.decode(reports[0].flows.get(flow, b"0")):
                yield f"{who}: flow {flow} differs from the first one's"
        yield from (f"{who}: {op.op_id} is {op.state}" for op in report.ops if op.state != "acked")


def _lost_or_doubled_flows(
    histories: list[History], reports: list[Report], log: Log
) -> Iterator[str]:
    wished = {flow for each in histories for flow in each.created}
    saved = {flow for each in histories for flow, was in each.created.items() if was}
    there = set(log.versions)
    yield from (f"flow {flow} was saved and is lost" for flow in saved - there)
    yield from (f"flow {flow} is nobody's" for flow in there - wished)
    if set(reports[0].flows) != there:
        yield "the service has other flows than the clients"
    doubled = [title for title, count in Counter(log.titles.values()).items() if count > 1]
    yield from (f"{title} was made twice" for title in doubled)


def _lost_edits(history: History, flows: dict[str, Document]) -> Iterator[str]:
    """Where one person writes alone, what was saved last stands there."""
    for (flow, node), register in history.own.items():
        stands = nodes_of(flows.get(flow, {})).get(node)
        title = stands.get("title") if isinstance(stands, dict) else None
        if title not in register.allowed:
            yield f"{node} of {flow} is {title!r}, not one of {register.allowed}"


def _unwritten(histories: list[History], flows: dict[str, Document]) -> Iterator[str]:
    """Where several write, one of them wrote what stands there; and nothing else is there."""
    written: defaultdict[Place, set[str]] = defaultdict(set)
    own: set[Place] = set()
    for history in histories:
        own |= set(history.own)
        for place, values in history.written.items():
            written[place] |= values
    for flow, data in flows.items():
        for field in FIELDS:
            if data[field] not in written[flow, field]:
                yield f"nobody wrote {data[field]!r} as {field} of {flow}"
        for node in nodes_of(data):
            if node != "start" and (flow, node) not in own:
                yield f"nobody made {node} of {flow}"


def _acknowledged(histories: list[History], log: Log) -> Iterator[str]:
    done = {op for op, result in log.results.items() if result.status in {"applied", "merged"}}
    for history in histories:
        yield from (f"{op} was acknowledged and is lost" for op in history.acked - done)


def _effects(reports: list[Report], log: Log) -> Iterator[str]:
    """Each version of a flow was made by an op, and each op made one."""
    made: defaultdict[str, list[int]] = defaultdict(list)
    known = {op.op_id: op.flow for report in reports for op in report.ops}
    for op_id, flow in known.items():
        result = log.results.get(op_id)
        if result is None:
            yield f"{op_id} is unknown to the service"
        else:
            made[flow].append(result.ver)
    for flow, ver in log.versions.items():
        if set(made[flow]) != set(range(1, ver + 1)):
            yield f"flow {flow} has {ver} versions, ops made {sorted(made[flow])}"
