#!/usr/bin/python3
"""The catalogue's keyring is what a probe and a check go by, and what a probe cost is what budget says."""

import datetime
import re
import unittest

from archive import SignedArchive
from mirrorwarden_testing import on_each_database
from nginx import Nginx, Site
from probing_testing import ProbingTest

NOW = datetime.datetime.now(datetime.timezone.utc)


@on_each_database
class CatalogueKeyring(ProbingTest):
    """A mirror made by reprepro, served by nginx, of a distribution without a primary archive."""

    def setUp(self):
        super().setUp()
        self.archive = SignedArchive(self.folder / "made", "harbour", ["amd64", "arm64"])
        self.addCleanup(self.archive.close)
        self.archive.publish("hello", "1.0", NOW)
        self.archive.keys.make("stranger")
        self.stranger = self.archive.keys.keyring(self.folder / "stranger.gpg", "stranger")
        self.site = Site(root=self.archive.root)
        self.nginx = Nginx(self.folder / "nginx", [self.site])
        self.addCleanup(self.nginx.close)

    def load_with(self, keyring, more=""):
        line = f'keyring = "{keyring}"\n{more}' if keyring else more
        self.load(f"""
[[distribution]]
name = "harbour"
{line}
[[distribution.series]]
name = "harbour"
version = "1"
components = ["main"]
architectures = ["amd64", "arm64"]

[[mirror]]
name = "m"
distribution = "harbour"
owner = "o@example.org"
country = "BR"
speed = "1G"
http_url = "{self.site.url}"
""")

    def test_a_probe_and_a_check_believe_the_keys_of_the_catalogue_and_no_others(self):
        cases = [
            ("its own keys", self.archive.keyring, "whole", [], 0),
            ("those of somebody else", self.stranger, "bad-signature", ["unknown-key"], 2),
            ("none are named", None, "unknown", ["signature-unchecked"], 3),
        ]
        for why, keyring, integrity, rules, status in cases:
            with self.subTest(why):
                self.load_with(keyring)

                self.run_ok("probe", "--force")
                checked = self.run_program("check", self.site.url, "--distribution", "harbour", "--json")

                shown = self.json("mirror", "show", "m")
                self.assertEqual([suite["integrity"] for suite in shown["suites"]], [integrity])
                self.assertEqual([finding["rule"] for finding in shown["findings"]], rules)
                self.assertEqual(checked.status, status, checked.err)
                self.assertEqual([finding["rule"] for finding in checked.json()["findings"]], rules)

    def test_a_keyring_without_keys_disables_nobody(self):
        text = self.write("keyring.txt", "keys to come\n")
        self.load_with(text, 'disable_when = ["bad-signature"]')

        probed = self.run_ok("probe", "--json")

        (mirror,) = probed.json()["mirrors"]
        self.assertEqual((mirror["integrity"], probed.json()["disabled"]), ("unknown", []))
        self.assertIn("Signatures of harbour could not all be checked: "
                      f"the keyring {text} holds no OpenPGP keys.", probed.err)
        self.assertTrue(self.json("mirror", "show", "m")["enabled"])

    def test_another_distributions_release_is_told_by_the_primarys_and_disables(self):
        primary = Site(root=self.archive.copy(self.folder / "primary"))
        nginx = Nginx(self.folder / "nginx-primary", [primary])
        self.addCleanup(nginx.close)
        policy = f'disable_when = ["foreign"]\nprimary_url = "{primary.url}"'
        self.load_with(self.archive.keyring, policy)
        folder = self.archive.root / "dists/harbour"
        text = (folder / "Release").read_bytes()
        text = re.sub(rb"(?m)^(Origin|Suite|Codename): .*$", rb"\1: tide", text)
        if b"Origin: " not in text:
            text = b"Origin: tide\n" + text
        (folder / "InRelease").write_bytes(self.archive.keys.in_release(text, "signer"))

        before = self.json("probe")
        self.run_ok("archive", "refresh")
        after = self.json("probe", "--force")

        # Nobody knows what the suite should say before the primary's Release was read.
        self.assertEqual((before["mirrors"][0]["integrity"], before["disabled"]), ("whole", []))
        self.assertEqual((after["mirrors"][0]["integrity"], after["disabled"]), ("foreign", ["m"]))

    def test_a_keyring_that_fails_the_primary_too_disables_nobody(self):
        primary = Site(root=self.archive.root)
        nginx = Nginx(self.folder / "nginx-primary", [primary])
        self.addCleanup(nginx.close)
        policy = f'disable_when = ["bad-signature"]\nprimary_url = "{primary.url}"'
        self.load_with(self.stranger, policy)

        doubted = self.run_program("probe", "--json")

        self.assertEqual((doubted.status, doubted.json()["disabled"]), (3, []), doubted.err)
        self.assertTrue(doubted.json()["suspect"])
        self.assertIn(f"by the keyring {self.stranger} its primary archive is badly signed, too: "
                      f"{primary.url}dists/harbour/InRelease is signed by no key of", doubted.err)

    def test_a_mirror_that_is_badly_signed_goes_where_the_primary_is_well_signed(self):
        primary = Site(root=self.archive.copy(self.folder / "primary"))
        nginx = Nginx(self.folder / "nginx-primary", [primary])
        self.addCleanup(nginx.close)
        release = self.archive.root / "dists/harbour/InRelease"
        text = (self.archive.root / "dists/harbour/Release").read_bytes()
        release.write_bytes(self.archive.keys.in_release(text, "stranger"))
        policy = f'disable_when = ["bad-signature"]\nprimary_url = "{primary.url}"'
        self.load_with(self.archive.keyring, policy)

        self.assertEqual(self.json("probe")["disabled"], ["m"])

    def test_a_day_costs_what_the_web_server_saw(self):
        self.load_with(self.archive.keyring)
        self.run_ok("probe")
        seen = self.nginx.requests(self.site)

        budget = self.json("budget", "m")[0]

        self.assertEqual(budget["measured"], self.json("mirror", "show", "m")["probes"][0]["started"])
        self.assertEqual(budget["requests"], len(seen))
        kinds = {kind["kind"]: kind for kind in budget["kinds"]}
        self.assertEqual(sum(kind["requests"] for kind in kinds.values()), len(seen))
        indexes = [path for method, path, _ in seen if method == "HEAD" and "/main/" in path]
        self.assertEqual(kinds["index"]["requests"], len(indexes))
        self.assertEqual(sum(kind["bytes"] for kind in kinds.values()), budget["bytes"])
        release = (self.archive.root / "dists/harbour/InRelease").stat().st_size
        self.assertGreaterEqual(kinds["release"]["bytes"], release)
        self.assertRegex(self.run_ok("budget", "m").out, rf"m +all +{len(seen)} +{budget['bytes']} +20")


if __name__ == "__main__":
    unittest.main()
