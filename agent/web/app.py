"""App: every route behind its gate, every answer with its headers."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from agent.config.web import WebSettings
from agent.office import Office
from agent.ports.clock import Clock
from agent.web.fence import Fence
from agent.web.gate import check_gates
from agent.web.headers import with_headers
from agent.web.reception import Reception
from agent.web.routes import (
    api,
    api_plans,
    evidence,
    health,
    log,
    metrics,
    plans,
    settings,
    sign_in,
    statics,
    stop,
    today,
)
from agent.web.troubles import Catch, answer, listen_to

ROUTERS = (
    today.router,
    plans.router,
    evidence.router,
    log.router,
    stop.router,
    settings.router,
    sign_in.router,
    statics.router,
    health.router,
    metrics.router,
    api.router,
    api_plans.router,
)


class Page(FastAPI):
    """FastAPI whose every answer bears our headers, that of a fault of ours too."""

    web: WebSettings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, with_headers(send, self.web))


def create_app(open_office: Callable[[], Office], *, clock: Clock | None = None) -> Page:
    """The page of an office.

    Args:
        clock: Real time, by which sessions end; None: the system's.

    Raises:
        GebotError, Mistakes: The office cannot be opened.
        TypeError: A route declares no act.
    """
    reception = Reception.opened(open_office, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        reception.close()

    app = Page(
        title="gebot",
        version="1",
        description=api.DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
    )
    app.web = reception.web
    app.state.reception = reception
    for router in ROUTERS:
        app.include_router(router)
    listen_to(app)
    app.add_middleware(Fence, web=reception.web, trouble=answer)
    app.add_middleware(Catch)
    check_gates(app)
    return app
