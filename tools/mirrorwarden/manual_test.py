#!/usr/bin/python3
"""The manual pages and the completion that the program writes of itself."""

import os
import pathlib
import shutil
import subprocess
import unittest

from mirrorwarden_testing import PROGRAM, ProgramTest, clean_environment

TESTDATA = pathlib.Path(__file__).resolve().parents[2] / "testdata" / "acceptance"
SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES",
            "SEE ALSO"]


class Manual(ProgramTest):
    def test_every_command_has_a_page_without_warnings(self):
        self.run_ok("manual", self.folder / "man")

        pages = {page.name for page in (self.folder / "man").iterdir()}
        self.assertLessEqual({"mirrorwarden.1", "mirrorwarden-probe.1", "mirrorwarden-mirror-list.1",
                              "mirrorwarden-outbox-deliver.1"}, pages)
        for page in sorted(pages):
            with self.subTest(page):
                text = (self.folder / "man" / page).read_text(encoding="utf-8")
                headings = [line[4:] for line in text.splitlines() if line.startswith(".SH ")]
                self.assertEqual([name for name in headings if name in SECTIONS], SECTIONS)
                if shutil.which("man"):
                    shown = subprocess.run(
                        ["man", "--warnings", "-l", self.folder / "man" / page], text=True,
                        capture_output=True, timeout=60,
                        env=clean_environment(self.folder, MANWIDTH="80", MAN_KEEP_FORMATTING=""))
                    self.assertEqual((shown.returncode, shown.stderr), (0, ""))


class Completion(ProgramTest):
    def complete(self, *words):
        script = ('source <("$0" completion bash); PATH=$(dirname "$0"):$PATH; COMP_WORDS=("$@"); '
                  'COMP_CWORD=$(($# - 1)); _mirrorwarden 2>/dev/null; printf "%s\\n" "${COMPREPLY[@]}"')
        done = subprocess.run(
            ["bash", "-c", script, PROGRAM, "mirrorwarden", *words], text=True, timeout=60,
            capture_output=True, cwd=self.folder,
            env=clean_environment(self.folder, MIRRORWARDEN_DATABASE=self.database))
        return done.stdout.split()

    def test_words_are_completed_where_they_stand(self):
        self.run_ok("catalog", "load", TESTDATA / "catalog.toml")
        self.write("some.toml", "")
        for name in ("gcc/main", "tool", "gcc/old"):
            self.run_ok("branch", "add", name, "https://git.example.org/x")
        cases = [
            ("commands", ["pro"], ["probe"]),
            ("commands of a group", ["mirror", "re"], ["review"]),
            ("a command after options of all", ["--database", "x", "outbox", "de"], ["deliver"]),
            ("flags", ["probe", "--max-p"], ["--max-parallel", "--max-parallel-per-host"]),
            ("flags of every command", ["mirror", "list", "--conf"], ["--config"]),
            ("commands of policies", ["policy", "re"], ["replay"]),
            ("words of a flag", ["probe", "--content", "R"], ["RELEASE"]),
            ("words after an equals sign", ["probe", "--content", "=", "R"], ["RELEASE"]),
            ("mirrors", ["mirror", "show", "inv"], ["invalid-mirror"]),
            ("mirrors of a flag", ["probe", "--mirror", "val"], ["valid-mirror"]),
            ("branches", ["branch", "show", "g"], ["gcc/main", "gcc/old"]),
            ("files", ["catalog", "load", "some"], ["some.toml"]),
            ("nothing", ["mirror", "review", "valid-mirror", "--reason", "x"], []),
        ]
        for why, words, completed in cases:
            with self.subTest(why):
                self.assertEqual(self.complete(*words), completed)

    def test_a_shell_completes_nothing_before_it_is_asked(self):
        script = self.run_ok("completion", "bash").out
        self.assertTrue(script.endswith("complete -F _mirrorwarden mirrorwarden\n"))
        self.assertNotIn(os.sep + "build", script)


if __name__ == "__main__":
    unittest.main()
