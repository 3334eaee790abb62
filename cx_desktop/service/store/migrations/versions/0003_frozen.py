"""The drafts that timed publications froze."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of frozen drafts."""
    op.create_table(
        "frozen",
        sa.Column("timed_id", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("pins", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("timed_id", "object_id"),
    )
    op.create_index("frozen_object", "frozen", ["object_id"], unique=False)
