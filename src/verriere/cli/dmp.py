"""``verriere dmp``: data management plans."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verriere.cli import output
from verriere.cli.options import DryRun, InFacility, InLanguage, Json, language, opened
from verriere.cli.shape import Command, noun

if TYPE_CHECKING:
    from verriere.facility import Facility
    from verriere.stewardship.dmp.facts import Facts

app = noun(
    examples="""\
        verriere dmp list
        verriere dmp import plan.json
        verriere dmp export 20250123 -o plan.json --as opidor
        verriere dmp compare 20250123
    """,
    summary="Data management plans: every proposal has one, made by itself.",
)

COLUMNS = ("id", "title", "proposal", "template", "answers")

PlanId = Annotated[str, typer.Argument(metavar="ID", help="Identifier of the plan; of a proposal's, the proposal's.")]


class Form(StrEnum):
    """What a plan can be exported as."""

    MADMP = "madmp"
    OPIDOR = "opidor"
    DSW = "dsw"


@app.command(
    "list",
    cls=Command,
    epilog="""\
        verriere dmp list
        verriere dmp list --json
    """,
)
def list_(facility: InFacility = None, json: Json = False) -> None:
    """List the plans."""
    from verriere.stewardship.dmp import answers

    with opened(facility) as open_facility:
        plans = [plan for plan in open_facility.catalogue.plans() if not plan.removed_at]
        titles = {proposal.id: proposal.title for proposal in open_facility.catalogue.proposals()}
    rows = []
    for plan in plans:
        own = answers.document_of(plan).get("dmp", {}) if plan.document else {}
        title = str(own.get("title") or titles.get(plan.proposal_id or "", ""))
        rows.append((plan.id, title, plan.proposal_id, " ".join(plan.modules), len(plan.answers)))
    if json:
        output.as_json([dict(zip(COLUMNS, row, strict=True)) for row in rows])
        return
    output.table(COLUMNS, [[cell or "" for cell in row[:4]] + [row[4]] for row in rows], right=("answers",))


@app.command(
    cls=Command,
    epilog="""\
        verriere dmp make
    """,
)
def make(facility: InFacility = None, json: Json = False) -> None:
    """Make the plans that are missing: of proposals that were there before plans were.

    A proposal that is imported gets its plan at once, and a portal that runs makes missing ones by itself.
    """
    from verriere.stewardship.dmp import keeping

    with opened(facility) as open_facility:
        made = keeping.ensure(open_facility, by="dmp make")
    if json:
        output.as_json([plan.id for plan in made])
        return
    typer.echo(f"{len(made)} plans made")


@app.command(
    "import",
    cls=Command,
    epilog="""\
        verriere dmp import plan.json
        verriere dmp import plan.json --proposal 20250123
        verriere dmp import from-opidor.json --json
    """,
)
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A maDMP (JSON) or a plan of DMP OPIDoR.")],
    facility: InFacility = None,
    *,
    proposal: Annotated[
        str | None, typer.Option("--proposal", metavar="ID", help="The proposal whose plan it is.")
    ] = None,
    json: Json = False,
    dry_run: DryRun = False,
    chosen: InLanguage = None,
) -> None:
    """Take a plan from a file: a maDMP 1.0, 1.1 or 1.2, or a plan in DMP OPIDoR's own format.

    What is wrong with it is said, with its place as a JSON pointer, and the plan is taken nevertheless; the file is
    kept as it is. What is no JSON, or holds no plan, is refused.
    """
    from verriere.errors import InputInvalid
    from verriere.stewardship.dmp import keeping, reading
    from verriere.wording import describe

    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputInvalid(f"{file} cannot be read: {error.strerror}") from error
    with opened(facility) as open_facility:
        if dry_run:
            plan_id, read = None, reading.read(data, str(file))
        else:
            plan, read = keeping.take(open_facility, data, str(file), by="import", proposal_id=proposal)
            plan_id = plan.id
    if json:
        output.as_json({"id": plan_id, "proposal": proposal, "findings": read.findings})
        return
    speaks = language(chosen)
    for found in read.findings:
        said = describe(found, speaks)
        typer.echo(f"{found.severity}: {output.clean(said.text)}")
    typer.echo(f"plan {plan_id}" if plan_id else f"{file} can be taken; nothing was done")


@app.command(
    cls=Command,
    epilog="""\
        verriere dmp export 20250123 -o plan.json
        verriere dmp export 20250123 -o plan.json --as opidor
        verriere dmp export 20250123 -o plan.json --as dsw
    """,
)
def export(
    plan_id: PlanId,
    to: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="File to write; - for standard output.")],
    facility: InFacility = None,
    as_: Annotated[Form, typer.Option("--as", help="Standard maDMP 1.2, or as another tool reads it.")] = Form.MADMP,
) -> None:
    """Write a plan as maDMP 1.2, as DMP OPIDoR imports it, or as the Data Stewardship Wizard does."""
    from verriere.errors import InputInvalid
    from verriere.stewardship.dmp import exchange
    from verriere.stewardship.dmp.document import document

    with opened(facility) as open_facility:
        made = document(_facts(open_facility, plan_id))
    text = exchange.export(made, as_.value)
    if str(to) == "-":
        typer.echo(text, nl=False)
    else:
        try:
            to.write_bytes(text)
        except OSError as error:
            raise InputInvalid(f"{to} cannot be written: {error.strerror}", hint="choose another file") from error
    for pointer in exchange.left_out(made, as_.value):
        typer.echo(f"left out, {as_.value} has no place for it: {output.clean(pointer)}", err=True)


@app.command(
    cls=Command,
    epilog="""\
        verriere dmp show 20250123
        verriere dmp show 20250123 --json
    """,
)
def show(plan_id: PlanId, facility: InFacility = None, json: Json = False, chosen: InLanguage = None) -> None:
    """Show a plan: its phase, what it expects, its questions and their answers; with --json, the whole maDMP."""
    from verriere.stewardship.dmp.compare import expectations
    from verriere.stewardship.dmp.document import document, fill
    from verriere.stewardship.dmp.template import questions
    from verriere.techniques import panet

    with opened(facility) as open_facility:
        facts = _facts(open_facility, plan_id)
        made = document(facts)
    if json:
        output.as_json(made)
        return
    speaks, plan = language(chosen), facts.plan
    output.facts(
        [
            ("id", plan.id),
            ("title", made.get("dmp", {}).get("title", "")),
            ("proposal", plan.proposal_id),
            ("phase", facts.phase.value),
            ("template", " ".join(module.name for module in facts.modules) if plan.proposal_id else ""),
        ]
    )
    output.heading("Expected")
    output.table(
        ("technique", "instrument", "size", "until", "formats"),
        [
            (
                panet.label(each.technique, speaks) if each.technique else "?",
                each.instrument_id or "",
                "?" if each.size is None else output.size(each.size),
                each.until or "",
                " ".join(each.formats),
            )
            for each in expectations(facts)
        ],
        right=("size",),
    )
    if plan.proposal_id:
        output.heading("Questions")
        output.table(
            ("question", "for", "in words", "answer"),
            [
                (name, question.role.value, fill(question.text(speaks), facts), plan.answer(name))
                for name, question in questions(facts.modules).items()
            ],
        )


@app.command(
    cls=Command,
    epilog="""\
        verriere dmp compare 20250123
        verriere dmp compare 20250123 --json
    """,
)
def compare(plan_id: PlanId, facility: InFacility = None, json: Json = False, chosen: InLanguage = None) -> None:
    """Compare what a plan expected with what was recorded."""
    from verriere.stewardship.dmp.compare import compare as compared
    from verriere.stewardship.dmp.document import as_json
    from verriere.techniques import panet

    with opened(facility) as open_facility:
        lines = compared(_facts(open_facility, plan_id))
    if json:
        output.as_json([as_json(line) for line in lines])
        return
    speaks = language(chosen)
    output.table(
        ("technique", "planned", "until", "recorded", "datasets", "from", "to", "mark"),
        [
            (
                panet.label(line.technique, speaks) if line.technique else "?",
                "" if line.planned is None else output.size(line.planned),
                line.until or "",
                output.size(line.recorded),
                line.datasets,
                line.first or "",
                line.last or "",
                ", ".join(line.marks),
            )
            for line in lines
        ],
        right=("planned", "recorded", "datasets"),
    )


def _facts(facility: "Facility", plan_id: str) -> "Facts":
    from verriere.stewardship.dmp import facts, keeping

    return facts.gather(facility, keeping.find(facility, plan_id))
