"""A real HTTP server on loopback that answers as a test scripts it, with or without TLS."""

import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple

from cx_desktop.protocol.integrity import REPR_DIGEST, repr_digest


class Reply(NamedTuple):
    status: int = 200
    body: bytes = b"{}"
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None  # announced, when it is not the true one


class Asked(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class ScriptedServer:
    """``with ScriptedServer(answer) as server: …``; ``asked`` lists the requests that came."""

    def __init__(
        self,
        answer: Callable[[Asked], Reply],
        *,
        context: ssl.SSLContext | None = None,
        port: int = 0,
    ) -> None:
        self.asked: list[Asked] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16  # one packet per reply: Nagle would hold the body back for 40 ms

            def _serve(self) -> None:
                length = int(self.headers.get("content-length", 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, self.path, headers, self.rfile.read(length))
                server.asked.append(asked)
                reply = answer(asked)
                self.send_response(reply.status)
                self.send_header("content-type", reply.content_type)
                size = len(reply.body) if reply.length is None else reply.length
                self.send_header("content-length", str(size))
                if REPR_DIGEST not in dict(reply.headers):
                    self.send_header(REPR_DIGEST, repr_digest(reply.body))
                for name, value in reply.headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)
                if reply.length is not None:
                    self.close_connection = True

            do_GET = do_POST = do_DELETE = do_PATCH = _serve  # noqa: N815  (their names)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name)
                del format, args

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                del request, client_address  # a client that hangs up is what some tests do

        self._server = Quiet(("127.0.0.1", port), Handler)
        if context is not None:
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        scheme = "http" if context is None else "https"
        self.port = self._server.server_port
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=lambda: self._server.serve_forever(0.02))

    def __enter__(self) -> "ScriptedServer":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
