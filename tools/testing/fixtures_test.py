#!/usr/bin/python3
"""Tests of the fixtures that stand on real programs: an archive, web servers, certificates."""

import datetime
import gzip
import hashlib
import pathlib
import random
import socket
import ssl
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

import apt_index
import interrupted_sync
import real_archive
from apt_client import AptClient, AptSource
from aptly_archive import publish_with_aptly
from archive import SignedArchive
from certificates import Authority
from ftp_archive import FtpArchive
from nginx import Nginx, SilentServer, Site
from signing import KeyChain

UPLOADED = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)


class FolderTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)


class Archives(FolderTest):
    def setUp(self):
        super().setUp()
        self.archive = SignedArchive(self.folder / "made", "harbour", ["amd64", "arm64"])
        self.addCleanup(self.archive.close)
        self.archive.publish("lantern", "1.0", UPLOADED)

    def test_it_is_signed_and_a_changed_byte_shows(self):
        self.archive.verify()
        changed = self.archive.copy(self.folder / "changed")
        release = changed / "dists" / "harbour" / "InRelease"
        release.write_text(release.read_text().replace("Codename: harbour", "Codename: habrour"))

        with self.assertRaises(subprocess.CalledProcessError):
            self.archive.verify(changed)

    def test_every_upload_is_a_publication_in_every_bucket_with_its_file_and_time(self):
        publications = self.archive.publications("demo")

        self.assertEqual({line["arch"] for line in publications}, {"amd64", "arm64", None})
        self.assertEqual(len(publications), 3)
        self.assertEqual(publications[0], {
            "distribution": "demo", "series": "harbour", "pocket": "RELEASE", "component": "main", "arch": "amd64",
            "source": "lantern", "version": "1.0", "file": "lantern_1.0_amd64.deb", "file_type": "DEB",
            "path": "pool/main/l/lantern/lantern_1.0_amd64.deb", "status": "PUBLISHED",
            "published": "2026-01-02T03:04:05Z",
        })
        for line in publications:
            self.assertTrue((self.archive.root / line["path"]).is_file(), line)

    def test_a_copy_does_not_follow_the_archive(self):
        copy = self.archive.copy(self.folder / "copy")
        self.archive.publish("buoy", "2.0", UPLOADED, "UPDATES")

        self.assertTrue((self.archive.root / "pool/main/b/buoy/buoy_2.0.dsc").exists())
        self.assertFalse((copy / "pool/main/b/buoy/buoy_2.0.dsc").exists())


class Keys(FolderTest):
    def gpgv(self, keyring, message):
        file = self.folder / "InRelease"
        file.write_bytes(message)
        command = ["gpgv", "--status-fd", "1", "--keyring", str(keyring), str(file)]
        return subprocess.run(command, capture_output=True, text=True).stdout

    def test_what_gpgv_says_of_each_key_is_what_it_was_made_for(self):
        long_ago = datetime.datetime(2024, 1, 1)
        with KeyChain() as keys:
            keys.make("good")
            keys.make("expired", created=long_ago, lifetime="30d")
            keys.make("revoked")
            by_revoked = keys.in_release(b"text\n", "revoked")
            keys.revoke("revoked")
            keyring = keys.keyring(self.folder / "keyring.gpg", "good", "expired", "revoked")

            self.assertIn("VALIDSIG", self.gpgv(keyring, keys.in_release(b"text\n", "good")))
            self.assertIn("EXPKEYSIG", self.gpgv(keyring, keys.in_release(b"text\n", "expired", when=long_ago)))
            self.assertIn("REVKEYSIG", self.gpgv(keyring, by_revoked))
            self.assertIn("NO_PUBKEY", self.gpgv(
                keys.keyring(self.folder / "other.gpg", "expired"), keys.in_release(b"text\n", "good")))

    def test_two_may_sign_one_text(self):
        with KeyChain() as keys:
            keys.make("one")
            keys.make("two")
            said = self.gpgv(keys.keyring(self.folder / "keyring.gpg", "one", "two"), keys.in_release(b"t\n", "one", "two"))

        self.assertEqual(said.count("VALIDSIG"), 2)


