"""Requests about embargoes, mails that wait, and what the catalogue was derived with."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

STRING = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "embargo_request",
        sa.Column("id", STRING, nullable=False),
        sa.Column("subject", STRING, nullable=False),
        sa.Column("state", STRING, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_embargo_request_subject", "embargo_request", ["subject"])
    op.create_index("ix_embargo_request_state", "embargo_request", ["state"])
    op.create_table(
        "mail",
        sa.Column("event", STRING, nullable=False),
        sa.Column("address", STRING, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", STRING, nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event"),
    )
    op.create_index("ix_mail_state", "mail", ["state"])
    op.create_table(
        "noted",
        sa.Column("name", STRING, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
