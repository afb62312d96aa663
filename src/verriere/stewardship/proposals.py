"""What a user office hands over: proposals, visits, their teams and samples, from JSON or from a table.

JSON has the model's own names::

    {"instruments": [{"id": "SWING", "name": "SWING", "aliases": ["I11"]}],
     "proposals": [{"id": "20250123", "title": "Silver behenate", "research": "public",
                    "members": [{"name": "Doe, Jane", "email": "jd@example.org",
                                 "role": "principal-investigator"}]}],
     "visits": [{"id": "20250123-1", "proposal_id": "20250123", "instrument_id": "SWING",
                 "start": "2025-03-01T08:00", "end": "2025-03-03T08:00"}],
     "samples": [{"id": "S1", "proposal_id": "20250123", "name": "silver behenate"}]}

Visits and samples may also stand inside their proposal. A table (CSV) has one line for each member or sample, with
the columns of `COLUMNS`; a proposal or a visit may be named on as many lines as it needs, and what an earlier line
said of it need not be said again.
"""

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from verriere.errors import InputInvalid
from verriere.model import Instrument, Member, Person, Proposal, Research, Role, Sample, Visit

COLUMNS = (
    "proposal",
    "proposal_title",
    "research",
    "visit",
    "instrument",
    "start",
    "end",
    "name",
    "email",
    "role",
    "orcid",
    "affiliation",
    "sample",
    "sample_name",
    "formula",
)

