"""``verriere export``: what anyone may have of a thing, in the formats of others."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verriere.cli import output
from verriere.cli.options import DryRun, InFacility, Json, opened
from verriere.cli.shape import Command, noun
from verriere.errors import InputInvalid, StorageUnfit

if TYPE_CHECKING:
    from verriere.facility import Facility
    from verriere.publish.export import Part, Shape
    from verriere.publish.landing import Landing

app = noun()

_SHAPES = ("rocrate", "bagit")


@app.command(
    cls=Command,
    epilog="""\
        verriere export 9f3k2m7q --as bagit
        verriere export 9f3k2m7q --as rocrate -o behenate.zip
        verriere export 10.5072/9f3k2m7q.v1 --as datacite-xml -o record.xml
        verriere export visit:20250123-1 --as dcat
        verriere export instrument:SWING --as bibtex >> references.bib
    """,
)
def export(
    name: Annotated[str, typer.Argument(metavar="ID", help="A DOI, an identifier, or KIND:IDENTIFIER.")],
    *,
    form: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="FORMAT",
            help="rocrate, bagit (with the files); datacite-xml, datacite-json, dcat, dcat-jsonld, dcat-xml, "
            "schema-org, dublin-core, bibtex, ris, csl.",
        ),
    ],
    target: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="PATH", help="A file; of rocrate and bagit a folder, or a .zip. Else ./ID, or -."
        ),
    ] = None,
    facility: InFacility = None,
    json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Write what anyone may have of a dataset, a visit, an instrument, a sample or a collection.

    It is what the public has, whoever runs the command: of embargoed data there is the description, and no byte.
    """
    from verriere.publish.formats.registry import FORMATS

    if form not in (*_SHAPES, *FORMATS):
        raise InputInvalid(f"there is no format {form!r}", hint=f"one of: {', '.join((*_SHAPES, *FORMATS))}")
    with opened(facility) as open_facility:
        landing, revision = _described(open_facility, name)
        if form in _SHAPES:
            _export_files(
                open_facility, landing, "bagit" if form == "bagit" else "rocrate", target, revision, json, dry_run
            )
            return
        content = FORMATS[form].write(landing)
        if target is None or str(target) == "-":
            typer.echo(content, nl=False)
            return
        if not dry_run:
            _write(target, content)
        _tell(landing, target, 1, len(content), json=json, dry_run=dry_run)


def _described(facility: "Facility", name: str) -> tuple["Landing", int | None]:
    """The landing under its DOI, and the archive's revision where it is of an earlier version of the data."""
    from verriere.model import PidKind, PidState
    from verriere.publish.allowed import subject_called
    from verriere.publish.citing.desk import version_of
    from verriere.publish.describe import landing_of

    kind, identifier = subject_called(facility, name)
    catalogue = facility.catalogue
    named = name.lower() if name.startswith("10.") else ""
    publication = catalogue.publication(named) if named else catalogue.publication_of(kind, identifier)
    if publication is not None and publication.wanted is PidState.DRAFT:
        publication = None
    landing = landing_of(facility, publication, kind, identifier)
    version = publication.version if publication else None
    if kind is not PidKind.DATASET or version in (None, catalogue.dataset(identifier).version):
        return landing, None
    return landing, version_of(facility, identifier, version or 1).revision


def _export_files(  # noqa: PLR0917 - what was asked for, as it was asked
    facility: "Facility",
    landing: "Landing",
    shape: "Shape",
    target: Path | None,
    revision: int | None,
    json: bool,
    dry_run: bool,
) -> None:
    from verriere.publish import export as exporting

    target = target or Path(landing.identifier.replace("/", "_"))
    parts = exporting.parts(facility.archive, landing, shape, revision=revision)
    total = sum(part.size for part in parts)
    if not dry_run:
        with output.progress("writing") as step:
            done = 0

            def advance(count: int) -> None:
                nonlocal done
                done += count
                step(done, total)

            _write_parts(parts, target, landing.identifier, advance)
    _tell(landing, target, len(parts), total, json=json, dry_run=dry_run)


def _write_parts(parts: "tuple[Part, ...]", target: Path, folder: str, advance: "output.Count") -> None:
    from verriere.publish import export as exporting

    if target.suffix.lower() == ".zip":
        exporting.write_zip(parts, folder.replace("/", "_"), target, advance)
    else:
        exporting.write_folder(parts, target, advance)


def _write(target: Path, content: bytes) -> None:
    if target.exists():
        raise InputInvalid(f"{target} is there already", hint="choose another place with -o")
    try:
        target.write_bytes(content)
    except OSError as error:
        message = f"{target} cannot be written: {error.strerror}"
        raise StorageUnfit(message, hint="choose another place with -o") from error


def _tell(landing: "Landing", target: Path, count: int, size: int, *, json: bool, dry_run: bool) -> None:
    absent = (landing.file_count or 0) - len(landing.files)
    if json:
        said = {
            "kind": landing.kind.value,
            "id": landing.identifier,
            "doi": landing.doi or None,
            "path": target.resolve(),
            "files": count,
            "bytes": size,
            "absent": max(0, absent),
            "made": not dry_run,
        }
        output.as_json(said)
        return
    would = "would be written to" if dry_run else "in"
    typer.echo(f"{output.number_of(count, 'file')}, {output.size(size)}, {would} {target}")
    if absent > 0:
        opens = landing.rights.opens_on
        when = f"until {opens.isoformat()}" if opens else "yet"
        typer.echo(f"{output.number_of(absent, 'file')} described and absent: not open to everyone {when}")
