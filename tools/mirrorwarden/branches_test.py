#!/usr/bin/python3
"""Branches as the admin registers and reads them, and the SQL for the role that the service runs as."""

import datetime
import unittest
import urllib.parse

from asker import Asker
from debian_catalog import debian, mirror
from http_service import serving
from mirrorwarden_testing import on_each_database, ProgramTest, psql

URL = "https://git.example.org/tool.git"
EMPTY = {"last_mirror_attempt": None, "last_mirrored": None, "last_mirrored_id": None, "mirror_failures": 0,
         "mirror_status_message": None, "next_mirror_time": None, "lease_end": None}
JOB = {"name": "nightly", "host": "puller-1", "started": "2005-09-15T11:42:02Z", "completed": "2005-09-15T12:00:05Z"}


@on_each_database
class Branches(ProgramTest):
    def shown(self, *arguments):
        return self.run_ok("branch", *arguments, "--json").json()

    def test_a_branch_is_empty_until_somebody_asks(self):
        self.assertEqual(self.run_ok("branch", "add", "~ann/tool/main", URL).out, "Branch 1 is ~ann/tool/main.\n")

        branch = {"id": 1, "name": "~ann/tool/main", "url": URL, "type": "MIRRORED", **EMPTY}
        self.assertEqual(self.shown("list"), [branch])
        self.assertEqual(self.shown("show", "~ann/tool/main"), branch)
        self.assertEqual(self.shown("show", "1"), branch)
        self.assertEqual(self.shown("list", "--due"), [])
        self.assertRegex(self.run_ok("branch", "show", "1").out, r"state +never mirrored\n.*\n.*\nnext +when asked\n")

    def test_lists_are_of_a_type_of_what_is_due_or_of_what_failed(self):
        self.assertIn("and waits for a worker", self.run_ok("branch", "add", "due", URL, "--request").out)
        self.run_ok("branch", "add", "hosted", URL, "--type", "HOSTED")
        self.run_ok("branch", "add", "remote", URL, "--type", "REMOTE")

        def names(*flags):
            return [branch["name"] for branch in self.shown("list", *flags)]

        self.assertEqual(names(), ["due", "hosted", "remote"])
        self.assertEqual(names("--type", "REMOTE"), ["remote"])
        self.assertEqual(names("--due"), ["due"])
        self.assertEqual(names("--failing"), [])
        lines = self.run_ok("branch", "list").out.splitlines()
        self.assertRegex(lines[0], r"^ID  NAME +TYPE +STATE +MIRRORED +NEXT$")
        self.assertRegex(lines[1], r"^ 1  due +MIRRORED  never mirrored +never +now$")
        self.assertRegex(lines[3], r"^ 3  remote +REMOTE +only registered +never +never$")

    def test_what_cannot_be_a_branch_is_refused_and_nothing_is_added(self):
        self.run_ok("branch", "add", "taken", URL)
        for why, arguments, part in (
                ("a name that is taken", ["add", "taken", URL], 'Branch 1 has the name "taken" already.'),
                ("a number", ["add", "17", URL], '"17" is a number'),
                ("no name", ["add", "a b", URL], '"a b" is no name for a branch'),
                ("no URL", ["add", "b", "ext::sh -c x"], "the URL is no URL"),
                ("a password", ["add", "b", "https://ann:hunter2@x/y"], "the URL holds a password"),
                ("no type", ["add", "b", URL, "--type", "PULLED"], '"PULLED" is none of HOSTED|MIRRORED|IMPORTED|REMOTE'),
                ("asked for what nobody pulls", ["add", "b", URL, "--type", "REMOTE", "--request"], "REMOTE"),
                ("no URL at all", ["add", "b"], "URL is required"),
                ("no branch to show", ["show"], "BRANCH is required"),
                ("a name that is not there", ["show", "b"], 'there is no branch "b"'),
                ("a number that is not there", ["show", "99"], "there is no branch 99"),
                ("a number beyond all", ["show", "99999999999999999999"], "there is no branch"),
                ("no command", [], "say which command after mirrorwarden branch: add")):
            with self.subTest(why):
                result = self.run_program("branch", *arguments)
                self.assertEqual((result.status, result.out), (2, ""))
                self.assertIn(part, result.err)
                self.assertNotIn("hunter2", result.err)
        self.assertEqual(len(self.shown("list")), 1)


