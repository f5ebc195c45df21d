"""OAuth: a stub of Google's sign-in, so that the client's own way of getting tokens can be run.

POST /token    grant_type=refresh_token (refresh_token: "1//ann@example.com" is Ann's), or
               grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer (assertion: a signed JWT)
POST /revoke   token=1//ann@example.com

Plain HTTP on loopback. The assertion of a service account is checked by its key; who has a
refresh token is its owner, since there is nothing here to be stolen.
"""

import base64
import json
import os
import secrets
import threading
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from agent.ports.clock import Clock
from simulations.sandbox.google_ads.access import API_USER, Tokens

SERVICE_USER = "gebot@sandbox.iam.gserviceaccount.example"
_REFRESH_PREFIX = "1//"
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_KEY_BITS = 2048
_LONGEST_BODY = 100_000


class Denied(Exception):
    """A token is refused, with OAuth's word for it."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where tokens are given out, until it is closed.

    Attributes:
        token_uri: For the client.
        service_account_file: A key file as Google makes them, that signs in here.
    """

    token_uri: str
    service_account_file: Path
    _http: ThreadingHTTPServer

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


def open_sign_in(state: Path, tokens: Tokens, clock: Clock, *, port: int, lasts: timedelta) -> SignIn:
    """Listen on loopback; port 0 takes a free one.

    Args:
        state: Directory in which the service account's key lasts.
        lasts: How long an access token is good, by this clock.

    Raises:
        OSError: The port is taken, or the directory cannot be written.
    """
    key = _key_in(state / "service_account.pem")
    grants = Grants(tokens, clock, lasts, key.public_key())
    http = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"grants": grants}))
    http.daemon_threads = True
    threading.Thread(target=http.serve_forever, args=(0.05,), name="oauth", daemon=True).start()
    token_uri = f"http://127.0.0.1:{http.server_address[1]}/token"
    file = state / "service_account.json"
    _write(file, json.dumps(_key_file(key, token_uri), indent=2).encode())
    return SignIn(token_uri, file, http)


class Grants:
    """What tokens are given for."""

    def __init__(self, tokens: Tokens, clock: Clock, lasts: timedelta, key: rsa.RSAPublicKey) -> None:
        self._tokens = tokens
        self._clock = clock
        self._lasts = lasts
        self._key = key

    def token(self, form: dict[str, str]) -> dict[str, object]:
        """Give out an access token.

        Raises:
            Denied: There is none for this.
        """
        kind = form.get("grant_type", "")
        if kind == "refresh_token":
            user = self._user_of(form.get("refresh_token", ""))
        elif kind == _JWT_BEARER:
            user = self._signed_by(form.get("assertion", ""))
        else:
            raise Denied("unsupported_grant_type", f"Invalid grant_type: {kind}")
        if self._tokens.is_revoked(user):
            raise Denied("invalid_grant", "Token has been expired or revoked.")
        token = f"ya29.{secrets.token_urlsafe(24)}"
        self._tokens.give(token, user, self._clock.now(), self._lasts)
        return {"access_token": token, "expires_in": int(self._lasts.total_seconds()), "token_type": "Bearer"}

    def revoke(self, form: dict[str, str]) -> dict[str, object]:
        """Sign the owner of a refresh token out."""
        self._tokens.revoke(self._user_of(form.get("token", "")))
        return {}

    def _user_of(self, refresh_token: str) -> str:
        if not refresh_token.startswith(_REFRESH_PREFIX):
            raise Denied("invalid_grant", "Bad Request")
        user = refresh_token.removeprefix(_REFRESH_PREFIX)
        return user if "@" in user else API_USER

    def _signed_by(self, assertion: str) -> str:
        """Who signed a JWT, when it was the sandbox's own service account."""
        try:
            head, claims, signature = assertion.split(".")
            self._key.verify(
                _unpadded(signature), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256()
            )
            issuer = json.loads(_unpadded(claims))["iss"]
        except (ValueError, KeyError, InvalidSignature):
            raise Denied("invalid_grant", "Invalid JWT Signature.") from None
        if issuer != SERVICE_USER:
            raise Denied("invalid_grant", "Invalid grant: account not found")
        return SERVICE_USER


class _Handler(BaseHTTPRequestHandler):
    grants: Grants

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), _LONGEST_BODY)
        fields = parse_qs(self.rfile.read(length).decode("utf-8", "replace"))
        form = {name: values[0] for name, values in fields.items()}
        routes = {"/token": self.grants.token, "/revoke": self.grants.revoke}
        if self.path not in routes:
            self._reply(HTTPStatus.NOT_FOUND, {"error": "not_found"})
            return
        try:
            self._reply(HTTPStatus.OK, routes[self.path](form))
        except Denied as denied:
            self._reply(
                HTTPStatus.BAD_REQUEST, {"error": denied.error, "error_description": denied.description}
            )

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the sandbox's standard output is for READY."""

    def _reply(self, status: HTTPStatus, answer: dict[str, object]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _key_in(file: Path) -> rsa.RSAPrivateKey:
    """The key in this file, made when there is none."""
    if file.exists():
        kept = serialization.load_pem_private_key(file.read_bytes(), None)
        assert isinstance(kept, rsa.RSAPrivateKey), "the sandbox wrote it"
        return kept
    key = rsa.generate_private_key(65_537, _KEY_BITS)
    _write(file, _pem(key))
    return key


def _key_file(key: rsa.RSAPrivateKey, token_uri: str) -> dict[str, str]:
    return {
        "type": "service_account",
        "project_id": "sandbox",
        "private_key_id": "sandbox",
        "private_key": _pem(key).decode(),
        "client_email": SERVICE_USER,
        "client_id": "1",
        "token_uri": token_uri,
    }


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(file: Path, content: bytes) -> None:
    """Write a file that is for its owner only."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
