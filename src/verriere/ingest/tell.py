"""Keeping what people say of a dataset where no file does."""

from collections.abc import Mapping
from dataclasses import replace

from verriere.archive import Receipt, sidecar
from verriere.errors import InputInvalid
from verriere.ingest.holdings import Holdings
from verriere.model import Dataset
from verriere.techniques import answers as reading
from verriere.techniques.complete import scored
from verriere.wording import describe


def tell(holdings: Holdings, dataset_id: str, answers: Mapping[str, str], *, by: str) -> Dataset:
    """Keep answers to what the profiles ask of a dataset, and score it again.

    The archive knows it before the catalogue. Said again, it changes nothing.

    Parameters
    ----------
    answers
        By the names of fields; an empty one takes an earlier answer back.
    by
        Username of the person who says so, for the history.

    Raises
    ------
    NotFound
        There is no such dataset.
    InputInvalid
        A field is not asked of it, or an answer cannot be so.
    """
    found = holdings.catalogue.dataset(dataset_id)
    told, troubles = reading.read(found, answers, holdings.profiles)
    if troubles:
        said = describe(troubles[0])
        raise InputInvalid(said.text, hint=said.fix)
    captures, score = scored(found.captures, told, holdings.profiles, sample=found.sample_id is not None)
    changed = replace(found, told=told, captures=captures, completeness=score)
    if changed == found:
        return found

    def record(receipt: Receipt) -> bytes:
        return sidecar.encode(replace(changed, revision=receipt.revision))

    now = holdings.now()
    revision = holdings.archive.put_sidecar(dataset_id, record, "described by its team", created=now)
    changed = replace(changed, revision=revision)
    holdings.catalogue.transition([changed], event="described", now=now, by=by)
    holdings.journal()
    return changed
