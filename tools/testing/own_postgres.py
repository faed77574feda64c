"""A PostgreSQL server of a test's own, for tests that stop or kill it: others use the shared one."""

import os
import pathlib
import subprocess

from mirrorwarden_testing import POSTGRES

TESTING = pathlib.Path(__file__).resolve().parent


class OwnPostgres:
    """Ends with the test, which is skipped where tests have no PostgreSQL."""

    def __init__(self, test):
        if not POSTGRES:
            test.skipTest("MIRRORWARDEN_TEST_POSTGRES names no server")
        server = subprocess.Popen(
            [TESTING / "private-postgres", "sh", "-c",
             'echo "$MIRRORWARDEN_TEST_POSTGRES"; echo "$MIRRORWARDEN_TEST_POSTGRES_DATA"; cat'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        test.addCleanup(server.communicate)  # closes its standard input, which ends it
        self.url = server.stdout.readline().strip()
        self.data = pathlib.Path(server.stdout.readline().strip())

    def keep_what_is_committed(self):
        """As servers do: others of tests may lose the last moments. Where only processes die, what is
        written needs no fsync; but it must be written."""
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as settings:
            settings.write("synchronous_commit = on\n")
        self.control("restart")

    def control(self, *words):
        """pg_ctl with these words, and waits."""
        program = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))[-1]
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*prefix, program, "-D", self.data, "-w", "-l", self.data / "server.log", *words], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, cwd="/")
