"""Many rows at once, by the fastest way each driver has."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, FromClause


def insert_rows(connection: Connection, table: FromClause, rows: Iterable[Sequence[object]]) -> None:
    """Insert rows with a value for each column of ``table``, in their order.

    SQLAlchemy works several microseconds on each row; with twenty parameters a dataset, that is what registration
    would mostly do. Rows that are made as they are taken cost less than a list of them, too.
    """
    name, columns = table.description, table.columns
    names = ", ".join(f'"{column.name}"' for column in columns)
    ready = _converted(connection, [column.type for column in columns], rows)
    driver = connection.connection.driver_connection
    assert driver is not None
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        driver.executemany(f"INSERT INTO {name} ({names}) VALUES ({marks})", ready)  # noqa: S608
        return
    with driver.cursor().copy(f"COPY {name} ({names}) FROM STDIN") as copy:
        for row in ready:
            copy.write_row(row)


def _converted(
    connection: Connection, types: Iterable[Any], rows: Iterable[Sequence[object]]
) -> Iterable[Sequence[object]]:
    """The rows as the driver wants them: where a column's type says so, moments above all."""
    dialect = connection.dialect
    found = ((place, kind.dialect_impl(dialect).bind_processor(dialect)) for place, kind in enumerate(types))
    converters = [(place, convert) for place, convert in found if convert is not None]
    return _each_converted(rows, converters) if converters else rows


def _each_converted(
    rows: Iterable[Sequence[object]], converters: Sequence[tuple[int, Callable[[Any], Any]]]
) -> Iterator[Sequence[object]]:
    for row in rows:
        values = list(row)
        for place, convert in converters:
            values[place] = convert(values[place])
        yield values
