#!/usr/bin/python3
"""The HTTP server as clients meet it: good ones, slow ones and hostile ones."""

import os
import pathlib
import resource
import signal
import socket
import subprocess
import threading
import unittest
import urllib.parse

import http_service
from http_service import Client, Service, serving
from mirrorwarden_testing import (POSTGRES, PROGRAM, ProgramTest, clean_environment,
                                  on_each_database)

CATALOG = pathlib.Path(__file__).resolve().parents[2] / "testdata" / "acceptance" / "catalog.toml"
TESTING = pathlib.Path(__file__).resolve().parents[1] / "testing"
MIRRORS = "/api/v1/mirrors"
MUCH = 500_000  # bytes; more than the kernel holds between us and a client that does not read


def many_mirrors(count):
    """A catalogue of so many mirrors: /metrics of 3,000 is more than MUCH."""
    mirrors = "".join(
        f'[[mirror]]\nname = "mirror-{i}"\ndistribution = "ubuntu"\ncountry = "BR"\n'
        f'owner = "a@example.org"\nhttp_url = "http://mirror-{i}.example.org/ubuntu/"\n'
        for i in range(count))
    return CATALOG.read_text(encoding="utf-8") + mirrors


class ServeTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.run_ok("catalog", "load", CATALOG)

    def serving(self, *flags, **options):
        return serving(self.folder, self.database, *flags, **options)


