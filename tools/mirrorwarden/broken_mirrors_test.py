#!/usr/bin/python3
"""Where apt-get fails, `mirrorwarden check` says so and names the same file; where apt-get is
content, so are we. What both say of each mirror is .github/BROKEN-MIRRORS.md, which
`broken_mirrors_test.py --write` writes."""

import concurrent.futures
import pathlib
import re
import subprocess
import sys
import unittest

import broken_servers
import broken_signatures
import broken_syncs
import mirrorwarden_testing
from apt_client import apt_version
from broken_mirrors import World
from broken_table import WORKERS, ask, comparable, parse_report, table

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / ".github" / "BROKEN-MIRRORS.md"
APT_VERSION = apt_version()
APT_MAJOR = int(APT_VERSION.split(".")[0])
SECTIONS = tuple((title, [case.for_apt(APT_MAJOR) for case in cases]) for title, cases in (
    ("A sync went wrong", broken_syncs.CASES),
    ("The signature is wrong", broken_signatures.CASES),
    ("The server is wrong", broken_servers.CASES),
))
SEVERITIES = {0: "good", 1: "warning", 2: "bad", 3: "unknown"}
CURL_SECONDS = 5
EXCEPTIONS_MAX = 8


def check(world):
    """How a case's mirror is looked at: as its apt does."""
    def look(case, url):
        done = mirrorwarden_testing.run(
            ["check", url, "--suite", case.suite, "--signed-by", world.keyring(case.signers), "--deep", "--json",
             "--arch", "amd64", "--arch", "arm64", "--timeout", "3", "--connect-timeout", "2"],
            world.folder, env={"SSL_CERT_FILE": world.authority.bundle}, timeout=60)
        return done.status, parse_report(done.out) | {"error": done.err}
    return look


def ask_all(world):
    """The rows of every section, by its title."""
    rows = ask(world, [case for _, cases in SECTIONS for case in cases], check(world))
    by_name = {row.case.name: row for row in rows}
    return {title: [by_name[case.name] for case in cases] for title, cases in SECTIONS}


def document(sections):
    rows = [row for part in sections.values() for row in part]
    exceptions = [f"* **{row.case.what}.** {row.case.reason}" for row in rows if row.case.reason]
    parts = [
        "# Broken mirrors, in apt's words and in ours",
        f"What `apt-get update` and `apt-get download` of apt {APT_VERSION} say of {len(rows)} mirrors, and what `mirrorwarden check` says of them; "
        "first its exit status. Every mirror is made by what breaks mirrors: an rsync that is killed, a disk that is full, a key that has "
        "expired. `tools/mirrorwarden/broken_mirrors_test.py` makes them, holds the two answers against each other, runs every curl line, "
        "and wrote this page (`--write`).",
        "apt-get is run with `APT::Update::Error-Mode=any`: without that it ends with 0 where a server does not answer, and works on "
        "with what it had. Addresses and folders are replaced by names; sizes and dates are of one run.",
        "## Where the two differ\n\n" + "\n".join(exceptions),
        *(f"## {title}\n\n{table(part)}" for title, part in sections.items()),
    ]
    return "\n\n".join(parts) + "\n"


