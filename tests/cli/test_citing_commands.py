"""What was found is cited from the command line, and checked."""

from pathlib import Path

from verriere.testing.command import Run


def test_a_query_is_cited_listed_shown_and_verified(verriere: Run, filled: Path) -> None:
    made = verriere("cite", "lysozyme technique:SAXS", "--title", "Lysozyme", "--facility", filled, "--json")
    assert made.code == 0
    name = made.json["id"]
    assert verriere("cite", "technique:PaNET01188  Lysozyme", "--facility", filled, "--json").json["id"] == name
    assert [each["id"] for each in verriere("citation", "list", "--facility", filled, "--json").json] == [name]
    shown = verriere("citation", "show", name, "--facility", filled, "--json").json
    assert [each["id"] for each in shown["members"]] == [each["id"] for each in made.json["datasets"]]
    assert shown["today"] == len(shown["members"])
    checked = verriere("citation", "verify", "--facility", filled)
    assert (checked.code, checked.out.strip()) == (0, "1 of 1 as they were cited")


def test_frames_of_a_scan_are_cited(verriere: Run, filled: Path) -> None:
    hits = verriere("search", "beamline:ANATOMIX", "--facility", filled, "--json").json["hits"]
    dataset = next(hit["id"] for hit in hits if hit["state"] == "embargoed")
    signal = verriere("show", dataset, "--facility", filled, "--json").json["dataset"]["captures"][0][1]["signal"]
    place = ("--path", signal["path"], "--facility", filled)
    made = verriere("citation", "part", dataset, "--slices", "0:2", *place, "--json")
    assert made.json["selection"]["shape"] == [2, *signal["shape"][1:]]
    refused = verriere("citation", "part", dataset, "--slices", "0:99999", *place)
    assert refused.code == 2
    assert "outside an array" in refused.err
