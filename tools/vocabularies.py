"""Compare the shipped vocabularies of others with a newer release of theirs.

``python -m tools.vocabularies licences licenses.json`` takes the list of SPDX (github.com/spdx/license-list-data,
``json/licenses.json``) and writes the names of ours again; ``python -m tools.vocabularies units FILE.ttl`` takes the
units of QUDT (``VOCAB_QUDT-UNITS-ALL.ttl`` of github.com/qudt/qudt-public-repo) and says what is no longer right. The
exit code is 1 where something has to be done by hand. PaNET has ``python -m verriere.techniques.build_panet``.
"""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from rdflib import Graph, Literal, Namespace

from verriere.publish import vocabularies

TABLES = Path(__file__).parents[1] / "src/verriere/publish/tables"
_SCHEMA = Namespace("http://qudt.org/schema/qudt/")


def licences(source: Path, table: Path = TABLES / "licences.csv") -> list[str]:
    """Write the names as SPDX has them; returns what SPDX does not have, or has given up."""
    known = {one["licenseId"]: one for one in json.loads(source.read_text(encoding="utf-8"))["licenses"]}
    rows = vocabularies.rows("licences.csv")
    comments = [line for line in table.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    for row in rows:
        row["name"] = known.get(row["spdx"], row)["name"]
    with table.open("w", encoding="utf-8", newline="") as file:
        file.write("".join(f"{line}\n" for line in comments))
        writer = csv.DictWriter(file, ["spdx", "name", "url"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    names = (row["spdx"] for row in rows)
    return [name for name in names if name not in known or known[name].get("isDeprecatedLicenseId")]


def units(source: Path) -> Iterator[str]:
    """What of our table of units QUDT does not have, or has given up."""
    graph = Graph().parse(source)
    for row in vocabularies.rows("units.csv"):
        unit = Namespace(vocabularies.QUDT)[row["qudt"]]
        if row["qudt"] and not list(graph.predicates(unit)):
            yield f"{row['unit']}: QUDT has no {row['qudt']}"
        elif row["qudt"] and (unit, _SCHEMA.deprecated, Literal(True)) in graph:
            yield f"{row['unit']}: QUDT has given up {row['qudt']}"


def main() -> int:
    """Compare one vocabulary."""
    match sys.argv[1:]:
        case ["licences", source]:
            troubles = licences(Path(source))
        case ["units", source]:
            troubles = list(units(Path(source)))
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    for trouble in troubles:
        sys.stdout.write(f"{trouble}\n")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
