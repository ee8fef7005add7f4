"""A small TLS server that answers as an API server does, for the tests of the loads; it stalls when told to.

As a program: `python -m lab.api_stand_in ADDRESS PORT CERTIFICATE KEY`.
"""

from __future__ import annotations

import json
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

_PAGE = 3  # less than a real server's, so that a few objects make several pages


class ApiStandIn(ThreadingHTTPServer):
    """`/readyz`, and the ConfigMaps of one namespace in `objects`, by name.

    While `going` is cleared, requests are read and not answered; `status` replaces every status code when set;
    `swallow` has a created object answered and not kept.
    """

    daemon_threads = True

    def __init__(self, address: str, port: int, certificate: Path, key: Path) -> None:
        super().__init__((address, port), _Handler)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self.going = threading.Event()
        self.going.set()
        self.status: int | None = None
        self.swallow = False
        self.objects: dict[str, dict[str, Any]] = {}

    @property
    def url(self) -> str:
        """Where it is."""
        return f"https://{self.server_address[0]!s}:{self.server_address[1]}"

    def server_bind(self) -> None:
        """Bind without the base class's question for this host's full name, which no name server here answers."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "stand-in", self.server_address[1]

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands in the connection's own thread, so that a silent client holds up nobody."""
        try:
            super().finish_request(self._context.wrap_socket(request, server_side=True), client_address)
        except OSError:
            return

    def __enter__(self) -> ApiStandIn:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.going.set()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: ApiStandIn
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        if "/configmaps" not in self.path:
            self._answer(200, b"ok")
            return
        load = query["labelSelector"][0].partition("=")[2]
        names = sorted(name for name in self.server.objects if name.startswith(f"{load}-"))
        first = int(query.get("continue", ["0"])[0])
        page = [self.server.objects[name] for name in names[first : first + _PAGE]]
        more = str(first + _PAGE) if first + _PAGE < len(names) else ""
        self._answer(200, json.dumps({"metadata": {"continue": more}, "items": page}).encode())

    def do_POST(self) -> None:
        created = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.server.swallow:
            self.server.objects[created["metadata"]["name"]] = created
        self._answer(201, b"{}")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ARG002  (the base class's names)
        return

    def _answer(self, code: int, body: bytes) -> None:
        self.server.going.wait(10)
        self.send_response(self.server.status or code)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    with ApiStandIn(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4])):
        sys.stdin.read()
