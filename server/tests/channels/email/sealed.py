"""S/MIME made for tests: by a real library, and by hand in BER with lengths left open, as programs that stream write it."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

INNER = b"Content-Type: text/plain; charset=utf-8\r\n\r\nSigned words.\r\n"
_KEY = rsa.generate_private_key(65537, 2048)
_NAME = x509.Name([x509.NameAttribute(NameOID.EMAIL_ADDRESS, "ann@example.org")])
_CERTIFICATE = (
    x509.CertificateBuilder()
    .subject_name(_NAME)
    .issuer_name(_NAME)
    .public_key(_KEY.public_key())
    .serial_number(7)
    .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
    .not_valid_after(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=3650))
    .sign(_KEY, hashes.SHA256())
)


def signed(content: bytes = INNER) -> bytes:
    """SignedData with its content inside, in DER."""
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(_CERTIFICATE, _KEY, hashes.SHA256())
    return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])


def enveloped(content: bytes = INNER) -> bytes:
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(content).add_recipient(_CERTIFICATE)
    return builder.encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])


def tlv(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    size = len(content)
    length = bytes([size]) if size < 0x80 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def open_ended(tag: int, *contents: bytes) -> bytes:
    return bytes([tag, 0x80]) + b"".join(contents) + b"\0\0"


DATA, SIGNED_DATA = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("06092a864886f70d010702")
COMPRESSED_DATA = bytes.fromhex("060b2a864886f70d0109100109")
ZLIB = bytes.fromhex("060b2a864886f70d0109100308")


def streamed(content: bytes = INNER, pieces: int = 5) -> bytes:
    """SignedData in BER: every length left open, the content in pieces."""
    octets = [tlv(0x04, content[at : at + pieces]) for at in range(0, len(content), pieces)]
    inside = open_ended(0x30, DATA, open_ended(0xA0, open_ended(0x24, *octets)))
    fields = (tlv(0x02, b"\x01"), tlv(0x31), inside, tlv(0x31))
    return open_ended(0x30, SIGNED_DATA, open_ended(0xA0, open_ended(0x30, *fields)))


def compressed(content: bytes) -> bytes:
    inside = tlv(0x30, DATA, tlv(0xA0, tlv(0x04, content)))
    return tlv(0x30, COMPRESSED_DATA, tlv(0xA0, tlv(0x30, tlv(0x02, b"\x00"), tlv(0x30, ZLIB), inside)))
