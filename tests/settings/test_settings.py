import re
from pathlib import Path

import pytest

from verriere.errors import FacilityNotFound, SettingsInvalid
from verriere.settings import FILE_NAME, Settings, load, template


def facility(folder: Path, text: str) -> Path:
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return folder


def test_a_new_facility_file_reads_back_as_the_defaults_with_its_name(tmp_path: Path) -> None:
    settings = load(facility(tmp_path, template(name='Synchrotron "Étoile"')))
    assert settings.facility.name == 'Synchrotron "Étoile"'
    assert settings.model_copy(update={"facility": Settings().facility}) == Settings()


def test_every_default_in_the_commented_file_is_the_real_default(tmp_path: Path) -> None:
    commented = template(name="X").split("# [[matching.paths]]")[0]
    uncommented = re.sub(r"^# (\w+ = )", r"\1", commented, flags=re.MULTILINE)
    settings = load(facility(tmp_path, uncommented))
    assert uncommented != commented
    assert settings.model_copy(update={"facility": Settings().facility}) == Settings()


def test_an_environment_variable_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    facility(tmp_path, "[embargo]\nyears = 2\nextensions = 1\n")
    monkeypatch.setenv("VERRIERE_EMBARGO__YEARS", "4")
    settings = load(tmp_path)
    assert (settings.embargo.years, settings.embargo.extensions) == (4, 1)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[embargo]\nyears = -1\n", "embargo.years"),
        ("[embargo]\nyeers = 3\n", "embargo.yeers"),
        ('[facility]\ntimezone = "Mars/Olympus"\n', "facility.timezone"),
        ("[embargo\n", "line 1"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_its_name(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        load(facility(tmp_path, text))
    assert named in str(caught.value)
    assert caught.value.hint


def test_a_folder_without_settings_is_not_a_facility(tmp_path: Path) -> None:
    with pytest.raises(FacilityNotFound) as caught:
        load(tmp_path)
    assert "verriere init" in caught.value.hint


def test_the_variable_that_names_the_facility_is_not_taken_for_its_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "verriere.toml").write_text(template(name="Here"), encoding="utf-8")
    monkeypatch.setenv("VERRIERE_FACILITY", str(tmp_path))
    assert load(tmp_path).facility.name == "Here"


def test_a_list_in_a_variable_is_json_and_anything_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "verriere.toml").write_text(template(name="Here"), encoding="utf-8")
    monkeypatch.setenv("VERRIERE_MATCHING__PATHS", '[{"instrument": "SWING", "pattern": "x"}]')
    assert load(tmp_path).matching.paths[0].instrument == "SWING"
    monkeypatch.setenv("VERRIERE_MATCHING__PATHS", "SWING")
    with pytest.raises(SettingsInvalid, match="matching"):
        load(tmp_path)
