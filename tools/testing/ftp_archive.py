"""An archive made by apt-ftparchive, whose every date, form and signature a test may choose."""

import datetime
import gzip
import hashlib
import lzma
import os
import pathlib
import re
import subprocess

from archive import make_deb, stamp

COMPONENT = "main"
PACK = {
    "": bytes,
    ".gz": lambda plain: gzip.compress(plain, mtime=0),
    ".xz": lzma.compress,
}


class FtpArchive:
    """One suite with binaries only, made in an empty `directory`; `root` is what a web server serves.

    `forms` are the endings of its indexes, in the order of PACK; with `is_by_hash` each has a
    copy under by-hash/, as Debian's own archive does.
    """

    def __init__(self, directory, suite, architectures=("amd64", "arm64"), forms=("", ".gz", ".xz"), is_by_hash=False):
        self.root = pathlib.Path(directory).resolve() / "archive"
        self.suite = suite
        self.architectures = tuple(architectures)
        self.forms = forms
        self.is_by_hash = is_by_hash
        self.folder = self.root / "dists" / suite
        self.folder.mkdir(parents=True)

    def add(self, package, version, bulk=0):
        """Puts a package for every architecture into the pool; the indexes stay until `index`."""
        work = self.root.parent / "packages"
        work.mkdir(exist_ok=True)
        pool = self.root / "pool" / COMPONENT / package[0] / package
        pool.mkdir(parents=True, exist_ok=True)
        for architecture in self.architectures:
            file = make_deb(work, package, version, architecture, bulk)
            os.link(file, pool / file.name)

    def index(self):
        """Makes the indexes anew of what is in the pool."""
        for architecture in self.architectures:
            folder = self.folder / COMPONENT / f"binary-{architecture}"
            folder.mkdir(parents=True, exist_ok=True)
            plain = self._ftparchive("--arch", architecture, "packages", f"pool/{COMPONENT}")
            for form in self.forms:
                self._write_index(folder, f"Packages{form}", PACK[form](plain))

    def release(self, date=None, valid_until=None, **fields):
        """The text of a Release of the indexes as they are, not written anywhere. Times are UTC
        and may be any; `fields` such as Origin="Harbour" are added or take another's place."""
        chosen = {"Codename": self.suite, "Suite": self.suite, "Components": COMPONENT,
                  "Architectures": " ".join(self.architectures), **fields}
        if self.is_by_hash:
            chosen["Acquire-By-Hash"] = "yes"
        options = [f"--option=APT::FTPArchive::Release::{name}={value}" for name, value in chosen.items()]
        text = self._ftparchive(*options, "release", f"dists/{self.suite}")
        # by-hash copies are no indexes of their own, and the file does not name itself.
        text = re.sub(rb"^ [0-9a-f]+ +\d+ (\S*by-hash/\S*|Release|InRelease|Release.gpg)\n", b"", text, flags=re.MULTILINE)
        date_line = f"Date: {stamp(date or now())}"
        if valid_until:
            date_line += f"\nValid-Until: {stamp(valid_until)}"
        return re.sub(rb"^Date: .*$", date_line.encode(), text, count=1, flags=re.MULTILINE)

    def _write_index(self, folder, name, content):
        (folder / name).write_bytes(content)
        if self.is_by_hash:
            by_hash = folder / "by-hash" / "SHA256"
            by_hash.mkdir(parents=True, exist_ok=True)
            (by_hash / hashlib.sha256(content).hexdigest()).write_bytes(content)

    def _ftparchive(self, *arguments):
        command = ["apt-ftparchive", "--quiet", *arguments]
        done = subprocess.run(command, cwd=self.root, env={**os.environ, "LC_ALL": "C.UTF-8"}, capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr.decode(errors='replace')}")
        return done.stdout


def now():
    return datetime.datetime.now(datetime.timezone.utc)
