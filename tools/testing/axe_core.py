"""axe-core, which looks for what keeps people with disabilities from a page. For tests only: it is
never part of the program, and no build needs it."""

import base64
import hashlib
import pathlib
import shutil
import subprocess
import tarfile
import tempfile

# What is looked for comes with the version: pinned, and only believed with this hash.
VERSION = "4.10.3"
INTEGRITY = "sha512-Xm7bpRXnDSX2YE2YFfBk2FnF0ep6tmG7xPh8iHee8MIcrgq762Nkce856dYtJYLkuIoYZvGfTs/PbZhideTcEg=="


class NotToBeHad(Exception):
    """Why there is no axe-core here."""


def source(folder):
    """Its text. Fetched once with npm, as that is configured, and kept in `folder`."""
    kept = pathlib.Path(folder) / f"axe-core-{VERSION}.tgz"
    if not kept.exists():
        fetch(kept)
    algorithm, _, expected = INTEGRITY.partition("-")
    found = base64.b64encode(hashlib.new(algorithm, kept.read_bytes()).digest()).decode()
    if found != expected:
        raise AssertionError(f"{kept} is not axe-core {VERSION}: its {algorithm} is {found}")
    with tarfile.open(kept) as package:
        return package.extractfile("package/axe.min.js").read().decode()


def fetch(kept):
    if not shutil.which("npm"):
        raise NotToBeHad(f"axe-core {VERSION} comes with npm, which is not installed")
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(["npm", "pack", "--silent", f"axe-core@{VERSION}"], cwd=folder, text=True, timeout=30,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        except subprocess.TimeoutExpired:
            raise NotToBeHad(f"npm did not fetch axe-core {VERSION} within 30 seconds") from None
        made = pathlib.Path(folder) / kept.name
        if done.returncode or not made.exists():
            raise NotToBeHad(f"npm did not fetch axe-core {VERSION}: {done.stdout.strip()[-300:]}")
        shutil.move(made, kept)
