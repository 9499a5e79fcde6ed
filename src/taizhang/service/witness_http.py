"""Owns the witness's HTTP (C2SP tlog-witness): one path, one method, bounded requests. Must not know what is decided."""

from __future__ import annotations

import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from taizhang.ledger.domain.errors import Refusal, Unreachable
from taizhang.ledger.seal.witness import MAX_REQUEST, TEXT_TYPE, Answer

PATH = "/add-checkpoint"
TIMEOUT_S = 10
"""Seconds that a client may keep a connection waiting."""


def server(answer: Callable[[bytes], Answer], host: str, port: int) -> ThreadingHTTPServer:
    """Return a server that listens and answers when its `serve_forever` is called.

    Args:
        answer: decides a request.
        host, port: where to listen; port 0 for any that is free.

    Raises:
        Unreachable: ``witness.cannot-listen``.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = TIMEOUT_S

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != PATH:
                self._send(404, b"not found\n")
            elif not (length.isascii() and length.isdigit()):
                self._send(411, b"length required\n")
            elif int(length) > MAX_REQUEST:
                self._send(413, b"too large\n")
            else:
                self._decide(self.rfile.read(int(length)))

        def _decide(self, request: bytes) -> None:
            try:
                found = answer(request)
            except Refusal as refusal:  # its own folder fails it: the log may try again later
                self._send(503, f"{refusal.code}\n".encode())
            else:
                self._send(found.status, found.body, found.content_type)

        def do_GET(self) -> None:
            self._send(405 if self.path == PATH else 404, b"POST /add-checkpoint\n")

        do_HEAD = do_PUT = do_DELETE = do_GET  # noqa: N815

        def _send(self, status: int, body: bytes, content_type: str = TEXT_TYPE) -> None:
            self.close_connection = True
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def version_string(self) -> str:
            return "taizhang-witness"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the server's word
            """Say nothing: whoever wants a log of requests puts a proxy before it."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

    try:
        return Server((host, port), Handler)
    except (OSError, OverflowError) as error:
        raise Unreachable("witness.cannot-listen", address=f"{host}:{port}", detail=str(error)) from error


def address_of(listening: ThreadingHTTPServer) -> str:
    """Return the URL at which a server listens."""
    host, port = listening.server_address[:2]
    name = str(host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def serve(answer: Callable[[bytes], Answer], host: str, port: int, ready: Callable[[str], None]) -> None:
    """Listen and answer until interrupted; raises as `server`."""
    with server(answer, host, port) as listening:
        ready(address_of(listening))
        listening.serve_forever()
