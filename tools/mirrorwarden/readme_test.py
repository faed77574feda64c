#!/usr/bin/python3
"""What the README tells a newcomer to type works, word for word, but for the URLs of
the archive and the mirror, the keyring, and the times: those are of today and of loopback."""

import datetime
import os
import pathlib
import re
import shlex
import subprocess
import unittest

from archive import SignedArchive
from http_service import serving
from mirrorwarden_testing import PROGRAM, clean_environment
from nginx import Nginx, Site
from probing_testing import ProbingTest

README = (pathlib.Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
DAY = datetime.timedelta(days=1)


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def commands():
    """The lines of all shell blocks that call the program, as lists of words, in their order."""
    lines = "".join(blocks("sh")).replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("mirrorwarden ")]


class ReadmeTest(ProbingTest):
    def setUp(self):
        super().setUp()
        # The README says `mirrorwarden`; the test calls the one that was built.
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "mirrorwarden").symlink_to(PROGRAM)
        os.environ["PATH"] = f"{self.folder / 'bin'}:{os.environ['PATH']}"

    def serve(self):
        """An archive and a mirror of it. What the README says of its own, and what it is here."""
        archive = SignedArchive(self.folder / "made", "bookworm", ["amd64", "arm64"], ["main", "contrib"])
        self.addCleanup(archive.close)
        now = datetime.datetime.now(datetime.timezone.utc)
        archive.publish("hello", "1.0", now - DAY)
        published = archive.root / "pool/main/t/tzdata/tzdata_2024a-0+deb12u1_all.deb"
        published.parent.mkdir(parents=True)
        published.write_bytes(b"of the publications block")
        primary, mirror = Site("127.0.0.2", archive.root), Site("127.0.0.3", archive.root)
        self.addCleanup(Nginx(self.folder / "nginx", [primary, mirror]).close)
        return {
            "http://archive.example.org/debian/": primary.url,
            "http://mirror.example.org/debian/": mirror.url,
            "/usr/share/keyrings/debian-archive-keyring.gpg": str(archive.keyring),
            "2026-11-01": f"{now - DAY:%Y-%m-%d}",
            "2027-01-02T18:00:00Z": f"{now + DAY:%Y-%m-%dT%H:%M:%SZ}",
        }

    def test_the_ten_minutes_to_a_verdict_and_what_comes_after(self):
        ours = self.serve()

        def here(text):
            for theirs, own in ours.items():
                text = text.replace(theirs, own)
            return text

        self.write("mirrors.toml", here(next(block for block in blocks("toml") if "[[mirror]]" in block)))
        self.write("published.jsonl", blocks("jsonl")[0])
        said = {}
        for words in commands():
            with self.subTest(command=words):
                said[" ".join(words[:2])] = self.run_ok(*map(here, words)).out

        self.assertRegex(said["mirror show"], r"\nbookworm-updates +whole +up to date ")
        self.assertRegex(said["check " + "http://mirror.example.org/debian/"], "good")
        self.assertRegex(said["budget my-mirror"], r"my-mirror +all +\d+")
        self.assertEqual([command for command, out in said.items() if not out], [])
        mirror = self.json("mirror", "show", "my-mirror")
        fresh = [row for row in mirror["rows"] if row["freshness"] == "UP"]
        self.assertEqual(len(mirror["rows"]), 12)
        self.assertEqual(
            fresh,
            [{"series": "bookworm", "pocket": "UPDATES", "component": "main", "arch": "amd64", "freshness": "UP"}],
        )

    def test_every_way_to_the_archive_is_among_the_commands(self):
        typed = {tuple(words[:2]) for words in commands()}

        self.assertLessEqual({("archive", "add"), ("mirror", "add"), ("probe", "--report"), ("mirror", "show"),
                              ("catalog", "load"), ("policy", "replay")}, typed)

    def test_what_workers_are_told_to_send_arrives(self):
        section = README.split("\n## Who reports what\n")[1].split("\n## ")[0]
        block = re.findall(r"^```text\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)[0]
        lines = block.replace("\\\n", " ").splitlines()
        branch, token, by_report, by_curl, by_python = (line[2:] for line in lines if line.startswith("$ "))
        self.run_ok(*shlex.split(branch)[1:])
        variables = {"TOKEN": self.run_ok(*shlex.split(token)[1:]).out.strip()}
        with serving(self.folder, self.database) as service:
            place = service.urls[0].removeprefix("http://")

            def typed(line):
                line = line.replace("https://puller-1", "http://puller-1").replace("https://status", "http://status")
                done = subprocess.run(["bash", "-c", line.replace("status.example.org", place)], capture_output=True,
                                      text=True, timeout=60, env=clean_environment(self.folder, **variables))
                self.assertEqual(done.returncode, 0, done.stderr)
                return done.stdout

            typed(re.sub(r"2026-\S+", f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%dT%H:%M:%SZ}", by_report))
            typed(by_curl)
            acquired = typed(by_python)
            jobs = {job["host"]: job for job in service.ask("/api/v1/jobs").json()["jobs"]}

        self.assertEqual(re.sub(r"'\w+'\]", "'…']", acquired).strip(), lines[-1])
        self.assertEqual({job["name"] for job in jobs.values()}, {"backup"})
        self.assertEqual(len(jobs), 2)
        self.assertEqual(jobs["puller-1"]["last_completed"], "2026-11-21T03:12:41Z")

    def test_the_configuration_is_one_that_the_program_reads(self):
        configuration = next(block for block in blocks("toml") if "[mail]" in block)
        file = self.write("config.toml", configuration)

        self.run_ok("--config", str(file), "database", "migrate")

    def test_every_command_of_the_table_is_there(self):
        section = README.split("\n## Commands\n")[1].split("\n## ")[0]
        words = re.findall(r"^\| `([a-z-]+(?: [a-z]+)?)", section, re.MULTILINE)
        self.assertGreater(len(words), 8)
        for command in words:
            with self.subTest(command=command):
                self.run_ok(*command.split(), "--help")


if __name__ == "__main__":
    unittest.main()
