#!/usr/bin/python3
"""The exported site: whole below any path of any web server, public, and never half there."""

import json
import os
import pathlib
import signal
import subprocess
import unittest
import urllib.parse

from http_service import Client
from mirrorwarden_testing import ProgramTest, start
from nginx import Nginx, Site
from site_crawler import crawl

MAKER = os.environ.get("MADE_UP_YEAR", "made_up_year")
PRIVATE = "private-word-of-nobody"
OTHER = f"""
[[distribution]]
name = "islet"
title = "Islet"
admins = ["Admin <{PRIVATE}@example.org>"]
[[mirror]]
name = "lonely"
distribution = "islet"
owner = "{PRIVATE} <{PRIVATE}@example.org>"
country = "BR"
http_url = "http://lonely.example.org/"
whiteboard = "{PRIVATE}"
"""


def files_of(folder):
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


class ExportSite(ProgramTest):
    def setUp(self):
        super().setUp()
        self.load(OTHER)
        self.site = self.folder / "status"

    def export(self):
        return self.run_ok("export-site", self.site)

    def make_up(self, days="3"):
        subprocess.run([MAKER, "lagoon", self.database, days], check=True, timeout=120, stdout=subprocess.PIPE)

    def test_every_link_leads_to_a_file(self):
        self.make_up()
        said = self.export().out
        self.assertRegex(said, r"^Wrote \d+ files, \d+ KB, to ")
        # Below a folder: links are relative.
        (self.folder / "root").mkdir()
        self.site.rename(self.folder / "root" / "below")
        site = Site("127.0.0.1", self.folder / "root")
        with Nginx(self.folder / "nginx", [site]), Client(("127.0.0.1", site.port)) as client:
            found = crawl(client, "/below/index.html", most=3_000)
        files = {f"/below/{urllib.parse.quote(name)}" for name in files_of(self.folder / "root" / "below")}
        self.assertEqual(set(found) - files, set())
        pages = {path: page for path, (_, page) in found.items() if page}
        self.assertEqual({path for path in files if path.endswith(".html")} - set(pages), set())
        for path, page in pages.items():
            self.assertIn("These pages were made at", page.text, path)
            self.assertEqual(page.forms, [], path)
            self.assertNotIn("data-live", page.attributes, path)
            for link in page.links:
                name = urllib.parse.urldefrag(link or "").fragment
                there = pages.get(urllib.parse.urldefrag(urllib.parse.urljoin(path, link or "")).url)
                if name and there:
                    self.assertIn(name, there.ids, f"{path}: {link}")
        for wanted in ("index.html", "lagoon/mirrors/country-DE/index.html", "mirror/foss.de/span-year/index.html"):
            self.assertIn(f"/below/{wanted}", pages)

    def test_what_programs_read_is_there(self):
        self.make_up()
        self.export()
        mirrors = json.loads((self.site / "api/v1/mirrors.json").read_text())
        self.assertEqual(len(mirrors["mirrors"]), mirrors["total"])
        self.assertEqual(mirrors["total"], 53)
        events = json.loads((self.site / "api/v1/events.json").read_text())
        self.assertEqual(len(events["events"]), events["total"])
        self.assertIsNone(events["next_cursor"])
        for file in ("api/v1/openapi.json", "api/v1/distributions.json", "api/v1/mirrors/foss.de.json",
                     "api/v1/mirrors/foss.de/history.json", "lagoon/mirrors/status.json"):
            json.loads((self.site / file).read_text())
        for file in ("lagoon/mirrors.txt", "lagoon/mirrors/DE.txt", "lagoon/mirrors.csv"):
            self.assertIn("foss.de.example.org", (self.site / file).read_text())
        for file in ("lagoon/mirrorlist", "feeds/all.atom", "feeds/country/DE.atom", "badge/foss.de.svg"):
            self.assertTrue((self.site / file).stat().st_size, file)

    def newest_logs(self):
        self.export()
        return {name for name in files_of(self.site) if name.startswith("mirror/foss.de/log/")}

    def test_a_mirrors_newest_log_is_there_though_a_clock_was_ahead(self):
        self.make_up()
        logs = self.newest_logs()
        self.assertEqual(len(logs), 1)

        self.write_sql("UPDATE probe SET started = started + 126230400000000 WHERE id = "
                       "(SELECT MIN(probe.id) FROM probe JOIN mirror ON mirror.id = probe.mirror "
                       "WHERE mirror.name = 'foss.de')")

        self.assertEqual(self.newest_logs(), logs)

    def test_nothing_private_is_written(self):
        self.run_ok("mirror", "disable", "lonely", "--reason", "known to all")
        self.export()
        said = b"".join((self.site / name).read_bytes() for name in files_of(self.site))
        self.assertIn(b"known to all", said)
        self.assertNotIn(PRIVATE.encode(), said)

    def test_what_is_gone_vanishes(self):
        self.export()
        self.assertIn("mirror/lonely/index.html", files_of(self.site))
        self.run_ok("mirror", "delete", "lonely")
        self.export()
        self.assertFalse([name for name in files_of(self.site) if "lonely" in name])
        self.assertEqual({entry.name for entry in self.folder.iterdir() if "status" in entry.name}, {"status"})

    def test_an_interrupted_export_leaves_the_old_site_whole(self):
        self.export()
        before = {name: (self.site / name).read_bytes() for name in files_of(self.site)}
        self.make_up()
        with start(["export-site", self.site], self.folder, self.database) as export:
            made = self.folder / ".status.new"
            while export.poll() is None and not (made.exists() and len(files_of(made)) > 50):
                pass
            export.send_signal(signal.SIGKILL)
            export.communicate()
        self.assertEqual(export.returncode, -signal.SIGKILL, "it ended before it was interrupted")
        self.assertEqual({name: (self.site / name).read_bytes() for name in files_of(self.site)}, before)
        self.export()
        self.assertFalse(made.exists())
        self.assertIn("mirror/foss.de/index.html", files_of(self.site))

    def test_a_link_to_the_folder_stays_a_link(self):
        real = self.folder / "real"
        real.mkdir()
        self.site.symlink_to(real)
        self.export()
        self.assertTrue(self.site.is_symlink())
        self.assertTrue((real / "index.html").exists())

    def test_folders_of_others_are_refused(self):
        self.site.mkdir()
        (self.site / "thesis.txt").write_text("years of work")
        for folder, part in ((self.site, "no export wrote"), (self.site / "thesis.txt", "is a file"), ("/", "name a folder")):
            refused = self.run_program("export-site", folder)
            self.assertEqual(refused.status, 2, folder)
            self.assertIn(part, refused.err)
        self.assertEqual(files_of(self.site), {"thesis.txt"})
        nowhere = self.run_program("export-site", self.folder / "not" / "there")
        self.assertEqual(nowhere.status, 1)
        self.assertIn("cannot make", nowhere.err)


if __name__ == "__main__":
    unittest.main()
