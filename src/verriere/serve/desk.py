"""What every request needs, made once when the portal starts, and how a request gets at it."""

import logging
from typing import Annotated

from fastapi import Depends, Request

from verriere.errors import InputInvalid, NotFound
from verriere.facility import Facility
from verriere.serve.auth.sessions import Cookie, Sessions
from verriere.serve.auth.throttle import Throttle
from verriere.serve.caller import Caller, origin_of, path_and_query
from verriere.serve.conversions import Conversions
from verriere.serve.language import negotiate, words
from verriere.serve.meter import Meter
from verriere.serve.portal.render import Renderer
from verriere.serve.previews import Previews
from verriere.techniques.profile import Profiles, shipped
from verriere.urls import urls
from verriere.wording import LANGUAGES, Language

_LOG = logging.getLogger(__name__)


class Desk:
    """The parts of the portal of one facility."""

    def __init__(self, facility: Facility) -> None:
        settings = facility.settings
        self.facility = facility
        self.settings = settings
        self.catalogue = facility.catalogue
        self.words = {language: words(language, settings.facility.zone) for language in LANGUAGES}
        self.renderer = Renderer(settings.facility, tuple(self.words.values()))
        self.sessions = Sessions(facility.catalogue, facility.now, hours=settings.serve.session_hours)
        self.throttle = Throttle(facility.catalogue, facility.now)
        self.meter = Meter(facility)
        self.previews = Previews(facility.state / "previews", facility.archive)
        self.conversions = Conversions(facility.state / "conversions", facility.archive)
        self.session_cookie = Cookie.called("verriere_session", settings.serve)
        self.form_cookie = Cookie.called("verriere_form", settings.serve)

    @property
    def profiles(self) -> Profiles:
        """The technique profiles; those that are shipped, where one of the facility's own is wrong."""
        try:
            return self.facility.profiles
        except InputInvalid as error:
            _LOG.warning("the facility's own profiles do not count: %s", error.message)
            return shipped()

    def caller(self, request: Request, language: Language) -> Caller:
        """Who sent a request."""
        token = request.cookies.get(self.session_cookie.name)
        account = self.sessions.account(token) if token else None
        return Caller(
            words=self.words[language],
            urls=urls(language),
            here=path_and_query(request),
            origin=self.settings.serve.public_url.rstrip("/") or origin_of(request),
            account=account,
            secret=token if account else None,
        )


def desk_of(request: Request) -> Desk:
    """The portal that a request came to."""
    desk: Desk = request.app.state.desk
    return desk


def language_of(request: Request) -> Language:
    """The language of a page, or, where the address has none, the one that the browser likes best."""
    first = request.url.path.split("/", 2)[1]
    for language in LANGUAGES:
        if first == language:
            return language
    return negotiate(request.headers.get("accept-language", ""))


def caller_of(request: Request) -> Caller:
    """Who asks for a page; an address in a language that we do not write is not there."""
    language = request.path_params.get("language")
    if language is not None and language not in LANGUAGES:
        raise NotFound(f"no pages in {language}")
    return desk_of(request).caller(request, language_of(request))


AtDesk = Annotated[Desk, Depends(desk_of)]
Calling = Annotated[Caller, Depends(caller_of)]
