"""French and English: sentences, days, numbers and sizes as a reader of the page writes them."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from math import isfinite
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from verriere.errors import ToolMissing
from verriere.wording import LANGUAGES, Language, quantities
from verriere.wording.quantities import LOCALES

DOMAIN = "portal"
NAMES: dict[Language, str] = {"en": "English", "fr": "Français"}


@dataclass(frozen=True, slots=True)
class Words:
    """How one language says things; `words` makes it.

    Parameters
    ----------
    language
        Of the page.
    zone
        The facility's: days and hours on pages are those of its clocks.
    translations
        English sentences to those of ``language``.
    """

    language: Language
    zone: ZoneInfo
    translations: NullTranslations

    def gettext(self, message: str, /, **facts: object) -> str:
        """The sentence in this language, ``%(name)s`` filled in from ``facts``."""
        said: str = self.translations.ugettext(message)
        return said % facts if facts else said

    def ngettext(self, singular: str, plural: str, number: int, /, **facts: object) -> str:
        """The sentence for that many; ``%(num)s`` is the number as the language writes it."""
        said: str = self.translations.ungettext(singular, plural, number)
        return said % {"num": self.number(number), **facts}

    def day(self, moment: datetime | date) -> str:
        """3 March 2027."""
        if isinstance(moment, datetime):
            moment = moment.astimezone(self.zone).date()
        return format_date(moment, format="long", locale=LOCALES[self.language])

    def moment(self, moment: datetime) -> str:
        """3 Mar 2027, 14:05, on the facility's clocks."""
        return format_datetime(moment, format="d MMM y, HH:mm", tzinfo=self.zone, locale=LOCALES[self.language])

    def number(self, value: float) -> str:
        """A number with the language's separators, whole or to 6 significant digits."""
        if isinstance(value, int):
            return format_decimal(value, format="#,##0", locale=LOCALES[self.language])
        if not isfinite(value):
            return str(value)
        if value != 0 and not 1e-4 <= abs(value) < 1e7:
            mantissa, exponent = f"{value:.5e}".split("e")
            return f"{self._decimal(float(mantissa))} × 10{_superscript(int(exponent))}"
        return self._decimal(float(f"{value:.6g}"))

    def size(self, count: int) -> str:
        """Bytes in the decimal units that disks are sold in."""
        return quantities.size(count, self.language)

    def _decimal(self, value: float) -> str:
        return quantities.decimal(value, self.language)


def words(language: Language, zone: ZoneInfo) -> Words:
    """The words of a language, at a facility in that time zone."""
    return Words(language, zone, _translations(language))


def negotiate(accepted: str) -> Language:
    """The language of ours that an ``Accept-Language`` header (RFC 9110, 12.5.4) likes best; else English."""
    liked: list[tuple[float, Language]] = []
    for part in accepted.split(","):
        tag, _, parameters = part.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        name, _, weight = parameters.strip().partition("=")
        try:
            quality = float(weight) if name.strip() == "q" else 1.0
        except ValueError:
            quality = 0.0
        liked += [(quality, language) for language in LANGUAGES if language == primary and quality > 0]
    return max(liked, key=lambda one: one[0])[1] if liked else "en"


@cache
def _translations(language: Language) -> NullTranslations:
    if language == "en":
        return NullTranslations()
    folder = files("verriere.serve").joinpath("locales")
    found = Translations.load(str(folder), [language], DOMAIN)
    if not isinstance(found, Translations):
        raise ToolMissing("the portal's translations are not compiled", hint="python hatch_build.py, or install again")
    return found


def _superscript(number: int) -> str:
    return str(number).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
