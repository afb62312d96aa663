"""Automatic capture is scored against what a careful person would write, by the rules in the truth itself."""

import importlib
import importlib.util
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from verriere.model import Capture, Parameter, Reading, Signal, Technique
from verriere.nexus import capture_tree, open_safely, times, units

SCORED = (
    "title", "start_time", "end_time", "instrument", "facility", "sample", "wavelength", "energy", "detectors",
    "experiment_identifier", "techniques", "signal", "users",
)  # fmt: skip


@dataclass
class Score:
    hits: int = 0
    errors: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + len(self.errors))

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + len(self.missed))


def extract(path: Path) -> Capture:
    """What ingest knows of one file: its capture with the techniques; companions beside it may be read."""
    companions = [item for item in path.parent.rglob("*") if item.suffix in {".h5", ".nxs"} and item != path]
    with open_safely(path, allowed=companions) as tree:
        found = capture_tree(tree)
        try:
            identify = importlib.import_module("verriere.techniques.identify").identify
        except ModuleNotFoundError:
            return found
        return replace(found, techniques=tuple(identify(tree, found)))


def same_text(answer: str, wanted: Any) -> bool:
    return answer.strip().casefold() == str(wanted).strip().casefold()


def same_time(answer: str, wanted: str) -> bool:
    one, other = times.parse(answer), times.parse(wanted)
    assert isinstance(other, datetime), wanted
    if one is None:
        return False
    if one.tzinfo and other.tzinfo:
        return one == other
    return one.replace(tzinfo=None, microsecond=0) == other.replace(tzinfo=None, microsecond=0)


def same_number(answer: Parameter, truth: dict[str, Any]) -> bool:
    assert answer.value is not None
    if truth.get("unit") is None or answer.unit is None:
        return math.isclose(float(answer.value), truth["value"], rel_tol=1e-6)
    value = units.convert(float(answer.value), answer.unit, truth["unit"])
    return math.isclose(value, truth["value"], rel_tol=1e-6)


def agrees_with_other(answer: Parameter, name: str, fields: dict[str, Any]) -> bool:
    """A wavelength computed from the energy, or the reverse, with the constants that the truth gives."""
    other = fields.get("energy" if name == "wavelength" else "wavelength", {})
    if other.get("value") is None or answer.base is None:
        return False
    to = "Å" if name == "wavelength" else "keV"
    value = units.convert(answer.base.minimum, answer.base.unit, to)
    known = units.convert(other["value"], other["unit"], "keV" if name == "wavelength" else "Å")
    photons = 12.398420 / known
    neutrons = math.sqrt(81.8042 / (known * 1e6)) if name == "wavelength" else 81.8042 / known**2 * 1e-6
    return any(math.isclose(value, wanted, rel_tol=1e-3) for wanted in (photons, neutrons))


def score_one(score: Score, where: str, answer: Any, truth: dict[str, Any], same: Callable[[Any, Any], bool]) -> None:
    """One value: a hit, an error, a miss, or (where nothing is said) an answer that is as right."""
    if answer is None:
        if truth["value"] is not None:
            score.missed.append(where)
    elif any(same(answer, wanted) for wanted in [truth["value"], *truth.get("accept", [])] if wanted is not None):
        score.hits += 1
    else:
        score.errors.append(f"{where}: {answer!r} for {truth['value']!r}")
        if truth["value"] is not None:
            score.missed.append(where)


def score_set(score: Score, where: str, answers: list[str], truth: list[dict[str, Any]], neutral: set[str]) -> None:
    """A set: each value is found when it or one of its accept is given; what is neutral counts for nothing."""
    right: set[str] = set()
    for wanted in truth:
        names = {str(wanted["value"]).casefold(), *(str(item).casefold() for item in wanted.get("accept", []))}
        given = [answer for answer in answers if answer.casefold() in names]
        right.update(given)
        if given:
            score.hits += 1
        else:
            score.missed.append(f"{where}: {wanted['value']}")
    for answer in answers:
        if answer not in right and answer.casefold() not in neutral:
            score.errors.append(f"{where}: {answer!r}")


def broader_than(iris: set[str]) -> set[str]:
    panet = importlib.import_module("verriere.techniques.panet")
    return {above.casefold() for iri in iris for above in panet.broader(iri)}


def score_quantity(score: Score, where: str, value: Parameter | None, name: str, fields: dict[str, Any]) -> None:
    answer = value if value is not None and value.value is not None else None
    if answer is not None and agrees_with_other(answer, name, fields):
        score.hits += fields[name]["value"] is not None
        return
    truth = fields[name]
    score_one(score, where, answer, truth, lambda given, _: same_number(given, truth))


