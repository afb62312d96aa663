"""``verriere show``: all that is known of one dataset."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from verriere.cli import output
from verriere.cli.options import InFacility, InLanguage, Json, language, opened
from verriere.cli.shape import Command, noun

if TYPE_CHECKING:
    from verriere.model import Capture, Dataset, Finding, Parameter, Reading
    from verriere.wording import Language

app = noun()


@app.command(
    cls=Command,
    epilog="""\
        verriere show 9f3k2m7q
        verriere show 9f3k2m7q --language fr
        verriere show 9f3k2m7q --json
    """,
)
def show(
    dataset_id: Annotated[str, typer.Argument(metavar="ID", help="Identifier of the dataset.")],
    facility: InFacility = None,
    speaks: InLanguage = None,
    json: Json = False,
) -> None:
    """Show all that is known of one dataset.

    Whatever its state, and also what only its team may see. Every value stands with the place it was read from.
    """
    with opened(facility) as open_facility:
        dataset = open_facility.catalogue.dataset(dataset_id)
        opens_at = open_facility.catalogue.opens_at(dataset_id)
        zone = open_facility.settings.facility.zone
    if json:
        output.as_json({"dataset": dataset, "opens_at": opens_at})
        return
    output.facts(
        [
            ("id", dataset.id),
            ("title", dataset.title),
            ("state", dataset.state),
            ("opens", output.day(opens_at, zone)),
            ("visit", f"{dataset.visit_id} (by {dataset.matched_by})" if dataset.visit_id else ""),
            ("could be of", ", ".join(dataset.candidates)),
            ("instrument", dataset.instrument_id),
            ("sample", dataset.sample_id),
            ("version", f"{dataset.version} (revision {dataset.revision})"),
            ("ingested", dataset.ingested_at.astimezone(zone).isoformat(" ", "seconds")),
            ("from", dataset.source),
        ]
    )
    _files(dataset)
    show_findings(dataset.findings, language(speaks))
    for name, capture in dataset.captures:
        show_capture(capture, name, language(speaks))


def _files(dataset: "Dataset") -> None:
    output.heading(f"Files ({output.size(dataset.size)})")
    output.table(
        ("path", "size", "role", "sha256"),
        [(file.path, output.size(file.size), file.role, file.sha256) for file in dataset.files],
        right=("size",),
    )


def show_capture(capture: "Capture", name: str, spoken: "Language") -> None:
    """Show what one file says of itself: readings, techniques, parameters, and findings in the person's language."""
    output.heading(f"What {output.clean(name)} says ({capture.format}, {capture.dialect})")
    output.table(("", "value", "read from"), list(_readings(capture)))
    if capture.parameters:
        output.heading("Parameters")
        output.table(
            ("name", "value", "unit", "read from"),
            [(p.name, _value(p), p.unit or "", p.source) for p in capture.parameters],
            right=("value",),
        )
    show_findings(capture.findings, spoken)


def show_findings(findings: "tuple[Finding, ...]", spoken: "Language") -> None:
    """Show findings, what matters most first, each with what to do about it."""
    from verriere.model import Severity
    from verriere.wording import describe

    if not findings:
        return
    order = list(Severity)
    output.heading("Findings")
    rows = []
    for found in sorted(findings, key=lambda each: order.index(each.severity)):
        said = describe(found, spoken)
        rows.append((found.severity, found.code, found.where, said.text + (f" → {said.fix}" if said.fix else "")))
    output.table(("severity", "code", "where", "what it is → what to do"), rows)


def _readings(capture: "Capture") -> Iterator[tuple[str, str, str]]:
    named: list[tuple[str, Reading | None]] = [
        ("title", capture.title),
        ("start", capture.start_time),
        ("end", capture.end_time),
        ("instrument", capture.instrument),
        ("facility", capture.facility),
        ("sample", capture.sample),
        ("experiment", capture.experiment_identifier),
        *(("detector", each) for each in capture.detectors),
        *(("identifier", each) for each in capture.identifiers),
    ]
    for name, reading in named:
        if reading is not None:
            yield name, reading.value, f"{reading.source} ({reading.basis})"
    for name, parameter in (("energy", capture.energy), ("wavelength", capture.wavelength)):
        if parameter is not None:
            yield name, f"{_value(parameter)} {parameter.unit or ''}".strip(), f"{parameter.source} ({parameter.basis})"
    for technique in capture.techniques:
        yield "technique", f"{technique.label} <{technique.iri}>", f"{technique.source} ({technique.basis})"
    for user in capture.users:
        yield "person", f"{user.name} (for the team only)", user.source
    if capture.signal is not None:
        shape = " x ".join(map(str, capture.signal.shape)) or "one value"
        yield "plot", f"{shape} {capture.signal.dtype}", capture.signal.path


def _value(parameter: "Parameter") -> str:
    if parameter.value is not None:
        return f"{parameter.value:.6g}" if isinstance(parameter.value, float) else str(parameter.value)
    if parameter.minimum is not None and parameter.maximum is not None:
        return f"{parameter.minimum:.6g} .. {parameter.maximum:.6g} ({parameter.count} values)"
    return f"{parameter.count} values"
