"""What `./run` and `./test` stand on, as far as it can be tried without a bare machine."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).resolve().parents[3] / "tools"


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(TOOLS))
    from bootstrap import steps  # type: ignore[import-not-found]  # tools are no package of the server

    monkeypatch.setattr(steps, "PARTS", tmp_path / "parts")
    monkeypatch.setattr(steps, "LOGS", tmp_path / "log")
    yield steps
    for name in [name for name in sys.modules if name.split(".")[0] == "bootstrap"]:
        del sys.modules[name]


def test_a_failed_program_is_told_with_advice_and_the_end_of_its_log(steps: ModuleType) -> None:
    with pytest.raises(steps.Failed) as told:
        steps.call("The weather", ["sh", "-c", "echo it rains; exit 3"], advice="Take an umbrella.")
    assert "The weather failed. Take an umbrella." in str(told.value)
    assert "it rains" in str(told.value)


def test_a_long_step_says_that_it_is_still_at_it(
    steps: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(steps, "HEARTBEAT_SECONDS", 0.1)
    steps.call("Tea", ["sh", "-c", "echo brewing; sleep 0.35"], advice="")
    assert "Tea: still at it after 0 s: brewing" in capsys.readouterr().out


def test_a_stamp_is_fresh_until_what_it_was_made_from_changes(steps: ModuleType) -> None:
    assert not steps.Stamp("web", "1").is_fresh
    steps.Stamp("web", "1").write()
    assert steps.Stamp("web", "1").is_fresh
    assert not steps.Stamp("web", "2").is_fresh


def test_generated_folders_are_no_inputs(steps: ModuleType, tmp_path: Path) -> None:
    for name in ("a.ts", "dist/b.js", "src/c.ts", "src/node_modules/d.js"):
        (tmp_path / "web" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "web" / name).touch()
    found = steps.files_below(tmp_path / "web", frozenset({"dist", "node_modules"}))
    assert sorted(path.name for path in found) == ["a.ts", "c.ts"]


def test_uv_is_told_what_pip_knows_of_this_machine(
    steps: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bootstrap import python_parts

    for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "SSL_CERT_FILE", "UV_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    known = {
        "index-url": "https://mirror.example/simple",
        "extra-index-url": "\nhttps://one.example/simple https://two.example/simple",
        "find-links": "/a /b",
        "cert": "/etc/ca.pem",
    }
    monkeypatch.setattr(python_parts, "_pip_configuration", lambda: known)
    told = python_parts.uv_environment()
    assert told["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert told["UV_INDEX"] == "https://one.example/simple https://two.example/simple"
    assert told["UV_FIND_LINKS"] == "/a,/b"
    assert told["SSL_CERT_FILE"] == "/etc/ca.pem"
    assert told["UV_PYTHON_DOWNLOADS"] == "never"
    assert "parts" in told["UV_CACHE_DIR"]


def test_without_apt_or_rights_the_missing_packages_are_named(
    steps: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bootstrap import packages

    monkeypatch.setattr(packages.shutil, "which", lambda *_, **__: None)
    with pytest.raises(steps.Failed, match="This machine lacks: mmdebstrap"):
        packages.ensure({"mmdebstrap": "mmdebstrap"})
    monkeypatch.setattr(
        packages.shutil, "which", lambda name, **_: "/usr/bin/apt-get" if name == "apt-get" else None
    )
    monkeypatch.setattr(packages.os, "geteuid", lambda: 1000)
    with pytest.raises(steps.Failed, match="Become root and run: apt-get install mmdebstrap"):
        packages.ensure({"mmdebstrap": "mmdebstrap"})
