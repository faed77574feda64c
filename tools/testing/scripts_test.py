#!/usr/bin/python3
"""Tests of the scripts that build and test the project."""

import os
import pathlib
import subprocess
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[1]


def run(*command, **environment):
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60)


def is_running(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class InstallPackages(unittest.TestCase):
    def names(self, release, *sections):
        listed = run(TOOLS / "install-packages", "--list", *sections, DEBIAN_RELEASE=release)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        return listed.stdout.split()

    def test_each_release_gets_the_names_that_it_knows(self):
        self.assertIn("libboost1.81-dev", self.names("12", "build"))
        self.assertNotIn("libboost-dev", self.names("12", "build"))
        self.assertIn("libboost-dev", self.names("13", "build"))
        self.assertNotIn("libboost1.81-dev", self.names("13", "build"))

    def test_only_the_sections_asked_for_are_named_and_each_package_once(self):
        self.assertNotIn("clang-tidy", self.names("12", "build", "test"))
        both = self.names("12", "demo", "bench")

        self.assertEqual(sorted(set(both)), both)

    def test_who_only_fuzzes_gets_the_linker_that_the_preset_names(self):
        self.assertIn("lld", self.names("12", "build", "fuzz"))
        self.assertIn("lld", self.names("13", "build", "fuzz"))

    def test_an_unknown_section_is_refused(self):
        refused = run(TOOLS / "install-packages", "no-such-section")

        self.assertEqual(refused.returncode, 2)
        self.assertIn("no-such-section", refused.stderr)

    def test_without_apt_the_missing_packages_are_named_and_nothing_else_happens(self):
        with tempfile.TemporaryDirectory() as folder:
            for program in ("awk", "cat", "dirname", "grep", "id", "sed", "sh", "sort"):
                os.symlink(f"/usr/bin/{program}", f"{folder}/{program}")

            stopped = run("/bin/sh", TOOLS / "install-packages", "build", PATH=folder)

        self.assertEqual(stopped.returncode, 1)
        self.assertIn("  iso-codes\n", stopped.stderr)
        self.assertEqual(stopped.stdout, "")


class Contained(unittest.TestCase):
    def test_the_status_of_the_command_is_kept(self):
        self.assertEqual(run(TOOLS / "testing/contained", "sh", "-c", "exit 7").returncode, 7)

    def test_a_process_that_left_its_session_is_ended(self):
        started = run(TOOLS / "testing/contained", "sh", "-c", "setsid sleep 600 >/dev/null 2>&1 & echo $!")

        self.assertFalse(is_running(int(started.stdout)))

    def test_a_process_that_ignores_the_polite_signal_is_killed(self):
        command = "(setsid sh -c 'trap \"\" TERM; echo $$; exec sleep 600 >/dev/null 2>&1' &) | head -n 1"

        started = run(TOOLS / "testing/contained", "sh", "-c", command)

        self.assertFalse(is_running(int(started.stdout)))

    def test_an_orphan_that_ends_is_gone_while_the_command_runs(self):
        command = ('orphan=$(sh -c "sleep 0.01 >/dev/null & echo \\$!"); '
                   'for _ in $(seq 400); do [ -e "/proc/$orphan" ] || exit 0; sleep 0.05; done; exit 1')

        self.assertEqual(run(TOOLS / "testing/contained", "sh", "-c", command).returncode, 0)

    def test_what_it_runs_ends_when_it_is_told_to_end(self):
        with subprocess.Popen(
            [TOOLS / "testing/contained", "sh", "-c", "sleep 600 & echo $!; wait"], stdout=subprocess.PIPE, text=True
        ) as contained:
            pid = int(contained.stdout.readline())

            contained.terminate()

            self.assertEqual(contained.wait(timeout=30), 128 + 15)
        self.assertFalse(is_running(pid))


class CountResults(unittest.TestCase):
    def count(self, *suites):
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for number, cases in enumerate(suites):
                files.append(pathlib.Path(folder) / f"suite{number}.xml")
                files[-1].write_text(cases)
            return run(TOOLS / "testing/count-results", *files)

    def test_results_of_all_files_are_added_up(self):
        counted = self.count(
            '<testsuite><testcase name="a" status="run"/><testcase name="b" status="run"/></testsuite>',
            '<testsuite><testcase name="c" status="run"/></testsuite>',
        )

        self.assertEqual((counted.returncode, counted.stdout), (0, "3 passed, 0 failed\n"))

    def test_failures_and_tests_that_could_not_run_are_named(self):
        counted = self.count(
            '<testsuite><testcase name="a" status="fail"><failure message=""/></testcase>'
            '<testcase name="b" status="notrun"><skipped message="Unable to find executable"/></testcase>'
            '<testcase name="c" status="run"/></testsuite>'
        )

        self.assertEqual(counted.returncode, 1)
        self.assertEqual(
            counted.stdout, "FAILED   suite0: a\nFAILED   suite0: b\n1 passed, 2 failed\n"
        )

    def test_a_skipped_test_counts_as_neither(self):
        counted = self.count(
            '<testsuite><testcase name="a" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase></testsuite>'
        )

        self.assertEqual((counted.returncode, counted.stdout), (0, "skipped  suite0: a\n0 passed, 0 failed\n"))

    def test_a_run_without_results_is_a_failure(self):
        counted = self.count("<testsuite><testcase")

        self.assertEqual(counted.returncode, 1)
        self.assertTrue(counted.stdout.endswith("0 passed, 1 failed\n"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
