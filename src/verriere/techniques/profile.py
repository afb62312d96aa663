"""Profiles: what a complete record of a technique has, one TOML file each, shipped or a facility's own."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from verriere.errors import InputInvalid
from verriere.techniques import panet
from verriere.wording import Language

Need = Literal["required", "recommended", "optional"]
NEEDS: tuple[Need, ...] = ("required", "recommended", "optional")
WEIGHTS: Mapping[Need, int] = MappingProxyType({"required": 5, "recommended": 2, "optional": 1})
"""How much a field counts."""
KINDS = ("raw", "reduced", "processed")
RECORD = "record"
"""The profile that every record has to meet."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a record should say.

    Parameters
    ----------
    label, definition
        By language.
    kinds
        Of a capture: only there it is asked for.
    capture
        Parts of a capture that it is found in: ``title``, ``energy``, ``axes``...
    parameters
        Names of parameters, as a shell writes patterns.
    nexus
        Where it stands in a NeXus file.
    unit, minimum, maximum
        The unit that people give it in, and the range that can be, in that unit.
    choices
        The only texts that can be.
    person
        Whether people may know it where no file does: it is asked for in a form.
    """

    name: str
    need: Need
    label: Mapping[Language, str]
    definition: Mapping[Language, str]
    kinds: tuple[str, ...] = KINDS
    capture: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    nexus: tuple[str, ...] = ()
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    person: bool = False

    @property
    def weight(self) -> int:
        """How much it counts."""
        return WEIGHTS[self.need]

    @property
    def is_number(self) -> bool:
        """Whether it is asked for as a number."""
        return bool(self.unit) or self.minimum is not None or self.maximum is not None


@dataclass(frozen=True, slots=True)
class Profile:
    """What a complete record of some techniques has.

    Parameters
    ----------
    techniques
        Terms that it is for, and with them all narrower ones; empty for the profile of every record.
    definitions
        NeXus application definitions that mean the same.
    sources
        Where its fields come from.
    """

    id: str
    label: Mapping[Language, str]
    fields: tuple[Field, ...]
    techniques: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profiles:
    """All profiles by their identifiers."""

    by_id: Mapping[str, Profile] = field(default_factory=dict)

    @property
    def record(self) -> Profile:
        """What every record needs."""
        return self.by_id[RECORD]

    def of(self, technique: str) -> Profile | None:
        """The profile of a technique: that of its nearest term, itself or a broader one; None where there is none."""
        terms = [technique, *_nearest_first(technique)]
        for term in terms:
            for profile in self.by_id.values():
                if term in profile.techniques:
                    return profile
        return None

    def wanted(self, techniques: Sequence[str]) -> tuple[Profile, ...]:
        """The profiles of techniques, in their order and once each."""
        found = [profile for each in techniques if (profile := self.of(each)) is not None]
        return tuple({profile.id: profile for profile in found}.values())


@cache
def _nearest_first(technique: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    level = [technique]
    while level:
        known = [panet.term(iri) for iri in level]
        level = [parent for term in known if term is not None for parent in term.parents if parent not in found]
        found.update(dict.fromkeys(level))
    return tuple(found)


@cache
def shipped() -> Profiles:
    """The profiles that come with the package."""
    folder = files(__package__).joinpath("profiles")
    texts = {
        entry.name: entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".toml")
    }
    made = [profile_of(tomllib.loads(texts[name])) for name in sorted(texts)]
    return Profiles({profile.id: profile for profile in made})


def profiles(folder: Path | None = None) -> Profiles:
    """The shipped profiles, with those of a facility's folder, which take the place of a shipped one of the same name.

    Raises
    ------
    InputInvalid
        A file of the folder is no profile.
    """
    if folder is None or not folder.is_dir():
        return shipped()
    stamp = tuple(sorted((str(path), path.stat().st_mtime_ns) for path in folder.glob("*.toml")))
    return _with_own(stamp)


@cache
def _with_own(stamp: tuple[tuple[str, int], ...]) -> Profiles:
    from verriere.techniques.lint import lint  # noqa: PLC0415 - it needs this module

    own = {}
    for name, _ in stamp:
        found = lint(Path(name))
        if found.problems:
            first = found.problems[0]
            raise InputInvalid(f"{name}, line {first.line}: {first.text}", hint=f"verriere profile lint {name}")
        assert found.profile is not None
        own[found.profile.id] = found.profile
    return Profiles({**shipped().by_id, **own})


def profile_of(table: Mapping[str, Any]) -> Profile:
    """A profile from a table of TOML that `verriere.techniques.lint` found in order."""
    return Profile(
        id=table["id"],
        label=_by_language(table, "label"),
        fields=tuple(_field(row) for row in table.get("field", ())),
        techniques=tuple(term.iri for name in table.get("techniques", ()) if (term := panet.term(name)) is not None),
        definitions=tuple(table.get("definitions", ())),
        sources=tuple(table.get("sources", ())),
    )


def _field(row: Mapping[str, Any]) -> Field:
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    for name in ("label", "definition"):
        given[name] = _by_language(row, name)
        del given[f"{name}_en"], given[f"{name}_fr"]
    return Field(**given)


def _by_language(row: Mapping[str, Any], name: str) -> Mapping[Language, str]:
    return {"en": row[f"{name}_en"], "fr": row[f"{name}_fr"]}
