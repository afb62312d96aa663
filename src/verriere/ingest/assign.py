"""Saying by hand which visit a dataset in quarantine is of."""

from collections.abc import Collection
from dataclasses import replace

from verriere.archive import Receipt, sidecar
from verriere.errors import InputInvalid
from verriere.ingest.holdings import Holdings
from verriere.ingest.match import instrument_names, normal, sample_meant
from verriere.model import Dataset, Finding, State
from verriere.policy import initial_state
from verriere.wording import refuse

ABOUT_THE_VISIT = "visit-"
"""How the codes of findings begin that say why there is no visit."""


def assign(holdings: Holdings, dataset_id: str, visit_id: str, *, by: str) -> Dataset:
    """Say which visit a dataset belongs to; the archive knows it before the catalogue.

    Said again, it changes nothing. The clock opens the dataset if its embargo is over.

    Parameters
    ----------
    by
        Username of the person who says so, for the history.

    Raises
    ------
    NotFound
        There is no such dataset or no such visit.
    InputInvalid
        The dataset is of another visit already.
    """
    catalogue = holdings.catalogue
    found, visit = catalogue.dataset(dataset_id), catalogue.visit(visit_id)
    if found.visit_id == visit_id:
        return found
    if found.state is not State.QUARANTINED:
        raise refuse(InputInvalid, "assigned-already", dataset=dataset_id, visit=found.visit_id)
    known = instrument_names(catalogue.instruments())
    names = [capture.sample.value for _, capture in found.captures if capture.sample]
    changed = replace(
        found,
        visit_id=visit_id,
        matched_by="person",
        candidates=(),
        instrument_id=found.instrument_id or visit.instrument_id,
        sample_id=sample_meant(catalogue.samples(proposal_id=visit.proposal_id), names),
        state=initial_state(catalogue.proposal(visit.proposal_id).research, visit),
        findings=tuple(each for each in found.findings if not _is_over(each, known)),
    )

    def record(receipt: Receipt) -> bytes:
        return sidecar.encode(replace(changed, revision=receipt.revision))

    now = holdings.now()
    revision = holdings.archive.put_sidecar(dataset_id, record, f"assigned to visit {visit_id}", created=now)
    changed = replace(changed, revision=revision)
    catalogue.transition([changed], event="assigned", now=now, by=by)
    holdings.journal()
    return changed


def _is_over(said: Finding, known: Collection[str]) -> bool:
    """Whether a finding speaks of what a person has decided, or of an instrument that has become known since."""
    if said.code == "instrument-unknown":
        return normal(said.details.get("value", "")) in known
    return said.code.startswith(ABOUT_THE_VISIT)
