"""What the numbers were measured on."""

import datetime
import os
import pathlib
import re
import shutil
import subprocess


def words_of(*command):
    """The first line that a program prints, or nothing where it is not there."""
    if shutil.which(command[0]) is None:
        return ""
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0].strip() if lines else ""


def package_version(package):
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True,
                          text=True)
    return done.stdout.strip()


def field(file, name):
    found = re.search(rf"^{name}\s*[:=]\s*\"?([^\"\n]*)", pathlib.Path(file).read_text(), re.M)
    return found.group(1).strip() if found else "unknown"


def load():
    return pathlib.Path("/proc/loadavg").read_text().split()[0]


def priority():
    """A busy machine can be measured all the same, by processes that go before others."""
    nice = str(os.getpriority(os.PRIO_PROCESS, 0))
    session = pathlib.Path("/proc/self/autogroup")
    if session.exists():
        nice += f", its session at {session.read_text().split()[-1]}"
    return "" if nice in ("0", "0, its session at 0") else f"; measured at nice {nice}"


def commit():
    words = words_of("git", "rev-parse", "--short=12", "HEAD")
    dirty = words_of("git", "status", "--porcelain", "--untracked-files=no", "--", "model", "prober",
                     "storage", "tools")
    return words + (" with changes" if dirty else "")


def describe(filesystem_of):
    """Lines of Markdown about the machine and what is installed on it."""
    memory_gb = int(field("/proc/meminfo", "MemTotal").split()[0]) / 1024 / 1024
    filesystem = subprocess.run(["stat", "-f", "-c", "%T", filesystem_of], capture_output=True,
                                text=True).stdout.strip()
    libraries = ", ".join(
        f"{package} {package_version(package)}"
        for package in ("libcurl4-openssl-dev", "libboost1.81-dev", "libboost-dev", "libsqlite3-dev",
                        "libpqxx-dev", "libssl-dev") if package_version(package))
    peers = [words_of("curl", "--version"), words_of("wget2", "--version"), words_of("ab", "-V"),
             ("Twisted " + package_version("python3-twisted")).strip(),
             "PostgreSQL " + (package_version("postgresql") or "not installed")]
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [
        f"* {now}, commit {commit()}",
        f"* {os.cpu_count()} cores of {field('/proc/cpuinfo', 'model name')}, {memory_gb:.0f} GB, "
        f"{field('/etc/os-release', 'PRETTY_NAME')}, Linux {os.uname().release}, "
        f"files on {filesystem}; load before: {load()}{priority()}",
        f"* {words_of('c++', '--version')}; preset `bench`: -O2, link-time optimisation, asserts on",
        f"* {libraries}",
        "* " + "; ".join(peer for peer in peers if peer),
    ]