def run_line(line, authority):
    """What somebody sees who tries a curl line: all that it prints, and its status."""
    with mirrorwarden_testing.temporary_folder() as folder:  # some lines keep a file
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "SSL_CERT_FILE": str(authority), "LC_ALL": "C.UTF-8"}
        command = ["timeout", str(CURL_SECONDS), "bash", "-o", "pipefail", "-c", line]
        done = subprocess.run(command, env=environment, cwd=folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.stdout.decode(errors="replace"), done.returncode


class BrokenMirrors(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        with mirrorwarden_testing.temporary_folder() as folder:
            world = World(folder)
            cls.addClassCleanup(world.close)
            try:
                cls.sections = ask_all(world)
                cls.shown = show(world, cls.sections)
            finally:
                world.close()
        cls.rows = [row for part in cls.sections.values() for row in part]

    def test_apt_fails_and_names_the_file(self):
        for row in self.rows:
            with self.subTest(mirror=row.case.name):
                self.assertEqual(row.apt_has_failed, row.case.apt is not None, row.apt[-1].output)
                if row.case.apt is not None:
                    self.assertRegex(row.apt_words, row.case.apt)
                    self.assertIn(row.case.file, row.apt_words)

    def test_we_say_it_too_and_name_the_same_file(self):
        for row in self.rows:
            with self.subTest(mirror=row.case.name):
                case, told = row.case, f"{row.report}"
                self.assertEqual(SEVERITIES.get(row.status), expected_severity(case), told)
                rules = [found["rule"] for found in row.findings if found["severity"] == case.severity]
                if case.rule:
                    self.assertIn(case.rule, rules, told)
                if case.rule and case.file:
                    named = [" ".join((found["request"], found["summary"], found["subject"])) for found in row.findings]
                    self.assertIn(case.file, "\n".join(named))

    def test_we_differ_from_apt_only_where_there_is_a_reason(self):
        differ = []
        for row in self.rows:
            with self.subTest(mirror=row.case.name):
                agree = row.status == 2 if row.apt_has_failed else row.status in (0, 1)
                self.assertEqual(agree, not row.case.reason, f"exit {row.status}; reason: {row.case.reason or 'none'}")
                if not agree:
                    differ.append(row.case.name)
        self.assertLessEqual(len(differ), EXCEPTIONS_MAX)

    def test_every_finding_can_be_seen_with_its_curl_line(self):
        for row in self.rows:
            for found in row.findings:
                with self.subTest(mirror=row.case.name, rule=found["rule"]):
                    self.assertNotEqual(found["curl"], "", found)
                    output, status = self.shown[row.url, found["curl"]]
                    for sign in signs(found):
                        self.assertRegex(f"{output}\nexit {status}", sign, f"{found}")

    def test_there_are_enough_of_them_and_three_tools_made_their_archives(self):
        broken = [row for row in self.rows if row.apt_has_failed]

        self.assertGreaterEqual(len(broken), 25)
        self.assertLessEqual({"harbour", "tide", "wave"}, {row.case.suite for row in self.rows})

    def test_the_page_says_what_was_said_now(self):
        page = DOCUMENT.read_text()
        if f" of apt {APT_MAJOR}." not in page:
            self.skipTest(f"the page was written with another apt than {APT_VERSION}")
        self.assertEqual(comparable(document(self.sections)), comparable(page),
                         "run broken_mirrors_test.py --write")


def expected_severity(case):
    return case.severity if case.rule or case.severity == "unknown" else "good"


# What curl ends with where we say how it went.
CURL_STATUS = {
    "name-not-resolved": "6", "refused": "7", "reset": "(18|52|56)", "timeout-connect": "124", "timeout-response": "124",  # by timeout(1)
    "too-many-redirects": "47", "tls-expired": "60", "tls-wrong-host": "60", "tls-unknown-issuer": "60",
}
GPGV_WORDS = {
    "bad-signature": "BAD signature|invalid clearsig header", "expired-key": "(?i)expired", "revoked-key": "(?i)revoked", "unknown-key": "No public key",
    "unsigned": "no valid OpenPGP data|verify signatures failed", "weak-digest": "(?i)weak|not suitable|SHA1",
}


def signs(found):
    """What must be in the output of a finding's curl line: what its answer says."""
    answer = found["answer"]
    digests = re.findall(r"[0-9a-f]{64}", answer)
    yield from digests or (rf"\b{size}\b" for size in re.findall(r"(\d+) bytes", answer))
    word = (re.match(r"[a-z-]+|\d{3}", answer) or [""])[0]
    if word in CURL_STATUS:
        yield rf"\nexit {CURL_STATUS[word]}$"
    if "curl -sSI" in found["curl"] and word.isdigit():
        yield rf"(?m)^HTTP/[0-9.]+ {word}\b"
    if "gpgv" in found["curl"]:
        yield GPGV_WORDS[found["rule"]]


def show(world, sections):
    """What each curl line shows, by the mirror's URL and the line."""
    lines = {(row.url, found["curl"]) for part in sections.values() for row in part for found in row.findings}
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        return dict(zip(lines, pool.map(lambda line: run_line(line[1], world.authority.bundle), lines)))


def main():
    if sys.argv[1:] != ["--write"]:
        unittest.main(verbosity=2)
    with mirrorwarden_testing.temporary_folder() as folder:
        world = World(folder)
        try:
            DOCUMENT.write_text(document(ask_all(world)))
        finally:
            world.close()


if __name__ == "__main__":
    main()
