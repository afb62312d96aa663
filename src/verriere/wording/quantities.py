"""Quantities as a reader writes them."""

from babel import Locale
from babel.numbers import format_decimal

from verriere.wording import Language

LOCALES: dict[Language, Locale] = {"en": Locale("en", "GB"), "fr": Locale("fr", "FR")}

_UNITS: dict[Language, tuple[str, ...]] = {
    "en": ("B", "kB", "MB", "GB", "TB", "PB"),
    "fr": ("o", "ko", "Mo", "Go", "To", "Po"),
}


def decimal(value: float, language: Language) -> str:
    """A number with the language's separators."""
    return str(format_decimal(value, format="#,##0.##########", locale=LOCALES[language]))


def size(count: int, language: Language) -> str:
    """Bytes in the decimal units that disks are sold in."""
    plain, *units = _UNITS[language]
    if count < 1000:
        return f"{count} {plain}"
    value = float(count)
    for unit in units:
        value /= 1000
        if value < 999.5 or unit == units[-1]:
            return f"{decimal(float(f'{value:.3g}'), language)} {unit}"
    raise AssertionError("unreachable")
