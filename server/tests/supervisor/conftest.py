import subprocess

import pytest

from cordboard.supervisor.precedence import NICENESS


@pytest.fixture(scope="session")
def niceness() -> int:
    """What this machine lets us give: root in a container may not go before others."""
    tried = subprocess.run(["nice", "-n", str(NICENESS), "nice"], capture_output=True, text=True, check=True)
    return int(tried.stdout)
