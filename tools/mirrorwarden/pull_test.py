#!/usr/bin/python3
"""Branches are pulled with git as their worker was told to, and what it came to is reported."""

import fcntl
import os
import signal
import threading
import unittest

from git_server import git, git_daemon, git_on_the_web, refs, Repository, SilentServer
from http_service import serving
from mirrorwarden_testing import on_each_database, ProgramTest, start

PATIENCE = 30  # seconds; never waited for where all is well


@on_each_database
class Pulls(ProgramTest):
    def setUp(self):
        super().setUp()
        self.into = self.folder / "into"
        self.served = self.folder / "served"
        self.served.mkdir()

        def enter(context):
            value = context.__enter__()
            self.addCleanup(context.__exit__, None, None, None)
            return value

        self.remote = enter(git_daemon(self.served))
        self.run_ok("database", "migrate")
        self.service = enter(serving(self.folder, self.database, "--no-access-log"))
        self.env = {"MIRRORWARDEN_SERVICE": self.service.urls[0],
                    "MIRRORWARDEN_TOKEN": self.token("branch.report", "script.record")}

    def token(self, *scopes):
        words = [word for scope in scopes for word in ("--for", scope)]
        return self.run_ok("token", "create", *words, "puller-1", "--expires", "1w").out.strip()

    def add(self, name, url=None):
        """A branch that is due; its repository where no URL is said."""
        repository = None if url else Repository(self.served / name)
        self.run_ok("branch", "add", name, url or f"{self.remote}/{name}", "--type", "MIRRORED", "--request")
        return repository

    def branch(self, name):
        return self.run_ok("branch", "show", name, "--json").json()

    def copy_of(self, name):
        return self.into / f"{self.branch(name)['id']}.git"

    def pull(self, *flags, database="sqlite:/no/database/here", **options):
        """A pull; it has no database."""
        words = ["pull", "--into", self.into, *flags]
        return self.run_program(*words, env={**self.env, "MIRRORWARDEN_DATABASE": database}, **options)

    def start_pull(self, *flags):
        process = start(["pull", "--into", self.into, *flags], self.folder, env=self.env)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def gits(self):
        """The processes of git that work for us."""
        found = []
        for number in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{number}/cmdline", "rb") as words:
                    line = words.read()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if b"git" in line.split(b"\0")[0] and str(self.into).encode() in line:
                found.append(int(number))
        return found

    def test_what_is_due_is_mirrored_and_reported_and_then_nothing_is_due(self):
        one, two = self.add("one"), self.add("dir/two")
        one.git("tag", "-a", "v1", "-m", "v1")
        one.git("checkout", "--quiet", "-b", "work")
        one.commit("more")
        one.git("checkout", "--quiet", "main")

        result = self.pull("--workers", "2")

        self.assertEqual((result.status, result.err), (0, ""), result.out)
        self.assertIn("2 complete, 0 failed\n", result.out)
        for name, repository in (("one", one), ("dir/two", two)):
            copy = self.copy_of(name)
            self.assertEqual(refs(copy), refs(repository.folder))
            self.assertEqual(git(copy, "symbolic-ref", "HEAD"), "refs/heads/main")
            self.assertEqual(git(copy, "config", "core.bare"), "true")
            shown = self.branch(name)
            self.assertEqual(shown["last_mirrored_id"], repository.git("rev-parse", "HEAD"))
            self.assertEqual(shown["last_mirrored"], shown["last_mirror_attempt"])
            self.assertIsNotNone(shown["next_mirror_time"])
        self.assertEqual(len(refs(self.copy_of("one"))), 3)
        host = os.uname().nodename
        self.assertEqual(self.run_program("monitor", "60", f"{host}:pull").status, 0)
        self.assertEqual(self.pull().out, "0 complete, 0 failed\n")

    def test_a_copy_follows_its_remote_whatever_that_does(self):
        one = self.add("one")
        one.git("branch", "old")
        self.pull()
        first = one.git("rev-parse", "main")
        one.git("branch", "-D", "old", "-q")
        one.git("commit", "--quiet", "--amend", "-m", "rewritten")
        one.git("branch", "-m", "main", "trunk")
        one.git("branch", "old/below")
        self.run_ok("report", "branch", "request", str(self.branch("one")["id"]), env=self.env)

        self.assertEqual(self.pull().status, 0)

        self.assertEqual(refs(self.copy_of("one")), refs(one.folder))
        self.assertEqual(git(self.copy_of("one"), "symbolic-ref", "HEAD"), "refs/heads/trunk")
        self.assertEqual(self.branch("one")["last_mirrored_id"], one.git("rev-parse", "trunk"))
        self.assertNotEqual(first, one.git("rev-parse", "trunk"))

    def test_a_repository_on_the_web_is_mirrored_too(self):
        repository = Repository(self.folder / "web")
        with git_on_the_web(repository) as url:
            self.add("web", url)
            self.assertIn("1 complete, 0 failed", self.pull().out)
        self.assertEqual(refs(self.copy_of("web")), refs(repository.folder))
        self.assertEqual(self.branch("web")["last_mirrored_id"], repository.git("rev-parse", "HEAD"))

    def test_a_repository_that_cannot_be_had_is_reported_with_its_reason(self):
        self.add("gone", f"{self.remote}/gone")
        empty = self.served / "empty"
        empty.mkdir()
        git(empty, "init", "--quiet", "--bare")
        self.add("empty", f"{self.remote}/empty")
        self.add("refused", "http://127.0.0.1:1/x")
        self.add("good")

        result = self.pull()

        self.assertEqual(result.status, 0, result.err)
        self.assertIn("1 complete, 3 failed", result.out)
        for name, part in (("gone", "access denied or repository not exported"), ("empty", "HEAD names no commit"),
                           ("refused", "unable to access")):
            shown = self.branch(name)
            self.assertEqual(shown["mirror_failures"], 1)
            self.assertIn(part, shown["mirror_status_message"])
            self.assertIsNone(shown["last_mirrored"])

    def test_a_worker_does_not_read_or_run_what_a_url_says(self):
        secret = Repository(self.folder / "secret")
        table = [("ext", f"ext::sh -c touch% {self.folder}/ran"), ("file", f"file://{secret.folder}"),
                 ("path", str(secret.folder))]
        for name, url in table:
            with self.subTest(name):
                added = self.run_program("branch", "add", name, url, "--type", "MIRRORED", "--request")
                if added.status != 0:
                    continue  # it is not even known
                self.pull()
                self.assertIn("its URL", self.branch(name)["mirror_status_message"])
        self.assertFalse((self.folder / "ran").exists())

    def test_a_remote_that_is_silent_is_given_up(self):
        silent = SilentServer()
        self.addCleanup(silent.close)
        self.add("silent", silent.url)
        result = self.pull("--timeout", "1")
        self.assertEqual(result.status, 0)
        self.assertEqual(self.branch("silent")["mirror_status_message"], "timed out after 1 s")

    def test_a_pull_that_is_told_to_end_reports_what_it_drops(self):
        silent = SilentServer()
        self.addCleanup(silent.close)
        self.add("silent", silent.url)
        process = self.start_pull()
        self.assertTrue(silent.connected.wait(PATIENCE))

        process.send_signal(signal.SIGTERM)

        self.assertEqual(process.wait(PATIENCE), 1)
        self.assertEqual(self.branch("silent")["mirror_status_message"], "interrupted")

    def test_what_the_service_was_away_for_is_the_first_thing_that_it_hears_again(self):
        silent = SilentServer()
        self.addCleanup(silent.close)
        self.add("silent", silent.url)
        process = self.start_pull("--patience", "0.1")
        self.assertTrue(silent.connected.wait(PATIENCE))
        self.assertEqual(self.service.stop(), 0)
        silent.close()
        err = process.communicate(timeout=PATIENCE)[1]
        self.assertEqual(process.returncode, 1)
        self.assertIn("sent first next time", err)
        self.assertIsNone(self.branch("silent")["mirror_status_message"])
        self.assertEqual(self.pull("--patience", "0.1").status, 1)

        with serving(self.folder, self.database, "--no-access-log", listen=["%s:%d" % self.service.address]):
            self.assertEqual(self.pull().out, "0 complete, 0 failed\n")

        shown = self.branch("silent")
        self.assertEqual(shown["mirror_failures"], 1)
        self.assertIn("fatal: ", shown["mirror_status_message"])

    def test_a_pull_that_is_killed_leaves_no_git_and_nothing_that_stops_the_next(self):
        silent = SilentServer()
        self.addCleanup(silent.close)
        one = self.add("one")
        self.assertEqual(self.pull().status, 0)
        copy = self.copy_of("one")
        self.add("silent", silent.url)
        process = self.start_pull()
        self.assertTrue(silent.connected.wait(PATIENCE))
        process.kill()
        process.wait(PATIENCE)
        # What git leaves when it is killed at its worst moments.
        for leftover in ("HEAD.lock", "packed-refs.lock", "refs/heads/main.lock", "config.lock"):
            (copy / leftover).write_text("")
        (copy / "objects/pack").mkdir(exist_ok=True)
        (copy / "objects/pack/tmp_pack_XYZ").write_text("half")
        commit = one.commit("more")
        self.run_ok("report", "branch", "request", str(self.branch("one")["id"]), env=self.env)

        result = self.pull()

        self.assertEqual(result.status, 0, result.err)
        self.assertEqual(self.branch("one")["last_mirrored_id"], commit, result.out)
        self.assertFalse((copy / "objects/pack/tmp_pack_XYZ").exists())
        pause = threading.Event()
        for _ in range(PATIENCE * 100):
            if not self.gits():
                return
            pause.wait(0.01)
        self.fail(f"git goes on: {self.gits()}")

    def test_each_branch_goes_to_one_of_many_pulls(self):
        names = [f"b{number}" for number in range(12)]
        for name in names:
            self.add(name)
        folders = [self.folder / f"into-{number}" for number in range(4)]
        pulls = [start(["pull", "--into", folder, "--workers", "5"], self.folder, env=self.env) for folder in folders]
        said = []
        for process in pulls:
            out, err = process.communicate(timeout=120)
            self.assertEqual((process.returncode, err), (0, ""), out)
            said += [line.split()[1] for line in out.splitlines() if line.startswith("branch ")]
        self.assertEqual(sorted(said), sorted(str(self.branch(name)["id"]) for name in names))
        self.assertEqual(len([copy for folder in folders for copy in folder.glob("*.git")]), len(names))

    def test_one_pull_works_in_a_folder_at_a_time(self):
        self.into.mkdir()
        held = os.open(self.into, os.O_RDONLY)
        self.addCleanup(os.close, held)
        fcntl.flock(held, fcntl.LOCK_EX)
        result = self.pull()
        self.assertEqual(result.status, 4)
        self.assertIn("another pull", result.err)

    def test_a_token_without_the_right_to_record_jobs_only_loses_that(self):
        self.add("one")
        self.env["MIRRORWARDEN_TOKEN"] = self.token("branch.report")
        result = self.pull()
        self.assertEqual(result.status, 0)
        self.assertIn("script.record", result.err)
        self.assertIsNotNone(self.branch("one")["last_mirrored"])
        self.assertEqual(list((self.folder / ".local/state/mirrorwarden/reports").iterdir()), [])

    def test_a_token_without_the_right_to_report_gets_nothing(self):
        self.add("one")
        self.env["MIRRORWARDEN_TOKEN"] = self.token("script.record")
        result = self.pull()
        self.assertEqual(result.status, 1)
        self.assertIsNone(self.branch("one")["last_mirror_attempt"])

    def test_a_pull_that_is_switched_off_does_nothing(self):
        self.add("one")
        control = self.write("control.ini", "[pull]\nenabled = false\n")
        config = self.write("config.toml", f'[jobs]\ncontrol_file = "{control}"\n')
        self.assertEqual(self.pull("--config", config).status, 0)
        self.assertIsNone(self.branch("one")["last_mirror_attempt"])
        self.assertFalse(self.into.exists())

    def test_a_command_between_start_and_end_works_with_the_real_service(self):
        self.add("one")
        number = str(self.branch("one")["id"])
        self.run_ok("report", "run", "--branch", number, "--", "echo", "r42", env=self.env)
        self.assertEqual(self.branch("one")["last_mirrored_id"], "r42")
        result = self.run_program("report", "run", "--branch", number, "--", "sh", "-c", "echo broken >&2; exit 3",
                                  env=self.env)
        self.assertEqual(result.status, 3)
        self.assertEqual(self.branch("one")["mirror_status_message"], "broken")
        attempt = self.run_ok("report", "branch", "start", number, env=self.env).out.strip()
        self.run_ok("report", "branch", "complete", number, "--revision", "r43", "--attempt", attempt, env=self.env)
        self.assertEqual(self.branch("one")["last_mirrored_id"], "r43")
        again = self.run_program("report", "branch", "complete", number, "--revision", "r44", "--attempt", attempt,
                                 env=self.env)
        self.assertEqual(again.status, 2)
        self.assertEqual(self.branch("one")["last_mirrored_id"], "r43")
        self.assertEqual(self.run_program("report", "branch", "request", "999", env=self.env).status, 2)

    def test_a_run_while_the_real_service_was_away_counts_from_its_start(self):
        self.add("one")
        number = str(self.branch("one")["id"])
        away = {**self.env, "MIRRORWARDEN_SERVICE": "http://127.0.0.1:1"}
        spool = self.folder / "spool"
        self.run_ok("report", "run", "--branch", number, "--patience", "0.1", "--spool", spool, "--", "echo", "r1",
                    env=away)
        for file in spool.glob("*.spool"):  # the service moved back
            file.write_text(file.read_text().replace("http://127.0.0.1:1", self.service.urls[0]))
        result = self.run_ok("report", "flush", "--spool", spool, env=self.env)
        self.assertEqual(result.err, "")
        shown = self.branch("one")
        self.assertEqual((shown["last_mirrored_id"], shown["mirror_failures"]), ("r1", 0))
        self.assertEqual(shown["last_mirrored"], shown["last_mirror_attempt"])


if __name__ == "__main__":
    unittest.main()
