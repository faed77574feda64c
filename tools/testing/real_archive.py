"""The index files of a real suite, as this machine's own apt gets them.

Everything about where they come from (the archive's address, proxies, keys) is
taken from apt's configuration. The bytes are those that the archive published.
"""

import dataclasses
import hashlib
import os
import pathlib
import platform
import re
import shutil
import subprocess
import textwrap

import apt_index

ARCHITECTURES = ("amd64", "arm64", "armhf")
COMPONENT = "main"
FETCH_SECONDS = 600


class Unavailable(Exception):
    """There is nothing to be had here: no apt, no network, no suite. Says why."""


@dataclasses.dataclass
class Source:
    """One line of apt's sources: an archive, a suite in it, and what apt must know to trust it."""

    uri: str
    suite: str
    options: dict  # such as "Signed-By", by their deb822 names


class RealArchive:
    """A mirror's tree with one suite's indexes; fetched into `directory`, unless they are there."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory).resolve()
        self.root = self.directory / "archive"
        self.source = own_source()
        self.suite = self.source.suite
        self._release = self.root / "dists" / self.suite / "InRelease"
        if not self._is_complete():
            lists = fetch(self.source, self.directory / "apt")
            lay_out(lists, self.root, self.suite)
        self.verify()

    @property
    def indexes(self):
        """Paths of the indexes, below the root."""
        return [apt_index.index_path(self.suite, COMPONENT, name) for name in (*ARCHITECTURES, apt_index.SOURCE)]

    def release_field(self, name, default=""):
        found = re.search(rf"^{name}: (.*)$", self._release.read_text(), re.MULTILINE)
        return found[1] if found else default

    def verify(self):
        """Raises unless every index has the SHA-256 that the InRelease names."""
        named = hashes(self._release.read_text())
        for path in self.indexes:
            found = hashlib.sha256((self.root / path).read_bytes()).hexdigest()
            wanted = named[path.removeprefix(f"dists/{self.suite}/")]
            if found != wanted:
                raise ValueError(f"{path} has SHA-256 {found}, the InRelease says {wanted}")

    def _is_complete(self):
        return self._release.exists() and all((self.root / path).exists() for path in self.indexes)


def hashes(release):
    """The SHA-256 of each file that a Release file names."""
    section = release.partition("\nSHA256:\n")[2]
    return {path: digest for digest, path in re.findall(r"^ ([0-9a-f]{64}) +\d+ (\S+)$", section, re.MULTILINE)}


def apt_setting(name):
    """A folder or file that apt is configured with, as a path."""
    return pathlib.Path(subprocess.check_output(["apt-config", "shell", "value", f"{name}/f"], text=True)
                        .strip().removeprefix("value=").strip("'") or "/")


def own_source():
    """The suite that this machine was installed from, as apt's sources name it."""
    if not shutil.which("apt-get"):
        raise Unavailable("there is no apt here")
    codename = platform.freedesktop_os_release().get("VERSION_CODENAME", "stable")
    for source in configured_sources():
        if source.suite in (codename, "stable") and source.uri.startswith("http"):
            return source
    raise Unavailable(f"apt's sources have no http archive with the suite {codename}")


def configured_sources():
    files = [apt_setting("Dir::Etc::sourcelist"), *sorted(apt_setting("Dir::Etc::sourceparts").glob("*"))]
    for file in files:
        if not file.is_file():
            continue
        if file.suffix == ".list":
            yield from one_line_sources(file.read_text())
        elif file.suffix == ".sources":
            yield from deb822_sources(file.read_text())


ONE_LINE = re.compile(r"^deb\s+(?:\[(?P<options>[^]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+(?P<components>.*)$", re.MULTILINE)


def one_line_sources(text):
    for line in ONE_LINE.finditer(text):
        if COMPONENT in line["components"].split():
            options = dict(option.split("=", 1) for option in (line["options"] or "").split() if "=" in option)
            kept = {"Signed-By": options["signed-by"]} if "signed-by" in options else {}
            yield Source(line["uri"], line["suite"], kept)


