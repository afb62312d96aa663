"""What a list of plans is asked for: the query of a request, read and checked, and what fits it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, TypeVar

from starlette.datastructures import QueryParams

from verriere.serve.madmp.answering import Problem
from verriere.stewardship.dmp import standard
from verriere.stewardship.dmp.standard import Json

SORTED_BY = ("title", "created", "modified", "language", "embargo", "keyword")
MOST = 100
USUAL = 20

T = TypeVar("T")
Fits = Callable[[dict[str, Json]], bool]
"""Whether a plan (what is in ``dmp``) is one of those asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A list that somebody asks for; every filter has to fit.

    Parameters
    ----------
    sort
        Fields, and whether the largest comes first.
    """

    offset: int
    count: int
    sort: tuple[tuple[str, bool], ...]
    filters: tuple[Fits, ...]

    @classmethod
    def of(cls, query: QueryParams) -> "Asked":
        """Read the query of a request.

        Raises
        ------
        Problem
            It has something in it that cannot be.
        """
        return cls(
            offset=_whole(query, "offset", 0, least=0),
            count=_whole(query, "count", USUAL, least=1, most=MOST),
            sort=tuple(_order(text) for text in query.getlist("sort[]")) or (("created", True),),
            filters=tuple(_filters(query)),
        )

    def fits(self, plan: dict[str, Json]) -> bool:
        """Whether every filter fits a plan."""
        return all(one(plan) for one in self.filters)

    def ordered(self, plans: list[tuple[T, dict[str, Json]]]) -> list[tuple[T, dict[str, Json]]]:
        """Plans in the order asked for; those that say nothing of a field come last."""
        found = plans
        for field, descending in reversed(self.sort):
            known = [pair for pair in found if _key(pair[1], field)]
            unknown = [pair for pair in found if not _key(pair[1], field)]
            found = sorted(known, key=lambda pair: _key(pair[1], field), reverse=descending) + unknown
        return found


def _filters(query: QueryParams) -> Iterator[Fits]:
    yield from _filters_by_time(query)
    yield from _filters_by_word(query)


def _filters_by_time(query: QueryParams) -> Iterator[Fits]:
    for name in ("created", "modified"):
        for side in ("before", "after"):
            if (text := query.get(f"{name}_{side}")) is not None:
                yield _in_time(name, _moment(f"{name}_{side}", text), before=side == "before")
    for side in ("before", "after"):
        if (text := query.get(f"embargo_{side}")) is not None:
            yield _in_embargo(_day(f"embargo_{side}", text), before=side == "before")


def _filters_by_word(query: QueryParams) -> Iterator[Fits]:
    if languages := query.getlist("languages[]"):
        for code in languages:
            if code not in standard.words("language"):
                raise _invalid("languages[]", code, "a code of ISO 639-3")
        yield lambda plan: plan.get("language") in languages
    for name, places in _IDENTIFIERS.items():
        if wanted := query.getlist(name):
            yield _identified(places, frozenset(wanted))
    if (text := query.get("ethical_issues_exist")) is not None:
        if text not in {"true", "false"}:
            raise _invalid("ethical_issues_exist", text, "true or false")
        word = "yes" if text == "true" else "no"
        yield lambda plan: plan.get("ethical_issues_exist") == word
    if text := query.get("query"):
        folded = text.casefold()
        yield lambda plan: any(folded in each.casefold() for each in _texts(plan))


_IDENTIFIERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "contact_ids[]": (("contact", "contact_id"),),
    "contributor_ids[]": (("contributor", "contributor_id"),),
    "dataset_ids[]": (("dataset", "dataset_id"),),
    "metadata_standard_ids[]": (("dataset", "metadata", "metadata_standard_id"),),
    "dmp_ids[]": (("dmp_id",),),
    "funder_ids[]": (("project", "funding", "funder_id"),),
    "grant_ids[]": (("project", "funding", "grant_id"),),
}
"""Where the identifiers stand that a filter is about."""


def _identified(places: tuple[tuple[str, ...], ...], wanted: frozenset[str]) -> Fits:
    return lambda plan: any(one.get("identifier") in wanted for place in places for one in _at(plan, place))


def _in_time(name: str, limit: datetime, *, before: bool) -> Fits:
    def fits(plan: dict[str, Json]) -> bool:
        text = plan.get(name)
        if not isinstance(text, str) or not standard.is_moment(text):
            return False
        moment = datetime.fromisoformat(text.upper())
        return moment < limit if before else moment > limit

    return fits


def _in_embargo(limit: date, *, before: bool) -> Fits:
    def fits(plan: dict[str, Json]) -> bool:
        return any((day < limit) if before else (day > limit) for day in map(date.fromisoformat, embargoes(plan)))

    return fits


def embargoes(plan: dict[str, Json]) -> list[str]:
    """The days from which on data of a plan are licensed to everyone, the first first."""
    days = [one.get("start_date") for one in _at(plan, ("dataset", "distribution", "license"))]
    return sorted(day for day in days if isinstance(day, str) and standard.is_date(day))


def _key(plan: dict[str, Json], field: str) -> str:
    if field == "embargo":
        return next(iter(embargoes(plan)), "")
    if field == "keyword":
        words = [word for one in _at(plan, ("dataset",)) for word in one.get("keyword") or [] if isinstance(word, str)]
        return min(words, default="").casefold()
    value = plan.get(field)
    return value.casefold() if isinstance(value, str) else ""


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _at(value: Json, path: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The objects at a path; a list on the way means each of its entries."""
    if isinstance(value, list):
        for entry in value:
            yield from _at(entry, path)
    elif isinstance(value, dict):
        if path:
            yield from _at(value.get(path[0]), path[1:])
        else:
            yield value


def _order(text: str) -> tuple[str, bool]:
    field, _, direction = text.partition(",")
    if field not in SORTED_BY or direction not in {"asc", "desc"}:
        raise _invalid("sort[]", text, f"{', '.join(SORTED_BY)}, each with ,asc or ,desc")
    return field, direction == "desc"


def _whole(query: QueryParams, name: str, usual: int, *, least: int, most: int | None = None) -> int:
    text = query.get(name)
    if text is None:
        return usual
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 4000):
        raise _invalid(name, text, "a whole number")
    value = int(text)
    if value < least or (most is not None and value > most):
        raise _invalid(name, text, f"{least} at least" + (f", {most} at most" if most else ""))
    return value


def _moment(name: str, text: str) -> datetime:
    # In an address a plus that was not quoted arrives as a space.
    written = text[:-6] + text[-6:].replace(" ", "+")
    if not standard.is_moment(written):
        raise _invalid(name, text, "a moment with its zone: 2025-03-01T08:00:00Z")
    return datetime.fromisoformat(written.upper())


def _day(name: str, text: str) -> date:
    if not standard.is_date(text):
        raise _invalid(name, text, "a day: 2025-03-01")
    return date.fromisoformat(text)


def _invalid(name: str, text: str, wanted: str) -> Problem:
    message = f"{name} is {text[:60]!r}, and should be {wanted}"
    return Problem(HTTPStatus.BAD_REQUEST, "invalid_query_string", message)
