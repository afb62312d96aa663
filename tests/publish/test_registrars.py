"""What every registrar has to do: the offline one, DataCite's, and that on DataCite's description of its API."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.publish import prism
from tests.publish.world import EMBARGOED, OPEN

from verriere.errors import RegistrarRefused, RegistrarUnreachable, SettingsInvalid
from verriere.facility import Facility
from verriere.model import PidKind, PidState
from verriere.publish import desk, queue
from verriere.publish.gather import gather
from verriere.publish.registrar import PASSWORD, Message, Registrar, registrar_called
from verriere.publish.registrar.datacite import DataCite
from verriere.publish.registrar.offline import Offline
from verriere.settings import FacilitySettings, PublishSettings, ServeSettings, Settings
from verriere.testing.datacite import FakeDataCite

DOI = "10.5072/9f3k2m7q.v1"
METADATA: dict[str, Any] = {
    "url": "https://data.example.org/doi/10.5072/9f3k2m7q.v1",
    "titles": [{"title": "Silver behenate"}],
    "creators": [{"name": "Durand, Éloïse", "nameType": "Personal"}],
    "publisher": {"name": "Test"},
    "publicationYear": 2026,
    "types": {"resourceTypeGeneral": "Dataset"},
}
DRAFT = Message(DOI, PidState.DRAFT, {})
REGISTERED = Message(DOI, PidState.REGISTERED, METADATA)
FINDABLE = Message(DOI, PidState.FINDABLE, METADATA)


def client(
    url: str, *, pauses: tuple[float, ...] = (0.0, 0.0), sleep: Callable[[float], None] = lambda _: None
) -> DataCite:
    return DataCite(url, FakeDataCite.repository, FakeDataCite.password, timeout=10, pauses=pauses, sleep=sleep)


@pytest.fixture(scope="session")
def described(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of DataCite's own description of its API, answering."""
    description = shared / "standards" / "datacite-api" / "lupo-openapi.yaml"
    with prism.running(description, tmp_path_factory.mktemp("prism")) as url:
        yield url


@pytest.fixture
def fake() -> Iterator[FakeDataCite]:
    with FakeDataCite() as answering:
        yield answering


@pytest.fixture
def datacite(fake: FakeDataCite) -> Iterator[DataCite]:
    made = client(fake.url)
    yield made
    made.close()


@pytest.fixture(params=["offline", "datacite", "prism"])
def registrar(request: pytest.FixtureRequest) -> Iterator[Registrar]:
    """Each registrar; prism has no memory, and answers with the example of the description."""
    with ExitStack() as stack:
        match request.param:
            case "offline":
                made: Registrar = Offline()
            case "datacite":
                made = client(stack.enter_context(FakeDataCite()).url)
            case _:
                made = client(request.getfixturevalue("described"))
        stack.callback(made.close)
        yield made


@pytest.mark.parametrize("message", [DRAFT, REGISTERED, FINDABLE], ids=["draft", "registered", "findable"])
def test_every_state_can_be_told_as_often_as_one_likes(registrar: Registrar, message: Message) -> None:
    first = registrar.tell(message)
    assert registrar.tell(message) is first


@pytest.mark.parametrize("event", ["", "register", "publish", "hide"])
def test_each_event_is_asked_for_as_datacite_describes(described: str, event: Any) -> None:
    made = client(described)
    assert made.ask(FINDABLE, event) is PidState.FINDABLE
    made.close()


def test_datacite_describes_what_it_does_not_take(described: str) -> None:
    made = client(described)
    with pytest.raises(RegistrarRefused, match="422"):
        made.tell(Message(DOI, PidState.FINDABLE, {**METADATA, "titles": "not a list"}))
    made.close()


def test_what_was_published_is_never_a_draft_again(datacite: DataCite) -> None:
    for registrar in (datacite, Offline()):
        published = registrar.tell(FINDABLE)
        assert registrar.tell(DRAFT) is published


def test_states_follow_what_is_wanted(fake: FakeDataCite, datacite: DataCite) -> None:
    wishes = [DRAFT, REGISTERED, FINDABLE, REGISTERED, FINDABLE]
    assert [datacite.tell(wish) for wish in wishes] == [wish.wanted for wish in wishes]
    assert fake.states[DOI] == ["draft", "registered", "findable", "registered", "findable"]


@pytest.mark.parametrize("before", [None, DRAFT, REGISTERED, FINDABLE])
@pytest.mark.parametrize("wish", [REGISTERED, FINDABLE])
def test_whatever_datacite_has_what_is_wanted_is_reached(
    fake: FakeDataCite, datacite: DataCite, before: Message | None, wish: Message
) -> None:
    if before is not None:
        datacite.tell(before)
    assert datacite.tell(wish) is wish.wanted
    assert fake.state(DOI) == wish.wanted


def test_new_metadata_change_the_record_and_not_its_state(fake: FakeDataCite, datacite: DataCite) -> None:
    datacite.tell(FINDABLE)
    datacite.tell(Message(DOI, PidState.FINDABLE, {**METADATA, "publicationYear": 2027}))
    assert fake.dois[DOI]["publicationYear"] == 2027
    assert fake.states[DOI] == ["draft", "findable"]


def test_a_draft_tells_datacite_nothing_but_its_name(fake: FakeDataCite, datacite: DataCite) -> None:
    datacite.tell(DRAFT)
    assert fake.dois[DOI] == {"doi": DOI}


