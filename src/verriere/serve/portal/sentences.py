"""What several pages say in words: states, roles, the rules of the facility."""

from dataclasses import dataclass
from datetime import datetime

from verriere.errors import VerriereError
from verriere.model import Research, Role, Severity, State
from verriere.serve.language import Words
from verriere.settings import EmbargoSettings
from verriere.wording import refused

LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


@dataclass(frozen=True, slots=True)
class Status:
    """A state with its name in the page's language; ``kind`` picks icon and colour."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go; ``note`` says more."""

    label: str
    url: str
    note: str = ""


def status(words: Words, state: State) -> Status:
    """The short name of a state."""
    _ = words.gettext
    labels = {
        State.OPEN: _("Open"),
        State.EMBARGOED: _("Embargoed"),
        State.PROPRIETARY: _("Proprietary"),
        State.QUARANTINED: _("In quarantine"),
        State.WITHDRAWN: _("Withdrawn"),
    }
    return Status(state.value, labels[state])


def meaning(words: Words, state: State, settings: EmbargoSettings) -> str:
    """Who may see a dataset in that state."""
    _ = words.gettext
    if state is State.OPEN and settings.open_to == "registered":
        return _("Anyone sees everything recorded about it; whoever has an account downloads it.")
    if state is State.EMBARGOED and settings.public_metadata == "full":
        return _("Its team sees and downloads it. Others see what is recorded about it and the day it opens, no data.")
    meanings = {
        State.OPEN: _("Anyone sees it and downloads it, without an account."),
        State.EMBARGOED: _(
            "Its team sees and downloads it. Others see the citation: title, team, beamline, technique, dates and the "
            "day it opens."
        ),
        State.PROPRIETARY: _("Paid research: only its team knows that it exists. It never opens."),
        State.QUARANTINED: _("Nobody knows yet which visit it belongs to. Only the data office sees it."),
        State.WITHDRAWN: _("It was published, and is no more: its citation and the reason are left."),
    }
    return meanings[state]


def access_sentence(words: Words, state: State, opens_at: datetime | None, opened_at: datetime | None) -> str:
    """The state of a dataset with its day, as one says it."""
    _ = words.gettext
    if state is State.EMBARGOED and opens_at is not None:
        return _("Under embargo. It opens by itself on %(day)s.", day=words.day(opens_at))
    if state is State.OPEN and opened_at is not None:
        return _("Open since %(day)s.", day=words.day(opened_at))
    sentences = {
        State.OPEN: _("Open to everyone."),
        State.EMBARGOED: _("Under embargo."),
        State.PROPRIETARY: _("Proprietary: seen by its team only, and never published."),
        State.QUARANTINED: _("In quarantine until the data office has found its visit."),
        State.WITHDRAWN: _("Withdrawn: its citation is left, for its team also the data."),
    }
    return sentences[state]


def embargo(words: Words, settings: EmbargoSettings) -> str:
    """How long data are the team's alone."""
    years = settings.years
    if years == 0:
        return words.gettext("Data of public research opens at the end of its visit.")
    return words.ngettext(
        "Data of public research is for its team alone for one year from the end of the visit. Then it opens by "
        "itself.",
        "Data of public research is for its team alone for %(num)s years from the end of the visit. Then it opens by "
        "itself.",
        years,
    )


def extensions(words: Words, settings: EmbargoSettings) -> str:
    """How an embargo can become longer or shorter."""
    if settings.extensions == 0:
        return words.gettext("It cannot be extended; the team may release its data earlier.")
    times = words.ngettext("once", "%(num)s times", settings.extensions)
    years = words.ngettext("by one year", "by %(num)s years", settings.extension_years)
    return words.gettext(
        "On request it can be extended %(times)s, %(years)s each time. The team may release its data earlier.",
        times=times,
        years=years,
    )


def role(words: Words, which: Role) -> str:
    """What a member is to a proposal or a visit."""
    _ = words.gettext
    names = {
        Role.PRINCIPAL_INVESTIGATOR: _("principal investigator"),
        Role.CO_PROPOSER: _("co-proposer"),
        Role.EXPERIMENTER: _("experimenter"),
        Role.LOCAL_CONTACT: _("local contact"),
    }
    return names[which]


def research(words: Words, which: Research) -> str:
    """Whether results are promised to everyone."""
    _ = words.gettext
    return _("public research") if which is Research.PUBLIC else _("proprietary research")


def severity(words: Words, which: Severity) -> str:
    """How much a finding matters."""
    _ = words.gettext
    return {Severity.ERROR: _("Error"), Severity.WARNING: _("To complete"), Severity.INFO: _("Note")}[which]


def file_role(words: Words, which: str) -> str:
    """What a file is in its dataset."""
    _ = words.gettext
    names = {"data": _("data"), "companion": _("linked from the data"), "auxiliary": _("flats, darks, positions")}
    return names.get(which, _("other"))


def event(words: Words, which: str) -> str:
    """What happened to a dataset; an event of a newer version is shown as it is."""
    _ = words.gettext
    names = {
        "registered": _("Entered in the catalogue"),
        "updated": _("Changed in the catalogue"),
        "opened": _("Opened: its embargo ended"),
        "assigned": _("Given its visit by the data office"),
        "described": _("Described further by its team"),
        "sample": _("Its team said what was measured"),
        "person-erased": _("Personal data erased"),
        "rebuilt": _("Restored from the archive"),
        "damaged": _("Found damaged when it was read again"),
        "mended": _("Mended from the second copy"),
        "whole-again": _("Found whole again"),
    }
    return names.get(which, which)


def trouble(words: Words, error: VerriereError) -> str:
    """Why something that a form asked for was not done."""
    return words.gettext("This could not be done: %(message)s.", message=refused(error, words.language))
