"""Pages that explain: the data policy, and the search language."""

from dataclasses import dataclass

from verriere.model import State
from verriere.serve.caller import Caller
from verriere.serve.portal import sentences
from verriere.settings import Settings


@dataclass(frozen=True, slots=True)
class StateRow:
    """A state and who may see what is in it."""

    kind: str
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class AboutPage:
    """What ``about.html`` shows."""

    states: tuple[StateRow, ...]
    embargo: str
    extensions: str
    metadata: str
    licence: str


@dataclass(frozen=True, slots=True)
class Example:
    """A search, where it leads, and what it means."""

    query: str
    url: str
    meaning: str


@dataclass(frozen=True, slots=True)
class HelpPage:
    """What ``help.html`` shows."""

    examples: tuple[Example, ...]


def about_page(caller: Caller, settings: Settings) -> AboutPage:
    """The facility's policy, in the words of its settings."""
    words, embargo = caller.words, settings.embargo
    _ = words.gettext
    states = [State.OPEN, State.EMBARGOED, State.PROPRIETARY, State.WITHDRAWN]
    if caller.viewer.is_data_office:
        states.append(State.QUARANTINED)
    labels = [sentences.status(words, state) for state in states]
    return AboutPage(
        states=tuple(
            StateRow(label.kind, label.label, sentences.meaning(words, state, embargo))
            for state, label in zip(states, labels, strict=True)
        ),
        embargo=sentences.embargo(words, embargo),
        extensions=sentences.extensions(words, embargo),
        metadata=_("No bytes, pictures or names of files are shown to others before that day."),
        licence=_(
            "Open data has the licence %(licence)s: use it for anything, and cite it as its page says.",
            licence=embargo.licence,
        ),
    )


def help_page(caller: Caller) -> HelpPage:
    """The search language by example; each is a link that tries it."""
    _ = caller.words.gettext
    examples = (
        ("silver", _("The word, or any that begins with it, in titles, samples, people and parameters")),
        ('"silver behenate"', _("These words, next to each other")),
        ('sample:"silver behenate"', _("The words in the sample's name only")),
        ("technique:SAXS", _("A technique, by its name or its usual letters; narrower techniques are found too")),
        ("beamline:SWING", _("A beamline")),
        ("energy:>12keV", _("Photons of more than 12 keV")),
        ("wavelength:0.9..1.1Å", _("A wavelength between 0.9 and 1.1 ångström")),
        ("after:2024-01 before:2024-07", _("Recorded from January to June 2024")),
        ("status:open", _("Open data; the other states are embargoed and proprietary")),
        ("silver -calibration", _("What to leave out")),
        ("(saxs or tomography) year:2024", _("One or the other, and a year")),
    )
    return HelpPage(tuple(Example(query, caller.urls.search([("q", query)]), meaning) for query, meaning in examples))
