#!/usr/bin/python3
"""The acceptance cases that need no network, through the command line."""

import pathlib
import unittest

from mirrorwarden_testing import ProgramTest, on_each_database

TESTDATA = pathlib.Path(__file__).resolve().parents[2] / "testdata" / "acceptance"
BASE = "http://foo.bar.com/pub"
ALSA = f"{BASE}/pool/main/a/alsa-utils/alsa-utils"
PMOUNT = f"{BASE}/pool/main/p/pmount/pmount_1.9-1_all.deb"
FIREFOX = f"{BASE}/pool/main/m/mozilla-firefox/mozilla-firefox_0.9_i386.deb"


@on_each_database
class Acceptance(ProgramTest):
    def setUp(self):
        super().setUp()
        self.run_ok("catalog", "load", TESTDATA / "catalog.toml")
        self.run_ok("publications", "import", TESTDATA / "publications.jsonl")
        self.run_ok("mirror", "add", "foobarmirror", "--distribution", "ubuntu",
                    "--owner", "Foo Bar <foo.bar@canonical.com>", "--country", "BR",
                    "--speed", "2M", "--content", "ARCHIVE", "--http_url", BASE)

    def names(self, *filters):
        listed = self.run_ok("mirror", "list", "--json", *filters).json()
        return [mirror["name"] for mirror in listed if mirror["name"] != "foobarmirror"]

    def freshness_urls(self, kind, when=()):
        return self.run_ok("freshness-urls", "foobarmirror", "--series", "warty", "--pocket",
                           "RELEASE", "--component", "main", *kind, *when, "--json").json()

    def test_a_new_mirror_is_not_official_and_has_no_rows(self):  # 1
        shown = self.run_ok("mirror", "show", "foobarmirror", "--json").json()

        self.assertIs(shown["official"], False)
        self.assertEqual(shown["rows"], [])

    def test_listings_of_enabled_and_of_official_mirrors(self):  # 5, 6
        self.assertEqual(self.names("--enabled", "--official"), ["valid-mirror"])
        self.assertEqual(set(self.names("--enabled")), {
            "valid-mirror", "invalid-mirror", "unreachable-mirror", "archive-404-mirror"})

    def test_disabling_by_hand_mails_the_owner(self):  # 10
        self.run_ok("mirror", "disable", "foobarmirror", "--reason", "a test")

        mails = self.run_ok("outbox", "list", "--json").json()
        self.assertEqual([mail["to"] for mail in mails],
                         [{"name": "Foo Bar", "address": "foo.bar@canonical.com"}])
        self.assertNotIn("foobarmirror", [
            mirror["name"] for mirror in self.run_ok("mirror", "list", "--enabled", "--json").json()])

    def test_paths_of_hoary(self):  # 11, 12
        suites = ["hoary" + suffix
                  for suffix in ("", "-backports", "-security", "-updates", "-proposed")]
        for kind, file in (("packages", "binary-i386/Packages.gz"), ("sources", "source/Sources.gz")):
            paths = self.run_ok("paths", "archive-404-mirror", "--kind", kind, "--series", "hoary",
                                "--json").json()

            self.assertEqual(len(paths), 10)
            self.assertEqual(set(paths), {f"dists/{suite}/{component}/{file}" for suite in suites
                                          for component in ("main", "restricted")})

    def test_source_urls_in_the_week_of_an_upload(self):  # 13
        urls = self.freshness_urls(["--source"], ["--when", "2005-09-17"])

        self.assertEqual(list(urls.items()), [("ONEDAYBEHIND", f"{ALSA}_1.0.9a-4.dsc"),
                                              ("TWODAYSBEHIND", f"{ALSA}_1.0.8-1ubuntu1.dsc")])

    def test_source_urls_long_after_the_last_upload(self):  # 14
        self.assertEqual(self.freshness_urls(["--source"]), {"UP": f"{ALSA}_1.0.9a-4.dsc"})

    def test_i386_urls_ignore_the_udeb(self):  # 15
        urls = self.freshness_urls(["--arch", "i386"], ["--when", "2005-06-22T00:00:00Z"])

        self.assertEqual(urls, {"TWODAYSBEHIND": PMOUNT, "ONEWEEKBEHIND": FIREFOX})

    def test_i386_urls_a_minute_after_an_upload(self):  # 16
        urls = self.freshness_urls(["--arch", "i386"], ["--when", "2005-06-20 00:01"])

        self.assertEqual(urls, {"UP": PMOUNT, "TWODAYSBEHIND": FIREFOX})


if __name__ == "__main__":
    unittest.main()
