"""Cited queries; a fingerprint of each dataset's files, so that a result can be summed up without reading records."""

import json
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

STRING = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
_CHUNK = 1_000


def upgrade() -> None:
    """Make the table, add the column and fill it from the records."""
    op.create_table(
        "citation",
        sa.Column("id", STRING, nullable=False),
        sa.Column("normal", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("by", STRING, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_citation_asked_at", "citation", ["asked_at"])
    op.create_index("ix_citation_by", "citation", ["by"])
    # The default is only for the moment between the two steps; SQLite cannot take it away again without a copy.
    op.add_column("dataset", sa.Column("fingerprint", STRING, nullable=False, server_default=""))
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    read = sa.text(
        "SELECT dataset_key, record FROM dataset_record WHERE dataset_key > :last ORDER BY dataset_key LIMIT :most"
    )
    write = sa.text("UPDATE dataset SET fingerprint = :fingerprint WHERE key = :key")
    last = -1
    while rows := connection.execute(read, {"last": last, "most": _CHUNK}).all():
        connection.execute(write, [{"key": key, "fingerprint": _fingerprint(record)} for key, record in rows])
        last = rows[-1].dataset_key


def _fingerprint(record: str) -> str:
    files = json.loads(record)["content"].get("files", ())
    lines = sorted((file["path"], file["sha256"]) for file in files)
    text = "".join(f"{digest} {name}\n" for name, digest in lines)
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
