#!/usr/bin/python3
"""A database that dies in the middle of a run: the run says so and ends, every mirror has
its old results or its new ones, and the next run decides what is left."""

import os
import subprocess
import threading
import time
import unittest

from debian_catalog import debian, mirror
from full_disk_test import can_mount, small_disk
from loopback_mirrors import Answer, LoopbackMirrors
from mirrorwarden_testing import PROGRAM, clean_environment
from own_postgres import OwnPostgres
from probing_testing import ProbingTest

LATE = "127.0.7.22"


class DeadDatabaseTest(ProbingTest):
    """One mirror answers at once, one when the test lets it, one has lost everything."""

    def load_mirrors(self):
        self.is_gone = False
        self.let_answer = threading.Event()
        self.let_answer.set()
        self.asked_late = threading.Event()
        # One thread answers for all mirrors of a server, so the late one has a server of its own.
        fast = LoopbackMirrors(self.respond, ["127.0.7.21", "127.0.7.23"])
        slow = LoopbackMirrors(self.respond, [LATE])
        self.addCleanup(fast.close)
        self.addCleanup(slow.close)
        self.addCleanup(self.let_answer.set)
        urls = {"early": fast.url("/", "127.0.7.21"), "late": slow.url("/", LATE), "gone": fast.url("/", "127.0.7.23")}
        self.write("c.toml", debian() + "".join(
            mirror(name, url, owner=f"{name}@example.org") for name, url in urls.items()))
        self.run_ok("catalog", "load", "c.toml")
        self.run_ok("probe")

    def respond(self, host, method, path):
        if host == LATE:
            self.asked_late.set()
            self.let_answer.wait(30)
        return Answer(404 if self.is_gone and host == "127.0.7.23" else 200)

    def test_a_server_that_is_stopped_ends_the_run_and_loses_nothing(self):
        server = OwnPostgres(self)
        server.keep_what_is_committed()
        self.database = server.url
        self.load_mirrors()
        before = self.json("mirror", "show", "late")
        self.is_gone = True
        self.let_answer.clear()
        self.asked_late.clear()
        run = subprocess.Popen([PROGRAM, "probe", "--force"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env=clean_environment(self.folder, MIRRORWARDEN_DATABASE=self.database))
        self.addCleanup(run.communicate)
        self.addCleanup(run.kill)
        self.assertTrue(self.asked_late.wait(30))
        self.wait_until(lambda: len(self.json("log", "gone", "--list")) == 2)

        server.control("-m", "immediate", "stop")
        self.let_answer.set()
        _, told = run.communicate(timeout=60)
        server.control("start")

        self.assertEqual(run.returncode, 1, told)
        self.assertRegex(told.splitlines()[-1], r"^mirrorwarden: .*postgresql://")
        self.assertEqual(self.json("mirror", "show", "late"), before)
        self.assertIs(self.json("mirror", "show", "gone")["enabled"], True)
        self.assertEqual(self.json("outbox", "list"), [])

        # Whether the last moment's results were kept is chance, so that all are asked again.
        report = self.json("probe", "--force")
        self.assertEqual(report["disabled"], ["gone"])
        self.assertEqual([mail["to"]["address"] for mail in self.json("outbox", "list")], ["gone@example.org"])

    def wait_until(self, happened):
        deadline = time.monotonic() + 30
        while not happened():
            self.assertLess(time.monotonic(), deadline, "it did not happen in 30 s")


if __name__ == "__main__":
    unittest.main()
