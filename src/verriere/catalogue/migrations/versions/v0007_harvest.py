"""Records for harvesters, counts of use, and what kind of access a proposal is."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

STRING = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; fill the column from the records."""
    op.create_table(
        "harvest_payload",
        sa.Column("doi", STRING, nullable=False),
        sa.Column("prefix", STRING, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("maker", STRING, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("doi", "prefix"),
    )
    op.create_table(
        "usage_count",
        sa.Column("dataset_id", STRING, nullable=False),
        sa.Column("day", STRING, nullable=False),
        sa.Column("access", STRING, nullable=False),
        sa.Column("total_investigations", sa.Integer(), nullable=False),
        sa.Column("unique_investigations", sa.Integer(), nullable=False),
        sa.Column("total_requests", sa.Integer(), nullable=False),
        sa.Column("unique_requests", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "day", "access"),
    )
    op.create_table(
        "usage_seen",
        sa.Column("who", STRING, nullable=False),
        sa.Column("dataset_id", STRING, nullable=False),
        sa.Column("target", STRING, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("who", "dataset_id", "target"),
    )
    op.create_index("ix_usage_seen_last_at", "usage_seen", ["last_at"])
    op.create_table(
        "usage_salt",
        sa.Column("day", STRING, nullable=False),
        sa.Column("salt", STRING, nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    # The default is only for the moment between the two steps; SQLite cannot take it away again without a copy.
    op.add_column("proposal", sa.Column("kind", STRING, nullable=False, server_default=""))
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    write = sa.text("UPDATE proposal SET kind = :kind WHERE id = :id")
    for identifier, record in connection.execute(sa.text("SELECT id, record FROM proposal")).all():
        kind = json.loads(record)["content"].get("kind", "")
        if kind:
            connection.execute(write, {"id": identifier, "kind": kind})
