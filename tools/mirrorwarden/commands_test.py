#!/usr/bin/python3
"""What the other commands do and print, and what all have in common."""

import os
import re
import socket
import subprocess
import unittest

from mirrorwarden_testing import PROGRAM, ProgramTest, clean_environment, on_each_database
from tiny_catalog import CATALOG


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

    def test_mail_that_was_not_sent_can_be_discarded(self):
        self.load(CATALOG)
        self.run_ok("mirror", "disable", "second", "--reason", "x", "--no-owner-notification")
        number = self.run_ok("outbox", "list", "--json").json()[0]["id"]

        self.assertIn(str(number), self.run_ok("outbox", "discard", number).out)

        self.assertEqual(self.run_ok("outbox", "list", "--all", "--json").json(), [])
        self.assertEqual(self.run_program("outbox", "discard", number).status, 2)

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

        self.run_ok("database", "migrate", "--database", paths["flag"], env=env)
        self.assertEqual(made(), {"flag"})
        self.run_ok("database", "migrate", env=env)
        self.assertEqual(made(), {"flag", "env"})
        self.run_ok("database", "migrate", env={**env, "MIRRORWARDEN_DATABASE": ""})
        self.assertEqual(made(), {"flag", "env", "file"})

    def test_the_default_database_is_private_and_below_the_state_folder(self):
        self.run_ok("database", "migrate", env={"MIRRORWARDEN_DATABASE": ""})

        folder = self.folder / ".local/state/mirrorwarden"
        self.assertTrue((folder / "mirrorwarden.sqlite").exists())
        self.assertEqual(os.stat(folder).st_mode & 0o777, 0o700)

    def test_the_state_folder_is_where_the_environment_says(self):
        env = {"MIRRORWARDEN_DATABASE": "", "XDG_STATE_HOME": self.folder / "state"}
        self.run_ok("database", "migrate", env=env)

        self.assertTrue((self.folder / "state/mirrorwarden/mirrorwarden.sqlite").exists())
        self.assertFalse((self.folder / ".local").exists())

    def test_a_password_in_the_url_is_never_printed(self):
        url = "postgresql://somebody:s3cret@127.0.0.1:1/nothing"

        result = self.run_program("mirror", "list", env={"MIRRORWARDEN_DATABASE": url})

        self.assertEqual(result.status, 1)
        self.assertNotIn("s3cret", result.out + result.err)
        self.assertIn("127.0.0.1", result.err)

    def test_a_full_disk_under_standard_output_is_told(self):
        self.load(CATALOG)
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PROGRAM, "mirror", "list"], stdout=full, text=True,
                                  env=clean_environment(self.folder,
                                                        MIRRORWARDEN_DATABASE=self.database),
                                  stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("standard output", done.stderr)

    def test_what_cannot_be_said_changes_no_exit_status(self):
        self.load(CATALOG)
        full = "exec 2>/dev/full"
        cases = [
            ("an unknown mirror", full, ["mirror", "show", "nope"], 2),
            ("an unknown flag", full, ["mirror", "list", "--bad"], 2),
            ("a closed standard error", "exec 2>&-", ["mirror", "list", "--bad"], 2),
            ("a file that is not there", full, ["catalog", "load", "x.toml"], 2),
            ("a database that cannot be opened", full,
             ["--database", "sqlite:/nonexistent/x", "mirror", "list"], 1),
            ("both streams", "exec >/dev/full 2>&1", ["mirror", "list"], 1),
            ("a closed standard output", "exec >&-", ["mirror", "list"], 1),
            ("both of a run", "exec >/dev/full 2>&1", ["probe", "--report", "--force"], 1),
            ("a help", "exec >/dev/full", ["--help"], 1),
            ("a token that nobody sees", "exec >/dev/full",
             ["token", "create", "--for", "admin", "alice", "--expires", "1d"], 1),
            ("a token that is told of in vain", full,
             ["token", "create", "--for", "admin", "alice", "--expires", "1d"], 0),
        ]
        for why, streams, words, status in cases:
            with self.subTest(why):
                done = subprocess.run(
                    ["sh", "-c", streams + '; "$@"; exit $?', "sh", PROGRAM, *words],
                    cwd=self.folder, timeout=60, stdin=subprocess.DEVNULL, capture_output=True,
                    env=clean_environment(self.folder, MIRRORWARDEN_DATABASE=self.database))
                self.assertEqual(done.returncode, status, done.stderr)

    def test_nothing_that_is_opened_takes_the_place_of_a_closed_standard_stream(self):
        pipe = self.folder / "config.toml"
        os.mkfifo(pipe)
        with subprocess.Popen(["sh", "-c", 'exec <&- >&- 2>&-; exec "$@"', "sh", PROGRAM,
                               "--config", pipe, "mirror", "list"],
                              env=clean_environment(self.folder)) as process:
            with open(pipe, "w", encoding="utf-8"):  # waits until the program reads it
                folder = f"/proc/{process.pid}/fd"
                opened = {int(number): os.readlink(f"{folder}/{number}")
                          for number in os.listdir(folder)}
            self.assertEqual(process.wait(60), 1)
        self.assertIn(str(pipe), opened.values())
        self.assertEqual([opened[number] for number in range(3)], ["/dev/null"] * 3)

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