_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Beamtime:
    """All that one file of a user office says."""

    instruments: tuple[Instrument, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    visits: tuple[Visit, ...] = ()
    samples: tuple[Sample, ...] = ()


def read(path: Path, zone: ZoneInfo) -> Beamtime:
    """Read a file of proposals; CSV by its name, JSON otherwise.

    Parameters
    ----------
    zone
        Of times that are written without one. A bare date means the beginning of that day for a start, and its end
        for an end.

    Raises
    ------
    InputInvalid
        The file cannot be read, or says something that cannot be; the message says in which line or record.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputInvalid(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputInvalid(f"{path} is not UTF-8", hint="save it as UTF-8 (in a spreadsheet: CSV UTF-8)") from error
    if path.suffix.lower() in {".csv", ".tsv"}:
        return _from_rows(_rows(path, text), zone)
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputInvalid(f"{path} is not JSON: {error}", hint="a table has to be named .csv") from error
    if not isinstance(values, dict) or not values.keys() <= {"instruments", "proposals", "visits", "samples"}:
        raise InputInvalid(f"{path} is not an object with instruments, proposals, visits and samples")
    return _checked(_from_values(_unnested(values), zone))


def _unnested(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same with visits and samples beside the proposals, where they stand inside them."""
    flat: dict[str, Any] = {kind: list(_list_in(values, kind)) for kind in values}
    for number, proposal in enumerate(_list_in(values, "proposals")):
        if not isinstance(proposal, Mapping):
            continue
        for kind in {"visits", "samples"} & proposal.keys():
            inner = [{"proposal_id": proposal.get("id"), **each} for each in _list_in(proposal, kind)]
            flat[kind] = [*flat.get(kind, []), *inner]
        flat["proposals"][number] = {k: v for k, v in proposal.items() if k not in {"visits", "samples"}}
    return flat


def _list_in(values: Mapping[str, Any], kind: str) -> Sequence[Any]:
    listed = values.get(kind, [])
    if not isinstance(listed, list):
        raise InputInvalid(f"{kind} is not a list")
    return listed


def _from_values(values: Mapping[str, Any], zone: ZoneInfo) -> Beamtime:
    def each(kind: str, make: Callable[["_Record"], _T]) -> tuple[_T, ...]:
        made = []
        for number, fields in enumerate(_list_in(values, kind)):
            record = _Record(f"{kind}[{number}]", fields, zone)
            made.append(make(record))
            record.finish()
        return tuple(made)

    return Beamtime(
        each("instruments", _instrument), each("proposals", _proposal), each("visits", _visit), each("samples", _sample)
    )


class _Record:
    """One object of the file: hands out its values, and notices the names that nobody asked for."""

    def __init__(self, where: str, fields: object, zone: ZoneInfo) -> None:
        if not isinstance(fields, Mapping):
            raise InputInvalid(f"{where} is not an object")
        self.where, self.fields, self.zone = where, fields, zone
        self.asked: set[str] = set()

    def text(self, name: str, default: str | None = None) -> str:
        self.asked.add(name)
        value = self.fields.get(name)
        value = default if value in (None, "") else value
        if value is None:
            raise InputInvalid(f"{self.where} has no {name}")
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise InputInvalid(f"{self.where}: {name} is not a text")
        return str(value).strip()

    def one_of(self, name: str, kind: type[_E], default: str | None = None) -> _E:
        value = self.text(name, default)
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(kind)
            raise InputInvalid(f"{self.where}: {name} is {value!r}", hint=f"it can be: {known}") from None

    def moment(self, name: str, *, is_end: bool = False) -> datetime:
        value = self.text(name)
        try:
            made = datetime.fromisoformat(value)
        except ValueError:
            raise InputInvalid(
                f"{self.where}: {name} is {value!r}", hint="write 2025-03-01T08:00, or 2025-03-01"
            ) from None
        if is_end and len(value) == len("2025-03-01"):
            made += timedelta(days=1)
        return made if made.tzinfo else made.replace(tzinfo=self.zone)

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(str(value) for value in self._list(name))

    def members(self) -> tuple[Member, ...]:
        made = []
        for number, fields in enumerate(self._list("members")):
            record = _Record(f"{self.where}.members[{number}]", _flat(fields), self.zone)
            made.append(_member(record))
            record.finish()
        return tuple(made)

    def _list(self, name: str) -> Sequence[Any]:
        self.asked.add(name)
        value = self.fields.get(name, [])
        if not isinstance(value, list):
            raise InputInvalid(f"{self.where}: {name} is not a list")
        return value

    def finish(self) -> None:
        for name in self.fields:
            if name not in self.asked:
                raise InputInvalid(f"{self.where}: nobody knows {name!r}", hint=f"known: {', '.join(self.asked)}")


def _flat(member: object) -> object:
    """A member with the person's facts beside the role, as the model nests them or as people write them."""
    if isinstance(member, Mapping) and isinstance(person := member.get("person"), Mapping):
        return {**{name: value for name, value in member.items() if name != "person"}, **person}
    return member


def _instrument(record: _Record) -> Instrument:
    name = record.text("id")
    return Instrument(name, record.text("name", name), record.text("description", ""), record.texts("aliases"))


def _proposal(record: _Record) -> Proposal:
    return Proposal(
        record.text("id"),
        record.text("title"),
        record.one_of("research", Research, "public"),
        record.text("abstract", ""),
        record.members(),
    )


def _visit(record: _Record) -> Visit:
    if record.texts("decisions"):
        raise InputInvalid(f"{record.where}: decisions on embargoes are not imported", hint="leave them out")
    return Visit(
        record.text("id"),
        record.text("proposal_id"),
        record.text("instrument_id"),
        record.moment("start"),
        record.moment("end", is_end=True),
        record.members(),
    )


def _sample(record: _Record) -> Sample:
    return Sample(
        record.text("id"),
        record.text("proposal_id"),
        record.text("name"),
        record.text("description", ""),
        record.text("formula", ""),
        record.text("parent_id", "") or None,
    )


def _member(record: _Record) -> Member:
    email = record.text("email")
    if "@" not in email:
        raise InputInvalid(f"{record.where}: {email!r} is not an e-mail address")
    person = Person(
        record.text("name"), email, record.text("orcid", "") or None, record.text("affiliation", "") or None
    )
    return Member(person, record.one_of("role", Role, Role.EXPERIMENTER))


def _rows(path: Path, text: str) -> Iterable[tuple[str, dict[str, str]]]:
    first = text.partition("\n")[0]
    # A spreadsheet set to French writes semicolons.
    reader = csv.DictReader(text.splitlines(), delimiter=max(",;\t", key=first.count))
    unknown = set(reader.fieldnames or ()) - set(COLUMNS)
    if unknown:
        raise InputInvalid(
            f"{path}: nobody knows the column {min(unknown)!r}", hint=f"the columns are: {', '.join(COLUMNS)}"
        )
    for number, row in enumerate(reader, start=2):
        yield f"line {number}", {name: (value or "").strip() for name, value in row.items() if name is not None}


def _from_rows(rows: Iterable[tuple[str, dict[str, str]]], zone: ZoneInfo) -> Beamtime:
    proposals: dict[str, Proposal] = {}
    visits: dict[str, Visit] = {}
    samples: dict[str, Sample] = {}
    for where, row in rows:
        record = _Record(where, row, zone)
        about = record.text("proposal")
        if row.get("proposal_title") or about not in proposals:
            research = record.one_of(
                "research", Research, proposals[about].research if about in proposals else "public"
            )
            members = proposals[about].members if about in proposals else ()
            proposals[about] = Proposal(about, record.text("proposal_title"), research, members=members)
        if row.get("email"):
            member = _member(record)
            others = tuple(m for m in proposals[about].members if m.person.key != member.person.key)
            proposals[about] = replace(proposals[about], members=(*others, member))
        if row.get("visit") and row["visit"] not in visits:
            visits[row["visit"]] = Visit(
                row["visit"],
                about,
                record.text("instrument"),
                record.moment("start"),
                record.moment("end", is_end=True),
            )
        if row.get("sample"):
            samples[row["sample"]] = Sample(
                row["sample"], about, record.text("sample_name", row["sample"]), formula=record.text("formula", "")
            )
    return _checked(Beamtime((), tuple(proposals.values()), tuple(visits.values()), tuple(samples.values())))


def _checked(said: Beamtime) -> Beamtime:
    for kind in (said.instruments, said.proposals, said.visits, said.samples):
        seen: set[str] = set()
        for record in kind:
            if record.id in seen:
                raise InputInvalid(f"{type(record).__name__.lower()} {record.id!r} is there twice")
            seen.add(record.id)
    for visit in said.visits:
        if visit.end <= visit.start:
            raise InputInvalid(f"visit {visit.id!r} ends before it starts")
    return said
