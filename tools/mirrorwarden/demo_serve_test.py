#!/usr/bin/python3
"""tools/demo --serve: the pages come, say what is made up, and nothing is left when it is stopped."""

import os
import pathlib
import re
import signal
import subprocess
import unittest
import urllib.request

from mirrorwarden_testing import PROGRAM

DEMO = pathlib.Path(__file__).resolve().parents[1] / "testing" / "demo.py"


class DemoServe(unittest.TestCase):
    def test_it_shows_the_pages_until_it_is_stopped(self):
        with subprocess.Popen(["/usr/bin/python3", "-B", DEMO, PROGRAM, "--serve", "127.0.0.1:0"], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
                              env=os.environ | {"NO_COLOR": "1"}) as demo:
            try:
                self.check(demo)
            finally:
                demo.send_signal(signal.SIGINT)
                demo.stdout.read()
            self.assertEqual(demo.wait(60), 0)
        self.assertEqual(living_processes(demo.pid), [])

    def check(self, demo):
        said = ""
        for line in demo.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        found = re.search(r"Serving (http://127\.0\.0\.1:\d+)/", said)
        self.assertTrue(found, said[-2000:])
        self.assertIn("MADE UP", said)
        pages = {path: fetch(found[1] + path) for path in ("/", "/lagoon", "/harbour", "/mirror/gone?span=year")}
        self.assertIn("Lagoon Linux (made up)", pages["/"])
        self.assertIn('class="map"', pages["/lagoon"])
        # The real probe of today came after the made up year.
        self.assertIn("Disabled", pages["/mirror/gone?span=year"])
        self.assertIn("release-missing", pages["/mirror/gone?span=year"])


def living_processes(group):
    """The names of those of a process group that have not ended; who adopted them may not have heard of it."""
    living = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            name, rest = stat.read_text().rsplit(")", 1)
        except OSError:
            continue  # it ended meanwhile
        state, _, its_group = rest.split()[:3]
        if int(its_group) == group and state not in "ZX":
            living.append(name)
    return living


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read().decode()


if __name__ == "__main__":
    unittest.main()
