"""What is missing for a record to be complete, by the profiles in ``tables/profiles.toml``."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from verriere.model import Capture, Finding
from verriere.techniques import panet
from verriere.wording import finding


def missing(found: Capture, *, file: str = "", has_detector: bool = False) -> tuple[Finding, ...]:
    """One finding for each field that the file's kind or techniques ask for and that it does not give.

    A file that says nothing of itself (images that a master file links to, positions, flats) is a companion: nothing
    is asked of it. Nor of one that is no NeXus, where fields have no place to stand.
    ``has_detector`` says that a detector is there, if without a name.
    """
    says = (found.title, found.start_time, found.instrument, found.sample, found.experiment_identifier)
    if found.format != "nexus" or not (any(says) or found.techniques):
        return ()
    asked = dict.fromkeys(_profiles()["kinds"].get(found.kind, ()), "")
    for field, iri in _by_technique(found):
        asked.setdefault(field, iri)
    return tuple(
        finding(
            f"missing-{field.partition('|')[0]}",
            field.replace("|", ", "),
            file=file,
            **_named(iri),
        )
        for field, iri in asked.items()
        if not any(_has(found, part) for part in field.split("|")) and not (field == "detectors" and has_detector)
    )


def _by_technique(found: Capture) -> Iterator[tuple[str, str]]:
    for technique in found.techniques:
        for name, asked in _profiles()["techniques"].items():
            if panet.PREFIX + name in {technique.iri, *panet.broader(technique.iri)}:
                yield from ((field, technique.iri) for field in asked)


def _has(found: Capture, field: str) -> bool:
    if field == "technique":
        return bool(found.techniques)
    if field == "uncertainties":  # a matter of curves; frames have those of counting
        signal = found.signal
        return found.kind != "reduced" or signal is None or not signal.readable or signal.uncertainties is not None
    return bool(getattr(found, field))


def _named(iri: str) -> dict[str, str]:
    """The technique that asks, by the short name that both languages share where there is one."""
    term = panet.term(iri) if iri else None
    return {} if term is None else {"technique": term.short or term.label}


@cache
def _profiles() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("verriere.techniques").joinpath("tables", "profiles.toml").read_text(encoding="utf-8"))
