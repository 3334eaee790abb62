"""The tables of recordings, beside the stream that clients read (``tables.py`` has the others)."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table

from cx_desktop.service.store.tables import Instant, metadata

#: What recordings are found by: those that are due, those of a caller, those that share a sound.
recording = Table(
    "recording",
    metadata,
    Column("id", String, primary_key=True),
    Column("project_id", String, nullable=False),
    Column("recorded_on", String, nullable=False),
    Column("delete_by", String, nullable=False),
    Column("queue_id", String),
    Column("caller", String, nullable=False),
    Column("called", String, nullable=False),
    Column("blob", String),
    Column("held", Boolean, nullable=False),
    Column("reviewed_on", String),
    Index("recording_due", "project_id", "delete_by"),
    Index("recording_blob", "blob"),
)

#: What was deleted when its time was over, and the row of the audit that vouches for it.
purged = Table(
    "purged",
    metadata,
    Column("recording_id", String, primary_key=True),
    Column("project_id", String, nullable=False),
    Column("delete_by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("audit_n", Integer, nullable=False),
    Index("purged_proof", "audit_n"),
)

#: What callers asked for: their number only as a keyed digest.
rights_request = Table(
    "rights_request",
    metadata,
    Column("id", String, primary_key=True),
    Column("project_id", String, nullable=False),
    Column("number", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Index("rights_request_number", "project_id", "number"),
)
