"""A `mirrorwarden serve` for a test, and raw sockets to talk to it."""

import contextlib
import dataclasses
import json
import re
import signal
import socket
import subprocess
import threading
import zlib

from mirrorwarden_testing import start

PATIENCE = 30  # seconds; never waited for where all is well


@dataclasses.dataclass
class Answer:
    """One response, as it came."""

    status: int
    fields: dict  # names in lower case
    body: bytes

    def json(self):
        return json.loads(self.body)

    def unpacked(self):
        return zlib.decompress(self.body, 31)


class Client:
    """A connection on which anything can be said."""

    def __init__(self, address, source=None, receive_bytes=None):
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        if source:
            self.socket.bind((source, 0))
        self.socket.settimeout(PATIENCE)
        try:
            self.socket.connect(address)
        except OSError:
            self.socket.close()
            raise
        self.unread = b""

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode())
        return self

    def _more(self):
        data = self.socket.recv(65536)
        self.unread += data
        return bool(data)

    def answer(self, method="GET"):
        """The next response; None where the server has hung up instead."""
        while b"\r\n\r\n" not in self.unread:
            if not self._more():
                assert not self.unread, self.unread
                return None
        head, _, self.unread = self.unread.partition(b"\r\n\r\n")
        lines = head.decode("utf-8").split("\r\n")
        status = int(lines[0].split(" ")[1])
        fields = {name.lower(): value.strip()
                  for name, _, value in (line.partition(":") for line in lines[1:])}
        has_body = method != "HEAD" and status not in (100, 204, 304)
        size = int(fields.get("content-length", 0)) if has_body else 0
        while len(self.unread) < size:
            if not self._more():
                raise AssertionError(f"only {len(self.unread)} of {size} bytes came")
        body, self.unread = self.unread[:size], self.unread[size:]
        return Answer(status, fields, body)

    def ask(self, path, method="GET", **fields):
        lines = [f"{method} {path} HTTP/1.1", "Host: test"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
        return self.send("\r\n".join(lines) + "\r\n\r\n").answer(method)

    def is_closed(self):
        """Waits until the server has hung up; False where it says something instead."""
        try:
            return not self.unread and self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Service:
    """A running `serve`, on a free port of 127.0.0.1 where nothing else is said."""

    def __init__(self, folder, database, *flags, listen=("127.0.0.1:0",), **options):
        words = [word for address in listen for word in ("--listen", address)]
        self.errors = []
        self.process = start(["serve", *words, *flags], folder, database, **options)
        self.urls = []
        for _ in range(max(1, len(listen))):
            line = self.process.stdout.readline()
            found = re.fullmatch(r"Serving (http://(.+):(\d+)(/\S*)?)/\n", line)
            if not found:
                self.process.kill()
                raise AssertionError(f"{line!r}: {self.process.communicate()[1]}")
            self.urls.append(found[1])
            self.address = (found[2].strip("[]"), int(found[3]))
        # The log must be read, or the service waits for it.
        self.reader = threading.Thread(target=self._read_errors, daemon=True)
        self.reader.start()

    def _read_errors(self):
        for line in self.process.stderr:
            self.errors.append(line)

    def client(self, **options):
        return Client(self.address, **options)

    def ask(self, path, method="GET", **fields):
        with self.client() as client:
            return client.ask(path, method, **fields)

    def wait_for(self, path, condition):
        """Asks again and again until the answer is right; each is an answer of its own."""
        pause = threading.Event()
        for _ in range(PATIENCE * 20):
            answer = self.ask(path)
            if condition(answer):
                return answer
            pause.wait(0.05)
        raise AssertionError(f"{path} stays {answer}")

    def wait_for_line(self, part):
        """Waits until its log has such a line."""
        pause = threading.Event()
        for _ in range(PATIENCE * 100):
            if any(part in line for line in self.errors):
                return
            pause.wait(0.01)
        raise AssertionError(f"no line has {part!r}: {self.errors}")

    def resident_megabytes(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(r"VmRSS:\s+(\d+) kB", status.read())[1]) / 1024

    def kill(self):
        """For a test that failed half way; silent where it has ended."""
        if self.process.poll() is None:
            self.process.kill()
            self.stop()

    def stop(self, how=signal.SIGTERM):
        """Ends it and returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self.reader.join(PATIENCE)
            self.process.stdout.close()
            self.process.stderr.close()
        return status


@contextlib.contextmanager
def serving(folder, database, *flags, **options):
    """A service, stopped afterwards; it must end well."""
    service = Service(folder, database, *flags, **options)
    try:
        yield service
    except BaseException:
        service.process.kill()
        service.stop()
        raise
    status = service.stop()
    assert status == 0, f"{status}: {''.join(service.errors)}"
