"""The tables of grouping, read once: which files belong together, and what each of them is."""

import re
import tomllib
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from typing import Any

UNKNOWN_MEDIA_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class FolderRule:
    """A folder that is one dataset: its name, and files that must lie in it."""

    kind: str
    name: re.Pattern[str]
    any: frozenset[str]
    all: frozenset[str]

    def fits(self, folder: str, names: frozenset[str]) -> bool:
        """Whether the folder of this name with these entries is one dataset."""
        if not self.name.match(folder) or not self.all <= names:
            return False
        return not self.any or bool(self.any & names)


@dataclass(frozen=True, slots=True)
class StemRule:
    """Files of one stem that are one dataset; ``leader`` and ``others`` are suffixes."""

    kind: str
    leader: str
    others: frozenset[str]


@dataclass(frozen=True, slots=True)
class AuxiliaryRule:
    """Files that serve a measurement: told by their name, or by the names of what is at their root."""

    kind: str
    name: re.Pattern[str] | None
    members: re.Pattern[str] | None
    of_its_own: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """All tables of ``grouping.toml``; names are matched without regard to the case of letters."""

    documents: re.Pattern[str]
    document_folders: re.Pattern[str]
    hidden: re.Pattern[str]
    unfinished: re.Pattern[str]
    hdf5: frozenset[str]
    folders: tuple[FolderRule, ...]
    stems: tuple[StemRule, ...]
    beside: frozenset[str]
    frames: frozenset[str]
    packed: frozenset[str]
    single: frozenset[str]
    auxiliary: tuple[AuxiliaryRule, ...]
    media_types: dict[str, str]

    def is_document(self, name: str, folder: str) -> bool:
        """Whether a file is documentation, licence or checksums rather than a measurement."""
        return bool(self.documents.match(name) or self.document_folders.match(folder))

    def media_type(self, name: str) -> str:
        """Media type of a file of this name."""
        return self.media_types.get(PurePath(name).suffix.lower(), UNKNOWN_MEDIA_TYPE)

    def stem_and_suffix(self, name: str) -> tuple[str, str]:
        """Stem and lower-case suffix of a file's name, seen through the packing: ``a_01.cbf.bz2`` is a ``.cbf``."""
        path = PurePath(name)
        if path.suffix.lower() in self.packed and PurePath(path.stem).suffix.lower() in self.frames | self.single:
            path = PurePath(path.stem)
        return path.stem, path.suffix.lower()


@cache
def rules() -> Rules:
    """The tables that come with the package."""
    table = tomllib.loads(files(__package__).joinpath("grouping.toml").read_text(encoding="utf-8"))
    documents: list[str] = table["documents"]["names"]
    return Rules(
        documents=_any_of([name for name in documents if "/" not in name]),
        document_folders=_any_of([name.partition("/")[0] for name in documents if "/" in name]),
        hidden=_any_of(table["hidden"]["names"]),
        unfinished=_any_of(table["unfinished"]["names"]),
        hdf5=frozenset(table["hdf5"]["suffixes"]),
        folders=tuple(_folder(row) for row in table["folder"]),
        stems=tuple(StemRule(row["kind"], row["leader"], frozenset(row["with"])) for row in table["stem"]),
        beside=frozenset(table["beside"]["suffixes"]),
        frames=frozenset(table["frames"]["suffixes"]),
        packed=frozenset(table["frames"]["packed"]),
        single=frozenset(table["single"]["suffixes"]),
        auxiliary=tuple(_auxiliary(row) for row in table["auxiliary"]),
        media_types=table["media_types"],
    )


def _any_of(names: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(translate(name) for name in names), re.IGNORECASE)


def _folder(row: dict[str, Any]) -> FolderRule:
    return FolderRule(
        row["kind"], _any_of([row.get("name", "*")]), frozenset(row.get("any", ())), frozenset(row.get("all", ()))
    )


def _auxiliary(row: dict[str, Any]) -> AuxiliaryRule:
    name, members = row.get("name"), row.get("members")
    return AuxiliaryRule(
        row["kind"],
        re.compile(name, re.IGNORECASE) if name else None,
        re.compile(members) if members else None,
        row["of_its_own"],
    )
