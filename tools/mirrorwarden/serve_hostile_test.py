#!/usr/bin/python3
"""The HTTP server as slow and hostile clients meet it."""

import pathlib
import resource
import socket
import threading
import unittest

from http_service import Client
from mirrorwarden_testing import PROGRAM
from served_catalog import MIRRORS, MUCH, ServeTest, many_mirrors


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


if __name__ == "__main__":
    unittest.main()
