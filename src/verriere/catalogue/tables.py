"""The tables, as SQLAlchemy Core knows them. `migrations` makes them; a test holds the two equal.

Three kinds: *records* (``record`` columns: canonical JSON of the model, from which everything can be shown),
*compact search columns* derived from them (`verriere.catalogue.derive`), and the history. A search never parses JSON.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Double,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)

metadata = MetaData()

String = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that both databases compare and sort by code point."""


Key = BigInteger().with_variant(Integer, "sqlite")
"""A number that is SQLite's own row number where it is the primary key: one step to a row instead of two."""


class Instant(TypeDecorator[datetime]):
    """A moment, kept in UTC; SQLite has no zone of its own."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite's text form leaves the zone out, so that it sorts."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """With its zone, whichever one the server's session has."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


instrument = Table(
    "instrument",
    metadata,
    Column("id", String, primary_key=True),
    Column("record", Text, nullable=False),
)

instrument_name = Table(
    "instrument_name",
    metadata,
    Column("folded", String, primary_key=True),
    Column("instrument_id", String, primary_key=True),
)

proposal = Table(
    "proposal",
    metadata,
    Column("id", String, primary_key=True),
    Column("research", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("record", Text, nullable=False),
)

visit = Table(
    "visit",
    metadata,
    Column("id", String, primary_key=True),
    Column("proposal_id", String, nullable=False, index=True),
    Column("instrument_id", String, nullable=False),
    Column("start_at", Instant, nullable=False),
    Column("end_at", Instant, nullable=False),
    Column("record", Text, nullable=False),
    Index("ix_visit_instrument_time", "instrument_id", "start_at", "end_at"),
)

sample = Table(
    "sample",
    metadata,
    Column("id", String, primary_key=True),
    Column("proposal_id", String, nullable=False, index=True),
    Column("record", Text, nullable=False),
)

plan = Table(
    "plan",
    metadata,
    Column("id", String, primary_key=True),
    Column("proposal_id", String, index=True),
    Column("record", Text, nullable=False),
)

survey = Table(
    "survey",
    metadata,
    Column("id", String, primary_key=True),
    Column("record", Text, nullable=False),
)

team = Table(
    "team",
    metadata,
    Column("person", String, primary_key=True),
    Column("visit_id", String, primary_key=True, index=True),
)
"""Who belongs to a visit, by its own members or its proposal's: what visibility asks."""

person_name = Table(
    "person_name",
    metadata,
    Column("folded", String, primary_key=True),
    Column("visit_id", String, primary_key=True, index=True),
)
"""The public names of a visit's team, folded, with a space at both ends: what ``person:`` asks."""

_EMBARGOED = "state = 'embargoed'"
_ENERGIES = ("energy_low", "energy_high", "wavelength_low", "wavelength_high")

dataset = Table(
    "dataset",
    metadata,
    # Given in the order of registration and never again; joins the search tables, and is no part of the dump.
    Column("key", Key, primary_key=True, autoincrement=False),
    Column("id", String, nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("source", String, nullable=False, index=True),
    Column("visit_id", String),
    Column("proposal_id", String, index=True),
    Column("sample_id", String, index=True),
    Column("instrument_id", String),
    Column("state", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("public_title", Text, nullable=False),
    Column("title_order", String, nullable=False),
    Column("instrument", String, nullable=False),
    Column("sample_folded", String, nullable=False),
    Column("techniques", String, nullable=False),
    Column("shelf", Integer, nullable=False),
    # In eV and m, over all that the dataset holds: what most people ask of numbers, without a second table.
    Column("energy_low", Double),
    Column("energy_high", Double),
    Column("wavelength_low", Double),
    Column("wavelength_high", Double),
    Column("start_at", Instant),
    Column("moment", Instant, nullable=False),
    Column("year", Integer),
    Column("opens_at", Instant),
    Column("opened_at", Instant),
    Column("fingerprint", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("files", Integer, nullable=False),
    Column("findings", Integer, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("plotted", Boolean, nullable=False),
    # None begins with the state: of four values, it narrows little, and SQLite would take such an index for anything.
    Index("ix_dataset_due", "opens_at", sqlite_where=text(_EMBARGOED), postgresql_where=text(_EMBARGOED)),
    # Each covers whatever is asked without words: a broad search is one pass over an index, not over the table.
    Index("ix_dataset_newest", "moment", "key", "state", "visit_id", "shelf", *_ENERGIES),
    Index("ix_dataset_shelf", "shelf", "moment", "key", "state", "visit_id", *_ENERGIES),
    Index("ix_dataset_visit_id", "visit_id", "state", "shelf", "moment", "key"),
)

dataset_record = Table(
    "dataset_record",
    metadata,
    Column("dataset_key", Key, primary_key=True, autoincrement=False),
    Column("record", Text, nullable=False),
)

technique = Table(
    "technique",
    metadata,
    Column("code", String, primary_key=True),
    Column("iri", String, nullable=False),
    Column("label", Text, nullable=False),
    Column("folded", String, nullable=False),
)

shelf = Table(
    "shelf",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("state", String, nullable=False),
    Column("instrument", String, nullable=False),
    Column("instrument_folded", String, nullable=False),
    Column("year", Integer),
    Column("techniques", String, nullable=False),
    Column("number", Integer, nullable=False),
)
"""What facets count by, each combination once, and the number of datasets that have it now.

Some thousands of rows, however many datasets: what is asked of nothing else is counted here, without looking at any.
"""

dataset_parameter = Table(
    "dataset_parameter",
    metadata,
    Column("dataset_key", Key, nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("minimum", Double),
    Column("maximum", Double),
    Column("folded", String, nullable=False),
    Index("ix_dataset_parameter_value", "name", "unit", "minimum", "maximum", "dataset_key"),
)
"""Numbers in base units (``unit`` as written where that is unknown), texts folded."""

publication = Table(
    "publication",
    metadata,
    Column("doi", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject_id", String, nullable=False),
    Column("version", Integer),
    Column("concept", String, index=True),
    Column("wanted", String, nullable=False),
    Column("state", String, nullable=False),
    Column("registrar", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("withdrawn_at", Instant),
    Column("changed_at", Instant, nullable=False),
    Column("record", Text, nullable=False),
    Index("ix_publication_subject", "kind", "subject_id", "version"),
    Index("ix_publication_changed", "changed_at", "doi"),
)
"""DOIs and what they stand for. ``changed_at`` is the datestamp of harvesters."""

harvest_payload = Table(
    "harvest_payload",
    metadata,
    Column("doi", String, primary_key=True),
    Column("prefix", String, primary_key=True),
    Column("changed_at", Instant, nullable=False),
    Column("maker", String, nullable=False),
    Column("payload", Text, nullable=False),
)
"""Records as harvesters are sent them, made once for each change of what they describe. No part of the dump: what is
missing is made again, and what is of another ``changed_at`` or another ``maker`` (version, settings) is not sent."""

usage_count = Table(
    "usage_count",
    metadata,
    Column("dataset_id", String, primary_key=True),
    Column("day", String, primary_key=True),
    Column("access", String, primary_key=True),
    Column("total_investigations", Integer, nullable=False),
    Column("unique_investigations", Integer, nullable=False),
    Column("total_requests", Integer, nullable=False),
    Column("unique_requests", Integer, nullable=False),
)
"""How often a dataset was looked at and downloaded on a day of the facility's calendar, by people and by programs."""

usage_seen = Table(
    "usage_seen",
    metadata,
    Column("who", String, primary_key=True),
    Column("dataset_id", String, primary_key=True),
    Column("target", String, primary_key=True),
    Column("last_at", Instant, nullable=False, index=True),
)
"""Who asked for what in this hour and the last: what double clicks and unique users are told by, and then forgotten."""

usage_salt = Table(
    "usage_salt",
    metadata,
    Column("day", String, primary_key=True),
    Column("salt", String, nullable=False),
)
"""What ``who`` is hashed with, for a day; with it goes the last way back to an address."""

doi_change = Table(
    "doi_change",
    metadata,
    Column("doi", String, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Instant, nullable=False, index=True),
    Column("trouble", Text, nullable=False),
)
"""The outbox: of which DOIs the registrar does not know the present yet. What is sent is made when it is sent."""

collection = Table(
    "collection",
    metadata,
    Column("id", String, primary_key=True),
    Column("record", Text, nullable=False),
)

collection_dataset = Table(
    "collection_dataset",
    metadata,
    Column("collection_id", String, primary_key=True),
    Column("dataset_id", String, primary_key=True, index=True),
)

history = Table(
    "history",
    metadata,
    Column("number", Key, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("event", String, nullable=False),
    Column("by", String, nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", String, nullable=False),
    Column("hash", String, nullable=False),
)

citation = Table(
    "citation",
    metadata,
    Column("id", String, primary_key=True),
    Column("normal", Text, nullable=False),
    Column("asked_at", Instant, nullable=False, index=True),
    Column("by", String, nullable=False, index=True),
    Column("record", Text, nullable=False),
)

embargo_request = Table(
    "embargo_request",
    metadata,
    Column("id", String, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("state", String, nullable=False, index=True),
    Column("asked_at", Instant, nullable=False),
    Column("record", Text, nullable=False),
)

mail = Table(
    "mail",
    metadata,
    # Of the event that it tells one person of: the same event makes no second mail.
    Column("event", String, primary_key=True),
    Column("address", String, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("written_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("trouble", Text, nullable=False),
)

_DAMAGED = "NOT whole"

fixity = Table(
    "fixity",
    metadata,
    Column("object_id", String, primary_key=True),
    Column("entered_at", Instant, nullable=False),
    Column("verified_at", Instant),
    Column("due_at", Instant, nullable=False, index=True),
    Column("whole", Boolean, nullable=False),
    Column("findings", Text, nullable=False),
    Index("ix_fixity_damaged", "object_id", sqlite_where=text(_DAMAGED), postgresql_where=text(_DAMAGED)),
)
"""When each object of the archive was last read again, and how it was. A catalogue made again begins anew with it."""

noted = Table(
    "noted",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What the catalogue was last derived with: the versions of the policy."""

account = Table(
    "account",
    metadata,
    Column("username", String, primary_key=True),
    Column("email", String, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("duty", String, nullable=False),
    Column("language", String, nullable=False),
    Column("password_hash", String, nullable=False),
)

web_session = Table(
    "web_session",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("username", String, nullable=False, index=True),
    Column("opened_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

login_failure = Table(
    "login_failure",
    metadata,
    Column("who", String, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_login_failure_who_at", "who", "at"),
)
