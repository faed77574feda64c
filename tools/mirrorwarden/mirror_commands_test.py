#!/usr/bin/python3
"""What the commands about mirrors do and print, on both databases."""

import datetime
import unittest

from mirrorwarden_testing import ProgramTest, on_each_database
from tiny_catalog import CATALOG

LIST_KEYS = ["name", "display_name", "distribution", "country", "speed", "content", "http_url",
             "https_url", "ftp_url", "rsync_url", "enabled", "disabled_by", "disabled_reason",
             "maintenance_until", "official", "official_candidate", "status", "freshness", "source_freshness",
             "architecture_freshness", "lag", "lag_estimated", "integrity", "last_probe", "last_verdict", "found",
             "expected"]
SHOW_KEYS = LIST_KEYS + ["description", "owners", "whiteboard", "created", "sync", "rows", "images",
                         "suites", "addresses", "certificate", "traces", "rsync", "costs", "findings",
                         "deep", "since_deep", "deep_chance", "in_maintenance", "severity", "probes", "audit"]


@on_each_database
class Mirrors(ProgramTest):
    def setUp(self):
        super().setUp()
        self.load(CATALOG)

    def show(self, name):
        return self.run_ok("mirror", "show", name, "--json").json()

    def test_lists_are_a_contract(self):
        listed = self.run_ok("mirror", "list", "--json").json()

        self.assertEqual([mirror["name"] for mirror in listed], ["first", "second"])
        for mirror in listed:
            self.assertEqual(list(mirror), LIST_KEYS)
        first = listed[0]
        self.assertEqual(first["country"], "BR")
        self.assertIs(first["official"], True)
        self.assertEqual(first["freshness"], "UNKNOWN")
        self.assertIsNone(first["last_probe"])
        self.assertIsNone(first["https_url"])
        self.assertNotIn("example.org>", str(listed))

    def test_filters_add_up(self):
        self.run_ok("mirror", "disable", "second", "--reason", "a test")
        cases = [
            ("enabled", ["--enabled"], ["first"]),
            ("official", ["--official"], ["first"]),
            ("content", ["--content", "RELEASE"], []),
            ("distribution", ["--distribution", "tiny"], ["first", "second"]),
            ("both", ["--enabled", "--content", "ARCHIVE"], ["first"]),
        ]
        for why, flags, names in cases:
            with self.subTest(why):
                listed = self.run_ok("mirror", "list", "--json", *flags).json()
                self.assertEqual([mirror["name"] for mirror in listed], names)

    def test_show_gives_everything(self):
        shown = self.show("first")

        self.assertEqual(list(shown), SHOW_KEYS)
        self.assertEqual(shown["owners"], [{"name": "José", "address": "jose@example.org"},
                                           {"name": "Team", "address": "team@example.org"}])
        self.assertEqual([shown[key] for key in ("rows", "images", "probes")], [[], [], []])
        self.assertEqual(list(shown["audit"][0]), ["when", "who", "what", "why"])
        datetime.datetime.strptime(shown["created"][:19] + "Z", "%Y-%m-%dT%H:%M:%SZ")
        self.assertIn("José <jose@example.org>", self.run_ok("mirror", "show", "first").out)

    def test_a_mirror_without_a_name_is_named_after_its_host(self):
        flags = ["--distribution", "tiny", "--owner", "a@example.org", "--country", "BR"]

        first = self.run_ok("mirror", "add", *flags, "--http-url", "http://New.example.org/a")
        second = self.run_ok("mirror", "add", *flags, "--http-url", "http://new.example.org/b")

        self.assertEqual(first.out, "Added new.example.org-archive.\n")
        self.assertEqual(second.out, "Added new.example.org-archive2.\n")

    def test_adding_takes_every_field_of_the_catalogue(self):
        self.run_ok("mirror", "add", "third", "--distribution", "tiny",
                    "--owner", "A <a@example.org>", "--owner", "B <b@example.org>",
                    "--country", "FR", "--speed", "100G", "--content", "RELEASE",
                    "--http_url", "http://third.example.org", "--ftp-url", "ftp://third.example.org",
                    "--rsync_url=rsync://third.example.org/x", "--official-candidate",
                    "--status", "OFFICIAL", "--no-enabled", "--display_name", "Third",
                    "--description", "The third", "--whiteboard", "slow on Mondays")

        shown = self.show("third")
        expected = {"speed": "100G", "content": "RELEASE", "http_url": "http://third.example.org/",
                    "ftp_url": "ftp://third.example.org/", "enabled": False, "status": "OFFICIAL",
                    "rsync_url": "rsync://third.example.org/x/", "official": True,
                    "display_name": "Third", "description": "The third", "country": "FR",
                    "whiteboard": "slow on Mondays"}
        self.assertEqual({key: shown[key] for key in expected}, expected)
        self.assertEqual(len(shown["owners"]), 2)

    def test_a_description_of_several_lines_is_shown_as_such(self):
        self.load(CATALOG)

        self.run_ok("mirror", "edit", "first", "--description", "\ntwo\nlines\n\nStatus: none\n")

        shown = self.run_ok("mirror", "show", "first").out
        # None of them can be taken for a fact of ours.
        margin = " " * 16
        text = f"two\n{margin}lines\n\n{margin}Status: none\n"
        self.assertIn(f"\nDescription:    {text}Distribution:", shown)

    def test_editing_changes_only_what_a_flag_says(self):
        before = self.show("second")

        self.run_ok("mirror", "edit", "second", "--http-url", "http://second.example.org/tiny")

        after = self.show("second")
        changed = {key for key in before if before[key] != after[key]}
        self.assertEqual(changed, {"http_url", "audit"})
        self.assertIn("http_url", after["audit"][-1]["what"])

    def test_an_empty_url_removes_it_unless_it_is_the_last(self):
        self.run_ok("mirror", "edit", "second", "--http-url", "http://second.example.org/tiny")
        self.run_ok("mirror", "edit", "second", "--https-url=")
        self.assertIsNone(self.show("second")["https_url"])

        result = self.run_program("mirror", "edit", "second", "--http-url", "")

        self.assertEqual(result.status, 2)
        self.assertIsNotNone(self.show("second")["http_url"])

    def test_a_review_is_kept_with_its_reason(self):
        self.run_ok("mirror", "review", "second", "--status", "BROKEN", "--reason", "no TLS")

        shown = self.show("second")
        self.assertEqual(shown["status"], "BROKEN")
        self.assertEqual((shown["audit"][-1]["what"], shown["audit"][-1]["why"]),
                         ("status BROKEN", "no TLS"))

    def test_disabling_mails_owners_and_admins_once(self):
        self.run_ok("mirror", "disable", "first", "--reason", "moves house")
        again = self.run_ok("mirror", "disable", "first", "--reason", "moves house")

        self.assertIn("othing was changed", again.out)
        shown = self.show("first")
        self.assertEqual([shown[key] for key in ("enabled", "disabled_by", "disabled_reason")],
                         [False, "admin", "moves house"])
        mails = self.run_ok("outbox", "list", "--json").json()
        self.assertEqual(sorted(mail["to"]["address"] for mail in mails),
                         ["admin@example.org", "jose@example.org", "team@example.org"])
        self.assertTrue(all("moves house" in mail["body"] for mail in mails))
        self.assertEqual(len({mail["message_id"] for mail in mails}), 3)

    def test_owners_are_not_mailed_where_that_is_asked(self):
        self.run_ok("mirror", "disable", "first", "--reason", "x", "--no-owner-notification")

        mails = self.run_ok("outbox", "list", "--json").json()
        self.assertEqual([mail["to"]["address"] for mail in mails], ["admin@example.org"])

    def test_enabling_brings_it_back(self):
        self.run_ok("mirror", "disable", "first", "--reason", "x")
        self.run_ok("mirror", "enable", "first", "--reason", "repaired")

        shown = self.show("first")
        self.assertEqual([shown[key] for key in ("enabled", "disabled_by", "disabled_reason")],
                         [True, None, None])
        self.assertEqual(shown["audit"][-1]["why"], "repaired")

    def test_a_mirror_in_maintenance_is_shown_as_such_until_that_ends(self):
        until = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=5))
        until = until.strftime("%Y-%m-%dT%H:%M:%SZ")
        set_it = ["mirror", "maintenance", "first", "--until", until, "--reason", "new disks"]

        self.assertEqual(self.run_ok(*set_it).out,
                         f"first is in maintenance until {until}: probed, but not disabled or "
                         "mailed about.\n")
        self.assertIn(f"until {until} already. Nothing was changed.", self.run_ok(*set_it).out)

        shown = self.show("first")
        self.assertEqual(shown["maintenance_until"], until)
        self.assertIs(shown["enabled"], True)
        self.assertEqual([shown["audit"][-1][key] for key in ("what", "why")],
                         [f"maintenance until {until}", "new disks"])
        self.assertIn(f"Maintenance:    until {until}\n", self.run_ok("mirror", "show", "first").out)
        self.assertIn("yes (maintenance)", self.run_ok("mirror", "list").out)
        self.assertEqual([mirror["maintenance_until"]
                          for mirror in self.run_ok("mirror", "list", "--json").json()],
                         [until, None])

        self.assertEqual(self.run_ok("mirror", "maintenance", "first", "--end").out,
                         "Ended the maintenance of first.\n")
        self.assertIn("is not in maintenance. Nothing was changed.",
                      self.run_ok("mirror", "maintenance", "first", "--end").out)
        shown = self.show("first")
        self.assertIsNone(shown["maintenance_until"])
        self.assertEqual(shown["audit"][-1]["what"], "maintenance ended")
        self.assertNotIn("aintenance:", self.run_ok("mirror", "show", "first").out)
        self.assertEqual(self.run_ok("outbox", "list", "--json").json(), [])

    def test_a_mirror_that_was_never_probed_can_be_deleted(self):
        self.run_ok("mirror", "delete", "second")

        self.assertEqual(self.run_program("mirror", "show", "second").status, 2)

    def test_obsolete_series_and_unofficial_architectures_only_when_all_is_asked(self):
        usual = self.run_ok("paths", "first").out.splitlines()
        everything = self.run_ok("paths", "first", "--all-series").out.splitlines()

        self.assertEqual(usual[0], "dists/two/main/binary-amd64/Packages.gz")
        self.assertEqual(len(usual), 4)  # 2 pockets, amd64 and source
        self.assertEqual(len(everything), 10)  # and riscv64 twice, and series one: 4
        self.assertIn("dists/one/main/source/Sources.gz", everything)

    def test_a_mirror_may_be_called_like_a_command(self):
        self.run_ok("mirror", "add", "list", "--distribution", "tiny", "--owner", "a@example.org",
                    "--country", "BR", "--http-url", "http://list.example.org/")

        self.assertEqual(self.show("list")["name"], "list")


if __name__ == "__main__":
    unittest.main()
