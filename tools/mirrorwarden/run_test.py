#!/usr/bin/python3
"""A run as the admin meets it: two at once, ended by hand, watched on a terminal, and
its mail delivered."""

import fcntl
import os
import pty
import re
import resource
import select
import signal
import struct
import subprocess
import termios
import threading
import time
import unittest

from debian_catalog import debian, mirror
from loopback_mirrors import Answer, LoopbackMirrors
from mirrorwarden_testing import PROGRAM, clean_environment, on_each_database
from probing_testing import ProbingTest

@on_each_database
class RunTest(ProbingTest):
    def setUp(self):
        super().setUp()
        self.blocking = False
        self.asked = set()
        self.asked_while_blocking = threading.Event()
        self.server = LoopbackMirrors(self.respond, ["127.0.7.1", "127.0.7.2", "127.0.7.3"])
        self.addCleanup(self.server.close)
        urls = {n: self.server.url("/", f"127.0.7.{i + 1}") for i, n in enumerate(("fine", "slow", "gone"))}
        self.write("c.toml", debian() + "".join(
            mirror(name, url, owner=f"Zoë <{name}@example.org>") for name, url in urls.items()))
        self.run_ok("catalog", "load", "c.toml")

    def respond(self, host, method, path):
        self.asked.add(path)
        if host == "127.0.7.3":
            return Answer(404)
        if host == "127.0.7.2" and self.blocking:
            self.asked_while_blocking.set()
            return Answer(never=True)
        return Answer()

    def blocked_run(self, **options):
        """A run that waits for the slow mirror, and has been answered by the others."""
        self.blocking = True
        process = self.start("probe", "--force", **options)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertTrue(self.asked_while_blocking.wait(30))
        self.wait_until(lambda: len(self.json("log", "fine", "--list")) == self.probes_before + 1)
        self.wait_until(lambda: len(self.json("log", "gone", "--list")) == self.probes_before + 1)
        return process

    def wait_until(self, happened):
        deadline = time.monotonic() + 30
        while not happened():
            self.assertLess(time.monotonic(), deadline, "it did not happen in 30 s")

    def test_a_second_run_says_so_and_stops(self):
        self.probes_before = 0
        self.blocked_run()

        second = self.run_program("probe")

        self.assertEqual(second.status, 4)
        self.assertEqual(second.out, "")
        self.assertRegex(second.err, "^mirrorwarden: .*another")

    def test_ended_by_hand_it_keeps_what_was_decided_and_touches_nothing_else(self):
        self.run_ok("probe", "--mirror", "slow", "--mirror", "fine", "--mirror", "gone")
        self.run_ok("mirror", "enable", "gone", "--reason", "a second chance")
        before = self.json("mirror", "show", "slow")
        self.probes_before = 1
        process = self.blocked_run()

        process.send_signal(signal.SIGINT)

        self.assertEqual(process.wait(20), 1)
        self.assertEqual(self.json("mirror", "show", "slow"), before)
        self.assertIs(self.json("mirror", "show", "gone")["enabled"], False)
        self.assertEqual(len(self.json("mirror", "show", "fine")["probes"]), 2)
        self.blocking = False
        self.assertEqual(self.json("probe", "--dry-run")["mirrors"], [])

    def test_mail_that_waited_is_delivered_by_hand_and_once(self):
        self.run_ok("probe")
        with self.mail_server() as mail:
            configured = {"MIRRORWARDEN_CONFIG": mail.config}
            self.run_ok("outbox", "deliver", env=configured)
            self.run_ok("outbox", "deliver", env=configured)
            messages = mail.messages()

        self.assertEqual([message["To"] for message in messages], ["Zoë <gone@example.org>"])
        self.assertEqual(messages[0]["Auto-Submitted"], "auto-generated")
        self.assertEqual(messages[0]["Precedence"], "bulk")
        self.assertIn("http-status 404", messages[0].get_body().get_content())
        self.assertEqual(self.json("outbox", "list"), [])
        self.assertEqual([entry["state"] for entry in self.json("outbox", "list", "--all")], ["sent"])

    def test_killed_before_the_server_s_last_word_a_mail_is_not_sent_again_by_itself(self):
        self.run_ok("probe")
        with self.mail_server("--hang-after-data") as mail:
            delivery = self.start("outbox", "deliver", env={"MIRRORWARDEN_CONFIG": mail.config})
            self.wait_until(mail.messages)
            delivery.kill()
            delivery.wait()
            [accepted] = mail.messages()
        [entry] = self.json("outbox", "list")
        self.assertEqual(entry["state"], "uncertain")

        with self.mail_server() as mail:
            configured = {"MIRRORWARDEN_CONFIG": mail.config}
            self.run_ok("outbox", "deliver", env=configured)
            self.assertEqual(mail.messages(), [])
            self.run_ok("outbox", "retry", str(entry["id"]))
            self.run_ok("outbox", "deliver", env=configured)
            [again] = mail.messages()
        self.assertEqual(again["Message-ID"], accepted["Message-ID"])

    def test_a_mail_server_that_is_away_loses_no_mail(self):
        config = self.write("away.toml", '[mail]\nsmtp_url = "smtp://127.0.7.9:9"\nfrom = "w@example.org"\n')

        result = self.run_program("probe", env={"MIRRORWARDEN_CONFIG": str(config)})

        self.assertEqual(result.status, 0)
        self.assertIn("WARNING ", result.err)
        entry = self.json("outbox", "list")[0]
        self.assertEqual((entry["state"], entry["attempts"]), ("waiting", 1))
        self.assertGreater(entry["next_attempt"], entry["created"])

        with self.mail_server() as mail:
            configured = {"MIRRORWARDEN_CONFIG": mail.config}
            self.run_ok("probe", env=configured)
            self.run_ok("outbox", "deliver", "--due", env=configured)
            self.assertEqual(mail.messages(), [])
            self.assertIn("1 sent", self.run_ok("outbox", "deliver", env=configured).out)
            self.assertEqual([message["To"] for message in mail.messages()], ["Zoë <gone@example.org>"])

    def test_so_many_at_most_are_those_that_have_waited_longest(self):
        self.run_ok("probe", "--mirror", "slow")
        self.run_ok("probe", "--mirror", "gone", "--no-owner-notification")

        def chosen(number):
            return set(self.json("probe", "--dry-run", "--force", "--max-mirrors", number)["mirrors"])

        self.assertEqual(chosen(1), {"fine"})
        self.assertEqual(chosen(2), {"fine", "slow"})
        self.assertEqual(chosen(9), {"fine", "slow", "gone"})

    def test_it_takes_more_descriptors_where_it_may_and_says_where_it_may_not(self):
        def limited(soft, hard):
            process = self.start("probe", "--force", "--max-parallel", "20", stderr=subprocess.PIPE,
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard)))
            _, errors = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0, errors)
            return errors

        enough = limited(50, 200)
        too_few = limited(50, 70)

        self.assertNotIn("descriptors", enough)
        self.assertIn("70 descriptors allow 6 connections at once, not 20", too_few)
        self.assertIn("lower --max-parallel", too_few)
        first, second = self.json("log", "fine", "--list")
        self.assertEqual((first["verdict"], second["verdict"]), ("passed", "passed"))

    def test_a_proxy_is_asked_in_every_mirror_s_place(self):
        self.run_ok("mirror", "edit", "fine", "--http-url", "http://fine.example.invalid/")
        self.asked = set()

        self.run_ok("probe", "--mirror", "fine", "--proxy", self.server.url("", "127.0.7.1"))

        self.assertEqual(len(self.json("mirror", "show", "fine")["rows"]), 2)
        self.assertIn("http://fine.example.invalid/dists/bookworm/main/binary-amd64/Packages.gz", self.asked)

    def test_a_clock_that_was_far_ahead_spares_no_mirror_and_keeps_back_no_mail(self):
        away = self.write("away.toml", '[mail]\nsmtp_url = "smtp://127.0.7.9:9"\nfrom = "w@example.org"\n')
        self.run_ok("probe", env={"MIRRORWARDEN_CONFIG": str(away)})
        year = 365 * 86400 * 1_000_000
        self.write_sql(f"UPDATE probe SET started = started + {year}, finished = finished + {year}")
        self.write_sql(f"UPDATE message SET created = created + {year}, next_attempt = next_attempt + {year}")

        with self.mail_server() as mail:
            self.assertEqual(self.json("probe", env={"MIRRORWARDEN_CONFIG": mail.config})["probed"], 3)

            self.assertEqual([message["To"] for message in mail.messages()], ["Zoë <gone@example.org>"])
        # And the last probe is the one that was made last.
        last = self.json("mirror", "show", "fine")["probes"][0]["started"]
        self.assertLess(last, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600)))
        self.assertEqual(self.json("log", "fine", "--list")[0]["started"], last)

    def test_a_mirror_that_wants_to_be_left_alone_is_no_failure_of_the_run(self):
        away = Answer(429, headers=(("Retry-After", "86400"),))
        rules = Answer(body=b"Disallow: /dists/\n")
        cases = {"come later": lambda path: away,
                 "disallows": lambda path: rules if path.startswith("/.well-known/") else Answer()}
        for words, answer in cases.items():
            with self.subTest(words):
                self.server.respond = lambda host, method, path, answer=answer: (
                    answer(path) if host == "127.0.7.1" else self.respond(host, method, path))

                result = self.run_program("probe", "--force")

                self.assertEqual(result.status, 0, result.err)
                self.assertRegex(result.err, f"WARNING fine keeps its old results: .*{words}")

    def test_ended_by_hand_without_a_mail_server_it_promises_no_mail(self):
        self.probes_before = 0
        process = self.blocked_run(stderr=subprocess.PIPE)

        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)

        self.assertIn("Mails waiting in the outbox: 1. No mail server is configured", told)

    def test_nobody_s_owner_is_mailed_where_that_was_said(self):
        self.run_ok("probe", "--no-owner-notification")

        self.assertIs(self.json("mirror", "show", "gone")["enabled"], False)
        self.assertEqual(self.json("outbox", "list"), [])


