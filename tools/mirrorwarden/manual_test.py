#!/usr/bin/python3
"""The manual pages and the completion that the program writes of itself."""

import os
import pathlib
import re
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


    def page(self, name):
        """The words of a page, without roff's escapes."""
        self.run_ok("manual", self.folder / "man")
        text = (self.folder / "man" / f"{name}.1").read_text(encoding="utf-8")
        return set(re.findall(r"[\w/-]+", text.replace("\\-", "-").replace("\\&", "")))

    def keys(self, *arguments):
        """Every key that a file may have, as the refusal of an unknown one lists them."""
        told = self.run_program(*arguments).err
        return {key for line in re.findall("the keys here are (.*)", told) for key in line.split(", ")}

    def test_the_page_of_the_catalogue_has_all_of_its_keys(self):
        catalogue = self.write("c.toml", "[[distribution]]\nx = 1\n[[distribution.series]]\nx = 1\n"
                               "[[distribution.series.images]]\nx = 1\n[[mirror]]\nx = 1\n")

        keys = self.keys("catalog", "load", catalogue)

        self.assertLessEqual({"never_below", "unofficial_architectures", "flavour", "whiteboard"}, keys)
        self.assertEqual(keys - self.page("mirrorwarden-catalog-load"), set())

    def test_the_page_of_publications_has_all_of_their_keys(self):
        keys = self.keys("publications", "import", self.write("p.jsonl", '{"x": 1}\n'))

        self.assertIn("file_type", keys)
        self.assertEqual(keys - self.page("mirrorwarden-publications-import"), set())

    def test_each_page_has_all_keys_of_the_configuration(self):
        sections = self.keys("--config", self.write("c.toml", "x = 1\n"), "mirror", "list") - {"database"}
        keys = {"database"} | {f"[{section}]" for section in sections}
        for section in sections:
            keys |= self.keys("--config", self.write("c.toml", f"[{section}]\nx = 1\n"), "mirror", "list")

        self.assertLessEqual({"[jobs]", "smtp_url", "token_file", "lease"}, keys)
        self.assertEqual({key.strip("[]") for key in keys} - self.page("mirrorwarden"), set())


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
