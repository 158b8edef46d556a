"""A real HTTP server on loopback that publishes keys, well or badly."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import ClassVar, Self


class KeyServer:
    """Answers every GET with `body`; counts them in `hits`.

    `waits_seconds` passes before the answer, and before each byte when it `drips`.
    Nothing is answered while `may_answer` is not set.
    """

    def __init__(self, body: bytes, port: int = 0) -> None:
        self.body = body
        self.status = 200
        self.headers = {"content-type": "application/jwk-set+json"}
        self.waits_seconds = 0.0
        self.drips = False
        self.hits = 0
        self.may_answer = threading.Event()
        self.may_answer.set()
        self._closing = threading.Event()
        self._http = _Server(("127.0.0.1", port), _Handler)
        self._http.keys = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/jwks.json"

    def wait(self) -> None:
        self.may_answer.wait()
        self._closing.wait(self.waits_seconds)

    def stop(self) -> None:
        self._closing.set()
        self.may_answer.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._closing.is_set():
            self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    keys: KeyServer


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout: ClassVar[float] = 60.0

    def do_GET(self) -> None:
        keys = self.server.keys
        keys.hits += 1
        keys.wait()
        try:
            self.send_response(keys.status)
            for name, value in keys.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if keys.drips:
                for byte in keys.body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    keys.wait()
            else:
                self.wfile.write(keys.body)
        except OSError:
            self.close_connection = True  # The caller has left.

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
