"""Two beamlines with datasets in every state, on each database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from tests.catalogue.world import (
    BEN,
    ELOISE,
    NOW,
    START,
    TOMOGRAPHY,
    dataset,
    furnish,
    keV,
    member,
    quantity,
)

from verriere.facility import Facility
from verriere.model import BaseRange, Dataset, Parameter, Proposal, State, Technique
from verriere.testing import FrozenClock
from verriere.testing.records import technique_of

XES, X_RAY_TOMOGRAPHY = technique_of("x-ray absorption spectroscopy"), technique_of("x-ray tomography")
RAMP = Parameter("temperature", "/entry/t", None, "K", BaseRange("K", 290.0, 320.0), 290.0, 300.0, 320.0, 31)


def text(name: str, value: str) -> Parameter:
    return Parameter(name, f"/entry/{name}", value)


def with_techniques(one: Dataset, *techniques: Technique) -> Dataset:
    name, capture = one.captures[0]
    return replace(one, captures=((name, replace(capture, techniques=techniques)),))


def build(folder: Path, url: str) -> Facility:
    """A facility whose catalogue is at ``url``."""
    database = "" if url.startswith("sqlite") else url
    facility = Facility.create(folder, name="Light source", database=database, clock=FrozenClock(NOW))
    catalogue = facility.catalogue
    furnish(catalogue)
    catalogue.put_proposals(
        [
            Proposal("P1", "Silver", abstract="How silver behaves in the beam.", members=(member(ELOISE),)),
            Proposal("P2", "Teeth", abstract="What enamel is made of.", members=(member(BEN),)),
        ],
        now=NOW,
    )
    day = timedelta(days=1)
    catalogue.register(
        [
            dataset(
                "silver",
                title="Silver Behenate, 2 m",
                sample="AgBeh-standard",
                energy=keV(12.0),
                parameters=(text("sample_state", "Solid"), quantity("detector_distance", 2000.0, "mm", "m", 1e-3)),
                size=100,
            ),
            dataset(
                "gold", title="Gold foil 100%", energy=keV(8.0), start=START + day, size=200, file="panosc-file1.nxs"
            ),
            with_techniques(
                dataset(
                    "both",
                    title="Bone, absorption and tomography",
                    start=START + 2 * day,
                    visit="V2",
                    parameters=(RAMP,),
                ),
                XES,
                X_RAY_TOMOGRAPHY,
            ),
            dataset(
                "hidden",
                title="Embargoed enamel",
                state=State.EMBARGOED,
                visit="V2",
                sample="tooth",
                energy=keV(12.0),
                start=START + 3 * day,
                technique=TOMOGRAPHY,
                size=400,
                instrument="PX1",
                file="secret-tooth.nxs",
            ),
            dataset("private", title="Silver of nobody else", state=State.PROPRIETARY, visit="V3", energy=keV(12.0)),
            dataset("lost", title="Silver of nobody knows whom", state=State.QUARANTINED, energy=keV(12.0)),
        ],
        now=NOW,
    )
    return facility


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def facility(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Facility]:
    """The facility, on each database; tests only read it."""
    url = "sqlite://"
    if request.param == "postgresql":
        address = request.getfixturevalue("postgres")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE DATABASE panosc")
        url = make_url(address).set(database="panosc").render_as_string(hide_password=False)
    with build(tmp_path_factory.mktemp("panosc") / "facility", url) as opened:
        yield opened