class Apt(FolderTest):
    def test_apt_reads_the_archive_and_nothing_else(self):
        with SignedArchive(self.folder / "made", "harbour", ["amd64", "arm64"]) as archive:
            archive.publish("lantern", "1.0", UPLOADED)
            with Nginx(self.folder / "nginx", [Site(root=archive.root)]) as nginx:
                url = nginx.sites[0].url
                apt = AptClient(self.folder / "apt", AptSource(url, "harbour", archive.keyring))

                updated, downloaded = apt.update(), apt.download("lantern")

        self.assertEqual((updated.status, downloaded.status, updated.errors), (0, 0, []), updated.output)
        got = [line.split()[1] for line in updated.output.splitlines() if line.startswith("Get:")]
        self.assertEqual(set(got), {url.rstrip("/")})

    def test_what_apt_complains_of_is_told_once_and_makes_it_fail(self):
        with Nginx(self.folder / "nginx", [Site(directives="return 404;")]) as nginx:
            keyring = self.folder / "none.gpg"
            keyring.touch()
            apt = AptClient(self.folder / "apt", AptSource(nginx.sites[0].url, "harbour", keyring))

            failed = apt.update()

        self.assertNotEqual(failed.status, 0)
        self.assertEqual(len(failed.errors), 1)
        self.assertIn("does not have a Release file", failed.errors[0])


class Syncs(FolderTest):
    """Two files of noise: the first, and the second that takes longer."""

    def setUp(self):
        super().setUp()
        self.source, self.target = self.folder / "source", self.folder / "target"
        self.source.mkdir()
        (self.source / "1").write_bytes(random.Random(1).randbytes(1000))
        (self.source / "2").write_bytes(random.Random(2).randbytes(100_000))

    def test_a_sync_is_killed_where_it_was_wanted(self):
        interrupted_sync.sync_killed(self.source, self.target, lambda: (self.target / "1").exists())

        self.assertFalse((self.target / "2").exists())

    def test_a_sync_that_ends_before_its_moment_is_no_fixture(self):
        with self.assertRaisesRegex(RuntimeError, "was not where it should be killed"):
            interrupted_sync.sync_killed(self.source, self.target, lambda: False, "--bwlimit=0")

    def test_what_does_not_fit_is_cut(self):
        interrupted_sync.sync_out_of_space(self.source, self.target, 5000)

        self.assertEqual((self.target / "1").read_bytes(), (self.source / "1").read_bytes())
        self.assertEqual((self.target / "2").stat().st_size, 5000)

    def test_a_download_is_killed_in_the_middle_of_its_file(self):
        with Nginx(self.folder / "nginx", [Site(root=self.source, directives="limit_rate 20k;")]) as nginx:
            interrupted_sync.download_killed(nginx.sites[0].url + "2", self.folder / "got")

        self.assertTrue(0 < (self.folder / "got").stat().st_size < 100_000)


class ArchivesByOtherTools(FolderTest):
    def setUp(self):
        super().setUp()
        self.keys = KeyChain()
        self.addCleanup(self.keys.close)
        self.keys.make("signer")

    def test_apt_ftparchive_s_release_names_the_forms_and_has_the_dates_that_were_asked_for(self):
        archive = FtpArchive(self.folder, "tide", is_by_hash=True)
        archive.add("buoy", "2.0")
        archive.index()

        release = archive.release(date=UPLOADED, valid_until=UPLOADED, Origin="Tide").decode()

        for line in ("Date: Fri, 02 Jan 2026 03:04:05 UTC", "Valid-Until: Fri, 02 Jan 2026 03:04:05 UTC",
                     "Origin: Tide", "Acquire-By-Hash: yes"):
            self.assertIn(f"{line}\n", release)
        named = {line.split()[-1] for line in release.splitlines() if line.startswith(" ")}
        self.assertEqual(named, {f"main/binary-{architecture}/Packages{form}"
                                 for architecture in ("amd64", "arm64") for form in ("", ".gz", ".xz")})
        index = archive.folder / "main/binary-amd64/Packages.gz"
        by_hash = index.parent / "by-hash/SHA256" / hashlib.sha256(index.read_bytes()).hexdigest()
        self.assertEqual(by_hash.read_bytes(), index.read_bytes())

    def test_aptly_s_archive_is_signed_by_the_key(self):
        root = publish_with_aptly(self.folder, "wave", [("buoy", "3.0")], self.keys, "signer")

        keyring = self.keys.keyring(self.folder / "keyring.gpg", "signer")
        subprocess.run(["gpgv", "--quiet", "--keyring", str(keyring), str(root / "dists/wave/InRelease")],
                       check=True, capture_output=True)
        self.assertTrue((root / "pool/main/b/buoy/buoy_3.0_arm64.deb").is_file())


