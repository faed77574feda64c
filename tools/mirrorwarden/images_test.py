#!/usr/bin/python3
"""CD images: what a manifest says is what RELEASE mirrors should have, whole and right."""

import hashlib
import os
import shlex
import subprocess
import unittest
import unittest.mock

import mirrorwarden_testing
from loopback_mirrors import Answer, LoopbackMirrors
from mirrorwarden_testing import on_each_database
from probing_testing import ProbingTest
from rsync_daemon import RsyncDaemon

PRIMARY = "127.0.3.1"
MIRROR = "127.0.3.11"
OTHER = "127.0.3.12"
ARCHIVE = "127.0.3.13"
NOBODY = "127.0.3.14"

DESKTOP = {"hoary/ubuntu-desktop.iso": b"desktop" * 1000, "hoary/ubuntu-live.iso": b"live" * 1000}
KUBUNTU = {"kubuntu/hoary/kubuntu.iso": b"kubuntu" * 1000}


def manifest_of(**flavours):
    return "".join(
        f"{flavour}\thoary\t{path}\t{len(body)}\n"
        for flavour, files in flavours.items()
        for path, body in files.items()
    )


def sums_of(files):
    return "".join(
        f"{hashlib.sha256(body).hexdigest()} *{path.rsplit('/', 1)[1]}\n" for path, body in files.items()
    ).encode()


def complete():
    """What the primary has, and a mirror that is whole."""
    return DESKTOP | KUBUNTU | {"hoary/SHA256SUMS": sums_of(DESKTOP)}


CATALOGUE = """
[[distribution]]
name = "ubuntu"
title = "Ubuntu"
pockets = ["RELEASE"]
manifest = "{manifest}"
{primary}

[[distribution.series]]
name = "hoary"
version = "5.04"
components = ["main"]
architectures = ["i386"]
"""

MIRROR_TABLE = """
[[mirror]]
name = "{name}"
distribution = "ubuntu"
owner = "{name}@example.org"
country = "BR"
speed = "100M"
content = "{content}"
http_url = "http://{host}:{port}/"
"""

# Who is root already keeps the rights that the database's socket asks for.
OWN_HOSTS = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]


def can_have_own_hosts():
    """A file of names for one process alone needs a mount that others do not see."""
    return subprocess.run([*OWN_HOSTS, "mount", "--bind", "/etc/hostname", "/etc/hosts"],
                          capture_output=True, check=False).returncode == 0


