#!/usr/bin/python3
"""Owners' scripts say that they copy the archive: what a mirror's page, JSON and `mirror show` make of it."""

import json
import unittest

from debian_catalog import debian, mirror
from http_service import Client
from mirrorwarden_testing import on_each_database
from reporting import ReportingTest


@on_each_database
class Syncs(ReportingTest):
    def setUp(self):
        super().setUp()
        self.load(debian() + mirror("fine", "http://127.0.9.1/debian/") + mirror("other", "http://127.0.9.2/debian/"))

    def say(self, service, act, mirror="fine", scope="mirror.sync", holder="fine"):
        return self.post(service, f"/api/v1/mirrors/{mirror}/mirror-sync-{act}", {}, scope, holder)

    def shown(self):
        return self.json("mirror", "show", "fine")["sync"]

    def json(self, *arguments):
        return self.run_ok(*arguments, "--json").json()

    def page_says(self, service, words):
        service.wait_for("/mirror/fine", lambda answer: words in answer.body.decode())

    def test_a_sync_is_shown_from_its_start_to_its_end_and_then_a_probe_waits(self):
        with self.serving() as service:
            self.assertIsNone(self.shown())
            self.assertEqual(self.say(service, "started"), (200, {"mirror": "fine"}))
            self.assertEqual(self.shown()["state"], "under-way")
            self.assertIsNone(self.shown()["completed"])
            self.page_says(service, "<dt>Sync</dt><dd>under way, began ")
            self.assertIn("under way since", self.run_ok("mirror", "show", "fine").out)
            self.assertEqual(self.say(service, "completed"), (200, {"mirror": "fine"}))
            # At once: the answer waited until the world has the request for a probe.
            self.assertIn("<dt>Sync</dt><dd>complete ", service.ask("/mirror/fine").body.decode())
            self.assertEqual(service.ask("/api/v1/mirrors/fine").json()["sync"], self.shown())
            self.assertEqual(self.shown()["state"], "complete")
            self.assertEqual(self.say(service, "completed")[0], 200)  # a probe waits already
        audit = self.json("mirror", "show", "fine")["audit"]
        self.assertEqual([(line["who"], line["what"]) for line in audit][1:], [("owner with token 1", "probe requested")])

    def test_each_token_speaks_for_its_own_mirror_alone(self):
        with self.serving() as service:
            for scope, holder, status in [("mirror.sync", "other", 403), ("mirror", "other", 403),
                                          ("branch.report", "fine", 403), ("script.record", "fine", 403),
                                          ("mirror", "fine", 200), ("admin", "alice", 200)]:
                with self.subTest(scope=scope, holder=holder):
                    self.assertEqual(self.say(service, "started", "fine", scope, holder)[0], status)
            self.assertEqual(self.say(service, "started", "nowhere", "admin", "alice")[0], 404)
            with Client(service.address) as client:
                client.send("POST /api/v1/mirrors/fine/mirror-sync-started HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
                self.assertEqual(client.answer().status, 401)

    def test_a_token_for_syncs_opens_nothing_else(self):
        with self.serving() as service:
            for act in ("probe", "maintenance", "edit", "enable", "disable", "review"):
                with self.subTest(act):
                    status, said = self.post(service, f"/api/v1/mirrors/fine/{act}", {}, "mirror.sync", "fine")
                    self.assertEqual(status, 403)
                    self.assertRegex(said["detail"], "^(Only an admin|Your token is for mirror.sync of the mirror fine)")

    def test_where_reports_have_a_listener_owners_are_heard_on_both(self):
        with self.serving("--reports-listen", "127.0.0.2:0") as service:
            self.assertEqual(self.say(service, "started")[0], 200)
            line = service.process.stdout.readline()
            service.address = ("127.0.0.2", int(line.rsplit(":", 1)[1].strip("/\n")))
            self.assertEqual(self.say(service, "completed")[0], 200)

    def test_a_sync_that_never_ended_is_said_to_be_so(self):
        with self.serving() as service:
            self.say(service, "started")
        day = 86_400 * 1_000_000
        self.write_sql(f"UPDATE mirror_sync SET started = started - {day}")
        self.assertEqual(self.shown()["state"], "never-ended")
        with self.serving() as service:
            self.page_says(service, "<strong>never ended</strong>")
            self.assertEqual(json.loads(service.ask("/api/v1/mirrors/fine").body)["sync"]["state"], "never-ended")


if __name__ == "__main__":
    unittest.main()
