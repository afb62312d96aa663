"""Laws of the archive, on random names and random sequences of deposits."""

import shutil
import tempfile
from pathlib import Path, PurePosixPath

from hypothesis import given, settings
from hypothesis import strategies as st

from verriere.archive import Archive, Source, inventory
from verriere.archive.layout import object_path
from verriere.archive.names import escape, safe_name, unescape
from verriere.model import Store

FILE_SYSTEM_NAMES = (
    st.binary(min_size=1, max_size=60)
    .filter(lambda raw: b"\0" not in raw)
    .map(lambda raw: raw.decode("utf-8", "surrogateescape"))
)
NASTY = st.text(st.sampled_from("./%2eEa\n\u202eé"), max_size=12)


@given(FILE_SYSTEM_NAMES | NASTY | st.text(max_size=20))
def test_a_safe_name_stays_inside_its_folder(name: str) -> None:
    safe = safe_name(name)
    parts = safe.split("/")
    assert all(part not in ("", ".", "..") and len(part.encode()) <= 255 for part in parts)
    assert not PurePosixPath(safe).is_absolute()
    assert not any(ord(character) < 32 for character in safe)
    assert safe_name(name) == safe


@given(FILE_SYSTEM_NAMES | NASTY)
def test_every_name_of_a_file_system_comes_back(name: str) -> None:
    assert unescape(escape(name)) == name


@given(st.lists(FILE_SYSTEM_NAMES | NASTY.filter(bool), unique=True))
def test_different_names_stay_different(names: list[str]) -> None:
    assert len({safe_name(name) for name in names}) == len(names)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_the_folder_of_an_object_suits_every_file_system(object_id: str) -> None:
    folder = object_path(object_id)
    assert len(folder.parts) == 2
    assert folder.name.isascii()
    assert len(folder.name) <= 165


CONTENT = st.dictionaries(st.sampled_from(["a", "b/c", "b/d"]), st.binary(max_size=3), max_size=3)
DEPOSITS = st.lists(st.tuples(CONTENT, st.binary(max_size=2), st.sampled_from(list(Store)[:2])), max_size=6)


@settings(max_examples=25, deadline=None)
@given(DEPOSITS)
def test_each_revision_reads_as_it_was_put(deposits: list[tuple[dict[str, bytes], bytes, Store]]) -> None:
    expected: list[tuple[dict[str, bytes], bytes]] = []
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive.create(Path(folder, "archive"))
        for turn, (files, sidecar, store) in enumerate(deposits):
            sources = []
            for name, data in files.items():
                path = Path(folder, str(turn), name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                sources.append(Source(path, name))
            receipt = archive.put("scan", sources, sidecar, store=store)
            same = bool(expected) and expected[-1] == (files, sidecar)
            assert receipt.changed is not same
            if not same:
                expected.append((files, sidecar))
            assert receipt.revision == len(expected)
            shutil.rmtree(Path(folder, str(turn)), ignore_errors=True)
        for revision, (files, sidecar) in enumerate(expected, 1):
            assert archive.read_sidecar("scan", revision) == sidecar
            names = [file.name for file in archive.files("scan", revision)]
            assert {name: archive.path_of("scan", name, revision).read_bytes() for name in names} == files
        if expected:
            assert archive.verify("scan") == ()
            held = archive.inventory("scan")
            assert inventory.decode(held.encode()[0]) == held
