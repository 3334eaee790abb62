"""One person at a computer, as a process: edits a real profile with the real engine until it ends.

``python -m tests.chaos.driver <folder> <credentials> <ca> <name> <seed>``. It says what it is about
to do, what was saved, and which ops it has heard to be acknowledged, each in one write, so that a
kill cannot cut a line. On standard input it is told ``round`` (edit no more, and sync once) and
``report``.
"""

import os
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from queue import Empty, SimpleQueue
from random import Random

import msgspec
from msgspec import UNSET
from sqlalchemy import select

from cx_desktop.cache import Cache, Edit, Row
from cx_desktop.cache.entities import id_of
from cx_desktop.cache.tables import outbox
from cx_desktop.cli.headless import OpenProfile, profile_of
from cx_desktop.cli.signing_in import Who
from cx_desktop.domain.errors import CXError
from cx_desktop.domain.patch import Document, change, read
from cx_desktop.domain.patch import Path as Place
from cx_desktop.ports import RandomIds, SystemClock
from cx_desktop.protocol.digest import buckets
from cx_desktop.settings import resources
from cx_desktop.sync import SyncStatus
from cx_desktop.text import Catalogue, Language
from tests.chaos.telling import Acked, Open, Report, Round, Saved, SentOp, Stands, Told, Wish

#: The title of a chaos flow's start, by which it is told from the demo's own.
MARK = "chaos "
RECENT_FLOWS = 6
MOST_NODES = 60
LONGEST_PAUSE = 0.4
#: Exit codes: the profile cannot be opened now, and the session is over.
NOT_NOW, SIGNED_OUT = 3, 4
TEXTS = Catalogue(resources() / "text", Language.ENGLISH)
STREAMS = ("projects", "config", "flows", "revisions")


def say(told: Told) -> None:
    """One line, whole or not at all."""
    os.write(1, msgspec.json.encode(told) + b"\n")


class Person:
    """Somebody with a name who edits, decides conflicts, and forgets nothing between two lives."""

    def __init__(self, place: OpenProfile, name: str, seed: int) -> None:
        self._place = place
        self._name = name
        self._random = Random(f"{name} {seed}")  # noqa: S311  (repeatable habits)
        self._ids = RandomIds(SystemClock())
        self._life = self._ids.new()[9:]
        self._count = 0
        self._acked: set[str] = set()

    @property
    def cache(self) -> Cache:
        return self._place.cache

    def act(self) -> None:
        """One thing that people do."""
        if not self.cache.rows("number"):
            return  # the first sync is under way
        flows = self._flows()
        chance = self._random.random()
        if not flows or chance < 0.04:
            self._create()
        elif chance < 0.12:
            self._decide()
        elif chance < 0.3:
            self._write_what_anybody_writes(self._random.choice(flows))
        else:
            self._work_on_own_nodes(self._random.choice(flows))
        if self._count % 8 == 0:
            self.tell_what_is_acknowledged()

    def settle(self) -> int:
        """Take a side wherever one has to be taken; how much there is to do."""
        conflicts = self.cache.conflicts()
        for conflict in conflicts:
            self.cache.resolve(conflict.op_id, self._random.choice(("mine", "theirs")))
        return len(conflicts) + self.cache.unsent().count

    def tell_what_is_acknowledged(self) -> None:
        acked = {each.op_id for each in ops_of(self.cache) if each.state == "acked"}
        fresh, self._acked = acked - self._acked, acked
        if fresh:
            say(Acked(tuple(sorted(fresh))))

    def _flows(self) -> list[Row]:
        return sorted(chaos_flows(self.cache), key=lambda row: row.id)[-RECENT_FLOWS:]

    def _create(self) -> None:
        flow = self._ids.new()
        word = self._word()
        draft: Document = {
            "meta": {},
            "nodes": {"start": {"id": "start", "kind": "start", "title": f"{MARK}{word}"}},
            "links": {},
            "notes": {},
        }
        value: Document = {
            "type": "flow",
            "id": flow,
            "project_id": self._project(),
            "name": word,
            "description": "",
            "draft": draft,
        }
        self._made(Edit("flow", flow, value=value), Wish(self._count, flow, "", word))

    def _project(self) -> str:
        """The one that everybody here may see: it has the numbers."""
        projects = Counter(row.project_id or "" for row in self.cache.rows("number"))
        return projects.most_common(1)[0][0]

    def _decide(self) -> None:
        conflicts = self.cache.conflicts()
        if conflicts:
            which = self._random.choice(conflicts)
            self.cache.resolve(which.op_id, self._random.choice(("mine", "theirs")))

    def _write_what_anybody_writes(self, row: Row) -> None:
        field = self._random.choice(("name", "description"))
        self._changed(row, (field,), self._word(), field)

    def _work_on_own_nodes(self, row: Row) -> None:
        nodes = nodes_of(row.data)
        own = sorted(name for name in nodes if name.startswith(f"{self._name}_"))
        chance = self._random.random()
        if own and chance < 0.3:
            node = self._random.choice(own)
            self._changed(row, ("draft", "nodes", node, "title"), self._word(), node)
        elif own and (chance < 0.4 or len(nodes) > MOST_NODES):
            self._changed(row, ("draft", "nodes", own[0]), UNSET, own[0])
        else:
            node = f"{self._name}_{self._life}_{self._count}"
            value = {"id": node, "kind": "menu", "title": self._word(), "props": {}}
            self._changed(row, ("draft", "nodes", node), value, node)

    def _changed(self, row: Row, place: Place, value: object, where: str) -> None:
        title = read(value, ("title",)) if isinstance(value, dict) else value
        wish = Wish(self._count, row.id, where, None if value is UNSET else str(title))
        self._made(Edit("flow", row.id, changes=(change(row.data, place, value),)), wish)

    def _made(self, edit: Edit, wish: Wish) -> None:
        self._count += 1
        say(wish)
        self.cache.edit(edit)
        say(Saved(wish.n))

    def _word(self) -> str:
        return f"{self._name} {self._life} {self._count}"


