#!/usr/bin/python3
"""Many broken mirrors, and what apt-get itself says of each."""

import unittest

import broken_servers
import broken_signatures
import broken_syncs
import mirrorwarden_testing
from broken_mirrors import World
from broken_table import ask

CASES = (*broken_syncs.CASES, *broken_signatures.CASES, *broken_servers.CASES)


class BrokenMirrors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with mirrorwarden_testing.temporary_folder() as folder:
            world = World(folder)
            try:
                cls.rows = ask(world, CASES, lambda case, url: (0, {}))
            finally:
                world.close()

    def test_apt_fails_and_names_the_file(self):
        for row in self.rows:
            case = row.case
            with self.subTest(mirror=case.name):
                self.assertEqual(row.apt_has_failed, case.apt is not None, row.apt[-1].output)
                if case.apt is not None:
                    self.assertIn(case.apt, row.apt_words)
                    self.assertIn(case.file, row.apt_words)

    def test_there_are_enough_of_them_and_three_tools_made_their_archives(self):
        broken = [row for row in self.rows if row.apt_has_failed]

        self.assertGreaterEqual(len(broken), 25)
        self.assertLessEqual({"harbour", "tide", "wave"}, {row.case.suite for row in self.rows})


if __name__ == "__main__":
    unittest.main()
