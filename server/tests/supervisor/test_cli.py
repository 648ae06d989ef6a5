import subprocess
import sys
from importlib.util import find_spec

import pytest

from cordboard.cli import COMMANDS, main, overview


def test_every_command_in_the_list_exists_and_has_help() -> None:
    for name, (module, _) in COMMANDS.items():
        assert find_spec(module) is not None, f"{name}: no module {module}"


def test_the_list_costs_no_import() -> None:
    code = "import sys, cordboard.cli as c; c.overview(); print('typer' in sys.modules, 'pydantic' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "False"]


def test_an_unknown_command_is_told_with_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["dance"])
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "no command 'dance'" in told
    assert overview() in told
