"""A real S3 server for tests, moto's, behind a proxy that breaks what it is told to break."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.corpus import PATIENCE

TABLES_URL = "s3://bucket/tables/clean"
"""Where tests that write tables have them."""


@dataclass(slots=True)
class Faults:
    """What a proxy does to the answers that hold an object.

    Attributes:
        cuts: How many of them it breaks off in the midst.
        path: Part of the path of those.
        shifts: How many of them it answers from the beginning of the object, whatever part is asked for.
        seen: Ranges that were asked for.
        fails: Requests that it answers with 503, each as often as it says: by method and the end of their path.
        lost: Requests that it hands on, but whose answers it drops: likewise.
        counting: Held while one of these is counted down: each request has a thread of its own.
    """

    cuts: int = 0
    shifts: int = 0
    path: str = "crawl"
    seen: list[str] = field(default_factory=list)
    fails: dict[tuple[str, str], int] = field(default_factory=dict)
    lost: dict[tuple[str, str], int] = field(default_factory=dict)
    counting: threading.Lock = field(default_factory=threading.Lock)

    def strikes(self, these: dict[tuple[str, str], int], method: str, path: str) -> bool:
        """Whether a request meets one of these faults, which is then used up by one."""
        with self.counting:
            for (wanted, end), left in these.items():
                if left and wanted == method and path.partition("?")[0].endswith(end):
                    these[wanted, end] = left - 1
                    return True
        return False

    def cuts_one(self) -> bool:
        """Whether this answer is broken off."""
        with self.counting:
            self.cuts -= (cut := self.cuts > 0)
            return cut

    def shifts_one(self) -> bool:
        """Whether this answer begins where the object does."""
        with self.counting:
            self.shifts -= (shifted := self.shifts > 0)
            return shifted


class Proxy(ThreadingHTTPServer):
    """Hands requests on to another server, and breaks off answers when it is told to."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.target = port
        self.faults = Faults()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as it is declared
        """Say nothing of connections that the client gave up."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.server.faults.strikes(self.server.faults.fails, self.command, self.path):
            self.send_response(503)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        connection = http.client.HTTPConnection("127.0.0.1", self.server.target, timeout=PATIENCE)
        connection.request(self.command, self.path, body, self._headers())
        answer = connection.getresponse()
        content = answer.read()
        if self.server.faults.strikes(self.server.faults.lost, self.command, self.path):
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in {"transfer-encoding", "connection", "server", "date", "content-length"}:
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(content))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        faults = self.server.faults
        if self.command == "GET" and faults.path in self.path and "list-type" not in self.path:
            faults.seen.append(self.headers.get("Range") or "")
            if faults.cuts_one():
                self.wfile.write(content[: len(content) // 2])
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
        self.wfile.write(content)

    def _headers(self) -> dict[str, str]:
        """Return what the request is handed on with."""
        headers, faults = dict(self.headers), self.server.faults
        asked = headers.get("Range")
        if asked is not None and faults.path in self.path and faults.shifts_one():
            first, last = map(int, asked.removeprefix("bytes=").split("-"))
            headers["Range"] = f"bytes=0-{last - first}"
        return headers

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any  # noqa: N815 - names of the protocol

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def s3_server() -> Iterator[int]:
    """Run a server, and give its port."""
    moto = pytest.importorskip("moto.server", reason="moto's server is not installed")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield server.get_host_and_port()[1]
    server.stop()


@contextmanager
def s3_bucket(port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    """Hold an empty bucket behind a proxy that s3fs talks to, and give what the proxy may be told."""
    s3fs = pytest.importorskip("s3fs", reason="the extra s3 is not installed")
    proxy = Proxy(port)
    threading.Thread(target=proxy.serve_forever, args=(0.01,), daemon=True).start()  # and ends as soon
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{proxy.server_port}")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")  # what fails is tried again by this program, and by nobody before it
    monkeypatch.setattr("pipeline.store.remote.FIRST_WAIT", 0.01)
    s3fs.S3FileSystem.clear_instance_cache()
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
    system = s3fs.S3FileSystem()
    if not system.exists("bucket"):
        system.mkdir("bucket")
    yield proxy.faults
    system.invalidate_cache()
    system.rm("bucket", recursive=True)
    s3fs.S3FileSystem.clear_instance_cache()
    proxy.shutdown()
    proxy.server_close()
