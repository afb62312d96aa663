"""Two facilities behind the federated search: each is asked, and what they answer is put together.

The service itself (panosc-eu/panosc-federated-search-service, for Node.js) is run where its folder, with its packages
installed, is named by ``VERRIERE_FEDERATED_SEARCH``. Elsewhere what it does is done here: the same filter for every
provider, what has no score strictly between 0 and 1 left out, the rest by score.
"""

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.catalogue.world import NOW, dataset, furnish, keV
from tests.panosc.conftest import build

from verriere.facility import Facility
from verriere.model import PidKind, PidState, Publication
from verriere.testing import FrozenClock, LiveServer

Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    folder = tmp_path_factory.mktemp("federated")
    with (
        build(folder / "light", "sqlite://") as light,
        Facility.create(folder / "neutrons", name="Neutron source", clock=FrozenClock(NOW)) as neutrons,
    ):
        furnish(neutrons.catalogue)
        neutrons.catalogue.register([dataset("north", title="Silver with neutrons", energy=keV(12.5))], now=NOW)
        public = Publication(
            "10.5072/north", PidKind.DATASET, "north", NOW, NOW, wanted=PidState.FINDABLE, published_at=NOW
        )
        neutrons.catalogue.put_publications([public], now=NOW, by="test")
        with LiveServer(light) as one, LiveServer(neutrons) as other:
            yield [f"{one.url}/panosc/api", f"{other.url}/panosc/api"]


@pytest.fixture(scope="module", params=["as documented", "the service"])
def federated(request: pytest.FixtureRequest, providers: list[str]) -> Iterator[Ask]:
    if request.param == "as documented":
        yield lambda model, **asked: merged(providers, model, asked)
        return
    folder = os.environ.get("VERRIERE_FEDERATED_SEARCH")
    if not folder:
        pytest.skip("VERRIERE_FEDERATED_SEARCH names no folder with the federated search service")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chosen = {"HOST": "127.0.0.1", "PORT": str(port), "PROVIDERS": ",".join(providers), "PROVIDER_TIMEOUT": "20000"}
    running = subprocess.Popen(
        ["node", "."], cwd=Path(folder), env=os.environ | chosen, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/")
        url = f"http://127.0.0.1:{port}/api"
        yield lambda model, **asked: httpx2.get(f"{url}/{model}", params=_filter(asked), timeout=30).json()
    finally:
        running.terminate()
        running.wait()


def merged(providers: list[str], model: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    answers = [httpx2.get(f"{url}/{model}", params=_filter(asked)).raise_for_status().json() for url in providers]
    kept = [each for answer in answers for each in answer if 0 < each["score"] < 1]
    return sorted(kept, key=lambda each: -each["score"])[: asked.get("limit", 100)]


def _filter(asked: dict[str, Any]) -> dict[str, str]:
    return {"filter": json.dumps(asked)} if asked else {}


def wait_for(url: str) -> None:
    for _ in range(120):
        try:
            httpx2.get(url)
        except httpx2.TransportError:
            time.sleep(0.5)
        else:
            return
    pytest.fail("the federated search service did not start")


def test_two_facilities_answer_together(federated: Ask) -> None:
    found = {each["pid"] for each in federated("Datasets")}
    assert found == {"silver", "gold", "both", "hidden", "10.5072/north"}
    energy = {"and": [{"name": "photon_energy"}, {"value": {"between": [11_000, 13_000]}}, {"unit": "eV"}]}
    include = [{"relation": "parameters", "scope": {"where": energy}}]
    values = {each["pid"]: each["parameters"][0]["value"] for each in federated("Datasets", include=include)}
    assert values == {"silver": 12_000, "10.5072/north": 12_500}
    assert {each["facility"] for each in federated("Instruments")} == {"Light source", "Neutron source"}


def test_better_answers_of_either_come_first(federated: Ask) -> None:
    found = federated("Datasets", query="silver neutrons", limit=5)
    assert [each["pid"] for each in found][:2] == ["10.5072/north", "silver"]
