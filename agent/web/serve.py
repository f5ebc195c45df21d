"""Serve: the page on its address, until somebody ends it or whoever started it is gone."""

import os
import socket
import sys
import threading
import time

import uvicorn
from starlette.types import ASGIApp

from agent.config.web import WebSettings
from agent.domain.errors import Mistake

_FAREWELL_S = 5.0
"""What is being answered when the page ends has so long."""

_MOST_AT_ONCE = 64


def bound(web: WebSettings, file: str) -> socket.socket:
    """The address, ours alone.

    Raises:
        Mistake: Somebody has it, or it is none of this machine.
    """
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1" if web.host == "localhost" else web.host, web.port))
        listening.listen(_MOST_AT_ONCE)
    except OSError as error:
        listening.close()
        right = "end what listens there (another `gebot web` or `gebot run`?), or write another port"
        raise Mistake(f"{file}: web.listen", f"{web.listen}: {error.strerror}", right) from None
    return listening


def serve(app: ASGIApp, listening: socket.socket, *, with_parent: bool) -> None:
    """Answer until a signal comes.

    Args:
        with_parent: End also when standard input does, which happens however the parent ends.
    """
    settings = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=int(_FAREWELL_S),
        h11_max_incomplete_event_size=32_768,
        ws="none",
    )
    server = uvicorn.Server(settings)
    if with_parent:
        threading.Thread(target=_end_with_parent, args=(server,), daemon=True).start()
    server.run(sockets=[listening])


def _end_with_parent(server: uvicorn.Server) -> None:
    """Nothing is ever written to the pipe; it closes when the parent ends, by SIGKILL too."""
    while sys.stdin.buffer.read(1024):
        pass
    server.should_exit = True
    time.sleep(2 * _FAREWELL_S)
    os._exit(0)  # something hangs: nobody is left to end it
