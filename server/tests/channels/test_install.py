"""Bringing Asterisk: where from, which version, and what is said when it can not be had."""

import shutil
from pathlib import Path

import pytest

from cordboard.channels.asterisk import install as bring
from cordboard.channels.asterisk.conf import AsteriskConf, write_conf
from cordboard.channels.asterisk.install import InstallFailed, find, install, is_new_enough, mirror_of_host
from cordboard.channels.asterisk.process import launch_of
from cordboard.testing.asterisk import AsteriskServer


def test_mirror_from_one_line_sources(tmp_path: Path) -> None:
    (tmp_path / "sources.list").write_text(
        "# deb http://commented.example/debian bookworm main\n"
        "deb [signed-by=/x.gpg] https://packages.example/apt stable main\n"
        "deb http://mirror.example/debian-security bookworm-security main\n"
        "deb [arch=amd64] http://mirror.example/debian/ bookworm main contrib\n"
    )
    assert mirror_of_host(tmp_path) == "http://mirror.example/debian/"


def test_mirror_from_deb822_sources(tmp_path: Path) -> None:
    folder = tmp_path / "sources.list.d"
    folder.mkdir()
    (folder / "debian.sources").write_text(
        "Types: deb\nURIs: http://off.example/debian\nSuites: bookworm\nComponents: main\nEnabled: no\n\n"
        "Types: deb deb-src\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\n"
        "Components: main\nSigned-By: /usr/share/keyrings/x.gpg\n"
    )
    assert mirror_of_host(tmp_path) == "http://mirror.example/debian"


def test_no_mirror(tmp_path: Path) -> None:
    assert mirror_of_host(tmp_path) is None


@pytest.mark.parametrize(
    ("version", "enough"),
    [
        ("18.26.0", False),
        ("20.14.1", False),
        ("20.15.0", True),
        ("22.4.1", False),
        ("22.10.1", True),
        ("23.0.0", True),
    ],
)
def test_versions(version: str, enough: bool) -> None:
    assert is_new_enough(version) is enough


def test_failure_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bring, "find_system", lambda: None)
    monkeypatch.setattr(bring, "mirror_of_host", lambda: None)
    monkeypatch.delenv("CORDBOARD_DEBIAN_MIRROR", raising=False)
    monkeypatch.setattr(shutil, "which", lambda *_, **__: "/usr/bin/mmdebstrap")
    with pytest.raises(InstallFailed, match="CORDBOARD_DEBIAN_MIRROR"):
        install(tmp_path / "asterisk", lambda _: None)


def test_broken_download_leaves_nothing_that_looks_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = tmp_path / "mmdebstrap"
    failing.write_text("#!/bin/sh\necho 'E: no route to mirror'\nexit 25\n")
    failing.chmod(0o755)
    monkeypatch.setattr(bring, "find_system", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda *_, **__: str(failing))
    monkeypatch.setenv("CORDBOARD_DEBIAN_MIRROR", "http://127.0.0.1:9/debian")
    with pytest.raises(InstallFailed, match="no route to mirror"):
        install(tmp_path / "parts" / "asterisk", lambda _: None)
    assert find(tmp_path / "parts" / "asterisk") is None


def test_installing_again_does_nothing(asterisk: AsteriskServer) -> None:
    assert asterisk.installation.root is not None
    said: list[str] = []
    assert install(asterisk.installation.root, said.append) == asterisk.installation
    assert said == []


def test_everything_is_written_under_one_folder(asterisk: AsteriskServer, tmp_path: Path) -> None:
    conf = AsteriskConf(
        tmp_path / "ast", 1001, "user", "secret", 1002, 1010, 1020, external_address="203.0.113.5"
    )
    main = write_conf(conf, asterisk.installation)
    text = main.read_text()
    written = (
        "astetcdir",
        "astvarlibdir",
        "astdbdir",
        "astspooldir",
        "astrundir",
        "astlogdir",
        "astcachedir",
    )
    for line in text.splitlines():
        name, _, value = line.partition(" = ")
        if name in written:
            assert value.startswith(str(tmp_path)), line
    assert conf.folder.stat().st_mode & 0o077 == 0
    assert "bindaddr = 127.0.0.1" in (conf.config_folder / "http.conf").read_text()
    assert "external_media_address = 203.0.113.5" in (conf.config_folder / "pjsip.conf").read_text()
    launch = launch_of(conf, asterisk.installation)
    assert launch.command[-2:] == ["-C", str(main)]


def test_starts_without_complaints(asterisk: AsteriskServer) -> None:
    """Every module of ours loads, and no file is missing."""
    log = (asterisk.conf.log_folder / "messages.log").read_text()
    beginning = log.partition("Asterisk Ready")[0]
    complaints = [
        line
        for line in beginning.splitlines()
        if ("ERROR" in line or "WARNING" in line) and "stir_shaken" not in line and "WebSocket" not in line
    ]
    assert [line for line in complaints if "loader.c" in line or "Unable" in line] == []