class Indexes(FolderTest):
    def test_a_binary_names_its_source_and_the_source_s_own_version(self):
        file = self.folder / "Packages.gz"
        file.write_bytes(gzip.compress(
            b"Package: libtide1\nSource: tide (2:1.0-1)\nVersion: 2:1.0-1+b1\n"
            b"Filename: pool/main/t/tide/libtide1_1.0-1+b1_amd64.deb\n\n"
            b"Package: tide\nVersion: 2:1.0-1\nDescription: ebb\n and flow\nFilename: pool/main/t/tide/tide_1.0-1_all.deb\n"
        ))
        bucket = {"distribution": "d", "series": "s", "pocket": "RELEASE", "component": "main", "arch": "amd64"}

        first, second = apt_index.publications_of_index(file, bucket)

        self.assertEqual((first["source"], first["version"]), ("tide", "2:1.0-1"))
        self.assertEqual(first["file"], "libtide1_1.0-1+b1_amd64.deb")
        self.assertEqual((second["source"], second["version"]), ("tide", "2:1.0-1"))

    def test_sources_of_apt_are_read_in_both_of_their_forms(self):
        one_line = "# deb http://no.example/d s main\ndeb [arch=amd64 signed-by=/k.gpg] http://a.example/d s main extra\n" \
                   "deb-src http://a.example/d s main\ndeb http://a.example/d t other\n"
        deb822 = "Types: deb\n# why\nURIs: http://a.example/d\nSuites: s t\nComponents: main\nSigned-By:\n KEY\n .\n\n" \
                 "Enabled: no\nTypes: deb\nURIs: http://b.example/d\nSuites: s\nComponents: main\n"

        self.assertEqual(list(real_archive.one_line_sources(one_line)),
                         [real_archive.Source("http://a.example/d", "s", {"Signed-By": "/k.gpg"})])
        self.assertEqual(list(real_archive.deb822_sources(deb822)),
                         [real_archive.Source("http://a.example/d", suite, {"Signed-By": "\n KEY\n ."}) for suite in "st"])


class Servers(FolderTest):
    def test_nginx_serves_each_site_at_its_own_address_and_keeps_what_was_asked(self):
        (self.folder / "tree").mkdir()
        (self.folder / "tree" / "file").write_text("here")
        sites = [Site("127.0.0.1", self.folder / "tree"), Site("127.0.0.2", directives="return 404;")]
        with Nginx(self.folder / "nginx", sites) as nginx:
            self.assertEqual(urllib.request.urlopen(sites[0].url + "file").read(), b"here")
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(sites[1].url + "file")
            seen = nginx.requests(sites[0])
        refused.exception.close()

        self.assertEqual(refused.exception.code, 404)
        self.assertEqual(seen, [("GET", "/file", 200)])
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", sites[0].port))

    def test_a_configuration_that_nginx_refuses_is_told_with_its_words(self):
        with self.assertRaisesRegex(RuntimeError, "nonsense"):
            Nginx(self.folder / "nginx", [Site(directives="nonsense on;")])

    def test_an_expired_certificate_is_expired_and_a_good_one_is_good(self):
        authority = Authority(self.folder / "authority")
        now, day = datetime.datetime.now(datetime.timezone.utc), datetime.timedelta(days=1)
        sites = [
            Site(address, directives="return 200;", certificate=authority.certificate(address, now - 2 * day, end))
            for address, end in (("127.0.0.1", now + day), ("127.0.0.2", now - day))
        ]
        trust = ssl.create_default_context(cafile=authority.bundle)
        with Nginx(self.folder / "nginx", sites):
            self.assertEqual(urllib.request.urlopen(sites[0].url, context=trust).status, 200)
            with self.assertRaisesRegex(urllib.error.URLError, "expired"):
                urllib.request.urlopen(sites[1].url, context=trust)

    def test_a_silent_server_connects_and_says_nothing(self):
        with SilentServer() as silent:
            address, port = silent.url.removeprefix("http://").rstrip("/").split(":")
            with socket.create_connection((address, int(port)), timeout=0.2) as client:
                client.sendall(b"HEAD / HTTP/1.1\r\n\r\n")
                with self.assertRaises(TimeoutError):
                    client.recv(1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
