#!/usr/bin/python3
"""Who only looks at a database is told where there is none, and makes none."""

import pathlib
import unittest

from mirrorwarden_testing import ProgramTest, on_each_database
from tiny_catalog import CATALOG

LOOKING = [
    ["database", "check"], ["catalog", "show"], ["mirror", "list"], ["mirror", "show", "m"],
    ["paths", "m"], ["log", "m"], ["budget"], ["outbox", "list"], ["archive", "show"],
    ["branch", "list"], ["branch", "show", "b"], ["token", "list"],
    ["policy", "replay", "--since", "2026-01-01", "--set", "never_below=1"],
    ["freshness-urls", "m", "--series", "s", "--pocket", "RELEASE", "--component", "main",
     "--source"],
    ["probe", "--dry-run"], ["export-site", "site"],
]


@on_each_database
class NoDatabase(ProgramTest):
    def test_who_looks_is_told_that_there_is_none(self):
        is_file = self.database.startswith("sqlite:")
        told = "is an empty database: `mirrorwarden catalog load` makes its tables"
        if is_file:
            told = "there is no database at .*.sqlite: `mirrorwarden catalog load` makes one"
        for words in LOOKING:
            with self.subTest(" ".join(words)):
                result = self.run_program(*words)

                self.assertEqual((result.status, result.out), (1, ""), result.err)
                self.assertRegex(result.err, told)
                if is_file:
                    self.assertFalse(pathlib.Path(self.database.removeprefix("sqlite:")).exists())

    def test_monitoring_cannot_tell(self):
        result = self.run_program("monitor", "60", "a:probe")

        self.assertEqual(result.status, 3)

    def test_what_was_loaded_can_be_looked_at(self):
        self.load(CATALOG)

        self.assertIn("integrity ok", self.run_ok("database", "check").out)
        self.assertIn("first", self.run_ok("mirror", "list").out)


class NoDefaultDatabase(ProgramTest):
    def test_looking_makes_no_folder(self):
        result = self.run_program("mirror", "list", env={"MIRRORWARDEN_DATABASE": ""})

        self.assertEqual(result.status, 1, result.err)
        self.assertIn(".local/state/mirrorwarden/mirrorwarden.sqlite", result.err)
        self.assertFalse((self.folder / ".local").exists())

    def test_a_run_of_nothing_makes_one(self):
        self.run_ok("probe")

        self.assertIn("integrity ok", self.run_ok("database", "check").out)


if __name__ == "__main__":
    unittest.main()
