"""Fence: what no request passes, whatever route it is for: strange hosts, other origins, huge bodies."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.config.web import WebSettings
from agent.web.gate import SAFE

MOST_BODY_BYTES = 1_000_000
MOST_QUERY_BYTES = 8_000

_UNHOSTED = ("/health", "/metrics")
"""Asked by machines under whatever name they know us, and of no use to a stranger's page."""

Trouble = Callable[[Request, Exception], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Fence:
    """Refuses before anything is read.

    A host that is not ours is a stranger's name that was made to point here (DNS rebinding). A write
    must say that it comes from our own page: by Sec-Fetch-Site, which all browsers send since 2023,
    and by Origin.
    """

    app: ASGIApp
    web: WebSettings
    trouble: Trouble

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers, most = Headers(scope=scope), MOST_BODY_BYTES
        refusal = self._refusal(scope, headers)
        if refusal is None:
            await self.app(scope, _measured(receive, most), send)
            return
        response = await self.trouble(Request(scope, receive), refusal)
        await response(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> HTTPException | None:
        if len(scope.get("query_string", b"")) > MOST_QUERY_BYTES:
            return HTTPException(414, "the address was too long")
        host = headers.get("host", "").lower()
        if host not in hosts(self.web) and scope["path"] not in _UNHOSTED:
            return HTTPException(421, f"this page is at {self.web.address}")
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length[:12]) > MOST_BODY_BYTES:
            return HTTPException(413, "what was sent was too large")
        if scope["method"] not in SAFE and not self._is_ours(headers):
            return HTTPException(403, "what was sent did not come from this page")
        return None

    def _is_ours(self, headers: Headers) -> bool:
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is None and origin is None:
            return False
        return site in (None, "same-origin") and origin in (None, *origins(self.web))


def hosts(web: WebSettings) -> frozenset[str]:
    """What the Host of a request may be."""
    own = web.address.partition("://")[2]
    names = ("127.0.0.1", "localhost", "[::1]") if web.is_local else ()
    return frozenset({own, web.listen.lower(), *(f"{name}:{web.port}" for name in names)})


def origins(web: WebSettings) -> frozenset[str]:
    """Where a write may come from: the address that people open, and this machine's own."""
    if web.url is not None:
        return frozenset({web.url})
    return frozenset(f"http://{host}" for host in hosts(web))


def _measured(receive: Receive, most: int) -> Receive:
    """The same body, but no more of it than that; a length that was not told is measured."""
    so_far = 0

    async def measured() -> Message:
        nonlocal so_far
        message = await receive()
        so_far += len(message.get("body", b""))
        if so_far > most:
            raise HTTPException(413, "what was sent was too large")
        return message

    return measured
