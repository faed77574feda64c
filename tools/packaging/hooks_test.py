#!/usr/bin/python3
"""The hooks for ftpsync and rsync tell a service of a mirror's syncs, and never stop one."""

import os
import pathlib
import subprocess
import unittest

from debian_catalog import debian, mirror
from http_service import serving
from mirrorwarden_testing import ProgramTest
from report_service import ReportService

HOOKS = pathlib.Path(os.environ["MIRROR_PACKAGING"]) / "hooks"
TOKEN = "mw_7_" + "5" * 64


class Hooks(ProgramTest):
    def setUp(self):
        super().setUp()
        self.service = ReportService().start()
        self.addCleanup(self.service.stop)
        self.configure(self.service.url, TOKEN)
        # A curl that tells what it was called with, and is curl.
        tools = self.folder / "tools"
        tools.mkdir()
        (tools / "curl").write_text('#!/bin/sh\necho "$@" >>"$HOME/arguments"\nPATH=${PATH#*:} exec curl "$@"\n')
        (tools / "curl").chmod(0o755)
        self.env = {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(self.folder),
                    "MIRRORWARDEN_SYNC_HOOK": str(self.folder / "hook.conf")}

    def configure(self, url, token):
        self.write("token", token + "\n")
        self.write("hook.conf", f"SERVICE={url}\nMIRROR=my-mirror\nTOKEN_FILE={self.folder}/token\n")

    def shell(self, text):
        return subprocess.run(["/bin/bash", "-c", text], env=self.env, cwd=self.folder, timeout=60,
                              capture_output=True, text=True)

    def ftpsync(self):
        """Runs hooks in the way that ftpsync does, around a sync."""
        return self.shell(f"""set -e
            HOOK1="{HOOKS}/ftpsync-hook started"
            HOOK4="{HOOKS}/ftpsync-hook completed"
            ${{HOOK1}}
            echo synced
            ${{HOOK4}}""")

    def test_ftpsync_tells_of_its_begin_and_its_end(self):
        done = self.ftpsync()
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "synced\n", ""))
        self.assertEqual([said.path for said in self.service.said],
                         ["/api/v1/mirrors/my-mirror/mirror-sync-started",
                          "/api/v1/mirrors/my-mirror/mirror-sync-completed"])
        self.assertEqual({said.token for said in self.service.said}, {f"Bearer {TOKEN}"})
        self.assertNotIn(TOKEN, (self.folder / "arguments").read_text())

    def test_nothing_stops_a_sync(self):
        for why, change in (
                ("the service refuses", lambda: setattr(self.service, "answer", lambda said: (403, {}))),
                ("it is away", self.service.stop),
                ("no token", (self.folder / "token").unlink),
                ("no configuration", (self.folder / "hook.conf").unlink)):
            with self.subTest(why):
                change()
                done = self.ftpsync()
                self.assertEqual((done.returncode, done.stdout), (0, "synced\n"), done.stderr)
                self.assertNotEqual(done.stderr, "")
                self.assertNotIn(TOKEN, done.stderr)

    def test_rsync_is_complete_only_where_it_ended_well(self):
        (self.folder / "from").mkdir()
        (self.folder / "from/file").write_text("x")
        done = self.shell(f"{HOOKS}/rsync-hook -a from/ 'to here/'")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual((self.folder / "to here/file").read_text(), "x")
        self.assertEqual(self.service.calls, ["mirror-sync-started", "mirror-sync-completed"])

        done = self.shell(f"{HOOKS}/rsync-hook -a no-such/ to/")
        self.assertEqual(done.returncode, 23)  # as rsync has it: partial transfer due to error
        self.assertEqual(self.service.calls[2:], ["mirror-sync-started"])

    def test_the_real_service_knows_of_the_sync_and_probes_the_mirror(self):
        self.load(debian() + mirror("my-mirror", "http://127.0.0.1:9/"))
        token = self.run_ok("token", "create", "--for", "mirror.sync", "my-mirror", "--expires", "1w").out.strip()
        with serving(self.folder, self.database, "--no-access-log") as service:
            self.configure(service.urls[0], token)
            for word in ("started", "completed"):
                done = self.shell(f"{HOOKS}/ftpsync-hook {word}")
                self.assertEqual((done.returncode, done.stderr), (0, ""))
        planned = self.run_ok("probe", "--requested", "--dry-run", "--json").json()
        self.assertEqual(planned["mirrors"], ["my-mirror"])


if __name__ == "__main__":
    unittest.main()
