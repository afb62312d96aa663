"""The nouns of a user office's file, read field by field; what cannot be is said with the place of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from verriere import identifiers
from verriere.errors import InputInvalid
from verriere.model import (
    Funding,
    Instrument,
    Member,
    Person,
    Proposal,
    Related,
    Research,
    Role,
    Sample,
    Visit,
)
from verriere.nexus import times

_SCHEMES: Mapping[str, tuple[Callable[[str], str | None], str]] = MappingProxyType(
    {"DOI": (identifiers.doi, "10.1107/S1600577518002278"), "PDB": (identifiers.pdb, "1LYZ")}
)
_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)


class Record:
    """One object of the file: hands out its values, and notices the names that nobody asked for."""

    def __init__(self, where: str, fields: object, zone: ZoneInfo) -> None:
        if not isinstance(fields, Mapping):
            raise InputInvalid(f"{where} is not an object")
        self.where, self.fields, self.zone = where, fields, zone
        self.asked: set[str] = set()

    def text(self, name: str, default: str | None = None) -> str:
        """A text; without a default it has to be there."""
        self.asked.add(name)
        value = self.fields.get(name)
        value = default if value in (None, "") else value
        if value is None:
            raise InputInvalid(f"{self.where} has no {name}")
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise InputInvalid(f"{self.where}: {name} is not a text")
        return str(value).strip()

    def identifier(self, name: str, check: Callable[[str], str | None], example: str) -> str | None:
        """An identifier with its check digits right, as it is written; None where there is none."""
        value = self.text(name, "")
        if value and check(value) is None:
            raise InputInvalid(
                f"{self.where}: {name} is {value!r}: its form or its check digits are wrong", hint=f"such as {example}"
            )
        return value or None

    def one_of(self, name: str, kind: type[_E], default: str | None = None) -> _E:
        """One of the words of an enumeration."""
        value = self.text(name, default)
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(kind)
            raise InputInvalid(f"{self.where}: {name} is {value!r}", hint=f"it can be: {known}") from None

    def moment(self, name: str, *, is_end: bool = False) -> datetime:
        """A moment with its zone; a bare date is the beginning of that day, or its end."""
        value = self.text(name)
        moment = times.said(value, self.zone, is_end=is_end)
        if moment is None:
            raise InputInvalid(f"{self.where}: {name} is {value!r}", hint="write 2025-03-01T08:00, or 2025-03-01")
        return moment

    def flag(self, name: str) -> bool:
        """Yes or no; no where nothing is written."""
        self.asked.add(name)
        value = self.fields.get(name)
        if value in (None, "", False, "no", "false"):
            return False
        if value in (True, "yes", "true"):
            return True
        raise InputInvalid(f"{self.where}: {name} is {value!r}", hint="write true or false")

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(str(value) for value in self._list(name))

    def each(self, name: str, make: Callable[["Record"], _T]) -> tuple[_T, ...]:
        """The objects of a list, each read to its end."""
        made = []
        for number, fields in enumerate(self._list(name)):
            record = Record(f"{self.where}.{name}[{number}]", _flat(fields), self.zone)
            made.append(make(record))
            record.finish()
        return tuple(made)

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        """A list of pairs of texts."""
        pairs = self._list(name)
        for pair in pairs:
            if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)):
                raise InputInvalid(f"{self.where}: {name} is not a list of pairs of texts")
        return tuple((first, second) for first, second in pairs)

    def _list(self, name: str) -> Sequence[Any]:
        self.asked.add(name)
        value = self.fields.get(name, [])
        if not isinstance(value, list):
            raise InputInvalid(f"{self.where}: {name} is not a list")
        return value

    def finish(self) -> None:
        """Refuse what nobody asked for: a misspelt name must not be lost in silence."""
        for name in self.fields:
            if name not in self.asked:
                raise InputInvalid(f"{self.where}: nobody knows {name!r}", hint=f"known: {', '.join(self.asked)}")


def _flat(member: object) -> object:
    """A member with the person's facts beside the role, as the model nests them or as people write them."""
    if isinstance(member, Mapping) and isinstance(person := member.get("person"), Mapping):
        return {**{name: value for name, value in member.items() if name != "person"}, **person}
    return member


def instrument(record: Record) -> Instrument:
    """A beamline."""
    name = record.text("id")
    return Instrument(
        name,
        record.text("name", name),
        record.text("description", ""),
        record.texts("aliases"),
        owners=record.each("owners", person),
        manufacturers=record.each("manufacturers", person),
        model=record.text("model", ""),
        techniques=record.texts("techniques"),
        commissioned=record.text("commissioned", ""),
        related=record.each("related", related),
    )


def proposal(record: Record) -> Proposal:
    """An accepted request for beamtime."""
    return Proposal(
        record.text("id"),
        record.text("title"),
        record.one_of("research", Research, "public"),
        record.text("abstract", ""),
        record.each("members", member),
        kind=record.text("kind", ""),
        language=record.text("language", ""),
        translations=record.pairs("translations"),
        funding=record.each("funding", funding),
        related=record.each("related", related),
    )


def visit(record: Record) -> Visit:
    """One allotted period."""
    if record.texts("decisions"):
        raise InputInvalid(f"{record.where}: decisions on embargoes are not imported", hint="leave them out")
    return Visit(
        record.text("id"),
        record.text("proposal_id"),
        record.text("instrument_id"),
        record.moment("start"),
        record.moment("end", is_end=True),
        record.each("members", member),
    )


def sample(record: Record) -> Sample:
    """What is to be measured."""
    return Sample(
        record.text("id"),
        record.text("proposal_id"),
        record.text("name"),
        record.text("description", ""),
        record.text("formula", ""),
        record.text("parent_id", "") or None,
        kind=record.text("kind", ""),
        location=record.text("location", ""),
        shipment=record.text("shipment", ""),
        hazards=record.text("hazards", ""),
        related=record.each("related", related),
    )


def member(record: Record) -> Member:
    """A person and their role."""
    someone = person(record)
    if "@" not in someone.email:
        raise InputInvalid(f"{record.where}: {someone.email!r} is not an e-mail address")
    return Member(someone, record.one_of("role", Role, Role.EXPERIMENTER))


def person(record: Record) -> Person:
    """A person or an organisation; only members need an address."""
    return Person(
        record.text("name"),
        record.text("email", ""),
        record.identifier("orcid", identifiers.orcid, "0000-0002-1825-0097"),
        record.text("affiliation", "") or None,
        record.identifier("ror", identifiers.ror, "https://ror.org/01ydb3330"),
        record.flag("organisation"),
    )


def funding(record: Record) -> Funding:
    """A grant."""
    return Funding(
        record.text("funder"),
        record.identifier("funder_id", identifiers.funder, "https://ror.org/00rbzpz17"),
        *(record.text(part, "") or None for part in ("award_number", "award_title", "award_uri")),
    )


def related(record: Record) -> Related:
    """Something published elsewhere."""
    scheme = record.text("scheme", "DOI")
    check, example = _SCHEMES.get(scheme, (str, ""))
    return Related(
        record.text("relation"),
        record.identifier("identifier", check, example) or record.text("identifier"),
        scheme,
        record.text("title", ""),
        record.text("kind", ""),
    )
