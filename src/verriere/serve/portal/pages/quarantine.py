"""The facts of the data office's page: what has no visit yet, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from verriere.model import Dataset, Visit
from verriere.serve.caller import Caller
from verriere.serve.portal.pages.dataset import all_findings
from verriere.serve.portal.pages.rows import FindingRow, Pager, cut, finding_row, pager

SIZE = 20
SHOWN_FINDINGS = 3


@dataclass(frozen=True, slots=True)
class VisitOption:
    """A visit that can be chosen."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """A dataset whose visit nobody knows."""

    id: str
    title: str
    url: str
    source: str
    facts: str
    findings: tuple[FindingRow, ...]
    candidates: tuple[str, ...]
    action: str


@dataclass(frozen=True, slots=True)
class QuarantinePage:
    """What ``quarantine.html`` shows; ``done`` or ``trouble`` is what became of the last form."""

    rows: tuple[QuarantineRow, ...]
    visits: tuple[VisitOption, ...]
    pager: Pager
    done: str = ""
    trouble: str = ""


def quarantine_page(
    caller: Caller,
    datasets: Sequence[Dataset],
    visits: Sequence[Visit],
    number: int,
    *,
    done: str = "",
    trouble: str = "",
) -> QuarantinePage:
    """Page ``number`` of the quarantine."""
    words = caller.words
    window = datasets[(number - 1) * SIZE : number * SIZE]
    return QuarantinePage(
        rows=tuple(_row(caller, dataset) for dataset in window),
        visits=tuple(
            VisitOption(visit.id, f"{visit.instrument_id}, {words.day(visit.start)}")
            for visit in sorted(visits, key=lambda one: one.start, reverse=True)[:500]
        ),
        pager=pager(
            words,
            number,
            size=SIZE,
            total=len(datasets),
            url=lambda page: f"{caller.urls.quarantine()}?page={page}",
        ),
        done=done,
        trouble=trouble,
    )


def _row(caller: Caller, dataset: Dataset) -> QuarantineRow:
    words, capture = caller.words, dataset.capture
    known = [dataset.instrument_id or (capture and capture.instrument and capture.instrument.value)]
    known.append(capture and capture.start_time and capture.start_time.value)
    known.append(words.ngettext("%(num)s file", "%(num)s files", len(dataset.files)))
    known.append(words.size(dataset.size))
    return QuarantineRow(
        id=dataset.id,
        title=cut(dataset.title),
        url=caller.urls.dataset(dataset.id),
        source=dataset.source,
        facts=" · ".join(fact for fact in known if fact),
        findings=tuple(finding_row(words, one) for one in all_findings(dataset)[:SHOWN_FINDINGS]),
        candidates=dataset.candidates,
        action=caller.urls.assign(dataset.id),
    )
