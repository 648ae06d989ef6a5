from pathlib import Path

import pytest

from cordboard.settings import OFFSETS, Settings


def test_ports_follow_from_the_port_base_unless_given(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, port_base=20_000, sip_port=5060)
    assert (settings.https_port, settings.http_port, settings.postgres_port) == (20_000, 20_001, 20_002)
    assert settings.sip_port == 5060
    assert settings.rtp_last - settings.rtp_first == 399


def test_no_two_ports_of_one_centre_are_the_same_and_all_are_within_a_thousand(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, port_base=20_000)
    single = [getattr(settings, name) for name in OFFSETS if name.endswith("_port")]
    assert len(set(single)) == len(single)
    ranges = [
        range(settings.rtp_first, settings.rtp_last + 1),
        range(settings.network_rtp_first, settings.network_rtp_last + 1),
    ]
    every = [*single, *ranges[0], *ranges[1]]
    assert len(set(every)) == len(every)
    assert all(20_000 <= port < 21_000 for port in every)


def test_a_database_elsewhere_needs_the_owner_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/cordboard")
    settings = Settings.load(tmp_path)
    assert not settings.embedded_database
    assert settings.database_dsn == "postgresql://app@db/cordboard"
    with pytest.raises(ValueError, match="DATABASE_OWNER_URL"):
        _ = settings.database_owner_dsn


def test_passwords_do_not_show_in_the_settings_text(tmp_path: Path) -> None:
    assert "hush" not in repr(Settings(data_dir=tmp_path, ari_password="hush"))  # type: ignore[arg-type]
