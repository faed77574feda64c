#!/usr/bin/python3
"""What the README tells a newcomer to type works, word for word, but for the URL
of the mirror: that is one on loopback."""

import os
import pathlib
import re
import shlex
import unittest

from loopback_mirrors import Answer, LoopbackMirrors
from mirrorwarden_testing import PROGRAM
from probing_testing import ProbingTest

README = (pathlib.Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
THEIR_MIRROR = "http://mirror.example.org/debian/"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


class ReadmeTest(ProbingTest):
    def setUp(self):
        super().setUp()
        # The README says `mirrorwarden`; the test calls the one that was built.
        (self.folder / "bin").mkdir()
        (self.folder / "bin" / "mirrorwarden").symlink_to(PROGRAM)
        os.environ["PATH"] = f"{self.folder / 'bin'}:{os.environ['PATH']}"

    def test_the_ten_minutes_to_a_verdict(self):
        catalogue = next(block for block in blocks("toml") if "[[mirror]]" in block)
        self.assertIn(THEIR_MIRROR, catalogue)
        with LoopbackMirrors(lambda *_: Answer()) as server:
            self.write("mirrors.toml", catalogue.replace(THEIR_MIRROR, server.url("/debian/")))
            self.write("published.jsonl", blocks("jsonl")[0])
            for line in "".join(blocks("console")).splitlines():
                with self.subTest(command=line):
                    prompt, program, *arguments = shlex.split(line)
                    self.assertEqual((prompt, program), ("$", "mirrorwarden"))
                    self.assertNotEqual(self.run_ok(*arguments).out, "")

        mirror = self.json("mirror", "show", "my-mirror")
        fresh = [row for row in mirror["rows"] if row["freshness"] == "UP"]
        self.assertEqual(len(mirror["rows"]), 12)
        self.assertEqual(
            fresh,
            [{"series": "bookworm", "pocket": "UPDATES", "component": "main", "arch": "amd64", "freshness": "UP"}],
        )

    def test_the_configuration_is_one_that_the_program_reads(self):
        configuration = next(block for block in blocks("toml") if "[mail]" in block)
        file = self.write("config.toml", configuration)

        self.run_ok("--config", str(file), "mirror", "list")

    def test_every_command_of_the_table_is_there(self):
        section = README.split("\n## Commands\n")[1].split("\n## ")[0]
        words = re.findall(r"^\| `([a-z-]+(?: [a-z]+)?)", section, re.MULTILINE)
        self.assertGreater(len(words), 8)
        for command in words:
            with self.subTest(command=command):
                self.run_ok(*command.split(), "--help")


if __name__ == "__main__":
    unittest.main()
