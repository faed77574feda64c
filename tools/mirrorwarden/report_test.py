#!/usr/bin/python3
"""What a worker says to a service, when it says it again, and what it keeps; the service here
answers as each test wants."""

import contextlib
import datetime
import os
import random
import signal
import threading
import unittest

from certificates import Authority
from mirrorwarden_testing import ProgramTest, start
from report_service import HANG_UP, ReportService

TOKEN = "mw_7_" + "5" * 64
PATIENCE = 30  # seconds; never waited for where all is well


def problem(status, detail):
    return status, {"title": "No", "status": status, "detail": detail}


class ReportTest(ProgramTest):
    """A service, and a worker that knows where it is."""

    def setUp(self):
        super().setUp()
        self.service = ReportService().start()
        self.addCleanup(self.service.stop)
        self.env = {"MIRRORWARDEN_SERVICE": self.service.url, "MIRRORWARDEN_TOKEN": TOKEN}

    def report(self, *words, patience="20", **options):
        depth = 1 if words[0] in ("run", "script") else 2
        result = self.run_program("report", *words[:depth], "--patience", patience, *words[depth:], env=self.env,
                                  **options)
        self.assertNotIn(TOKEN, result.out + result.err)
        return result

    def kept(self):
        return sorted((self.folder / ".local/state/mirrorwarden/reports").glob("*.spool"))

    def answers(self, *answers):
        """The service gives these, and then the last for ever."""
        left = list(answers)
        self.service.answer = lambda said: left.pop(0) if len(left) > 1 else left[0]


