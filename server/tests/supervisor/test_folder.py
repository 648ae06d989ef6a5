import stat
from pathlib import Path

import pytest

from cordboard.settings import ENV_FILE_NAME, Settings
from cordboard.supervisor.folder import DataFolder, FolderInUse


def test_a_second_supervisor_on_the_same_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with (
        DataFolder(tmp_path),
        pytest.raises(FolderInUse, match=r"already runs on .*--data DIR"),
        DataFolder(tmp_path),
    ):
        pass


def test_the_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with DataFolder(tmp_path):
            assert (tmp_path / "log").is_dir()


def test_the_first_start_makes_secrets_that_later_ones_keep(tmp_path: Path) -> None:
    with DataFolder(tmp_path) as folder:
        assert folder.remember(Settings.load(tmp_path, port_base=23_000))
        first = Settings.load(tmp_path)
        assert not folder.remember(first)
    second = Settings.load(tmp_path)
    assert second.port_base == 23_000
    assert second.ari_password == first.ari_password
    assert len(second.ari_password.get_secret_value()) >= 32
    assert second.ari_password != second.session_secret
    assert stat.S_IMODE((tmp_path / ENV_FILE_NAME).stat().st_mode) == 0o600


def test_another_port_base_is_remembered_and_secrets_stay(tmp_path: Path) -> None:
    with DataFolder(tmp_path) as folder:
        folder.remember(Settings.load(tmp_path, port_base=23_000))
        password = Settings.load(tmp_path).postgres_app_password
        folder.remember(Settings.load(tmp_path, port_base=24_000))
    assert Settings.load(tmp_path).port_base == 24_000
    assert Settings.load(tmp_path).postgres_app_password == password


def test_settings_that_a_person_added_to_the_file_stay(tmp_path: Path) -> None:
    with DataFolder(tmp_path) as folder:
        folder.remember(Settings.load(tmp_path))
        with (tmp_path / ENV_FILE_NAME).open("a") as file:
            file.write("CORDBOARD_LOG_LEVEL=debug\n")
        folder.remember(Settings.load(tmp_path, port_base=25_000))
    assert Settings.load(tmp_path).log_level == "debug"
