#!/usr/bin/python3
"""What the commands about catalogues and publications do and print, on both databases."""

import datetime
import re
import unittest

from mirrorwarden_testing import ProgramTest, on_each_database
from tiny_catalog import CATALOG

PUBLICATION = """\
{"distribution": "tiny", "series": "two", "pocket": "RELEASE", "component": "main",
 "arch": "amd64", "source": "a", "version": "1", "file": "a_1_amd64.deb", "file_type": "DEB",
 "status": "PUBLISHED", "published": "2026-01-01T00:00:00Z"}""".replace("\n", "") + "\n"


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

    def test_every_reference_that_leads_nowhere_is_told_with_its_line(self):
        self.load(CATALOG)
        good = PUBLICATION
        path = self.write("p.jsonl", good + good.replace('"two"', '"sid"') + "nonsense\n"
                          + good.replace('"main"', '"mian"') + good.replace('"tiny"', '"tyny"')
                          + good.replace("RELEASE", "BACKPORTS") + good.replace("amd64", "arm46"))

        result = self.run_program("publications", "import", path)

        self.assertEqual(result.status, 2)
        for line, told in [(2, 'tiny has no series "sid"'), (3, "this is not JSON"),
                           (4, 'two has no component "mian"; did you mean "main"?'),
                           (5, 'no distribution "tyny"; did you mean "tiny"?'),
                           (6, "tiny has no pocket BACKPORTS"),
                           (7, 'two has no architecture "arm46"')]:
            self.assertRegex(result.err, rf"(?m){path}:{line}: .*{re.escape(told)}")
        self.assertIn("othing was changed", result.err)

    def test_every_mirror_of_a_distribution_that_nobody_knows_is_told_with_its_line(self):
        broken = CATALOG.replace('distribution = "tiny"', 'distribution = "tyny"')
        lines = [number for number, line in enumerate(broken.splitlines(), 1)
                 if line == "[[mirror]]"]

        result = self.run_program("catalog", "load", self.write("c.toml", broken))

        self.assertEqual(result.status, 2)
        for line in lines:
            told = rf'(?m)c.toml:{line}: .*no distribution "tyny"; did you mean "tiny"\?'
            self.assertRegex(result.err, told)
        self.assertIn("othing was changed", result.err)
        shown = self.run_ok("catalog", "show", "--json").json()
        self.assertEqual(shown, {"distributions": []})

    def test_a_mirror_may_be_of_a_distribution_that_was_loaded_before(self):
        self.load(CATALOG)
        alone = "[[mirror]]" + CATALOG.split("[[mirror]]", 1)[1]

        self.assertEqual(self.load(alone).out, "0 added, 0 updated, 2 unchanged.\n")

    def test_a_catalogue_of_nothing_is_refused(self):
        for text in ("", "# to come\n"):
            result = self.run_program("catalog", "load", "-", stdin=text)

            self.assertEqual((result.status, result.out), (2, ""))
            self.assertIn("standard input has no [[distribution]] and no [[mirror]]", result.err)

    def test_no_publications_are_warned_of(self):
        result = self.run_program("publications", "import", self.write("p.jsonl", "\n"))

        self.assertEqual((result.status, result.out), (0, "0 added, 0 updated, 0 unchanged.\n"))
        self.assertIn("p.jsonl has no publications", result.err)

    def test_a_publication_of_the_future_is_refused_and_one_of_tomorrow_is_not(self):
        self.load(CATALOG)
        now = datetime.datetime.now(datetime.timezone.utc)
        soon, late = (f"{now + datetime.timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"
                      for hours in (23, 25))
        line = PUBLICATION.replace("2026-01-01T00:00:00Z", soon)
        path = self.write("late.jsonl", line + PUBLICATION.replace("2026-01-01T00:00:00Z", late))

        refused = self.run_program("publications", "import", path)

        self.assertEqual(refused.status, 2)
        self.assertRegex(refused.err, r"late.jsonl:2: published: .* lies in the future")
        imported = self.run_ok("publications", "import", self.write("soon.jsonl", line))
        self.assertIn("1 added", imported.out)
        shown = self.run_ok("freshness-urls", "first", "--series", "two", "--pocket", "RELEASE",
                            "--component", "main", "--arch", "amd64")
        self.assertEqual(shown.out, "")
        self.assertIn(f"the newest is of {soon}", shown.err)


if __name__ == "__main__":
    unittest.main()
