"""``verriere doctor``: whether everything is as it should be."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from verriere.cli import output
from verriere.cli.options import InFacility, Json, folder, opened
from verriere.cli.shape import Command, noun
from verriere.errors import FacilityNotFound, VerriereError

if TYPE_CHECKING:
    from verriere.facility import Facility
    from verriere.settings import Settings

LIBRARIES = ("h5py", "hdf5plugin", "sqlalchemy", "dbos", "fastapi", "pydantic", "numpy", "blake3")
FILTERS = {"bitshuffle": 32008, "blosc": 32001, "blosc2": 32026, "lz4": 32004, "zstd": 32015}
"""Compressions that detectors write, by their number in The HDF Group's register of filters."""

LOW_ROOM = 0.05
LOW_ROOM_BYTES = 10_000_000_000

app = noun(
    examples="""\
        verriere doctor
        verriere --facility /srv/verriere doctor
        verriere doctor --json
        verriere doctor links                           whether all that belongs together says so
    """,
)


class Health(StrEnum):
    """How one thing is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, how it is, and what to do about it."""

    name: str
    health: Health
    says: str
    do: str = ""


@app.callback(invoke_without_command=True)
def doctor(ctx: typer.Context, facility: InFacility = None, json: Json = False) -> None:
    """Check the installation and the facility, and say what to do.

    The exit code is 1 where there is a problem. Reading every byte again is for `verriere verify`; whether all that
    belongs together says so is for `verriere doctor links`.
    """
    if ctx.invoked_subcommand is not None:
        return
    checks = [*_installation(), *_facility(facility)]
    if json:
        output.as_json(checks)
    else:
        output.table(("what", "is", "in words", "what to do"), [(c.name, c.health, c.says, c.do) for c in checks])
    if any(check.health is Health.PROBLEM for check in checks):
        raise typer.Exit(1)


@app.command(
    cls=Command,
    epilog="""\
        verriere doctor links
        verriere doctor links --json
    """,
)
def links(facility: InFacility = None, json: Json = False) -> None:
    """Check that all that belongs together says so from both ends.

    Proposals, visits, instruments, samples, datasets, collections, cited queries and DOIs; and what their public pages
    tell of each other. The exit code is 1 where a link leads one way only.
    """
    from verriere.publish.links import one_way

    with opened(facility) as open_facility:
        found = list(one_way(open_facility))
    if json:
        output.as_json(found)
    else:
        output.table(("from", "is or has", "to", "but"), [(e.source, e.relation, e.target, e.missing) for e in found])
    if found:
        raise typer.Exit(1)


def _installation() -> Iterator[Check]:
    import platform

    from verriere import __version__

    yield Check("verriere", Health.OK, f"{__version__} on Python {platform.python_version()}")
    for name in LIBRARIES:
        try:
            yield Check(name, Health.OK, version(name))
        except PackageNotFoundError:
            yield Check(name, Health.PROBLEM, "is not installed", "pip install verriere")
    yield _filters()
    yield _assets()


def _filters() -> Check:
    import h5py
    import hdf5plugin  # noqa: F401 - importing it is what makes HDF5 know the filters

    missing = [name for name, number in FILTERS.items() if not h5py.h5z.filter_avail(number)]
    if missing:
        return Check("HDF5 filters", Health.WARNING, f"cannot read {', '.join(missing)}", "pip install hdf5plugin")
    return Check("HDF5 filters", Health.OK, ", ".join(FILTERS))


_INSTALL = "pip install verriere; in a checkout: make setup"


def _assets() -> Check:
    from importlib.resources import files

    serve = files("verriere").joinpath("serve")
    built = serve.joinpath("static/built")
    if not built.is_dir() or not any(built.iterdir()):
        return Check("portal's assets", Health.PROBLEM, "were not built", _INSTALL)
    if not any(serve.joinpath("locales/fr/LC_MESSAGES").glob("*.mo")):  # type: ignore[attr-defined]
        return Check("portal's assets", Health.PROBLEM, "French was not compiled", _INSTALL)
    return Check("portal's assets", Health.OK, "style, scripts and French are there")


def _facility(named: Path | None) -> Iterator[Check]:
    from verriere.facility import Facility
    from verriere.settings import load

    try:
        where = folder(named)
    except FacilityNotFound as error:
        yield Check("facility", Health.WARNING, error.message, error.hint)
        return
    try:
        settings = load(where)
    except VerriereError as error:
        yield Check("settings", Health.PROBLEM, error.message, error.hint)
        return
    yield Check("settings", Health.OK, str(where / "verriere.toml"))
    yield _room(where / settings.archive.path)
    yield _cookies(settings)
    yield _address(settings)
    try:
        opened = Facility.open(where)
    except VerriereError as error:
        yield Check("database and archive", Health.PROBLEM, error.message, error.hint)
        return
    with opened:
        yield Check("database and archive", Health.OK, "open, and of this version")
        yield from _contents(opened)


