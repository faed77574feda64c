#!/usr/bin/python3
"""The examples of every command's --help, which are those of its manual page, can be typed as they
are, but for URLs, files, the mail server and times: those are of today and of loopback."""

import datetime
import gzip
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from archive import SignedArchive
from http_service import serving
from mirrorwarden_testing import PROGRAM, clean_environment
from nginx import Nginx, Site
from probing_testing import ProbingTest
from rsync_daemon import RsyncDaemon

TESTDATA = pathlib.Path(__file__).resolve().parents[2] / "testdata" / "acceptance"
HOUR = datetime.timedelta(hours=1)
# Those that cannot end with 0 here: their status, and a word of why.
OTHER_ENDS = {
    "mirrorwarden monitor 1500 prober-1:probe": (2, "no host has this name"),
    "mirrorwarden monitor 70 prober-1:archive-refresh puller-1:pull": (2, "no host has this name"),
    "mirrorwarden outbox discard 17": (2, "no mail has this number"),
    "mirrorwarden outbox retry 17": (2, "no mail has this number"),
    "mirrorwarden token revoke 17": (2, "no token has this number"),
    'mirrorwarden report branch complete 7 --revision 5c1a0e7 --attempt "$attempt"': (2, "nobody started it"),
    'mirrorwarden report branch failed 7 --reason "no route to host"': (2, "nobody started it"),
}
# Those that speak to a service, by how they begin.
OF_WORKERS = ("mirrorwarden report ", "attempt=$(mirrorwarden report ", "mirrorwarden pull ")


def examples(run_ok, words=()):
    """All lines below "Examples:" in the help of the program, and of each command below `words`."""
    text = run_ok(*words, "--help").out
    lines = [line.strip() for line in text.partition("\nExamples:\n")[2].splitlines()]
    yield from (line for line in lines if line and not line.startswith("# "))
    commands = re.search(r"\nCommands:\n((?:  .*\n)+)", text)
    for line in commands[1].splitlines() if commands else []:
        if line[2] != " ":
            yield from examples(run_ok, (*words, line.split()[0]))


