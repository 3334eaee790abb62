"""The tables of the service; ``migrations/`` builds the same ones and a test compares them."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, kept as whole microseconds since 1970: exact, and sorted as it reads."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002  (SQLAlchemy's signature)
        """To the database."""
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (SQLAlchemy's signature)
        """From the database."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


metadata = MetaData()

#: ``epoch``, and whatever else there is one of.
meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)

#: Numbers that only grow; ``seq`` is taken inside the writing transaction.
counter = Table(
    "counter",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Integer, nullable=False),
)

#: Everything that sync carries: one row per entity, its latest state, or its tombstone.
entity = Table(
    "entity",
    metadata,
    Column("id", String, primary_key=True),
    Column("type", String, nullable=False),
    Column("stream", String, nullable=False),
    Column("project_id", String, nullable=False),
    Column("ver", Integer, nullable=False),
    Column("seq", Integer, nullable=False, unique=True),
    Column("gone", String),
    Column("data", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    Index("entity_feed", "stream", "seq"),
    Index("entity_snapshot", "stream", "id"),
    Index("entity_list", "project_id", "type"),
)

#: The revisions of an object, by number.
revision_index = Table(
    "revision_index",
    metadata,
    Column("object_id", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False),
)

#: The drafts that a timed publication froze, until it is over.
frozen = Table(
    "frozen",
    metadata,
    Column("timed_id", String, primary_key=True),
    Column("object_id", String, primary_key=True),
    Column("project_id", String, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("pins", LargeBinary, nullable=False),
    Index("frozen_object", "object_id"),
)

#: The files that were sent for a project; their content lies in the folder ``blobs``.
blob = Table(
    "blob",
    metadata,
    Column("project_id", String, primary_key=True),
    Column("sha256", String, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Index("blob_content", "sha256"),
)

#: The checksums of large streams by the ends of ids, kept along with every change of their rows.
checksum = Table(
    "checksum",
    metadata,
    Column("stream", String, primary_key=True),
    Column("suffix", String, primary_key=True),
    Column("rows", Integer, nullable=False),
    Column("sum", String, nullable=False),
)

#: Files that are sent in parts, until they are whole; what came lies in the folder ``uploads``.
upload = Table(
    "upload",
    metadata,
    Column("id", String, primary_key=True),
    Column("user_id", String, nullable=False),
    Column("project_id", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("user_id", "project_id", "sha256"),
)

person = Table(
    "person",
    metadata,
    Column("id", String, primary_key=True),
    Column("username", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("language", String, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("totp_secret", LargeBinary),
    Column("vault_key", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
)

role_grant = Table(
    "role_grant",
    metadata,
    Column("user_id", String, primary_key=True),
    Column("role", String, primary_key=True),
    Column("project_id", String, primary_key=True),
)

device = Table(
    "device",
    metadata,
    Column("id", String, primary_key=True),
    Column("user_id", String, nullable=False),
    Column("name", String, nullable=False),
    Column("public_key", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("acked_upto", Integer, nullable=False),
)

#: What devices were told to do, each under the next number of its device; ``over_at`` ends it.
device_order = Table(
    "device_order",
    metadata,
    Column("id", String, primary_key=True),
    Column("device_id", String, nullable=False),
    Column("n", Integer, nullable=False),
    Column("act", String, nullable=False),
    Column("project_id", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("over_at", Instant),
    Column("outcome", String, nullable=False),
    UniqueConstraint("device_id", "n"),
)

#: The projects that a device was let see, and may hold data of.
device_project = Table(
    "device_project",
    metadata,
    Column("device_id", String, primary_key=True),
    Column("project_id", String, primary_key=True),
)

#: Edits that a device could not send any more, sealed to the key in ``escrow.key``.
escrow = Table(
    "escrow",
    metadata,
    Column("id", String, primary_key=True),
    Column("device_id", String, nullable=False),
    Column("order_id", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("package", LargeBinary, nullable=False),
    UniqueConstraint("device_id", "sha256"),
)

#: Challenges that a device has answered: the primary key is what makes each one good once.
used_proof = Table(
    "used_proof",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("expires_at", Instant, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("id", String, primary_key=True),
    Column("user_id", String, nullable=False),
    Column("device_id", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("reason", String),
)

refresh_token = Table(
    "refresh_token",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("session_id", String, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("successor", LargeBinary),
)

challenge = Table(
    "challenge",
    metadata,
    Column("id", String, primary_key=True),
    Column("user_id", String, nullable=False),
    Column("device", LargeBinary, nullable=False),
    Column("enrolment", LargeBinary),
    Column("expires_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
)

#: Steps whose code was used: the primary key is what makes each one good once.
totp_use = Table(
    "totp_use",
    metadata,
    Column("user_id", String, primary_key=True),
    Column("step", Integer, primary_key=True),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("user_id", String, primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
    Column("used_at", Instant),
)

invitation = Table(
    "invitation",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("grants", LargeBinary, nullable=False),
    Column("language", String, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

#: Failed sign-ins by account name or address, both as keyed digests.
failure = Table(
    "failure",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("locked_until", Instant),
)

step_up = Table(
    "step_up",
    metadata,
    Column("session_id", String, primary_key=True),
    Column("verb", String, primary_key=True),
    Column("until", Instant, nullable=False),
)

#: What became of each pushed op, written in the transaction of its effect.
op_result = Table(
    "op_result",
    metadata,
    Column("user_id", String, primary_key=True),
    Column("op_id", String, primary_key=True),
    Column("device_id", String, nullable=False),
    Column("n", Integer, nullable=False),
    Column("request_hash", LargeBinary, nullable=False),
    Column("status", String, nullable=False),
    Column("result", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("device_id", "n"),
)

#: Ops whose edit was offered again under another id: whatever comes late, they never apply.
superseded = Table(
    "superseded",
    metadata,
    Column("user_id", String, primary_key=True),
    Column("op_id", String, primary_key=True),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
)

idempotent_request = Table(
    "idempotent_request",
    metadata,
    Column("user_id", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("request_hash", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)

#: The hash chain: ``hash`` covers the row and the ``hash`` before it.
audit = Table(
    "audit",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who_id", String, nullable=False),
    Column("who_name", String, nullable=False),
    Column("verb", String, nullable=False),
    Column("entity", String, nullable=False),
    Column("entity_id", String, nullable=False),
    Column("project_id", String, nullable=False),
    Column("before", String, nullable=False),
    Column("after", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False),
    Index("audit_project", "project_id", "n"),
    Index("audit_entity", "entity_id", "n"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("day", String, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("hash", String, nullable=False),
    Column("signature", String, nullable=False),
)
