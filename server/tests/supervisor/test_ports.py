import os
import socket

import pytest

from cordboard.supervisor.ports import Port, PortsTaken, require_free
from cordboard.testing.postgres import free_port


def test_free_ports_are_free() -> None:
    number = free_port()
    require_free([Port(number, "tcp", "127.0.0.1", "web"), Port(number, "udp", "127.0.0.1", "SIP")])


def test_a_taken_port_is_named_with_who_has_it() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        number = holder.getsockname()[1]
        with pytest.raises(PortsTaken) as told:
            require_free([Port(number, "tcp", "0.0.0.0", "web, HTTPS")])
    assert f"port {number}/tcp (web, HTTPS) is taken by" in told.value.detail
    assert f"(process {os.getpid()})" in told.value.detail
    assert "--port-base" in told.value.detail


def test_a_taken_udp_port_is_named_too() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", 0))
        number = holder.getsockname()[1]
        with pytest.raises(
            PortsTaken, match=rf"port {number}/udp \(SIP\) is taken by .*process {os.getpid()}"
        ):
            require_free([Port(number, "udp", "127.0.0.1", "SIP")])
