#!/usr/bin/python3
"""The HTTP server as its clients meet it."""

import signal
import socket
import subprocess
import threading
import unittest
import urllib.parse

import http_service
from http_service import Client, Service, serving
from mirrorwarden_testing import PROGRAM, ProgramTest, clean_environment, on_each_database
from own_postgres import OwnPostgres
from served_catalog import CATALOG, MIRRORS, MUCH, ServeTest, many_mirrors


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
            ("one for reports that is taken", ["--listen", "127.0.0.1:0", "--reports-listen", address], 1,
             "Name another with --reports-listen"),
            ("one for reports that is none",
             ["--listen", "127.0.0.1:0", "--reports-listen", "localhost"], 2, "cannot listen on"),
            ("a lease that is none", ["--lease", "0"], 2, "--lease"),
            ("a lease in words", ["--lease", "1h"], 2, "--lease"),
            ("no address", ["--listen", "nowhere:80"], 2, "127.0.0.1:8080"),
            ("IPv6 without brackets", ["--listen", "::1:80"], 2, "[::1]:8080"),
            ("no port", ["--listen", "127.0.0.1"], 2, "write an address and a port"),
            ("a port beyond all", ["--listen", "127.0.0.1:65536"], 2, "an address and a port"),
            ("one that would wrap", ["--listen", "127.0.0.1:99999"], 2, "an address and a port"),
            ("a base path that is none", ["--base-path", "branch/"], 2, "--base-path must be"),
            ("a public URL with a path", ["--public-url", "https://a/b"], 2, "--public-url must be"),
            ("a public URL with a port that there is not", ["--public-url", "https://a:99999"], 2,
             "--public-url must be"),
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
        self.server = OwnPostgres(self)
        self.database = self.server.url
        self.run_ok("catalog", "load", CATALOG)

    def test_the_last_picture_is_shown_until_the_database_is_back(self):
        with serving(self.folder, self.database) as service:
            before = service.ask(MIRRORS)
            self.assertNotIn("stale-since", before.fields)
            self.server.control("-m", "fast", "stop")
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
                self.server.control("start")
            self.run_ok("mirror", "disable", "valid-mirror", "--reason", "new disks")
            service.wait_for("/readyz", lambda answer: answer.status == 200)
            service.wait_for(MIRRORS + "/valid-mirror", lambda answer: not answer.json()["enabled"])
            self.assertEqual(service.ask(MIRRORS + "/valid-mirror/probes").status, 200)
            self.assertIn("WARNING", "".join(service.errors))


if __name__ == "__main__":
    unittest.main()