class TerminalTest(ProbingTest):
    """What a terminal shows: a line of progress, colours, and neither when piped."""

    def on_a_terminal(self, *arguments, columns=100, **more):
        """Everything that the program writes to a terminal of so many columns."""
        leader, follower = pty.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))
        variables = clean_environment(self.folder, MIRRORWARDEN_DATABASE=self.database, TERM="xterm", **more)
        process = subprocess.Popen(
            [PROGRAM, *arguments], stdin=follower, stdout=follower, stderr=follower, env=variables, cwd=self.folder
        )
        os.close(follower)
        written = b""
        while select.select([leader], [], [], 60)[0]:
            try:
                written += os.read(leader, 65536)
            except OSError:  # how Linux says that nobody holds the other end any more
                break
        os.close(leader)
        self.assertEqual(process.wait(10), 0)
        return written.decode()

    def test_a_long_run_shows_how_far_it_is_and_clears_it_away(self):
        with LoopbackMirrors(lambda *_: Answer(delay=0.4), ["127.0.7.11"]) as server:
            self.write("c.toml", debian() + mirror("fine", server.url("/", "127.0.7.11")))
            self.run_ok("catalog", "load", "c.toml")
            shown = self.on_a_terminal("probe")

        self.assertIn("0 of 1 mirrors", shown)
        self.assertTrue(re.search(r"\r\x1b\[K[^\r]*INFO    Probed 1 mirror\.", shown), repr(shown))

    def test_a_listing_fits_a_terminal_of_80_columns(self):
        with LoopbackMirrors(lambda *_: Answer(), ["127.0.7.13"]) as server:
            self.write("c.toml", debian() + mirror("ftp.mirrors.example.org-archive", server.url("/", "127.0.7.13")))
            self.run_ok("catalog", "load", "c.toml")
            report = self.on_a_terminal("probe", "--report", columns=80, NO_COLOR="1")

        listing = self.on_a_terminal("mirror", "list", columns=80, NO_COLOR="1")
        for line in [*listing.splitlines()[:2], *report.splitlines()[-3:-1]]:
            self.assertLessEqual(len(line), 80, line)
        self.assertIn("ftp.mirrors.exa", listing)
        self.assertIn("Last update unknown", listing)
        self.assertIn("Left out on this narrow screen: ", listing)

    def test_colours_only_where_somebody_sees_them(self):
        with LoopbackMirrors(lambda *_: Answer(), ["127.0.7.12"]) as server:
            self.write("c.toml", debian() + mirror("fine", server.url("/", "127.0.7.12")))
            self.run_ok("catalog", "load", "c.toml")

        self.assertIn("\x1b[", self.on_a_terminal("mirror", "list"))
        self.assertNotIn("\x1b[", self.on_a_terminal("mirror", "list", NO_COLOR="1"))
        self.assertNotIn("\x1b[", self.run_ok("mirror", "list").out)


if __name__ == "__main__":
    unittest.main()
