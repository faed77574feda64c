#!/usr/bin/python3
"""A mirror that did not change is asked for less, and never judged by less than it takes."""

import datetime
import os
import shutil
import unittest

from archive import SignedArchive
from mirrorwarden_testing import on_each_database
from nginx import Nginx, Site
from probing_testing import ProbingTest

NOW = datetime.datetime.now(datetime.timezone.utc)
ARCHITECTURES = ["amd64", "arm64", "armhf", "i386", "riscv64", "s390x"]
INDEXES = 2 * (len(ARCHITECTURES) + 1)  # of a suite and its -updates, sources too
HOSTS = 4
# Whose owners want to be asked slowly.
UNHURRIED = ('location = /.well-known/mirrorwarden.txt '
             '{ return 200 "Max-Requests-Per-Second: 10\\n"; }')
# A server that says that nothing changed to everybody who asks whether it did.
STUBBORN = 'location ~ /InRelease$ { if ($http_if_none_match) { return 304; } }'


@on_each_database
class Turns(ProbingTest):
    """A mirror that has just synced, and was probed once."""

    def setUp(self):
        super().setUp()
        self.archive = SignedArchive(self.folder / "primary", "harbour", ARCHITECTURES)
        self.addCleanup(self.archive.close)
        self.archive.publish("hello", "1.0", NOW)
        self.root = self.folder / "mirror"
        primary = Site(root=self.archive.root)
        self.site = Site(address="127.0.0.2", root=self.root)
        self.stubborn_site = Site(address="127.0.0.3", root=self.root, directives=STUBBORN)
        self.sync()
        self.nginx = Nginx(self.folder / "nginx", [primary, self.site, self.stubborn_site])
        self.addCleanup(self.nginx.close)
        self.run_ok("archive", "add", primary.url, "--suite", "harbour", "--suite", "harbour-updates",
                    "--signed-by", self.archive.keyring, "--name", "harbour")
        self.run_ok("archive", "refresh")

    def add_and_probe(self, site):
        self.watched = site
        self.run_ok("mirror", "add", "m", "--distribution", "harbour", "--http-url", site.url, "--owner",
                    "o@example.org", "--country", "BR", "--speed", "1G")
        self.seen = 0
        asked = self.probe()
        self.assertEqual(asked, (INDEXES, [200, 200]))
        return self.shown()

    def sync(self):
        """Copies what the primary has; its Release files look as if they were a day older."""
        shutil.rmtree(self.root, ignore_errors=True)
        self.archive.copy(self.root)
        for file in (self.root / "dists").rglob("*Release*"):
            before = file.stat().st_mtime - 86_400
            os.utime(file, (before, before))

    def probe(self, *more):
        """Probes; returns how many indexes were asked for, and what answered to InRelease."""
        self.run_ok("probe", "--force", *more)
        lines = self.nginx.requests(self.watched)
        new, self.seen = lines[self.seen:], len(lines)
        indexes = {path for method, path, _ in new if method == "HEAD" and path.endswith("es.gz")}
        return len(indexes), [status for _, path, status in new if path.endswith("/InRelease")]

    def shown(self):
        return self.json("mirror", "show", "m")

    def integrities(self):
        return [suite["integrity"] for suite in self.shown()["suites"]]

    def test_an_unchanged_mirror_is_asked_for_a_part_of_its_indexes_and_no_release_twice(self):
        first = self.add_and_probe(self.site)
        self.assertEqual(self.integrities(), ["whole"] * 2)

        total = 0
        for _ in range(4):
            indexes, releases = self.probe()
            self.assertLess(indexes, INDEXES / 2)
            self.assertEqual(releases, [304, 304])
            total += indexes
        self.assertEqual(total, INDEXES)  # each had its turn

        then = self.shown()
        self.assertEqual((then["rows"], then["found"], then["expected"]),
                         (first["rows"], INDEXES, INDEXES))
        self.assertEqual(self.integrities(), ["whole"] * 2)
        self.assertEqual([suite["lag_seconds"] for suite in then["suites"]], [0, 0])
        self.assertEqual(then["findings"], [])
        self.assertRegex(self.run_ok("log", "m").out, r"\d+ of 14 indexes are not asked for: ")

    def test_hosts_that_want_to_be_asked_slowly_do_not_hold_up_each_other(self):
        sites = [Site(address=f"127.0.0.{10 + number}", root=self.root, directives=UNHURRIED)
                 for number in range(HOSTS)]
        slow = Nginx(self.folder / "slow", sites)
        self.addCleanup(slow.close)
        for number, site in enumerate(sites):
            self.run_ok("mirror", "add", f"slow-{number}", "--distribution", "harbour",
                        "--http-url", site.url, "--owner", "o@example.org", "--country", "BR",
                        "--speed", "1G")
        self.run_ok("probe", "--force")

        for most in (1, HOSTS, 2 * HOSTS):
            probed = self.json("probe", "--force", "--max-parallel", most)["probed"]
            self.assertEqual(probed, HOSTS, f"at most {most} at once")

    def test_who_names_a_mirror_or_wants_it_deep_has_all_of_it_asked_for(self):
        self.add_and_probe(self.site)

        self.assertEqual(self.probe("--mirror", "m"), (INDEXES, [200, 200]))
        self.assertEqual(self.probe("--deep"), (INDEXES, [200, 200]))
        self.assertLess(self.probe()[0], INDEXES)

    def test_what_was_lost_without_a_new_release_is_found(self):
        self.add_and_probe(self.site)
        for index in (self.root / "dists/harbour").rglob("*.gz"):
            index.unlink()

        self.assertEqual(self.probe()[0], INDEXES)

        self.assertEqual(self.shown()["found"], INDEXES / 2)
        self.assertNotIn("whole", self.integrities()[0])
        self.assertIn("not as it was: ", self.run_ok("log", "m").out)
        self.assertGreaterEqual(self.probe()[0], INDEXES / 2)  # that suite's, until all is well

    def test_a_new_release_is_seen_at_once(self):
        self.add_and_probe(self.site)
        self.archive.publish("tugboat", "2.0", NOW)
        self.sync()

        indexes, releases = self.probe()

        self.assertEqual(self.integrities(), ["whole"] * 2)
        self.assertEqual(sorted(releases), [200, 304])
        self.assertGreaterEqual(indexes, INDEXES / 2)

    def test_what_the_primary_published_since_is_not_asked_for_conditionally(self):
        self.add_and_probe(self.site)
        self.archive.publish("tugboat", "2.0", NOW)
        self.run_ok("archive", "refresh")

        indexes, releases = self.probe()

        self.assertEqual(sorted(releases), [200, 304])
        self.assertGreaterEqual(indexes, INDEXES / 2)
        self.assertGreater(self.shown()["lag"], -1)

    def test_a_server_that_always_says_unchanged_fools_nobody_whose_indexes_changed(self):
        self.add_and_probe(self.stubborn_site)
        self.assertEqual(self.probe()[1], [304, 304])
        self.archive.publish("tugboat", "2.0", NOW)
        self.sync()

        for _ in range(4):  # until an index of that suite has its turn
            indexes, releases = self.probe()
            if indexes == INDEXES:
                break

        self.assertEqual(indexes, INDEXES)
        self.assertEqual(sorted(releases), [200, 304, 304])
        self.archive.verify(self.root)
        shown = {suite["suite"]: suite for suite in self.shown()["suites"]}
        release = (self.root / "dists/harbour/Release").read_text()
        date = next(line for line in release.splitlines() if line.startswith("Date: "))
        moment = datetime.datetime.strptime(date, "Date: %a, %d %b %Y %H:%M:%S UTC")
        self.assertEqual(shown["harbour"]["release_date"], moment.strftime("%Y-%m-%dT%H:%M:%SZ"))


if __name__ == "__main__":
    unittest.main()
