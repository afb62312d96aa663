"""When each object of the archive was last read again, and how it was."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

STRING = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "fixity",
        sa.Column("object_id", STRING, nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("object_id"),
    )
    op.create_index("ix_fixity_due_at", "fixity", ["due_at"])
    damaged = sa.text("NOT whole")
    op.create_index("ix_fixity_damaged", "fixity", ["object_id"], sqlite_where=damaged, postgresql_where=damaged)
