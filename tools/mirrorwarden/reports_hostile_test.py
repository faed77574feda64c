#!/usr/bin/python3
"""What no worker would send: it gets its fault or status, writes nothing, and others are served."""

import base64
import threading
import unittest
import xmlrpc.client

from http_service import Client
from mirrorwarden_testing import on_each_database
from reporting import ReportingTest

BOMB = """<?xml version="1.0"?>
<!DOCTYPE bomb [<!ENTITY a "aaaaaaaaaa">
""" + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">\n' for old, new in zip("abcdefgh", "bcdefghi")) + """]>
<methodCall><methodName>mirrorFailed</methodName><params><param><value><int>1</int></value></param>
<param><value>&i;</value></param></params></methodCall>"""
FILE = BOMB.split("<!DOCTYPE")[0] + """<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>
<methodCall><methodName>mirrorFailed</methodName><params><param><value><int>1</int></value></param>
<param><value>&i;</value></param></params></methodCall>"""


def call(value, method="startMirroring"):
    return (f"<?xml version='1.0'?><methodCall><methodName>{method}</methodName><params><param><value>{value}</value>"
            "</param></params></methodCall>")


def nested(depth):
    return call("<array><data><value>" * depth + "</value></data></array>" * depth)


@on_each_database
class HostileReports(ReportingTest):
    def setUp(self):
        super().setUp()
        pair = base64.b64encode(f"worker:{self.token()}".encode()).decode()
        self.authorization = f"Authorization: Basic {pair}\r\n"

    def head(self, path, length, kind="text/xml"):
        return (f"POST {path} HTTP/1.1\r\nHost: a\r\n{self.authorization}Content-Type: {kind}\r\n"
                f"Content-Length: {length}\r\n\r\n").encode()

    def send(self, service, path, body, kind="text/xml"):
        body = body if isinstance(body, bytes) else body.encode()
        with Client(service.address) as client:
            return client.send(self.head(path, len(body), kind) + body).answer()

    def check_nothing_was_written(self, service):
        """And who behaves is served on."""
        self.assertEqual(self.sql("SELECT count(*) FROM branch WHERE last_mirror_attempt IS NOT NULL "
                                  "OR next_mirror_time IS NOT NULL OR mirror_failures > 0"), [("0",)])
        self.assertEqual(self.sql("SELECT count(*) FROM script_activity"), [("0",)])
        with self.proxy(service) as branches:
            self.assertIs(branches.startMirroring(99), False)

    def test_xml_that_is_no_call_of_ours_is_a_fault(self):
        cases = [
            ("an entity bomb", BOMB, -32700),
            ("an entity from a file", FILE, -32700),
            ("an entity that is nowhere", call("<int>&one;</int>"), -32602),
            ("arrays 33 deep", nested(33), -32700),
            ("arrays 10,000 deep", nested(10_000), -32700),
            ("elements 100,000 deep", "<a>" * 100_000 + "</a>" * 100_000, -32700),
            ("nothing", "", -32700),
            ("cut off", call("<int>1</int>")[:-20], -32700),
            ("no UTF-8", call("<int>1</int>").encode("utf-16"), -32700),
            ("a byte that is none", call("\xff").encode("latin-1"), -32700),
            ("NUL", call("1\0"), -32700),
            ("beyond 31 bits", call("<int>2147483648</int>"), -32602),
            ("beyond 64 bits", call(f"<int>{2**64 + 1}</int>"), -32602),
            ("1e0", call("<int>1e0</int>"), -32602),
            ("eight bytes", call("<i8>1</i8>"), -32602),
            ("a double", call("<double>1</double>"), -32602),
            ("a boolean", call("<boolean>1</boolean>"), -32602),
            ("a string", call("1"), -32602),
            ("a struct", call("<struct></struct>"), -32602),
            ("no arguments", call("<int>1</int>").replace("<param>", "<!--").replace("</param>", "-->"), -32602),
            ("another method", call("<int>1</int>", "__init__"), -32601),
            ("a method of 1 MB", call("<int>1</int>", "a" * 1_000_000), -32601),
            ("many calls in one", call("<array><data>" + 101 * (
                "<value><struct><member><name>methodName</name><value>startMirroring</value></member><member>"
                "<name>params</name><value><array><data><value><int>1</int></value></data></array></value></member>"
                "</struct></value>") + "</data></array>", "system.multicall"), -32602),
        ]
        with self.serving() as service:
            for why, body, code in cases:
                with self.subTest(why):
                    answer = self.send(service, "/xmlrpc/branch", body)
                    self.assertEqual(answer.status, 200)
                    self.assertEqual(answer.fields["content-type"], "text/xml; charset=utf-8")
                    self.assertLess(len(answer.body), 2_000)
                    with self.assertRaises(xmlrpc.client.Fault) as caught:
                        xmlrpc.client.loads(answer.body)
                    self.assertEqual(caught.exception.faultCode, code, caught.exception)
            self.check_nothing_was_written(service)

    def test_json_that_is_no_call_of_ours_has_its_status(self):
        fail = "/api/v1/branches/1/mirror-failed"
        cases = [
            ("deep", fail, "[" * 10_000 + "]" * 10_000, 400),
            ("deep in a field", fail, '{"reason":' * 10_000 + "1" + "}" * 10_000, 400),
            ("nothing but a brace", fail, "{", 400),
            ("no UTF-8", fail, b'{"reason": "\xff"}', 400),
            ("half a pair", fail, '{"reason": "\\ud800"}', 400),
            ("a number beyond all", fail, '{"reason": 1e999}', 400),
            ("a number", fail, f'{{"reason": {2**63}}}', 422),
            ("an object", fail, '{"reason": {}}', 422),
            ("a list", fail, '{"reason": ["a"]}', 422),
            ("a branch beyond 64 bits", f"/api/v1/branches/{2**64 + 1}/request", "{}", 404),
            ("a branch in words", "/api/v1/branches/1%00/request", "{}", 400),
            ("a branch with a sign", "/api/v1/branches/+1/request", "{}", 404),
            ("a year beyond all", "/api/v1/branches/1/mirror-start", '{"started": "99999-01-01T00:00:00Z"}', 422),
        ]
        with self.serving() as service:
            for why, path, body, status in cases:
                with self.subTest(why):
                    self.assertEqual(self.send(service, path, body, "application/json").status, status)
            self.check_nothing_was_written(service)

    def test_a_body_of_ten_megabytes_is_refused_unread(self):
        with self.serving() as service:
            for path in ("/xmlrpc/branch", "/xmlrpc/scripts", "/api/v1/branches/acquire", "/api/v1/script-activity"):
                with self.subTest(path), Client(service.address) as client:
                    client.send(self.head(path, 10_000_000))
                    self.assertEqual(client.answer().status, 413)
                    self.assertTrue(client.is_closed())
            with Client(service.address) as client:  # and one that does not say how long it is
                client.send(f"POST /xmlrpc/branch HTTP/1.1\r\nHost: a\r\n{self.authorization}"
                            "Content-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n")
                try:
                    for _ in range(160):
                        client.send(b"10000\r\n" + b" " * 65_536 + b"\r\n")
                except OSError:
                    pass  # hung up on, as it should be
                else:
                    self.assertEqual(client.answer().status, 413)
            self.assertLess(service.resident_megabytes(), 500)
            self.check_nothing_was_written(service)

    def test_a_report_of_one_megabyte_is_taken(self):
        with self.serving() as service, self.proxy(service) as branches:
            branches.startMirroring(1)
            body = xmlrpc.client.dumps((1, "x"), "mirrorFailed").encode()
            whole = body.replace(b"x</string>", b"x" * (2**20 - len(body) + 1) + b"</string>")
            self.assertEqual(len(whole), 2**20)
            self.assertEqual(xmlrpc.client.loads(self.send(service, "/xmlrpc/branch", whole).body)[0], (True,))
        self.assertEqual(len(self.branch()["mirror_status_message"].encode()), 1_000)

    def test_a_slow_worker_is_cut_while_others_are_served(self):
        body = xmlrpc.client.dumps((1,), "startMirroring").encode()
        with self.serving("--body-timeout", "0.5") as service, Client(service.address) as slow:
            slow.send(self.head("/xmlrpc/branch", len(body)) + body[:-1])
            over = threading.Event()
            served = []

            def serve_others():
                with self.proxy(service) as branches:
                    while not over.is_set():
                        served.append(branches.startMirroring(99))

            others = threading.Thread(target=serve_others)
            others.start()
            try:
                self.assertEqual(slow.answer().status, 408)
            finally:
                over.set()
                others.join()
            self.assertGreater(len(served), 1)
            self.check_nothing_was_written(service)

    def test_who_guesses_tokens_is_slowed_down_and_others_are_not(self):
        with self.serving() as service:
            self.authorization = "Authorization: Basic " + base64.b64encode(b"x:mw_1_" + b"0" * 64).decode() + "\r\n"
            statuses = [self.send(service, "/xmlrpc/branch", call("<int>1</int>")).status for _ in range(20)]
            self.assertEqual(statuses[0], 401)
            self.assertEqual(statuses[-1], 429)
            with Client(service.address, source="127.0.0.9") as client:
                client.send(f"POST /api/v1/branches/99/request HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n"
                            f"Authorization: Bearer {self.token()}\r\n\r\n")
                self.assertEqual(client.answer().status, 404)


if __name__ == "__main__":
    unittest.main()
