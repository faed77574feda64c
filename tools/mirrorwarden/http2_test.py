#!/usr/bin/python3
"""A mirror that offers HTTP/2 is asked in HTTP/1.1, as apt asks, and for no more at once than others."""

import datetime
import unittest

from archive import SignedArchive
from certificates import Authority
from loopback_mirrors import Answer, LoopbackMirrors
from nginx import Nginx, Site
from probing_testing import ProbingTest

NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
AT_ONCE = 2  # requests to a host, by default


class Http2(ProbingTest):
    def serve(self, **more):
        """An https mirror by nginx, known as "m", of a distribution with ten indexes."""
        authority = Authority(self.folder / "authority")
        site = Site(certificate=authority.certificate("127.0.0.1", NOW - DAY, NOW + 90 * DAY), is_http2=True, **more)
        nginx = Nginx(self.folder / "nginx", [site])
        self.addCleanup(nginx.close)
        self.config = self.write("config.toml", f'[probe]\nca_bundle = "{authority.bundle}"\n')
        self.load(f"""
[[distribution]]
name = "harbour"
keyring = "{self.folder}/made/keyring.gpg"
pockets = ["RELEASE", "UPDATES"]
[[distribution.series]]
name = "harbour"
version = "1"
components = ["main"]
architectures = ["amd64", "arm64", "ppc64el", "riscv64"]
[[mirror]]
name = "m"
distribution = "harbour"
owner = "o@example.org"
country = "BR"
speed = "1G"
https_url = "{site.url}"
""")
        return nginx, site

    def test_a_whole_probe_is_in_http_1_1_on_connections_that_are_reused(self):
        archive = SignedArchive(self.folder / "made", "harbour", ["amd64", "arm64", "ppc64el", "riscv64"])
        self.addCleanup(archive.close)
        archive.publish("hello", "1.0", NOW)
        nginx, site = self.serve(root=archive.root)

        self.run_ok("--config", self.config, "probe")

        shown = self.json("mirror", "show", "m")
        self.assertEqual([suite["integrity"] for suite in shown["suites"]], ["whole", "whole"])
        self.assertEqual(len(shown["rows"]), 10)
        ways = nginx.ways(site)
        self.assertEqual({protocol for _, protocol, _ in ways}, {"HTTP/1.1"})
        of_indexes = [connection for path, _, connection in ways if "/main/" in path]
        self.assertGreaterEqual(len(of_indexes), 10)
        self.assertLessEqual(len(set(of_indexes)), AT_ONCE)

    def test_no_more_is_asked_at_once_than_of_others(self):
        with LoopbackMirrors(lambda *_: Answer(delay=0.05)) as behind:
            nginx, site = self.serve(directives=f"location / {{ proxy_pass {behind.url('/')}; }}")

            self.run_ok("--config", self.config, "probe")

        self.assertEqual(len(self.json("mirror", "show", "m")["rows"]), 10)
        self.assertEqual({protocol for _, protocol, _ in nginx.ways(site)}, {"HTTP/1.1"})
        self.assertEqual(behind.peak, AT_ONCE)


if __name__ == "__main__":
    unittest.main()
