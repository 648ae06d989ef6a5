import ssl
import stat
from pathlib import Path

from cryptography import x509

from cordboard.supervisor.certificate import ensure


def test_it_is_made_once_and_python_can_serve_with_it(tmp_path: Path) -> None:
    certificate, key = tmp_path / "tls" / "certificate.pem", tmp_path / "tls" / "key.pem"
    assert ensure(certificate, key, [])
    assert not ensure(certificate, key, [])
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    names = _names(certificate)
    assert "localhost" in names.get_values_for_type(x509.DNSName)
    assert "127.0.0.1" in [str(one) for one in names.get_values_for_type(x509.IPAddress)]


def test_a_further_host_name_makes_it_anew(tmp_path: Path) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    ensure(certificate, key, [])
    assert ensure(certificate, key, ["calls.example.org", "192.0.2.7"])
    assert not ensure(certificate, key, ["calls.example.org", "192.0.2.7"])
    assert "calls.example.org" in _names(certificate).get_values_for_type(x509.DNSName)


def test_a_damaged_one_is_made_anew(tmp_path: Path) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    ensure(certificate, key, [])
    certificate.write_text("not a certificate")
    assert ensure(certificate, key, [])


def _names(certificate: Path) -> x509.SubjectAlternativeName:
    read = x509.load_pem_x509_certificate(certificate.read_bytes())
    return read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
