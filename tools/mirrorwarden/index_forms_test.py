#!/usr/bin/python3
"""Mirrors are asked for what the archive publishes, and as apt asks: an index in the form that
there is, for Debian has those of bookworm-updates and of its security archive as .xz alone."""

import datetime
import unittest

from debian_catalog import debian, mirror
from handmade_archive import HandmadeArchive, stanza
from mirrorwarden_testing import on_each_database
from probing_testing import ProbingTest

NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
PACKAGES = "dists/bookworm-updates/main/binary-amd64/Packages.xz"
SOURCES = "dists/bookworm-updates/main/source/Sources.xz"


@on_each_database
class IndexForms(ProbingTest):
    """A primary archive that is its own mirror, too, with indexes as .xz alone."""

    def setUp(self):
        super().setUp()
        self.archive = HandmadeArchive(self.folder)
        self.addCleanup(self.archive.close)
        self.publish(NOW - DAY, stanza("hello"))
        self.load(debian(keyring=str(self.archive.keyring), pockets=["UPDATES"],
                         primary_url=self.archive.url, sync_grace="0m", freshness_rule="anchored",
                         disable_when=["no-content", "torn"])
                  + mirror("m1", self.archive.url))
        self.run_ok("archive", "refresh")

    def publish(self, when, packages):
        entries = self.archive.put_index("bookworm-updates", packages, form=".xz")
        path = "main/source/Sources"
        entries += self.archive.put_index("bookworm-updates", "", path, form=".xz")
        release = self.archive.release("bookworm-updates", when, entries)
        self.archive.put_release("bookworm-updates", release)

    def probe(self, *arguments):
        report = self.json("probe", "--force", *arguments)
        return {one["name"]: (one["rows"], one["integrity"]) for one in report["mirrors"]}, report

    def test_a_mirror_is_asked_for_what_the_primary_has(self):
        self.archive.asked()

        verdicts, _ = self.probe()

        asked = self.archive.asked()
        self.assertEqual(verdicts, {"m1": (2, "whole")})
        self.assertEqual((asked.get(PACKAGES), asked.get(SOURCES)), (1, 1))
        self.assertEqual([path for path in asked if path.endswith(".gz")], [])
        self.assertEqual(self.json("paths", "m1"), [PACKAGES, SOURCES])

    def test_the_mirror_is_as_fresh_as_its_packages_and_whole_when_it_is_read(self):
        self.publish(NOW, stanza("hello") + stanza("tugboat"))
        self.run_ok("archive", "refresh")
        self.archive.files["pool/main/t/tugboat/tugboat_1.0_amd64.deb"] = b"x" * 100

        verdicts, report = self.probe("--deep")

        self.assertEqual(verdicts, {"m1": (2, "whole")})
        self.assertEqual(report["mirrors"][0]["freshness"], "UP")

    def test_a_plus_in_a_name_is_asked_for_as_apt_asks_for_it(self):
        """Half of a stable release's updates have one: +deb12u1."""
        self.publish(NOW, stanza("tugboat", version="1.0+deb12u1"))
        self.run_ok("archive", "refresh")
        self.archive.files["pool/main/t/tugboat/tugboat_1.0+deb12u1_amd64.deb"] = b"x" * 100

        _, report = self.probe("--deep")

        self.assertEqual(report["mirrors"][0]["freshness"], "UP")
        found = [finding["rule"] for finding in self.json("mirror", "show", "m1")["findings"]]
        self.assertNotIn("pool-file-missing", found)

    def test_a_torn_index_is_seen(self):
        self.archive.files[PACKAGES] += b"x"

        first, _ = self.probe()
        second, report = self.probe()

        self.assertEqual((first, second), ({"m1": (2, "syncing")}, {"m1": (2, "torn")}))
        self.assertEqual(report["disabled"], ["m1"])

    def test_a_mirror_without_any_is_disabled_for_the_primary_has_them(self):
        empty = HandmadeArchive(self.folder)
        self.addCleanup(empty.close)
        self.load(mirror("m2", empty.url))

        _, report = self.probe("--mirror", "m2")

        self.assertEqual((report["suspect"], report["disabled"]), (False, ["m2"]))

    def test_where_nothing_is_known_of_the_suite_it_is_gz(self):
        self.load(debian(name="other", pockets=["UPDATES"])
                  + mirror("m3", "http://127.0.0.1:1/", distribution="other"))

        self.assertEqual(self.json("paths", "m3"),
                         [path.replace(".xz", ".gz") for path in (PACKAGES, SOURCES)])


if __name__ == "__main__":
    unittest.main()
