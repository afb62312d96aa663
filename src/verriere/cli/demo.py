"""``verriere demo``: a facility with data in it, to look at."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verriere.cli import output, serve, user
from verriere.cli.options import Json, opened
from verriere.cli.shape import Command, noun
from verriere.errors import InputInvalid

if TYPE_CHECKING:
    from verriere.facility import Facility
    from verriere.ingest.summary import Summary
    from verriere.stewardship.proposals import Beamtime

NAME = "Verriere demo facility"
FOLDER = Path("demo-facility")
BEAMLINES = "beamlines"
"""Folder of the facility in which the simulated beamlines write; it tells a demonstration from a real facility."""

MISTAKEN, REASON = "buffer", "The cell held air and not the buffer; it was measured again."
"""How the title of the dataset begins that is withdrawn, and why it is."""

app = noun()


@dataclass(frozen=True, slots=True)
class Login:
    """Someone who can look at the demonstration."""

    username: str
    password: str
    is_: str


@app.command(
    cls=Command,
    epilog="""\
        verriere demo
        verriere demo --port 8080
        verriere demo --dir /tmp/demo --exit
    """,
)
def demo(
    folder: Annotated[Path, typer.Option("--dir", metavar="DIR", help="Folder of the facility.")] = FOLDER,
    port: serve.Port = None,
    leave: Annotated[
        bool, typer.Option("--exit", help="End with a summary instead of serving.", show_default=False)
    ] = False,
    json: Json = False,
) -> None:
    """Make a facility with one simulated visit on three beamlines, and serve its portal.

    Small-angle scattering, tomography and crystallography, as the beamlines would write them. Run again, it uses what
    is there and gives the accounts new passwords. Everything is in one folder: delete it, and nothing is left.
    """
    facility = _made(folder)
    with opened(facility) as open_facility:
        summary, logins = prepare(open_facility)
        if json:
            output.as_json({"facility": folder.resolve(), "accounts": logins, "ingest": summary.as_json()})
        else:
            _show(open_facility, summary, logins)
        if not leave:
            serve.run(open_facility, host="127.0.0.1", port=port, else_any=port is None)


def _made(folder: Path) -> Path:
    from verriere.facility import Facility
    from verriere.settings import FILE_NAME

    if (folder / FILE_NAME).exists():
        if not (folder / BEAMLINES).is_dir():
            raise InputInvalid(f"{folder} is a real facility", hint="choose another folder with --dir")
        return folder
    with Facility.create(folder, name=NAME):
        (folder / BEAMLINES).mkdir()
    return folder


def prepare(facility: "Facility") -> "tuple[Summary, list[Login]]":
    """Simulate the visit unless that was done, take it in, and give the accounts passwords."""
    from verriere.ingest.run import run
    from verriere.stewardship import clock, proposals, records

    beamlines = facility.folder / BEAMLINES
    _simulate(facility, beamlines)
    said = proposals.read(beamlines / "proposals.json", facility.settings.facility.zone)
    records.take(facility, said)
    _plan(facility, said)
    logins = _accounts(facility)
    with output.progress("ingesting") as step:
        folders = [folder for folder in sorted(beamlines.iterdir()) if folder.is_dir()]
        summary = run(facility, folders, progress=lambda so_far: step(so_far.done, so_far.total))
    clock.tick(facility, facility.now())
    _publish(facility)
    _ask(facility)
    return summary, logins


def _publish(facility: "Facility") -> None:
    """Give DOIs to all that everyone may know of, and withdraw one dataset; offline, so nobody else hears of them."""
    from verriere.model import PidKind
    from verriere.publish import desk, queue

    catalogue, by = facility.catalogue, "data-office"
    for kind in (PidKind.INSTRUMENT, PidKind.VISIT, PidKind.SAMPLE, PidKind.DATASET):
        begun = facility.now() if kind is PidKind.VISIT else None
        desk.publish_many(facility, kind, catalogue.without_doi(kind, begun=begun), by=by)
    for mistaken in [each for each in catalogue.datasets(state="open") if each.title.startswith(MISTAKEN)]:
        published = catalogue.publication_of(PidKind.DATASET, mistaken.id)
        assert published is not None
        desk.withdraw(facility, published.concept or published.doi, REASON, by=by)
    queue.deliver_quietly(facility)


def _ask(facility: "Facility") -> None:
    """Let a renewal wait for the data office, and cite what a search finds."""
    from verriere.model import DecisionKind, Viewer
    from verriere.publish.citing import cite_query
    from verriere.simulate.visit import INVESTIGATOR
    from verriere.stewardship import embargo

    cite_query(facility, "technique:SAXS status:open", by="claire", title="Open scattering data of the demo")
    visit = facility.catalogue.visits_of(INVESTIGATOR.key)[0]
    if not embargo.outlook(facility, f"visit:{visit.id}").requests:
        wish, leader = DecisionKind.EXTENSION, Viewer(INVESTIGATOR.key)
        embargo.ask(facility, f"visit:{visit.id}", wish, by=leader, reason="A thesis on the crystals is under way.")


def _plan(facility: "Facility", said: "Beamtime") -> None:
    """Answer the plan of the recent proposal, and the survey of the year, as small as the simulated beamlines are.

    More SAXS is recorded than was planned, and a tomography that nobody had planned.
    """
    from verriere.model import PlanRole, SurveyRow
    from verriere.stewardship import survey
    from verriere.stewardship.dmp import answers, facts, keeping
    from verriere.techniques import panet

    found = facts.gather(facility, keeping.find(facility, said.proposals[0].id))
    given = {
        "core.description": "Scattering curves, diffraction images and volumes of lysozyme in the pores of zeolites.",
        "core.ethics": "no",
        "core.personal": "no",
        "scattering.background": "yes",
    }
    for number, each in enumerate(found.plan.expected):
        if each.technique in panet.by_name("SAXS"):
            given[f"expected.{number}.size"] = "1.5 MB"
    answers.answer(facility, found, given, by="claire", roles=frozenset(PlanRole))
    rows = (
        SurveyRow("SWING", "EIGER 4M", 15.0, 0.3, survey.HOURS),
        SurveyRow("ANATOMIX", "ORCA", 40.0, 0.2, survey.HOURS),
    )
    survey.take(facility, facility.now().year, rows)


def _simulate(facility: "Facility", beamlines: Path) -> None:
    # The file of proposals is written last: where it is, the recordings are complete.
    if (beamlines / "proposals.json").exists():
        return
    from verriere.simulate.visit import simulate_visit

    with output.progress("measuring") as step:
        simulate_visit(beamlines, now=facility.now(), progress=step)


def _accounts(facility: "Facility") -> list[Login]:
    from verriere.model import Account, Duty, Person
    from verriere.simulate.visit import INVESTIGATOR, STRANGER

    office = Person("Data office", "data.office@example.org")
    people: list[tuple[str, Person, Duty, str]] = [
        ("claire", INVESTIGATOR, Duty.USER, "principal investigator: sees the embargoed data of her visit"),
        ("louis", STRANGER, Duty.USER, "a stranger: sees what is open, and what an embargo shows"),
        ("office", office, Duty.DATA_OFFICE, "the data office: sees everything"),
    ]
    logins = []
    for username, person, duty, is_ in people:
        password = user.generated()
        user.add_account(facility, Account(username, person.email, person.name, duty), password)
        logins.append(Login(username, password, is_))
    return logins


def _show(facility: "Facility", summary: "Summary", logins: list[Login]) -> None:
    from verriere.cli.options import OPERATOR

    found = facility.catalogue.search("", OPERATOR, sort="title", size=100)
    output.table(
        ("id", "title", "instrument", "technique", "state", "opens"),
        [
            (
                hit.id,
                hit.title,
                hit.instrument,
                ", ".join(term.label for term in hit.techniques),
                hit.state,
                output.day(hit.opens_at, facility.settings.facility.zone),
            )
            for hit in found.hits
        ],
    )
    findings = sum(len(each.findings) for each in summary.taken)
    typer.echo(
        f"\n{len(summary.taken)} datasets, {sum(each.files for each in summary.taken)} files, {findings} findings,"
        f" {len(summary.quarantined)} in quarantine; the facility is in {facility.folder}"
    )
    public = len(facility.catalogue.publications(public=True))
    typer.echo(
        f"{public} DOIs, none of them registered: drafts under {facility.settings.publish.prefix}; one dataset was"
        " withdrawn and has left its citation; a renewal waits for the data office, and a query was cited"
    )
    output.heading("Who can log in")
    output.table(("username", "password", "who"), [(each.username, each.password, each.is_) for each in logins])
