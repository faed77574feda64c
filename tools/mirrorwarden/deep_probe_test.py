#!/usr/bin/python3
"""What only a deep probe sees: files of the right size with another content. Real archive, gpg, nginx."""

import datetime
import hashlib
import unittest

from archive import SignedArchive
from mirrorwarden_testing import on_each_database
from nginx import Nginx, Site
from probing_testing import ProbingTest

NOW = datetime.datetime.now(datetime.timezone.utc)
INDEX = "dists/harbour/main/binary-amd64/Packages.gz"
DEB = "pool/main/h/hello/hello_1.0_amd64.deb"

DISTRIBUTION = """
[[distribution]]
name = "harbour"
keyring = "{keyring}"
sync_grace = "0m"
deep_every = {deep_every}
pockets = ["RELEASE", "UPDATES"]

[[distribution.series]]
name = "harbour"
version = "1"
components = ["main"]
architectures = ["amd64"]
"""

MIRROR = """
[[mirror]]
name = "{name}"
distribution = "harbour"
owner = "Owner <owner@example.org>"
country = "BR"
http_url = "{url}"
"""


def spoil(file):
    """Changes one bit in the middle; returns the SHA-256 before and after."""
    content = bytearray(file.read_bytes())
    before = hashlib.sha256(content).hexdigest()
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    return before, hashlib.sha256(content).hexdigest()


@on_each_database
class DeepProbe(ProbingTest):
    def setUp(self):
        super().setUp()
        self.archive = SignedArchive(self.folder / "primary", "harbour", ["amd64"])
        self.addCleanup(self.archive.close)
        self.archive.publish("hello", "1.0", NOW)

    def serve(self, *names, deep_every=0):
        """Mirrors of the archive that are whole, in the catalogue; each root by its name."""
        self.sites = {name: Site(root=self.archive.copy(self.folder / name)) for name in names}
        self.nginx = Nginx(self.folder / "nginx", self.sites.values())
        self.addCleanup(self.nginx.close)
        mirrors = "".join(MIRROR.format(name=name, url=site.url) for name, site in self.sites.items())
        self.load(DISTRIBUTION.format(keyring=self.archive.keyring, deep_every=deep_every) + mirrors)
        return {name: site.root for name, site in self.sites.items()}

    def integrity(self, name):
        return {suite["suite"]: suite["integrity"] for suite in self.json("mirror", "show", name)["suites"]}["harbour"]

    def findings(self, name):
        return {finding["rule"]: finding for finding in self.json("mirror", "show", name)["findings"]}

    def was_fetched(self, name, path):
        return ("GET", "/" + path, 200) in self.nginx.requests(self.sites[name])

    def test_a_plain_probe_believes_sizes_and_a_deep_one_hashes(self):
        roots = self.serve("fine", "rotten", "holed")
        before, after = spoil(roots["rotten"] / INDEX)
        deb_before, deb_after = spoil(roots["holed"] / DEB)

        self.run_ok("probe")
        for name in roots:
            self.assertEqual((self.integrity(name), self.was_fetched(name, INDEX)), ("whole", False), name)
            self.assertNotIn("deep", [cost["kind"] for cost in self.json("budget", name)[0]["kinds"]])

        # Twice, because what was first seen now may be a sync for as long as it is now.
        self.run_ok("probe", "--deep", "--force")
        self.run_ok("probe", "--deep", "--force")

        self.assertEqual(self.integrity("rotten"), "torn")
        finding = self.findings("rotten")["index-wrong-hash"]
        self.assertEqual(finding["severity"], "bad")
        self.assertEqual(finding["request"], f"GET {self.sites['rotten'].url}{INDEX}")
        self.assertIn(after, finding["answer"])
        self.assertIn(before, finding["expected"])

        self.assertEqual(self.integrity("holed"), "whole")
        finding = self.findings("holed")["pool-file-wrong-hash"]
        self.assertEqual(finding["request"], f"GET {self.sites['holed'].url}{DEB}")
        self.assertIn(deb_after, finding["answer"])
        self.assertIn(deb_before, finding["expected"])
        self.assertIn(deb_before, self.run_ok("log", "holed").out)

        self.assertEqual(self.findings("fine"), {})
        self.assertTrue(self.was_fetched("fine", INDEX))
        kinds = {cost["kind"]: cost for cost in self.json("budget", "fine")[0]["kinds"]}
        self.assertGreater(kinds["deep"]["requests"], 3)

    def test_each_nth_probe_is_deep_by_itself_whatever_ran_between(self):
        names = [f"m{number}" for number in range(4)]
        self.serve(*names, deep_every=3)

        deep_in = {name: [] for name in names}
        for run in range(6):
            announced = self.json("probe", "--dry-run", "--force")["deep"]
            self.run_ok("probe", "--force")
            really = [name for name in names if self.json("mirror", "show", name)["deep"]]
            self.assertEqual(announced, really)
            for name in really:
                deep_in[name].append(run)

        for name, runs in deep_in.items():
            self.assertEqual(len(runs), 2, name)
            self.assertEqual(runs[1] - runs[0], 3, name)
        self.assertGreater(len({runs[0] for runs in deep_in.values()}), 1, "all at once")

    def test_what_a_deep_probe_found_is_not_forgotten_by_the_next(self):
        roots = self.serve("rotten", deep_every=100)
        before, after = spoil(roots["rotten"] / INDEX)
        self.run_ok("probe", "--deep")
        self.run_ok("probe", "--force")
        self.assertEqual(self.integrity("rotten"), "torn")

        spoil(roots["rotten"] / INDEX)  # twice is not at all
        self.run_ok("probe", "--force")
        self.assertEqual(self.integrity("rotten"), "whole")
        self.run_ok("probe", "--force")
        self.assertFalse(self.json("mirror", "show", "rotten")["deep"])

    def test_cd_images_are_not_looked_at_deeply(self):
        self.serve("fine")

        result = self.refused(2, "probe", "--content", "RELEASE", "--deep")

        self.assertIn("--deep is for ARCHIVE mirrors", result.err)
        self.assertEqual(self.json("mirror", "show", "fine")["probes"], [])


if __name__ == "__main__":
    unittest.main()
