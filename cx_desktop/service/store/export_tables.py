"""The tables of what is sent to servers of clients: where to, and what lies there."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from cx_desktop.service.store.tables import Instant, metadata

#: One destination per project; its password is sealed.
export = Table(
    "export",
    metadata,
    Column("project_id", String, primary_key=True),
    Column("ver", Integer, nullable=False),
    Column("destination", LargeBinary, nullable=False),
    Column("password", LargeBinary),
    Column("next_at", Instant),
    Column("last_at", Instant),
    Column("failures", Integer, nullable=False),
    Column("problem", String, nullable=False),
    Column("detail", String, nullable=False),
)

#: The calendar of REC-07: what was sent, until when it may be there, when it went, and the row of
#: the audit that vouches for it. A row is there before its file is, so that none is forgotten.
exported = Table(
    "exported",
    metadata,
    Column("recording_id", String, primary_key=True),
    Column("project_id", String, nullable=False),
    Column("path", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String, nullable=False),
    Column("delete_by", String, nullable=False),
    Column("sent_at", Instant),
    Column("gone_at", Instant),
    Column("audit_n", Integer),
    Index("exported_there", "project_id", "gone_at", "delete_by"),
)
