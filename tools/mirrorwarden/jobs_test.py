#!/usr/bin/python3
"""Jobs leave a trace of each success and of nothing else, may be switched off, and are watched."""

import contextlib
import re
import socket
import sqlite3
import threading
import unittest

from debian_catalog import debian, mirror
from http_service import serving
from loopback_mirrors import Answer, LoopbackMirrors
from mirrorwarden_testing import ProgramTest, on_each_database
from probing_testing import ProbingTest

HOST = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname())
EXPECTED = "All scripts ran as expected\n"


class JobTest(ProbingTest):
    """One mirror, which answers as `self.answer` says, and a web server for control files."""

    def setUp(self):
        super().setUp()
        self.answer = Answer()
        self.control = Answer(404)
        self.asked_for_indexes = threading.Event()
        self.server = LoopbackMirrors(self.respond, ["127.0.11.1", "127.0.11.2"])
        self.addCleanup(self.server.close)
        self.load_catalogue()

    def load_catalogue(self, **fields):
        self.load(debian(admins=["Mirror Admins <admins@example.org>"], **fields)
                  + mirror("fine", self.server.url("/", "127.0.11.1")))

    def respond(self, host, _method, _path):
        if host == "127.0.11.2":
            return self.control
        self.asked_for_indexes.set()
        return self.answer

    def configure(self, text):
        return {"MIRRORWARDEN_CONFIG": str(self.write("config.toml", text))}

    def asked(self):
        return sum(count for (host, _), count in self.server.requests.items() if host == "127.0.11.1")

    def seen(self, job):
        """Whether the job ran here successfully."""
        answer = self.run_program("monitor", "5", f"{HOST}:{job}")
        self.assertIn(answer.status, (0, 2), answer)
        return answer.status == 0


@on_each_database
class Successes(JobTest):
    def test_a_run_that_ended_well_is_seen_and_one_that_never_was_is_named(self):
        self.assertFalse(self.seen("probe"))

        self.run_ok("probe")

        answer = self.run_ok("monitor", "5", f"{HOST}:probe")
        self.assertEqual((answer.out, answer.err), (EXPECTED, ""))
        answer = self.run_program("monitor", "5", f"{HOST}:probe", "elsewhere:probe", f"{HOST}:pull")
        self.assertEqual(answer.status, 2)
        self.assertEqual(answer.out, "Did not run within 5 minutes: elsewhere:probe (last seen never), "
                                     f"{HOST}:pull (last seen never)\n")

    def test_each_kind_of_run_is_a_job_of_its_own(self):
        for words, job in ((["--requested"], "probe-requested"), (["--mirror", "fine", "--force"], "probe-mirror"),
                           (["--content", "RELEASE"], "probe-release"),
                           (["--requested", "--content", "RELEASE"], "probe-requested-release")):
            with self.subTest(job):
                self.assertFalse(self.seen(job))
                self.run_ok("probe", *words)
                self.assertTrue(self.seen(job))
        self.assertFalse(self.seen("probe"))

    def test_what_only_asks_what_would_be_done_leaves_no_trace(self):
        self.run_ok("probe", "--dry-run")

        self.assertFalse(self.seen("probe"))

    def test_a_run_that_failed_or_was_ended_leaves_no_trace(self):
        self.answer = Answer(never=True)
        process = self.start("probe")
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertTrue(self.asked_for_indexes.wait(30))

        refused = self.run_program("probe")
        self.assertEqual(refused.status, 4)
        self.assertFalse(self.seen("probe"))
        # Its lock is its own: no other job waits for it.
        with self.mail_server() as mail:
            self.run_ok("outbox", "deliver", env={"MIRRORWARDEN_CONFIG": mail.config})
        self.assertTrue(self.seen("outbox-deliver"))

        process.terminate()
        self.assertEqual(process.wait(30), 1)
        self.assertFalse(self.seen("probe"))

    def test_mail_that_could_not_be_sent_is_no_success(self):
        self.answer = Answer(404)
        self.run_ok("probe")
        away = self.configure('[mail]\nsmtp_url = "smtp://127.0.0.1:1"\nfrom = "warden@example.org"\n')

        self.assertEqual(self.run_program("outbox", "deliver", env=away).status, 1)
        self.assertFalse(self.seen("outbox-deliver"))

    def test_an_archive_that_cannot_be_read_is_no_success(self):
        self.load_catalogue(primary_url=self.server.url("/", "127.0.11.2"))

        self.assertEqual(self.run_program("archive", "refresh").status, 1)

        self.assertFalse(self.seen("archive-refresh"))

    def test_branches_are_seen_and_what_workers_said_of_them_by_admins_alone(self):
        try:
            import jsonschema
        except ImportError as error:
            raise unittest.SkipTest("needs python3-jsonschema") from error
        for name in ("due", "begun", "failed"):
            self.run_ok("branch", "add", "--request", name, f"https://git.example.org/{name}")
        worker, admin = (self.run_ok("token", "create", "--for", scope, "somebody", "--expires", "1d").out.strip()
                         for scope in ("branch.report", "admin"))
        with serving(self.folder, self.database) as service:
            def report(*words):
                self.run_ok("report", "branch", *words, "--service", service.urls[0], "--no-spool",
                            env={"MIRRORWARDEN_TOKEN": worker})

            report("start", "2")
            report("start", "3")
            report("failed", "3", "--reason", "disk full")
            document = service.ask("/api/v1/openapi.json").json()
            shown = service.ask("/api/v1/jobs", Authorization=f"Bearer {admin}").json()
            public = service.ask("/api/v1/jobs").json()

        jsonschema.Draft202012Validator({"$ref": "#/components/schemas/Jobs", "components": document["components"]}
                                        ).validate(shown)
        for state, name in (("due", "due"), ("under_way", "begun"), ("failing", "failed")):
            self.assertEqual([one["name"] for one in shown["branches"][state]["branches"]], [name])
        self.assertEqual(shown["branches"]["failing"]["branches"][0]["mirror_status_message"], "disk full")
        self.assertIsNone(public["branches"]["failing"]["branches"][0]["mirror_status_message"])

    def test_jobs_are_seen_over_http(self):
        self.run_ok("probe")
        with serving(self.folder, self.database) as service:
            shown = service.ask("/api/v1/jobs").json()
            page = service.ask("/jobs").body.decode()
            metrics = service.ask("/metrics").body.decode()

        [job] = shown["jobs"]
        self.assertEqual((job["name"], job["host"], job["runs"], job["late"]), ("probe", HOST, 1, None))
        self.assertLessEqual(job["last_started"], job["last_completed"])
        self.assertEqual(shown["branches"]["total"], 0)
        self.assertIn(f"<strong>probe on {HOST}</strong>", page)
        self.assertRegex(metrics, r'\nmirrorwarden_script_last_success_timestamp_seconds\{script="probe",host="'
                                  + re.escape(HOST) + r'"\} 1\d{9}')


