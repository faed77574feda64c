#!/usr/bin/python3
"""Other policies over the probes that are stored: what would have been, without changing it."""

import unittest

from debian_catalog import debian, mirror
from loopback_mirrors import Answer, LoopbackMirrors
from mirrorwarden_testing import on_each_database
from probing_testing import ProbingTest


@on_each_database
class PolicyTest(ProbingTest):
    def setUp(self):
        super().setUp()
        self.is_gone = False
        self.server = LoopbackMirrors(self.respond, ["127.0.7.1", "127.0.7.2"])
        self.addCleanup(self.server.close)
        self.write("c.toml", debian() + mirror("fine", self.server.url("/", "127.0.7.1"))
                   + mirror("shaky", self.server.url("/", "127.0.7.2")))
        self.run_ok("catalog", "load", "c.toml")

    def respond(self, host, method, path):
        return Answer(404) if host == "127.0.7.2" and self.is_gone else Answer()

    def probe(self, is_gone):
        self.is_gone = is_gone
        return self.json("probe", "--force")

    def replay(self, *settings):
        words = [word for setting in settings for word in ("--set", setting)]
        (one,) = self.json("policy", "replay", "--since", "2020-01-01", *words)
        self.assertEqual(one["distribution"], "debian")
        return one, {mirror["name"]: mirror for mirror in one["mirrors"]}

    def test_a_second_chance_would_have_kept_a_mirror_that_came_back(self):
        for is_gone in (False, True, False):
            self.probe(is_gone)
        before = self.json("mirror", "show", "shaky")

        as_it_is, same = self.replay()
        self.assertEqual(as_it_is["policy"], {"disable_when": [], "failures_before_disable": 1,
                                              "successes_before_enable": 1, "never_below": 0})
        self.assertEqual(as_it_is["probes"], 6)
        self.assertEqual([change["enabled"] for change in same["shaky"]["was"]["changes"]], [False, True])
        self.assertEqual([change["enabled"] for change in same["shaky"]["would_be"]["changes"]], [False, True])
        self.assertFalse(same["shaky"]["differs"])

        _, kinder = self.replay("failures_before_disable=2")
        self.assertEqual(kinder["shaky"]["would_be"]["changes"], [])
        self.assertTrue(kinder["shaky"]["differs"])
        self.assertFalse(kinder["fine"]["differs"])

        _, harder = self.replay("successes_before_enable=2")
        (off,) = harder["shaky"]["would_be"]["changes"]
        self.assertEqual((off["enabled"], off["why"]), (False, "no-content"))
        self.assertFalse(harder["shaky"]["would_be"]["enabled"])

        text = self.run_ok("policy", "replay", "--since", "2020-01-01", "--set", "successes_before_enable=2").out
        self.assertIn("debian: 1 of 2 mirrors would have been on or off at other times", text)
        self.assertRegex(text, r"shaky +would be switched off +no-content")
        self.assertNotIn("fine", text)
        self.assertEqual(self.json("mirror", "show", "shaky"), before)

    def test_the_last_mirrors_of_a_country_would_be_kept(self):
        self.probe(True)

        _, kept = self.replay("never_below=2")

        self.assertEqual(kept["shaky"]["would_be"]["changes"], [])
        self.assertEqual([one["why"] for one in kept["shaky"]["kept"]], ["no-content"])

    def test_nothing_was_probed_yet(self):
        report, mirrors = self.replay('disable_when=["lag>7d"]')

        self.assertEqual(report["probes"], 0)
        self.assertEqual(report["policy"]["disable_when"], ["lag>7d"])
        self.assertEqual(sorted(mirrors), ["fine", "shaky"])


if __name__ == "__main__":
    unittest.main()
