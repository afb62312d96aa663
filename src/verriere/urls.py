"""The one place that writes a URL.

Pages have their language in front (``/fr/search``): `Urls`. What is cited, harvested and downloaded has none: the same
thing has the same address in every language: `Addresses`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from urllib.parse import quote, urlencode

from verriere.model import PidKind
from verriere.wording import LANGUAGES, Language

Pairs = Sequence[tuple[str, str]]

_FOLDERS: Mapping[PidKind, str] = MappingProxyType(
    {kind: f"{kind}s" for kind in PidKind} | {PidKind.QUERY: "citations"}
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses without a language; absolute where ``base`` is given (``https://data.example.org``)."""

    base: str = ""

    def thing(self, kind: PidKind, identifier: str) -> str:
        """The address of a thing: it leads to the page in the reader's language."""
        return f"{self.base}/{_FOLDERS[kind]}/{_quoted(identifier)}"

    def proposal(self, identifier: str) -> str:
        """The address of a proposal, likewise."""
        return f"{self.base}/proposals/{_quoted(identifier)}"

    def doi(self, doi: str) -> str:
        """The landing page of a DOI, which is where the world's resolvers lead to."""
        return f"{self.base}/doi/{quote(doi)}"

    def record(self, file: str, kind: PidKind, identifier: str, doi: str = "") -> str:
        """What is public about a thing in one format, ``datacite.xml``: under its DOI, where it has one."""
        if doi:
            return f"{self.doi(doi)}?format={quote(file)}"
        return f"{self.base}/records/{quote(file)}/{kind.value}/{_quoted(identifier)}"

    def file(self, dataset_id: str, path: str, version: int = 0) -> str:
        """The bytes of one file; with a number, as they were in that version of the data."""
        query = f"?version={version}" if version else ""
        return f"{self.base}/datasets/{_quoted(dataset_id)}/files/{quote(path)}{query}"

    def download(self, dataset_id: str, version: int = 0) -> str:
        """All files of a dataset together, as a bag."""
        query = f"?version={version}" if version else ""
        return f"{self.base}/datasets/{_quoted(dataset_id)}/download{query}"

    def picture(self, dataset_id: str, version: int) -> str:
        """The plot of a dataset, for programs that show what they found; its labels are English."""
        return Urls("en", self.base).picture(dataset_id, version)

    def oai(self) -> str:
        """Where harvesters ask."""
        return f"{self.base}/oai"

    def sitemap(self, page: int = 0) -> str:
        """What search engines are to read; with a number, one part of it."""
        return f"{self.base}/sitemap-{page}.xml" if page else f"{self.base}/sitemap.xml"


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses of the pages in one language; absolute where ``base`` is given (``https://data.example.org``)."""

    language: Language
    base: str = ""

    def home(self) -> str:
        """What the facility shows first."""
        return self._page("")

    def search(self, pairs: Pairs = ()) -> str:
        """Results of a search; ``pairs`` are those that `verriere.serve.portal.pages.search` reads."""
        kept = [(name, value) for name, value in pairs if value]
        return self._page("search") + ("?" + urlencode(kept) if kept else "")

    def dataset(self, dataset_id: str) -> str:
        """Everything about a dataset that the reader may know."""
        return self._page(f"datasets/{_quoted(dataset_id)}")

    def landing(self, dataset_id: str) -> str:
        """The address of a dataset to cite: it leads to the page in the reader's language."""
        return Addresses(self.base).thing(PidKind.DATASET, dataset_id)

    def listing(self, dataset_id: str, part: str, page: int = 1) -> str:
        """All ``parameters``, ``files`` or ``findings`` of a dataset."""
        return self._page(f"datasets/{_quoted(dataset_id)}/{part}") + (f"?page={page}" if page > 1 else "")

    def plot(self, dataset_id: str) -> str:
        """The plot of a dataset with its values as a table."""
        return self._page(f"datasets/{_quoted(dataset_id)}/plot")

    def picture(self, dataset_id: str, version: int, *, dark: bool = False) -> str:
        """The plot as a PNG with labels in the page's language; it never changes for a version of the data."""
        name = "plot-dark.png" if dark else "plot.png"
        return self._page(f"datasets/{_quoted(dataset_id)}/{name}?version={version}")

    def values(self, dataset_id: str) -> str:
        """The values of the plot as CSV."""
        return self._page(f"datasets/{_quoted(dataset_id)}/plot.csv")

    def file(self, dataset_id: str, path: str) -> str:
        """The bytes of one file."""
        return Addresses(self.base).file(dataset_id, path)

    def describe(self, dataset_id: str) -> str:
        """Where the form about what no file says is sent."""
        return self._page(f"datasets/{_quoted(dataset_id)}/describe")

    def converted(self, dataset_id: str) -> str:
        """A dataset in a foreign format as NeXus."""
        return f"{self.base}/datasets/{_quoted(dataset_id)}/converted.nxs"

    def visit(self, visit_id: str) -> str:
        """A visit and what was recorded in it."""
        return self._page(f"visits/{quote(visit_id)}")

    def proposal(self, proposal_id: str) -> str:
        """A proposal and its visits."""
        return self._page(f"proposals/{quote(proposal_id)}")

    def instruments(self) -> str:
        """All instruments."""
        return self._page("instruments")

    def instrument(self, instrument_id: str) -> str:
        """An instrument and its newest datasets."""
        return self._page(f"instruments/{quote(instrument_id)}")

    def sample(self, sample_id: str) -> str:
        """A sample, where it comes from, and what was recorded of it."""
        return self._page(f"samples/{quote(sample_id)}")

    def collection(self, collection_id: str) -> str:
        """Datasets that somebody put together."""
        return self._page(f"collections/{quote(collection_id)}")

    def mine(self) -> str:
        """The data of whoever is logged in."""
        return self._page("my-data")

    def citations(self) -> str:
        """Where the form that cites a search is sent."""
        return self._page("citations")

    def citation(self, citation_id: str) -> str:
        """The page of a cited query."""
        return self._page(f"citations/{_quoted(citation_id)}")

    def cited(self, citation_id: str, form: str = "") -> str:
        """The address of a cited query to cite; with ``json`` or ``csv``, for machines."""
        return f"{self.base}/citations/{_quoted(citation_id)}" + (f".{form}" if form else "")

    def embargoes(self) -> str:
        """The embargoes of whoever is logged in; for the data office, what waits for a decision."""
        return self._page("embargoes")

    def embargo(self, subject: str) -> str:
        """How the embargo of a visit or a dataset stands (``visit:20250123-1``), with the form to ask."""
        return self._page("embargo") + "?" + urlencode({"of": subject})

    def embargo_decision(self) -> str:
        """Where the form that decides on a request is sent."""
        return self._page("embargo/decision")

    def plan(self, plan_id: str, form: str = "") -> str:
        """A data management plan; with ``form`` (``madmp``, ``opidor``, ``dsw``), its file."""
        return self._page(f"plans/{quote(plan_id)}") + (f"?as={form}" if form else "")

    def volumes(self, form: str = "") -> str:
        """How much was recorded; with ``form`` (``csv``, ``json``, ``svg``), as a file."""
        return self._page("volumes" + (f".{form}" if form else ""))

    def keeping(self) -> str:
        """How the archive is: what was read again, what is damaged."""
        return self._page("keeping")

    def publishing(self, kind: PidKind | None = None, identifier: str = "") -> str:
        """From where a thing is published, withdrawn and related to others; without one, what waits to be told."""
        return self._page(f"publishing/{kind.value}/{quote(identifier)}" if kind else "publishing")

    def declare(self, proposal_id: str) -> str:
        """The samples of a proposal, for its team to declare."""
        return self._page(f"team/samples/{quote(proposal_id)}")

    def change_sample(self, sample_id: str) -> str:
        """The form of a sample."""
        return self._page(f"team/sample/{quote(sample_id)}")

    def measured(self, dataset_id: str) -> str:
        """Where the team says which sample a dataset was measured of."""
        return self._page(f"datasets/{_quoted(dataset_id)}/sample")

    def personal(self) -> str:
        """What is kept of whoever is logged in."""
        return self._page("my-personal-data")

    def personal_copy(self) -> str:
        """A copy of it."""
        return self._page("my-personal-data/copy")

    def quarantine(self) -> str:
        """Datasets whose visit nobody knows yet."""
        return self._page("quarantine")

    def assign(self, dataset_id: str) -> str:
        """Where the form that gives a dataset its visit is sent."""
        return self._page(f"quarantine/{_quoted(dataset_id)}")

    def login(self, after: str = "") -> str:
        """The form to log in; ``after`` is the page to come back to."""
        return self._page("login") + ("?" + urlencode({"next": after}) if after else "")

    def logout(self) -> str:
        """Where the button that logs out is sent."""
        return self._page("logout")

    def help(self) -> str:
        """The search language, explained."""
        return self._page("help")

    def about(self) -> str:
        """The facility's data policy."""
        return self._page("about")

    def _page(self, path: str) -> str:
        return f"{self.base}/{self.language}/{path}"


@cache
def urls(language: Language) -> Urls:
    """Addresses of the pages in a language, from the root of this server."""
    return Urls(language)


def in_language(path_and_query: str, language: Language) -> str:
    """The same page in another language."""
    parts = path_and_query.split("/", 2)
    if len(parts) == 3 and parts[1] in LANGUAGES:
        return f"/{language}/{parts[2]}"
    return f"/{language}/"


def safe_next(target: str | None, *, otherwise: str) -> str:
    """Where to go after logging in: a page of this portal, never another site.

    Browsers read ``//host``, a backslash and control characters in surprising ways, so only a plain path on one of our
    languages is followed.
    """
    plain = target is not None and target.isprintable() and "\\" not in target and "//" not in target.split("?")[0]
    if plain and target is not None and target.startswith(tuple(f"/{language}/" for language in LANGUAGES)):
        return target
    return otherwise


def _quoted(segment: str) -> str:
    return quote(segment, safe="")
