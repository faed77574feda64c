#!/usr/bin/python3
"""A disk that is full during a run: the run says so and ends, and nothing is half done."""

import os
import pathlib
import subprocess
import unittest

from loopback_mirrors import Answer, LoopbackMirrors
from mirrorwarden_testing import PROGRAM, clean_environment, on_each_database
from probing_testing import ProbingTest

MIRRORS = [f"127.0.2.{number}" for number in range(10, 14)]
# 5 pockets of 4 components of 8 architectures and their sources: the log of one mirror is
# more than what waits in memory.
CATALOGUE = """
[[distribution]]
name = "debian"
pockets = ["RELEASE", "UPDATES", "SECURITY", "PROPOSED", "BACKPORTS"]
[[distribution.series]]
name = "bookworm"
version = "12"
components = ["main", "contrib", "non-free", "non-free-firmware"]
architectures = ["amd64", "arm64", "armel", "armhf", "i386", "mips64el", "ppc64el", "s390x"]
"""
MIRROR = """
[[mirror]]
name = "mirror-{number}"
distribution = "debian"
owner = "owner@example.org"
country = "BR"
speed = "100M"
http_url = "http://{host}:{port}/"
"""


def small_disk(folder, command, kilobytes=4):
    """The command line that runs `command` where `folder` is so small a disk."""
    # Root stays root: in a namespace of users it could not reach the server's socket.
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    script = 'mount -t tmpfs -o size="$2"k none "$1" && shift 2 && exec "$@"'
    return ["unshare", *user, "--mount", "sh", "-c", script, "sh", folder, str(kilobytes), *command]


def respond(_host, _method, path):
    return Answer(200 if path.endswith((".gz", ".deb", ".dsc")) else 404)


def can_mount():
    return subprocess.run(small_disk("/mnt", ["true"]), capture_output=True, check=False).returncode == 0


@on_each_database
@unittest.skipUnless(can_mount(), "this system lets nobody mount a disk of their own")
class FullDiskTest(ProbingTest):
    def setUp(self):
        super().setUp()
        self.server = LoopbackMirrors(respond, MIRRORS)
        self.addCleanup(self.server.close)
        mirrors = [MIRROR.format(number=number, host=host, port=self.server.port)
                   for number, host in enumerate(MIRRORS)]
        self.run_ok("catalog", "load", self.write("c.toml", CATALOGUE + "".join(mirrors)))

    def test_a_full_disk_for_the_logs_ends_the_run_and_stores_nothing(self):
        disk = self.folder / "disk"
        disk.mkdir()
        run = subprocess.run(small_disk(str(disk), [PROGRAM, "--database", self.database, "probe"]),
                             capture_output=True, text=True, timeout=60, check=False,
                             env=clean_environment(self.folder, TMPDIR=str(disk)))

        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn(f"cannot write the temporary file for the logs in {disk}", run.stderr)
        self.assertIn("free space there, or set TMPDIR to another folder", run.stderr)
        self.assertIn("No space left on device", run.stderr)
        for mirror in self.json("mirror", "list"):
            self.assertIs(mirror["enabled"], True)
            shown = self.json("mirror", "show", mirror["name"])
            self.assertEqual(bool(shown["rows"]), bool(shown["probes"]), mirror["name"])
        self.assertEqual(self.json("outbox", "list"), [])

        self.run_ok("probe")
        for mirror in self.json("mirror", "list"):
            self.assertIsNotNone(mirror["last_probe"], mirror["name"])

    def test_a_full_disk_for_the_database_ends_the_run_and_leaves_it_whole(self):
        if self.database_kind == "postgresql":
            self.skipTest("the disk of a server is the server's")
        disk = self.folder / "disk"
        disk.mkdir()
        file = pathlib.Path(self.database.removeprefix("sqlite:"))
        # The run has it on the small disk, and brings it back as it left it there.
        script = ('cp "$1" "$2"; shift 2; "$@"; status=$?; rm "$FILE"*; cp "$DISK"/* "${FILE%/*}"; exit $status')
        there = f"sqlite:{disk}/{file.name}"
        command = ["sh", "-c", script, "sh", file, disk, PROGRAM, "--database", there, "probe"]
        run = subprocess.run(small_disk(str(disk), command, file.stat().st_size // 1024 + 100),
                             capture_output=True, text=True, timeout=60, check=False,
                             env=clean_environment(self.folder, FILE=file, DISK=disk))

        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn(f"{there} could not be read or written", run.stderr)
        self.assertIn("integrity ok", self.run_ok("database", "check").out)
        for mirror in self.json("mirror", "list"):
            shown = self.json("mirror", "show", mirror["name"])
            self.assertEqual(len(shown["rows"]), sum(probe["found"] for probe in shown["probes"]), mirror["name"])
        self.assertEqual(self.json("outbox", "list"), [])

        self.run_ok("probe")
        self.assertEqual({mirror["found"] for mirror in self.json("mirror", "list")}, {180})


if __name__ == "__main__":
    unittest.main()
