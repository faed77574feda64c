#!/usr/bin/python3
"""The API and the lists as a script meets them: over HTTP, of mirrors that were really probed."""

import json
import unittest

from debian_catalog import debian, mirror
from http_service import serving
from loopback_mirrors import Answer, LoopbackMirrors
from mirrorwarden_testing import on_each_database
from probing_testing import ProbingTest


@on_each_database
class ServedApi(ProbingTest):
    def setUp(self):
        super().setUp()
        self.server = LoopbackMirrors(self.respond, ["127.0.8.1", "127.0.8.2", "127.0.8.3"])
        self.addCleanup(self.server.close)
        self.urls = {name: self.server.url("/", f"127.0.8.{i}") for i, name in ((1, "fine"), (2, "gone"))}
        self.primary = self.server.url("/", "127.0.8.3")
        private = {"owner": "Secret <secret@example.org>", "whiteboard": "secret"}
        official = {"official_candidate": True, "status": "OFFICIAL"}
        self.write("c.toml", debian(primary_url=self.primary) + mirror("fine", self.urls["fine"], **private, **official)
                   + mirror("gone", self.urls["gone"], country="BR", **private, **official))
        self.run_ok("catalog", "load", "c.toml")
        self.run_ok("probe", "--no-owner-notification")

    def respond(self, host, _method, path):
        return Answer(200 if host != "127.0.8.2" and path.startswith("/dists/") else 404)

    def test_what_was_probed_is_served(self):
        with serving(self.folder, self.database) as service:
            details = service.ask("/api/v1/mirrors/fine").json()
            shown = json.loads(self.run_ok("mirror", "show", "fine", "--json").out)
            for key, value in details.items():
                # What only the next probe needs is left out.
                if key not in ("suites", "severity"):
                    self.assertEqual(value, shown[key], key)
            self.assertEqual(service.ask("/mirrors.txt").body.decode(), self.urls["fine"] + "\n")
            self.assertEqual(service.ask("/mirrors/BR.txt").body.decode(), self.primary + "\n")
            events = service.ask("/api/v1/events?kind=disabled").json()["events"]
            self.assertEqual([(event["mirror"], event["who"]) for event in events], [("gone", "prober")])

    def test_a_probe_has_a_log_packed_or_not(self):
        with serving(self.folder, self.database) as service:
            probes = service.ask("/api/v1/mirrors/fine/probes").json()["probes"]
            self.assertEqual(len(probes), 1)
            history = service.ask("/api/v1/mirrors/fine/history").json()["points"]
            self.assertEqual([point["probe"] for point in history], [probes[0]["id"]])
            target = f"/api/v1/mirrors/fine/probes/{probes[0]['id']}/log"
            plain = service.ask(target)
            self.assertEqual(plain.body.decode(), self.run_ok("log", "fine").out)
            packed = service.ask(target, Accept_Encoding="gzip")
            self.assertEqual(packed.fields["content-encoding"], "gzip")
            self.assertEqual(packed.unpacked(), plain.body)

    def test_nothing_private_is_served(self):
        with serving(self.folder, self.database) as service:
            for target in ("/api/v1/mirrors", "/api/v1/mirrors/gone", "/api/v1/events", "/feeds/all.atom",
                           "/api/v1/distributions/debian", "/Mirrors.masterlist", "/mirrors/status/json", "/metrics"):
                answer = service.ask(target)
                self.assertEqual(answer.status, 200, target)
                self.assertNotIn(b"ecret", answer.body, target)

    def test_what_changes_is_served_soon(self):
        with serving(self.folder, self.database) as service:
            self.run_ok("mirror", "disable", "fine", "--reason", "moves house")
            changed = service.wait_for("/api/v1/mirrors/fine", lambda answer: not answer.json()["enabled"])
            self.assertEqual(changed.json()["disabled_reason"], "moves house")
            newest = service.ask("/api/v1/mirrors/fine/events").json()["events"][0]
            self.assertEqual((newest["kind"], newest["who"], newest["reason"]), ("disabled", "admin", "moves house"))


if __name__ == "__main__":
    unittest.main()
