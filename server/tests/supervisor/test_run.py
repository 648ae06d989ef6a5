"""`cordboard run` for real: what it refuses, what it survives, how fast it is back."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil
import pytest

from cordboard.supervisor.ports import Port, is_free
from cordboard.testing.product import Product, free_port_base

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(300)]


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    running = Product(tmp_path / "data", free_port_base())
    running.start()
    yield running
    running.stop()


def run_another(folder: Path, port_base: int) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "cordboard", "run", "--data", str(folder), "--port-base", str(port_base)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def answers(product: Product) -> bool:
    connection = HTTPConnection("127.0.0.1", product.settings.http_port, timeout=2)
    try:
        connection.request("GET", "/api/v1/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def seconds_until(happens: Callable[[], bool], limit: float) -> float:
    begin = time.monotonic()
    while not happens():
        assert time.monotonic() - begin < limit, f"not within {limit} s"
        time.sleep(0.02)
    return time.monotonic() - begin


def wait_for_spare(product: Product) -> None:
    """Until the spare server has loaded everything: it uses no more processor time."""
    supervisor = psutil.Process(product.pid("server")).parent()
    assert supervisor is not None
    spent = -1.0
    while True:
        spares = [child for child in supervisor.children() if "--spare" in child.cmdline()]
        waiting = [child for child in spares if child.pid != product.pid("server")]
        now = sum(child.cpu_times().user for child in waiting)
        if waiting and now == spent:
            return
        spent = now
        time.sleep(2)


def mail_answers(product: Product) -> bool:
    """SMTP of the mail process, and SMTP and IMAP of the demo's mail server."""
    settings = product.settings
    ports = (settings.mail_smtp_port, settings.demo_smtp_port, settings.demo_imap_port)
    return not any(is_free(Port(port, "tcp", "127.0.0.1", "any")) for port in ports)


def test_second_ones_are_refused_with_a_sentence_and_the_first_goes_on(
    product: Product, tmp_path: Path
) -> None:
    same_folder = run_another(product.folder, product.port_base + 1000)
    assert same_folder.returncode == 1
    assert "already runs on the data folder" in same_folder.stdout
    same_ports = run_another(tmp_path / "other", product.port_base)
    assert same_ports.returncode == 1
    expected = rf"port {product.settings.http_port}/tcp \(web, HTTP on loopback\) is taken by \S+ \(process {product.pid('server')}\)"
    assert re.search(expected, same_ports.stdout.replace("\n", " ").replace("  ", " ")), same_ports.stdout
    assert answers(product)


def test_a_killed_part_is_back_soon_and_the_others_do_not_notice(product: Product) -> None:
    before = {part: product.pid(part) for part in ("postgres", "asterisk", "demo-mail", "server", "mail")}
    wait_for_spare(product)
    product.signal("server", signal.SIGKILL)
    assert seconds_until(lambda: product.pid("server") != before["server"] and answers(product), 10) < 5
    assert product.pid("asterisk") == before["asterisk"]
    for part in ("mail", "demo-mail"):
        product.signal(part, signal.SIGKILL)
        seconds_until(lambda part=part: product.pid(part) != before[part] and mail_answers(product), 20)  # type: ignore[misc]
    product.signal("postgres", signal.SIGKILL)
    seconds_until(lambda: product.pid("postgres") != before["postgres"] and answers(product), 20)
    product.signal("asterisk", signal.SIGKILL)
    seconds_until(lambda: product.pid("asterisk") != before["asterisk"] and answers(product), 20)


def test_after_the_supervisor_is_killed_the_next_run_takes_over(product: Product) -> None:
    before = {part: product.pid(part) for part in ("postgres", "asterisk", "demo-mail", "server", "mail")}
    supervisor = psutil.Process(before["server"]).ppid()
    os.kill(supervisor, signal.SIGKILL)
    product.stop()
    assert all(psutil.pid_exists(pid) for pid in before.values())
    (product.folder / "endpoints.json").unlink()
    product.start()
    assert product.pid("asterisk") == before["asterisk"]
    assert product.pid("postgres") == before["postgres"]
    assert product.pid("demo-mail") == before["demo-mail"]
    assert product.pid("server") != before["server"]
    assert product.pid("mail") != before["mail"]
    assert answers(product)


def test_ctrl_c_stops_all_of_it_and_a_later_start_is_quick_and_the_same(product: Product) -> None:
    logins = product.endpoints["logins"]
    assert logins
    pids = [product.pid(part) for part in ("postgres", "asterisk", "demo-mail", "server", "mail")]
    children = [child.pid for pid in pids for child in psutil.Process(pid).children(recursive=True)]
    assert product.stop() == 0
    assert not [pid for pid in pids if psutil.pid_exists(pid)]
    seconds_until(lambda: not any(psutil.pid_exists(pid) for pid in children), 5)  # Dovecot's log is its last
    base = product.port_base
    taken = [
        base + offset
        for offset in (*range(5), *range(20, 26))
        if not is_free(Port(base + offset, "tcp", "127.0.0.1", "any"))
    ]
    assert not taken
    assert not (product.folder / "endpoints.json").exists()
    begin = time.monotonic()
    product.start()
    assert time.monotonic() - begin < 15
    assert product.endpoints["logins"] == logins
