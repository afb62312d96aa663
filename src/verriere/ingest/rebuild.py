"""The catalogue again, from nothing but the archive."""

from verriere.archive import Archive, sidecar
from verriere.catalogue import Catalogue


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
    records = [sidecar.decode_any(archive.read_sidecar(object_id)) for object_id in archive.objects()]
    catalogue.restore(records, journal=archive.read_history())
    return len(records)