def _room(archive: Path) -> Check:
    from shutil import disk_usage

    if not archive.is_dir():
        return Check("room", Health.PROBLEM, f"there is no folder {archive}", "is its disk mounted? see archive.path")
    usage = disk_usage(archive)
    says = f"{output.size(usage.free)} of {output.size(usage.total)} free"
    if usage.free < max(LOW_ROOM * usage.total, LOW_ROOM_BYTES):
        return Check("room", Health.WARNING, says, "make room before the next visit")
    return Check("room", Health.OK, says)


def _cookies(settings: "Settings") -> Check:
    serve = settings.serve
    if serve.public_url.startswith("https://") and not serve.secure_cookies:
        return Check("cookies", Health.WARNING, "are sent without TLS too", "set serve.secure_cookies = true")
    return Check("cookies", Health.OK, "over TLS only" if serve.secure_cookies else "for a portal without TLS")


def _dois(facility: "Facility") -> Check:
    from verriere.publish.registrar import registrar_called

    chosen = facility.settings.publish
    waits = facility.catalogue.waiting()
    if waits and any(each.attempts for each in waits):
        trouble = next(each.trouble for each in waits if each.attempts)
        return Check("DOIs", Health.WARNING, f"{len(waits)} wait: {trouble}", "verriere publish --waiting")
    if chosen.registrar == "offline":
        says = f"offline: kept as drafts under {chosen.prefix}, nobody else knows them"
        return Check("DOIs", Health.WARNING if facility.settings.serve.public_url else Health.OK, says, _CONNECT)
    try:
        registrar_called(chosen.registrar, facility.settings).close()
    except VerriereError as error:
        return Check("DOIs", Health.PROBLEM, error.message, error.hint)
    return Check("DOIs", Health.OK, f"{chosen.registrar}, prefix {chosen.prefix}, {len(waits)} to be told")


_CONNECT = "docs/publishing.md says how to connect DataCite"


def _address(settings: "Settings") -> Check:
    serve = settings.serve
    if serve.public_url:
        return Check("address", Health.OK, serve.public_url)
    if serve.host in {"127.0.0.1", "::1", "localhost"}:
        return Check("address", Health.OK, "of this machine alone")
    return Check("address", Health.WARNING, "citations name the machine's number", "set serve.public_url")


def _audits(facility: "Facility") -> Check:
    from verriere.stewardship import audit

    seen, days = audit.coverage(facility), facility.settings.archive.audit_days
    if seen.damaged:
        says = f"{output.number_of(seen.damaged, 'object')} damaged, first {facility.catalogue.damaged()[0].object_id}"
        return Check("fixity", Health.PROBLEM, says, "verriere verify --repair-from DIR; docs/retention.md")
    if seen.late:
        says = f"{output.number_of(seen.late, 'object')} not read again for more than {days} days"
        return Check("fixity", Health.WARNING, says, "let the portal run, or: verriere verify --due")
    return Check(
        "fixity", Health.OK, f"{seen.read} of {output.number_of(seen.objects, 'object')} read again, all whole"
    )


def _contents(facility: "Facility") -> Iterator[Check]:
    from verriere.model import Duty

    try:
        count = facility.catalogue.check_history(facility.archive.read_history())
        yield Check("history", Health.OK, f"{count} {'entry' if count == 1 else 'entries'}, none altered")
    except VerriereError as error:
        yield Check("history", Health.PROBLEM, error.message, error.hint)
    yield _dois(facility)
    yield _audits(facility)
    waiting = len(facility.catalogue.quarantined())
    if waiting:
        yield Check(
            "quarantine",
            Health.WARNING,
            f"{output.number_of(waiting, 'dataset')} without a visit",
            "verriere quarantine list",
        )
    else:
        yield Check("quarantine", Health.OK, "empty")
    yield _growth(facility)
    if any(account.duty is Duty.DATA_OFFICE for account in facility.catalogue.accounts()):
        yield Check("data office", Health.OK, "has an account")
    else:
        yield Check("data office", Health.WARNING, "has no account", "verriere user add NAME --email ... --data-office")


def _growth(facility: "Facility") -> Check:
    """Whether this year fills the disk before somebody can do something about it."""
    from shutil import disk_usage

    from verriere.stewardship import volumes

    now, days = facility.now(), facility.settings.volumes.warn_days
    usage = disk_usage(facility.archive.root)
    rows = volumes.rows(facility.catalogue.volumes_by_year(), facility.catalogue.surveys(), now)
    room = volumes.room(rows, usage.total, usage.free, now)
    if room.is_short(now, days):
        says = f"the archive is full about {room.full_at:%Y-%m-%d}, at {output.size(round(room.rate))} a day"
        return Check("growth", Health.WARNING, says, "add room, or move to a cold tier; see: verriere volumes")
    says = f"full about {room.full_at:%Y-%m-%d}" if room.full_at else "no end of the room in sight"
    return Check("growth", Health.OK, says)
