"""Front: the HTTP port on which the sandbox plays the Graph API."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from simulations.sandbox.meta_ads.call import read
from simulations.sandbox.meta_ads.refusal import PARAMETER, Broken, Refusal
from simulations.sandbox.meta_ads.turns import Answer, Turns

_LONGEST_BODY = 10_000_000
_IDLE_S = 300


def start(turns: Turns, port: int) -> ThreadingHTTPServer:
    """Listen on loopback in a thread of its own; port 0 takes a free one.

    Raises:
        OSError: The port is taken.
    """
    listening = type("Listening", (_Handler,), {"turns": turns})
    server = _Server(("127.0.0.1", port), listening)
    threading.Thread(target=server.serve_forever, args=(0.05,), name="meta_ads", daemon=True).start()
    return server


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    """Connections stay open, as Meta's do."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave together
    timeout = _IDLE_S
    turns: Turns

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        host = self.headers.get("Host", "127.0.0.1")
        try:
            if length > _LONGEST_BODY:
                raise Refusal(PARAMETER, "The body was too long")
            body = self.rfile.read(length)
            call = read(self.command, self.path, body, dict(self.headers.items()), host=f"http://{host}")
            self._send(self.turns.answer(call))
        except Refusal as refusal:
            self.close_connection = True
            self._send(self.turns.malformed(refusal))
        except Broken:
            self.close_connection = True

    do_POST = do_DELETE = do_PUT = do_GET  # noqa: N815  # as above

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the sandbox's standard output is for READY."""

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
        self.wfile.flush()