class Answers(ServeTest):
    def test_health_and_readiness(self):
        with self.serving() as service:
            self.assertEqual(service.ask("/healthz").body, b"ok\n")
            ready = service.ask("/readyz")
            self.assertEqual((ready.status, ready.json()["ready"]), (200, True))
            self.assertEqual(ready.fields["cache-control"], "no-store")

    def test_a_connection_is_kept_for_many_requests(self):
        with self.serving() as service, service.client() as client:
            for _ in range(50):
                self.assertEqual(client.ask("/healthz").status, 200)
            self.assertEqual(client.ask("/healthz", Connection="close").fields["connection"],
                             "close")
            self.assertTrue(client.is_closed())

    def test_http_1_0_is_answered_and_closed(self):
        with self.serving() as service, service.client() as client:
            self.assertEqual(client.send("GET /healthz HTTP/1.0\r\n\r\n").answer().status, 200)
            self.assertTrue(client.is_closed())

    def test_pipelined_requests_are_answered_in_order(self):
        paths = ["/healthz", MIRRORS, "/api/nothing", MIRRORS, "/readyz"] * 20
        with self.serving() as service, service.client() as client:
            client.send("".join(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n" for path in paths))
            kinds = {"/healthz": "text/plain; charset=utf-8", MIRRORS: "application/json",
                     "/api/nothing": "application/problem+json", "/readyz": "application/json"}
            for path in paths:
                self.assertEqual(client.answer().fields["content-type"], kinds[path])

    def test_head_is_get_without_the_body(self):
        with self.serving() as service, service.client() as client:
            got = client.ask(MIRRORS)
            asked = client.ask(MIRRORS, "HEAD")
            for name in ("content-length", "etag", "content-type"):
                self.assertEqual(asked.fields[name], got.fields[name])
            self.assertEqual(client.ask("/healthz").status, 200)

    def test_what_did_not_change_is_not_sent_again(self):
        with self.serving() as service, service.client() as client:
            first = client.ask(MIRRORS)
            again = client.ask(MIRRORS, If_None_Match=first.fields["etag"])
            self.assertEqual((again.status, again.body), (304, b""))
            self.assertEqual(again.fields["etag"], first.fields["etag"])
            self.assertNotIn("content-length", again.fields)
            other = client.ask(MIRRORS, If_None_Match='"other"')
            self.assertEqual((other.status, other.body), (200, first.body))

    def test_gzip_is_sent_to_who_takes_it(self):
        with self.serving() as service, service.client() as client:
            plain = client.ask(MIRRORS)
            packed = client.ask(MIRRORS, Accept_Encoding="br, gzip")
            self.assertNotIn("content-encoding", plain.fields)
            self.assertEqual(packed.fields["content-encoding"], "gzip")
            self.assertEqual(packed.unpacked(), plain.body)
            self.assertNotEqual(packed.fields["etag"], plain.fields["etag"])
            self.assertEqual(packed.fields["vary"], "Accept-Encoding")
            again = client.ask(MIRRORS, Accept_Encoding="gzip", If_None_Match=packed.fields["etag"])
            self.assertEqual(again.status, 304)

    def test_pages_of_others_may_read_and_nothing_else(self):
        with self.serving() as service, service.client() as client:
            self.assertEqual(client.ask(MIRRORS).fields["access-control-allow-origin"], "*")
            asked = client.ask(MIRRORS, "OPTIONS", Origin="https://a.example",
                               Access_Control_Request_Method="POST")
            self.assertEqual(asked.status, 204)
            self.assertEqual(asked.fields["access-control-allow-methods"], "GET, HEAD, OPTIONS")

    def test_what_cannot_be_answered_says_so(self):
        cases = [
            ("nothing there", "GET", "/api/nothing", 404),
            ("nothing there to change", "POST", "/api/nothing", 404),
            ("another method", "DELETE", "/healthz", 405),
            ("a method of nobody", "BREW", "/healthz", 405),
        ]
        with self.serving() as service, service.client() as client:
            for why, method, path, status in cases:
                with self.subTest(why):
                    answer = client.ask(path, method)
                    self.assertEqual(answer.status, status)
                    self.assertEqual(answer.fields["content-type"], "application/problem+json")
                    self.assertEqual(answer.json()["status"], status)
                    if status == 405:
                        self.assertEqual(answer.fields["allow"], "GET, HEAD, OPTIONS")

    def test_below_a_base_path(self):
        with self.serving("--base-path", "/branch1/ubuntu") as service:
            self.assertTrue(service.urls[0].endswith("/branch1/ubuntu"))
            self.assertEqual(service.ask("/branch1/ubuntu/healthz").status, 200)
            for path in ("/healthz", "/branch1/ubuntu2/healthz", "/branch1/healthz", "/"):
                self.assertEqual(service.ask(path).status, 404, path)

    def test_on_several_addresses(self):
        with self.serving(listen=("127.0.0.1:0", "[::1]:0")) as service:
            self.assertTrue(service.urls[1].startswith("http://[::1]:"))
            for url in service.urls:
                parts = urllib.parse.urlsplit(url)
                with Client((parts.hostname, parts.port)) as client:
                    self.assertEqual(client.ask("/healthz").status, 200)

    def test_each_request_is_a_line_without_its_query(self):
        service = Service(self.folder, self.database, "--trusted-proxy", "127.0.0.1")
        self.addCleanup(service.kill)
        service.ask("/nothing?token=secret", X_Forwarded_For="6.6.6.6, 192.0.2.7")
        self.assertEqual(service.stop(), 0)

        lines = [line for line in service.errors if "/nothing" in line]
        self.assertEqual(len(lines), 1)
        self.assertRegex(lines[0], r"^INFO    192\.0\.2\.7 GET /nothing 404 \d+ bytes \d+\.\d ms$")
        self.assertNotIn("secret", "".join(service.errors))

    def test_a_stranger_cannot_say_who_it_is(self):
        service = Service(self.folder, self.database)
        self.addCleanup(service.kill)
        service.ask("/nothing", X_Forwarded_For="192.0.2.7")
        self.assertEqual(service.stop(), 0)

        self.assertIn("INFO    127.0.0.1 GET /nothing", "".join(service.errors))


class Hostile(ServeTest):
    def test_requests_that_can_be_read_in_two_ways_are_refused_and_hung_up_on(self):
        inner = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
        cases = [
            ("a length and chunks",
             f"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}"),
            ("chunks and a length",
             f"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{inner}"),
            ("two lengths", f"Content-Length: 0\r\nContent-Length: 40\r\n\r\n{inner}"),
            ("the same length twice", f"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc{inner}"),
            ("a list of lengths", f"Content-Length: 3, 3\r\n\r\nabc{inner}"),
            ("a signed length", f"Content-Length: +3\r\n\r\nabc{inner}"),
            ("a negative length", f"Content-Length: -1\r\n\r\n{inner}"),
            ("a length beyond all numbers", f"Content-Length: 99999999999999999999\r\n\r\n{inner}"),
            ("chunks twice",
             f"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}"),
            ("chunks in disguise", f"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{inner}"),
            ("chunks that are not last",
             f"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{inner}"),
            ("a chunk of no size", f"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n{inner}"),
            ("a chunk of negative size",
             f"Transfer-Encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n{inner}"),
            ("a chunk of endless size",
             f"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc\r\n0\r\n\r\n{inner}"),
            ("a blank before the colon", f"Content-Length : 3\r\n\r\nabc{inner}"),
            ("a NUL in a field", f"X: a\0b\r\n\r\n{inner}"),
            ("lines that end without a carriage return", f"X: a\n\n{inner}"),
            ("two hosts", f"Host: b\r\n\r\n{inner}"),
        ]
        with self.serving() as service:
            for why, rest in cases:
                with self.subTest(why), service.client() as client:
                    client.send(f"POST /healthz HTTP/1.1\r\nHost: a\r\n{rest}")
                    answer = client.answer()
                    self.assertIn(answer.status, (400, 413), why)
                    self.assertEqual(answer.fields["connection"], "close")
                    self.assertTrue(client.is_closed())

    def test_what_is_no_request_is_refused(self):
        cases = [
            ("not HTTP at all", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
            ("no target", b"GET HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("no host", b"GET / HTTP/1.1\r\n\r\n", 400),
            ("a version to come", b"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505),
            ("no version", b"GET /\r\n\r\n", 400),
            ("a target that is none", b"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("authority form", b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ]
        with self.serving() as service:
            for why, data, status in cases:
                with self.subTest(why), service.client() as client:
                    self.assertEqual(client.send(data).answer().status, status)

    def test_no_path_leads_out(self):
        cases = ["/..", "/../etc/passwd", "/%2e%2e/etc/passwd", "/a/%2E%2E/%2e%2e/b", "//",
                 "//etc/passwd", "/a//b", "/.", "/%5c..%5cetc", "/a\\..\\b", "/%00", "/a%00.txt",
                 "/a%2f..%2fb", "/%ff", "/%c0%ae%c0%ae/", "/a%0d%0aSet-Cookie:x", "/mirrors?a=%ff",
                 "/%", "/%zz"]
        with self.serving() as service, service.client() as client:
            for path in cases:
                with self.subTest(path):
                    answer = client.ask(path)
                    self.assertEqual(answer.status, 400)
                    self.assertNotIn("set-cookie", answer.fields)
            answer = client.send(b"GET /\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n").answer()
            self.assertEqual(answer.status, 400)

    def test_headers_have_a_bound(self):
        with self.serving("--max-header-bytes", 2000) as service:
            for why, data in [("one long field", "X: " + "a" * 5000), ("many fields", "X: a\r\n" * 900),
                              ("one that never ends", "X: " + "a" * 200_000)]:
                with self.subTest(why), service.client() as client:
                    try:
                        client.send(f"GET / HTTP/1.1\r\nHost: a\r\n{data}")
                    except ConnectionError:
                        pass  # refused before all of it was sent
                    self.assertEqual(client.answer().status, 431)
                    self.assertTrue(client.is_closed())
            with service.client() as client:
                client.send("GET /" + "a" * 5000)
                self.assertEqual(client.answer().status, 431)

    def test_bodies_have_a_bound(self):
        cases = [("a length", "Content-Length: 1001\r\n\r\n"),
                 ("chunks", "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + "a" * 1001 + "\r\n0\r\n\r\n")]
        with self.serving("--max-body-bytes", 1000) as service:
            for why, rest in cases:
                with self.subTest(why), service.client() as client:
                    client.send(f"POST /healthz HTTP/1.1\r\nHost: a\r\n{rest}")
                    self.assertEqual(client.answer().status, 413)
                    self.assertTrue(client.is_closed())
            with service.client() as client:  # as much as may be is read, and the next is found
                client.send("POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + "a" * 1000)
                self.assertEqual(client.answer().status, 405)
                self.assertEqual(client.ask("/healthz").status, 200)

    def test_a_client_that_waits_to_be_let_is_let(self):
        with self.serving() as service, service.client() as client:
            client.send("POST /healthz HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                        "Content-Length: 3\r\n\r\n")
            self.assertEqual(client.answer().status, 100)
            self.assertEqual(client.send("abc").answer().status, 405)

    def test_slow_clients_are_cut_while_others_are_served(self):
        with self.serving("--header-timeout", 0.5, "--body-timeout", 0.5) as service:
            with service.client() as slow, service.client() as body, service.client() as good:
                slow.send("GET / HTTP/1.1\r\nHost: a\r\n")
                body.send("POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
                over = threading.Event()

                def drip():
                    try:
                        while not over.wait(0.05):
                            slow.socket.send(b"X")
                            body.socket.send(b"X")
                    except OSError:
                        pass

                dripping = threading.Thread(target=drip)
                dripping.start()
                try:
                    for _ in range(20):
                        self.assertEqual(good.ask("/healthz").status, 200)
                    self.assertEqual(slow.answer().status, 408)
                    self.assertEqual(body.answer().status, 408)
                    self.assertEqual(good.ask("/healthz").status, 200)
                finally:
                    over.set()
                    dripping.join()

    def test_silent_clients_are_hung_up_on(self):
        with self.serving("--idle-timeout", 0.3) as service, service.client() as new:
            with service.client() as used:
                self.assertEqual(used.ask("/healthz").status, 200)
                self.assertTrue(used.is_closed())
            self.assertTrue(new.is_closed())

    def test_a_client_that_does_not_read_is_cut(self):
        self.load(many_mirrors(3000))
        with self.serving("--write-timeout", 0.5) as service:
            with service.client(receive_bytes=4096) as client, service.client() as good:
                client.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
                size = int(good.ask("/metrics", "HEAD").fields["content-length"])
                self.assertGreater(size, MUCH)
                # Whatever the kernels between hold still comes; the rest does not.
                service.wait_for_line("GET /metrics 200")
                with self.assertRaises((AssertionError, ConnectionError)):
                    client.answer()
                self.assertEqual(good.ask("/healthz").status, 200)

    def test_one_client_has_so_many_connections(self):
        with self.serving("--max-connections-per-client", 3) as service:
            clients = [service.client(source="127.0.0.2") for _ in range(3)]
            for client in clients:
                self.assertEqual(client.ask("/healthz").status, 200)
            with service.client(source="127.0.0.2") as one_more:
                self.assertEqual(one_more.answer().status, 503)
            self.assertEqual(service.ask("/healthz").status, 200)  # others are
            clients.pop().close()
            service.wait_for("/healthz", lambda answer: answer.status == 200)
            for client in clients:
                self.assertEqual(client.ask("/healthz").status, 200)
                client.close()

    def test_the_longest_idle_connection_makes_room(self):
        with self.serving("--max-connections", 3) as service:
            clients = [service.client() for _ in range(3)]
            for client in clients:
                self.assertEqual(client.ask("/healthz").status, 200)
            with service.client() as one_more:
                self.assertEqual(one_more.ask("/healthz").status, 200)
                self.assertTrue(clients[0].is_closed())
                self.assertEqual(clients[2].ask("/healthz").status, 200)
            for client in clients:
                client.close()

    def test_thousands_of_idle_connections_cost_little(self):
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit[1], limit[1]))
        count = min(10_000, limit[1] - 300)
        if count < 200:
            self.skipTest(f"{limit[1]} descriptors are too few")
        with self.serving("--max-connections-per-client", 20_000) as service:
            before = service.resident_megabytes()
            clients = []
            try:
                for i in range(count):
                    client = Client(service.address, source=f"127.0.1.{i % 200 + 1}")
                    clients.append(client)
                # Half of them have asked something.
                for client in clients[::2]:
                    self.assertEqual(client.ask("/healthz").status, 200)
                self.assertEqual(service.ask(MIRRORS).status, 200)
                grown = service.resident_megabytes() - before
                # Sanitizers keep what was freed, for a while.
                program = pathlib.Path(PROGRAM).read_bytes()
                is_sanitized = b"__asan_init" in program or b"__tsan_init" in program
                each = 0.03 if is_sanitized else 0.006
                self.assertLess(grown, 8 + count * each, f"{count} connections")
            finally:
                for client in clients:
                    client.close()
            self.assertEqual(service.ask(MIRRORS).status, 200)


class Ends(ServeTest):
    def test_a_signal_ends_it_well(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(how):
                service = Service(self.folder, self.database)
                self.addCleanup(service.kill)
                with service.client() as idle:
                    self.assertEqual(idle.ask("/healthz").status, 200)
                    self.assertEqual(service.stop(how), 0)
                    self.assertTrue(idle.is_closed())

    def test_a_response_under_way_is_finished(self):
        self.load(many_mirrors(3000))
        service = Service(self.folder, self.database)
        self.addCleanup(service.kill)
        client = service.client(receive_bytes=4096)
        client.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        client.unread = client.socket.recv(100)  # it has begun
        service.process.send_signal(signal.SIGTERM)
        service.wait_for_line("stopping")
        with self.assertRaises(ConnectionRefusedError):
            service.client()

        answer = client.answer()

        self.assertEqual(answer.status, 200)
        self.assertGreater(len(answer.body), MUCH)
        self.assertTrue(client.is_closed())  # what was not begun is not
        self.assertEqual(service.stop(), 0)
        client.close()

    def test_a_client_that_never_reads_does_not_keep_it(self):
        self.load(many_mirrors(3000))
        service = Service(self.folder, self.database, "--stop-timeout", 0.3)
        self.addCleanup(service.kill)
        client = service.client(receive_bytes=4096)
        client.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
        client.socket.recv(100)

        self.assertEqual(service.stop(), 0)
        client.close()

    def test_it_does_not_start_where_it_cannot_serve(self):
        taken = socket.create_server(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        cases = [
            ("an address that is taken", ["--listen", address], 1, "cannot listen on " + address),
            ("no address", ["--listen", "nowhere:80"], 1, "127.0.0.1:8080"),
            ("IPv6 without brackets", ["--listen", "::1:80"], 1, "[::1]:8080"),
            ("no port", ["--listen", "127.0.0.1"], 1, "write an address and a port"),
            ("a port beyond all", ["--listen", "127.0.0.1:65536"], 1, "write an address and a port"),
            ("a base path that is none", ["--base-path", "branch/"], 2, "--base-path must be"),
            ("a public URL with a path", ["--public-url", "https://a/b"], 2, "--public-url must be"),
            ("a proxy that is none", ["--trusted-proxy", "localhost"], 2, "10.0.0.0/8"),
            ("a database that is away",
             ["--database", "postgresql:///x?host=/nonexistent"], 1, "cannot reach"),
        ]
        for why, flags, status, words in cases:
            with self.subTest(why):
                result = self.run_program("serve", *flags)
                self.assertEqual((result.status, result.out), (status, ""))
                self.assertIn(words, result.err)
                self.assertEqual(result.err.count("\n"), 1)
        taken.close()

    def test_a_service_manager_hands_it_sockets_and_hears_of_it(self):
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        manager.bind(str(self.folder / "notify"))
        manager.settimeout(http_service.PATIENCE)
        handed = socket.create_server(("127.0.0.1", 0))
        address = handed.getsockname()
        script = ('exec 3<&"$1"; [ "$1" = 3 ] || eval "exec $1<&-"; shift; '
                  'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@"')
        process = subprocess.Popen(
            ["bash", "-c", script, PROGRAM, str(handed.fileno()), "serve"],
            env=clean_environment(self.folder, MIRRORWARDEN_DATABASE=self.database,
                                  NOTIFY_SOCKET=self.folder / "notify"),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            pass_fds=[handed.fileno()])
        try:
            self.assertEqual(process.stdout.readline(), f"Serving http://127.0.0.1:{address[1]}/\n")
            self.assertEqual(manager.recv(100), b"READY=1")
            with Client(address) as client:
                self.assertEqual(client.ask("/healthz").status, 200)
            process.terminate()
            self.assertEqual(manager.recv(100), b"STOPPING=1")
            self.assertEqual(process.wait(http_service.PATIENCE), 0)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
            manager.close()
            handed.close()


@on_each_database
class Changes(ServeTest):
    def test_a_change_is_seen_within_a_second(self):
        with self.serving() as service:
            path = MIRRORS + "/valid-mirror"
            self.assertTrue(service.ask(path).json()["enabled"])
            self.run_ok("mirror", "disable", "valid-mirror", "--reason", "new disks")
            answer = service.wait_for(path, lambda answer: not answer.json()["enabled"])
            self.assertEqual(answer.status, 200)

    def test_it_serves_beside_everything_that_writes(self):
        with self.serving() as service:
            over = threading.Event()
            failures = []

            def ask():
                with service.client() as client:
                    while not over.is_set():
                        answer = client.ask(MIRRORS)
                        logs = client.ask(MIRRORS + "/valid-mirror/probes")
                        if answer.status != 200 or logs.status != 200:
                            failures.append((answer, logs))

            asking = threading.Thread(target=ask)
            asking.start()
            try:
                for i in range(8):
                    self.run_ok("mirror", "disable", "valid-mirror", "--reason", f"{i}")
                    self.run_ok("mirror", "enable", "valid-mirror")
                    self.run_program("probe", "--force", "--timeout", 1)
            finally:
                over.set()
                asking.join()
            self.assertEqual(failures, [])
            self.assertNotIn("locked", "".join(service.errors))


class DatabaseGoes(ProgramTest):
    """On a PostgreSQL server of its own, which is stopped and started: others use the shared one."""

    def setUp(self):
        super().setUp()
        if not POSTGRES:
            self.skipTest("MIRRORWARDEN_TEST_POSTGRES names no server")
        server = subprocess.Popen(
            [TESTING / "private-postgres", "sh", "-c",
             'echo "$MIRRORWARDEN_TEST_POSTGRES"; echo "$MIRRORWARDEN_TEST_POSTGRES_DATA"; cat'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.communicate)  # closes its standard input, which ends it
        self.database = server.stdout.readline().strip()
        self.data = server.stdout.readline().strip()
        self.run_ok("catalog", "load", CATALOG)

    def control(self, *words):
        programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))[-1]
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*prefix, programs, "-D", self.data, "-w", *words], check=True,
                       stdout=subprocess.DEVNULL, timeout=60, cwd="/")

    def test_the_last_picture_is_shown_until_the_database_is_back(self):
        with serving(self.folder, self.database) as service:
            before = service.ask(MIRRORS)
            self.assertNotIn("stale-since", before.fields)
            self.control("-m", "fast", "stop")
            try:
                gone = service.wait_for("/readyz", lambda answer: answer.status == 503)
                self.assertGreaterEqual(gone.json()["stale_seconds"], 0)
                self.assertEqual(service.ask("/healthz").status, 200)
                stale = service.ask(MIRRORS)
                self.assertEqual(stale.body, before.body)
                self.assertEqual(stale.fields["stale-since"], gone.json()["stale_since"])
                asked = service.ask(MIRRORS + "/valid-mirror/probes")
                self.assertEqual(asked.status, 503)
                self.assertIn("retry-after", asked.fields)
            finally:
                self.control("-l", f"{self.data}/server.log", "start")
            self.run_ok("mirror", "disable", "valid-mirror", "--reason", "new disks")
            service.wait_for("/readyz", lambda answer: answer.status == 200)
            service.wait_for(MIRRORS + "/valid-mirror", lambda answer: not answer.json()["enabled"])
            self.assertEqual(service.ask(MIRRORS + "/valid-mirror/probes").status, 200)
            self.assertIn("WARNING", "".join(service.errors))


if __name__ == "__main__":
    unittest.main()