@on_each_database
class ImagesTest(ProbingTest):
    """`self.files[host]` is what each host has, by path."""

    def setUp(self):
        super().setUp()
        self.files = {
            PRIMARY: complete() | {"manifest.tsv": manifest_of(ubuntu=DESKTOP, kubuntu=KUBUNTU).encode()},
            MIRROR: complete(),
            OTHER: complete(),
            ARCHIVE: {"dists/hoary/main/binary-i386/Packages.gz": b""},
        }
        self.status = {}
        self.answers_everything = set()
        self.server = LoopbackMirrors(self.respond, list(self.files))
        self.addCleanup(self.server.close)

    def respond(self, host, method, path):
        path = path.lstrip("/")
        if (host, path) in self.status:
            return Answer(self.status[host, path])
        if host in self.answers_everything:
            return Answer(body=b"<html>Buy this domain", headers=(("Content-Type", "text/html"),))
        body = self.files[host].get(path)
        return Answer(404) if body is None else Answer(body=body)

    def url(self, host, path=""):
        return f"http://{host}:{self.server.port}/{path}"

    def load_world(self, manifest=None, primary=""):
        text = CATALOGUE.format(manifest=manifest or self.url(PRIMARY, "manifest.tsv"), primary=primary)
        for name, content, host in (
            ("cds", "RELEASE", MIRROR),
            ("more-cds", "RELEASE", OTHER),
            ("packages", "ARCHIVE", ARCHIVE),
        ):
            text += MIRROR_TABLE.format(name=name, content=content, host=host, port=self.server.port)
        self.load(text)

    def probe(self):
        return self.run_ok("probe", "--content", "RELEASE", "--force")

    def with_hosts(self, text):
        """From now on the program finds names in a file with this text."""
        hosts = self.write("hosts", text)
        program = self.write(
            "program", f"#!/bin/sh\nPGUSER=$(id -un) exec {shlex.join(OWN_HOSTS)} sh -c "
            f"'mount --bind {hosts} /etc/hosts && exec \"$0\" \"$@\"' "
            f"{shlex.quote(mirrorwarden_testing.PROGRAM)} \"$@\"\n")
        program.chmod(0o755)
        patch = unittest.mock.patch.object(mirrorwarden_testing, "PROGRAM", str(program))
        patch.start()
        self.addCleanup(patch.stop)

    def findings(self, name="cds"):
        return {found["rule"]: found for found in self.json("mirror", "show", name)["findings"]}

    def images(self, name="cds"):
        return {row["flavour"] for row in self.json("mirror", "show", name)["images"]}

    def is_enabled(self, name="cds"):
        return self.json("mirror", "show", name)["enabled"]

    def log(self, name="cds"):
        return self.run_ok("log", name).out

    def test_a_whole_mirror_has_a_row_for_each_flavour(self):
        self.load_world()

        self.probe()

        self.assertEqual(self.images(), {"ubuntu", "kubuntu"})
        self.assertTrue(self.is_enabled())

    def test_an_image_that_was_cut_off_makes_its_set_go(self):
        self.load_world()
        self.probe()
        path = "kubuntu/hoary/kubuntu.iso"
        self.files[MIRROR][path] = KUBUNTU[path][:-1]

        self.probe()

        self.assertEqual(self.images(), {"ubuntu"})
        self.assertFalse(self.is_enabled())
        self.assertIn("image of another size: 6999 bytes, not 7000", self.log())
        self.assertEqual(self.images("more-cds"), {"ubuntu", "kubuntu"})

    def test_a_host_that_answers_everything_has_no_image_of_unknown_size(self):
        catalogue = CATALOGUE.replace('manifest = "{manifest}"', "").format(primary="")
        catalogue += """
            [[distribution.series.images]]
            flavour = "ubuntu"
            files = ["hoary/ubuntu-live.iso"]
        """
        for name, host in (("cds", MIRROR), ("more-cds", OTHER)):
            catalogue += MIRROR_TABLE.format(
                name=name, content="RELEASE", host=host, port=self.server.port)
        self.load(catalogue)
        self.answers_everything = {MIRROR}

        self.probe()

        self.assertEqual((self.images(), self.is_enabled()), (set(), False))
        self.assertIn("not-an-archive", self.findings())
        self.assertEqual(self.images("more-cds"), {"ubuntu"})
        self.assertTrue(self.is_enabled("more-cds"))

    def test_an_image_that_is_missing_makes_its_set_go_until_it_is_back(self):
        self.load_world()
        gone = self.files[MIRROR].pop("hoary/ubuntu-live.iso")
        self.probe()
        self.assertEqual((self.images(), self.is_enabled()), ({"kubuntu"}, False))

        self.files[MIRROR]["hoary/ubuntu-live.iso"] = gone
        self.probe()

        self.assertEqual((self.images(), self.is_enabled()), ({"ubuntu", "kubuntu"}, True))

    def test_checksums_that_are_not_the_primarys_make_their_set_go(self):
        self.load_world()
        self.files[MIRROR]["hoary/SHA256SUMS"] = sums_of(DESKTOP | {"hoary/ubuntu-live.iso": b"old"})

        self.probe()

        self.assertEqual(self.images(), {"kubuntu"})
        self.assertIn('checksums differ from the primary\'s: "ubuntu-live.iso" should be ', self.log())

    def test_checksums_of_a_primary_beside_a_manifest_in_a_file(self):
        manifest = self.write("manifest.tsv", manifest_of(ubuntu=DESKTOP, kubuntu=KUBUNTU))
        self.load_world(manifest, primary=f'primary_url = "{self.url(PRIMARY)}"')
        self.files[PRIMARY]["dists/hoary/main/binary-i386/Packages.gz"] = b""
        del self.files[MIRROR]["hoary/SHA256SUMS"]

        self.probe()

        self.assertEqual(self.images(), {"kubuntu"})
        self.assertIn("checksums missing, which the primary has", self.log())
        self.assertEqual(self.images("more-cds"), {"ubuntu", "kubuntu"})

    def test_checksums_of_the_primary_that_cannot_be_read_are_not_compared(self):
        self.load_world()
        self.files[PRIMARY]["hoary/SHA256SUMS"] = b"<html>\n"
        self.files[MIRROR]["hoary/SHA256SUMS"] = b"something else\n"

        result = self.probe()

        self.assertEqual(self.images(), {"ubuntu", "kubuntu"})
        self.assertIn("are not compared with " + self.url(PRIMARY, "hoary/SHA256SUMS"), result.err)

    def test_a_module_that_the_rsync_daemon_lacks_is_named_and_the_mirror_stays(self):
        self.load_world()
        daemon = RsyncDaemon(self.folder / "rsync", other=self.folder)
        self.addCleanup(daemon.close)
        url = daemon.url("cds")
        self.run_ok("mirror", "edit", "cds", "--rsync-url", url)

        self.probe()

        self.assertEqual(set(self.findings()), {"rsync-module-missing"})
        shown = self.json("mirror", "show", "cds")
        self.assertEqual(shown["rsync"], {"url": url, "outcome": "ok", "offers_module": False})
        self.assertTrue(shown["enabled"])
        summary = shown["findings"][0]["summary"]
        self.assertIn("cds", summary)
        for told in (self.log(), self.run_ok("mirror", "show", "cds").out):
            self.assertIn(summary, told)
            self.assertIn(f"{url}: ok, does not offer the module", told)

    @unittest.skipUnless(can_have_own_hosts(), "this machine lets no process have a file of hosts of its own")
    def test_one_dead_address_is_a_finding_and_the_mirror_stays(self):
        self.load_world()
        self.with_hosts(f"{MIRROR} cds.example\n{NOBODY} cds.example\n")
        self.run_ok("mirror", "edit", "cds", "--http-url", f"http://cds.example:{self.server.port}/")

        self.probe()

        self.assertEqual(set(self.findings()), {"address-dead"})
        self.assertEqual(self.findings()["address-dead"]["subject"], NOBODY)
        shown = self.json("mirror", "show", "cds")
        self.assertEqual({one["address"]: one["outcome"] for one in shown["addresses"]},
                         {MIRROR: "http-status 404", NOBODY: "refused"})
        self.assertTrue(shown["enabled"])
        self.assertEqual(self.images(), {"ubuntu", "kubuntu"})
        self.assertIn("address-dead", self.log())

    def test_a_mirror_that_is_disabled_tells_its_owner_of_the_rsync_daemon_too(self):
        self.load_world()
        self.run_ok("mirror", "edit", "cds", "--rsync-url", "rsync://127.0.0.1:1/cds/")
        self.files[MIRROR] = {}

        self.probe()

        self.assertFalse(self.is_enabled())
        mail = next(mail for mail in self.json("outbox", "list") if mail["mirror"] == "cds")
        self.assertIn(self.findings()["rsync-dead"]["summary"], mail["body"])

    def test_a_manifest_that_changes_changes_what_is_expected(self):
        self.load_world()
        self.files[PRIMARY]["manifest.tsv"] = manifest_of(kubuntu=KUBUNTU).encode()

        self.probe()

        self.assertEqual(self.images(), {"kubuntu"})
        self.assertTrue(self.is_enabled())

    def test_a_series_that_the_catalogue_lacks_is_a_warning(self):
        self.load_world()
        self.files[PRIMARY]["manifest.tsv"] += b"ubuntu\twarty\twarty/w.iso\t1\n"

        result = self.probe()

        self.assertIn("names images of warty, which ubuntu has not", result.err)
        self.assertEqual(self.images(), {"ubuntu", "kubuntu"})

    def test_a_manifest_that_cannot_be_read_stops_release_runs_only(self):
        self.load_world()
        self.probe()
        before = self.json("mirror", "show", "cds")
        self.files[MIRROR] = {}
        url = self.url(PRIMARY, "manifest.tsv")
        for body, status, expected in (
            (b"ubuntu\thoary\tu.iso\t1\n<html>\n", 200, f"{url}:2: the line is not "),
            (b"ubuntu\thoary\t../u.iso\t1\n", 200, f'{url}:1: path: "../u.iso" is not a path'),
            (b"", 200, f"{url}: the manifest names no file"),
            (b"", 404, f"cannot read {url}: http-status 404: "),
            (b"", 503, f"cannot read {url}: http-status 503: "),
        ):
            with self.subTest(expected):
                self.files[PRIMARY]["manifest.tsv"] = body
                self.status = {(PRIMARY, "manifest.tsv"): status} if status != 200 else {}

                result = self.run_program("probe", "--content", "RELEASE", "--force")

                self.assertEqual(result.status, 1, result.err)
                self.assertIn("no RELEASE mirror is probed, because the manifest of ubuntu", result.err)
                self.assertIn(expected, result.err)
                self.assertEqual(self.json("mirror", "show", "cds"), before)

        self.run_ok("probe")
        self.assertEqual(len(self.json("mirror", "show", "packages")["rows"]), 1)

    def test_a_manifest_file_that_is_gone_names_the_file(self):
        missing = self.folder / "none.tsv"
        self.load_world(missing)

        result = self.refused(1, "probe", "--content", "RELEASE")

        self.assertIn(f"cannot read {missing}: No such file or directory", result.err)
        self.assertIsNone(self.json("mirror", "show", "cds")["last_probe"])

    def test_a_manifest_file_is_checked_by_line(self):
        manifest = self.write("manifest.tsv", manifest_of(ubuntu=DESKTOP) + "ubuntu hoary\n")
        self.load_world(manifest)

        result = self.refused(1, "probe", "--content", "RELEASE", "--dry-run")

        self.assertIn(f"{manifest}:3: the line is not ", result.err)


if __name__ == "__main__":
    unittest.main()