def score_detectors(score: Score, where: str, value: tuple[Reading, ...], truth: dict[str, Any]) -> None:
    accept = truth.get("accept", [])
    wanted = [{"value": item, "accept": accept} for item in truth["value"] or []]
    score_set(score, where, [item.value for item in value], wanted, {item.casefold() for item in accept})


def score_techniques(score: Score, where: str, value: tuple[Technique, ...], truth: dict[str, Any]) -> None:
    answers = [item.iri for item in value]
    if not answers and importlib.util.find_spec("verriere.techniques.identify") is None:
        return
    neutral = {item.casefold() for item in truth.get("also", [])} | broader_than(
        {item["iri"] for item in truth["value"]}
    )
    wanted = [{"value": item["iri"], "accept": item.get("accept", [])} for item in truth["value"]]
    score_set(score, where, answers, wanted, neutral)


def score_signal(score: Score, where: str, value: Signal | None, truth: dict[str, Any]) -> None:
    shapes = {item["path"]: tuple(item["shape"]) for item in truth["value"]}
    readable = {item["path"]: item.get("readable", True) for item in truth["value"]}
    if value is not None and value.path in shapes:
        right = value.shape == shapes[value.path] and value.readable == readable[value.path]
    else:
        right = value is not None and value.path in truth.get("accept", [])
    if right:
        score.hits += 1
    else:
        score.errors.append(f"{where}: {value}")
        score.missed.append(where)


def score_file(score: Score, entry: dict[str, Any], found: Capture) -> None:
    fields = entry["fields"]
    for name in SCORED:
        if name not in fields or name in entry["not_scored"]:
            continue
        truth, where = fields[name], f"{entry['path']} {name}"
        value: Any = getattr(found, name)
        if name in {"wavelength", "energy"}:
            score_quantity(score, where, value, name, fields)
        elif name == "detectors":
            score_detectors(score, where, value, truth)
        elif name == "techniques":
            score_techniques(score, where, value, truth)
        elif name == "signal":
            score_signal(score, where, value, truth)
        elif name == "users":
            wanted = [{"value": item["name"]} for item in truth["value"] or []]
            score_set(score, where, [item.name for item in value], wanted, set())
        else:
            same = same_time if name in {"start_time", "end_time"} else same_text
            score_one(score, where, value and value.value, truth, same)


@pytest.fixture(scope="module")
def truth(shared: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((shared / "data" / "TRUTH.json").read_text(encoding="utf-8"))
    return loaded


def test_precision_and_recall_on_the_hand_checked_files(shared: Path, truth: dict[str, Any]) -> None:
    score = Score()
    for entry in truth["files"]:
        score_file(score, entry, extract(shared / "data" / entry["path"]))
    print(f"precision {score.precision:.4f}, recall {score.recall:.4f}, {score.hits} hits")
    assert score.precision >= 0.98, score.errors
    assert score.recall >= 0.95, score.missed


def test_what_a_person_calls_personal_is_marked_personal(shared: Path, truth: dict[str, Any]) -> None:
    for entry in truth["files"]:
        users = entry["fields"]["users"]
        found = extract(shared / "data" / entry["path"])
        wanted = {item["path"] for item in users["value"] or []} | set(users.get("also_personal", []))
        assert wanted <= set(found.personal_paths), entry["path"]


def test_links_are_counted_as_a_person_counts_them(shared: Path, truth: dict[str, Any]) -> None:
    for entry in truth["files"]:
        path = shared / "data" / entry["path"]
        companions = [item for item in path.parent.rglob("*.h5") if item != path]
        with open_safely(path, allowed=companions) as tree:
            external = [link for link in tree.links if link.kind == "external"]
            soft = [link for link in tree.links if link.kind == "soft"]
            assert len(external) == entry["links"]["external"]
            assert sum(link.state != "whole" for link in external) == entry["links"]["external_broken"]
            assert sum(link.state != "whole" for link in soft) == entry["links"]["soft_broken"]


def test_each_value_carries_where_it_was_read(shared: Path, truth: dict[str, Any]) -> None:
    for entry in truth["files"]:
        path = shared / "data" / entry["path"]
        with open_safely(path) as tree:
            found = capture_tree(tree)
            read = [
                found.title,
                found.start_time,
                found.instrument,
                found.facility,
                found.sample,
                found.energy,
                found.wavelength,
            ]
            for value in read:
                if value is not None:
                    node, _, attribute = value.source.partition("@")
                    assert tree.get(node or "/") is not None, value.source
                    assert not attribute or attribute in tree.get(node or "/").attrs  # type: ignore[union-attr]
