"""Figures for Prometheus: to this machine, or to who shows the token of [web]."""

import hmac
import ipaddress

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from agent.config.credentials import resolve
from agent.domain.errors import GebotError, Mistakes
from agent.web.fence import hosts
from agent.web.gate import Everybody
from agent.web.metrics import CONTENT_TYPE, exposition
from agent.web.reception import Reception, reception_of

router = APIRouter(include_in_schema=False)

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""Who bears one of these came through a proxy: that it stands on this machine says nothing of them."""


@router.get(
    "/metrics",
    dependencies=[Depends(Everybody("monitors, by a token of their own or from this machine alone"))],
)
def metrics(request: Request) -> Response:
    """Figures of accounts, and no name of what is in them."""
    reception = reception_of(request)
    if not _may(request, reception):
        raise HTTPException(403, "metrics are for this machine, or for who shows the token of [web]")
    try:
        return Response(exposition(reception.office), media_type=CONTENT_TYPE)
    except (GebotError, Mistakes):
        raise HTTPException(503, "the ledger did not answer") from None


def _may(request: Request, reception: Reception) -> bool:
    reference = reception.web.metrics_token
    if reference is not None:
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        try:
            token = resolve(reference, "web.metrics_token").get_secret_value()
        except GebotError:
            return False
        return scheme.lower() == "bearer" and hmac.compare_digest(
            shown.strip().encode(errors="replace"), token.encode()
        )
    if reception.web.url is not None:
        return False  # a proxy stands before us: whoever comes through it comes from this machine
    direct = not any(name in request.headers for name in _FORWARDED)
    ours = request.headers.get("host", "").lower() in hosts(reception.web)  # or a stranger's name leads here
    return direct and ours and _is_here(request)


def _is_here(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
