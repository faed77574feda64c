#!/usr/bin/python3
"""Lists of mirrors that begin near who asks, by a location database."""

import unittest

from http_service import serving
from location_database import write_location_database
from mirrorwarden_testing import ProgramTest

CATALOG = """
[[distribution]]
name = "here"
title = "Here"
freshness_rule = "anchored"
pockets = ["RELEASE"]
admins = ["admin@example.org"]

[[distribution.series]]
name = "one"
version = "1"
status = "SUPPORTED"
components = ["main"]
architectures = ["amd64"]
"""
MIRROR = """
[[mirror]]
name = "{name}"
distribution = "here"
owner = "owner@example.org"
country = "{country}"
speed = "{speed}"
content = "ARCHIVE"
http_url = "http://{name}.example.org/here/"
status = "OFFICIAL"
official_candidate = true
"""


class Locations(ProgramTest):
    def setUp(self):
        super().setUp()
        mirrors = [("andes", "CL", "10G"), ("danube", "HU", "2M"), ("rhine", "DE", "1G")]
        catalog = self.folder / "catalog.toml"
        catalog.write_text(CATALOG + "".join(
            MIRROR.format(name=name, country=country, speed=speed)
            for name, country, speed in mirrors))
        self.run_ok("catalog", "load", catalog)
        self.locations = self.folder / "countries.mmdb"
        write_location_database(self.locations, {
            "192.0.2.0/24": "DE", "198.51.100.128/25": "HU", "2001:db8:1::/48": "CL"})

    def test_a_list_begins_near_the_address(self):
        cases = [
            ("nobody is asked for", "", ["andes", "rhine", "danube"]),
            ("an address of Germany", "?from=192.0.2.200", ["rhine", "danube", "andes"]),
            ("an address of Hungary", "?from=198.51.100.130", ["danube", "rhine", "andes"]),
            ("its neighbour is nowhere", "?from=198.51.100.1", ["andes", "rhine", "danube"]),
            ("IPv6", "?from=2001:db8:1::7", ["andes", "rhine", "danube"]),
        ]
        with serving(self.folder, self.database, "--location-database",
                     str(self.locations)) as service:
            for why, query, names in cases:
                with self.subTest(why):
                    answer = service.ask("/mirrors.txt" + query)
                    self.assertEqual(answer.body.decode().split(),
                                     [f"http://{name}.example.org/here/" for name in names])
            self.assertEqual(service.ask("/mirrors.txt?from=nonsense").status, 400)

    def test_without_a_database_the_parameter_alone_is_refused(self):
        with serving(self.folder, self.database) as service:
            refused = service.ask("/mirrorlist?from=192.0.2.200")
            self.assertEqual(refused.status, 400)
            self.assertIn("--location-database", refused.body.decode())
            self.assertEqual(service.ask("/mirrorlist").status, 200)

    def test_a_database_that_is_none_is_named(self):
        for why, content in (("not there", None), ("no such format", b"hello")):
            with self.subTest(why):
                file = self.folder / "other.mmdb"
                if content is not None:
                    file.write_bytes(content)
                failed = self.run_program("serve", "--location-database", file)
                self.assertEqual(failed.status, 1)
                self.assertIn(str(file), failed.err)
                self.assertIn("MaxMind", failed.err)


if __name__ == "__main__":
    unittest.main()
