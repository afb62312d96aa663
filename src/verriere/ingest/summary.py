"""What an ingest did, dataset by dataset, in a form that becomes JSON as it is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from verriere.model import Finding


class Outcome(StrEnum):
    """What became of one dataset."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    KNOWN = "already-known"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Taken:
    """One dataset of an ingest.

    Parameters
    ----------
    dataset_id
        Empty where none was made.
    visit_id
        None while it is in quarantine.
    findings
        On the dataset and its files.
    reason, hint
        Why it failed, and what to do.
    """

    source: str
    outcome: Outcome
    title: str = ""
    dataset_id: str = ""
    visit_id: str | None = None
    matched_by: str = ""
    candidates: tuple[str, ...] = ()
    version: int = 0
    files: int = 0
    size: int = 0
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    hint: str = ""

    @property
    def is_quarantined(self) -> bool:
        """Whether it is in the archive and waits for a visit."""
        return bool(self.dataset_id) and self.visit_id is None


@dataclass(frozen=True, slots=True)
class Summary:
    """All that an ingest did.

    Parameters
    ----------
    taken
        Each dataset, in the order of the plan.
    left_out, deferred
        Files that are of no dataset, and those that wait, with the reason.
    seconds
        How long it took.
    resumed
        How many ingests that had been interrupted were finished on the way.
    """

    taken: tuple[Taken, ...] = ()
    left_out: tuple[Finding, ...] = ()
    deferred: tuple[Finding, ...] = ()
    seconds: float = 0.0
    dry_run: bool = False
    resumed: int = 0

    def of(self, outcome: Outcome) -> tuple[Taken, ...]:
        """The datasets that came to this."""
        return tuple(each for each in self.taken if each.outcome is outcome)

    @property
    def quarantined(self) -> tuple[Taken, ...]:
        """The datasets that wait for a person to say which visit they are of."""
        return tuple(each for each in self.taken if each.is_quarantined)

    @property
    def size(self) -> int:
        """Bytes of the datasets that are new or changed."""
        return sum(each.size for each in self.taken if each.outcome in {Outcome.CREATED, Outcome.UPDATED})

    def findings(self) -> dict[str, int]:
        """How often each finding occurs, the most frequent first."""
        every = [found.code for each in self.taken for found in each.findings]
        every += [found.code for found in (*self.left_out, *self.deferred)]
        return dict(sorted(Counter(every).items(), key=lambda item: (-item[1], item[0])))

    def as_json(self) -> dict[str, Any]:
        """Counts first, then each dataset, as JSON takes it."""
        counts = Counter(each.outcome.value for each in self.taken)
        return {
            "dry_run": self.dry_run,
            "datasets": {outcome.value: counts[outcome.value] for outcome in Outcome},
            "quarantined": len(self.quarantined),
            "left_out": len(self.left_out),
            "deferred": len(self.deferred),
            "files": sum(each.files for each in self.taken),
            "bytes": self.size,
            "seconds": round(self.seconds, 3),
            "resumed": self.resumed,
            "findings": self.findings(),
            "taken": [asdict(each) for each in self.taken],
            "left_out_files": [asdict(found) for found in self.left_out],
            "deferred_files": [asdict(found) for found in self.deferred],
        }

    def after(self, interrupted: Iterable["Summary"]) -> "Summary":
        """Summary with what interrupted ingests of the same files had done before."""
        done = {each.source: each for summary in interrupted for each in summary.taken}
        return replace(
            self,
            taken=tuple(
                done.get(each.source, each) if each.outcome is Outcome.UNCHANGED else each for each in self.taken
            ),
        )
