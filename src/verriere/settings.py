"""What a facility can choose, as one frozen tree.

Values come, the later winning, from the defaults here, from ``verriere.toml`` in the facility's folder, and from
environment variables (``VERRIERE_EMBARGO__YEARS=4``). `template` writes the commented file that ``verriere init``
leaves.
"""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from verriere import identifiers
from verriere.errors import FacilityNotFound, SettingsInvalid

FILE_NAME = "verriere.toml"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FacilitySettings(_Part):
    """Who the facility is."""

    name: str = Field("Verriere demo facility", description="Name shown on every page and in every citation")
    timezone: str = Field(
        "Europe/Paris", description="Zone of times written without one, and of the day an embargo ends"
    )
    publisher: str = Field("", description="Publisher in citations; the facility's name where empty")
    contact: str = Field("", description="Address that people can write to; shown on every page")
    ror: str = Field("", description="ROR of the facility, as https://ror.org/01ydb3330; publisher of what it has")

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is not a time zone such as Europe/Paris")
        return value

    @field_validator("ror")
    @classmethod
    def _identifies(cls, value: str) -> str:
        found = identifiers.ror(value) if value else ""
        if found is None:
            raise ValueError(f"{value!r} is no ROR: its form or its check digits are wrong")
        return found

    @property
    def zone(self) -> ZoneInfo:
        """The facility's time zone."""
        return ZoneInfo(self.timezone)


class DatabaseSettings(_Part):
    """Where the catalogue is remembered."""

    url: str = Field("", description="sqlite:///PATH or postgresql://...; empty: catalogue.db in the facility")


class ArchiveSettings(_Part):
    """Where the bytes are kept."""

    path: str = Field("archive", description="Folder of the archive, absolute or inside the facility")
    store: Literal["copy", "link", "in-place"] = Field("copy", description="How bytes enter the archive, unless told")
    audit_days: int = Field(
        90, ge=1, le=3650, description="Every object is read again and compared with its digests within so many days"
    )
    audit_gigabytes: float = Field(
        20.0, gt=0, description="What one round of reading again reads at most, if it is more than one object"
    )
    second_copy: str = Field(
        "", description="Folder of another copy of the archive; what is damaged is mended from there by itself"
    )


class PolicyVersion(_Part):
    """The data policy as it was before."""

    version: str = Field(description="Name of the version")
    since: date | None = Field(None, description="Visits that begin from this day on follow it; none: from the first")
    years: int = Field(ge=0, le=50, description="Years of exclusive use, from the end of the visit")
    extension_years: int = Field(1, ge=1, le=10, description="Years that one extension adds")
    extensions: int = Field(2, ge=0, le=10, description="Extensions that can be granted on request")


class EmbargoSettings(_Part):
    """The data policy."""

    version: str = Field("", description="Name of this version of the policy, for decisions that name it")
    since: date | None = Field(
        None, description="Visits that begin from this day on follow it; earlier ones follow [[embargo.earlier]]"
    )
    earlier: tuple[PolicyVersion, ...] = Field((), description="The policy as it was before, one part a version")
    years: int = Field(3, ge=0, le=50, description="Years of exclusive use, from the end of the visit")
    extension_years: int = Field(1, ge=1, le=10, description="Years that one extension adds")
    extensions: int = Field(2, ge=0, le=10, description="Extensions that can be granted on request")
    public_metadata: Literal["citation", "full"] = Field(
        "citation", description="What others see of an embargoed dataset: citation, or full (all metadata)"
    )
    open_to: Literal["anonymous", "registered"] = Field(
        "anonymous", description="Who may download what is open: anyone, or anyone who has logged in"
    )
    decides: Literal["data-office", "rule"] = Field(
        "data-office", description="Who decides on what the policy allows: the data office, or the rule at once"
    )
    notice_days: tuple[int, ...] = Field(
        (180, 60, 7), description="Days before the end at which the team is written to"
    )
    licence: str = Field("CC-BY-4.0", description="SPDX identifier of the licence of open data")

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        names = [self.version, *(each.version for each in self.earlier)]
        if self.earlier and (self.since is None or not all(names) or len(set(names)) < len(names)):
            raise ValueError("with earlier versions, this one needs since, and each a version of its own")
        return self


