"""From a page's facts to HTML: one Jinja2 environment a language, autoescaped, strict about what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from verriere import __version__
from verriere.serve.language import NAMES, Words
from verriere.serve.static import address
from verriere.settings import FacilitySettings
from verriere.urls import in_language

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from verriere.serve.caller import Caller


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says about the facility."""

    name: str
    contact: str
    version: str

    @property
    def contact_url(self) -> str:
        """Where the contact is reached: an address or a page."""
        return self.contact if self.contact.startswith(("http://", "https://")) else f"mailto:{self.contact}"


class Renderer:
    """Makes pages of one facility.

    Parameters
    ----------
    languages
        The words of each language that pages are written in.
    """

    def __init__(self, settings: FacilitySettings, languages: tuple[Words, ...]) -> None:
        site = Site(settings.name, settings.contact, __version__)
        self._environments = {words.language: _environment(words, site) for words in languages}

    def page(
        self,
        caller: "Caller",
        template: str,
        page: "DataclassInstance",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """The page that ``template`` makes of the facts in ``page``; ``headers`` are added to those of every page."""
        environment = self._environments[caller.words.language]
        text = environment.get_template(template).render(page=page, caller=caller, urls=caller.urls)
        always = {"Content-Language": caller.words.language, "Vary": "Cookie"}
        return HTMLResponse(text, status_code=status, headers={**always, **(headers or {})})


def _environment(words: Words, site: Site) -> Environment:
    environment = Environment(
        loader=PackageLoader("verriere.serve.portal"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(words.translations, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {"site": site, "languages": NAMES, "in_language": in_language, "asset": address}
    environment.globals["icon"] = environment.get_template("icons.html").module.icon  # type: ignore[attr-defined]
    return environment
