"""``verriere show``: all that is known of one dataset."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from verriere.cli import output
from verriere.cli.options import InFacility, InLanguage, Json, language, opened
from verriere.cli.shape import Command, noun

if TYPE_CHECKING:
    from verriere.model import Capture, Finding, Parameter, Reading
    from verriere.wording import Language


app = noun()

Say = Callable[..., str]
"""Says a word of a table in the person's language."""


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
    spoken = language(speaks)
    say = _in(spoken)
    by = f" ({say('by {how}', how=say(dataset.matched_by))})" if dataset.matched_by else ""
    output.facts(
        [
            (say("id"), dataset.id),
            (say("title"), dataset.title),
            (say("state"), say(dataset.state)),
            (say("opens"), output.day(opens_at, zone)),
            (say("visit"), f"{dataset.visit_id}{by}" if dataset.visit_id else ""),
            (say("could be of"), ", ".join(dataset.candidates)),
            (say("instrument"), dataset.instrument_id),
            (say("sample"), dataset.sample_id),
            (say("version"), f"{dataset.version} ({say('revision {number}', number=dataset.revision)})"),
            (say("ingested"), dataset.ingested_at.astimezone(zone).isoformat(" ", "seconds")),
            (say("from"), dataset.source),
            (say("completeness"), _score(dataset.completeness, say)),
            *((one.name, f"{_value(one, say)} {one.unit or ''} ({say('told by the team')})") for one in dataset.told),
        ]
    )
    output.heading(say("Files ({size})", size=output.size(dataset.size)))
    output.table(
        (say("path"), say("size"), say("role"), "sha256"),
        [(file.path, output.size(file.size), file.role, file.sha256) for file in dataset.files],
        right=(say("size"),),
    )
    show_findings(dataset.findings, spoken)
    for name, capture in dataset.captures:
        show_capture(capture, name, spoken)


def _score(score: int | None, say: Say) -> str:
    return "" if score is None else say("{score} of 100", score=score)


def show_capture(capture: "Capture", name: str, spoken: "Language", score: int | None = None) -> None:
    """Show what one file says of itself: readings, techniques, parameters, and findings, in the person's language."""
    say = _in(spoken)
    known = {"name": output.clean(name), "format": capture.format, "dialect": capture.dialect}
    output.heading(say("What {name} says ({format}, {dialect})", **known))
    output.table(("", say("value"), say("read from")), list(_readings(capture, spoken)))
    output.facts([(say("completeness"), _score(score, say))])
    if capture.parameters:
        output.heading(say("Parameters"))
        output.table(
            (say("name"), say("value"), say("unit"), say("read from")),
            [(p.name, _value(p, say), p.unit or "", p.source) for p in capture.parameters],
            right=(say("value"),),
        )
    show_findings(capture.findings, spoken)


def show_findings(findings: "tuple[Finding, ...]", spoken: "Language") -> None:
    """Show findings, what matters most first, each with what to do about it."""
    from verriere.model import Severity
    from verriere.wording import describe

    if not findings:
        return
    say, order = _in(spoken), list(Severity)
    output.heading(say("Findings"))
    rows = []
    for found in sorted(findings, key=lambda each: order.index(each.severity)):
        said = describe(found, spoken)
        text = said.text + (f" → {said.fix}" if said.fix else "")
        rows.append((say(found.severity), found.code, found.where, text))
    output.table((say("severity"), say("code"), say("where"), say("what it is → what to do")), rows)


def _in(spoken: "Language") -> Say:
    from verriere.wording import word

    return partial(word, language=spoken)


def _readings(capture: "Capture", spoken: "Language") -> Iterator[tuple[str, str, str]]:
    from verriere.techniques import panet

    say = _in(spoken)
    named: list[tuple[str, Reading | None]] = [
        (say("title"), capture.title),
        (say("start"), capture.start_time),
        (say("end"), capture.end_time),
        (say("instrument"), capture.instrument),
        (say("facility"), capture.facility),
        (say("sample"), capture.sample),
        (say("experiment"), capture.experiment_identifier),
        *((say("detector"), each) for each in capture.detectors),
        *((say("identifier"), each) for each in capture.identifiers),
    ]
    for name, reading in named:
        if reading is not None:
            yield name, reading.value, f"{reading.source} ({say(reading.basis)})"
    for name, parameter in ((say("energy"), capture.energy), (say("wavelength"), capture.wavelength)):
        if parameter is not None:
            value = f"{_value(parameter, say)} {parameter.unit or ''}".strip()
            yield name, value, f"{parameter.source} ({say(parameter.basis)})"
    for technique in capture.techniques:
        label = technique.label if spoken == "en" else panet.label(technique.iri, spoken)
        yield say("technique"), f"{label} <{technique.iri}>", f"{technique.source} ({say(technique.basis)})"
    for user in capture.users:
        yield say("person"), f"{user.name} ({say('for the team only')})", user.source
    if capture.signal is not None:
        shape = " x ".join(map(str, capture.signal.shape)) or say("one value")
        yield say("plot"), f"{shape} {capture.signal.dtype}", capture.signal.path


def _value(parameter: "Parameter", say: Say) -> str:
    if parameter.value is not None:
        return f"{parameter.value:.6g}" if isinstance(parameter.value, float) else str(parameter.value)
    count = say("{count} values", count=parameter.count)
    if parameter.minimum is not None and parameter.maximum is not None:
        return f"{parameter.minimum:.6g} .. {parameter.maximum:.6g} ({count})"
    return count
