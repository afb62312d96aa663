"""How often datasets are used: the counts, and the little that must be remembered to count."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, tuple_

from verriere.catalogue.tables import dataset, usage_count, usage_salt, usage_seen
from verriere.catalogue.visibility import visible
from verriere.model import ANONYMOUS
from verriere.policy import AccessRules
from verriere.policy.usage import NOTHING, Counts, Use, forgotten, keys, tally

_METRICS = ("total_investigations", "unique_investigations", "total_requests", "unique_requests")
_CHUNK = 300


def salt(connection: Connection, day: str) -> str:
    """What users are hashed with on a day, made when it is first asked for. Those of other days are thrown away."""
    connection.execute(delete(usage_salt).where(usage_salt.c.day != day))
    found = connection.scalar(select(usage_salt.c.salt).where(usage_salt.c.day == day))
    if found is None:
        found = secrets.token_hex(32)
        connection.execute(insert(usage_salt), [{"day": day, "salt": found}])
    return found


def note(connection: Connection, uses: Sequence[Use], now: datetime) -> None:
    """Count uses; what is not needed to count the next ones is forgotten."""
    for start in range(0, len(uses), _CHUNK):
        _note(connection, uses[start : start + _CHUNK])
    connection.execute(delete(usage_seen).where(usage_seen.c.last_at < forgotten(now)))
    # A day's secret is needed until that day has ended in every zone.
    connection.execute(delete(usage_salt).where(usage_salt.c.day < (now - timedelta(days=1)).date().isoformat()))


def of_dataset(connection: Connection, identifier: str) -> dict[str, Counts]:
    """All that was counted of a dataset, by way of access."""
    of = usage_count.c
    query = select(of.access, *(func.sum(of[name]).label(name) for name in _METRICS)).where(of.dataset_id == identifier)
    return {row.access: _counts(row) for row in connection.execute(query.group_by(of.access))}


def by_month(connection: Connection, rules: AccessRules, first: str, last: str) -> list[tuple[str, str, str, Counts]]:
    """Dataset, month, access and counts from the first to the last day, of datasets that everybody may know of."""
    of = usage_count.c
    month = func.substr(of.day, 1, 7).label("month")
    public = select(dataset.c.id).where(visible(ANONYMOUS, rules))
    query = (
        select(of.dataset_id, month, of.access, *(func.sum(of[name]).label(name) for name in _METRICS))
        .where(of.day >= first, of.day <= last, of.dataset_id.in_(public))
        .group_by(of.dataset_id, month, of.access)
        .order_by(of.dataset_id, month, of.access)
    )
    return [(row.dataset_id, row.month, row.access, _counts(row)) for row in connection.execute(query)]


def _note(connection: Connection, uses: Sequence[Use]) -> None:
    wanted = {key for use in uses for key in keys(use)}
    seen = _seen(connection, wanted)
    counts, known = tally(uses, seen)
    changed = {key: at for key, at in known.items() if seen.get(key) != at}
    _replace_seen(connection, changed, there=seen.keys())
    of = usage_count.c
    places = tuple_(of.dataset_id, of.day, of.access)
    there = {
        (row.dataset_id, row.day, row.access): _counts(row)
        for row in connection.execute(select(usage_count).where(places.in_(list(counts))))
    }
    if counts:
        connection.execute(delete(usage_count).where(places.in_(list(counts))))
        rows = [
            {"dataset_id": place[0], "day": place[1], "access": place[2]}
            | {name: getattr(added + there.get(place, NOTHING), name) for name in _METRICS}
            for place, added in sorted(counts.items())
        ]
        connection.execute(insert(usage_count), rows)


def _seen(connection: Connection, wanted: Collection[tuple[str, str, str]]) -> dict[tuple[str, str, str], datetime]:
    of = usage_seen.c
    query = select(usage_seen).where(tuple_(of.who, of.dataset_id, of.target).in_(sorted(wanted)))
    return {(row.who, row.dataset_id, row.target): row.last_at for row in connection.execute(query)}


def _replace_seen(
    connection: Connection, changed: dict[tuple[str, str, str], datetime], *, there: Collection[tuple[str, str, str]]
) -> None:
    of = usage_seen.c
    if old := [key for key in changed if key in there]:
        connection.execute(delete(usage_seen).where(tuple_(of.who, of.dataset_id, of.target).in_(old)))
    if changed:
        rows = [
            {"who": who, "dataset_id": dataset_id, "target": target, "last_at": at}
            for (who, dataset_id, target), at in sorted(changed.items())
        ]
        connection.execute(insert(usage_seen), rows)


def _counts(row: object) -> Counts:
    return Counts(*(int(getattr(row, name)) for name in _METRICS))
