#!/usr/bin/python3
"""Servers that misbehave end in their named outcome within the time limit; memory
stays flat; the limits of requests hold; and the mirrors beside them lose nothing.
"""

import datetime
import gzip
import socketserver
import ssl
import subprocess
import sys
import threading
import unittest

from certificates import Authority
from loopback_mirrors import Answer, LoopbackMirrors, swallow_packets
from mirrorwarden_testing import PROGRAM, on_each_database
from probing_testing import ProbingTest

MEGABYTE = 1 << 20
INDEXES = 4  # main and contrib, amd64 and source

HOSTILE = {
    # name: (how it answers, the outcome of every one of its requests)
    "endless-status": (Answer(404, endless=b"x" * 65536), "invalid-answer"),
    "endless-headers": (Answer(200, endless=b"X-More: " + b"y" * 500 + b"\r\n"), "invalid-answer"),
    "header-bomb": (Answer(200, (("X-Bomb", "b" * 4 * MEGABYTE),)), "invalid-answer"),
    "slow-drip": (Answer(200, drip=0.2), "timeout-response"),
    "never": (Answer(never=True), "timeout-response"),
    "reset": (Answer(reset=True), "reset"),
    "closed-at-once": (Answer(raw=b""), "reset"),
    "closed-mid-answer": (Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Le"), "reset"),
    "not-http": (Answer(raw=b"220 mail.example.org ESMTP\r\n" * 3), "invalid-answer"),
    "redirect-loop": (Answer(302, (("Location", "{path}"),)), "too-many-redirects"),
    "redirect-to-file": (Answer(302, (("Location", "file:///etc/passwd"),)), "redirect-to-unknown-scheme"),
    "error-page": (Answer(302, (("Location", "/error.html"),)), "redirect-to-different-file"),
    # These say 200 to everything, which is believed of no file.
    "gzip-bomb": (Answer(200, (("Content-Encoding", "gzip"),), gzip.compress(bytes(64 * MEGABYTE))), "ok"),
    "wrong-length": (Answer(200, (("Content-Length", "99999999999"),)), "ok"),
    "teapot": (Answer(418), "http-status 418"),
}
# Of a connection where more comes than was asked for, the next answer cannot be told.
ENDLESS_BODY = Answer(200, (("Content-Length", "9"),), endless_body=b"x" * 65536)
HEALTHY = [f"healthy-{number}" for number in range(6)]


def mirror(name, url):
    return f"""
[[mirror]]
name = "{name}"
distribution = "debian"
owner = "{name}@example.org"
country = "BR"
speed = "100M"
{'https' if url.startswith('https') else 'http'}_url = "{url}"
"""


DISTRIBUTION = """
[[distribution]]
name = "debian"
title = "Debian"
pockets = ["RELEASE"]

[[distribution.series]]
name = "bookworm"
version = "12"
components = ["main", "contrib"]
architectures = ["amd64"]
"""


class PlayingTest(ProbingTest):
    """Servers that the tests below play."""

    def play(self, hosts, answers):
        """A server where `hosts[name]` answers as `answers[name]`, or 200."""
        by_address = {address: name for name, address in hosts.items()}

        def respond(host, method, path):
            answer = answers.get(by_address[host], Answer())
            if answer.headers and answer.headers[0] == ("Location", "{path}"):
                return Answer(302, (("Location", path),))
            return answer

        server = LoopbackMirrors(respond, list(hosts.values()))
        self.addCleanup(server.close)
        return server

    def talk_first(self, host, words):
        """A port of a server that speaks before it is asked, and hangs up."""

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.sendall(words * 1000)

        server = socketserver.ThreadingTCPServer((host, 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server.server_address[1]


@on_each_database
class HostileTest(PlayingTest):
    def test_each_hostile_server_ends_in_its_outcome_and_harms_nobody(self):
        names = [*HOSTILE, "endless-body", *HEALTHY]
        hosts = {name: f"127.0.3.{number + 1}" for number, name in enumerate(names)}
        answers = {name: answer for name, (answer, _) in HOSTILE.items()}
        server = self.play(hosts, {**answers, "endless-body": ENDLESS_BODY})
        port, swallowing = swallow_packets("127.0.3.200")
        self.addCleanup(lambda: [s.close() for s in swallowing])
        text = DISTRIBUTION + "".join(mirror(name, server.url("/", host)) for name, host in hosts.items())
        text += mirror("swallowed", f"http://127.0.3.200:{port}/")
        text += mirror("refused", "http://127.0.3.201:9/")
        text += mirror("tls-garbage", f"https://127.0.3.202:{self.talk_first('127.0.3.202', b'220 ftp ready')}/")
        text += mirror("no-such-name", "http://no-such-name.invalid/")
        self.run_ok("catalog", "load", self.write("c.toml", text))

        result = self.run_program(
            "probe", "--json", "--timeout", "2", "--connect-timeout", "1", "--no-owner-notification"
        )

        report = {entry["name"]: entry for entry in result.json()["mirrors"]}
        for name, (_, outcome) in HOSTILE.items():
            with self.subTest(server=name):
                others = set(report[name]["outcomes"]) - {outcome, "skipped"}
                self.assertEqual(others, set())
                self.assertIn(outcome, report[name]["outcomes"])
                self.assertEqual(report[name]["rows"], 0)
        self.assertLessEqual(set(report["endless-body"]["outcomes"]), {"ok", "invalid-answer", "reset", "skipped"})
        self.assertIn("timeout-connect", report["swallowed"]["outcomes"])
        self.assertEqual(report["refused"]["outcomes"], {"refused": INDEXES})
        self.assertEqual(report["no-such-name"]["outcomes"], {"name-not-resolved": INDEXES})
        self.assertEqual(set(report["tls-garbage"]["outcomes"]), {"tls-failed"})
        for name in HEALTHY:
            with self.subTest(server=name):
                self.assertEqual(report[name]["rows"], INDEXES)
                self.assertEqual(report[name]["outcomes"], {"ok": INDEXES})


class LimitsTest(PlayingTest):
    def test_memory_stays_flat_whatever_a_server_sends(self):
        """Hostile servers cost no more memory than as many healthy ones, but for a little."""
        hosts = {f"{name}-{n}": f"127.0.4.{i * 8 + n + 1}" for i, name in enumerate(HOSTILE) for n in range(8)}
        answers = {}
        server = self.play(hosts, answers)
        text = DISTRIBUTION + "".join(mirror(name, server.url("/", host)) for name, host in hosts.items())
        self.run_ok("catalog", "load", self.write("c.toml", text))

        healthy_mb = self.peak_memory_mb()
        answers.update({name: HOSTILE[name.rsplit("-", 1)[0]][0] for name in hosts})
        hostile_mb = self.peak_memory_mb()

        self.assertLess(hostile_mb, healthy_mb + 16)

    def peak_memory_mb(self):
        """Of one run on all mirrors. A process of its own measures: the kernel keeps
        only the largest of all children."""
        measure = (
            "import resource, subprocess, sys; "
            "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120); "
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        probe = [PROGRAM, "--database", self.database, "probe", "--force", "--no-owner-notification"]
        limits = ["--timeout", "2", "--connect-timeout", "1"]
        done = subprocess.run(
            [sys.executable, "-c", measure, *probe, *limits], capture_output=True, text=True, check=True
        )
        return int(done.stdout) / 1024

    def test_at_most_m_connections_a_host_and_n_in_all_with_200_hosts(self):
        for most in (40, 500):
            with self.subTest(max_parallel=most):
                hosts = {f"host-{n}": f"127.0.5.{n + 1}" for n in range(200)}
                server = self.play(hosts, {name: Answer(200, delay=0.01) for name in hosts})
                text = DISTRIBUTION + "".join(mirror(n, server.url("/", h)) for n, h in hosts.items())
                self.run_ok("catalog", "load", self.write("c.toml", text))

                self.run_ok("probe", "--force", "--max-parallel", str(most), "--max-parallel-per-host", "2")

                self.assertLessEqual(max(server.peak_per_host.values()), 2)
                self.assertLessEqual(server.peak, most)
                self.assertGreater(server.peak, most // 4, "the limit was never put to the test")
                indexes = [count for (_, path), count in server.requests.items() if path.endswith(".gz")]
                self.assertEqual(sum(indexes), 200 * INDEXES)
                server.close()

    def test_an_expired_certificate_is_named_and_asked_for_once(self):
        authority = Authority(self.folder / "authority")
        now, day = datetime.datetime.now(datetime.timezone.utc), datetime.timedelta(days=1)
        certificate, key = authority.certificate("127.0.6.1", now - 30 * day, now - day)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
        with LoopbackMirrors(lambda *_: Answer(), ["127.0.6.1"], tls) as server:
            text = DISTRIBUTION + mirror("expired", server.url("/", "127.0.6.1"))
            self.run_ok("catalog", "load", self.write("c.toml", text))

            report = self.json("probe", env={"SSL_CERT_FILE": authority.bundle})

        self.assertEqual(report["mirrors"][0]["outcomes"], {"tls-expired": INDEXES})


if __name__ == "__main__":
    unittest.main()
