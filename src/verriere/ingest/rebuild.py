"""The catalogue again, from nothing but the archive."""

from verriere.archive import Archive, sidecar
from verriere.catalogue import Catalogue
from verriere.catalogue.beamtime import Beamtime
from verriere.model import Citation, Dataset


def restore(archive: Archive, catalogue: Catalogue) -> int:
    """Fill an empty catalogue with what the archive holds; returns the number of records.

    Raises
    ------
    RecordInvalid, RecordTooNew
        The archive holds a record that this package cannot read; nothing was changed.
    HistoryBroken
        The journal was tampered with; nothing was changed.
    """
    archive.heal()
    datasets, beamtimes, cited = list[Dataset](), list[Beamtime](), list[Citation]()
    for object_id in archive.objects():
        record = sidecar.decode_any(archive.read_sidecar(object_id))
        if isinstance(record, Dataset):
            datasets.append(record)
        elif isinstance(record, Citation):
            cited.append(record)
        else:
            beamtimes.append(record)
    catalogue.restore(beamtimes=beamtimes, found=datasets, cited=cited, journal=archive.read_history())
    return len(datasets) + len(beamtimes) + len(cited)