class PathRule(_Part):
    """Where a beamline writes, and how a path tells the visit."""

    instrument: str = Field(description="Identifier of the instrument")
    pattern: str = Field(description="Regular expression on the path, with a group named visit, proposal or both")


class MatchingSettings(_Part):
    """How a file finds its visit."""

    paths: tuple[PathRule, ...] = Field((), description="One rule for each way a beamline names its folders")
    slack_hours: float = Field(12.0, ge=0, description="Hours before and after a visit that still count as of it")


class IngestSettings(_Part):
    """How much ingest does at a time."""

    workers: int = Field(0, ge=0, description="Processes that read files; 0: as many as processors")
    batch: int = Field(64, ge=1, description="Datasets that are kept and registered together")
    settle_seconds: float = Field(
        60.0, ge=0, description="A file that a program has open waits while it was changed less than so long ago"
    )


class MailSettings(_Part):
    """Mails to people."""

    host: str = Field("", description="SMTP server; empty: no mails are sent, they wait")
    port: int = Field(25, ge=1, le=65535, description="Its port")
    security: Literal["none", "starttls", "tls"] = Field("none", description="Encryption of the connection")
    user: str = Field("", description="Who logs in there; empty: nobody has to")
    password: str = Field("", description="Better in the variable VERRIERE_MAIL__PASSWORD than in this file")
    sender: str = Field("", description="Address that mails come from; facility.contact where empty")
    language: Literal["en", "fr"] = Field("en", description="Language of mails to people without an account")


class ProfilesSettings(_Part):
    """What a complete record has."""

    folder: str = Field(
        "profiles", description="Folder of the facility's own technique profiles, absolute or inside the facility"
    )


class ServeSettings(_Part):
    """The portal."""

    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0: any free one")
    public_url: str = Field(
        "", description="Address people see and cite; needed where others than this machine use the portal"
    )
    session_hours: int = Field(12, ge=1, description="Hours until a person has to log in again")
    clock_seconds: float = Field(60.0, gt=0, description="Seconds between two looks at the embargoes that end")
    secure_cookies: bool = Field(False, description="Send cookies over HTTPS only: true behind TLS")


class PublishSettings(_Part):
    """DOIs; the password of the repository is only ever taken from the variable VERRIERE_DATACITE_PASSWORD."""

    registrar: Literal["offline", "datacite"] = Field(
        "offline", description="Who keeps the DOIs: datacite, or offline: drafts that nobody else knows"
    )
    prefix: str = Field(
        "10.5072", pattern=r"^10\.[0-9]{4,9}(\.[0-9]+)*$", description="Prefix of new DOIs; 10.5072 is for tests"
    )
    endpoint: str = Field(
        "https://api.datacite.org", description="Address of DataCite's API; https://api.test.datacite.org for trials"
    )
    repository: str = Field("", description="Identifier of the facility's repository at DataCite: ABCD.EFGH")
    timeout_seconds: float = Field(20.0, gt=0, description="Seconds until an answer of the registrar is waited for")
    reserve: Literal["start", "import", "never"] = Field(
        "start", description="When a visit gets its DOI, as a draft: when it starts, when it is imported, or never"
    )
    automatic: tuple[Literal["instrument", "visit", "sample", "dataset"], ...] = Field(
        (), description='What is published without being asked for, as soon as it may be known: ["visit", "dataset"]'
    )


class DmpSettings(_Part):
    """Data management plans."""

    templates: str = Field("", description="Folder of the facility's own modules of the template; see docs/plans.md")
    public: bool = Field(False, description="Whether anyone may read the plans of public research")


