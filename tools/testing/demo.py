"""The demonstration behind tools/demo. Usage: demo.py PROGRAM

Exit status 0 means that every mirror got the verdict it deserves.
"""

import contextlib
import datetime
import email
import email.policy
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from archive import SignedArchive
from certificates import Authority
from nginx import Nginx, SilentServer, Site, choose_ports

HERE = pathlib.Path(__file__).resolve().parent
SERIES = "tern"
ARCHITECTURES = ("amd64", "arm64", "ppc64el", "riscv64")
HOUR = datetime.timedelta(hours=1)
# Package, version, pocket, hours since its upload.
BEFORE_THE_COPY = [
    ("lantern", "1.0", "RELEASE", 960),
    ("libtide", "2.0", "RELEASE", 960),
    ("lantern", "1.1", "UPDATES", 120),
    ("buoy", "0.9", "UPDATES", 30),
]
AFTER_THE_COPY = [("libtide", "2.1", "UPDATES", 0.2)]
# Mirror, country, speed, what is the matter with it, enabled and freshness after the probe.
MIRRORS = [
    ("complete", "IS", "10G", "has everything", True, "UP"),
    ("stopped-syncing", "BR", "1G", "last synced 30 hours ago", True, "TWODAYSBEHIND"),
    ("half-of-it", "KE", "1G", "carries two architectures of four", True, "UP"),
    ("moved", "NZ", "100M", "redirects to the complete one", True, "UP"),
    ("gone", "NO", "1G", "answers 404 to everything", False, "UNKNOWN"),
    ("silent", "CA", "2G", "takes connections and never answers", False, "UNKNOWN"),
    ("expired", "JP", "1G", "https, its certificate expired yesterday", False, "UNKNOWN"),
]
DEAD = "gone"  # whose log and mail are shown
# What the log of a mirror says that failed.
REASONS = {"gone": "http-status 404", "silent": "timeout", "expired": "expired"}


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mirrorwarden-demo-", dir="/tmp"))
    try:
        with contextlib.ExitStack() as running:
            return show(folder, pathlib.Path(sys.argv[1]).resolve(), running)
    finally:
        shutil.rmtree(folder)


def show(folder, program, running):
    narrate("1. An archive: two suites, four architectures, made by reprepro and signed by gpg")
    trees, archive = make_trees(folder, running)
    print_tree(archive)

    narrate("2. Mirrors of it, served by nginx on loopback: one is well, the others are not")
    urls, bundle = serve(trees, folder, running)
    for name, _country, _speed, matter, _enabled, _freshness in MIRRORS:
        print(f"   {name:17}{urls[name]:27}{matter}")

    narrate("3. The catalogue of mirrors and the publishing history go into a database, SQLite here")
    letterbox = folder / "letters"
    write_catalog(folder / "mirrors.toml", urls)
    write_publications(folder / "publications.jsonl", archive)
    write_configuration(folder / "mirrorwarden.toml", start_mail_server(letterbox, running), bundle)
    warden = Warden(program, folder)
    warden.show("catalog", "load", "mirrors.toml")
    warden.show("publications", "import", "publications.jsonl")

    narrate("4. All of them are probed; a request may take 2 seconds. The verdicts:")
    warden.show("probe", "--report", "--connect-timeout", "2", "--timeout", "2")

    narrate("5. What a dashboard, a script or a person is told from now on (--json has it for scripts)")
    warden.show("mirror", "list")

    narrate(f"6. The log that proves one of them: {DEAD}")
    warden.show("log", DEAD)

    narrate(f"7. What the owner of {DEAD} got by mail, through an SMTP server on loopback")
    letters = [letter for letter in read_letters(letterbox) if f"{DEAD}-owner@" in letter["To"]]
    for letter in letters:
        print(indented(text_of(letter)))

    return judge(warden, letters)