@on_each_database
class ControlFile(JobTest):
    def test_a_job_that_is_switched_off_ends_well_without_running(self):
        env = self.configure('[jobs]\ncontrol_file = "control.ini"\n')
        self.write("control.ini", "[probe]\nenabled = false\n")

        result = self.run_ok("probe", env=env)

        self.assertIn("switched it off", result.err)
        self.assertEqual(self.asked(), 0)
        self.assertFalse(self.seen("probe"))
        self.run_ok("probe", "--mirror", "fine", env=env)
        self.assertTrue(self.seen("probe-mirror"))

    def test_all_jobs_but_one_are_switched_off(self):
        env = self.configure('[jobs]\ncontrol_file = "control.ini"\n[mail]\nsmtp_url = "smtp://127.0.0.1:1"\n'
                             'from = "warden@example.org"\n')
        self.write("control.ini", "[DEFAULT]\nenabled = no\n[probe]\nenabled = yes\n")
        self.load_catalogue(primary_url=self.server.url("/", "127.0.11.2"))

        self.run_ok("archive", "refresh", env=env)
        self.run_ok("outbox", "deliver", env=env)
        self.assertEqual(self.run_ok("probe", "--requested", env=env).err, "")

        for job in ("archive-refresh", "outbox-deliver", "probe-requested"):
            self.assertFalse(self.seen(job), job)
        self.run_program("probe", env=env)
        self.assertGreater(self.asked(), 0)

    def test_a_control_file_may_be_got_from_a_url(self):
        env = self.configure(f'[jobs]\ncontrol_file = "{self.server.url("/control.ini", "127.0.11.2")}"\n')
        self.control = Answer(body=b"[probe]\nenabled = off\n")
        self.run_ok("probe", env=env)
        self.assertFalse(self.seen("probe"))

        self.control = Answer(body=b"[probe]\nenabled = on\n")
        self.run_ok("probe", env=env)
        self.assertTrue(self.seen("probe"))

    def test_a_control_file_that_cannot_be_read_stops_nothing(self):
        missing = self.configure('[jobs]\ncontrol_file = "control.ini"\n')
        for why, text, word in (("missing", None, "No such file"), ("not boolean", "[probe]\nenabled = perhaps\n", "perhaps"),
                                ("no INI file", "<html>", "Line 1"), ("too long", "#" * 70_000, "longer than 65536 bytes")):
            with self.subTest(why):
                if text is not None:
                    self.write("control.ini", text)
                result = self.run_ok("probe", "--force", env=missing)
                self.assertRegex(result.err, "(?m)^WARNING .*" + word + ".* probe runs all the same")
        for why, control in (("gone", Answer(404)), ("cut", Answer(reset=True)), ("huge", Answer(body=b"#" * 70_000))):
            with self.subTest(why):
                self.control = control
                env = self.configure(f'[jobs]\ncontrol_file = "{self.server.url("/control.ini", "127.0.11.2")}"\n')
                result = self.run_ok("probe", "--force", env=env)
                self.assertRegex(result.err, "(?m)^WARNING .* probe runs all the same")
        self.assertTrue(self.seen("probe"))


