"""The checksums of large streams, kept along; and files that are sent in parts."""

import hashlib
from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MODULUS = 1 << 64


def upgrade() -> None:
    """Make both tables, and reckon the checksums of what is there."""
    op.create_table(
        "checksum",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("suffix", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("sum", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "suffix"),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("user_id", "project_id", "sha256"),
    )
    _fill()


def _fill() -> None:
    connection = op.get_bind()
    rows: defaultdict[tuple[str, str], int] = defaultdict(int)
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    found = connection.exec_driver_sql(
        "SELECT stream, id, ver FROM entity WHERE stream GLOB '*:*' AND gone IS NULL"
    )
    for stream, entity_id, ver in found:
        place = (stream, entity_id[-2:])
        digest = hashlib.sha256(f"{entity_id}:{ver}".encode()).digest()
        rows[place] += 1
        sums[place] = (sums[place] + int.from_bytes(digest[:8])) % _MODULUS
    values = [(*place, rows[place], f"{sums[place]:016x}") for place in sorted(rows)]
    if values:
        connection.exec_driver_sql("INSERT INTO checksum VALUES (?, ?, ?, ?)", values)