class Reports(ReportTest):
    def test_each_command_says_one_thing_with_the_token(self):
        self.answers((200, {"branch": {"id": 7}, "attempt": "abc"}))
        table = [
            (["branch", "start", "7"], "/api/v1/branches/7/mirror-start", {}, "abc\n"),
            (["branch", "complete", "7", "--revision", "r1", "--attempt", "abc"],
             "/api/v1/branches/7/mirror-complete", {"revision": "r1", "attempt": "abc"}, ""),
            (["branch", "failed", "7", "--reason", "no route"], "/api/v1/branches/7/mirror-failed",
             {"reason": "no route"}, ""),
            (["branch", "request", "7"], "/api/v1/branches/7/request", {}, ""),
            (["script", "backup", "--started", "2026-11-21T05:00:00Z", "--completed", "2026-11-21T05:09:00Z",
              "--host", "h1"], "/api/v1/script-activity",
             {"name": "backup", "host": "h1", "started": "2026-11-21T05:00:00Z",
              "completed": "2026-11-21T05:09:00Z"}, ""),
            (["mirror", "sync-started", "valid-mirror"], "/api/v1/mirrors/valid-mirror/mirror-sync-started", {}, ""),
            (["mirror", "sync-completed", "valid-mirror"], "/api/v1/mirrors/valid-mirror/mirror-sync-completed",
             {}, ""),
        ]
        for words, path, body, printed in table:
            with self.subTest(words=words):
                result = self.report(*words)
                self.assertEqual((result.status, result.out, result.err), (0, printed, ""))
                said = self.service.said[-1]
                self.assertEqual((said.path, said.body, said.token), (path, body, f"Bearer {TOKEN}"))
        self.assertEqual(len(self.service.said), len(table))
        self.assertEqual(self.kept(), [])

    def test_an_acquired_branch_is_a_line_for_a_shell_and_nothing_due_is_none(self):
        branch = {"id": 7, "name": "a/b", "url": "https://x/", "type": "MIRRORED"}
        self.answers((200, {"branch": branch, "attempt": "abc"}))
        self.assertEqual(self.report("branch", "acquire").out, "7\tabc\thttps://x/\ta/b\n")
        self.assertEqual(self.report("branch", "acquire", "--type", "IMPORTED", "--json").json()["branch"], branch)
        self.assertEqual([said.body for said in self.service.said], [{}, {"types": ["IMPORTED"]}])
        self.answers((200, {"branch": None}))
        result = self.report("branch", "acquire")
        self.assertEqual((result.status, result.out), (0, ""))

    def test_what_a_service_that_is_away_misses_is_the_first_thing_it_hears(self):
        self.service.stop()
        words = ["mirror", "sync-started", "valid-mirror"]
        for result in (self.report(*words, patience="0.1"),
                       self.report("branch", "start", "7", patience="0.1")):
            self.assertEqual((result.status, result.out), (0, ""), result.err)
            self.assertIn("sent first next time", result.err)
        self.assertEqual(len(self.kept()), 2)
        for file in self.kept():
            self.assertEqual(file.stat().st_mode & 0o777, 0o600)
            self.assertNotIn(TOKEN, file.read_text())

        self.service.start()
        self.assertEqual(self.report("branch", "request", "8").err, "")

        self.assertEqual(self.service.calls, ["mirror-sync-started", "mirror-start", "request"])
        self.assertIn("started", self.service.said[1].body)
        self.assertEqual(self.kept(), [])

    def test_a_service_that_comes_back_in_time_is_found(self):
        self.answers(problem(503, "The database is away."), HANG_UP, (200, {}))
        result = self.report("branch", "request", "7")
        self.assertEqual((result.status, result.err), (0, ""))
        self.assertEqual(len(self.service.said), 3)

    def test_a_conflict_after_a_lost_answer_means_that_it_had_arrived(self):
        self.answers(HANG_UP, problem(409, "That attempt is over."))
        result = self.report("branch", "complete", "7", "--revision", "r1")
        self.assertEqual((result.status, result.err), (0, ""))

        self.answers(problem(409, "That attempt is over."))
        result = self.report("branch", "complete", "7", "--revision", "r1")
        self.assertEqual(result.status, 2)
        self.assertIn("That attempt is over. (409)", result.err)
        self.assertEqual(self.kept(), [])

    def test_what_is_refused_names_the_report_and_is_not_kept(self):
        self.answers(problem(404, "There is no branch 7."))
        result = self.report("branch", "request", "7")
        self.assertEqual(result.status, 2)
        self.assertIn("branch 7", result.err)
        self.assertIn("There is no branch 7.", result.err)
        self.assertEqual(self.kept(), [])

    def test_a_token_that_is_not_good_holds_nobody_else_up(self):
        self.answers(problem(401, "The token is not good."))
        result = self.report("branch", "request", "7")
        self.assertEqual(result.status, 1)
        self.assertEqual(len(self.kept()), 1)
        self.answers(problem(403, "Not for this."), (200, {}))
        self.assertEqual(self.report("branch", "request", "8").status, 0)
        self.assertEqual(len(self.kept()), 1)
        self.answers((200, {}))
        self.assertEqual(self.run_ok("report", "flush", env=self.env).err, "")
        self.assertEqual(self.kept(), [])

    def test_a_redirect_does_not_take_the_token_along(self):
        other = ReportService().start()
        self.addCleanup(other.stop)
        self.answers((307, {}, ("Location", other.url + "/api/v1/branches/7/request")))
        self.assertEqual(self.report("branch", "request", "7").status, 2)
        self.assertEqual(other.said, [])

    def test_a_report_survives_the_kill_of_who_says_it(self):
        heard, end = threading.Event(), threading.Event()

        def answer(_said):
            heard.set()
            end.wait(PATIENCE)
            return HANG_UP

        self.service.answer = answer
        process = start(["report", "branch", "request", "7"], self.folder, env=self.env)
        self.assertTrue(heard.wait(PATIENCE))
        # While it lives, nobody else says it.
        self.assertEqual(len(self.kept()), 1)
        process.kill()
        process.communicate(timeout=PATIENCE)
        end.set()
        self.answers((200, {}))
        self.run_ok("report", "flush", env=self.env)
        self.assertEqual(self.service.calls, ["request", "request"])
        self.assertEqual(self.kept(), [])

    def test_no_report_is_lost_that_a_process_promised_whenever_others_are_killed(self):
        chance = random.Random(5)
        answers = [(200, {}), (200, {}), (503, {}), HANG_UP]
        self.service.answer = lambda said: chance.choice(answers)
        promised = []
        pause = threading.Event()
        for number in range(1, 41):
            process = start(["report", "branch", "request", str(number), "--patience", "0.01"], self.folder,
                            env=self.env)
            if chance.random() < 0.5:
                pause.wait(chance.uniform(0, 0.04))
                process.kill()
            process.communicate(timeout=PATIENCE)
            if process.returncode == 0:
                promised.append(f"/api/v1/branches/{number}/request")
        self.answers((200, {}))
        self.run_ok("report", "flush", env=self.env)
        self.assertGreaterEqual(len(promised), 20)
        self.assertLessEqual(set(promised), {said.path for said in self.service.said})
        self.assertEqual(self.kept(), [])

    def test_a_service_is_believed_by_its_certificate_alone(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        authority = Authority(self.folder / "authority")
        day = datetime.timedelta(days=1)
        file, key = authority.certificate("127.0.0.1", now - day, now + day)
        secure = ReportService()
        secure.certificate = (file, key)
        secure.start()
        self.addCleanup(secure.stop)
        self.env["MIRRORWARDEN_SERVICE"] = secure.url.replace("http:", "https:")
        self.assertIn("certificate", self.report("branch", "request", "7", patience="0.01").err)
        self.assertEqual(secure.said, [])
        config = self.write("c.toml", f'[report]\nca_bundle = "{authority.bundle}"\n')
        self.assertEqual(self.report("branch", "request", "8", "--config", config).err, "")
        self.assertEqual([said.path for said in secure.said],
                         ["/api/v1/branches/7/request", "/api/v1/branches/8/request"])

    def test_nobody_says_what_a_living_process_still_tries_to(self):
        heard, end = threading.Event(), threading.Event()

        def answer(said):
            if said.path.endswith("/7/request"):
                heard.set()
                end.wait(PATIENCE)
            return 200, {}

        self.service.answer = answer
        process = start(["report", "branch", "request", "7"], self.folder, env=self.env)
        try:
            self.assertTrue(heard.wait(PATIENCE))
            self.assertEqual(self.report("branch", "request", "8").status, 0)
        finally:
            end.set()
            process.communicate(timeout=PATIENCE)
        self.assertEqual([said.path for said in self.service.said],
                         ["/api/v1/branches/7/request", "/api/v1/branches/8/request"])

    def test_a_full_disk_keeps_nobody_from_reporting(self):
        (self.folder / "file").write_text("")
        result = self.report("branch", "request", "7", "--spool", self.folder / "file/x")
        self.assertEqual(result.status, 0)
        self.assertIn("warning", result.err)
        self.service.stop()
        result = self.report("branch", "request", "7", "--spool", self.folder / "file/x", patience="0.1")
        self.assertEqual(result.status, 1)

    def test_wrong_words_are_told_and_nothing_is_sent(self):
        table = [
            ("no service", ["branch", "request", "7"], {"MIRRORWARDEN_SERVICE": ""}, "no service"),
            ("no token", ["branch", "request", "7"], {"MIRRORWARDEN_TOKEN": ""}, "no token"),
            ("a password in the URL", ["branch", "request", "7"],
             {"MIRRORWARDEN_SERVICE": "http://a:hunter2@127.0.0.1:9"}, "no user or password"),
            ("no URL", ["branch", "request", "7"], {"MIRRORWARDEN_SERVICE": "ftp://x"}, "https://"),
            ("two lines in the token", ["branch", "request", "7"], {"MIRRORWARDEN_TOKEN": "a\r\nX: y"}, "one word"),
            ("no number", ["branch", "request", "x"], {}, "no whole number"),
            ("number 0", ["branch", "request", "0"], {}, "from 1 to"),
            ("no revision", ["branch", "complete", "7"], {}, "--revision is required"),
            ("no reason", ["branch", "failed", "7"], {}, "--reason is required"),
            ("REMOTE", ["branch", "acquire", "--type", "REMOTE"], {}, "HOSTED|MIRRORED|IMPORTED"),
            ("no start", ["script", "x"], {}, "--started is required"),
            ("backwards", ["script", "x", "--started", "2026-11-21", "--completed", "2026-11-20"], {}, "before"),
            ("no command to run", ["run", "--branch", "7"], {}, "COMMAND is required"),
            ("spool and none", ["branch", "request", "7", "--spool", "x", "--no-spool"], {}, "one of --spool"),
            ("no such token file", ["branch", "request", "7", "--token-file", "/no/such"], {}, "/no/such"),
        ]
        for why, words, env, told in table:
            with self.subTest(why):
                result = self.run_program("report", *words, env={**self.env, **env})
                self.assertEqual((result.status, result.out), (2, ""), result.err)
                self.assertIn(told, result.err)
                self.assertNotIn("hunter2", result.err)
        self.assertEqual(self.service.said, [])
        self.assertEqual(self.kept(), [])

    def test_the_configuration_says_where_and_who(self):
        self.write("token", TOKEN + "\nmore\n").chmod(0o600)
        config = self.write("c.toml", f'[report]\nservice = "{self.service.url}/"\ntoken_file = "token"\n'
                                      f'spool = "{self.folder}/elsewhere"\n')
        result = self.run_ok("--config", config, "report", "branch", "request", "7")
        self.assertEqual(result.err, "")
        self.assertEqual(self.service.said[0].token, f"Bearer {TOKEN}")
        self.assertTrue((self.folder / "elsewhere").is_dir())
        (self.folder / "token").chmod(0o644)
        self.assertIn("chmod 600", self.run_ok("--config", config, "report", "branch", "request", "7").err)


class Runs(ReportTest):
    """`report run`: a command between its start and its end."""

    def setUp(self):
        super().setUp()
        self.answers((200, {"attempt": "abc"}))

    def ended(self):
        """What was said of the end."""
        self.assertEqual(self.service.calls[0], "mirror-start")
        self.assertEqual(len(self.service.said), 2, self.service.said)
        return self.service.said[1].call, self.service.said[1].body

    def run_script(self, text, *flags, **options):
        return self.report("run", "--branch", "7", *flags, "--", "sh", "-c", text, **options)

    def test_the_last_line_of_a_command_is_its_revision(self):
        result = self.run_script("echo copying; echo note >&2; echo r42; echo")
        self.assertEqual((result.status, result.out, result.err), (0, "copying\nr42\n\n", "note\n"))
        self.assertEqual(self.ended(), ("mirror-complete", {"revision": "r42", "attempt": "abc"}))

    def test_a_command_that_fails_says_why_and_its_status_is_ours(self):
        result = self.run_script("echo r42; echo first >&2; echo no route to host >&2; exit 7")
        self.assertEqual(result.status, 7)
        self.assertEqual(self.ended(), ("mirror-failed", {"reason": "no route to host", "attempt": "abc"}))

    def test_a_command_that_is_killed_is_reported(self):
        result = self.run_script("echo half >&2; kill -9 $$")
        self.assertEqual(result.status, 128 + signal.SIGKILL)
        self.assertEqual(self.ended()[1]["reason"], "killed by SIGKILL: half")

    def test_a_command_that_takes_too_long_is_ended_and_reported(self):
        result = self.run_script("echo r1; sleep 1000", "--timeout", "1")
        self.assertEqual(result.status, 124)
        self.assertEqual(self.ended()[1]["reason"], "timed out after 1 s")

    def test_a_command_that_is_not_there_is_reported(self):
        result = self.report("run", "--branch", "7", "--", "no-such-command")
        self.assertEqual(result.status, 127)
        self.assertIn("no-such-command", self.ended()[1]["reason"])

    def test_a_command_without_a_revision_failed(self):
        self.assertEqual(self.run_script("true").status, 1)
        self.assertEqual(self.ended()[0], "mirror-failed")

    def test_the_command_sees_its_words_as_they_are_and_no_token(self):
        result = self.report("run", "--branch", "7", "--", "printf", "%s|", "$HOME", "--patience", "a b")
        self.assertEqual(result.out, "$HOME|--patience|a b|")
        self.assertNotIn("MIRRORWARDEN_TOKEN", self.run_script("env").out)

    def test_a_branch_that_the_service_refuses_is_not_run(self):
        self.answers(problem(404, "There is no branch 7."))
        result = self.run_script("touch ran; echo r1")
        self.assertEqual(result.status, 2)
        self.assertFalse((self.folder / "ran").exists())

    def test_a_run_while_the_service_is_away_is_told_whole_later(self):
        self.service.stop()
        self.assertEqual(self.run_script("echo r42", patience="0.1").status, 0)
        self.assertEqual(len(self.kept()), 1)
        self.service.start()
        self.run_ok("report", "flush", env=self.env)
        self.assertIn("started", self.service.said[0].body)
        self.assertEqual(self.ended(), ("mirror-complete", {"revision": "r42", "attempt": "abc"}))

    @contextlib.contextmanager
    def running(self):
        """A run whose command has begun; its process, and the number of its command."""
        os.mkfifo(self.folder / "begun")
        process = start(["report", "run", "--branch", "7", "--", "sh", "-c",
                         "echo $$ >begun; exec sleep 1000"], self.folder, env=self.env)
        try:
            with open(self.folder / "begun", encoding="ascii") as begun:
                yield process, int(begun.read())
        finally:
            process.kill()
            process.communicate()

    def wait_for_end_of(self, number):
        pause = threading.Event()
        for _ in range(PATIENCE * 100):
            try:
                with open(f"/proc/{number}/stat", encoding="ascii") as stat:
                    if stat.read().rpartition(")")[2].split()[0] in "ZX":
                        return
            except FileNotFoundError:
                return
            pause.wait(0.01)
        self.fail(f"{number} goes on")

    def test_a_run_that_is_told_to_end_ends_its_command_and_says_so(self):
        with self.running() as (process, command):
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(PATIENCE), 128 + signal.SIGTERM)
            self.wait_for_end_of(command)
        self.assertEqual(self.ended(), ("mirror-failed", {"reason": "interrupted", "attempt": "abc"}))

    def test_a_run_that_is_killed_takes_its_command_along(self):
        with self.running() as (process, command):
            process.kill()
            process.wait(PATIENCE)
            self.wait_for_end_of(command)
        self.assertEqual(self.service.calls, ["mirror-start"])


if __name__ == "__main__":
    unittest.main()
