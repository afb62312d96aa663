"""The moment at which an embargo ends: every channel tells the same, none early and none late."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote

import httpx
import pytest
from tests.publish.world import EMBARGOED, PROPRIETARY

from verriere.facility import Facility
from verriere.model import PidKind
from verriere.publish import desk, queue
from verriere.publish.describe import landing_of
from verriere.publish.formats import datacite_json, dcat, schema_org
from verriere.publish.registrar import PASSWORD
from verriere.serve.rounds import do_what_is_due
from verriere.settings import PublishSettings, ServeSettings
from verriere.testing import FrozenClock, LiveServer
from verriere.testing.datacite import FakeDataCite

ORIGIN = "https://data.example.org"
_DATACITE_JSON = "application/vnd.datacite.datacite+json"
CLOSED, OPEN = "closed", "open"
Said = dict[str, str]


@dataclass
class Channels:
    """A portal on a port, its registrar, and everything through which the world hears of one dataset."""

    facility: Facility
    fake: FakeDataCite
    web: httpx.Client
    doi: str
    opens: datetime

    def get(self, path: str, **parameters: str) -> httpx.Response:
        return self.web.get(path, params=parameters)

    def said(self) -> Said:
        """What each channel says: closed or open; and something else where it says neither or both."""
        landing = landing_of(
            self.facility, self.facility.catalogue.publication(self.doi), PidKind.DATASET, EMBARGOED, origin=ORIGIN
        )
        page = self.get(f"/en/datasets/{EMBARGOED}").text
        record = self.get("/oai", verb="GetRecord", metadataPrefix="oai_datacite", identifier=self._oai()).text
        dublin = self.get("/oai", verb="GetRecord", metadataPrefix="oai_dc", identifier=self._oai()).text
        doi_page = self.web.get(f"/doi/{self.doi}", headers={"Accept": "text/html", "Accept-Language": "en"})
        signs = doi_page.headers["link"]
        panosc = self.get(f"/panosc/api/Datasets/{quote(self.doi, safe='')}").json()
        counted = self.get("/panosc/api/Datasets/count", where='{"isPublic": true}').json()["count"]
        day = self.opens.astimezone(self.facility.settings.facility.zone).date().isoformat()
        assert {"date": day, "dateType": "Available"} in json.loads(datacite_json.write(landing))["dates"]
        return {
            "page": _one("Under embargo" in page, "Open since" in page),
            "licence on the page": _one('rel="license"' not in page, 'rel="license"' in page),
            "the DOI's page": _one("Under embargo" in doi_page.text, "Open since" in doi_page.text),
            "signposting": _one('rel="item"' not in signs, 'rel="item"' in signs),
            "negotiated": _rights(self.web.get(f"/doi/{self.doi}", headers={"Accept": _DATACITE_JSON}).text),
            "bytes": {403: CLOSED, 200: OPEN}[self.get(f"/datasets/{EMBARGOED}/files/{EMBARGOED}.dat").status_code],
            "rights": {"embargoed": CLOSED, "open": OPEN}[landing.rights.openness],
            "metadata of the DOI": _rights(datacite_json.write(landing).decode()),
            "schema.org": _one(
                '"isAccessibleForFree":true' not in _dense(schema_org.write(landing)),
                '"isAccessibleForFree":true' in _dense(schema_org.write(landing)),
            ),
            "DCAT": _one(b"NON_PUBLIC" in dcat.write(landing), b"access-right/PUBLIC" in dcat.write(landing)),
            "OAI DataCite": _rights(record),
            "OAI Dublin Core": _rights(dublin),
            "PaNOSC": {False: CLOSED, True: OPEN}[panosc["isPublic"]],
            "PaNOSC count": {1: CLOSED, 2: OPEN}[counted],
        }

    def registered(self) -> str:
        """What DataCite has heard."""
        return _rights(json.dumps(self.fake.dois[self.doi], ensure_ascii=False))

    def harvested_since(self, moment: datetime) -> bool:
        """Whether a harvester who was here before that moment is told to come and look again."""
        since = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        text = self.get("/oai", **{"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "from": since}).text
        return self.doi in text

    def _oai(self) -> str:
        return f"oai:data.example.org:{self.doi}"


def _one(closed: bool, opened: bool) -> str:
    return {(True, False): CLOSED, (False, True): OPEN}.get((closed, opened), "both or neither")


def _rights(text: str) -> str:
    return _one("embargoed" in text.lower() or "c_f1cf" in text, "c_abf2" in text or "openAccess" in text)


def _dense(document: bytes) -> str:
    return re.sub(r"\s", "", document.decode())


@pytest.fixture
def channels(either: Facility, monkeypatch: pytest.MonkeyPatch) -> Iterator[Channels]:
    with FakeDataCite() as fake:
        monkeypatch.setenv(PASSWORD, fake.password)
        settings = either.settings.model_copy(
            update={
                # The tests say when the portal looks at the clock.
                "serve": ServeSettings(public_url=ORIGIN, clock_seconds=3600),
                "publish": PublishSettings(
                    registrar="datacite", endpoint=fake.url, repository=fake.repository, reserve="never"
                ),
            }
        )
        facility = replace(either, settings=settings)
        published = desk.publish(facility, PidKind.DATASET, EMBARGOED, by="office")
        opens = facility.catalogue.opens_at(EMBARGOED)
        assert opens is not None
        queue.deliver(facility)  # before the portal would
        with LiveServer(facility) as server, httpx.Client(base_url=server.url, timeout=30) as web:
            yield Channels(facility, fake, web, published.doi, opens)


@pytest.fixture
def at(clock: FrozenClock, channels: Channels) -> Callable[[timedelta], None]:
    """Sets the clock to so long after the end of the embargo."""
    return lambda after: clock.set(channels.opens + after)


def test_every_channel_opens_at_the_same_moment_none_early_and_none_late(
    channels: Channels, at: Callable[[timedelta], None]
) -> None:
    facility = channels.facility
    at(-timedelta(seconds=1))
    do_what_is_due(facility)
    assert {name for name, said in channels.said().items() if said != CLOSED} == set()
    assert channels.registered() == CLOSED
    assert facility.catalogue.waiting() == []

    at(timedelta(0))
    # The moment has come and nobody has looked at the clock yet: there is still one truth.
    assert set(channels.said().values()) == {CLOSED}

    do_what_is_due(facility)
    assert {name for name, said in channels.said().items() if said != OPEN} == set()
    assert channels.harvested_since(channels.opens)
    waits = {each.publication.doi: each.since for each in facility.catalogue.waiting()}
    assert waits == {channels.doi: channels.opens, f"10.5072/{EMBARGOED}": channels.opens}
    queue.deliver(facility)
    assert channels.registered() == OPEN
    assert facility.catalogue.waiting() == []


def test_a_harvester_is_told_once(channels: Channels, at: Callable[[timedelta], None]) -> None:
    at(timedelta(0))
    do_what_is_due(channels.facility)
    at(timedelta(hours=1))
    do_what_is_due(channels.facility)
    assert channels.harvested_since(channels.opens)
    assert not channels.harvested_since(channels.opens + timedelta(seconds=1))


def test_a_tick_that_fails_opens_nothing_anywhere(
    channels: Channels, at: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    facility = channels.facility
    at(timedelta(0))

    def full(*_: object, **__: object) -> None:
        raise OSError("no room for the history")

    with monkeypatch.context() as patch:
        patch.setattr("verriere.catalogue.history.append", full)
        with pytest.raises(OSError, match="no room"):
            do_what_is_due(facility)
    assert set(channels.said().values()) == {CLOSED}
    assert facility.catalogue.waiting() == []
    do_what_is_due(facility)
    assert set(channels.said().values()) == {OPEN}


def test_an_embargo_that_ends_while_datacite_is_away_is_over_in_what_it_hears_first(
    channels: Channels, at: Callable[[timedelta], None]
) -> None:
    at(-timedelta(days=1))
    desk.publish(channels.facility, PidKind.VISIT, "V2", by="office")  # changes what is told of its datasets
    at(timedelta(minutes=5))
    do_what_is_due(channels.facility)
    before = len(channels.fake.paths)
    queue.deliver(channels.facility)
    assert channels.registered() == OPEN
    assert len(channels.fake.paths) - before == 3  # the visit, and each DOI of the dataset once


def test_proprietary_data_are_in_no_channel_before_and_after(
    channels: Channels, at: Callable[[timedelta], None]
) -> None:
    for after in (-timedelta(seconds=1), timedelta(days=3650)):
        at(after)
        do_what_is_due(channels.facility)
        for path in (
            "/oai?verb=ListRecords&metadataPrefix=oai_datacite",
            "/panosc/api/Datasets",
            "/panosc/api/Documents",
            "/sitemap-1.xml",
            "/sitemap-2.xml",
            "/en/search?facets=1",
        ):
            text = channels.web.get(path).text
            assert PROPRIETARY not in text
            assert "Secret" not in text
        assert channels.get(f"/en/datasets/{PROPRIETARY}").status_code == 404
        assert channels.get("/panosc/api/Datasets/count").json()["count"] == 2
        assert PROPRIETARY not in json.dumps(channels.fake.dois)
