"""All that one file says of itself."""

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from verriere.model import Capture, Scan
from verriere.nexus import checks, fields, reading, times
from verriere.nexus.detectors import find_detectors
from verriere.nexus.limits import Limits
from verriere.nexus.opening import open_safely
from verriere.nexus.parameters import find_parameters
from verriere.nexus.people import find_personal, find_users
from verriere.nexus.places import Places
from verriere.nexus.signals import default_of, find_signals
from verriere.nexus.text import is_missing, tidy
from verriere.nexus.walk import Node, NotReadable, Tree
from verriere.wording import finding

_MOST_SCANS = 1000


def capture(path: Path, *, allowed: Collection[Path] = (), name: str = "", limits: Limits | None = None) -> Capture:
    """Read all that a file says of itself, except its techniques.

    Parameters
    ----------
    path
        The file; anything at all.
    allowed
        Other files of the same dataset, where links may lead.
    name
        What findings call the file; its own name where empty.
    limits
        How much of it is looked at.

    Returns
    -------
    Capture
        With ``techniques`` empty: `verriere.techniques.identify` fills them. Whatever is in the file, nothing is
        raised: what is wrong is in ``findings``.
    """
    try:
        with open_safely(path, allowed=allowed, limits=limits, name=name) as tree:
            return capture_tree(tree)
    except NotReadable as error:
        return _not_readable(path, name or path.name, str(error))


def capture_tree(tree: Tree) -> Capture:
    """The same for a file that is open already."""
    places = Places(tree)
    instrument = fields.instrument(places)
    energy, wavelength = fields.complete(
        places, fields.quantity(places, fields.ENERGY), fields.quantity(places, fields.WAVELENGTH)
    )
    signals = find_signals(places)
    users = find_users(places)
    personal = find_personal(tree, users)
    parts = Capture(
        format=_format(places),
        dialect=places.dialects[0].name if places.dialects else "generic",
        kind=_kind(places),
        title=fields.title(places),
        start_time=fields.time(places, "start_time"),
        end_time=fields.time(places, "end_time"),
        instrument=instrument,
        facility=fields.facility(places, instrument),
        sample=fields.sample(places),
        experiment_identifier=fields.experiment_identifier(places),
        energy=energy,
        wavelength=wavelength,
        detectors=find_detectors(places),
        signal=signals[0] if signals else None,
        signals=signals,
        users=users,
        scans=_scans(places),
        parameters=find_parameters(tree, personal),
        identifiers=fields.identifiers(places),
        personal_paths=personal,
        companions=tuple(dict.fromkeys(link.file for link in tree.links if link.kind != "soft" and link.file != ".")),
    )
    checks.check(places, parts)
    return _with_findings(parts, tree)


def _with_findings(parts: Capture, tree: Tree) -> Capture:
    return replace(parts, findings=tuple(tree.findings))


def _not_readable(path: Path, name: str, why: str) -> Capture:
    """What is no HDF5, or no longer is: the first bytes tell the one from the other."""
    if not _begins_as_hdf5(path):
        return Capture(format="other", findings=(finding("not-hdf5", file=name),))
    return Capture(format="other", findings=(finding("hdf5-damaged", file=name, reason=why),))


def _begins_as_hdf5(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(8) == b"\x89HDF\r\n\x1a\n"
    except OSError:
        return False


def _format(places: Places) -> str:
    if any(node.role == "NXentry" and node.nx_class.startswith("NX") for node in places.tree.nodes) or any(
        node.role == "NXsubentry" and node.nx_class for node in places.tree.nodes
    ):
        return "nexus"
    return "data-exchange" if any(dialect.name == "data-exchange" for dialect in places.dialects) else "hdf5"


def _kind(places: Places) -> str:
    """``reduced``: curves made from frames; ``processed``: anything else that a program made; else ``raw``."""
    definitions = " ".join(place.text() for place in places.at("NXentry/definition"))
    if re.search(r"nxcansas|reduced", definitions, re.IGNORECASE) or any(places.at("NXentry/NXdata@canSAS_class")):
        return "reduced"
    if any(node.role == "NXprocess" for node in places.tree.nodes) or re.search(r"NX\w*proc\b", definitions):
        return "processed"
    return "raw"


def _scans(places: Places) -> tuple[Scan, ...]:
    entries = places.groups("NXentry")
    if len(entries) > _MOST_SCANS:
        places.tree.note("too-many-scans", count=len(entries), limit=_MOST_SCANS)
    return tuple(_scan(entry) for entry in entries[:_MOST_SCANS])


def _scan(entry: Node) -> Scan:
    return Scan(
        path=entry.path,
        definition=_said(entry, "definition"),
        title=_said(entry, "title"),
        start_time=_moment(entry, "start_time"),
        end_time=_moment(entry, "end_time"),
        command=_said(entry, "scan_command") or _said(entry, "command"),
        signal=default_of(entry),
    )


def _said(entry: Node, name: str) -> str | None:
    text = tidy(reading.text(entry.child(name)))[:500]
    return None if is_missing(text) else text


def _moment(entry: Node, name: str) -> str | None:
    moment = times.parse(tidy(reading.text(entry.child(name))))
    return None if moment is None else times.iso(moment)
