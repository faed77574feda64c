#!/usr/bin/python3
"""Reports of workers, by Python's own xmlrpc.client and as JSON."""

import contextlib
import datetime
import http.client
import http.server
import shutil
import subprocess
import threading
import time
import unittest
import xmlrpc.client

from http_service import Client
from mirrorwarden_testing import on_each_database
from reporting import Bearer, ReportingTest

NOT_MIRRORED, NOT_STARTED, STALE_ATTEMPT = 1, 2, 3
BRANCH_METHODS = ["startMirroring", "mirrorComplete", "mirrorFailed", "requestMirror", "acquireBranchToPull",
                  "getBranchPullQueue"]
SYSTEM_METHODS = ["system.listMethods", "system.methodHelp", "system.methodSignature", "system.multicall"]


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def seconds_between(earlier, later):
    return (moment(later) - moment(earlier)).total_seconds()


@contextlib.contextmanager
def adding_token(service, token):
    """The URL of a server that passes calls on to the service with the token."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            connection = http.client.HTTPConnection(*service.address, timeout=30)
            connection.request("POST", self.path, body, {"Content-Type": self.headers["Content-Type"],
                                                         "Authorization": f"Bearer {token}"})
            answer = connection.getresponse()
            said = answer.read()
            connection.close()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@on_each_database
class Reports(ReportingTest):
    @contextlib.contextmanager
    def fault(self, code):
        with self.assertRaises(xmlrpc.client.Fault) as caught:
            yield
        self.assertEqual(caught.exception.faultCode, code, caught.exception.faultString)

    def test_a_started_branch_has_an_attempt_and_is_no_longer_due(self):
        with self.serving() as service, self.proxy(service) as branches:
            branches.requestMirror(1)
            self.assertIs(branches.startMirroring(1), True)
            shown = self.branch()
        self.assertIsNotNone(shown["last_mirror_attempt"])
        self.assertIsNone(shown["next_mirror_time"])
        self.assertIsNone(shown["last_mirrored"])

    def test_a_complete_one_was_mirrored_when_it_was_started(self):
        with self.serving() as service, self.proxy(service) as branches:
            branches.startMirroring(1)
            branches.mirrorFailed(1, "no route")
            branches.startMirroring(1)
            started = self.branch()["last_mirror_attempt"]
            self.assertIs(branches.mirrorComplete(1, "rev-1"), True)
        shown = self.branch()
        self.assertEqual(shown["last_mirrored"], started)
        self.assertEqual(shown["last_mirrored_id"], "rev-1")
        self.assertEqual(shown["mirror_failures"], 0)
        self.assertIsNone(shown["mirror_status_message"])
        self.assertAlmostEqual(seconds_between(started, shown["next_mirror_time"]), 6 * 3600, delta=60)

    def test_failures_are_counted_with_longer_pauses_until_nobody_tries(self):
        with self.serving() as service, self.proxy(service) as branches:
            branches.startMirroring(1)
            branches.mirrorComplete(1, "rev-1")
            mirrored = self.branch()["last_mirrored"]
            for failures, hours in ((1, 6), (2, 12), (3, 24), (4, 48), (5, None)):
                branches.startMirroring(1)
                self.assertIs(branches.mirrorFailed(1, f"reason {failures}"), True)
                shown = self.branch()
                self.assertEqual(shown["mirror_failures"], failures)
                self.assertEqual(shown["mirror_status_message"], f"reason {failures}")
                self.assertEqual((shown["last_mirrored"], shown["last_mirrored_id"]), (mirrored, "rev-1"))
                if hours is None:
                    self.assertIsNone(shown["next_mirror_time"])
                else:
                    pause = seconds_between(shown["last_mirror_attempt"], shown["next_mirror_time"])
                    self.assertAlmostEqual(pause, hours * 3600, delta=60)

    def test_an_unknown_branch_is_false_and_what_cannot_be_a_fault(self):
        with self.serving() as service, self.proxy(service) as branches:
            self.assertIs(branches.startMirroring(99), False)
            self.assertIs(branches.mirrorComplete(-1, "rev"), False)
            self.assertIs(branches.mirrorFailed(2**31 - 1, "reason"), False)
            self.assertIs(branches.requestMirror(0), False)
            for name, arguments, code in [
                ("startMirroring", (3,), NOT_MIRRORED),
                ("mirrorComplete", (1, "rev"), NOT_STARTED),
                ("mirrorFailed", (1, "reason"), NOT_STARTED),
                ("mirrorComplete", (1, "rev", "0" * 64), STALE_ATTEMPT),
                ("startMirroring", ("1",), -32602),
                ("startMirroring", (1.0,), -32602),
                ("startMirroring", (True,), -32602),
                ("startMirroring", (), -32602),
                ("mirrorComplete", (1,), -32602),
                ("mirrorComplete", (1, 7), -32602),
                ("mirrorComplete", (1, {"a": 1}), -32602),
                ("mirrorFailed", (1, ["a"]), -32602),
                ("acquireBranchToPull", ("MIRRORED",), -32602),
                ("acquireBranchToPull", (["mirrored"],), -32602),
                ("getBranchPullQueue", ("all",), -32602),
                ("recordSuccess", ("a", "b", 1, 2), -32601),
            ]:
                with self.subTest(name=name, arguments=arguments), self.fault(code):
                    getattr(branches, name)(*arguments)
        self.assertEqual(self.sql("SELECT count(*) FROM branch WHERE last_mirror_attempt IS NOT NULL"), [("0",)])

    def test_the_longest_due_branch_is_acquired_by_one_worker_alone(self):
        with self.serving() as service, self.proxy(service) as one, \
                self.proxy(service, name="puller-2", use_builtin_types=True) as two:
            self.assertEqual(one.acquireBranchToPull([]), [])
            one.requestMirror(2)
            one.requestMirror(1)
            self.assertEqual(one.getBranchPullQueue("IMPORTED"),
                             [[2, "https://git.example.org/import.git", "import", "IMPORTED"]])
            self.assertEqual(one.acquireBranchToPull(["HOSTED", "REMOTE"]), [])
            number, url, name, kind, attempt = one.acquireBranchToPull()
            self.assertEqual([number, url, name, kind],
                             [2, "https://git.example.org/import.git", "import", "IMPORTED"])
            self.assertEqual(two.acquireBranchToPull(["MIRRORED"])[0], 1)
            self.assertEqual(two.acquireBranchToPull([]), [])
            self.assertEqual(one.getBranchPullQueue("MIRRORED"), [])
            with self.fault(STALE_ATTEMPT):  # of another worker, who does not have the attempt
                two.mirrorComplete(2, "rev")
            self.assertIs(one.mirrorComplete(2, "rev", attempt), True)
            with self.fault(STALE_ATTEMPT):  # told twice, it counts once
                one.mirrorComplete(2, "rev", attempt)
            self.assertIs(two.mirrorFailed(1, "no", None), True)  # None: left out

    def test_a_silent_worker_counts_as_a_failure_and_its_late_report_is_refused(self):
        with self.serving("--lease", "1") as service, self.proxy(service) as branches:
            branches.requestMirror(1)
            attempt = branches.acquireBranchToPull([])[4]
            service.wait_for_line("no report within 1 minutes")
            shown = self.branch()
            self.assertEqual(shown["mirror_failures"], 1)
            self.assertIn("no report within", shown["mirror_status_message"])
            self.assertIsNone(shown["lease_end"])
            with self.fault(STALE_ATTEMPT):
                branches.mirrorComplete(1, "rev", attempt)
            self.assertEqual(self.branch(), shown)

    def test_a_reason_is_kept_as_one_line_that_is_not_too_long(self):
        with self.serving() as service, self.proxy(service) as branches:
            for reason, kept in (("a\nb\tc", "a b c"), (xmlrpc.client.Binary(b"\x00\xff"), " \N{REPLACEMENT CHARACTER}"),
                                 ("grün <&>", "grün <&>"), ("", None)):
                branches.startMirroring(1)
                branches.mirrorFailed(1, reason)
                self.assertEqual(self.branch()["mirror_status_message"], kept)
            branches.startMirroring(1)
            branches.mirrorFailed(1, "é" * 100_000)
        kept = self.branch()["mirror_status_message"]
        self.assertLessEqual(len(kept.encode()), 1_000)
        self.assertRegex(kept, "^é+…$")

    def test_jobs_are_recorded_in_utc_whatever_the_time_zones_are(self):
        started, completed = datetime.datetime(2005, 9, 15, 11, 42, 2), datetime.datetime(2005, 9, 15, 12, 0, 5)
        forms = [
            (started, completed),
            (xmlrpc.client.DateTime("20050915T11:42:02"), xmlrpc.client.DateTime("20050915T12:00:05")),
            (tuple(started.timetuple()), tuple(completed.timetuple())),
            (tuple(time.gmtime(1126784522)), list(time.gmtime(1126785605))),
        ]
        for zone in ("Asia/Kolkata", "America/New_York"):
            with self.serving(env={"TZ": zone}) as service, \
                    self.proxy(service, "/xmlrpc/scripts", "script.record", "cron") as scripts:
                for number, (start, end) in enumerate(forms):
                    self.assertIs(scripts.recordSuccess(f"{zone} {number}", "host-1", start, end), True)
                status, said = self.post(service, "/api/v1/script-activity", {
                    "name": f"{zone} json", "host": "host-1", "started": "2005-09-15T13:42:02+02:00",
                    "completed": "2005-09-15T12:00:05Z"}, scope="script.record", name="cron")
                self.assertEqual((status, said["started"]), (201, "2005-09-15T11:42:02Z"))
        rows = self.sql("SELECT DISTINCT started, completed FROM script_activity")
        self.assertEqual(len(rows), 1, rows)
        self.assertEqual(self.sql("SELECT count(*) FROM script_activity"), [("10",)])

    def test_the_time_zone_of_the_service_changes_nothing_of_a_branch(self):
        for zone in ("UTC", "Asia/Kolkata", "Pacific/Honolulu"):
            with self.serving(env={"TZ": zone}) as service, self.proxy(service) as branches:
                before = datetime.datetime.now(datetime.timezone.utc)
                branches.startMirroring(1)
                after = datetime.datetime.now(datetime.timezone.utc)
                self.assertLessEqual(before, moment(self.branch()["last_mirror_attempt"]))
                self.assertLessEqual(moment(self.branch()["last_mirror_attempt"]), after)

    def test_what_is_no_job_is_not_recorded(self):
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None, microsecond=0)
        later = now + datetime.timedelta(days=1)
        earlier = now - datetime.timedelta(seconds=1)
        with self.serving() as service, \
                self.proxy(service, "/xmlrpc/scripts", "script.record", "cron") as scripts:
            for arguments in [("probe", "host", now, earlier), ("", "host", now, now), ("probe", "", now, now),
                              ("a\nb", "host", now, now), ("x" * 101, "host", now, now), ("probe", "host", now, later),
                              ("probe", "host", "2005-09-15", now), ("probe", "host", (2005, 9, 15), now),
                              ("probe", "host", 1126784522, now), ("probe", "host", now)]:
                with self.subTest(arguments), self.fault(-32602):
                    scripts.recordSuccess(*arguments)
        self.assertEqual(self.sql("SELECT count(*) FROM script_activity"), [("0",)])

    def test_the_methods_tell_of_themselves(self):
        with self.serving() as service, self.proxy(service) as branches, \
                self.proxy(service, "/xmlrpc/scripts", "script.record", "cron") as scripts:
            self.assertEqual(branches.system.listMethods(), BRANCH_METHODS + SYSTEM_METHODS)
            self.assertEqual(scripts.system.listMethods(), ["recordSuccess"] + SYSTEM_METHODS)
            for name in BRANCH_METHODS + SYSTEM_METHODS:
                self.assertRegex(branches.system.methodHelp(name), r"\.$")
                self.assertTrue(branches.system.methodSignature(name))
            self.assertEqual(branches.system.methodSignature("mirrorComplete"),
                             [["boolean", "int", "string"], ["boolean", "int", "string", "string"]])
            with self.fault(-32601):
                branches.system.methodHelp("eval")

    def test_another_client_understands_what_the_methods_tell(self):
        """libxmlrpc-c's, by a program that writes C++ from it; it cannot send a token."""
        program = shutil.which("xml-rpc-api2cpp")
        if program is None:
            self.skipTest("needs xmlrpc-api-utils")
        with self.serving() as service, adding_token(service, self.token()) as url:
            made = subprocess.run([program, url + "/xmlrpc/branch", "system", "System"], cwd=self.folder,
                                  capture_output=True, text=True, timeout=60)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn("methodHelp (std::string", made.stdout)

    def test_many_calls_in_one_are_each_their_own(self):
        with self.serving() as service, self.proxy(service) as branches:
            many = xmlrpc.client.MultiCall(branches)
            many.startMirroring(1)
            many.mirrorComplete(3, "rev")
            many.startMirroring(99)
            many.mirrorFailed(1, "no route")
            answers = many()
            self.assertEqual([answers[0], answers[2], answers[3]], [True, False, True])
            with self.fault(NOT_MIRRORED):
                _ = answers[1]
        self.assertEqual(self.branch()["mirror_failures"], 1)

    def test_a_token_opens_its_own_calls_alone(self):
        with self.serving() as service:
            for path, call, opens in (
                    ("/xmlrpc/branch", lambda proxy: proxy.requestMirror(1), {"branch.report", "admin"}),
                    ("/xmlrpc/scripts", lambda proxy: proxy.system.listMethods(), {"script.record", "admin"})):
                for scope in ("branch.report", "script.record", "admin"):
                    with self.subTest(path=path, scope=scope), self.proxy(service, path, scope, "someone") as proxy:
                        if scope in opens:
                            call(proxy)
                        else:
                            with self.assertRaises(xmlrpc.client.ProtocolError) as caught:
                                call(proxy)
                            self.assertEqual(caught.exception.errcode, 403)
            url = f"{service.urls[0]}/xmlrpc/branch"
            with xmlrpc.client.ServerProxy(url) as nobody, self.assertRaises(xmlrpc.client.ProtocolError) as caught:
                nobody.requestMirror(1)
            self.assertEqual(caught.exception.errcode, 401)
            with xmlrpc.client.ServerProxy(url, transport=Bearer(self.token())) as bearer:
                self.assertIs(bearer.requestMirror(1), True)

    def test_the_json_twin_is_as_its_description_says(self):
        checks = [
            ("/api/v1/branches/1/request", {}, 200),
            ("/api/v1/branches/acquire", {"types": ["MIRRORED"]}, 200),
            ("/api/v1/branches/1/mirror-complete", {"revision": "rev-1"}, 200),
            ("/api/v1/branches/acquire", {}, 200),
            ("/api/v1/branches/1/mirror-start", {}, 200),
            ("/api/v1/branches/1/mirror-start", {"started": "2999-01-01T00:00:00Z"}, 422),
            ("/api/v1/branches/1/mirror-failed", {"reason": "no route"}, 200),
            ("/api/v1/branches/1/mirror-failed", {"reason": "no route"}, 409),
            ("/api/v1/branches/3/mirror-start", {}, 409),
            ("/api/v1/branches/99/mirror-start", {}, 404),
            ("/api/v1/branches/1/mirror-complete", {}, 422),
            ("/api/v1/script-activity", {}, 403),
        ]
        try:
            import jsonschema
        except ImportError as error:
            raise unittest.SkipTest("needs python3-jsonschema") from error
        with self.serving() as service:
            document = service.ask("/api/v1/openapi.json").json()
            for path, fields, expected in checks:
                with self.subTest(path=path, fields=fields):
                    status, said = self.post(service, path, fields)
                    self.assertEqual(status, expected, said)
                    described = document["paths"]["/".join("{id}" if part.isdigit() else part for part in path.split("/"))]
                    responses = described["post"]["responses"][str(status)]["content"]
                    kind = "application/json" if status < 300 else "application/problem+json"
                    schema = {**responses[kind]["schema"], "components": document["components"]}
                    jsonschema.Draft202012Validator(schema).validate(said)

    def test_the_configuration_says_where_reports_come_and_how_long_a_worker_may_be_silent(self):
        settings = self.write("settings.toml", "[serve]\nreports_listen = ['127.0.0.2:0']\nlease = 1\n")
        with self.serving(env={"MIRRORWARDEN_CONFIG": settings}) as service:
            self.assertIn("Taking reports at http://127.0.0.2:", service.process.stdout.readline())
            self.assertEqual(self.post(service, "/api/v1/branches/1/mirror-start")[0], 404)
        settings.write_text("[serve]\nlease = 1\n", encoding="utf-8")
        with self.serving(env={"MIRRORWARDEN_CONFIG": settings}) as service:
            self.assertEqual(self.post(service, "/api/v1/branches/1/mirror-start")[0], 200)
            service.wait_for_line("no report within 1 minutes")

    def test_with_a_listener_of_their_own_reports_are_there_alone(self):
        call = xmlrpc.client.dumps((1,), "requestMirror")
        with self.serving("--reports-listen", "127.0.0.2:0") as service:
            line = service.process.stdout.readline()
            self.assertRegex(line, r"^Taking reports at http://127\.0\.0\.2:\d+/\n$")
            reports = ("127.0.0.2", int(line.rsplit(":", 1)[1].strip("/\n")))

            def ask(address, method, path, body="", kind="text/xml"):
                with Client(address) as client:
                    return client.send(
                        f"{method} {path} HTTP/1.1\r\nHost: test\r\nContent-Type: {kind}\r\n"
                        f"Authorization: Bearer {self.token('admin', 'alice')}\r\n"
                        f"Content-Length: {len(body)}\r\n\r\n{body}").answer(method)

            public = service.address
            self.assertEqual(ask(public, "POST", "/xmlrpc/branch", call).status, 404)
            self.assertEqual(ask(public, "POST", "/api/v1/branches/1/request").status, 404)
            self.assertEqual(ask(public, "GET", "/").status, 200)
            for path in ("/", "/", "/api/v1/mirrors", "/login", "/metrics"):
                self.assertEqual(ask(reports, "GET", path).status, 404, path)
            self.assertEqual(service.ask("/").status, 200)  # kept by now, and still not there
            with Client(reports) as client:
                self.assertEqual(client.ask("/").status, 404)
            answer = ask(reports, "POST", "/xmlrpc/branch", call)
            self.assertEqual(xmlrpc.client.loads(answer.body)[0], (True,))
            self.assertEqual(ask(reports, "GET", "/healthz").status, 200)
            self.assertEqual(ask(reports, "GET", "/readyz").status, 200)


if __name__ == "__main__":
    unittest.main()
