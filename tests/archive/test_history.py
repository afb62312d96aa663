"""The journal of what happened."""

from pathlib import Path

import pytest

from verriere.archive import Archive, history
from verriere.errors import InputInvalid


def test_lines_come_back_in_their_order(archive: Archive) -> None:
    archive.append_history(['{"n":1}', '{"n":2}'])
    archive.append_history([])
    archive.append_history(["é"])
    assert list(archive.read_history()) == ['{"n":1}', '{"n":2}', "é"]
    assert archive.history.last() == "é"


def test_an_empty_journal_has_no_last_line(archive: Archive) -> None:
    assert archive.history.last() is None
    assert list(archive.read_history()) == []


@pytest.mark.parametrize("torn", [b'{"n":2', b"x" * 200_000])
def test_a_line_that_was_torn_by_a_power_cut_is_dropped(archive: Archive, torn: bytes) -> None:
    archive.append_history(['{"n":1}'])
    (segment,) = (archive.root / "history").glob("*.jsonl")
    with segment.open("ab") as file:
        file.write(torn)
    assert list(archive.read_history()) == ['{"n":1}']
    assert archive.history.last() == '{"n":1}'
    archive.append_history(['{"n":3}'])
    assert list(archive.read_history()) == ['{"n":1}', '{"n":3}']


def test_a_long_history_lies_in_several_segments(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "SEGMENT_BYTES", 50)
    lines = [f"line {number}" for number in range(40)]
    for line in lines:
        archive.append_history([line])
    assert list(archive.read_history()) == lines
    assert len(list((archive.root / "history").glob("*.jsonl"))) > 3


@pytest.mark.parametrize("line", ["", "two\nlines"])
def test_a_line_is_one_line(archive: Archive, line: str) -> None:
    with pytest.raises(InputInvalid):
        archive.append_history(["whole", line])
    assert list(archive.read_history()) == []


def test_the_journal_survives_the_loss_of_the_last_segment_being_empty(tmp_path: Path) -> None:
    journal = history.Journal(tmp_path)
    (tmp_path / "000001.jsonl").touch()
    assert journal.last() is None
    journal.append(["first"])
    assert list(journal.read()) == ["first"]
