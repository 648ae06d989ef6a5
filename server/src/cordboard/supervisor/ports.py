"""Are the ports free, and if not, who has them? Asked before anything is started, so that the answer is one clear sentence."""

import errno
import socket
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

from cordboard.errors import Refused


@dataclass(frozen=True, slots=True)
class Port:
    """A port that a part is going to listen on. `kind` is "tcp" or "udp"."""

    number: int
    kind: str
    address: str
    purpose: str


class PortsTaken(Refused):
    """A port that this centre needs is taken."""

    code = "ports_taken"


def require_free(ports: Iterable[Port]) -> None:
    """Raises `PortsTaken`, which names every taken port and who has it."""
    taken = [port for port in ports if not is_free(port)]
    if not taken:
        return
    lines = [
        f"  port {port.number}/{port.kind} ({port.purpose}) is taken by {holder_of(port)}" for port in taken
    ]
    advice = "Stop what has them, or choose other ports with --port-base N (a thousand free ones from N)."
    raise PortsTaken("Cordboard can not start:\n" + "\n".join(lines) + f"\n{advice}")


def is_free(port: Port) -> bool:
    kind = socket.SOCK_STREAM if port.kind == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as probe:
        if port.kind == "tcp":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.address, port.number))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise Refused(
                f"Port {port.number} ({port.purpose}) can not be used: {error.strerror}."
            ) from error
    return True


def holder_of(port: Port) -> str:
    """Process id and name of who listens there, as far as we may see it."""
    try:
        connections = psutil.net_connections("tcp4" if port.kind == "tcp" else "udp4")
        connections += psutil.net_connections("tcp6" if port.kind == "tcp" else "udp6")
    except psutil.Error:
        return "another program"
    for one in connections:
        if not one.laddr or one.laddr.port != port.number or one.pid is None:
            continue
        if port.kind == "tcp" and one.status != psutil.CONN_LISTEN:
            continue
        try:
            return f"{psutil.Process(one.pid).name()} (process {one.pid})"
        except psutil.Error:
            return f"process {one.pid}"
    return "another program (of another user: look with `sudo ss -lntup`)"
