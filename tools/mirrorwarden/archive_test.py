#!/usr/bin/python3
"""Primary archives, made by Debian's own tools, are taken in and what changes in them is dated."""

import datetime
import gzip
import json
import lzma
import os
import pathlib
import shutil
import subprocess
import time
import unittest

import real_archive
from archive import SignedArchive, make_deb
from nginx import Nginx, Site
from probing_testing import ProbingTest
from signing import KeyChain

PUBLISHED = datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)


def by_suite(report, distribution=0):
    return {suite["suite"]: suite for suite in report["distributions"][distribution]["suites"]}


class LiveArchive(ProbingTest):
    """An archive made by reprepro, served by nginx."""

    def setUp(self):
        super().setUp()
        self.archive = SignedArchive(self.folder / "primary", "harbour", ["amd64", "arm64"],
                                     fields=["Origin: Harbour Linux", "Version: 3.1"])
        self.addCleanup(self.archive.close)
        self.archive.publish("hello", "1.0", PUBLISHED)
        self.age()
        self.site = Site(root=self.archive.root)
        self.nginx = Nginx(self.folder / "nginx", [self.site])
        self.addCleanup(self.nginx.close)

    def add(self, *more):
        return self.run_ok("archive", "add", self.site.url, "--suite", "harbour", "--suite", "harbour-updates",
                           "--signed-by", self.archive.keyring, "--name", "harbour", *more)

    def age(self):
        """Makes the state look as if it were of yesterday: nginx tells states apart by seconds and sizes."""
        yesterday = time.time() - 86_400
        for file in (self.archive.root / "dists").rglob("*Release*"):
            os.utime(file, (yesterday, yesterday))

    def new_requests(self):
        """(path, status) of what nginx saw since the last call."""
        seen = self.nginx.requests(self.site)
        new, self.seen = seen[getattr(self, "seen", 0):], len(seen)
        return [(path, status) for _, path, status in new]

    def test_one_command_makes_a_catalogue_of_an_archive_and_reads_it(self):
        result = self.add()

        self.assertIn("series harbour 3.1: main; amd64, arm64", result.out)
        self.assertIn("mirrorwarden mirror add", result.out)
        catalog = self.json("catalog", "show")["distributions"][0]
        self.assertEqual((catalog["name"], catalog["title"]), ("harbour", "Harbour Linux"))
        self.assertEqual(catalog["primary_url"], self.site.url)
        self.assertEqual(catalog["pockets"], ["RELEASE", "UPDATES"])
        shown = by_suite(self.json("archive", "show"))
        self.assertEqual(list(shown), ["harbour", "harbour-updates"])
        self.assertEqual(shown["harbour"]["snapshots"], 1)
        self.assertIsNotNone(shown["harbour"]["checked"])

    def test_only_the_architectures_and_components_that_are_wanted_become_part(self):
        self.add("--arch", "arm64", "--component", "main")

        series = self.json("catalog", "show")["distributions"][0]["series"][0]
        self.assertEqual((series["architectures"], series["components"]), (["arm64"], ["main"]))
        asked = [path for path, _ in self.new_requests() if "/main/" in path]
        self.assertEqual(sorted(asked), [
            "/dists/harbour-updates/main/binary-arm64/Packages.gz", "/dists/harbour-updates/main/source/Sources.gz",
            "/dists/harbour/main/binary-arm64/Packages.gz", "/dists/harbour/main/source/Sources.gz"])

    def test_a_baseline_dates_nothing_and_what_comes_later_has_the_releases_date(self):
        self.add()
        self.run_ok("mirror", "add", "m", "--distribution", "harbour", "--http-url", self.site.url, "--owner",
                    "o@example.org", "--country", "BR", "--speed", "1G")
        of_amd64 = ["freshness-urls", "m", "--series", "harbour", "--pocket", "RELEASE", "--component", "main"]
        self.assertEqual(self.json(*of_amd64, "--arch", "amd64"), {})
        in_words = self.run_ok(*of_amd64, "--arch", "amd64")
        self.assertEqual(in_words.out, "")
        self.assertIn("UNKNOWN: import publications, or refresh the archive", in_words.err)

        self.archive.publish("tugboat", "2.0", PUBLISHED)
        report = by_suite(self.json("archive", "refresh"))

        # A .deb for each architecture, and a .dsc.
        self.assertEqual((report["harbour"]["result"], report["harbour"]["published"]), ("changed", 3))
        self.assertEqual(report["harbour"]["indexes"], 3)
        self.assertEqual(report["harbour"]["superseded"], 0)
        release = (self.archive.root / "dists/harbour/Release").read_text()
        date = next(line for line in release.splitlines() if line.startswith("Date: "))
        moment = datetime.datetime.strptime(date, "Date: %a, %d %b %Y %H:%M:%S UTC")
        self.assertEqual(report["harbour"]["date"], moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
        pool = self.site.url + "pool/main/t/tugboat/"
        later = (moment + datetime.timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.assertEqual(self.json(*of_amd64, "--arch", "amd64", "--when", later), {"UP": pool + "tugboat_2.0_amd64.deb"})
        self.assertEqual(self.json(*of_amd64, "--source", "--when", later), {"UP": pool + "tugboat_2.0.dsc"})
        earlier = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.assertEqual(self.json(*of_amd64, "--arch", "amd64", "--when", earlier), {})

    def test_what_has_gone_is_superseded(self):
        self.add()
        self.archive.publish("tugboat", "2.0", PUBLISHED)
        self.age()
        self.run_ok("archive", "refresh")
        self.archive._reprepro("remove", "harbour", "tugboat")
        # Or it would be word for word what it was at first, where all of this is done in a second.
        self.archive.publish("barge", "1.0", PUBLISHED)

        report = by_suite(self.json("archive", "refresh"))["harbour"]

        self.assertEqual((report["result"], report["published"], report["superseded"]), ("changed", 3, 3))
        self.assertEqual(by_suite(self.json("archive", "show"))["harbour"]["snapshots"], 3)

    def test_a_refresh_that_finds_nothing_new_costs_one_conditional_request_a_suite(self):
        self.add()
        self.new_requests()

        report = by_suite(self.json("archive", "refresh", "harbour"))

        self.assertEqual([suite["result"] for suite in report.values()], ["unchanged"] * 2)
        self.assertEqual(self.new_requests(), [("/dists/harbour/InRelease", 304), ("/dists/harbour-updates/InRelease", 304)])

    def test_only_indexes_that_changed_are_fetched(self):
        self.add()
        self.archive._reprepro("includedeb", "harbour", str(make_deb(self.folder, "skiff", "1", "arm64")))
        self.new_requests()

        report = by_suite(self.json("archive", "refresh"))

        self.assertEqual(report["harbour"]["published"], 1)
        self.assertEqual(self.new_requests(), [
            ("/dists/harbour/InRelease", 200),
            ("/dists/harbour/main/binary-arm64/Packages.gz", 200),
            ("/dists/harbour-updates/InRelease", 304),
        ])

    def test_without_inrelease_it_is_release_and_its_signature(self):
        for suite in ("harbour", "harbour-updates"):
            (self.archive.root / "dists" / suite / "InRelease").unlink()
        self.add()
        self.new_requests()

        again = self.json("archive", "refresh")
        first = self.new_requests()
        (self.archive.root / "dists/harbour/Release.gpg").unlink()
        (self.archive.root / "dists/harbour/Release").touch()
        self.run_program("archive", "refresh")
        second = self.json("archive", "show")

        self.assertEqual([suite["result"] for suite in by_suite(again).values()], ["unchanged"] * 2)
        self.assertEqual(first, [("/dists/harbour/Release", 304), ("/dists/harbour-updates/Release", 304)])
        self.assertEqual(by_suite(second)["harbour"]["snapshots"], 1)

    def test_a_suite_that_the_archive_never_had_is_absent(self):
        shutil.rmtree(self.archive.root / "dists/harbour-updates")
        self.run_ok("archive", "add", self.site.url, "--suite", "harbour", "--signed-by", self.archive.keyring,
                    "--name", "harbour")
        text = self.run_ok("catalog", "show", "--json").json()["distributions"][0]
        self.assertEqual(text["pockets"], ["RELEASE"])
        self.load(f"""
[[distribution]]
name = "harbour"
title = "Harbour"
primary_url = "{self.site.url}"
keyring = "{self.archive.keyring}"
pockets = ["RELEASE", "BACKPORTS"]
[[distribution.series]]
name = "harbour"
version = "3.1"
components = ["main"]
architectures = ["amd64", "arm64"]
""")

        report = by_suite(self.json("archive", "refresh"))

        self.assertEqual(report["harbour"]["result"], "unchanged")
        self.assertEqual(report["harbour-backports"]["result"], "absent")

    def test_an_architecture_that_the_catalogue_learns_of_is_read_as_a_baseline(self):
        self.load(f"""
[[distribution]]
name = "harbour"
primary_url = "{self.site.url}"
keyring = "{self.archive.keyring}"
[[distribution.series]]
name = "harbour"
version = "3.1"
components = ["main"]
architectures = ["amd64"]
""")
        self.run_ok("archive", "refresh")
        self.load((self.folder / "catalog.toml").read_text().replace('"amd64"', '"amd64", "arm64"'))

        report = by_suite(self.json("archive", "refresh"))["harbour"]

        self.assertEqual((report["result"], report["indexes"], report["published"]), ("changed", 1, 0))

    def test_an_archive_that_has_none_of_the_suites_is_told(self):
        self.add()
        shutil.rmtree(self.archive.root / "dists")
        result = self.run_program("archive", "refresh", "--json")
        self.assertEqual(result.status, 1)
        self.assertEqual({suite["reason"] for suite in by_suite(result.json()).values()}, {"no-release"})

    def test_an_armoured_keyring_is_as_good(self):
        armoured = self.folder / "keyring.asc"
        armoured.write_bytes(self.archive.keys._gpg("--armor", "--export"))

        self.run_ok("archive", "add", self.site.url, "--suite", "harbour", "--signed-by", armoured)

        self.assertEqual(by_suite(self.json("archive", "show"))["harbour"]["snapshots"], 1)

    def test_a_name_of_a_suite_that_moves_becomes_the_codename(self):
        (self.archive.root / "dists/stable").symlink_to("harbour")
        conf = self.archive.directory / "reprepro/conf/distributions"
        conf.write_text(conf.read_text().replace("Codename: harbour\n", "Codename: harbour\nSuite: stable\n", 1))
        self.archive._reprepro("export")

        self.run_ok("archive", "add", self.site.url, "--suite", "stable", "--signed-by", self.archive.keyring)

        self.assertEqual(list(by_suite(self.json("archive", "show"))), ["harbour"])

    def test_without_a_keyring_there_is_a_catalogue_and_no_refresh(self):
        result = self.run_ok("archive", "add", self.site.url, "--suite", "harbour", "--name", "harbour")
        self.assertIn("No signature was verified", result.out)
        self.new_requests()

        refreshed = self.run_program("archive", "refresh", "--json")

        self.assertEqual(refreshed.status, 1)
        self.assertIn("keyring", refreshed.err)
        self.assertEqual(by_suite(refreshed.json())["harbour"]["reason"], "no-keyring")
        self.assertEqual(self.new_requests(), [])

    def test_what_cannot_be_added_changes_nothing(self):
        stranger = KeyChain()
        self.addCleanup(stranger.close)
        stranger.make("stranger")
        keyring = stranger.keyring(self.folder / "stranger.gpg", "stranger")
        cases = [
            ("one suite is not there", ["--suite", "harbour", "--suite", "nowhere", "--signed-by", self.archive.keyring],
             1, "neither InRelease nor Release"),
            ("another's keys", ["--suite", "harbour", "--signed-by", keyring], 1, "signed by no key of"),
            ("no such keyring", ["--suite", "harbour", "--signed-by", self.folder / "no.gpg"], 2, "no.gpg"),
            ("no such architecture", ["--suite", "harbour", "--arch", "amd64", "--arch", "amd46"], 2,
             'no architecture "amd46"; it has amd64, arm64'),
            ("no such component", ["--suite", "harbour", "--component", "universe"], 2,
             'no component "universe"; it has main'),
            ("twice", ["--suite", "harbour", "--suite", "harbour"], 2, "given twice"),
        ]
        for why, words, status, told in cases:
            with self.subTest(why):
                result = self.run_program("archive", "add", self.site.url, *words)
                self.assertEqual((result.status, result.out), (status, ""), result.err)
                self.assertIn(told, result.err)
                self.assertEqual(self.json("catalog", "show"), {"distributions": []})

    def test_a_distribution_of_that_name_is_not_overwritten(self):
        self.add()
        before = self.json("catalog", "show")
        result = self.run_program("archive", "add", self.site.url, "--suite", "harbour", "--name", "harbour")
        self.assertEqual(result.status, 2)
        self.assertIn("already", result.err)
        self.assertEqual(self.json("catalog", "show"), before)


class OtherMakers(ProbingTest):
    """The same of archives that other tools make, and that are packed otherwise."""

    def make_archive(self, packings, by_hash=False):
        """One of apt-ftparchive. Its Release has neither a codename nor a version."""
        root = self.folder / "made"
        shutil.rmtree(root, ignore_errors=True)
        (root / "pool").mkdir(parents=True)
        make_deb(root / "pool", "hello", "1.0", "amd64")
        shutil.rmtree(root / "pool/hello-amd64")
        index = root / "dists/stable/main/binary-amd64"
        index.mkdir(parents=True)
        text = subprocess.run(["apt-ftparchive", "packages", "pool"], cwd=root, check=True, capture_output=True).stdout
        for packing in packings:
            pack = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress, ".zst": zstd}[packing]
            (index / f"Packages{packing}").write_bytes(pack(text))
        options = {"Components": "main", "Architectures": "amd64", "Acquire-By-Hash": "yes" if by_hash else "no"}
        words = [word for name, value in options.items() for word in ("-o", f"APT::FTPArchive::Release::{name}={value}")]
        release = subprocess.run(["apt-ftparchive", *words, "release", "dists/stable"], cwd=root, check=True,
                                 capture_output=True).stdout
        keys = KeyChain()
        self.addCleanup(keys.close)
        keys.make("maker")
        (root / "dists/stable/InRelease").write_bytes(keys.in_release(release, "maker"))
        return root, keys.keyring(self.folder / "maker.gpg", "maker"), release.decode()

    def serve(self, root):
        site = Site(root=root)
        nginx = Nginx(self.folder / f"nginx-{root.name}", [site])
        self.addCleanup(nginx.close)
        return site, nginx

    def test_every_packing_of_apt_ftparchive_is_read(self):
        for packings, asked in (([""], ""), (["", ".xz"], ".xz"), ([".zst", ""], ".zst"), (["", ".gz", ".xz"], ".gz")):
            with self.subTest(packings):
                name = f"made{len(packings)}{asked.strip('.')}"
                root, keyring, _ = self.make_archive(packings)
                site, nginx = self.serve(root)
                try:
                    self.run_ok("archive", "add", site.url, "--suite", "stable", "--signed-by", keyring, "--name", name)
                    paths = [path for _, path, _ in nginx.requests(site)]
                finally:
                    nginx.close()
                self.assertEqual(paths[-1], f"/dists/stable/main/binary-amd64/Packages{asked}")
                self.assertEqual(self.json("archive", "show", name)["distributions"][0]["suites"][0]["snapshots"], 1)

    def test_an_archive_of_aptly_is_read_and_followed(self):
        keys = KeyChain()
        self.addCleanup(keys.close)
        keys.make("maker")
        keyring = keys.keyring(self.folder / "maker.gpg", "maker")
        configuration = self.write("aptly.conf", json.dumps({"rootDir": str(self.folder / "aptly"), "gpgProvider": "gpg"}))

        def aptly(*words):
            subprocess.run(["aptly", f"-config={configuration}", *words], env=keys.environment(), check=True,
                           capture_output=True, text=True)

        key = f"-gpg-key={keys.fingerprint('maker')}"
        aptly("repo", "create", "harbour")
        aptly("repo", "add", "harbour", str(make_deb(self.folder, "hello", "1.0", "amd64")))
        aptly("publish", "repo", "-batch", key, "-architectures=amd64", "-distribution=stable", "harbour")
        for file in (self.folder / "aptly/public/dists/stable").glob("*Release*"):
            os.utime(file, (0, 0))  # nginx tells states apart by seconds and sizes
        site, _ = self.serve(self.folder / "aptly/public")
        self.run_ok("archive", "add", site.url, "--suite", "stable", "--signed-by", keyring, "--name", "harbour")
        aptly("repo", "remove", "harbour", "hello")
        aptly("repo", "add", "harbour", str(make_deb(self.folder, "tugboat", "2.0", "amd64")))
        aptly("publish", "update", "-batch", key, "stable")

        report = by_suite(self.json("archive", "refresh"))["stable"]

        # hello was there before anything was dated: there is no publication to supersede.
        self.assertEqual((report["result"], report["published"], report["superseded"]), ("changed", 1, 0))

    def test_an_index_is_fetched_by_its_hash_and_by_its_name_where_there_is_none(self):
        root, keyring, release = self.make_archive(["", ".gz"], by_hash=True)
        folder = root / "dists/stable/main/binary-amd64"
        digest = real_archive.hashes(release)["main/binary-amd64/Packages.gz"]
        site, nginx = self.serve(root)
        self.run_ok("archive", "add", site.url, "--suite", "stable", "--signed-by", keyring, "--name", "without")
        by_name = [(path, status) for _, path, status in nginx.requests(site)][-2:]

        (folder / "by-hash/SHA256").mkdir(parents=True)
        shutil.move(folder / "Packages.gz", folder / "by-hash/SHA256" / digest)
        self.run_ok("archive", "add", site.url, "--suite", "stable", "--signed-by", keyring, "--name", "with")
        by_hash = [(path, status) for _, path, status in nginx.requests(site)][-1]

        hashed = f"/dists/stable/main/binary-amd64/by-hash/SHA256/{digest}"
        self.assertEqual(by_name, [(hashed, 404), ("/dists/stable/main/binary-amd64/Packages.gz", 200)])
        self.assertEqual(by_hash, (hashed, 200))

    def test_debians_own_inrelease_is_verified_with_debians_own_keyring(self):
        keyring = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")
        if not keyring.exists():
            self.skipTest("the package debian-archive-keyring is not installed")
        lists = pathlib.Path("/var/lib/apt/lists")
        found = [file for file in lists.glob("*_InRelease") if b"\nOrigin: Debian\n" in file.read_bytes()
                 and b"\nValid-Until:" not in file.read_bytes()]
        if not found:
            self.skipTest(f"apt has no InRelease of a Debian release in {lists}")
        for file in found:
            with self.subTest(file.name):
                suite = file.name.partition("_dists_")[2].removesuffix("_InRelease")
                root = self.folder / suite
                (root / "dists" / suite).mkdir(parents=True)
                shutil.copy(file, root / "dists" / suite / "InRelease")
                site, _ = self.serve(root)

                result = self.run_ok("archive", "add", site.url, "--suite", suite, "--signed-by", keyring,
                                     "--name", f"of-{suite}", "--no-refresh")

                self.assertIn("(Debian)", result.out)
                self.assertIn("amd64", result.out)
                self.assertIn("contrib", result.out)


def zstd(data):
    return subprocess.run(["zstd", "-q", "-c"], input=data, check=True, capture_output=True).stdout


if __name__ == "__main__":
    unittest.main()
