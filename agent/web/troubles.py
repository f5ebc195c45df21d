"""Troubles: what somebody sees when a request could not be answered; never how the inside looks."""

from http import HTTPStatus
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from agent.domain.errors import GebotError, LedgerError, Mistake, Mistakes
from agent.web.gate import NotSignedIn, Refused
from agent.web.pages import page
from agent.web.views.trouble import TroubleView

_log = structlog.get_logger()

_HEADLINES = {
    400: "That could not be read",
    401: "Please sign in",
    403: "That is not for you to do",
    404: "There is nothing here",
    405: "That cannot be done here",
    409: "Somebody was quicker",
    413: "That was too large",
    414: "That was too long",
    421: "This page lives elsewhere",
    422: "Something in there was wrong",
    429: "Too many attempts",
    500: "Something went wrong on our side",
    503: "The ledger does not answer",
}

TELL = {
    404: "The address may be misspelled, or what was here is gone.",
    405: "This address does not take what was sent.",
    500: "It was written to the log. Look what became of it before you try again; `gebot halt` on the "
    "command line stops everything at once.",
}


def is_api(request: Request) -> bool:
    """Whether whoever asked reads JSON and not a page."""
    return request.url.path.startswith(("/api/", "/health", "/metrics"))


def trouble_page(request: Request, status: int, details: list[str]) -> Response:
    """The answer to a request that failed, as a page or as JSON."""
    headline = _HEADLINES.get(status, HTTPStatus(status).phrase)
    if is_api(request):
        return JSONResponse({"error": headline, "details": details}, status_code=status)
    view = TroubleView(status, headline, tuple(details) or ((TELL[status],) if status in TELL else ()))
    try:
        return page(request, "trouble.html.j2", headline, view, status=status)
    except Exception:  # noqa: BLE001  # the last page must stand by itself, whatever is broken
        _log.exception("page.trouble_failed", path=request.url.path)
        return HTMLResponse(f"<!doctype html><title>gebot</title><h1>{headline}</h1>", status_code=status)


async def answer(request: Request, error: Exception) -> Response:
    """The answer to an error that a route or a gate raised."""
    if isinstance(error, NotSignedIn):
        return _to_sign_in(request)
    status, details = _told(error)
    if isinstance(error, LedgerError):
        _log.warning("page.ledger_failed", path=request.url.path, error=str(error))
    elif status == HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("page.failed", path=request.url.path, exc_info=error)
    response = trouble_page(request, status, details)
    if isinstance(error, HTTPException):
        response.headers.update(error.headers or {})
    return response


def _told(error: Exception) -> tuple[int, list[str]]:
    """The status, and what to tell; of a fault of ours nothing."""
    status, details = 500, list[str]()
    match error:
        case Refused():
            status, details = 403, [str(error)]
        case HTTPException(status_code=status, detail=detail):
            details = [] if detail == HTTPStatus(status).phrase else [str(detail)]
        case RequestValidationError():
            status, details = 422, [_fault(one["loc"], one["msg"]) for one in error.errors()]
        case Mistake():
            status, details = 422, [str(error)]
        case Mistakes():
            status, details = 422, [str(one) for one in error.each()]
        case LedgerError():
            status, details = 503, [str(error), TELL_HALT]
        case GebotError():
            status, details = 503, [str(error)]
    return status, details


TELL_HALT = "To stop everything without it: `gebot halt` on the command line."


def listen_to(app: FastAPI) -> None:
    """Answer every error of this app."""
    for kind in (NotSignedIn, Refused, HTTPException, RequestValidationError, GebotError, Mistakes):
        app.add_exception_handler(kind, answer)


class Catch:
    """Around all else: a fault of ours is answered and logged, and shown to nobody."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sending(message: object) -> None:
            nonlocal begun
            begun = True
            await send(message)  # type: ignore[arg-type]  # as it came

        try:
            await self.app(scope, receive, sending)
        except Exception as error:  # one request must not end the page, nor show its inside
            if begun or scope["type"] != "http":
                raise
            response = await answer(Request(scope, receive), error)
            await response(scope, receive, send)


def _to_sign_in(request: Request) -> Response:
    """To the sign-in page and back again; a program is told in its own way."""
    if is_api(request):
        response = trouble_page(request, 401, [])
        response.headers["www-authenticate"] = 'Bearer realm="gebot"'
        return response
    if request.method not in ("GET", "HEAD"):
        return RedirectResponse("/sign-in", 303)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.headers.get("sec-fetch-site") == "cross-site":
        # A link in a mail brings no cookie along (SameSite=Strict). From our own page it does.
        return page(request, "come_in.html.j2", "gebot", wanted)
    return RedirectResponse("/sign-in" + (f"?to={quote(wanted, safe='')}" if wanted != "/" else ""), 303)


def _fault(place: tuple[object, ...], message: str) -> str:
    """Where and what; not what was sent, which may be a password."""
    where = ".".join(str(part) for part in place if part not in ("body", "query", "path", "form"))
    return f"{where or 'what was sent'}: {message[:1].lower()}{message[1:]}"