@pytest.mark.parametrize("status", [0, 429, 500, 503])
def test_a_bad_moment_passes(fake: FakeDataCite, datacite: DataCite, status: int) -> None:
    fake.failures.extend([status, status])
    assert datacite.tell(FINDABLE) is PidState.FINDABLE


def test_pauses_grow_and_are_as_long_as_datacite_asks(fake: FakeDataCite) -> None:
    pauses: list[float] = []
    made = client(fake.url, pauses=(0.5, 2.0), sleep=pauses.append)
    fake.failures.extend([503, 503, 503])
    with pytest.raises(RegistrarUnreachable, match="Out of order"):
        made.tell(FINDABLE)
    fake.failures.extend([429])
    fake.retry_after = 7
    made.tell(FINDABLE)
    assert pauses == [0.5, 2.0, 7.0]
    made.close()


def test_who_is_not_there_is_unreachable() -> None:
    with FakeDataCite() as gone:
        url = gone.url
    made = client(url)
    with pytest.raises(RegistrarUnreachable, match="does not answer"):
        made.tell(FINDABLE)
    made.close()


def test_an_answer_that_never_comes_is_not_waited_for(fake: FakeDataCite) -> None:
    fake.delay = 5.0
    made = DataCite(fake.url, fake.repository, fake.password, timeout=0.05, pauses=())
    with pytest.raises(RegistrarUnreachable, match="does not answer"):
        made.tell(FINDABLE)
    made.close()
    fake.delay = 0.0


def test_a_wrong_password_is_said_to_be_one(fake: FakeDataCite) -> None:
    made = DataCite(fake.url, fake.repository, "wrong", pauses=())
    with pytest.raises(RegistrarRefused, match="Bad credentials") as refused:
        made.tell(FINDABLE)
    assert PASSWORD in refused.value.hint
    made.close()


def test_metadata_that_are_not_taken_and_foreign_prefixes_are_told_in_datacites_words(datacite: DataCite) -> None:
    with pytest.raises(RegistrarRefused, match="creators: can't be blank"):
        datacite.tell(Message(DOI, PidState.FINDABLE, {**METADATA, "creators": []}))
    with pytest.raises(RegistrarRefused, match="not authorized"):
        datacite.tell(Message("10.1234/other", PidState.FINDABLE, METADATA))


def test_something_else_at_that_address_is_noticed(fake: FakeDataCite, datacite: DataCite) -> None:
    fake.failures.append(200)
    with pytest.raises(RegistrarUnreachable, match="does not speak like DataCite"):
        datacite.tell(FINDABLE)


def test_dois_with_a_slash_are_one_part_of_the_address(fake: FakeDataCite, datacite: DataCite) -> None:
    datacite.tell(DRAFT)
    assert fake.paths == ["/dois/10.5072%2F9f3k2m7q.v1"]


def test_datacite_is_not_begun_without_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PASSWORD, raising=False)
    with pytest.raises(SettingsInvalid, match=rf"publish.repository, {PASSWORD}, serve.public_url"):
        registrar_called("datacite", Settings())
    with pytest.raises(SettingsInvalid, match="no registrar"):
        registrar_called("crossref", Settings())


def test_the_password_comes_from_the_environment_alone(fake: FakeDataCite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD, fake.password)
    settings = Settings(
        facility=FacilitySettings(name="Test"),
        serve=ServeSettings(public_url="https://data.example.org"),
        publish=PublishSettings(registrar="datacite", endpoint=fake.url, repository=fake.repository),
    )
    made = registrar_called("datacite", settings)
    assert made.tell(FINDABLE) is PidState.FINDABLE
    assert fake.password not in settings.model_dump_json()
    made.close()


def test_the_stand_in_answers_as_datacite_where_verriere_does_not_ask(fake: FakeDataCite) -> None:
    with httpx.Client(base_url=fake.url, auth=(fake.repository, fake.password)) as plain:
        document = {"data": {"type": "dois", "attributes": {"doi": DOI}}}
        assert plain.post("/dois", json=document).status_code == 201
        assert plain.post("/dois", json=document).status_code == 422
        assert plain.get("/dois/10.5072%2Fnone").status_code == 404
        assert plain.put("/dois/10.5072%2Fa", json={"data": {"attributes": {}}}).status_code == 422
        assert plain.put("/dois/10.5072%2Fa", content=b"no").status_code == 400


@pytest.mark.parametrize("kind", ["dataset", "visit", "instrument", "sample", "collection"])
def test_datacite_describes_what_it_is_told_of_every_kind_of_thing(
    described: str, facility: Facility, kind: PidKind
) -> None:
    silver = gather(facility, "Silver", [OPEN, EMBARGOED], by="eloise")
    subjects = {"dataset": EMBARGOED, "visit": "V1", "instrument": "SWING", "sample": "S1", "collection": silver.id}
    published = desk.publish(facility, PidKind(kind), subjects[kind], by="office")
    made = client(described)
    assert made.tell(queue.message_of(facility, published)) is PidState.FINDABLE
    desk.withdraw(facility, published.doi, "mistake", by="office")
    for each in facility.catalogue.publications(PidKind(kind)):
        assert made.tell(queue.message_of(facility, each)) is PidState.REGISTERED
    made.close()
