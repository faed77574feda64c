#!/usr/bin/python3
"""The units and the cron table run commands that exist, and systemd understands the units."""

import os
import pathlib
import re
import shlex
import shutil
import subprocess
import unittest

from mirrorwarden_testing import PROGRAM, ProgramTest

FOLDER = pathlib.Path(os.environ["MIRROR_PACKAGING"])
UNITS = sorted((FOLDER / "units").iterdir())


def commands():
    """What each file runs, without the program's own path."""
    for unit in UNITS:
        for line in re.findall(r"^ExecStart=(.*)$", unit.read_text(encoding="utf-8"), re.M):
            yield unit.name, shlex.split(line)
    for line in (FOLDER / "mirrorwarden.cron").read_text(encoding="utf-8").splitlines():
        found = re.match(r"(?:@\w+|(?:\S+\s+){4}\S+)\s+mirrorwarden\s+(/.*)$", line)
        if found:
            yield "cron", shlex.split(found[1])


class Packaging(ProgramTest):
    def test_every_command_line_is_one(self):
        found = list(commands())
        self.assertEqual(sorted({name for name, _ in found}),
                         ["cron", "mirrorwarden-probe.service", "mirrorwarden-refresh.service",
                          "mirrorwarden-requests.service", "mirrorwarden.service"])
        self.assertEqual(len(found), 10)
        for name, (program, *words) in found:
            with self.subTest(name):
                self.assertTrue(program.startswith("/") and program.endswith("/mirrorwarden"))
                text = self.run_ok(*words, "--help").out
                # The help of that command, not of the group above it.
                self.assertIn(" ".join(word for word in words if not word.startswith("-")), text)

    def test_every_manual_page_that_a_unit_names_is_there(self):
        self.run_ok("manual", self.folder / "man")
        for unit in UNITS:
            for page in re.findall(r"man:(\S+)\((\d)\)", unit.read_text(encoding="utf-8")):
                self.assertTrue((self.folder / "man" / ".".join(page)).exists(), page)

    def test_every_timer_has_its_service(self):
        names = {unit.name for unit in UNITS}
        timers = {name for name in names if name.endswith(".timer")}
        self.assertEqual(len(timers), 3)
        self.assertLessEqual({name.replace(".timer", ".service") for name in timers}, names)

    def test_systemd_understands_the_units(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd-analyze is not installed")
        folder = self.folder / "units"
        folder.mkdir()
        for unit in UNITS:  # with a program that is there
            text = unit.read_text(encoding="utf-8")
            (folder / unit.name).write_text(
                re.sub(r"^ExecStart=\S+", f"ExecStart={PROGRAM}", text, flags=re.M),
                encoding="utf-8")
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
             *sorted(folder.iterdir())],
            capture_output=True, text=True, timeout=60)
        ours = [line for line in done.stderr.splitlines() if "mirrorwarden" in line]
        self.assertEqual(ours, [])

    def test_what_runs_and_what_explains_it_is_installed(self):
        prefix = self.folder / "prefix"
        subprocess.run(["cmake", "--install", os.environ["MIRROR_BUILD"], "--prefix", prefix],
                       check=True, capture_output=True, timeout=60)
        files = {str(file.relative_to(prefix)) for file in prefix.rglob("*") if file.is_file()}
        self.assertLessEqual(
            {"bin/mirrorwarden", "share/man/man1/mirrorwarden.1", "lib/systemd/system/mirrorwarden.socket",
             "share/bash-completion/completions/mirrorwarden", "share/doc/mirrorwarden/mirrorwarden.cron",
             "share/doc/mirrorwarden/monitoring/alerts.yml",
             "share/doc/mirrorwarden/monitoring/dashboard.json",
             "share/mirrorwarden/hooks/ftpsync-hook", "share/mirrorwarden/hooks/rsync-hook"}, files)
        for hook in (prefix / "share/mirrorwarden/hooks").iterdir():
            self.assertTrue(os.access(hook, os.X_OK), hook)


if __name__ == "__main__":
    unittest.main()
