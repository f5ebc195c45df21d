"""Sign in and out."""

import unicodedata
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from agent.web.gate import Everybody, SignedIn, cookie_name
from agent.web.pages import page
from agent.web.reception import Reception, reception_of
from agent.web.views.sign_in import SignInView
from agent.web.words import span

router = APIRouter(include_in_schema=False)

_log = structlog.get_logger()

_OPEN = Depends(Everybody("nobody is signed in before this"))
_NAME = Form(max_length=200)
_PASSWORD = Form(max_length=1000)
_TO = Form(max_length=4000)


@router.get("/sign-in", dependencies=[_OPEN])
def sign_in_page(request: Request, to: str = "/") -> Response:
    view = SignInView("", own_path(to), first=reception_of(request).is_empty())
    return page(request, "sign_in.html.j2", "Sign in", view)


@router.post("/sign-in", dependencies=[_OPEN])
def sign_in(
    request: Request,
    name: Annotated[str, _NAME] = "",
    password: Annotated[str, _PASSWORD] = "",
    to: Annotated[str, _TO] = "/",
) -> Response:
    reception = reception_of(request)
    name = unicodedata.normalize("NFC", name.strip())
    address = _address(request, reception)
    wait = reception.throttle.wait(name, address, reception.clock.now())
    if wait is not None:
        _log.warning("sign_in.throttled", person=name, address=address)
        return _again(request, name, to, f"Too many attempts; try again in {span(wait)}.", 429)
    person = reception.known(name, password)
    if person is None:
        reception.throttle.failed(name, address, reception.clock.now())
        _log.warning("sign_in.failed", person=name, address=address)
        return _again(request, name, to, "Name or password is wrong.", 401)
    reception.throttle.succeeded(name, address)
    _end(request, reception)
    _log.info("sign_in.succeeded", person=name, address=address)
    response = RedirectResponse(own_path(to), 303)
    response.set_cookie(
        cookie_name(reception),
        reception.sessions.begin(person),
        httponly=True,
        samesite="strict",
        secure=reception.web.is_secure,
        path="/",
    )
    return response


@router.post("/sign-out")
def sign_out(request: Request, visitor: SignedIn) -> Response:
    reception = reception_of(request)
    _end(request, reception)
    _log.info("sign_out", person=visitor.name)
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(
        cookie_name(reception),
        httponly=True,
        samesite="strict",
        secure=reception.web.is_secure,
        path="/",
    )
    return response


def own_path(to: str) -> str:
    """A path of this page; "/" for whatever might lead away from it."""
    safe = to.startswith("/") and not to.startswith(("//", "/\\", "/sign-")) and to.isprintable()
    return to if safe and "\\" not in to else "/"


def _address(request: Request, reception: Reception) -> str:
    """Who asks. Behind a proxy of this machine it is what that one says, the last that stands there."""
    peer = "" if request.client is None else request.client.host
    told = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    behind_proxy = reception.web.url is not None and peer in ("127.0.0.1", "::1")
    return told[:60] if behind_proxy and told else peer


def _again(request: Request, name: str, to: str, problem: str, status: int) -> Response:
    view = SignInView(problem, own_path(to), name, first=reception_of(request).is_empty())
    return page(request, "sign_in.html.j2", "Sign in", view, status=status)


def _end(request: Request, reception: Reception) -> None:
    """End the session that the browser came with, if it has one; nobody can have planted the next."""
    secret = request.cookies.get(cookie_name(reception), "")
    if secret:
        reception.sessions.end(secret)
