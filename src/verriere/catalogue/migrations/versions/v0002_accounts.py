"""Accounts, sessions of people who have logged in, failed logins."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

STRING = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "account",
        sa.Column("username", STRING, nullable=False),
        sa.Column("email", STRING, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("duty", STRING, nullable=False),
        sa.Column("language", STRING, nullable=False),
        sa.Column("password_hash", STRING, nullable=False),
        sa.PrimaryKeyConstraint("username"),
        sa.UniqueConstraint("email"),
    )
    op.create_table("login_failure", sa.Column("who", STRING, nullable=False), sa.Column("at", MOMENT, nullable=False))
    op.create_index("ix_login_failure_who_at", "login_failure", ["who", "at"])
    op.create_table(
        "web_session",
        sa.Column("token_hash", STRING, nullable=False),
        sa.Column("username", STRING, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_web_session_expires_at", "web_session", ["expires_at"])
    op.create_index("ix_web_session_username", "web_session", ["username"])
