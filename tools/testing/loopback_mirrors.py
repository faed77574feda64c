"""A web server on loopback that plays many mirrors at once, well or badly.

One port, any address of 127.0.0.0/8: the address that a client connects to is
the mirror it speaks to. What is answered is a function of the test's.
"""

import asyncio
import collections
import dataclasses
import os
import socket
import ssl
import struct
import threading


@dataclasses.dataclass
class Answer:
    """How one request is answered. Every field beside `status` is for rudeness."""

    status: int = 200
    headers: tuple = ()
    body: bytes = b""
    delay: float = 0.0
    never: bool = False  # keep the connection, say nothing
    reset: bool = False  # RST instead of an answer
    raw: bytes | None = None  # these bytes and then close
    drip: float | None = None  # one byte of the answer each so many seconds
    endless: bytes | None = None  # status line, then this for ever
    endless_body: bytes | None = None  # status line and headers, then this for ever, to a HEAD too


class LoopbackMirrors:
    """Answers `respond(host, method, path) -> Answer` until `close()`.

    `requests` counts by (host, path), `total` all; `peak` and `peak_per_host` are the largest
    numbers of connections that were open at once. Where `respond` says a plain status to a name that
    no archive has, it becomes a 404, unless all is `parked`: a domain that is for sale.
    """

    def __init__(self, respond, addresses=("127.0.0.1",), tls=None, parked=False):
        self.respond = respond
        self.parked = parked
        self.addresses = addresses
        self.tls = tls
        self.requests = collections.Counter()
        self.total = 0
        self.open = collections.Counter()
        self.peak_per_host = collections.Counter()
        self.peak = 0
        self.port = None
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._failure = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._started.wait(10)
        if self._failure:
            raise self._failure

    def url(self, path="/", host="127.0.0.1"):
        return f"http{'s' if self.tls else ''}://{host}:{self.port}{path}"

    def close(self):
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _run(self):
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._listen())
        except OSError as error:
            self._failure = error
            self._started.set()
            return
        self._started.set()
        self._loop.run_forever()
        for server in self._servers:
            server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    async def _listen(self):
        self._servers = []
        for address in self.addresses:
            server = await asyncio.start_server(
                self._serve, address, self.port or 0, backlog=512, ssl=self.tls, limit=1 << 16
            )
            self.port = self.port or server.sockets[0].getsockname()[1]
            self._servers.append(server)

    async def _serve(self, reader, writer):
        host = writer.get_extra_info("sockname")[0]
        self.open[host] += 1
        self.peak_per_host[host] = max(self.peak_per_host[host], self.open[host])
        self.peak = max(self.peak, sum(self.open.values()))
        try:
            while await self._one(host, reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ssl.SSLError):
            pass
        finally:
            self.open[host] -= 1
            writer.close()

    async def _one(self, host, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        method, path, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        self.requests[host, path] += 1
        self.total += 1
        answer = self.respond(host, method, path)
        if "/no-such-file-" in path and not self.parked and answer == Answer(answer.status, delay=answer.delay):
            answer = Answer(404)
        if answer.delay:
            await asyncio.sleep(answer.delay)
        if answer.never:
            await reader.read(1)
            return False
        if answer.reset:
            sock = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if answer.raw is not None:
            writer.write(answer.raw)
            await writer.drain()
            return False
        lines = [f"HTTP/1.1 {answer.status} Said"]
        lines += [f"{name}: {value}" for name, value in answer.headers]
        if not any(name.lower() == "content-length" for name, _ in answer.headers):
            lines.append(f"Content-Length: {len(answer.body)}")
        text = ("\r\n".join(lines) + "\r\n\r\n").encode() + (b"" if method == "HEAD" else answer.body)
        if answer.endless is not None:
            writer.write(lines[0].encode() + b"\r\n")
            while True:
                writer.write(answer.endless)
                await writer.drain()
        if answer.endless_body is not None:
            writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
            while True:
                writer.write(answer.endless_body)
                await writer.drain()
        if answer.drip is not None:
            for byte in text:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(answer.drip)
            return False
        writer.write(text)
        await writer.drain()
        return True


def swallow_packets(address="127.0.0.1"):
    """A port whose connections are never completed: its queue is full. Returns
    (port, what must be kept alive as long as it is to swallow)."""
    listener = socket.socket()
    listener.bind((address, 0))
    listener.listen(0)
    port = listener.getsockname()[1]
    fillers = []
    for _ in range(4):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex((address, port))
        fillers.append(filler)
    return port, [listener, *fillers]


if __name__ == "__main__":
    print(os.path.basename(__file__), "is a module for tests; it has no command line.")