class VolumeSettings(_Part):
    """What is recorded, and what there is room for."""

    warn_days: int = Field(180, ge=0, description="Days before a disk is full from which on it is said")


class HarvestSettings(_Part):
    """What others collect from here: OAI-PMH."""

    domain: str = Field(
        "",
        pattern=r"^$|^[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+$",
        description="Name in the identifiers of records, never to be changed; that of the public address where empty",
    )


class _Environment(EnvSettingsSource):
    """Variables that name one value each.

    None can hold a whole part: ``VERRIERE_FACILITY`` is the folder of the facility, and not its settings.
    """

    def prepare_field_value(self, field_name: str, field: FieldInfo, value: Any, value_is_complex: bool) -> Any:
        """Value of a part, from the variables that name its values."""
        return super().prepare_field_value(field_name, field, None, value_is_complex)


class Settings(BaseSettings):
    """Everything a facility can choose."""

    model_config = SettingsConfigDict(
        env_prefix="VERRIERE_", env_nested_delimiter="__", frozen=True, extra="forbid", env_ignore_empty=True
    )

    facility: FacilitySettings = FacilitySettings()
    database: DatabaseSettings = DatabaseSettings()
    archive: ArchiveSettings = ArchiveSettings()
    embargo: EmbargoSettings = EmbargoSettings()
    matching: MatchingSettings = MatchingSettings()
    ingest: IngestSettings = IngestSettings()
    publish: PublishSettings = PublishSettings()
    harvest: HarvestSettings = HarvestSettings()
    mail: MailSettings = MailSettings()
    profiles: ProfilesSettings = ProfilesSettings()
    serve: ServeSettings = ServeSettings()
    dmp: DmpSettings = DmpSettings()
    volumes: VolumeSettings = VolumeSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let an environment variable win over the file."""
        return _Environment(settings_cls), init_settings


def load(folder: Path) -> Settings:
    """Read the settings of the facility in ``folder``.

    Raises
    ------
    FacilityNotFound
        There is no ``verriere.toml`` in the folder.
    SettingsInvalid
        The file is not TOML, or a value is not possible; the message names it.
    """
    path = folder / FILE_NAME
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FacilityNotFound(f"no facility in {folder}", hint=f"make one with: verriere init {folder}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"{path} cannot be read: {error}", hint="correct the file at that line") from error
    try:
        return Settings(**values)
    except SettingsError as error:
        raise SettingsInvalid(f"a variable VERRIERE_*: {error}", hint="lists are written as JSON") from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsInvalid(f"setting {name} in {path}: {first['msg']}", hint="see docs/settings.md") from error


def template(*, name: str, database: str = "") -> str:
    """Text of a new ``verriere.toml``: every setting with its meaning, the defaults commented out."""
    lines = [
        "# Settings of a Verriere facility. A line that is commented out shows the default.",
        "# An environment variable wins over this file: VERRIERE_EMBARGO__YEARS=4",
    ]
    chosen = {("facility", "name"): name, ("database", "url"): database}
    for part_name, part_field in Settings.model_fields.items():
        part = part_field.annotation
        assert isinstance(part, type)
        assert issubclass(part, _Part)
        lines += ["", f"# {(part.__doc__ or '').splitlines()[0]}", f"[{part_name}]"]
        for field_name, field in part.model_fields.items():
            value = chosen.get((part_name, field_name)) or field.default
            mark = "" if chosen.get((part_name, field_name)) else "# "
            # TOML has no form for "not set".
            said = f"{field_name}: not set" if value is None else f"{field_name} = {_toml(value)}"
            lines += [f"# {field.description}", mark + said]
    lines += [
        "",
        "# [[matching.paths]]",
        '# instrument = "SWING"',
        "# pattern = '/swing/(?P<visit>[0-9]{8})/'",
        "",
        "# [[embargo.earlier]]",
        '# version = "2018"',
        "# years = 5",
        "",
    ]
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return str(value)
