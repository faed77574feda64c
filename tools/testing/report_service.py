"""A service that workers report to, for tests of what they say: it answers as it is told, and
remembers each request."""

import contextlib
import dataclasses
import http.server
import json
import ssl
import threading

HANG_UP = object()  # for an answer: none at all


@dataclasses.dataclass
class Said:
    """One request, as it came."""

    path: str
    body: dict
    token: str

    @property
    def call(self):
        """The last word of the path."""
        return self.path.rpartition("/")[2]


class ReportService:
    """Listens on a port of 127.0.0.1 from `start` to `stop`; `answer(said)` returns a status and
    an object, or HANG_UP. It may block: each request has a thread."""

    def __init__(self, answer=lambda said: (200, {})):
        self.answer = answer
        self.said = []
        self.port = 0
        self.certificate = None  # its file and its key's: then it speaks https
        self.server = None
        self.lock = threading.Lock()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def calls(self):
        with self.lock:
            return [said.call for said in self.said]

    def start(self):
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                said = Said(self.path, json.loads(body), self.headers.get("Authorization", ""))
                assert self.headers["Content-Type"] == "application/json"
                with service.lock:
                    service.said.append(said)
                answer = service.answer(said)
                if answer is HANG_UP:
                    self.close_connection = True
                    return
                status, value, *fields = answer
                text = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                for name, content in fields:
                    self.send_header(name, content)
                with contextlib.suppress(ConnectionError):  # who asked may be dead
                    self.end_headers()
                    self.wfile.write(text)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                """Clients that are killed, or do not like our certificate, are what tests are about."""

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def stop(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None
