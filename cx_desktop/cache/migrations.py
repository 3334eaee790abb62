"""How the cache's tables came to be, step by step; a step that was released is never changed.

``PRAGMA user_version`` counts the steps taken. Each is one transaction together with its count, so
a crash in between leaves the step before. A cache that a newer program wrote is refused unharmed.
"""

from sqlalchemy import Connection

from cx_desktop.cache import recording_text
from cx_desktop.cache.transaction import transaction
from cx_desktop.domain.errors import CXError

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE entity (
            id BLOB NOT NULL PRIMARY KEY, type TEXT NOT NULL, stream TEXT NOT NULL,
            project_id BLOB, ver INTEGER NOT NULL, seq INTEGER NOT NULL, gen INTEGER NOT NULL,
            dirty INTEGER NOT NULL, data BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX entity_by_project ON entity (type, project_id)",
        """
        CREATE TABLE base_shadow (
            id BLOB NOT NULL PRIMARY KEY, ver INTEGER NOT NULL, seq INTEGER NOT NULL,
            gone INTEGER NOT NULL, data BLOB NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE outbox (
            n INTEGER PRIMARY KEY AUTOINCREMENT, op_id BLOB NOT NULL UNIQUE,
            entity TEXT NOT NULL, id BLOB NOT NULL, kind TEXT NOT NULL,
            base_ver INTEGER NOT NULL, body BLOB NOT NULL, after BLOB, supersedes BLOB,
            state TEXT NOT NULL, attempts INTEGER NOT NULL, at TEXT NOT NULL,
            seq INTEGER NOT NULL, problem BLOB
        ) STRICT
        """,
        "CREATE INDEX outbox_by_entity ON outbox (id, n)",
        "CREATE INDEX outbox_by_state ON outbox (state, n)",
        """
        CREATE TABLE conflict (
            op_id BLOB NOT NULL PRIMARY KEY, theirs BLOB, theirs_ver INTEGER NOT NULL,
            opened TEXT NOT NULL
        ) STRICT
        """,
        """
        CREATE TABLE stream (
            name TEXT NOT NULL PRIMARY KEY, cursor TEXT NOT NULL, resume TEXT NOT NULL,
            gen INTEGER NOT NULL, high_seq INTEGER NOT NULL, access_version TEXT NOT NULL,
            rows INTEGER NOT NULL, total INTEGER NOT NULL, last_ok TEXT
        ) STRICT
        """,
        """
        CREATE TABLE quarantine (
            stream TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, raw BLOB NOT NULL,
            error TEXT NOT NULL, PRIMARY KEY (stream, id)
        ) STRICT
        """,
        "CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT",
    ),
    (
        """
        CREATE INDEX revision_by_object ON entity (
            json_extract(CAST(data AS TEXT), '$.object_id'),
            json_extract(CAST(data AS TEXT), '$.number')
        ) WHERE type = 'revision'
        """,
    ),
    (
        """
        CREATE TABLE last_known (
            id BLOB NOT NULL PRIMARY KEY, entity TEXT NOT NULL, project_id BLOB,
            data BLOB NOT NULL, lost INTEGER NOT NULL, op_id BLOB, found TEXT NOT NULL
        ) STRICT
        """,
        "ALTER TABLE outbox ADD COLUMN offered_again INTEGER NOT NULL DEFAULT 0",
    ),
    (
        """
        CREATE TABLE recording (
            id BLOB NOT NULL PRIMARY KEY, project_id BLOB NOT NULL, ver INTEGER NOT NULL,
            seq INTEGER NOT NULL, gen INTEGER NOT NULL, started_at INTEGER NOT NULL,
            duration INTEGER NOT NULL, direction TEXT NOT NULL, queue_id BLOB, agent_id BLOB,
            agent_name TEXT NOT NULL, caller TEXT NOT NULL, called TEXT NOT NULL, flow_id BLOB,
            size INTEGER NOT NULL, blob TEXT, delete_by TEXT NOT NULL
        ) STRICT
        """,
    ),
    (
        """
        CREATE TABLE transfer (
            project_id TEXT NOT NULL, sha256 TEXT NOT NULL, way TEXT NOT NULL,
            location TEXT NOT NULL, done INTEGER NOT NULL, size INTEGER NOT NULL,
            failures INTEGER NOT NULL, problem TEXT NOT NULL,
            PRIMARY KEY (project_id, sha256, way)
        ) STRICT
        """,
    ),
    ("ALTER TABLE outbox ADD COLUMN grp BLOB",),
    (
        "ALTER TABLE conflict ADD COLUMN kept BLOB",
        "CREATE TABLE edit_base (id BLOB NOT NULL PRIMARY KEY, data BLOB NOT NULL) STRICT",
        """
        CREATE TABLE merge_finding (
            id BLOB NOT NULL, rule TEXT NOT NULL, place TEXT NOT NULL, data BLOB NOT NULL,
            who TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (id, rule, place)
        ) STRICT
        """,
    ),
    (
        """
        CREATE TABLE recording_sound (
            id BLOB NOT NULL PRIMARY KEY, project_id BLOB NOT NULL, name TEXT NOT NULL UNIQUE,
            key BLOB NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, ends INTEGER NOT NULL,
            problem TEXT NOT NULL
        ) STRICT
        """,
    ),
    ("ALTER TABLE recording ADD COLUMN held INTEGER NOT NULL DEFAULT 0",),
    recording_text.SCHEMA,
    (
        """
        CREATE TABLE offline_play (
            id BLOB NOT NULL PRIMARY KEY, project_id BLOB NOT NULL, recording BLOB NOT NULL,
            at TEXT NOT NULL, batch TEXT NOT NULL
        ) STRICT
        """,
    ),
)


def version_of(connection: Connection) -> int:
    """How many steps this file has taken."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def migrate(connection: Connection) -> None:
    """Bring the file to the newest step."""
    version = version_of(connection)
    connection.rollback()  # ends SQLAlchemy's own idea of a transaction
    if version > len(MIGRATIONS):
        raise CXError("problem.cache-newer", found=version, known=len(MIGRATIONS))
    for number, step in enumerate(MIGRATIONS[version:], start=version + 1):
        with transaction(connection):
            for statement in step:
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"PRAGMA user_version = {number}")
