"""Shelves that know how many datasets they hold; what most questions are about stands beside the words.

What is searched is emptied here, and derived again from the records in the same transaction
(`verriere.catalogue.upgrade`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

STRING = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EMBARGOED = sa.text("state = 'embargoed'")
ENERGIES = ("energy_low", "energy_high", "wavelength_low", "wavelength_high")


def upgrade() -> None:
    """Count on shelves; index the datasets by shelf, by date and by visit only; a place for each document."""
    for name in ("dataset", "dataset_parameter", "dataset_text"):
        op.execute(f"DELETE FROM {name}")  # noqa: S608 - names of our own
    for name in ("due", "facets", "instrument", "newest", "visit_id"):
        op.drop_index(f"ix_dataset_{name}", "dataset")
    op.drop_column("dataset", "instrument_folded")
    op.create_index("ix_dataset_due", "dataset", ["opens_at"], sqlite_where=EMBARGOED, postgresql_where=EMBARGOED)
    op.create_index("ix_dataset_newest", "dataset", ["moment", "key", "state", "visit_id", "shelf", *ENERGIES])
    op.create_index("ix_dataset_shelf", "dataset", ["shelf", "moment", "key", "state", "visit_id", *ENERGIES])
    op.create_index("ix_dataset_visit_id", "dataset", ["visit_id", "state", "shelf", "moment", "key"])
    op.drop_table("technique_set")
    op.drop_table("shelf")
    op.create_table(
        "shelf",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", STRING, nullable=False),
        sa.Column("instrument", STRING, nullable=False),
        sa.Column("instrument_folded", STRING, nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("techniques", STRING, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.create_table(
            "dataset_place",
            sa.Column("dataset_key", KEY, autoincrement=False, nullable=False),
            *_place(),
            sa.PrimaryKeyConstraint("dataset_key"),
        )
        return
    for column in _place():
        op.add_column("dataset_text", column)


def _place() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("state", STRING, nullable=False),
        sa.Column("visit_id", STRING, nullable=True),
        sa.Column("shelf", sa.Integer(), nullable=False),
        sa.Column("moment", MOMENT, nullable=False),
    )
