"""What recordings are found by, what was deleted, and what callers asked for."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_AT_ONCE = 10_000
_ROWS = "SELECT id, project_id, data FROM entity WHERE type = 'recording' AND gone IS NULL"


def upgrade() -> None:
    """Make the tables, and note what recordings there are."""
    op.create_table(
        "recording",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("recorded_on", sa.String(), nullable=False),
        sa.Column("delete_by", sa.String(), nullable=False),
        sa.Column("queue_id", sa.String(), nullable=True),
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("called", sa.String(), nullable=False),
        sa.Column("blob", sa.String(), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("reviewed_on", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    _fill()
    op.create_index("recording_due", "recording", ["project_id", "delete_by"])
    op.create_index("recording_blob", "recording", ["blob"])
    op.create_table(
        "purged",
        sa.Column("recording_id", sa.String(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("delete_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("audit_n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("recording_id"),
    )
    op.create_index("purged_proof", "purged", ["audit_n"])
    op.create_table(
        "rights_request",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("rights_request_number", "rights_request", ["project_id", "number"])
    op.create_index("audit_entity", "audit", ["entity_id", "n"])


def _fill() -> None:
    connection = op.get_bind()
    zones = {
        each: ZoneInfo(str(msgspec.json.decode(data).get("time_zone") or "Europe/Paris"))
        for each, data in connection.exec_driver_sql(
            "SELECT id, data FROM entity WHERE type = 'project' AND gone IS NULL"
        )
    }
    found = connection.exec_driver_sql(_ROWS)
    while batch := found.fetchmany(_AT_ONCE):
        connection.exec_driver_sql(
            "INSERT INTO recording VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, NULL)",
            list(_values(batch, zones)),
        )


def _values(
    batch: Sequence[sa.Row[*tuple[object, ...]]], zones: dict[str, ZoneInfo]
) -> Iterator[tuple[str | None, ...]]:
    for each in batch:
        known = msgspec.json.decode(bytes(each.data))
        began = datetime.fromisoformat(known["started_at"])
        yield (
            str(each.id),
            str(each.project_id),
            began.astimezone(zones.get(str(each.project_id))).date().isoformat(),
            known["delete_by"],
            known["queue_id"],
            known["caller"],
            known["called"],
            known["blob"],
        )