def deb822_sources(text):
    for paragraph in re.split(r"\n\s*\n", re.sub(r"^#.*\n?", "", text, flags=re.MULTILINE)):
        # A value may go on in indented lines: an embedded key does.
        fields = dict(re.findall(r"^([A-Za-z-]+):[ \t]*((?:.*)(?:\n[ \t].*)*)", paragraph, re.MULTILINE))
        if fields.get("Enabled", "yes").strip() == "no" or "deb" not in fields.get("Types", "").split():
            continue
        if COMPONENT not in fields.get("Components", "").split():
            continue
        kept = {"Signed-By": fields["Signed-By"]} if "Signed-By" in fields else {}
        for uri in fields["URIs"].split():
            for suite in fields["Suites"].split():
                yield Source(uri, suite, kept)


def fetch(source, directory):
    """Has apt get the indexes into `directory`; returns its lists by their index path."""
    shutil.rmtree(directory, ignore_errors=True)
    for folder in ("lists/partial", "cache/archives/partial", "sources"):
        (directory / folder).mkdir(parents=True)
    (directory / "status").touch()
    options = "".join(f"{name}: {value}\n" for name, value in source.options.items())
    (directory / "sources" / "real.sources").write_text(
        f"Types: deb deb-src\nURIs: {source.uri}\nSuites: {source.suite}\nComponents: {COMPONENT}\n"
        f"Architectures: {' '.join(ARCHITECTURES)}\nTargets: Packages Sources\n{options}"
    )
    configuration = directory / "apt.conf"
    configuration.write_text(textwrap.dedent(f"""\
        Dir::State::lists "{directory}/lists";
        Dir::State::status "{directory}/status";
        Dir::Cache "{directory}/cache";
        Dir::Etc::sourcelist "/dev/null";
        Dir::Etc::sourceparts "{directory}/sources";
        APT::Sandbox::User "";
        #clear APT::Update::Post-Invoke;
        #clear APT::Update::Post-Invoke-Success;
        Acquire::Languages "none";
        Acquire::Retries "1";
        Acquire::http::Timeout "20";
        Acquire::https::Timeout "20";
        Acquire::GzipIndexes "true";
        #clear Acquire::CompressionTypes::Order;
        Acquire::CompressionTypes::Order {{ "gz"; }};
        Acquire::IndexTargets::deb::Packages::KeepCompressedAs "gz";
        Acquire::IndexTargets::deb-src::Sources::KeepCompressedAs "gz";
        """))
    environment = {**os.environ, "APT_CONFIG": str(configuration), "LC_ALL": "C.UTF-8"}
    try:
        subprocess.run(["apt-get", "update", "--quiet=2", "--option", "APT::Update::Error-Mode=any"],
                       env=environment, check=True, capture_output=True, text=True, timeout=FETCH_SECONDS)
    except subprocess.TimeoutExpired as late:
        raise Unavailable(f"apt-get update was not done after {FETCH_SECONDS} s") from late
    except subprocess.CalledProcessError as failed:
        why = failed.stderr.strip().splitlines() or ["no reason given"]
        raise Unavailable(f"apt-get update failed: {why[0]}") from failed
    return find_lists(directory / "lists", source.suite)


def find_lists(lists, suite):
    """The files among apt's lists, by the paths that they have below an archive's root."""
    found = {}
    for file in lists.iterdir():
        name = file.name.partition(f"_dists_{suite}_")[2]
        if name == "InRelease" or name.endswith(".gz"):
            found[f"dists/{suite}/{name.replace('_', '/')}"] = file
    return found


def lay_out(lists, root, suite):
    """Makes a mirror's tree of apt's lists; the InRelease last, so that it marks a whole tree."""
    for path in (*sorted(set(lists) - {f"dists/{suite}/InRelease"}), f"dists/{suite}/InRelease"):
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(lists[path], target)
