#!/usr/bin/python3
"""Killed at any moment, service or database, no report that was acknowledged is lost, and no branch
stays with a worker for longer than its lease.
"""

import http.client
import os
import pathlib
import random
import signal
import threading
import time
import unittest
import xml.parsers.expat
import xmlrpc.client

from http_service import Service
from own_postgres import OwnPostgres
from reporting import ReportingTest

KILLS = int(os.environ.get("MIRRORWARDEN_TEST_KILLS", "12"))
WORKERS = 4
BRANCHES = 12
PATIENCE = 60  # seconds
STALE_ATTEMPT = 3


BROKEN_OFF = (OSError, http.client.HTTPException, xmlrpc.client.ProtocolError, xml.parsers.expat.ExpatError)
MIRRORED = [1, *range(4, BRANCHES + 1)]  # what is no REMOTE branch, and is asked for


class Report:
    """One that a branch was mirrored."""

    def __init__(self, branch, revision):
        self.branch = branch
        self.revision = revision
        self.sent = time.monotonic()
        self.is_acknowledged = False


class Worker(threading.Thread):
    """Mirrors what is due again and again, and asks for more; whatever is not answered is let be."""

    def __init__(self, test, number):
        super().__init__()
        self.test = test
        self.number = number
        self.proxy = None
        self.reports = []
        self.runs = []  # of jobs, recorded and acknowledged
        self.fault = None

    def run(self):
        pause = threading.Event()
        try:
            while not self.test.over.is_set():
                try:
                    self.work()
                except BROKEN_OFF:
                    self.close()
                    pause.wait(0.01)
        except Exception as fault:  # told by the test: nobody hears a thread
            self.fault = fault
        self.close()

    def close(self):
        if self.proxy is not None:
            self.proxy("close")()
        self.proxy = None

    def work(self):
        if self.proxy is None:
            self.proxy = self.test.proxy(self.test.service, "/xmlrpc/branch", "admin", "everybody")
        self.proxy.requestMirror(random.choice(MIRRORED))
        acquired = self.proxy.acquireBranchToPull([])
        if not acquired:
            return
        report = Report(acquired[0], f"{self.number}-{len(self.reports)}")
        self.reports.append(report)
        try:
            self.proxy.mirrorComplete(report.branch, report.revision, acquired[4])
        except xmlrpc.client.Fault as fault:
            # Its lease ended meanwhile, or Python's client sent it again by itself.
            if fault.faultCode != STALE_ATTEMPT:
                raise
            return
        report.is_acknowledged = True
        self.test.record(report.revision)
        self.runs.append(report.revision)

    def acknowledged(self):
        return sum(report.is_acknowledged for report in self.reports)


class Killed:
    """`kill` ends something, and `revive` brings it back."""

    def setUp(self):
        super().setUp()
        for number in range(4, BRANCHES + 1):
            self.run_ok("branch", "add", f"branch-{number}", f"https://git.example.org/{number}.git",
                        "--type", "MIRRORED")
        self.token("admin", "everybody")
        self.over = threading.Event()
        self.start_service()
        self.addCleanup(lambda: self.service.kill())

    def start_service(self):
        self.service = Service(self.folder, self.database, "--no-access-log", "--lease", "2")

    def record(self, name):
        now = time.gmtime()
        with self.proxy(self.service, "/xmlrpc/scripts", "admin", "everybody") as scripts:
            scripts.recordSuccess(name, "host", tuple(now), tuple(now))

    def test_no_acknowledged_report_is_lost_and_no_branch_is_stuck(self):
        moments = random.Random(20261121)
        workers = [Worker(self, number) for number in range(WORKERS)]

        def acknowledged():
            return sum(worker.acknowledged() for worker in workers)

        for worker in workers:
            worker.start()
        try:
            for _ in range(KILLS):
                before = acknowledged()
                self.wait_until(lambda: acknowledged() > before)
                self.over.wait(moments.random() * 0.3)
                self.kill()
                self.revive()
        finally:
            self.over.set()
            for worker in workers:
                worker.join()

        self.assertEqual([worker.fault for worker in workers], [None] * WORKERS)
        self.check_reports([report for worker in workers for report in worker.reports])
        self.assertLessEqual({run for worker in workers for run in worker.runs},
                             {name for name, in self.sql("SELECT name FROM script JOIN script_activity ON script = id")})
        self.wait_until(lambda: self.sql("SELECT count(*) FROM branch WHERE lease_end IS NOT NULL") == [("0",)])
        self.assertEqual(self.service.ask("/healthz").status, 200)

    def check_reports(self, reports):
        """A branch is at what was acknowledged last, or at what was sent after that and not answered."""
        kept = {int(number): revision for number, revision in self.sql("SELECT id, last_mirrored_id FROM branch")}
        for branch in {report.branch for report in reports}:
            ours = [report for report in reports if report.branch == branch]
            last = max((report.sent for report in ours if report.is_acknowledged), default=0)
            self.assertIn(kept[branch], {report.revision for report in ours if report.sent >= last}
                          | ({""} if not last else set()))

    def wait_until(self, condition):
        pause = threading.Event()
        for _ in range(PATIENCE * 20):
            if condition():
                return
            pause.wait(0.05)
        self.fail(f"it stays so: {''.join(self.service.errors[-20:])}")


class KilledService(Killed):
    def kill(self):
        self.service.stop(signal.SIGKILL)

    def revive(self):
        self.start_service()


class ServiceOnSqlite(KilledService, ReportingTest):
    pass


class ServiceOnPostgres(KilledService, ReportingTest):
    database_kind = "postgresql"


def state_of(process):
    """One letter: see proc(5)."""
    return pathlib.Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]


class DatabaseIsKilled(Killed, ReportingTest):
    """A PostgreSQL server of its own, of which every process is killed."""

    def make_database(self):
        self.server = OwnPostgres(self)
        self.database = self.server.url
        self.server.keep_what_is_committed()

    def kill(self):
        main = int((self.server.data / "postmaster.pid").read_text(encoding="ascii").split()[0])
        # Stopped, it starts no server that would live on, and wait for ever for a lock of the dead.
        os.kill(main, signal.SIGSTOP)
        self.wait_until(lambda: state_of(main) == "T")
        children = pathlib.Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii").split()
        for process in (main, *map(int, children)):
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass  # ended meanwhile
        self.processes = [main, *map(int, children)]

    def revive(self):
        self.wait_until(lambda: not any(pathlib.Path(f"/proc/{process}").exists() for process in self.processes))
        self.server.control("start")


if __name__ == "__main__":
    unittest.main()
