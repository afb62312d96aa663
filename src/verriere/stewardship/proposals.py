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

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from verriere.errors import InputInvalid
from verriere.model import Instrument, Proposal, Research, Sample, Visit
from verriere.stewardship import nouns, tables
from verriere.stewardship.nouns import Record

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
    "ror",
    "sample",
    "sample_name",
    "formula",
)

_T = TypeVar("_T")


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
    text = tables.text_of(path)
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
    def each(kind: str, make: Callable[[Record], _T]) -> tuple[_T, ...]:
        made = []
        for number, fields in enumerate(_list_in(values, kind)):
            record = Record(f"{kind}[{number}]", fields, zone)
            made.append(make(record))
            record.finish()
        return tuple(made)

    return Beamtime(
        each("instruments", nouns.instrument),
        each("proposals", nouns.proposal),
        each("visits", nouns.visit),
        each("samples", nouns.sample),
    )


def _rows(path: Path, text: str) -> Iterable[tuple[str, dict[str, str]]]:
    for number, row in tables.rows(path, text, COLUMNS):
        yield f"line {number}", {name: value for name, value in row.items() if name != tables.EXTRA}


def _from_rows(rows: Iterable[tuple[str, dict[str, str]]], zone: ZoneInfo) -> Beamtime:
    proposals: dict[str, Proposal] = {}
    visits: dict[str, Visit] = {}
    samples: dict[str, Sample] = {}
    for where, row in rows:
        record = Record(where, row, zone)
        about = record.text("proposal")
        if row.get("proposal_title") or about not in proposals:
            research = record.one_of(
                "research", Research, proposals[about].research if about in proposals else "public"
            )
            members = proposals[about].members if about in proposals else ()
            proposals[about] = Proposal(about, record.text("proposal_title"), research, members=members)
        if row.get("email"):
            member = nouns.member(record)
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
