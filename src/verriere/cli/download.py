"""``verriere download``: a dataset out of the archive, whole and checked."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verriere.cli import output
from verriere.cli.options import DryRun, InFacility, Json, opened
from verriere.cli.shape import Command, noun
from verriere.errors import FixityLost, InputInvalid, StorageFull, StorageUnfit

if TYPE_CHECKING:
    from verriere.model import Datafile

app = noun()

PIECE = 1 << 20
"""Bytes that are read, hashed and written at a time."""


@app.command(
    cls=Command,
    epilog="""\
        verriere download 9f3k2m7q
        verriere download 9f3k2m7q -o /scratch/behenate
        verriere download 9f3k2m7q --dry-run
    """,
)
def download(
    dataset_id: Annotated[str, typer.Argument(metavar="ID", help="Identifier of the dataset.")],
    *,
    folder: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Folder to put it in; else ./ID.")
    ] = None,
    facility: InFacility = None,
    json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Copy a dataset out of the archive and check every byte.

    Interrupted, it goes on where it was; what is there already and whole is left alone. The exit code is 0 only when
    every file is whole. A file under one of its names that is not this dataset's is never overwritten.
    """
    target = folder or Path(dataset_id)
    with opened(facility) as open_facility:
        dataset = open_facility.catalogue.dataset(dataset_id)
        done: list[tuple[Datafile, str]] = []
        with output.progress("copying") as step, _no_empty_folders(target):
            before = 0
            for file in dataset.files:
                if dry_run:
                    done.append((file, "would be copied"))
                    continue

                def advance(count: int, file: "Datafile" = file, before: int = before) -> None:
                    step(before + count, dataset.size, file.path)

                source = open_facility.archive.path_of(dataset_id, file.path)
                done.append((file, fetch(source, inside(target, file.path), file, advance)))
                before += file.size
    if json:
        files = [{"path": file.path, "size": file.size, "sha256": file.sha256, "done": what} for file, what in done]
        output.as_json({"id": dataset_id, "folder": target.resolve(), "files": files, "made": not dry_run})
        return
    output.table(("path", "size", ""), [(f.path, output.size(f.size), what) for f, what in done], right=("size",))
    if not dry_run:
        typer.echo(f"{output.number_of(len(done), 'file')}, whole and checked, in {target}")


@contextmanager
def _no_empty_folders(target: Path) -> Iterator[None]:
    """Where it fails, leave no folder behind that was not there before and has nothing in it."""
    there = [folder for folder in (target, *target.parents) if folder.exists()]
    try:
        yield
    except BaseException:
        made = [target, *target.parents, *(each for each in target.rglob("*") if each.is_dir())]
        for folder in sorted(set(made) - set(there), key=lambda each: len(each.parts), reverse=True):
            with suppress(OSError):
                folder.rmdir()
        raise


def inside(folder: Path, path: str) -> Path:
    """Where a file of a dataset goes, which is never outside the folder."""
    target = folder / path
    if not target.resolve().is_relative_to(folder.resolve()):
        raise InputInvalid(f"{path!r} would lie outside {folder}")
    return target


def fetch(source: Path, target: Path, file: "Datafile", advance: "output.Count") -> str:
    """Copy one file, going on where an earlier copy was interrupted; returns what was done.

    Raises
    ------
    InputInvalid
        Another file has that name.
    FixityLost
        The archive's bytes are not those that were put there; nothing has the final name.
    StorageFull, StorageUnfit
        The disk does not take it; what is there is gone on with the next time.
    """
    if target.exists():
        if target.stat().st_size == file.size and _sha256_of(target) == file.sha256:
            advance(file.size)
            return "was there"
        raise InputInvalid(f"{target} is another file", hint="move it away, or choose another folder with -o")
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        resumed = part.exists() and 0 < part.stat().st_size <= file.size
        digest = _append(source, part, advance, resume=resumed)
        if resumed and digest != file.sha256:
            # What was there before is not the beginning of this file.
            digest, resumed = _append(source, part, advance, resume=False), False
        if digest != file.sha256:
            part.unlink()
            raise FixityLost(f"{file.path} is damaged in the archive", hint="see: verriere verify --repair-from DIR")
        part.rename(target)
    except OSError as error:
        kind = StorageFull if error.errno == errno.ENOSPC else StorageUnfit
        message = f"{target} cannot be written: {error.strerror}"
        raise kind(message, hint="make room, and run it again: it goes on from there") from error
    return "gone on with" if resumed else "copied"


def _append(source: Path, part: Path, advance: "output.Count", *, resume: bool) -> str:
    """Write what ``part`` lacks of ``source``; SHA-256 of all of ``part``."""
    digest = sha256()
    with source.open("rb") as reading, part.open("r+b" if resume else "wb") as writing:
        for piece in iter(lambda: writing.read(PIECE) if resume else b"", b""):
            digest.update(piece)
        reading.seek(writing.tell())
        while piece := reading.read(PIECE):
            writing.write(piece)
            digest.update(piece)
            advance(writing.tell())
        writing.flush()
        os.fsync(writing.fileno())
    return digest.hexdigest()


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