class Rights(ProgramTest):
    """The service as a role of a real cluster that was given what `database grants` prints."""

    database_kind = "postgresql"

    def setUp(self):
        super().setUp()
        self.run_ok("catalog", "load", self.write("c.toml", debian() + mirror("fine", "http://127.0.9.1/debian/")))
        self.run_ok("branch", "add", "tool", URL, "--request")
        self.admin = self.run_ok("token", "create", "--for", "admin", "alice", "--expires", "1d").out.strip()
        # Roles are the cluster's, not the database's.
        self.role = "role-of-" + urllib.parse.urlsplit(self.database).path[-12:]
        self.other = self.role + "-2"
        for role in (self.role, self.other):
            psql(self.database, f'CREATE ROLE "{role}" LOGIN')
            self.addCleanup(psql, self.database, f'DROP OWNED BY "{role}"; DROP ROLE "{role}"')
        psql(self.database, self.run_ok("database", "grants", "--role", self.role).out)

    def url_of(self, role):
        parts = urllib.parse.urlsplit(self.database)
        query = dict(urllib.parse.parse_qsl(parts.query)) | {"user": role}
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}?{urllib.parse.urlencode(query)}"

    def test_the_service_works_as_that_role(self):
        in_an_hour = f"{datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
        with serving(self.folder, self.url_of(self.role)) as service:
            alice = Asker(service, Authorization=f"Bearer {self.admin}")
            for act, fields in (("edit", {"description": "new", "http_url": "http://127.0.9.2/debian/"}),
                                ("review", {"status": "OFFICIAL"}),
                                ("disable", {"reason": "a test"}), ("enable", {"reason": "it went well"}),
                                ("maintenance", {"until": in_an_hour}), ("probe", {}),
                                ("mirror-sync-started", {}), ("mirror-sync-completed", {})):
                answer = alice.post("/api/v1/mirrors/fine/" + act, fields)
                self.assertLess(answer.status, 300, (act, answer.body))
            for act, fields in (("mirror-start", {}), ("mirror-complete", {"revision": "0123abcd"}), ("request", {}),
                                ("mirror-start", {}), ("mirror-failed", {"reason": "no such host"})):
                answer = alice.post("/api/v1/branches/1/" + act, fields)
                self.assertEqual(answer.status, 200, (act, answer.body))
            self.assertEqual(alice.post("/api/v1/branches/1/request").status, 200)
            self.assertEqual(alice.post("/api/v1/branches/acquire").json()["branch"]["id"], 1)
            self.assertEqual(alice.post("/api/v1/script-activity", JOB).status, 201)
            for path in ("/", "/mirror/fine", "/healthz", "/metrics", "/api/v1/mirrors", "/admin/tokens", "/admin/outbox"):
                self.assertIn(alice.get(path).status, (200, 303), path)

        mirror = self.json_of("mirror", "show", "fine")
        self.assertEqual(mirror["description"], "new")
        self.assertEqual(mirror["http_url"], "http://127.0.9.2/debian/")
        branch = self.json_of("branch", "show", "tool")
        self.assertEqual((branch["last_mirrored_id"], branch["mirror_failures"]), ("0123abcd", 1))

    def json_of(self, *arguments):
        return self.run_ok(*arguments, "--json").json()

    def test_the_role_can_do_nothing_that_is_the_admins(self):
        before = psql(self.database, "TABLE branch; TABLE token; TABLE mirror; TABLE secret")
        for arguments in (["branch", "add", "more", URL], ["mirror", "delete", "fine"], ["token", "rotate-links"],
                          ["catalog", "load", self.write("more.toml", mirror("more", "http://127.0.9.1/more/"))]):
            with self.subTest(arguments):
                result = self.run_program("--database", self.url_of(self.role), *arguments)
                self.assertEqual((result.status, result.out), (1, ""))
                self.assertIn("permission denied", result.err)
        self.assertEqual(psql(self.database, "TABLE branch; TABLE token; TABLE mirror; TABLE secret"), before)

    def test_another_role_reads_nothing(self):
        for table in ("branch", "token", "secret", "script_activity", "mirror"):
            with self.subTest(table), self.assertRaisesRegex(RuntimeError, "permission denied"):
                psql(self.url_of(self.other), f"TABLE {table}")
        self.assertNotEqual(self.run_program("--database", self.url_of(self.other), "branch", "list").status, 0)


class Grants(ProgramTest):
    def test_names_are_as_given_or_refused(self):
        sql = self.run_ok("database", "grants", "--schema", 'a"b').out
        self.assertIn('GRANT USAGE ON SCHEMA "a""b" TO "mirrorwarden_service";\n', sql)
        self.assertTrue(sql.startswith("BEGIN;\n") and sql.endswith("COMMIT;\n"))
        for name in ("", "x" * 64, "a\nb"):
            result = self.run_program("database", "grants", "--role", name)
            self.assertEqual((result.status, result.out), (2, ""))
            self.assertIn("--role: ", result.err)


if __name__ == "__main__":
    unittest.main()
