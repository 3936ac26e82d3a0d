"""A certificate authority of our own, and servers that it vouches for."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NAME = "acme.my.salesforce.com"
_DAY = datetime.timedelta(days=1)


class Authority:
    """A certificate authority, in a folder of the test.

    Attributes:
        file: its certificate, in PEM.
    """

    def __init__(self, folder: Path, name: str = "our own authority") -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self._common_name = name
        usage = x509.KeyUsage(
            digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        made = (
            self._begun(self._name, self._key, datetime.datetime.now(datetime.UTC) + _DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.file = folder / f"{name.replace(' ', '-')}.pem"
        self.file.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def hashed_folder(self) -> Path:
        """A folder with the certificate by the name that OpenSSL looks for, as `openssl rehash` writes it."""
        folder = self._folder / "hashed"
        folder.mkdir()
        text = self._common_name.lower().encode()
        attribute = b"\x06\x03\x55\x04\x03" + b"\x0c" + bytes([len(text)]) + text
        pair = b"\x30" + bytes([len(attribute)]) + attribute
        digest = hashlib.sha1(b"\x31" + bytes([len(pair)]) + pair, usedforsecurity=False).digest()
        (folder / f"{int.from_bytes(digest[:4], 'little'):08x}.0").write_bytes(self.file.read_bytes())
        return folder

    def server(self, name: str = NAME, *, days: int = 1) -> ssl.SSLContext:
        """The context of a server with a certificate for a name; that of the usual one is for this machine too."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate(name, days=days))
        return context

    def certificate(self, name: str, *, days: int = 1) -> Path:
        """A file with a certificate for a name, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        here = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        names = [x509.DNSName(name), *(here if name == NAME else [])]
        until = datetime.datetime.now(datetime.UTC) + days * _DAY
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        made = (
            self._begun(subject, key, until)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(identifier, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        path = self._folder / f"{name}-{days}.pem"
        pem = serialization.Encoding.PEM
        path.write_bytes(key.private_bytes(pem, *form) + made.public_bytes(pem))
        return path

    def _begun(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, until: datetime.datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(until - 30 * _DAY)
            .not_valid_after(until)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