class Statsd(JobTest):
    def setUp(self):
        super().setUp()
        self.statsd = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(self.statsd.close)
        self.statsd.bind(("127.0.0.1", 0))
        self.statsd.settimeout(30)
        self.place = "127.0.0.1:%d" % self.statsd.getsockname()[1]

    def test_a_success_tells_how_long_it_took(self):
        self.run_ok("probe", "--statsd", self.place)
        self.assertRegex(self.statsd.recv(100).decode(), r"^mirrorwarden\.jobs\.probe:\d+\|ms$")

        env = self.configure(f'[jobs]\nstatsd = "{self.place}"\n')
        self.run_ok("probe", "--requested", env=env)
        self.assertRegex(self.statsd.recv(100).decode(), r"^mirrorwarden\.jobs\.probe-requested:\d+\|ms$")

    def test_a_run_that_did_not_succeed_tells_nothing(self):
        env = self.configure('[jobs]\ncontrol_file = "control.ini"\n')
        self.write("control.ini", "[probe]\nenabled = false\n")
        self.run_ok("probe", "--statsd", self.place, env=env)

        self.statsd.setblocking(False)
        self.assertRaises(BlockingIOError, self.statsd.recv, 100)

    def test_a_statsd_that_cannot_be_reached_harms_no_job(self):
        result = self.run_ok("probe", "--statsd", "statsd.invalid:8125")

        self.assertIn("could not be sent to statsd at statsd.invalid:8125", result.err)
        self.assertTrue(self.seen("probe"))


class Monitor(ProgramTest):
    def test_whoever_asks_wrongly_or_of_nothing_gets_unknown_in_one_line(self):
        for why, words in (("no words", []), ("no jobs", ["5"]), ("no minutes", [f"{HOST}:probe"]),
                           ("no time", ["0", "a:b"]), ("a negative time", ["-5", "a:b"]), ("half a minute", ["0.5", "a:b"]),
                           ("beyond all numbers", ["99999999999999999999", "a:b"]), ("no host", ["5", ":probe"]),
                           ("no job", ["5", "host:"]), ("no colon", ["5", "probe"]), ("an unknown flag", ["--colour", "5", "a:b"]),
                           ("a wrong one after a right one", ["5", "a:b", "c"]),
                           ("a configuration that is not there", ["--config", "/nonexistent", "5", "a:b"]),
                           ("no database of ours", ["--database", "mysql://x", "5", "a:b"]),
                           ("no file there", ["--database", f"sqlite:{self.folder}/none.sqlite", "5", "a:b"]),
                           ("no database there", ["--database", "postgresql://127.0.0.1:1/x", "5", "a:b"])):
            with self.subTest(why):
                result = self.run_program("monitor", *words)
                self.assertEqual(result.status, 3, result)
                self.assertRegex(result.out, r"\ACould not tell: [^\n]+\n\Z")
        self.assertFalse((self.folder / "none.sqlite").exists())
        result = self.run_program("--config", "/nonexistent", "monitor", "5", "a:b")
        self.assertEqual(result.status, 3)

    def test_the_time_zone_changes_nothing(self):
        self.run_ok("probe", "--requested")

        for zone in ("UTC", "Asia/Tokyo", "America/Los_Angeles"):
            with self.subTest(zone):
                answer = self.run_ok("monitor", "5", f"{HOST}:probe-requested", env={"TZ": zone})
                self.assertEqual(answer.out, EXPECTED)

    def test_a_clock_that_was_ahead_once_hides_no_run_and_is_none(self):
        self.run_ok("probe", "--requested")
        job = f"{HOST}:probe-requested"
        # As a host writes it whose clock is a day ahead: the program takes no such time from others.
        with contextlib.closing(sqlite3.connect(self.database.removeprefix("sqlite:"))) as database, database:
            database.execute("INSERT INTO script_activity (script, number, started, completed) "
                             "SELECT script, 2, started, completed + 86400000000 FROM script_activity")
        self.assertEqual(self.run_ok("monitor", "5", job).out, EXPECTED)

        with contextlib.closing(sqlite3.connect(self.database.removeprefix("sqlite:"))) as database, database:
            database.execute("DELETE FROM script_activity WHERE number = 1")
        self.assertEqual(self.run_program("monitor", "5", job).status, 2)

    def test_the_help_says_that_jobs_may_be_many(self):
        self.assertEqual(self.run_ok("monitor", "--help").out.splitlines()[0],
                         "Usage: mirrorwarden monitor [OPTION]... MINUTES HOST:SCRIPT...")
        self.assertEqual(self.run_ok("mirror", "show", "--help").out.splitlines()[0],
                         "Usage: mirrorwarden mirror show [OPTION]... NAME")

    def test_a_mirror_of_that_name_is_no_plugin(self):
        self.run_ok("database", "migrate")
        self.assertEqual(self.run_program("mirror", "show", "monitor").status, 2)


if __name__ == "__main__":
    unittest.main()
