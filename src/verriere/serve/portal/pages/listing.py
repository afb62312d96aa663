"""All parameters, files or findings of a dataset, a hundred at a time."""

from dataclasses import dataclass
from typing import Literal

from verriere.serve.caller import Caller
from verriere.serve.portal.pages.dataset import Known, all_findings, crumbs
from verriere.serve.portal.pages.rows import (
    FileRow,
    FindingRow,
    Pager,
    ParameterRow,
    cut,
    file_row,
    finding_row,
    pager,
    parameter_row,
)
from verriere.serve.portal.sentences import Link

SIZE = 100

PartName = Literal["parameters", "files", "findings"]


@dataclass(frozen=True, slots=True)
class ListingPage:
    """What ``listing.html`` shows."""

    part: PartName
    title: str
    heading: str
    crumbs: tuple[Link, ...]
    rows: tuple[ParameterRow | FileRow | FindingRow, ...]
    pager: Pager


def listing_page(caller: Caller, known: Known, part: PartName, number: int) -> ListingPage:
    """Page ``number`` of a part of a dataset."""
    words, dataset = caller.words, known.dataset
    window = slice((number - 1) * SIZE, number * SIZE)
    rows: tuple[ParameterRow | FileRow | FindingRow, ...]
    if part == "parameters":
        parameters = [one for _, capture in dataset.captures for one in capture.parameters]
        total = len(parameters)
        heading = words.ngettext("%(num)s parameter", "%(num)s parameters", total)
        rows = tuple(parameter_row(words, one) for one in parameters[window])
    elif part == "files":
        total = len(dataset.files)
        heading = words.ngettext("%(num)s file", "%(num)s files", total)
        rows = tuple(file_row(caller, dataset.id, one) for one in dataset.files[window])
    else:
        findings = all_findings(dataset)
        total = len(findings)
        heading = words.ngettext("%(num)s finding", "%(num)s findings", total)
        rows = tuple(finding_row(words, one) for one in findings[window])
    return ListingPage(
        part=part,
        title=cut(dataset.title),
        heading=heading,
        crumbs=(*crumbs(caller, known), Link(cut(dataset.title), caller.urls.dataset(dataset.id))),
        rows=rows,
        pager=pager(
            words, number, size=SIZE, total=total, url=lambda page: caller.urls.listing(dataset.id, part, page)
        ),
    )
