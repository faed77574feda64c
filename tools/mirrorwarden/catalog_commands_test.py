#!/usr/bin/python3
"""What the commands about catalogues and publications do and print, on both databases."""

import unittest

from mirrorwarden_testing import ProgramTest, on_each_database
from tiny_catalog import CATALOG


@on_each_database
class Catalogs(ProgramTest):
    def test_loading_says_what_was_added_then_that_nothing_changed(self):
        first = self.load(CATALOG)
        second = self.load(CATALOG)

        self.assertIn("added    mirror second\n", first.out)
        self.assertIn("added    series tiny/two\n", first.out)
        self.assertEqual(first.out.splitlines()[-1], "5 added, 0 updated, 0 unchanged.")
        self.assertEqual(second.out, "0 added, 0 updated, 5 unchanged.\n")

    def test_loading_names_the_fields_that_changed(self):
        self.load(CATALOG)

        changed = self.load(CATALOG.replace('"10M"', '"45M"'))

        self.assertEqual(changed.out, "updated  mirror second: speed\n"
                                      "0 added, 1 updated, 4 unchanged.\n")

    def test_a_catalogue_with_faults_tells_all_of_them_and_changes_nothing(self):
        self.load(CATALOG)
        broken = CATALOG.replace('"10M"', '"45N"').replace('country = "BR"', 'country = "XX"')
        lines = broken.splitlines()
        path = self.write("broken.toml", broken.replace('"CURRENT"', '"OBSOLETE"'))

        result = self.run_program("catalog", "load", path)

        self.assertEqual(result.status, 2)
        for text in ('country = "XX"', 'speed = "45N"'):
            self.assertIn(f"{path}:{lines.index(text) + 1}: ", result.err)
        self.assertIn("nothing was changed", result.err)
        self.assertEqual(result.out, "")
        shown = self.run_ok("catalog", "show", "--json").json()
        self.assertEqual(shown["distributions"][0]["series"][0]["status"], "CURRENT")

    def test_a_catalogue_is_read_from_standard_input(self):
        self.assertIn("5 added", self.run_ok("catalog", "load", "-", stdin=CATALOG).out)
        broken = self.run_program("catalog", "load", "-", stdin=CATALOG + "nonsense")
        self.assertEqual(broken.status, 2)
        self.assertIn("standard input:", broken.err)

    def test_show_gives_distributions_series_and_mirror_names(self):
        self.load(CATALOG)

        shown = self.run_ok("catalog", "show", "--json").json()

        self.assertEqual(list(shown), ["distributions"])
        tiny = shown["distributions"][0]
        self.assertEqual(list(tiny), ["name", "title", "primary_url", "freshness_rule", "pockets",
                                      "admins", "keyring", "sync_grace", "disable_when",
                                      "failures_before_disable", "successes_before_enable",
                                      "never_below", "deep_every", "manifest", "series", "mirrors"])
        self.assertEqual([tiny[key] for key in list(tiny)[6:14]],
                         [None, "6h", [], 1, 1, 0, 0, None])
        self.assertEqual(tiny["mirrors"], ["first", "second"])
        self.assertIsNone(tiny["primary_url"])
        self.assertEqual(tiny["admins"], [{"name": "Admin", "address": "admin@example.org"}])
        self.assertEqual([series["name"] for series in tiny["series"]], ["two", "one"])
        self.assertIn("Tiny Linux", self.run_ok("catalog", "show").out)

    def test_a_distribution_says_how_its_mirrors_are_judged(self):
        self.load(CATALOG.replace('title = "Tiny Linux"', 'title = "Tiny Linux"\n'
                                  'keyring = "/etc/keys/tiny.gpg"\nsync_grace = "90m"\n'
                                  'disable_when = ["no-content", "lag > 7d"]\n'
                                  'failures_before_disable = 2\nsuccesses_before_enable = 3\n'
                                  'never_below = 4\ndeep_every = 7\n'
                                  'manifest = "http://tiny.example/manifest"'))

        tiny = self.run_ok("catalog", "show", "--json").json()["distributions"][0]
        self.assertEqual([tiny[key] for key in list(tiny)[6:14]],
                         ["/etc/keys/tiny.gpg", "90m", ["no-content", "lag>7d"], 2, 3, 4, 7,
                          "http://tiny.example/manifest"])
        shown = self.run_ok("catalog", "show").out
        for line in ["Keyring:        /etc/keys/tiny.gpg", "Sync may take:  1 h 30 min",
                     "Switched off:   after 2 failed probes for no-content, lag>7d",
                     "Switched on:    after 3 passed probes", "Left on:        the last 4 of a country",
                     "Deep probe:     one in 7", "Manifest:       http://tiny.example/manifest"]:
            self.assertIn(line + "\n", shown)

        self.load(CATALOG)
        shown = self.run_ok("catalog", "show").out
        self.assertIn("Switched off:   after 1 failed probe\n", shown)
        for word in ["Keyring", "Left on", "Deep probe", "Manifest"]:
            self.assertNotIn(word, shown)

    def test_the_same_publication_twice_is_one(self):
        self.load(CATALOG)
        line = ('{"distribution": "tiny", "series": "two", "pocket": "RELEASE", "component": "main",'
                ' "arch": "amd64", "source": "a", "version": "1", "file": "a_1_amd64.deb",'
                ' "file_type": "DEB", "status": "PUBLISHED", "published": "2026-01-01T00:00:00Z"}\n')
        path = self.write("p.jsonl", line + line)

        self.assertEqual(self.run_ok("publications", "import", path).out,
                         "1 added, 0 updated, 1 unchanged.\n")

    def test_publications_with_faults_change_nothing(self):
        self.load(CATALOG)
        good = ('{"distribution": "tiny", "series": "two", "pocket": "RELEASE", "component": "main",'
                ' "arch": "amd64", "source": "a", "version": "1", "file": "a_1_amd64.deb",'
                ' "file_type": "DEB", "status": "PUBLISHED", "published": "2026-01-01T00:00:00Z"}\n')
        faults = [
            ("no JSON", "nonsense\n", ":2: "),
            ("unknown pocket", good.replace("RELEASE", "RELEASES"), ":2: "),
            ("bad time", good.replace("2026-01-01T00", "2026-13-01T00"), ":2: "),
            ("unknown series", good.replace('"two"', '"nine"'), "nine"),
        ]
        for why, line, told in faults:
            with self.subTest(why):
                path = self.write("p.jsonl", good + line)

                result = self.run_program("publications", "import", path)

                self.assertEqual(result.status, 2)
                self.assertIn(told, result.err)
                self.assertIn("othing was changed", result.err)
        self.assertEqual(self.run_ok("publications", "import", self.write("p.jsonl", good)).out,
                         "1 added, 0 updated, 0 unchanged.\n")


if __name__ == "__main__":
    unittest.main()