def make_trees(folder, running):
    """The archive, and what each kind of mirror holds of it."""
    archive = running.enter_context(SignedArchive(folder / "made", SERIES, ARCHITECTURES))
    now = datetime.datetime.now(datetime.timezone.utc)
    for package, version, pocket, hours in BEFORE_THE_COPY:
        archive.publish(package, version, now - hours * HOUR, pocket)
    stale = archive.copy(folder / "stale")
    for package, version, pocket, hours in AFTER_THE_COPY:
        archive.publish(package, version, now - hours * HOUR, pocket)
    archive.verify()
    half = archive.copy(folder / "half")
    for architecture in ARCHITECTURES[len(ARCHITECTURES) // 2:]:
        for index in half.glob(f"dists/*/*/binary-{architecture}"):
            shutil.rmtree(index)
    return {"complete": archive.root, "stopped-syncing": stale, "half-of-it": half}, archive


def serve(trees, folder, running):
    """Starts all servers; returns the base URL of each mirror, and whom to trust for https."""
    authority = Authority(folder / "authority")
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = authority.certificate("127.0.0.17", now - 720 * HOUR, now - 24 * HOUR)
    sites = {
        "primary": Site("127.0.0.10", trees["complete"]),
        "complete": Site("127.0.0.11", trees["complete"]),
        "stopped-syncing": Site("127.0.0.12", trees["stopped-syncing"]),
        "half-of-it": Site("127.0.0.13", trees["half-of-it"]),
        "moved": Site("127.0.0.14"),
        "gone": Site("127.0.0.15", directives="return 404;"),
        "expired": Site("127.0.0.17", trees["complete"], certificate=certificate),
    }
    choose_ports(sites.values())
    sites["moved"].directives = f"return 302 {sites['complete'].url.rstrip('/')}$request_uri;"
    running.enter_context(Nginx(folder / "nginx", sites.values()))
    urls = {name: site.url for name, site in sites.items()}
    urls["silent"] = running.enter_context(SilentServer("127.0.0.16")).url
    return urls, authority.bundle


def write_catalog(file, urls):
    text = f"""[[distribution]]
name = "harbour"
title = "Harbour Linux"
primary_url = "{urls["primary"]}"
freshness_rule = "anchored"
pockets = ["RELEASE", "UPDATES"]
admins = ["Mirror Admin <mirrors@example.org>"]

[[distribution.series]]
name = "{SERIES}"
version = "1.0"
status = "CURRENT"
components = ["main"]
architectures = {json.dumps(ARCHITECTURES)}
"""
    for name, country, speed, matter, *_ in MIRRORS:
        scheme = urls[name].partition(":")[0]
        text += f"""
[[mirror]]
name = "{name}"
distribution = "harbour"
owner = "Owner of {name} <{name}-owner@example.org>"
country = "{country}"
speed = "{speed}"
content = "ARCHIVE"
{scheme}_url = "{urls[name]}"
official_candidate = true
status = "OFFICIAL"
enabled = true
description = "{matter}"
"""
    file.write_text(text)


def write_publications(file, archive):
    file.write_text("".join(json.dumps(line) + "\n" for line in archive.publications("harbour")))


def start_mail_server(letterbox, running):
    """A real SMTP server that keeps what it gets in a folder; returns its port."""
    letterbox.mkdir()
    command = ["/usr/bin/python3", HERE / "smtp_server.py", letterbox.with_suffix(".port"), letterbox]
    server = running.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
    running.callback(server.terminate)
    return int(server.stdout.readline())


def read_letters(letterbox):
    for file in sorted(letterbox.glob("*.eml")):
        yield email.message_from_bytes(file.read_bytes(), policy=email.policy.default)


def write_configuration(file, mail_port, bundle):
    file.write_text(f"""[mail]
smtp_url = "smtp://127.0.0.1:{mail_port}"
from = "Mirrorwarden <warden@example.org>"

[probe]
ca_bundle = "{bundle}"
""")


class Warden:
    """The program, with its database and configuration in `folder`."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "MIRRORWARDEN_DATABASE": f"sqlite:{folder}/mirrorwarden.sqlite",
        }

    def output(self, *arguments):
        command = [self.program, "--config", "mirrorwarden.toml", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=self.environment, timeout=60, check=False,
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            sys.exit(f"mirrorwarden {' '.join(arguments)} ended with status {done.returncode}:\n{done.stdout}")
        return done.stdout

    def show(self, *arguments):
        print(dim(f"   $ mirrorwarden {' '.join(arguments)}"), flush=True)
        print(indented(self.output(*arguments)))


def judge(warden, letters):
    """Says whether the verdicts are those that the mirrors deserve; the exit status."""
    listing = json.loads(warden.output("mirror", "list", "--json"))
    found = {mirror["name"]: (mirror["enabled"], mirror["freshness"]) for mirror in listing}
    wrong = [f"{name} should be enabled: {enabled}, freshness: {freshness}, but is {found.get(name)}"
             for name, *_, enabled, freshness in MIRRORS if found.get(name) != (enabled, freshness)]
    wrong += [f"the log of {name} should say {reason}"
              for name, reason in REASONS.items() if reason not in warden.output("log", name)]
    if len(letters) != 1:
        wrong.append(f"the owner of {DEAD} should have got one mail, but got {len(letters)}")
    if wrong:
        print("\n".join(["", *wrong]), file=sys.stderr)
        return 1
    narrate("Every verdict is the right one. Nothing is left running.")
    return 0


def print_tree(archive):
    for suite in archive.suites.values():
        print(f"   dists/{suite}/InRelease   " + dim("signed; gpgv agrees"))
    pool = sorted((archive.root / "pool").rglob("*.d*"))
    for file in [*pool[:3], *pool[-2:]]:
        print(f"   {file.relative_to(archive.root)}")
    print(dim(f"   ... {len(pool)} packages and sources in all"))


def text_of(message):
    """A message as a reader sees it: the headers that matter, and its text."""
    headers = "".join(f"{name}: {message[name]}\n" for name in ("From", "To", "Subject", "Date"))
    part = message.get_body(("plain",)) if message.is_multipart() else message
    return headers + "\n" + part.get_content()


COLOURS = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def narrate(text):
    print(f"\n\033[1;36m{text}\033[0m" if COLOURS else f"\n{text}", flush=True)


def dim(text):
    return f"\033[2m{text}\033[0m" if COLOURS else text


def indented(text):
    return "".join(f"   {line}\n" for line in text.rstrip("\n").split("\n")).rstrip("\n")


if __name__ == "__main__":
    sys.exit(main())
