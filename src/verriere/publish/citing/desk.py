"""Making citations, and finding again what they are of."""

from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from verriere.archive.sidecar import decode, encode
from verriere.errors import InputInvalid, NotFound
from verriere.ingest.holdings import Holdings
from verriere.model import ANONYMOUS, Citation, CitedDataset, Dataset, Finding, Selection, Viewer
from verriere.policy import Access
from verriere.publish.citing import parts
from verriere.wording import finding

MOST = 100_000
"""Datasets in one result: with more, a question is not a citation but the catalogue."""

_ID_BYTES = 10


class Change(StrEnum):
    """What became of a dataset since it was cited."""

    SAME = "same"
    NEWER = "newer-version"
    HIDDEN = "not-public"


@dataclass(frozen=True, slots=True)
class Member:
    """A dataset of a cited result, as this viewer may know of it now.

    Parameters
    ----------
    title
        Empty where it is not public any more.
    current
        Number of its newest version; None where it is not public any more.
    """

    id: str
    version: int
    title: str
    current: int | None
    change: Change


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation with one page of its result.

    Parameters
    ----------
    today
        How many datasets everybody finds with the same query now; None for a part.
    """

    citation: Citation
    members: tuple[Member, ...]
    total: int
    today: int | None


def cite_query(holdings: Holdings, text: str, *, by: str, title: str = "") -> Citation:
    """Cite what everybody finds with a query now.

    The same question with the same answer is the same citation, whoever asks and however it is written. It is of what
    is known to all: what only a team may know of is not in it, so that it says the same to every reader.

    Raises
    ------
    QueryInvalid
        The query cannot be parsed.
    InputInvalid
        It finds nothing, or more than `MOST` datasets.
    """
    normal, entry, found = holdings.catalogue.public_result(text, most=MOST)
    if not found:
        raise InputInvalid(
            "nobody finds anything with this query",
            hint="under embargo a dataset is found by title, team, beamline, technique and date alone",
        )
    if len(found) > MOST:
        raise InputInvalid(f"this query finds more than {MOST} datasets", hint="narrow it")
    checksum = checksum_of(found)
    cited = Citation(
        id=_identifier(normal, checksum),
        title=title,
        by=by,
        asked_at=holdings.now(),
        entry=entry,
        checksum=checksum,
        datasets=found,
        query=text,
        normal=normal,
    )
    return _keep(holdings, cited)


def cite_part(
    holdings: Holdings, dataset_id: str, *, path: str, slices: str, by: str, file: str = "", title: str = ""
) -> Citation:
    """Cite a range of an array in a file of a dataset: some frames of a scan.

    Parameters
    ----------
    file
        Path in the dataset; empty for the one that speaks for it.
    path
        HDF5 path of the array.
    slices
        As numpy writes them: ``0:100``, ``10:20,:,512``.

    Raises
    ------
    NotFound
        There is no such dataset, file or array, or nobody outside the facility may know of it.
    InputInvalid
        The slices do not fit the array.
    """
    dataset, level = holdings.catalogue.shown(dataset_id, ANONYMOUS)
    dataset = holdings.catalogue.dataset(dataset_id) if level < Access.DATA else dataset
    name = file or (dataset.captures[0][0] if dataset.captures else "")
    selection, digest = parts.take(holdings.archive, dataset, Selection(name, path, slices, "", ()))
    of = CitedDataset(dataset.id, dataset.version, dataset.fingerprint)
    checksum = checksum_of([of], digest)
    cited = Citation(
        id=_identifier(f"{dataset.id} {selection.file} {selection.path} {selection.slices}", checksum),
        title=title,
        by=by,
        asked_at=holdings.now(),
        entry=holdings.catalogue.last_entry(),
        checksum=checksum,
        datasets=(of,),
        selection=selection,
    )
    return _keep(holdings, cited)


def resolve(holdings: Holdings, identifier: str, viewer: Viewer, *, page: int = 1, size: int = 50) -> Cited:
    """A citation with part of its result, each dataset as ``viewer`` may know of it today.

    Raises
    ------
    NotFound
        There is no such citation.
    """
    cited = holdings.catalogue.citation(identifier)
    first = (page - 1) * size
    members = tuple(_member(holdings, each, viewer) for each in cited.datasets[first : first + size])
    today = holdings.catalogue.search(cited.normal, ANONYMOUS, size=1).total if cited.normal else None
    return Cited(_disclosed(holdings, cited, viewer), members, len(cited.datasets), today)


def verify(holdings: Holdings, identifier: str) -> tuple[Finding, ...]:
    """Whether a citation still gives what it gave: from the bytes' digests as the archive has them, version by version.

    The archive's own audit (`verriere.archive.Archive.verify`) holds the digests and the bytes together.

    Returns
    -------
    tuple of Finding
        Empty where the checksum is the same.
    """
    cited = holdings.catalogue.citation(identifier)
    now = holdings.catalogue.standing([each.id for each in cited.datasets])
    found: list[CitedDataset] = []
    trouble: list[Finding] = []
    for each in cited.datasets:
        there = now.get(each.id)
        if there is None or there.version != each.version:
            there = _earlier(holdings, each)
        if there is None:
            trouble.append(finding("citation-version-lost", each.id, version=each.version))
        elif there.digest != each.digest:
            trouble.append(finding("citation-data-differ", each.id, version=each.version))
        else:
            found.append(there)
    if trouble:
        return tuple(trouble)
    digest = ""
    if cited.selection is not None:
        dataset = version_of(holdings, cited.datasets[0].id, cited.datasets[0].version)
        _, digest = parts.take(holdings.archive, dataset, cited.selection)
    if checksum_of(found, digest) != cited.checksum:
        return (finding("citation-checksum", identifier),)
    return ()


def checksum_of(found: Iterable[CitedDataset], part: str = "") -> str:
    """SHA-256, in hexadecimal, over a result in its order: one line ``identifier version digest`` for each dataset.

    Parameters
    ----------
    part
        Digest of the values that a selection takes; a last line.
    """
    whole = sha256()
    for each in found:
        whole.update(f"{each.id} {each.version} {each.digest}\n".encode())
    if part:
        whole.update(f"{part}\n".encode())
    return whole.hexdigest()


def version_of(holdings: Holdings, dataset_id: str, version: int) -> Dataset:
    """The record of a dataset as it last was in a version of its data.

    Raises
    ------
    NotFound
        The archive holds no such version.
    """
    for revision in range(holdings.archive.revision(dataset_id), 0, -1):
        record = decode(Dataset, holdings.archive.read_sidecar(dataset_id, revision))
        if record.version == version:
            return replace(record, revision=revision)
        if record.version < version:
            break
    raise NotFound(f"dataset {dataset_id} has no version {version}", hint=f"verriere show {dataset_id}")


def _keep(holdings: Holdings, cited: Citation) -> Citation:
    """Into the archive first: what only the archive has, the same question asked again enters."""
    name = f"citation:{cited.id}"
    if holdings.archive.exists(name):
        cited = decode(Citation, holdings.archive.read_sidecar(name))
    else:
        holdings.archive.put(name, [], encode(cited), message="cited", created=cited.asked_at)
    holdings.catalogue.put_citation(cited, now=cited.asked_at)
    holdings.journal()
    return cited


def _identifier(asked: str, checksum: str) -> str:
    digest = sha256(f"{asked}\n{checksum}".encode()).digest()[:_ID_BYTES]
    return b32encode(digest).decode().lower()


def _member(holdings: Holdings, of: CitedDataset, viewer: Viewer) -> Member:
    try:
        dataset, _ = holdings.catalogue.shown(of.id, viewer)
    except NotFound:
        return Member(of.id, of.version, "", None, Change.HIDDEN)
    change = Change.SAME if dataset.version == of.version else Change.NEWER
    return Member(of.id, of.version, dataset.title, dataset.version, change)


def _disclosed(holdings: Holdings, cited: Citation, viewer: Viewer) -> Citation:
    """Without the names of file and array, where the viewer may not know of files."""
    if cited.selection is None or holdings.catalogue.access(cited.datasets[0].id, viewer) >= Access.DATA:
        return cited
    return replace(cited, selection=replace(cited.selection, file="", path=""))


def _earlier(holdings: Holdings, each: CitedDataset) -> CitedDataset | None:
    try:
        return CitedDataset(each.id, each.version, version_of(holdings, each.id, each.version).fingerprint)
    except NotFound:
        return None
