#!/usr/bin/python3
"""The users' acceptance data, typed at the command line as they would type it.

Each case runs on every database there is. Cases that no command reaches (rows
ensured and deleted by hand, a probe record removed) are in
storage/store_*_test.cpp.
"""

import datetime
import pathlib
import unittest

from loopback_mirrors import Answer, LoopbackMirrors
from mirrorwarden_testing import on_each_database
from probing_testing import ProbingTest

DATA = pathlib.Path(__file__).resolve().parents[2] / "testdata" / "acceptance"
POOL = "http://foo.bar.com/pub/pool/main/"
ALSA_OLD = POOL + "a/alsa-utils/alsa-utils_1.0.8-1ubuntu1.dsc"
ALSA_NEW = POOL + "a/alsa-utils/alsa-utils_1.0.9a-4.dsc"
FIREFOX = POOL + "m/mozilla-firefox/mozilla-firefox_0.9_i386.deb"
PMOUNT = POOL + "p/pmount/pmount_1.9-1_all.deb"


def user_server(host, method, path):
    """Below /valid-mirror/ everything is there; /timeout never answers."""
    if path.startswith("/valid-mirror/"):
        return Answer()
    if path.startswith("/timeout"):
        return Answer(never=True)
    return Answer(404)


@on_each_database
class AcceptanceTest(ProbingTest):
    def setUp(self):
        super().setUp()
        self.run_ok("catalog", "load", str(DATA / "catalog.toml"))
        self.run_ok("publications", "import", str(DATA / "publications.jsonl"))

    def names(self, *arguments):
        return {mirror["name"] for mirror in self.json("mirror", "list", *arguments)}

    def add_foobarmirror(self):
        self.run_ok(
            *("mirror", "add", "foobarmirror", "--distribution", "ubuntu", "--speed", "2M"),
            *("--country", "BR", "--content", "ARCHIVE", "--http-url", "http://foo.bar.com/pub"),
            *("--owner", "Foo Bar <foo.bar@canonical.com>"),
        )

    def freshness_urls(self, architecture, *when):
        return self.json(
            *("freshness-urls", "foobarmirror", "--series", "warty", "--pocket", "RELEASE"),
            *("--component", "main", *architecture, *when),
        )

    def test_01_a_new_mirror_is_not_official_and_has_no_rows(self):
        self.add_foobarmirror()

        mirror = self.json("mirror", "show", "foobarmirror")

        self.assertIs(mirror["official"], False)
        self.assertEqual(mirror["rows"], [])
        self.assertIs(mirror["enabled"], True)

    def test_05_enabled_official_mirrors(self):
        listed = self.json("mirror", "list", "--distribution", "ubuntu", "--enabled", "--official")

        self.assertEqual([(m["name"], m["country"]) for m in listed], [("valid-mirror", "AF")])

    def test_06_enabled_mirrors(self):
        self.assertEqual(
            self.names("--distribution", "ubuntu", "--enabled"),
            {"valid-mirror", "invalid-mirror", "unreachable-mirror", "archive-404-mirror"},
        )

    def test_07_mirrors_to_probe_when_none_was_probed_yet(self):
        plan = self.json("probe", "--dry-run")

        self.assertEqual(set(plan["mirrors"]), {"valid-mirror", "archive-404-mirror"})
        # 8 (component, architecture) pairs and 8 components in 5 pockets, on 2 mirrors.
        self.assertEqual(plan["requests"], 160)
        rest = "and those for freshness where an index is found\n"
        text = self.run_ok("probe", "--dry-run").out
        self.assertRegex(text, r"\Aarchive-404-mirror  80 requests to http://\S+\n"
                               r"valid-mirror        80 requests to http://\S+\n")
        self.assertTrue(text.endswith(f"\n2 mirrors, 160 requests, {rest}"), text)
        one = self.run_ok("probe", "--dry-run", "--mirror", "valid-mirror").out
        self.assertTrue(one.endswith(f"\n1 mirror, 80 requests, {rest}"), one)

    def test_08_a_mirror_probed_just_now_is_not_probed_again(self):
        with LoopbackMirrors(user_server) as server:
            self.run_ok("mirror", "edit", "valid-mirror", "--http-url", server.url("/valid-mirror"))
            self.run_ok("probe", "--mirror", "valid-mirror")

        self.assertEqual(self.json("probe", "--dry-run")["mirrors"], ["archive-404-mirror"])

    def test_10_disabling_by_hand_mails_the_owner_after_the_commit(self):
        self.run_ok("mirror", "disable", "valid-mirror", "--reason", "moved house")

        shown = self.json("mirror", "show", "valid-mirror")
        mails = self.json("outbox", "list")
        self.assertIs(shown["enabled"], False)
        self.assertEqual(
            [mail["to"] for mail in mails], [{"name": "Foo Bar", "address": "foo.bar@canonical.com"}]
        )
        self.assertIn("moved house", mails[0]["body"])

    def test_10_disabling_that_fails_leaves_no_mail(self):
        self.refused(2, "mirror", "disable", "no-such-mirror", "--reason", "typing error")

        self.assertEqual(self.json("outbox", "list"), [])

    def test_11_packages_paths_of_hoary(self):
        paths = self.json("paths", "valid-mirror", "--kind", "packages", "--series", "hoary")

        self.assertEqual(len(paths), 10)
        self.assertEqual(
            set(paths),
            {
                f"dists/hoary{suffix}/{component}/binary-i386/Packages.gz"
                for suffix in ("", "-backports", "-security", "-updates", "-proposed")
                for component in ("main", "restricted")
            },
        )

    def test_12_sources_paths_of_hoary(self):
        paths = self.json("paths", "valid-mirror", "--kind", "sources", "--series", "hoary")

        self.assertEqual(len(paths), 10)
        self.assertEqual(
            set(paths),
            {
                f"dists/hoary{suffix}/{component}/source/Sources.gz"
                for suffix in ("", "-backports", "-security", "-updates", "-proposed")
                for component in ("main", "restricted")
            },
        )

    def test_13_source_urls_of_a_day_in_2005(self):
        self.add_foobarmirror()

        urls = self.freshness_urls(("--source",), "--when", "2005-09-17")

        expected = {"ONEDAYBEHIND": ALSA_NEW, "TWODAYSBEHIND": ALSA_OLD}
        self.assertEqual(list(urls.items()), list(expected.items()))

    def test_14_source_urls_of_today(self):
        self.add_foobarmirror()

        self.assertEqual(self.freshness_urls(("--source",)), {"UP": ALSA_NEW})

    def test_15_i386_urls_of_a_day_in_2005(self):
        self.add_foobarmirror()

        urls = self.freshness_urls(("--arch", "i386"), "--when", "2005-06-22T00:00:00Z")

        expected = {"TWODAYSBEHIND": PMOUNT, "ONEWEEKBEHIND": FIREFOX}
        self.assertEqual(list(urls.items()), list(expected.items()))

    def test_16_i386_urls_a_minute_after_a_publication(self):
        self.add_foobarmirror()

        urls = self.freshness_urls(("--arch", "i386"), "--when", "2005-06-20T00:01:00Z")

        self.assertEqual(list(urls.items()), [("UP", PMOUNT), ("TWODAYSBEHIND", FIREFOX)])

    def test_17_a_run_without_a_mail_server(self):
        with LoopbackMirrors(user_server) as server:
            self.move_to(server)
            result = self.run_program("probe")

        self.assertEqual(result.status, 0)
        self.assertEqual(result.out, "")
        lines = result.err.splitlines()
        warnings = [line for line in lines if line.startswith("WARNING ")]
        self.assertEqual(
            [line for line in lines if line not in warnings],
            [
                "INFO    Probing Distribution Mirrors",
                "INFO    Probed 2 mirrors.",
                "INFO    Done.",
            ],
        )
        self.assertEqual(len(warnings), 1)
        self.assert_what_the_users_expect_of_a_run()

    def test_17_a_run_with_a_mail_server(self):
        with LoopbackMirrors(user_server) as server, self.mail_server() as mail:
            self.move_to(server)
            result = self.run_program("probe", env={"MIRRORWARDEN_CONFIG": mail.config})

            self.assertEqual(result.status, 0)
            self.assertEqual(result.out, "")
            self.assertEqual(
                result.err,
                "INFO    Probing Distribution Mirrors\nINFO    Probed 2 mirrors.\nINFO    Done.\n",
            )
            self.assertEqual([m["To"] for m in mail.messages()], ["Foo Bar <foo.bar@canonical.com>"])
        self.assert_what_the_users_expect_of_a_run()

    def test_17_the_report_of_a_run(self):
        with LoopbackMirrors(user_server) as server:
            self.move_to(server)
            before = datetime.datetime.now(datetime.timezone.utc)
            report = self.json("probe")

        self.assertEqual(report["probed"], 2)
        self.assertEqual(report["disabled"], ["archive-404-mirror"])
        self.assertEqual(report["enabled"], [])
        self.assertIs(report["suspect"], False)
        by_name = {mirror["name"]: mirror for mirror in report["mirrors"]}
        self.assertEqual(by_name["valid-mirror"]["rows"], 80)
        self.assertEqual(by_name["archive-404-mirror"]["rows"], 0)
        self.assertEqual(by_name["archive-404-mirror"]["outcomes"], {"http-status 404": 80})
        started = datetime.datetime.fromisoformat(report["started"].replace("Z", "+00:00"))
        self.assertLess(abs((started - before).total_seconds()), 60)

    def move_to(self, server):
        """The users' server has a fixed port; tests that run side by side cannot."""
        self.run_ok("mirror", "edit", "valid-mirror", "--http-url", server.url("/valid-mirror"))
        self.run_ok("mirror", "edit", "archive-404-mirror", "--http-url", server.url("/archive-mirror/"))

    def assert_what_the_users_expect_of_a_run(self):
        valid = self.json("mirror", "show", "valid-mirror")
        self.assertIs(valid["enabled"], True)
        self.assertEqual(len(valid["rows"]), 80)
        # Nothing was published this week: the newest file of warty main says UP, and what has no
        # publication at all stays unknown.
        freshness = {
            (r["series"], r["pocket"], r["component"], r["arch"]): r["freshness"] for r in valid["rows"]
        }
        self.assertEqual(freshness["warty", "RELEASE", "main", "i386"], "UP")
        self.assertEqual(freshness["warty", "RELEASE", "main", "source"], "UP")
        self.assertEqual(freshness["hoary", "RELEASE", "main", "i386"], "UNKNOWN")
        broken = self.json("mirror", "show", "archive-404-mirror")
        self.assertIs(broken["enabled"], False)
        self.assertEqual(broken["rows"], [])
        self.assertEqual(self.names() - self.names("--enabled"), {"archive-404-mirror"})


if __name__ == "__main__":
    unittest.main()