class Examples(ProbingTest):
    def setUp(self):
        super().setUp()
        archive = SignedArchive(self.folder / "made", "bookworm", ["amd64", "arm64"],
                                fields=["Origin: Debian", "Version: 12"])
        self.addCleanup(archive.close)
        (archive.root / "dists/stable").symlink_to("bookworm")
        conf = archive.directory / "reprepro/conf/distributions"
        conf.write_text(conf.read_text().replace("Codename: bookworm\n", "Codename: bookworm\nSuite: stable\n", 1))
        archive.publish("hello", "1.0", datetime.datetime.now(datetime.timezone.utc) - 24 * HOUR)
        sites = [Site(f"127.0.0.{number}", archive.root) for number in (2, 3)]
        self.addCleanup(Nginx(self.folder / "nginx", sites).close)
        self.world, self.empty = f"sqlite:{self.folder}/world.sqlite", f"sqlite:{self.folder}/none.sqlite"
        self.make_world(archive, *sites)
        self.ours = self.replacements(archive, *sites)

    def make_world(self, archive, primary, mirror):
        """A database with what the examples speak of, and the files and programs that they name."""
        self.database = self.world
        catalog = (TESTDATA / "catalog.toml").read_text().replace("http://localhost:11375", mirror.url.rstrip("/"))
        self.load(catalog)
        (self.folder / "catalog.toml").rename(self.folder / "mirrors.toml")
        self.run_ok("archive", "add", primary.url, "--suite", "bookworm", "--signed-by", archive.keyring)
        for name in ("old-mirror", "typo-mirror"):
            self.run_ok("mirror", "add", name, "--distribution", "ubuntu", "--owner", "a@example.org", "--country", "BR",
                        "--http-url", f"{mirror.url}{name}/")
        self.run_ok("probe", "--mirror", "valid-mirror")
        for name in ("gcc/main", "b2", "b3", "b4", "b5", "b6", "b7"):
            self.run_ok("branch", "add", name, "https://git.example.org/x.git")
        self.worker = self.run_ok("token", "create", "--for", "admin", "everybody", "--expires", "1d").out.strip()
        history = (TESTDATA / "publications.jsonl").read_bytes()
        (self.folder / "history.jsonl").write_bytes(history)
        (self.folder / "history.jsonl.gz").write_bytes(gzip.compress(history))
        (self.folder / "example.asc").write_bytes(archive.keyring.read_bytes())
        (self.folder / ".local/share/bash-completion/completions").mkdir(parents=True)
        (self.folder / "bin").mkdir()
        (self.folder / "bin/mirrorwarden").symlink_to(PROGRAM)
        (self.folder / "bin/generate-mirrors").write_text("#!/bin/sh\ncat mirrors.toml\n")
        (self.folder / "bin/import-branch").write_text("#!/bin/sh\necho 5c1a0e7\n")
        for program in ("generate-mirrors", "import-branch"):
            (self.folder / "bin" / program).chmod(0o755)

    def replacements(self, archive, primary, mirror):
        """What the examples say that is not here, and what is here."""
        now = datetime.datetime.now(datetime.timezone.utc)
        daemon = RsyncDaemon(self.folder / "rsync", debian=archive.root)
        self.addCleanup(daemon.close)
        return {
            "rsync://mirror.example.org/debian/": daemon.url("debian"),
            "http://archive.example.org/debian/": primary.url,
            "http://archive.example.org/": primary.url,
            "http://primary.example.org/debian/": primary.url,
            "http://mirror.example.org/debian/": mirror.url,
            "/usr/share/keyrings/debian-archive-keyring.gpg": str(archive.keyring),
            "sqlite:/var/lib/mirrorwarden/db": self.world,
            "/srv/branches": str(self.folder / "branches"),
            "/usr/local/bin/import-branch": "import-branch",
            "2026-11-21T05:00:00Z": f"{now - HOUR:%Y-%m-%dT%H:%M:%SZ}",
            "2026-11-01": f"{now - 24 * HOUR:%Y-%m-%d}",
            "2026-11-21T05:09:00Z": f"{now + HOUR:%Y-%m-%dT%H:%M:%SZ}",
            "2027-01-02T18:00:00Z": f"{now + HOUR:%Y-%m-%dT%H:%M:%SZ}",
        }

    def type_it(self, line, config):
        """Runs a line in a shell, on a copy of the world that is its own. `archive add` is for those
        who have nothing yet."""
        for theirs, own in self.ours.items():
            line = line.replace(theirs, own)
        if line.startswith("mirrorwarden serve"):  # until it serves; the usual port may be taken
            line = (f'coproc {{ exec {line} --listen 127.0.0.1:0; }}; pid=$COPROC_PID; '
                    'read -r _ <&"${COPROC[0]}" && kill "$pid"; wait "$pid"')
        copy = self.folder / "copy.sqlite"
        copy.unlink(missing_ok=True)
        if " archive add " not in line:
            shutil.copy(self.folder / "world.sqlite", copy)
        environment = clean_environment(self.folder, MIRRORWARDEN_DATABASE=f"sqlite:{copy}", MIRRORWARDEN_CONFIG=config)
        if line.startswith(OF_WORKERS):
            with serving(self.folder, f"sqlite:{copy}") as service:
                host, port = service.address
                return self.run_line(line, environment | {"MIRRORWARDEN_SERVICE": f"http://{host}:{port}",
                                                          "MIRRORWARDEN_TOKEN": self.worker, "attempt": "0123abcd"})
        return self.run_line(line, environment)

    def run_line(self, line, environment):
        environment["PATH"] = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        return subprocess.run(["bash", "-o", "pipefail", "-c", line], env=environment, cwd=self.folder, timeout=60,
                              capture_output=True, text=True, encoding="utf-8", check=False)

    def test_every_example_can_be_typed(self):
        lines = list(dict.fromkeys(examples(self.run_ok)))
        self.assertGreater(len(lines), 40)
        self.assertLessEqual(set(OTHER_ENDS), set(lines))
        with self.mail_server() as mail:
            for line in lines:
                with self.subTest(line):
                    done = self.type_it(line, mail.config)

                    self.assertEqual(done.returncode, OTHER_ENDS.get(line, (0, ""))[0], done.stderr)


if __name__ == "__main__":
    unittest.main()
