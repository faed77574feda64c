"""A small signed Debian archive, made by Debian's own tools: dpkg-deb, dpkg-source, reprepro and gpg."""

import datetime
import os
import pathlib
import random
import re
import shutil
import subprocess
import textwrap

import apt_index
from signing import KeyChain

SIGNER = "signer"
MAINTAINER = "Archive Signer <signer@example.org>"


class SignedArchive:
    """An archive of one series and its -updates, made in an empty `directory`.

    `root` is what a web server serves, `keyring` what apt and gpgv trust; `fields` are more lines of
    reprepro's conf/distributions. Between calls the archive is complete and signed.
    """

    def __init__(self, directory, series, architectures, components=("main",), fields=()):
        self.directory = pathlib.Path(directory).resolve()
        self.series = series
        self.architectures = list(architectures)
        self.components = list(components)
        self.root = self.directory / "archive"
        self.suites = {"RELEASE": series, "UPDATES": f"{series}-updates"}
        self.keyring = self.directory / "keyring.gpg"
        self.keys = KeyChain()
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            self.keys.make(SIGNER)
            self.keys.keyring(self.keyring, SIGNER)
            self._configure(fields)
            self._reprepro("export")
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Forgets the key, and ends gpg's agent. The archive stays."""
        self.keys.close()

    def publish(self, package, version, published, pocket="RELEASE", component="main", bulk=0):
        """Adds a source package and its binary for every architecture.

        The files in the pool carry the time at which they were `published`; `bulk` is about how
        many bytes of noise its description has, so that its index takes a while to transfer.
        """
        work = self.directory / "packages"
        work.mkdir(exist_ok=True)
        files = [make_deb(work, package, version, architecture, bulk) for architecture in self.architectures]
        for file in files:
            self._reprepro("-C", component, "includedeb", self.suites[pocket], str(file))
        source = make_source(work, package, version)
        self._reprepro("-C", component, "includedsc", self.suites[pocket], str(source))
        for file in (self.root / "pool").rglob(f"{package}_{version}*"):
            os.utime(file, (published.timestamp(), published.timestamp()))

    def date_release(self, date, pocket="RELEASE"):
        """Signs the suite's Release anew, as if it had been published at `date` (UTC)."""
        folder = self.root / "dists" / self.suites[pocket]
        text = (folder / "Release").read_bytes()
        text = re.sub(rb"^Date: .*$", f"Date: {stamp(date)}".encode(), text, count=1, flags=re.MULTILINE)
        (folder / "Release").write_bytes(text)
        (folder / "Release.gpg").write_bytes(self.keys.release_gpg(text, SIGNER))
        (folder / "InRelease").write_bytes(self.keys.in_release(text, SIGNER))
        for file in folder.rglob("*"):
            os.utime(file, (date.timestamp(), date.timestamp()))

    def publications(self, distribution):
        """The publishing history as `publications import` reads it: dicts, one a file."""
        return [
            {**publication, "published": self._published(publication["path"])}
            for pocket, suite in self.suites.items()
            for publication in apt_index.publications(self.root, distribution, self.series, pocket, suite)
        ]

    def copy(self, target):
        """What a mirror that synced now would hold, in a new folder `target`."""
        shutil.copytree(self.root, target)
        return pathlib.Path(target)

    def verify(self, root=None):
        """Raises unless every InRelease is signed by us."""
        for suite in self.suites.values():
            subprocess.run(
                ["gpgv", "--quiet", "--keyring", str(self.keyring),
                 str((root or self.root) / "dists" / suite / "InRelease")],
                check=True, capture_output=True,
            )

    def _published(self, path):
        modified = datetime.datetime.fromtimestamp((self.root / path).stat().st_mtime, datetime.timezone.utc)
        return modified.strftime("%Y-%m-%dT%H:%M:%SZ")

    def _run(self, *command):
        done = subprocess.run(command, env=self.keys.environment(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr or done.stdout}")
        return done.stdout

    def _configure(self, fields):
        conf = self.directory / "reprepro" / "conf"
        conf.mkdir(parents=True)
        paragraphs = [
            [
                f"Codename: {suite}",
                f"Architectures: {' '.join(self.architectures)} source",
                f"Components: {' '.join(self.components)}",
                f"SignWith: {self.keys.fingerprint(SIGNER)}",
                *fields,
            ]
            for suite in self.suites.values()
        ]
        (conf / "distributions").write_text("\n\n".join("\n".join(lines) for lines in paragraphs) + "\n")

    def _reprepro(self, *arguments):
        self._run("reprepro", "--silent", "--basedir", str(self.directory / "reprepro"), "--outdir", str(self.root), *arguments)


def stamp(time):
    """A time as a Release file has it."""
    return f"{time:%a, %d %b %Y %H:%M:%S} UTC"


def make_deb(directory, package, version, architecture, bulk=0):
    """A binary package with nothing in it but its name, and about `bulk` bytes of noise in its description."""
    tree = directory / f"{package}-{architecture}"
    shutil.rmtree(tree, ignore_errors=True)
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN" / "control").write_text(textwrap.dedent(f"""\
        Package: {package}
        Version: {version}
        Architecture: {architecture}
        Maintainer: {MAINTAINER}
        Section: misc
        Priority: optional
        Description: a tiny package
        """) + noise(f"{package} {version} {architecture}", bulk))
    file = directory / f"{package}_{version}_{architecture}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(tree), str(file)], check=True, capture_output=True
    )
    return file


def noise(seed, size):
    """About so many bytes of a long description, always the same for one seed."""
    source = random.Random(seed)
    return "".join(f" {source.randbytes(24).hex()}\n" for _ in range(size // 50))


def make_source(directory, package, version):
    """A native source package; returns its .dsc."""
    tree = directory / f"{package}-source"
    shutil.rmtree(tree, ignore_errors=True)
    (tree / "debian" / "source").mkdir(parents=True)
    (tree / "debian" / "source" / "format").write_text("3.0 (native)\n")
    (tree / "debian" / "control").write_text(textwrap.dedent(f"""\
        Source: {package}
        Section: misc
        Priority: optional
        Maintainer: {MAINTAINER}

        Package: {package}
        Architecture: any
        Description: a tiny package
        """))
    (tree / "debian" / "changelog").write_text(
        f"{package} ({version}) stable; urgency=low\n\n  * One more.\n\n"
        f" -- {MAINTAINER}  Thu, 01 Jan 2026 00:00:00 +0000\n"
    )
    (tree / "debian" / "rules").write_text("#!/usr/bin/make -f\n%:\n\ttrue\n")
    subprocess.run(
        ["dpkg-source", "-Zgzip", "--build", tree.name], cwd=directory, check=True, capture_output=True
    )
    return directory / f"{package}_{version}.dsc"
