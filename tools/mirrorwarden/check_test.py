#!/usr/bin/python3
"""`mirrorwarden check`: one mirror, judged as apt would, without a catalogue.

The archive is reprepro's and really signed, the servers are nginx, and a torn mirror is one
whose rsync was killed half way."""

import datetime
import shutil
import socket
import subprocess
import unittest

import interrupted_sync
from archive import SignedArchive
from certificates import Authority
from loopback_mirrors import Answer, LoopbackMirrors
from nginx import Nginx, Site
from probing_testing import ProbingTest
from signing import KeyChain

NOW = datetime.datetime.now(datetime.timezone.utc)
INDEX = "dists/harbour/main/binary-amd64/Packages.gz"


def release_date(when):
    return f"{when:%a, %d %b %Y %H:%M:%S} UTC"


class Check(ProbingTest):
    """Each test has an archive of two suites, and mirrors of it that nginx serves."""

    def setUp(self):
        super().setUp()
        self.archive = SignedArchive(self.folder / "primary", "harbour", ["amd64", "arm64"])
        self.addCleanup(self.archive.close)
        self.archive.publish("hello", "1.0", NOW)

    def serve(self, *sites):
        nginx = Nginx(self.folder / f"nginx-{len(list(self.folder.glob('nginx-*')))}", sites)
        self.addCleanup(nginx.close)
        return nginx

    def mirror(self, name="mirror"):
        """A mirror that has just synced: its folder and its URL."""
        root = self.archive.copy(self.folder / name)
        site = Site(root=root)
        self.serve(site)
        return root, site.url

    def check(self, status, url, *more, suites=("harbour",), signed=True, env=None):
        words = [word for suite in suites for word in ("--suite", suite)]
        if signed:
            words += ["--signed-by", str(self.archive.keyring)]
        result = self.run_program("check", url, *words, *more, "--json", env=env)
        self.assertEqual(result.status, status, result.err + result.out)
        return result.json()

    def integrities(self, report):
        return {suite["suite"]: suite["integrity"] for suite in report["suites"]}

    def rules(self, report):
        return [finding["rule"] for finding in report["findings"]]

    def test_a_whole_mirror_is_good(self):
        _, url = self.mirror()

        report = self.check(0, url, suites=("harbour", "harbour-updates"))

        self.assertEqual(self.integrities(report), {"harbour": "whole", "harbour-updates": "whole"})
        self.assertEqual((report["url"], report["verdict"], report["findings"]), (url, "good", []))

    def test_the_report_for_people_says_it_too(self):
        _, url = self.mirror()

        result = self.run_ok("check", url, "--suite", "harbour", "--signed-by", self.archive.keyring)

        self.assertRegex(result.out, rf"(?m)^{url}  good$")
        self.assertRegex(result.out, r"(?m)^harbour +whole +- +20")
        self.assertNotIn("\x1b", result.out)

    def test_no_database_is_made_or_looked_at(self):
        _, url = self.mirror()

        result = self.run_program(
            "--database", "sqlite:/nonexistent/folder/x", "check", url, "--suite", "harbour",
            "--signed-by", self.archive.keyring,
        )

        self.assertEqual(result.status, 0, result.err)

    def test_without_a_keyring_nothing_is_called_whole(self):
        _, url = self.mirror()

        report = self.check(3, url, signed=False)

        self.assertEqual(self.integrities(report), {"harbour": "unknown"})
        self.assertEqual(self.rules(report), ["signature-unchecked"])

    def test_a_keyring_without_keys_says_nothing_of_a_mirror(self):
        _, url = self.mirror()
        text = self.write("keyring.txt", "keys to come\n")

        report = self.check(3, url, "--signed-by", str(text), signed=False)

        self.assertEqual(self.integrities(report), {"harbour": "unknown"})
        self.assertEqual(self.rules(report), ["signature-unchecked"])
        self.assertEqual(report["remarks"], [
            f"Signatures could not be checked: the keyring {text} holds no OpenPGP keys."])

    def test_a_sync_that_was_killed_half_way_leaves_a_torn_mirror(self):
        root, url = self.mirror()
        self.archive.publish("bulky", "1.0", NOW, bulk=400_000)
        arrived = (self.archive.root / INDEX).read_bytes()
        interrupted_sync.sync_killed(
            self.archive.root, root, lambda: (root / INDEX).read_bytes() == arrived
        )

        report = self.check(2, url)

        self.assertEqual(self.integrities(report), {"harbour": "torn"})
        torn = next(finding for finding in report["findings"] if finding["rule"] == "torn-index")
        path = torn["request"].removeprefix(f"HEAD {url}")
        self.assertTrue((root / path).exists(), path)
        size = (root / path).stat().st_size
        self.assertIn(f"{size} bytes", torn["answer"])
        # What it says to try shows the same.
        shown = subprocess.run(["bash", "-c", torn["curl"]], capture_output=True, text=True, check=True).stdout
        self.assertIn(f"Content-Length: {size}", shown)

    def test_a_mirror_that_says_that_it_syncs_is_only_warned_of(self):
        root, url = self.mirror()
        index = root / INDEX
        index.write_bytes(index.read_bytes() + b"more")
        (root / "Archive-Update-in-Progress-127.0.0.1").touch()

        report = self.check(1, url)

        self.assertEqual(self.integrities(report), {"harbour": "syncing"})

    def sign_again(self, root, old, new):
        """The suite's InRelease on a mirror, with one line of it changed and signed by the archive's key."""
        file = root / "dists/harbour/InRelease"
        text = (root / "dists/harbour/Release").read_text()
        line = next(line for line in text.splitlines() if line.startswith(old))
        file.write_bytes(self.archive.keys.in_release(text.replace(line, new(line)).encode(), "signer"))

    def test_a_mirror_that_is_behind_is_told_by_how_much(self):
        root, url = self.mirror()
        self.sign_again(root, "Date: ", lambda _: "Date: " + release_date(NOW - datetime.timedelta(days=5)))
        self.sign_again(self.archive.root, "Date: ", lambda _: "Date: " + release_date(NOW - datetime.timedelta(hours=1)))
        primary = Site(root=self.archive.root)
        self.serve(primary)

        report = self.check(0, url, "--primary", primary.url)

        # Only its newest state is known of the primary: the mirror's is judged by its date.
        suite = report["suites"][0]
        self.assertTrue(suite["lag_estimated"])
        self.assertGreaterEqual(suite["lag_seconds"], 3600)
        self.assertLess(suite["lag_seconds"], 3600 + 600)
        self.assertEqual(self.rules(report), ["behind"])

        fresh = self.check(0, primary.url, "--primary", primary.url)
        self.assertEqual((fresh["suites"][0]["lag_seconds"], fresh["findings"]), (0, []))

    def test_an_expired_release_is_bad(self):
        root, url = self.mirror()
        self.sign_again(root, "Date: ", lambda date: f"{date}\nValid-Until: Sat, 01 Jan 2022 00:00:00 UTC")

        report = self.check(2, url)

        self.assertEqual(self.integrities(report), {"harbour": "expired"})

    def test_a_release_by_another_key_is_bad(self):
        root, url = self.mirror()
        with KeyChain() as stranger:
            stranger.make("stranger")
            text = (root / "dists/harbour/Release").read_bytes()
            (root / "dists/harbour/InRelease").write_bytes(stranger.in_release(text, "stranger"))

        report = self.check(2, url)

        self.assertEqual(self.integrities(report), {"harbour": "bad-signature"})
        self.assertEqual(self.rules(report), ["unknown-key"])

    def test_the_detached_signature_serves_as_well(self):
        root, url = self.mirror()
        (root / "dists/harbour/InRelease").unlink()
        self.check(0, url)

        (root / "dists/harbour/Release.gpg").unlink()
        report = self.check(2, url)
        self.assertEqual(self.rules(report), ["unsigned"])

    def test_another_distributions_suite_is_foreign(self):
        root, url = self.mirror()
        shutil.rmtree(root / "dists/harbour")
        shutil.copytree(root / "dists/harbour-updates", root / "dists/harbour")
        primary = Site(root=self.archive.root)
        self.serve(primary)

        report = self.check(2, url, "--primary", primary.url)

        self.assertEqual(self.integrities(report), {"harbour": "foreign"})

    def test_a_parked_domain_is_no_archive(self):
        page = b"<html><title>This domain is for sale</title></html>"
        answer = Answer(headers=(("Content-Type", "text/html"),), body=page)
        with LoopbackMirrors(lambda *_: answer, parked=True) as server:
            report = self.check(2, server.url("/debian/"))

        self.assertEqual(self.integrities(report), {"harbour": "not-an-archive"})
        self.assertIn("not-an-archive", self.rules(report))

    def test_a_host_that_does_not_answer_is_bad(self):
        site = Site()
        nginx = Nginx(self.folder / "gone", [site])
        nginx.close()

        report = self.check(2, site.url)

        self.assertEqual(self.integrities(report), {"harbour": "unknown"})
        self.assertIn("release-unanswered", self.rules(report))

    def test_a_server_that_says_nothing_could_not_be_told_and_that_is_explained(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}/debian/"
            report = self.check(3, url, "--timeout", "1")

        self.assertEqual(self.integrities(report), {"harbour": "unknown"})
        self.assertEqual(self.rules(report), ["no-answer"])
        told = report["findings"][0]
        self.assertEqual(told["request"], f"GET {url}dists/harbour/InRelease")
        self.assertRegex(told["answer"], r"^timeout-response: .*\(no whole answer within 1000 ms\)$")
        self.assertEqual(told["curl"], f"curl -sSIL --max-time 30 {url}dists/harbour/InRelease")
        self.assertTrue(told["remedy"])

    def test_a_suite_that_is_not_there_is_bad(self):
        _, url = self.mirror()

        report = self.check(2, url, suites=("harbour", "lighthouse"))

        self.assertEqual(self.integrities(report), {"harbour": "whole", "lighthouse": "missing"})

    def test_only_the_architectures_that_were_asked_for_count(self):
        root, url = self.mirror()
        shutil.rmtree(root / "dists/harbour/main/binary-arm64")

        self.check(0, url, "--arch", "amd64")

    def test_a_certificate_that_will_end_soon_is_a_warning(self):
        authority = Authority(self.folder / "authority")
        day = datetime.timedelta(days=1)
        root = self.archive.copy(self.folder / "secure")
        site = Site(root=root, certificate=authority.certificate("127.0.0.1", NOW - 80 * day, NOW + 10 * day))
        self.serve(site)

        report = self.check(1, site.url, env={"SSL_CERT_FILE": authority.bundle})

        self.assertEqual(self.integrities(report), {"harbour": "whole"})
        self.assertEqual(self.rules(report), ["certificate-ends-soon"])

    def test_the_catalogue_says_what_should_be_there(self):
        _, url = self.mirror()
        self.load(f"""
            [[distribution]]
            name = "harbour"
            title = "Harbour"
            pockets = ["RELEASE", "UPDATES"]
            [[distribution.series]]
            name = "harbour"
            version = "1"
            components = ["main"]
            architectures = ["amd64", "arm64"]
            """)

        report = self.json("check", url, "--distribution", "harbour", "--signed-by", self.archive.keyring)

        self.assertEqual(self.integrities(report), {"harbour": "whole", "harbour-updates": "whole"})

    def test_what_cannot_be_asked_is_wrong_usage(self):
        self.run_ok("database", "migrate")
        cases = [
            ("no URL", ["check", "--suite", "x"], "URL"),
            ("no scheme", ["check", "mirror.example.org", "--suite", "x"], "http"),
            ("rsync", ["check", "rsync://mirror.example.org/x", "--suite", "x"], "http"),
            ("a password", ["check", "http://a:b@mirror.example.org/", "--suite", "x"], "URL"),
            ("no suites", ["check", "http://127.0.0.1:1/"], "--suite"),
            ("no suite", ["check", "http://127.0.0.1:1/", "--suite", "../x"], "--suite"),
            ("no keyring", ["check", "http://127.0.0.1:1/", "--suite", "x", "--signed-by", "/nonexistent"],
             "--signed-by"),
            ("no primary", ["check", "http://127.0.0.1:1/", "--suite", "x", "--primary", "y"], "--primary"),
            ("unknown distribution", ["check", "http://127.0.0.1:1/", "--distribution", "x"], '"x"'),
        ]
        for why, words, told in cases:
            with self.subTest(why):
                result = self.run_program(*words)
                self.assertEqual((result.status, result.out), (2, ""), result.err)
                self.assertIn(told, result.err)


if __name__ == "__main__":
    unittest.main()
