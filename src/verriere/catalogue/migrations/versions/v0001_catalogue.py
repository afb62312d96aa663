"""The catalogue: records, search tables, history."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

STRING = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, the full-text index of each database, and the guards of the history."""
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _tables() -> None:
    op.create_table(
        "dataset",
        sa.Column("key", KEY, autoincrement=False, nullable=False),
        sa.Column("id", STRING, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source", STRING, nullable=False),
        sa.Column("visit_id", STRING, nullable=True),
        sa.Column("proposal_id", STRING, nullable=True),
        sa.Column("sample_id", STRING, nullable=True),
        sa.Column("instrument_id", STRING, nullable=True),
        sa.Column("state", STRING, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("public_title", sa.Text(), nullable=False),
        sa.Column("title_order", STRING, nullable=False),
        sa.Column("instrument", STRING, nullable=False),
        sa.Column("instrument_folded", STRING, nullable=False),
        sa.Column("sample_folded", STRING, nullable=False),
        sa.Column("techniques", STRING, nullable=False),
        sa.Column("shelf", sa.Integer(), nullable=False),
        sa.Column("energy_low", sa.Double(), nullable=True),
        sa.Column("energy_high", sa.Double(), nullable=True),
        sa.Column("wavelength_low", sa.Double(), nullable=True),
        sa.Column("wavelength_high", sa.Double(), nullable=True),
        sa.Column("start_at", MOMENT, nullable=True),
        sa.Column("moment", MOMENT, nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("opens_at", MOMENT, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("plotted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("ix_dataset_due", "dataset", ["state", "opens_at"])
    op.create_index(
        "ix_dataset_facets",
        "dataset",
        [
            "state",
            "shelf",
            "year",
            "techniques",
            "visit_id",
            "moment",
            "instrument_folded",
            "energy_low",
            "energy_high",
            "wavelength_low",
            "wavelength_high",
        ],
    )
    op.create_index(
        "ix_dataset_instrument",
        "dataset",
        [
            "instrument_folded",
            "moment",
            "key",
            "state",
            "visit_id",
            "shelf",
            "year",
            "techniques",
            "energy_low",
            "energy_high",
            "wavelength_low",
            "wavelength_high",
        ],
    )
    op.create_index(
        "ix_dataset_newest",
        "dataset",
        [
            "moment",
            "key",
            "state",
            "visit_id",
            "shelf",
            "year",
            "techniques",
            "energy_low",
            "energy_high",
            "wavelength_low",
            "wavelength_high",
        ],
    )
    op.create_index("ix_dataset_proposal_id", "dataset", ["proposal_id"])
    op.create_index("ix_dataset_sample_id", "dataset", ["sample_id"])
    op.create_index("ix_dataset_source", "dataset", ["source"])
    op.create_index("ix_dataset_visit_id", "dataset", ["visit_id"])
    op.create_table(
        "dataset_parameter",
        sa.Column("dataset_key", KEY, nullable=False),
        sa.Column("name", STRING, nullable=False),
        sa.Column("unit", STRING, nullable=False),
        sa.Column("minimum", sa.Double(), nullable=True),
        sa.Column("maximum", sa.Double(), nullable=True),
        sa.Column("folded", STRING, nullable=False),
    )
    op.create_index("ix_dataset_parameter_dataset_key", "dataset_parameter", ["dataset_key"])
    op.create_index(
        "ix_dataset_parameter_value", "dataset_parameter", ["name", "unit", "minimum", "maximum", "dataset_key"]
    )
    op.create_table(
        "dataset_record",
        sa.Column("dataset_key", KEY, autoincrement=False, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dataset_key"),
    )
    op.create_table(
        "history",
        sa.Column("number", KEY, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("subject", STRING, nullable=False),
        sa.Column("event", STRING, nullable=False),
        sa.Column("by", STRING, nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", STRING, nullable=False),
        sa.Column("hash", STRING, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_history_subject", "history", ["subject"])
    op.create_table(
        "instrument",
        sa.Column("id", STRING, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "instrument_name",
        sa.Column("folded", STRING, nullable=False),
        sa.Column("instrument_id", STRING, nullable=False),
        sa.PrimaryKeyConstraint("folded", "instrument_id"),
    )
    op.create_table(
        "person_name",
        sa.Column("folded", STRING, nullable=False),
        sa.Column("visit_id", STRING, nullable=False),
        sa.PrimaryKeyConstraint("folded", "visit_id"),
    )
    op.create_index("ix_person_name_visit_id", "person_name", ["visit_id"])
    op.create_table(
        "proposal",
        sa.Column("id", STRING, nullable=False),
        sa.Column("research", STRING, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "sample",
        sa.Column("id", STRING, nullable=False),
        sa.Column("proposal_id", STRING, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "shelf",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", STRING, nullable=False),
        sa.Column("instrument", STRING, nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("techniques", STRING, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_sample_proposal_id", "sample", ["proposal_id"])
    op.create_table(
        "team",
        sa.Column("person", STRING, nullable=False),
        sa.Column("visit_id", STRING, nullable=False),
        sa.PrimaryKeyConstraint("person", "visit_id"),
    )
    op.create_index("ix_team_visit_id", "team", ["visit_id"])
    op.create_table(
        "technique",
        sa.Column("code", STRING, nullable=False),
        sa.Column("iri", STRING, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("folded", STRING, nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "technique_set", sa.Column("techniques", STRING, nullable=False), sa.PrimaryKeyConstraint("techniques")
    )
    op.create_table(
        "visit",
        sa.Column("id", STRING, nullable=False),
        sa.Column("proposal_id", STRING, nullable=False),
        sa.Column("instrument_id", STRING, nullable=False),
        sa.Column("start_at", MOMENT, nullable=False),
        sa.Column("end_at", MOMENT, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_visit_instrument_time", "visit", ["instrument_id", "start_at", "end_at"])
    op.create_index("ix_visit_proposal_id", "visit", ["proposal_id"])


def _sqlite() -> None:
    # Words come folded and cut by verriere.catalogue.fold; the tokenizer only has to split at spaces.
    op.execute(
        "CREATE VIRTUAL TABLE dataset_text USING fts5(title, citation, metadata, data,"
        " tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3')"
    )
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER history_no_{change.lower()} BEFORE {change} ON history"
            " BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END"
        )


def _postgresql() -> None:
    op.execute("CREATE TABLE dataset_text (dataset_key bigint PRIMARY KEY, document tsvector NOT NULL)")
    op.execute("CREATE INDEX ix_dataset_text_document ON dataset_text USING gin (document)")
    op.execute(
        "CREATE FUNCTION history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the history is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER history_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON history"
        " FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only()"
    )
