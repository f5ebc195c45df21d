"""Gate: who is signed in, whether they may, and whether the wish is really theirs. Every route has one."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from agent.domain.person import Session, SessionKind
from agent.domain.role import Act, Role
from agent.web.reception import Reception, reception_of

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""

TOKEN_FIELD = "csrf"  # noqa: S105  # a name
TOKEN_HEADER = "x-csrf-token"  # noqa: S105


class NotSignedIn(Exception):
    """Nobody is signed in by this request."""


class Refused(Exception):
    """Somebody is signed in, and this is not for them to do; the text says so to them."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in.

    Attributes:
        role: None: not on the board of [approval].
        may: What they may do.
        csrf: What each form that they send must carry; "" for a program, which sends none.
        via: Browser, or a token of a program.
    """

    name: str
    role: Role | None
    may: frozenset[Act]
    csrf: str
    via: SessionKind = SessionKind.BROWSER


async def sent_token(request: Request) -> str:
    """What a form or a script sent to show that it is of our page."""
    if request.method in SAFE:
        return ""
    header = request.headers.get(TOKEN_HEADER)
    if header is not None:
        return header
    form = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if form not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return ""
    sent = (await request.form()).get(TOKEN_FIELD)
    return sent if isinstance(sent, str) else ""


class Gate:
    """Lets in who is signed in and may do this; a dependency of the route.

    ``visitor: Annotated[Visitor, Depends(Gate(Act.READ))]``. A route that is not GET is refused
    without the token of the session, too.
    """

    def __init__(self, act: Act | None) -> None:
        """None: whoever is signed in, on the board or not."""
        self.act = act

    def __call__(self, request: Request, token: Annotated[str, Depends(sent_token)]) -> Visitor:
        reception = reception_of(request)
        session = _session(request, reception)
        visitor = _visitor(session, reception)
        request.state.visitor = visitor
        if request.method not in SAFE:
            if visitor.via is not SessionKind.BROWSER:
                raise Refused("a token reads and writes nothing")
            if not hmac.compare_digest(visitor.csrf.encode(), token.encode(errors="replace")):
                raise Refused("this form was not of this page, or is of a session that is over; open it anew")
        if self.act is not None and self.act not in visitor.may:
            raise Refused(_why_not(visitor, self.act))
        return visitor


class Everybody:
    """The gate of the few routes that need nobody signed in; `because` is for whoever reads the table."""

    act = None

    def __init__(self, because: str) -> None:
        self.because = because

    def __call__(self) -> None:
        return None


Reader = Annotated[Visitor, Depends(Gate(Act.READ))]
Stopper = Annotated[Visitor, Depends(Gate(Act.STOP))]
Decider = Annotated[Visitor, Depends(Gate(Act.DECIDE))]
Resumer = Annotated[Visitor, Depends(Gate(Act.RESUME))]
SignedIn = Annotated[Visitor, Depends(Gate(None))]


def every_route(routes: Iterable[BaseRoute]) -> list[BaseRoute]:
    """Them and those of the routers among them."""
    found: list[BaseRoute] = []
    for route in routes:
        inner = getattr(route, "original_router", None)
        found += [route] if inner is None else every_route(inner.routes)
    return found


def gate_of(route: BaseRoute) -> Gate | Everybody | None:
    """The gate that a route declares; None where it has none, or more than one."""
    if not isinstance(route, APIRoute):
        return None
    calls = [one.call for one in route.dependant.dependencies]
    gates = [call for call in calls if isinstance(call, (Gate, Everybody))]
    return gates[0] if len(gates) == 1 else None


def check_gates(app: FastAPI) -> None:
    """Refuse to serve a page of which a route has no gate.

    Raises:
        TypeError: With all such routes.
    """
    routes = every_route(app.routes)
    bare = [str(getattr(one, "path", one)) for one in routes if gate_of(one) is None]
    if bare:
        raise TypeError(f"routes without a gate: {', '.join(bare)}; each declares its act")


def cookie_name(reception: Reception) -> str:
    """With https a name that no other host, path or plain connection can set."""
    return "__Host-gebot" if reception.web.is_secure else "gebot"


def visitor_of(request: Request) -> Visitor | None:
    """Who is signed in, also where the gate did not let them through; None where nobody is."""
    found = getattr(request.state, "visitor", None)
    return found if isinstance(found, Visitor) else None


def _session(request: Request, reception: Reception) -> Session:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        session = reception.sessions.of(secret.strip(), SessionKind.TOKEN)
    else:
        secret = request.cookies.get(cookie_name(reception), "")
        session = reception.sessions.of(secret, SessionKind.BROWSER) if secret else None
    if session is None:
        raise NotSignedIn
    return session


def _visitor(session: Session, reception: Reception) -> Visitor:
    board = reception.board
    may = frozenset(act for act in Act if board.may(session.name, act))
    csrf = reception.seal.sign(["csrf", session.id]) if session.kind is SessionKind.BROWSER else ""
    return Visitor(session.name, board.role_of(session.name), may, csrf, session.kind)


_NAMED: Mapping[Act, str] = {
    Act.READ: "read",
    Act.STOP: "stop anything",
    Act.DECIDE: "approve or reject",
    Act.DRAW_UP: "draw up plans",
    Act.RESUME: "allow changes again",
}


def _why_not(visitor: Visitor, act: Act) -> str:
    if visitor.role is None:
        return f"{visitor.name} stands on no list of [approval] in config.toml, so may not {_NAMED[act]}"
    return f"{visitor.name} is {visitor.role}, and may not {_NAMED[act]}"
