"""A million recordings in a sealed cache, with notes on some of them; the same in a plain file."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random

import msgspec
from sqlalchemy import Connection

from cx_desktop.cache import Cache, Chunk, PutRow
from cx_desktop.cache.recordings import INDEXES, Applied, make_index
from cx_desktop.domain.recordings import delete_by
from cx_desktop.ports import RandomIds, SystemClock
from cx_desktop.protocol import PerProject, RecordingRow

ROWS, NOTES = 1_000_000, 20_000
KEY = bytes(range(32))
PROJECT = "01900000-0000-7000-8000-000000000001"
_AT_ONCE = 20_000
_DAYS = 170
_FIRST = (
    *("Anaïs", "Bruno", "Chloé", "Damien", "Émilie", "Farid", "Gaëlle", "Hugo", "Inès", "Julien"),
)
_LAST = ("Lefèvre", "Caron", "Marchand", "Roussel", "Faure", "Benali", "Perrin", "Lemaire")
_WORDS = [
    "le",
    "la",
    "les",
    "un",
    "une",
    "client",
    "cliente",
    "appelle",
    "rappelle",
    "demande",
    "commande",
    "livraison",
    "retard",
    "colis",
    "facture",
    "remboursement",
    "avoir",
    "produit",
    "canapé",
    "lampe",
    "table",
    "chaise",
    "abîmé",
    "cassé",
    "manquant",
    "échange",
    "garantie",
    "magasin",
    "rendez-vous",
    "technicien",
    "adresse",
    "téléphone",
    "courriel",
    "attente",
    "mécontent",
    "satisfait",
    "courtois",
    "pressé",
    "agent",
    "propose",
    "geste",
    "commercial",
    "accepte",
    "refuse",
    "vérifie",
    "dossier",
    "numéro",
    "suivi",
    "transporteur",
    "demain",
    "semaine",
    "prochaine",
    "confirmé",
    "annulé",
    "réclamation",
    "objection",
]
#: A word that one note in a thousand holds.
RARE = "prud’hommes"


def make(folder: Path) -> None:
    """Fill a cache as a first sync does, indexes and all; and a plain file with the same rows."""
    clock = SystemClock()
    cache = Cache.open(folder / "cache", KEY, clock=clock, ids=RandomIds(clock))
    stream = PerProject.RECORDINGS.of(PROJECT)
    rows = _rows(clock.now())
    while batch := list(islice(rows, _AT_ONCE)):
        _write(cache, partial(_load, stream, batch))
    for name in INDEXES:
        _write(cache, partial(make_index, name=name))
    _say(cache)
    cache.recording_list.prepare()
    with cache.sync._read() as connection:  # noqa: SLF001  (the peer wants the bare rows)
        found = connection.exec_driver_sql("SELECT * FROM recording").all()
    cache.close()
    _plain(folder / "plain.db", [tuple(row) for row in found])


def opened(folder: Path) -> Cache:
    """The cache that ``make`` made."""
    clock = SystemClock()
    return Cache.open(folder / "cache", KEY, clock=clock, ids=RandomIds(clock))


def _rows(now: datetime) -> Iterator[RecordingRow]:
    chance = Random(7)  # noqa: S311  (the same library each time, no secret)
    ids = RandomIds(SystemClock())
    queues = [ids.new() for _ in range(12)]
    flows = [ids.new() for _ in range(8)]
    agents = [(ids.new(), f"{first} {last}") for first in _FIRST for last in _LAST]
    lines = ["+33184800001", "+33184800002", "+33970000003"]
    begin = now.astimezone(UTC) - timedelta(days=_DAYS)
    for number in range(ROWS):
        at = begin + timedelta(seconds=number * _DAYS * 86_400 / ROWS)
        other = f"+33{chance.choice('1234567')}{chance.randrange(10**8):08d}"
        is_in = chance.random() < 0.8
        agent_id, agent_name = chance.choice(agents)
        ours = chance.choice(lines)
        time = f"{int(at.timestamp() * 1000):012x}"
        yield RecordingRow(
            id=f"{time[:8]}-{time[8:]}-7{number & 0xFFF:03x}-8000-{number:012x}",
            ver=1,
            seq=number + 1,
            started_at=at,
            duration=0 if chance.random() < 0.02 else int(20 + chance.expovariate(1 / 210)),
            direction="in" if is_in else "out",
            queue_id=chance.choice(queues) if is_in else None,
            agent_id=agent_id,
            agent_name=agent_name,
            caller=other if is_in else ours,
            called=ours if is_in else other,
            flow_id=chance.choice(flows) if is_in else None,
            size=1_000,
            blob=None,
            delete_by=delete_by(at.date()),
        )


def _load(stream: str, rows: list[RecordingRow], connection: Connection) -> None:
    Applied(connection, stream, 1).load(rows)


def _say(cache: Cache) -> None:
    """Notes, as long as people write them."""
    chance = Random(8)  # noqa: S311  (no secret)
    ids = RandomIds(SystemClock())
    with cache.sync._read() as connection:  # noqa: SLF001  (some of the rows)
        keys = connection.exec_driver_sql(
            f"SELECT hex(id) FROM recording WHERE rowid % {ROWS // NOTES} = 0"  # noqa: S608
        ).scalars()
        found = [str(key).lower() for key in keys]
    rows = []
    for number, sign in enumerate(found):
        words = [chance.choice(_WORDS) for _ in range(chance.randrange(8, 40))]
        if number % 1_000 == 0:
            words.insert(3, RARE)
        document = {
            "type": "note",
            "id": ids.new(),
            "project_id": PROJECT,
            "recording_id": "-".join((sign[:8], sign[8:12], sign[12:16], sign[16:20], sign[20:])),
            "text": " ".join(words),
        }
        data = msgspec.Raw(msgspec.json.encode(document))
        rows.append(PutRow(id=str(document["id"]), ver=1, seq=number + 1, data=data))
    cache.sync.adopt("bench")
    stream = PerProject.NOTES.of(PROJECT)
    cache.sync.apply_chunk(
        Chunk(stream=stream, since="", high_seq=len(rows), rows=tuple(rows), cursor="c0")
    )


def _write(cache: Cache, work: Callable[[Connection], object]) -> None:
    def both(connection: Connection) -> tuple[None, tuple[()]]:
        work(connection)
        return None, ()

    cache.sync._writer.do(both, is_edit=False)  # noqa: SLF001  (as the engine does)


def _plain(path: Path, rows: list[tuple[object, ...]]) -> None:
    connection = sqlite3.connect(path)
    names = (
        "id, project_id, ver, seq, gen, started_at, duration, direction, queue_id, agent_id, "
        "agent_name, caller, called, flow_id, size, blob, delete_by, held"
    )
    connection.execute(f"CREATE TABLE recording ({names})")
    marks = ", ".join("?" for _ in names.split(","))
    connection.executemany(f"INSERT INTO recording VALUES ({marks})", rows)  # noqa: S608
    connection.execute("CREATE INDEX by_time ON recording (started_at)")
    connection.commit()
    connection.close()
