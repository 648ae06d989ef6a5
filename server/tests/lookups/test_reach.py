"""Where connectors and bots may be sent: out, and inside only where the administrator lets them."""

from ipaddress import ip_address, ip_network

import pytest

from cordboard.reach import OutOfReach, Reach


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "2001:0:7f00:1::1"),
    ],
)
def test_inside_is_out_of_reach(address: str) -> None:
    assert not Reach().allows(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_the_public_network_is_in_reach(address: str) -> None:
    assert Reach().allows(ip_address(address))


def test_an_administrator_lets_a_network_in() -> None:
    reach = Reach([ip_network("10.1.0.0/16"), ip_network("fd00:1::/32")])
    assert reach.allows(ip_address("10.1.2.3")) and reach.allows(ip_address("::ffff:10.1.2.3"))
    assert reach.allows(ip_address("fd00:1::5"))
    assert not reach.allows(ip_address("10.2.2.3")) and not reach.allows(ip_address("127.0.0.1"))


async def test_a_name_is_taken_for_the_address_that_was_checked() -> None:
    reach = Reach([ip_network("127.0.0.0/8")])
    located = await reach.located("http://localhost:8080/a?b=c#d")
    assert located == ("http://127.0.0.1:8080/a?b=c", "localhost:8080", "localhost")


@pytest.mark.parametrize(
    "url",
    [
        *("http://localhost/", "http://[::1]/", "http://0x7f.1/", "http://2130706433/", "http://127.1/"),
        *("ftp://example.org/", "file:///etc/passwd", "http://", "http://a:b@localhost/", "http://x:99999/"),
    ],
)
async def test_tricks_do_not_lead_inside(url: str) -> None:
    with pytest.raises(OutOfReach):
        await Reach().located(url)
