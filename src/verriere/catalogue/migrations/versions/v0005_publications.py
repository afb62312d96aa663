"""DOIs, the outbox of their changes, collections."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

STRING = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "publication",
        sa.Column("doi", STRING, nullable=False),
        sa.Column("kind", STRING, nullable=False),
        sa.Column("subject_id", STRING, nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("concept", STRING, nullable=True),
        sa.Column("wanted", STRING, nullable=False),
        sa.Column("state", STRING, nullable=False),
        sa.Column("registrar", STRING, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("doi"),
    )
    op.create_index("ix_publication_concept", "publication", ["concept"])
    op.create_index("ix_publication_subject", "publication", ["kind", "subject_id", "version"])
    op.create_index("ix_publication_changed", "publication", ["changed_at", "doi"])
    op.create_table(
        "doi_change",
        sa.Column("doi", STRING, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("doi"),
    )
    op.create_index("ix_doi_change_next_at", "doi_change", ["next_at"])
    op.create_table(
        "collection",
        sa.Column("id", STRING, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "collection_dataset",
        sa.Column("collection_id", STRING, nullable=False),
        sa.Column("dataset_id", STRING, nullable=False),
        sa.PrimaryKeyConstraint("collection_id", "dataset_id"),
    )
    op.create_index("ix_collection_dataset_dataset_id", "collection_dataset", ["dataset_id"])