def nodes_of(data: Document) -> dict[str, object]:
    found = read(data, ("draft", "nodes"))
    return found if isinstance(found, dict) else {}


def chaos_flows(cache: Cache) -> Iterator[Row]:
    for row in cache.rows("flow"):
        if str(read(row.data, ("draft", "nodes", "start", "title"))).startswith(MARK):
            yield row


def ops_of(cache: Cache) -> list[SentOp]:
    """Every op that the file knows of, also those long settled."""
    wanted = select(outbox.c.op_id, outbox.c.id, outbox.c.state).order_by(outbox.c.n)
    with cache._read() as connection:
        return [
            SentOp(id_of(op), id_of(key), str(state))
            for op, key, state in connection.execute(wanted)
        ]


def report(place: OpenProfile) -> Report:
    cache, client = place.cache, place.opened.client
    here: dict[str, Stands] = {}
    there: dict[str, Stands] = defaultdict(lambda: Stands(0, f"{0:016x}"))
    for stream in STREAMS:
        for each in buckets(cache.repairs.versions(stream), 0):
            here[stream] = Stands(each.rows, each.sum)
        for each in client.sync.digest(stream, 0).buckets:
            there[stream] = Stands(each.rows, each.sum)
    return Report(
        flows={row.id: msgspec.Raw(msgspec.json.encode(row.data)) for row in chaos_flows(cache)},
        ops=tuple(ops_of(cache)),
        faults=cache.sync.verify(),
        here=here,
        there=dict(there),
    )


def main(folder: str, credentials: str, ca: str, name: str, seed: str) -> None:
    orders: SimpleQueue[str] = SimpleQueue()
    listener = threading.Thread(target=_listen, args=[orders], daemon=True)
    listener.start()
    who = Who(credentials_file=Path(credentials), ca_file=Path(ca))
    with ExitStack() as leaving:
        try:
            place = leaving.enter_context(profile_of(Path(folder), who, TEXTS))
        except CXError as error:
            sys.stderr.write(f"{error.key}\n")
            sys.exit(NOT_NOW)
        say(Open())
        engine = place.engine(_ignore)
        engine.start()
        try:
            person = Person(place, name, int(seed))
            _live(person, orders, place)
            _end(person, orders, place, engine.sync_once)
        finally:
            engine.stop()


def _ignore(_status: SyncStatus) -> None:
    """What is said on the way is not asked for."""


def _listen(orders: "SimpleQueue[str]") -> None:
    for line in sys.stdin:
        orders.put(line.strip())
    os._exit(0)  # the run is over


def _live(person: Person, orders: "SimpleQueue[str]", place: OpenProfile) -> None:
    """Edit until the run's first order."""
    pauses = Random()  # noqa: S311  (how fast somebody types)
    while place.signed_out is None:
        person.act()
        try:
            orders.put(orders.get(timeout=LONGEST_PAUSE * pauses.random()))
        except Empty:
            continue
        return
    sys.exit(SIGNED_OUT)  # whoever starts us again signs in anew


Sync = Callable[[], SyncStatus]


def _end(person: Person, orders: "SimpleQueue[str]", place: OpenProfile, sync: Sync) -> None:
    while (order := orders.get()) == "round":
        if place.signed_out is not None:
            sys.exit(SIGNED_OUT)
        moved = person.settle()
        say(_round(sync, moved))
        person.tell_what_is_acknowledged()
    if order == "report":
        say(report(place))


def _round(sync: Sync, moved: int) -> Round:
    try:
        return Round("", sync().is_all_synced, moved)
    except CXError as error:
        return Round(error.key, is_all_synced=False, moved=moved)


if __name__ == "__main__":
    main(*sys.argv[1:])
