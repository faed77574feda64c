"""The demonstration behind tools/demo. Usage: demo.py PROGRAM [--serve [ADDRESS:PORT]]

Exit status 0 means that every mirror got the verdict it deserves. With --serve it then shows
pages of it until Ctrl-C or SIGTERM; beside PROGRAM's folder there must be made_up_year.
"""

import contextlib
import email
import email.policy
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap

from apt_client import AptClient, AptSource
from demo_mirrors import AFTER_THE_COPY, Harbour
from git_server import git_daemon, Repository

HERE = pathlib.Path(__file__).resolve().parent
UP_TO_DATE, UNKNOWN = 0, None
# Mirror, country, speed, what is the matter with it, and what is known of it after the probe:
# enabled, freshness, integrity, and the hours that it is behind.
MIRRORS = [
    ("complete", "IS", "10G", "has everything", True, "UP", "whole", UP_TO_DATE),
    ("stopped-syncing", "BR", "1G", "last synced 25 hours ago", True, "TWODAYSBEHIND", "whole", AFTER_THE_COPY[-1]),
    ("half-synced", "DE", "10G", "its rsync was killed half way", True, "ONEDAYBEHIND", "syncing", UP_TO_DATE),
    ("half-of-it", "KE", "1G", "carries two architectures of four", True, "UP", "whole", UP_TO_DATE),
    ("moved", "NZ", "100M", "redirects to the complete one", True, "UP", "whole", UP_TO_DATE),
    ("gone", "NO", "1G", "answers 404 to everything", False, "UNKNOWN", "missing", UNKNOWN),
    ("silent", "CA", "2G", "takes connections and never answers", False, "UNKNOWN", "unknown", UNKNOWN),
    ("expired", "JP", "1G", "https, its certificate expired yesterday", False, "UNKNOWN", "unknown", UNKNOWN),
]
TORN = "half-synced"  # what is known of it is shown, and what apt says
DEAD = "gone"  # whose log and mail are shown
# What the log of a mirror says that failed.
REASONS = {"gone": "http-status 404", "silent": "timeout", "expired": "expired"}
APT_SAYS = "File has unexpected size"


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mirrorwarden-demo-", dir="/tmp"))
    try:
        with contextlib.ExitStack() as running:
            return show(folder, pathlib.Path(sys.argv[1]).resolve(), running)
    finally:
        shutil.rmtree(folder)


def show(folder, program, running):
    narrate("1. An archive: two suites, four architectures, made by reprepro and signed by gpg")
    harbour = Harbour(folder, running)
    warden = Warden(program, folder)
    print_tree(harbour.archive)

    narrate("2. Its own Release files say what should be there, into a database, SQLite here")
    suites = [word for suite in harbour.archive.suites.values() for word in ("--suite", suite)]
    warden.show("archive", "add", harbour.primary.url, *suites, "--signed-by", str(harbour.archive.keyring),
                "--name", "harbour")

    narrate("3. Days go by. It publishes, and what it publishes is read each time (from cron, every hour)")
    harbour.publish_until_now(lambda: warden.show("archive", "refresh"))

    narrate("4. Mirrors of it, served by nginx on loopback: one is well, the others are not")
    urls, bundle = harbour.serve()
    for name, _country, _speed, matter, *_ in MIRRORS:
        print(f"   {name:17}{urls[name]:27}{matter}")
    letterbox = folder / "letters"
    write_configuration(folder / "mirrorwarden.toml", start_mail_server(letterbox, running), bundle)
    first, *others = MIRRORS
    warden.show("mirror", "add", first[0], "--distribution", "harbour", "--http-url", urls[first[0]],
                "--owner", owner_of(first[0]), "--country", first[1], "--speed", first[2])
    write_catalog(folder / "mirrors.toml", urls, others)
    warden.show("catalog", "load", "mirrors.toml")

    if "--serve" in sys.argv:
        narrate("   And for the pages a year before today, which is MADE UP")
        make_up(warden, "past")

    narrate("5. All of them are probed; a request may take 2 seconds. The verdicts:")
    warden.show("probe", "--report", "--connect-timeout", "2", "--timeout", "2")

    narrate(f"6. What is known of one of them: {TORN}. Would apt work with it?")
    warden.show("mirror", "show", TORN, part=what_apt_would_find)
    print(dim("\n   $ apt-get update"))
    said = ask_apt(folder / "apt", urls[TORN], harbour.archive)
    print(indented("\n".join(textwrap.wrap(said.errors[0] if said.errors else said.output, 110))))

    narrate(f"7. The log that proves another: {DEAD}")
    warden.show("log", DEAD)

    narrate(f"8. What the owner of {DEAD} got by mail, through an SMTP server on loopback")
    letters = [letter for letter in read_letters(letterbox) if f"{DEAD}-owner@" in letter["To"]]
    for letter in letters:
        print(indented(text_of(letter)))

    narrate("9. A worker without the database: it mirrors git branches that are due, and reports to the service")
    branches = watch_worker(warden, running)

    wrong = judge(warden, letters, said, branches)
    if wrong or "--serve" not in sys.argv:
        return wrong
    return serve(warden, *sys.argv[3:4])


def make_up(warden, what):
    """What no mirror did: only so that pages have something to show."""
    maker = warden.program.parents[1] / "made_up" / "made_up_year"
    done = subprocess.run([maker, what, warden.environment["MIRRORWARDEN_DATABASE"]], check=True, text=True, timeout=300,
                          stdout=subprocess.PIPE)
    print(indented(done.stdout))


