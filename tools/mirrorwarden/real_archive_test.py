#!/usr/bin/python3
"""Probes three mirrors of a real suite: its index files as they were published.

The indexes come through this machine's own apt and are kept in build/real-archive.
Where there is no network, the test is skipped and says why.
"""

import collections
import datetime
import json
import os
import pathlib
import re
import shutil
import sys
import unittest

import apt_index
import real_archive
from mirrorwarden_testing import ProgramTest
from nginx import Nginx, Site

KEPT = pathlib.Path(__file__).resolve().parents[2] / "build" / "real-archive"
SKIPPED = 77
# Hours since their upload of the first packages of each bucket: one in each window
# of freshness, far from its borders. The others are older than all windows.
AGES = (0.2, 1, 2, 5, 20, 40, 100)
SAMPLE_STEP = 50
OLD = 1000
HOURS_STALE = 3  # since the stale mirror synced: what it holds is 5 hours old, or older


def publications(archive, now):
    """Every fiftieth package of each index, as if uploaded AGES ago."""
    for name in (*real_archive.ARCHITECTURES, apt_index.SOURCE):
        bucket = {
            "distribution": "real",
            "series": archive.release_field("Codename"),
            "pocket": "RELEASE",
            "component": real_archive.COMPONENT,
            "arch": None if name == apt_index.SOURCE else name,
        }
        file = archive.root / apt_index.index_path(archive.suite, real_archive.COMPONENT, name)
        # A package for all architectures is one file in three buckets: each would date it differently.
        own = (line for line in apt_index.publications_of_index(file, bucket)
               if not line["file"].endswith("_all.deb"))
        for number, line in enumerate(line for position, line in enumerate(own) if position % SAMPLE_STEP == 0):
            hours = AGES[number] if number < len(AGES) else OLD + number
            published = now - datetime.timedelta(hours=hours)
            yield hours, {**line, "published": published.strftime("%Y-%m-%dT%H:%M:%SZ")}


def make_mirror(root, archive, indexes, files):
    """A mirror's tree: those indexes, hard links to the real ones, and empty files in the pool."""
    for path in indexes:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        os.link(archive.root / path, root / path)
    for path in files:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    return root


def catalog(archive, sites):
    components = re.split(" +", archive.release_field("Components"))
    assert real_archive.COMPONENT in components
    text = f"""
[[distribution]]
name = "real"
title = "{archive.release_field("Origin")}"
primary_url = "{sites["primary"].url}"
freshness_rule = "anchored"
pockets = ["RELEASE"]
admins = ["admin@example.org"]
[[distribution.series]]
name = "{archive.release_field("Codename")}"
version = "{archive.release_field("Version", "unreleased")}"
status = "CURRENT"
components = ["{real_archive.COMPONENT}"]
architectures = {json.dumps(real_archive.ARCHITECTURES)}
"""
    for name in ("whole", "stale", "partial"):
        text += f"""
[[mirror]]
name = "{name}"
distribution = "real"
owner = "Owner <owner@example.org>"
country = "BR"
speed = "1G"
content = "ARCHIVE"
http_url = "{sites[name].url}"
enabled = true
"""
    return text


class RealArchiveTest(ProgramTest):
    archive = None

    def setUp(self):
        super().setUp()
        now = datetime.datetime.now(datetime.timezone.utc)
        dated = list(publications(self.archive, now))
        everything = [line["path"] for _, line in dated]
        indexes = self.archive.indexes
        amd64, arm64, armhf, source = indexes

        mirror = lambda name, *holds: make_mirror(self.folder_of_mirrors() / name, self.archive, *holds)
        self.sites = {
            "primary": Site("127.0.0.20", mirror("primary", indexes, [])),
            "whole": Site("127.0.0.21", mirror("whole", indexes, everything)),
            "stale": Site("127.0.0.22", mirror(
                "stale", indexes, [line["path"] for hours, line in dated if hours > HOURS_STALE])),
            # An architecture and the sources are missing; of another only the index is there.
            "partial": Site("127.0.0.23", mirror(
                "partial", [amd64, arm64], [line["path"] for _, line in dated if line["arch"] == "amd64"])),
        }
        self.nginx = Nginx(self.folder / "nginx", self.sites.values())
        self.addCleanup(self.nginx.close)
        self.load(catalog(self.archive, self.sites))
        lines = "".join(json.dumps(line) + "\n" for _, line in dated)
        self.run_ok("publications", "import", self.write("publications.jsonl", lines))
        self.expected_paths = indexes

    def folder_of_mirrors(self):
        """On the file system of the archive, so that hard links work."""
        folder = KEPT / "mirrors" / self.folder.name
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def test_each_mirror_gets_the_verdict_that_it_deserves(self):
        self.run_ok("probe")

        self.assertEqual(self.rows("whole"), {"amd64": "UP", "arm64": "UP", "armhf": "UP", "source": "UP"})
        self.assertEqual(self.rows("stale"), dict.fromkeys(("amd64", "arm64", "armhf", "source"), "SIXHOURSBEHIND"))
        self.assertEqual(self.rows("partial"), {"amd64": "UP", "arm64": "UNKNOWN"})
        overall = {mirror["name"]: (mirror["enabled"], mirror["freshness"]) for mirror in self.listing()}
        self.assertEqual(
            overall, {"whole": (True, "UP"), "stale": (True, "SIXHOURSBEHIND"), "partial": (True, "UP")}
        )

    def test_mirrors_are_asked_for_exactly_the_indexes_of_the_suite_and_for_no_bodies_of_them(self):
        self.run_ok("probe")

        for name in ("whole", "stale", "partial"):
            seen = self.nginx.requests(self.sites[name])
            indexes = collections.Counter(path for _, path, _ in seen if path.endswith(".gz"))
            self.assertEqual(set(indexes), {f"/{path}" for path in self.expected_paths}, name)
            # What does not fit is asked once more before anybody calls it torn.
            self.assertLessEqual(max(indexes.values()), 2 if name == "partial" else 1, name)
            self.assertEqual({method for method, path, _ in seen if path.endswith(".gz")}, {"HEAD"}, name)
            fetched = {path.rsplit("/", 1)[-1] for method, path, _ in seen if method == "GET"}
            host = self.sites[name].address
            # The empty name is that of a folder: project/trace/, and the base URL where a suite is torn.
            of_the_sync = {"", "master", host, f"Archive-Update-in-Progress-{host}", "mirrorwarden.txt"}
            self.assertLessEqual(fetched - of_the_sync, {"InRelease", "Release", "Release.gpg"}, name)

    def rows(self, name):
        shown = self.run_ok("mirror", "show", name, "--json").json()
        suite = {"series": self.archive.release_field("Codename"), "pocket": "RELEASE",
                 "component": real_archive.COMPONENT}
        for row in shown["rows"]:
            self.assertEqual({key: row[key] for key in suite}, suite)
        return {row["arch"]: row["freshness"] for row in shown["rows"]}

    def listing(self):
        return self.run_ok("mirror", "list", "--json").json()


if __name__ == "__main__":
    try:
        RealArchiveTest.archive = real_archive.RealArchive(KEPT)
    except real_archive.Unavailable as why:
        print(f"SKIPPED: no real archive: {why}")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
