"""A small facility in which every case of the data policy is there: open, embargoed, proprietary, in quarantine."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from verriere.facility import Facility
from verriere.model import (
    Axis,
    Basis,
    Capture,
    Dataset,
    Instrument,
    Parameter,
    Person,
    Reading,
    Sample,
    Signal,
    State,
    Technique,
    Visit,
)
from verriere.serve.auth.passwords import hash_password
from verriere.stewardship.proposals import Beamtime
from verriere.stewardship.records import take
from verriere.testing import FrozenClock
from verriere.testing.facilities import ACCOUNTS, furnish, keep, measured
from verriere.testing.records import SAXS, proposal
from verriere.wording import finding

NOW = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
PASSWORD = "the light comes from above"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"

SPITE = Person(SCRIPT, "spite@lab.example", affiliation=SCRIPT)
WICKED = Instrument("W<1>", SCRIPT, SCRIPT, (SCRIPT,))


@dataclass(frozen=True)
class Hall:
    """What is in the facility, by identifier."""

    facility: Facility
    open: Dataset
    embargoed: Dataset
    proprietary: Dataset
    quarantined: Dataset
    wicked: Dataset
    spare: Dataset


def build(folder: Path, clock: FrozenClock, *, database: str = "") -> Hall:
    """Make the facility in ``folder``, with bytes in its archive and records in its catalogue."""
    facility = Facility.create(folder / "facility", name="Hall of light", database=database, clock=clock)
    samples = furnish(facility)
    old = NOW - timedelta(days=1500)
    take(
        facility,
        Beamtime(
            (WICKED,),
            (replace(proposal("x", SCRIPT, SPITE), abstract=SCRIPT),),
            (Visit("x-1", "x", WICKED.id, old, old + timedelta(days=1)),),
            (Sample("s-x", "x", SCRIPT, SCRIPT, SCRIPT),),
        ),
    )
    for account in ACCOUNTS:
        facility.catalogue.add_account(account, hash_password(PASSWORD))
    spare = measured("ds-spare", "To be given a visit", State.QUARANTINED, None, None, "spare.nxs")
    return Hall(
        facility,
        open=samples.open,
        embargoed=samples.embargoed,
        proprietary=samples.proprietary,
        quarantined=samples.quarantined,
        wicked=keep(facility, _wicked()),
        spare=keep(facility, spare),
    )


def _wicked() -> Dataset:
    base = replace(
        measured("ds-wicked", SCRIPT, State.OPEN, "x-1", WICKED, "wicked.nxs"),
        opened_at=NOW - timedelta(days=30),
    )
    said = Reading(SCRIPT, SCRIPT)
    capture = Capture(
        format="nexus",
        title=said,
        start_time=said,
        end_time=said,
        facility=said,
        detectors=(said,),
        identifiers=(said,),
        energy=Parameter(SCRIPT, SCRIPT, SCRIPT, SCRIPT),
        techniques=(Technique(SAXS.iri, SCRIPT, Basis.STATED, SCRIPT),),
        signal=Signal(SCRIPT, (3,), "int32", label=SCRIPT, axes=(Axis(SCRIPT, SCRIPT),)),
        parameters=(Parameter(SCRIPT, SCRIPT, SCRIPT, SCRIPT),),
        findings=(finding("not-hdf5", SCRIPT, file=SCRIPT, name=SCRIPT),),
    )
    return replace(base, sample_id="s-x", captures=((SCRIPT.replace("/", "∕"), capture),))
