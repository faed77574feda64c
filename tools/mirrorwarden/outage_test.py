#!/usr/bin/python3
"""A dead hour of ours never empties the world: real outages of the fixture."""

import unittest

from loopback_mirrors import Answer, LoopbackMirrors
from mirrorwarden_testing import on_each_database
from probing_testing import ProbingTest

PRIMARY = "127.0.2.1"


def address(number):
    return f"127.0.2.{number + 10}"


def catalogue(port, mirrors, primary, failures=1):
    text = f"""
[[distribution]]
name = "debian"
title = "Debian"
pockets = ["RELEASE"]
admins = ["Mirror Admins <admins@example.org>"]
failures_before_disable = {failures}
{f'primary_url = "http://{PRIMARY}:{port}/"' if primary else ''}

[[distribution.series]]
name = "bookworm"
version = "12"
components = ["main"]
architectures = ["amd64"]
"""
    for number in range(mirrors):
        text += f"""
[[mirror]]
name = "mirror-{number}"
distribution = "debian"
owner = "owner-{number}@example.org"
country = "BR"
speed = "100M"
http_url = "http://{address(number)}:{port}/"
"""
    return text


@on_each_database
class OutageTest(ProbingTest):
    """`self.empty` mirrors answer 404; `self.primary` says what the primary does."""

    def setUp(self):
        super().setUp()
        self.empty = set()
        self.primary_status = 200
        self.server = LoopbackMirrors(self.respond, [PRIMARY] + [address(n) for n in range(10)])
        self.addCleanup(self.server.close)

    def respond(self, host, method, path):
        if host == PRIMARY:
            return Answer(self.primary_status)
        return Answer(404 if host in self.empty else 200)

    def load(self, mirrors, primary, failures=1):
        text = catalogue(self.server.port, mirrors, primary, failures)
        self.run_ok("catalog", "load", self.write("c.toml", text))

    def enabled(self):
        return {mirror["name"] for mirror in self.json("mirror", "list", "--enabled")}

    def mails_to(self):
        return {mail["to"]["address"] for mail in self.json("outbox", "list")}

    def test_more_than_half_and_at_least_five_at_once_is_doubted(self):
        self.load(mirrors=9, primary=False)
        self.empty = {address(number) for number in range(5)}

        result = self.run_program("probe", "--json")

        self.assertEqual(result.status, 3)
        self.assertEqual(len(self.enabled()), 9)
        self.assertIn("WARNING ", result.err)
        self.assertEqual(self.mails_to(), {"admins@example.org"})
        shown = self.json("mirror", "show", "mirror-0")
        self.assertIs(shown["probes"][0]["suspect"], True)
        self.assertEqual(shown["rows"], [])

    def test_an_outage_is_not_the_first_of_two_failures(self):
        for mirrors in (3, 6):  # too few to tell by their number, and enough
            with self.subTest(mirrors=mirrors):
                self.load(mirrors=mirrors, primary=True, failures=2)
                self.server.respond = lambda host, method, path: Answer(502)
                ours = self.run_program("probe", "--force")
                self.server.respond = self.respond
                self.empty = {address(mirrors - 1)}
                self.run_ok("probe", "--force")

                self.assertEqual(ours.status, 3, ours.err)
                self.assertEqual(self.mails_to(), {"admins@example.org"})
                self.assertEqual(len(self.enabled()), mirrors)

    def test_half_of_them_are_believed(self):
        self.load(mirrors=10, primary=False)
        self.empty = {address(number) for number in range(5)}

        self.assertEqual(self.run_program("probe").status, 0)

        self.assertEqual(self.enabled(), {f"mirror-{number}" for number in range(5, 10)})

    def test_a_primary_that_is_gone_clears_the_mirrors(self):
        self.load(mirrors=3, primary=True)
        self.empty = {address(0)}
        self.run_ok("probe", "--mirror", "mirror-1")
        self.primary_status = 503

        result = self.run_program("probe")

        self.assertEqual(result.status, 3)
        self.assertEqual(len(self.enabled()), 3)

    def test_a_primary_that_has_nothing_either_clears_the_mirrors(self):
        self.load(mirrors=3, primary=True)
        self.empty = {address(0)}
        self.primary_status = 404

        self.assertEqual(self.run_program("probe").status, 3)

        self.assertEqual(len(self.enabled()), 3)

    def test_a_portal_in_front_of_everything_is_not_the_primary(self):
        self.load(mirrors=3, primary=True)
        self.server.parked = True  # 200 to whatever is asked, the primary's names too

        result = self.run_program("probe")

        self.assertEqual(result.status, 3, result.err)
        self.assertIn("not the archive that we reach", result.err)
        self.assertEqual(len(self.enabled()), 3)

    def test_a_run_that_finds_no_name_disables_nobody(self):
        text = catalogue(self.server.port, 2, False)
        for number in range(2):
            text = text.replace(f"//{address(number)}:", f"//m{number}.example.invalid:")
        self.run_ok("catalog", "load", self.write("c.toml", text))

        result = self.run_program("probe")

        self.assertEqual(result.status, 3, result.err)
        self.assertIn("not one name", result.err)
        self.assertEqual(len(self.enabled()), 2)

    def test_a_primary_that_has_the_indexes_convicts_a_mirror_that_lacks_them(self):
        self.load(mirrors=3, primary=True)
        self.empty = {address(0)}

        self.assertEqual(self.run_program("probe").status, 0)

        self.assertEqual(self.enabled(), {"mirror-1", "mirror-2"})
        self.assertEqual(
            self.mails_to(), {"owner-0@example.org", "admins@example.org"}
        )

    def test_a_server_that_is_gone_altogether_disables_nobody(self):
        self.load(mirrors=8, primary=True)
        self.run_ok("probe")
        self.server.close()

        result = self.run_program("probe", "--force")

        self.assertEqual(result.status, 3)
        self.assertEqual(len(self.enabled()), 8)

    def test_a_mirror_that_recovers_comes_back_and_its_owner_is_told(self):
        self.load(mirrors=3, primary=True)
        self.empty = {address(0)}
        self.run_ok("probe")
        self.empty = set()

        report = self.json("probe", "--force")

        self.assertEqual(report["enabled"], ["mirror-0"])
        self.assertEqual(len(self.enabled()), 3)
        subjects = [m["subject"] for m in self.json("outbox", "list") if m["to"]["address"] == "owner-0@example.org"]
        self.assertEqual(len(subjects), 2)

    def test_a_mirror_that_an_admin_disabled_stays_off(self):
        self.load(mirrors=3, primary=True)
        self.run_ok("mirror", "disable", "mirror-0", "--reason", "owner asked")

        self.run_ok("probe", "--force")

        self.assertEqual(self.enabled(), {"mirror-1", "mirror-2"})

    def test_a_stale_mirror_never_looks_fresh(self):
        self.load(mirrors=1, primary=False)
        publication = (
            '{"distribution": "debian", "series": "bookworm", "pocket": "RELEASE", "component": "main",'
            ' "arch": "amd64", "source": "hello", "version": "2.10-3", "file": "hello_2.10-3_amd64.deb",'
            ' "file_type": "DEB", "status": "PUBLISHED", "published": "2005-09-15T11:42:02Z"}\n'
        )
        self.run_ok("publications", "import", self.write("p.jsonl", publication))
        self.server.respond = lambda host, method, path: Answer(404 if "/pool/" in path else 200)

        self.run_ok("probe")

        rows = self.json("mirror", "show", "mirror-0")["rows"]
        freshness = {row["arch"]: row["freshness"] for row in rows}
        self.assertEqual(freshness, {"amd64": "UNKNOWN", "source": "UNKNOWN"})


if __name__ == "__main__":
    unittest.main()
