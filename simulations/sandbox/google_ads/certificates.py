"""Certificates: a certificate authority of the sandbox's own, and its server's certificate."""

import os
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True)
class Certificates:
    """What the server needs (PEM), and the file that a client must trust."""

    ca_file: Path
    key: bytes
    chain: bytes


def certificates_in(directory: Path) -> Certificates:
    """The certificates of this directory, made for localhost when it has none yet.

    They are kept, so that a client that trusts the sandbox still does after a restart.
    """
    ca_file, key_file, chain_file = (directory / name for name in ("ca.pem", "server.key", "server.pem"))
    if not (ca_file.exists() and key_file.exists() and chain_file.exists()):
        authority = trustme.CA()
        server = authority.issue_cert("localhost", "127.0.0.1")
        chain_file.write_bytes(b"".join(pem.bytes() for pem in server.cert_chain_pems))
        with os.fdopen(os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(server.private_key_pem.bytes())
        authority.cert_pem.write_to_path(str(ca_file))
    return Certificates(ca_file, key_file.read_bytes(), chain_file.read_bytes())
