"""The tables of the cache. Entities hold their *effective* value: server state plus own edits.

Ids are UUIDv7 as 16 bytes; JSON is kept as the bytes that came. Changing a table means a new
migration in ``migrations.py``; a test compares the two.
"""

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    literal_column,
    text,
)

METADATA = MetaData()

#: What revisions are looked up by, spelled as in their index: SQLite uses it for no other words.
object_of_revision: ColumnElement[str] = literal_column(
    "json_extract(CAST(data AS TEXT), '$.object_id')", Text
)
number_of_revision: ColumnElement[int] = literal_column(
    "json_extract(CAST(data AS TEXT), '$.number')", Integer
)
is_revision = text("type = 'revision'")
#: The types of what is said of recordings, and which recording it is said of.
SAID = ("note", "labels", "evaluation")
recording_said: ColumnElement[str] = literal_column(
    "json_extract(CAST(data AS TEXT), '$.recording_id')", Text
)
is_said = text(f"type IN ({', '.join(map(repr, SAID))})")

entity = Table(
    "entity",
    METADATA,
    Column("id", LargeBinary, primary_key=True, nullable=False),
    Column("type", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("project_id", LargeBinary),
    Column("ver", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("gen", Integer, nullable=False),
    Column("dirty", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Index("entity_by_project", "type", "project_id"),
    Index("revision_by_object", object_of_revision, number_of_revision, sqlite_where=is_revision),
    Index("said_of_recording", recording_said, sqlite_where=is_said),
)

#: The service's last state of entities with unsettled edits; no row: the service never had it.
#: ``gone`` is 1 when the service has deleted it since.
base_shadow = Table(
    "base_shadow",
    METADATA,
    Column("id", LargeBinary, primary_key=True, nullable=False),
    Column("ver", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("gone", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

outbox = Table(
    "outbox",
    METADATA,
    Column("n", Integer, primary_key=True),
    Column("op_id", LargeBinary, nullable=False, unique=True),
    Column("entity", Text, nullable=False),
    Column("id", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("base_ver", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("after", LargeBinary),
    Column("supersedes", LargeBinary),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("problem", LargeBinary),
    Column("offered_again", Integer, nullable=False, server_default="0"),
    Column("grp", LargeBinary),
    Index("outbox_by_entity", "id", "n"),
    Index("outbox_by_state", "state", "n"),
    sqlite_autoincrement=True,
)

#: What the service had last said before it counted anew, of what waits again (``recovery.py``);
#: ``lost`` is 1 where only this computer still had it, ``op_id`` then the creation that offers it.
last_known = Table(
    "last_known",
    METADATA,
    Column("id", LargeBinary, primary_key=True, nullable=False),
    Column("entity", Text, nullable=False),
    Column("project_id", LargeBinary),
    Column("data", LargeBinary, nullable=False),
    Column("lost", Integer, nullable=False),
    Column("op_id", LargeBinary),
    Column("found", Text, nullable=False),
)

#: Recordings, which are only read here; indexes of lists are made later (``recordings.INDEXES``).
recording = Table(
    "recording",
    METADATA,
    Column("id", LargeBinary, primary_key=True, nullable=False),
    Column("project_id", LargeBinary, nullable=False),
    Column("ver", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("gen", Integer, nullable=False),
    Column("started_at", Integer, nullable=False),
    Column("duration", Integer, nullable=False),
    Column("direction", Text, nullable=False),
    Column("queue_id", LargeBinary),
    Column("agent_id", LargeBinary),
    Column("agent_name", Text, nullable=False),
    Column("caller", Text, nullable=False),
    Column("called", Text, nullable=False),
    Column("flow_id", LargeBinary),
    Column("size", Integer, nullable=False),
    Column("blob", Text),
    Column("delete_by", Text, nullable=False),
    Column("held", Integer, nullable=False),
)

#: Sounds of recordings that are wanted here, each with its own key, wrapped (``sounds.py``).
recording_sound = Table(
    "recording_sound",
    METADATA,
    Column("id", LargeBinary, primary_key=True, nullable=False),
    Column("project_id", LargeBinary, nullable=False),
    Column("name", Text, nullable=False, unique=True),
    Column("key", LargeBinary, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("ends", Integer, nullable=False),
    Column("problem", Text, nullable=False),
)

#: Recordings that were heard from here, until the service has written that down (``plays.py``).
offline_play = Table(
    "offline_play",
    METADATA,
    Column("id", LargeBinary, primary_key=True, nullable=False),
    Column("project_id", LargeBinary, nullable=False),
    Column("recording", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
    Column("batch", Text, nullable=False),
)

conflict = Table(
    "conflict",
    METADATA,
    Column("op_id", LargeBinary, primary_key=True, nullable=False),
    Column("theirs", LargeBinary),
    Column("theirs_ver", Integer, nullable=False),
    Column("opened", Text, nullable=False),
    Column("kept", LargeBinary),
)

#: What an entity's unsettled edits were made on, where ``base_shadow`` has moved on since.
edit_base = Table(
    "edit_base",
    METADATA,
    Column("id", LargeBinary, primary_key=True, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

#: What is wrong with an object only since two people's edits came together.
merge_finding = Table(
    "merge_finding",
    METADATA,
    Column("id", LargeBinary, primary_key=True, nullable=False),
    Column("rule", Text, primary_key=True, nullable=False),
    Column("place", Text, primary_key=True, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Text, nullable=False),
)

stream = Table(
    "stream",
    METADATA,
    Column("name", Text, primary_key=True, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("resume", Text, nullable=False),
    Column("gen", Integer, nullable=False),
    Column("high_seq", Integer, nullable=False),
    Column("access_version", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("last_ok", Text),
)

quarantine = Table(
    "quarantine",
    METADATA,
    Column("stream", Text, primary_key=True, nullable=False),
    Column("id", Text, primary_key=True, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("error", Text, nullable=False),
)

#: Files under way in parts, ``up`` or ``down``: how much is there, and what kept them from it.
transfer = Table(
    "transfer",
    METADATA,
    Column("project_id", Text, primary_key=True, nullable=False),
    Column("sha256", Text, primary_key=True, nullable=False),
    Column("way", Text, primary_key=True, nullable=False),
    Column("location", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("problem", Text, nullable=False),
)

meta = Table(
    "meta",
    METADATA,
    Column("key", Text, primary_key=True, nullable=False),
    Column("value", Text, nullable=False),
)
