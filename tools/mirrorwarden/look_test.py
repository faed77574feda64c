#!/usr/bin/python3
"""What is learnt of a mirror beside its suites: traces, markers, its rsync daemon.

The archive is reprepro's, the mirrors are nginx with its own listings, the daemon is rsync's."""

import datetime
import os
import unittest

from archive import SignedArchive
from nginx import Nginx, Site
from probing_testing import ProbingTest
from rsync_daemon import RsyncDaemon

NOW = datetime.datetime.now(datetime.timezone.utc)
INDEX = "dists/harbour/main/binary-amd64/Packages.gz"
TRACE = """\
Sat Nov 21 08:12:05 UTC 2026
Date: Sat, 21 Nov 2026 08:12:05 +0000
Creator: ftpsync 20180513
Running on host: deb.example.org
Upstream-mirror: syncproxy.example.org
"""


class Look(ProbingTest):
    """A mirror of one suite, with a listing of each folder."""

    def setUp(self):
        super().setUp()
        self.archive = SignedArchive(self.folder / "primary", "harbour", ["amd64"])
        self.addCleanup(self.archive.close)
        self.archive.publish("hello", "1.0", NOW)
        self.root = self.archive.copy(self.folder / "mirror")
        self.site = Site(root=self.root, directives="autoindex on;")
        self.nginx = Nginx(self.folder / "nginx", [self.site])
        self.addCleanup(self.nginx.close)

    def trace(self, name, text, age):
        """A file of project/trace/, changed `age` hours ago."""
        file = self.root / "project/trace" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        when = (NOW - datetime.timedelta(hours=age)).timestamp()
        os.utime(file, (when, when))

    def check(self, status, *more):
        result = self.run_program("check", self.site.url, "--suite", "harbour", "--signed-by",
                                  str(self.archive.keyring), "--json", *more)
        self.assertEqual(result.status, status, result.err + result.out)
        return result.json()

    def rsync(self):
        daemon = RsyncDaemon(self.folder / "rsync", debian=self.root)
        self.addCleanup(daemon.close)
        return daemon

    def add_mirror(self, rsync_url):
        self.load(f"""
            [[distribution]]
            name = "harbour"
            title = "Harbour"
            keyring = "{self.archive.keyring}"
            pockets = ["RELEASE"]
            [[distribution.series]]
            name = "harbour"
            version = "1"
            components = ["main"]
            architectures = ["amd64"]
            [[mirror]]
            name = "m1"
            distribution = "harbour"
            country = "BR"
            http_url = "{self.site.url}"
            rsync_url = "{rsync_url}"
            owner = "Owner <owner@example.org>"
            """)

    def test_the_trace_of_the_last_sync_is_found_under_whatever_name_it_has(self):
        self.trace("master", "Sat Nov 21 07:00:00 UTC 2026\nCreator: dak\n", age=5)
        self.trace("other.example.org", TRACE.replace("08:12:05", "01:00:00"), age=9)
        self.trace("deb.example.org", TRACE, age=1)

        report = self.check(0)

        self.assertEqual(report["traces"], [
            {"name": "deb.example.org", "last_sync": "2026-11-21T08:12:05Z",
             "upstream": "syncproxy.example.org", "tool": "ftpsync 20180513"},
            {"name": "master", "last_sync": "2026-11-21T07:00:00Z", "upstream": None, "tool": "dak"},
        ])

    def test_a_healthy_mirror_is_asked_for_no_listing_of_its_base(self):
        self.trace("deb.example.org", TRACE, age=1)

        self.check(0)

        asked = [path for _, path, _ in self.nginx.requests(self.site)]
        self.assertNotIn("/", asked)
        self.assertLessEqual(sum("trace" in path or "Progress" in path for path in asked), 5)

    def test_a_torn_mirror_that_syncs_under_another_name_is_only_warned_of(self):
        index = self.root / INDEX
        index.write_bytes(index.read_bytes() + b"more")
        self.check(2)

        marker = self.root / "Archive-Update-in-Progress-deb.example.org"
        marker.touch()
        begun = (NOW - datetime.timedelta(hours=1)).timestamp()
        os.utime(marker, (begun, begun))
        report = self.check(1)

        self.assertEqual(report["suites"][0]["integrity"], "syncing")
        syncing = next(found for found in report["findings"] if found["rule"] == "syncing")
        self.assertIn(f"since {datetime.datetime.fromtimestamp(begun, datetime.timezone.utc):%Y-%m-%dT%H:%M:%SZ}",
                      syncing["summary"])
        self.assertIn("Archive-Update-in-Progress-deb.example.org", syncing["curl"])

    def test_a_probe_tells_of_traces_and_the_rsync_daemon_everywhere(self):
        self.trace("deb.example.org", TRACE, age=1)
        url = self.rsync().url("debian")
        self.add_mirror(url)

        self.run_ok("probe")

        shown = self.json("mirror", "show", "m1")
        self.assertEqual(shown["rsync"], {"url": url, "outcome": "ok", "offers_module": True})
        self.assertEqual([trace["name"] for trace in shown["traces"]], ["deb.example.org"])
        self.assertEqual(shown["findings"], [])
        text = self.run_ok("mirror", "show", "m1").out
        self.assertIn(f"{url}: ok, offers the module", text)
        self.assertRegex(text, "deb.example.org +2026-11-21T08:12:05Z +syncproxy.example.org +ftpsync 20180513")
        log = self.run_ok("log", "m1").out
        self.assertIn("trace deb.example.org: last sync 2026-11-21T08:12:05Z, from syncproxy.example.org, "
                      "by ftpsync 20180513", log)
        self.assertIn(f"rsync {url}: ok, offers the module", log)
        kinds = {kind["kind"]: kind["requests"] for kind in self.json("budget", "m1")[0]["kinds"]}
        self.assertEqual(kinds["rsync"], 1)

    def test_a_dead_rsync_daemon_is_told_and_the_mirror_stays(self):
        daemon = self.rsync()
        url = daemon.url("debian")
        self.add_mirror(url)
        daemon.close()

        self.run_ok("probe")

        shown = self.json("mirror", "show", "m1")
        self.assertTrue(shown["enabled"])
        self.assertEqual([(found["rule"], found["severity"]) for found in shown["findings"]],
                         [("rsync-dead", "warning")])
        self.assertEqual(shown["findings"][0]["curl"], f"rsync --list-only {url}")
        self.assertIn("rsync-dead", self.run_ok("log", "m1").out)

    def test_behind_a_proxy_no_rsync_daemon_is_asked_and_the_log_says_so_once(self):
        url = self.rsync().url("debian")
        self.add_mirror(url)

        result = self.run_ok("probe", env={"http_proxy": self.site.url, "no_proxy": "127.0.0.1"})

        self.assertEqual(result.err.count("Rsync daemons are not asked, because a proxy is configured."), 1)
        self.assertIsNone(self.json("mirror", "show", "m1")["rsync"])

    def test_an_rsync_url_is_checked_by_itself(self):
        daemon = self.rsync()
        cases = [
            ("the module is there", daemon.url("debian"), 0, [], {"outcome": "ok", "offers_module": True}),
            ("it is not", daemon.url("ubuntu"), 2, ["rsync-module-missing"],
             {"outcome": "ok", "offers_module": False}),
            ("no daemon", "rsync://127.0.0.1:1/debian/", 2, ["rsync-dead"],
             {"outcome": "refused", "offers_module": None}),
        ]
        for why, url, status, rules, state in cases:
            with self.subTest(why):
                result = self.run_program("check", url, "--json")
                self.assertEqual(result.status, status, result.err + result.out)
                report = result.json()
                self.assertEqual(report["rsync"], {"url": url} | state)
                self.assertEqual([found["rule"] for found in report["findings"]], rules)

        told = self.run_ok("check", daemon.url("debian")).out
        self.assertIn(f"{daemon.url('debian')}: ok, offers the module", told)
        behind = self.run_program("check", daemon.url("debian"), "--proxy", self.site.url)
        self.assertEqual(behind.status, 3, behind.out)
        self.assertIn("cannot be asked through a proxy", behind.out)


if __name__ == "__main__":
    unittest.main()
