"""Random datasets with a secret in every place where one can be."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from verriere.model import (
    BaseRange,
    Basis,
    Capture,
    Datafile,
    Dataset,
    Decision,
    DecisionKind,
    Finding,
    Parameter,
    Reading,
    RecordedUser,
    Scan,
    Severity,
    Signal,
    State,
    Store,
    Technique,
)

NOW = datetime(2025, 1, 1, tzinfo=UTC)
PERSONAL = "Zyxwv Personal"
INSIDE = "/secret-mount/zone"
FILE = "unpublished_0042.nxs"
HIDDEN = "hush-hush alloy"


def capture(title: str | None) -> Capture:
    """A capture that holds each kind of secret wherever its model lets it."""
    signal = Signal("/entry/data/data", (10, 10), "int32")
    return Capture(
        "nexus",
        title=Reading(title, "/entry/title") if title else None,
        start_time=Reading("2024-03-01T10:00:00+01:00", "/entry/start_time"),
        instrument=Reading("SWING", "/entry/instrument/name"),
        sample=Reading(HIDDEN, "/entry/sample/name"),
        experiment_identifier=Reading(PERSONAL, "/entry/user/experiment"),
        energy=Parameter("energy", "/entry/energy", 12.0, "keV", BaseRange("eV", 12000.0, 12000.0)),
        detectors=(Reading(PERSONAL, "/entry/user/detector"), Reading("eiger", "/entry/detector")),
        techniques=(
            Technique("http://purl.org/pan-science/PaNET/PaNET01188", "SAXS", Basis.STATED, "/entry/definition"),
        ),
        signal=signal,
        signals=(signal,),
        users=(RecordedUser(PERSONAL, "/entry/user/name"),),
        scans=(Scan("/entry", title=FILE, command=f"scan {FILE}", signal=signal),),
        parameters=(
            Parameter("badge", "/entry/badge", PERSONAL, personal=True),
            Parameter("contact", "/entry/user/contact", PERSONAL),
            Parameter("log", "/entry/log", f"wrote {INSIDE}/{FILE}"),
            Parameter("alloy", "/entry/alloy", HIDDEN),
        ),
        identifiers=(Reading(PERSONAL, "/entry/user/orcid"),),
        personal_paths=(
            "/entry/user/experiment",
            "/entry/user/detector",
            "/entry/user/contact",
            "/entry/user/orcid",
            "/entry/user/name",
        ),
        companions=(f"{INSIDE}/{PERSONAL}/{FILE}",),
        findings=(
            Finding("broken-link", Severity.WARNING, "/entry/data", {"target": FILE}, FILE),
            Finding("odd-user", Severity.INFO, "/entry/user/name", {"value": PERSONAL}, FILE),
        ),
    )


STATES = st.sampled_from(State)


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    """A dataset with or without a title of its own, in any state."""
    title = draw(st.sampled_from([None, "Silver behenate", FILE, f"copy of {FILE}"]))
    spoken = capture(title)
    return Dataset(
        id="d" + draw(st.text("0123456789abcdef", min_size=6, max_size=6)),
        version=1,
        source=f"{INSIDE}/{FILE}",
        title=title or FILE,
        state=draw(STATES),
        ingested_at=NOW,
        store=Store.IN_PLACE,
        visit_id="V1",
        matched_by="path",
        candidates=("V8", "V9"),
        instrument_id="SWING",
        sample_id="S1",
        files=(Datafile(FILE, 10, "a" * 64, "b" * 64, NOW, location=f"{INSIDE}/{FILE}"),),
        captures=((FILE, spoken),) * draw(st.integers(0, 2)),
        decisions=(Decision(DecisionKind.EXTENSION, NOW, PERSONAL, PERSONAL),),
        findings=(Finding("no-visit", Severity.WARNING, "", {"name": FILE}, FILE),),
    )