def serve(warden, listen="127.0.0.1:8080"):
    """Shows pages until a signal ends it; another port where that one is taken."""
    narrate("10. The same as pages. The last probe of Harbour Linux is real; the year before it, and Lagoon Linux "
            "with its 52 mirrors, are MADE UP")
    make_up(warden, "lagoon")  # after the probe: nobody asks for its mirrors
    for address in (listen, "127.0.0.1:0"):
        command = [warden.program, "serve", "--listen", address, "--no-access-log"]
        with subprocess.Popen(command, cwd=warden.folder, env=warden.environment, text=True,
                              stdout=subprocess.PIPE) as service:
            try:
                line = service.stdout.readline()
                if not line and address == listen != "127.0.0.1:0":
                    continue
                print(f"   {line.strip()}  (Ctrl-C ends it)", flush=True)
                return service.wait()
            except KeyboardInterrupt:
                print()
                return 0
            finally:
                service.terminate()
    return 1


def watch_worker(warden, running):
    """One branch can be mirrored, another is gone; returns what is known of both afterwards."""
    Repository(warden.folder / "git" / "lighthouse")
    remote = running.enter_context(git_daemon(warden.folder / "git"))
    for name in ("lighthouse", "wreck"):
        warden.show("branch", "add", name, f"{remote}/{name}", "--type", "MIRRORED", "--request")
    token = warden.output("token", "create", "--for", "branch.report", "--for", "script.record", "puller-1",
                          "--expires", "1d").splitlines()[0]
    with subprocess.Popen([warden.program, "serve", "--listen", "127.0.0.1:0", "--no-access-log"], cwd=warden.folder,
                          env=warden.environment, text=True, stdout=subprocess.PIPE) as service:
        try:
            url = service.stdout.readline().split()[-1]
            worker = Warden(warden.program, warden.folder)
            del worker.environment["MIRRORWARDEN_DATABASE"]
            worker.environment |= {"MIRRORWARDEN_SERVICE": url, "MIRRORWARDEN_TOKEN": token}
            worker.show("pull", "--into", "branches", "--workers", "2")
        finally:
            service.terminate()
    warden.show("branch", "list")
    return {branch["name"]: branch for branch in json.loads(warden.output("branch", "list", "--json"))}


def owner_of(name):
    return f"Owner of {name} <{name}-owner@example.org>"


def write_catalog(file, urls, mirrors):
    text = ""
    for name, country, speed, matter, *_ in mirrors:
        scheme = urls[name].partition(":")[0]
        text += f"""[[mirror]]
name = "{name}"
distribution = "harbour"
owner = "{owner_of(name)}"
country = "{country}"
speed = "{speed}"
{scheme}_url = "{urls[name]}"
description = "{matter}"

"""
    file.write_text(text)


def what_apt_would_find(shown):
    """The part of `mirror show` about that; of several findings of one rule the first."""
    part = shown.split("\n\n", 1)[1].split("\nIndexes that it has")[0]
    head, *findings = re.split(r"^(?=\w+ +[\w-]+: )", part, flags=re.MULTILINE)
    first_of_rule = {re.search("rule +(.*)", finding)[1]: finding for finding in reversed(findings)}
    kept = [finding for finding in findings if finding in first_of_rule.values()]
    return head + "".join(kept) + f"... and {len(findings) - len(kept)} more like these\n"


def ask_apt(folder, url, archive):
    """What the real apt-get says of the mirror at `url`, with folders of its own."""
    source = AptSource(url, archive.suites["UPDATES"], archive.keyring, architectures=archive.architectures)
    return AptClient(folder, source).update()


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
        configuration = ["--config", "mirrorwarden.toml"] if (self.folder / "mirrorwarden.toml").exists() else []
        command = [self.program, *configuration, *arguments]
        done = subprocess.run(command, cwd=self.folder, env=self.environment, timeout=60, check=False,
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            sys.exit(f"mirrorwarden {' '.join(arguments)} ended with status {done.returncode}:\n{done.stdout}")
        return done.stdout

    def show(self, *arguments, part=str):
        """Runs the program and shows what it says, or a part of that."""
        print(dim(f"   $ mirrorwarden {shlex.join(arguments)}"), flush=True)
        print(indented(part(self.output(*arguments))))


def judge(warden, letters, apt, branches):
    """Says whether the verdicts are those that the mirrors deserve; the exit status."""
    found = {mirror["name"]: mirror for mirror in json.loads(warden.output("mirror", "list", "--json"))}
    wrong = []
    for name, *_, enabled, freshness, integrity, hours in MIRRORS:
        deserved = {"enabled": enabled, "freshness": freshness, "integrity": integrity, "hours behind": hours}
        seen = {key: found[name][key] for key in ("enabled", "freshness", "integrity")}
        seen["hours behind"] = found[name]["lag"] and round(found[name]["lag"] / 3600, 1)
        if seen != deserved:
            wrong.append(f"{name} should have {deserved}, but has {seen}")
    wrong += [f"the log of {name} should say {reason}"
              for name, reason in REASONS.items() if reason not in warden.output("log", name)]
    if not any(APT_SAYS in line for line in apt.errors):
        wrong.append(f"apt should have said {APT_SAYS}, but said: {apt.output}")
    if not branches["lighthouse"]["last_mirrored"] or branches["wreck"]["mirror_failures"] != 1:
        wrong.append(f"one branch should have been mirrored, and one have failed, but they are: {branches}")
    if len(letters) != 1:
        wrong.append(f"the owner of {DEAD} should have got one mail, but got {len(letters)}")
    if wrong:
        print("\n".join(["", *wrong]), file=sys.stderr)
        return 1
    narrate("Every verdict is the right one." + ("" if "--serve" in sys.argv else " Nothing is left running."))
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
