#!/usr/bin/python3
"""What each command does and prints, on both databases."""

import datetime
import os
import re
import socket
import subprocess
import unittest

from mirrorwarden_testing import PROGRAM, ProgramTest, clean_environment, on_each_database

CATALOG = """
[[distribution]]
name = "tiny"
title = "Tiny Linux"
pockets = ["RELEASE", "UPDATES"]
admins = ["Admin <admin@example.org>"]

[[distribution.series]]
name = "one"
version = "1.0"
status = "OBSOLETE"
components = ["main"]
architectures = ["amd64"]

[[distribution.series]]
name = "two"
version = "2.0"
status = "CURRENT"
components = ["main"]
architectures = ["amd64"]
unofficial_architectures = ["riscv64"]

[[mirror]]
name = "first"
distribution = "tiny"
owner = ["José <jose@example.org>", "Team <team@example.org>"]
country = "BR"
speed = "1G"
http_url = "http://first.example.org/tiny"
official_candidate = true
status = "OFFICIAL"

[[mirror]]
name = "second"
distribution = "tiny"
owner = "Second <second@example.org>"
country = "DE"
speed = "10M"
https_url = "https://second.example.org/tiny"
"""

LIST_KEYS = ["name", "display_name", "distribution", "country", "speed", "content", "http_url",
             "https_url", "ftp_url", "rsync_url", "enabled", "disabled_by", "disabled_reason",
             "maintenance_until", "official", "official_candidate", "status", "freshness", "source_freshness",
             "architecture_freshness", "lag", "lag_estimated", "integrity", "last_probe", "last_verdict", "found",
             "expected"]
SHOW_KEYS = LIST_KEYS + ["description", "owners", "whiteboard", "created", "rows", "images",
                         "suites", "addresses", "certificate", "traces", "costs", "findings",
                         "deep", "since_deep", "deep_chance", "severity", "probes", "audit"]


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


@on_each_database
class Budgets(ProgramTest):
    def test_a_mirror_that_was_never_probed_is_estimated_from_what_it_would_be_asked(self):
        self.load(CATALOG)

        # Of series two, RELEASE and UPDATES: an index for amd64 and one for sources each.
        # Nothing is published, so no freshness can be asked for. 400 bytes an answer.
        expected = {"mirror": "first", "measured": None, "requests": 4, "bytes": 1600,
                    "kinds": [{"kind": "index", "requests": 4, "bytes": 1600}]}
        self.assertEqual(self.run_ok("budget", "first", "--json").json(), [expected])
        both = self.run_ok("budget", "--json").json()
        self.assertEqual(sorted(budget["mirror"] for budget in both), ["first", "second"])
        self.assertRegex(self.run_ok("budget", "first").out, r"first +all +4 +1600 +estimated")


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


@on_each_database
class Outbox(ProgramTest):
    def test_mail_waits_with_its_text(self):
        self.load(CATALOG)
        self.run_ok("mirror", "disable", "second", "--reason", "x", "--no-owner-notification")

        mail = self.run_ok("outbox", "list", "--json").json()[0]

        self.assertEqual(list(mail), ["id", "state", "to", "subject", "mirror", "created",
                                      "attempts", "next_attempt", "last_error", "message_id",
                                      "body"])
        self.assertEqual((mail["state"], mail["attempts"], mail["last_error"], mail["mirror"]),
                         ("waiting", 0, None, "second"))
        self.assertIn(mail["subject"], self.run_ok("outbox", "list").out)

    def test_nothing_is_delivered_without_a_mail_server(self):
        result = self.run_program("outbox", "deliver")

        self.assertEqual(result.status, 2)
        self.assertIn("smtp_url", result.err)

    def test_mail_waits_on_while_the_server_is_away(self):
        self.load(CATALOG)
        self.run_ok("mirror", "disable", "second", "--reason", "x", "--no-owner-notification")
        with socket.socket() as closed:  # bound, and never listening
            closed.bind(("127.0.0.1", 0))
            config = self.write("c.toml", '[mail]\nfrom = "a@example.org"\n'
                                f'smtp_url = "smtp://127.0.0.1:{closed.getsockname()[1]}"\n')

            result = self.run_program("--config", config, "outbox", "deliver")

        self.assertEqual(result.status, 1)
        mail = self.run_ok("outbox", "list", "--json").json()[0]
        self.assertEqual((mail["state"], mail["attempts"]), ("waiting", 1))
        self.assertIsNotNone(mail["last_error"])

    def test_only_an_uncertain_mail_is_sent_again_by_hand(self):
        self.assertEqual(self.run_program("outbox", "retry", 17).status, 2)


@on_each_database
class Databases(ProgramTest):
    def test_check_says_which_database_and_that_it_is_sound(self):
        self.assertIn("schema", self.run_ok("database", "migrate").out)
        self.assertRegex(self.run_ok("database", "check").out, "(sqlite|postgresql).*integrity ok")

    def test_nothing_shows_colours_in_a_pipe(self):
        self.load(CATALOG)
        for words in (["mirror", "list"], ["mirror", "show", "first"], ["catalog", "show"],
                      ["--help"]):
            self.assertNotIn("\x1b", self.run_ok(*words).out)


class Settings(ProgramTest):
    def test_the_flag_wins_over_the_environment_over_the_configuration(self):
        paths = {name: f"sqlite:{self.folder}/{name}.sqlite" for name in ("flag", "env", "file")}
        config = self.write("c.toml", f'database = "{paths["file"]}"\n')
        env = {"MIRRORWARDEN_DATABASE": paths["env"], "MIRRORWARDEN_CONFIG": config}

        def made():
            return {path.stem for path in self.folder.glob("*.sqlite")}

        self.run_ok("mirror", "list", "--database", paths["flag"], env=env)
        self.assertEqual(made(), {"flag"})
        self.run_ok("mirror", "list", env=env)
        self.assertEqual(made(), {"flag", "env"})
        self.run_ok("mirror", "list", env={**env, "MIRRORWARDEN_DATABASE": ""})
        self.assertEqual(made(), {"flag", "env", "file"})

    def test_the_default_database_is_private_and_below_the_state_folder(self):
        self.run_ok("mirror", "list", env={"MIRRORWARDEN_DATABASE": ""})

        folder = self.folder / ".local/state/mirrorwarden"
        self.assertTrue((folder / "mirrorwarden.sqlite").exists())
        self.assertEqual(os.stat(folder).st_mode & 0o777, 0o700)

    def test_a_password_in_the_url_is_never_printed(self):
        url = "postgresql://somebody:s3cret@127.0.0.1:1/nothing"

        result = self.run_program("mirror", "list", env={"MIRRORWARDEN_DATABASE": url})

        self.assertEqual(result.status, 1)
        self.assertNotIn("s3cret", result.out + result.err)
        self.assertIn("127.0.0.1", result.err)

    def test_a_full_disk_under_standard_output_is_told(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PROGRAM, "mirror", "list"], stdout=full, text=True,
                                  env=clean_environment(self.folder,
                                                        MIRRORWARDEN_DATABASE=self.database),
                                  stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("standard output", done.stderr)

    def test_every_command_explains_itself(self):
        def commands(words):
            text = self.run_ok(*words, "--help").out
            self.assertIn("Usage: mirrorwarden", text)
            listed = re.search(r"\nCommands:\n((?:  .*\n)+)", text)
            if listed is None:
                self.assertIn("Examples:", text, words)
                return 1
            return sum(commands([*words, line.split()[0]])
                       for line in listed[1].splitlines() if line[2] != " ")

        self.assertGreaterEqual(commands([]), 18)


if __name__ == "__main__":
    unittest.main()
