#!/usr/bin/python3
"""A run that is killed (SIGKILL) at any moment leaves every mirror with its old
rows or its new ones, whole, with their record and log; the next run starts; and no
mail is lost or sent twice.
"""

import os
import random
import signal
import time
import unittest

from loopback_mirrors import Answer, LoopbackMirrors
from mirrorwarden_testing import on_each_database
from probing_testing import ProbingTest

KILLS = int(os.environ.get("MIRRORWARDEN_TEST_KILLS", "50"))
MIRRORS = 8
COMPONENTS = ("main", "contrib", "non-free")
ARCHITECTURES = ("amd64", "arm64", "i386")
EMPTY_MIRRORS = (2, 5)  # these lose everything every other generation, and are disabled


def catalogue(server):
    text = """
[[distribution]]
name = "debian"
title = "Debian"
pockets = ["RELEASE", "UPDATES"]

[[distribution.series]]
name = "bookworm"
version = "12"
"""
    text += f"components = {list(COMPONENTS)}\narchitectures = {list(ARCHITECTURES)}\n"
    for number in range(MIRRORS):
        text += f"""
[[mirror]]
name = "mirror-{number}"
distribution = "debian"
owner = "Owner {number} <owner-{number}@example.org>"
country = "BR"
speed = "100M"
http_url = "{server.url('/', f'127.0.1.{number + 1}')}"
"""
    return text


class Archive:
    """Answers like one of two generations of the archive: the even one has only
    the architectures' indexes, the odd one only the sources', and no index is in both."""

    def __init__(self):
        self.generation = 0

    def respond(self, host, method, path):
        number = int(host.rsplit(".", 1)[1]) - 1
        odd = self.generation % 2 == 1
        if odd and number in EMPTY_MIRRORS:
            return Answer(404, delay=0.001)
        has = ("/source/" in path) if odd else ("/binary-" in path)
        return Answer(200 if has else 404, delay=0.001)


EVEN_ROWS = len(COMPONENTS) * len(ARCHITECTURES) * 2
ODD_ROWS = len(COMPONENTS) * 2
REQUESTS = MIRRORS * (EVEN_ROWS + ODD_ROWS)


@on_each_database
class KillTest(ProbingTest):
    def test_killed_at_any_moment_every_mirror_is_old_or_new(self):
        moments = random.Random(20261121)
        archive = Archive()
        addresses = [f"127.0.1.{number + 1}" for number in range(MIRRORS)]
        with LoopbackMirrors(archive.respond, addresses) as server, self.mail_server() as mail:
            self.run_ok("catalog", "load", self.write("catalogue.toml", catalogue(server)))
            self.run_both_generations(archive, mail)
            killed = 0
            for attempt in range(KILLS):
                archive.generation += 1
                killed += self.killed_run(server, moments.uniform(0, 1.5), mail)
                with self.subTest(kill=attempt):
                    self.assert_each_mirror_is_whole()
            # Two thirds of the moments lie before the last answer, when no run can be over.
            self.assertGreater(killed, KILLS // 2, "most runs ended before they were killed")
            archive.generation += 1
            self.run_ok("probe", "--force", env={"MIRRORWARDEN_CONFIG": mail.config})
            self.run_ok("outbox", "deliver", env={"MIRRORWARDEN_CONFIG": mail.config})
            self.assert_no_mail_lost_or_doubled(mail)

    def run_both_generations(self, archive, mail):
        for generation in (1, 2):
            archive.generation = generation
            self.run_ok("probe", "--force", env={"MIRRORWARDEN_CONFIG": mail.config})

    def killed_run(self, server, moment, mail):
        """Kills a run when it has asked `moment` of all its requests; beyond 1, up to
        a tenth of a second after the last one. False if it was over before."""
        before = server.total
        process = self.start("probe", "--force", env={"MIRRORWARDEN_CONFIG": mail.config})
        while server.total - before < min(moment, 1) * REQUESTS and process.poll() is None:
            time.sleep(0.0005)  # the server counts in a thread of its own
        if moment > 1:
            time.sleep((moment - 1) / 5)
        process.send_signal(signal.SIGKILL)
        return process.wait(10) == -signal.SIGKILL

    def assert_each_mirror_is_whole(self):
        for number in range(MIRRORS):
            shown = self.json("mirror", "show", f"mirror-{number}")
            rows = shown["rows"]
            sources = [row for row in rows if row["arch"] == "source"]
            if rows and sources:
                self.assertEqual((len(rows), len(sources)), (ODD_ROWS, ODD_ROWS))
            elif rows:
                self.assertEqual(len(rows), EVEN_ROWS)
            else:
                self.assertIn(number, EMPTY_MIRRORS)
            newest = shown["probes"][0]
            self.assertEqual(newest["found"], len(rows))
            log = self.run_ok("log", f"mirror-{number}").out
            self.assertEqual(sum("row ensured" in line for line in log.splitlines()), len(rows))

    def assert_no_mail_lost_or_doubled(self, mail):
        delivered = [message["Message-ID"] for message in mail.messages()]
        self.assertEqual(len(delivered), len(set(delivered)), "a mail was sent twice")
        entries = self.json("outbox", "list", "--all")
        known = {entry["message_id"] for entry in entries}
        self.assertLessEqual(set(delivered), known)
        unheard = {e["message_id"] for e in entries if e["state"] == "uncertain"}
        self.assertEqual(set(delivered) | unheard, known, "a mail was lost")
        changes = 0
        for number in EMPTY_MIRRORS:
            audit = self.json("mirror", "show", f"mirror-{number}")["audit"]
            changes += sum(entry["what"] in ("disabled", "enabled") for entry in audit)
        self.assertEqual(len(known), changes, "a decision without its mail, or a mail without one")


if __name__ == "__main__":
    unittest.main()
