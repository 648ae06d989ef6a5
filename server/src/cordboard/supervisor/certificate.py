"""The HTTPS certificate of a centre that was given none: self-signed, for every name and address of this machine.

Browsers warn about it once. It is made again, with a new key, when less than a month is left or when a host name was added.
"""

import ipaddress
import os
import socket
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cordboard.supervisor.folder import write_private

VALID_FOR = timedelta(days=825)
"""The longest that all browsers accept."""
RENEW_BEFORE = timedelta(days=30)


def ensure(certificate: Path, key: Path, public_hosts: Iterable[str]) -> bool:
    """Makes the certificate unless a good one is there. True when one was made."""
    names = [*dict.fromkeys([*public_hosts, *_own_names()])]
    if certificate.exists() and key.exists() and _is_good(certificate, public_hosts):
        return False
    certificate.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Cordboard")])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(private, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    write_private(key, pem.decode())
    write_private(certificate, made.public_bytes(serialization.Encoding.PEM).decode())
    return True


def _is_good(certificate: Path, public_hosts: Iterable[str]) -> bool:
    try:
        present = x509.load_pem_x509_certificate(certificate.read_bytes())
        names = present.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return False
    if present.not_valid_after_utc - datetime.now(UTC) < RENEW_BEFORE:
        return False
    return all(_general_name(name) in names for name in public_hosts)


def _own_names() -> list[str]:
    names = ["localhost", "127.0.0.1", "::1", socket.gethostname(), socket.getfqdn()]
    for addresses in psutil.net_if_addrs().values():
        for one in addresses:
            if one.family in (socket.AF_INET, socket.AF_INET6):
                names.append(one.address.partition("%")[0])
    return [name for name in names if name and len(name) <= 253 and os.fsencode(name).isascii()]


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
