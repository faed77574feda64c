"""What every broken mirror of the table shares: the archives that it is a mirror of, a web server, and a case's fields.

The cases themselves are in broken_syncs.py, broken_signatures.py and broken_servers.py.
"""

import dataclasses
import datetime
import os
import pathlib
import shutil
import typing

from aptly_archive import publish_with_aptly
from archive import SIGNER, SignedArchive
from certificates import Authority
from ftp_archive import FtpArchive, now
from nginx import Nginx, Site

ARCHITECTURES = ["amd64", "arm64"]
DAY = datetime.timedelta(days=1)
LONG_AGO = datetime.datetime(2024, 3, 1, tzinfo=datetime.timezone.utc)
BELOW = "debian"  # the mirror's folder on its host


@dataclasses.dataclass(frozen=True)
class Case:
    """One mirror of the table, and what is to be said of it.

    `make(world, folder)` returns a Site, whose root is `folder` and whose mirror is in
    `folder`/debian, or the URL of a server that it started itself.
    """

    name: str
    what: str  # what happened to the mirror, for people
    make: typing.Callable
    apt: str | None  # an expression for what apt-get says, where it fails; None: it is content
    rule: str | None  # of our worst finding; None: there is none but good ones
    severity: str = "bad"
    file: str = ""  # what apt names, and we must too
    suite: str = "harbour"
    signers: tuple = (SIGNER,)  # whose keys the user of the mirror trusts
    packages: tuple = ()  # what apt-get downloads after its update
    reason: str = ""  # why apt and we may differ here
    reason_of_apt_3: str = ""  # why apt 3 is content, where apt 2 fails

    def for_apt(self, major):
        """The case as an apt of that major version meets it."""
        if major < 3 or not self.reason_of_apt_3:
            return self
        return dataclasses.replace(self, apt=None, reason=self.reason_of_apt_3)


class World:
    """The archives, all keys, and the servers of the cases, in an empty folder.

    harbour: by reprepro, signed by the key "signer"; `old` is how it was before its last upload.
    tide: by apt-ftparchive, with by-hash, a Valid-Until, and as many forms of signature as there are cases.
    wave: by aptly.
    """

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.chmod(0o755)  # for servers that run as somebody else
        self.harbour = SignedArchive(self.folder / "harbour", "harbour", ARCHITECTURES, fields=(
            "Origin: Harbour", "DebIndices: Packages Release .gz .xz", "ValidFor: 7d"))
        self._closing = [self.harbour.close]
        try:
            self._make_archives()
        except BaseException:
            self.close()
            raise

    def _make_archives(self):
        self.harbour.publish("buoy", "1.0", now())
        self.harbour.publish("lantern", "1.0", now(), bulk=120_000)
        self.harbour.publish("anchor", "1.0", now(), "UPDATES")
        self.old = self.harbour.copy(self.folder / "old")
        for file in self.old.rglob("*"):
            os.utime(file, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))  # rsync takes equal times for equal files
        self.harbour.publish("lantern", "1.1", now(), bulk=124_000)
        self.keys = self.harbour.keys
        for name in ("stranger", "second"):
            self.keys.make(name)
        self.keys.make("expired", created=LONG_AGO, lifetime="30d")
        self.keys.make("revoked")
        self.keys.make("with-rsa", "rsa2048")  # ed25519 keys refuse SHA-1
        self.tide = FtpArchive(self.folder / "tide", "tide", ARCHITECTURES, is_by_hash=True)
        self.tide.add("buoy", "2.0")
        self.tide.index()
        self.wave = publish_with_aptly(self.folder / "wave", "wave", [("buoy", "3.0")], self.keys, SIGNER)
        self.authority = Authority(self.folder / "authority")
        self.unknown_authority = Authority(self.folder / "unknown-authority")

    def close(self):
        for close in reversed(self._closing):
            close()

    def until_closed(self, server):
        """Keeps a server that a case started, and closes it at the end."""
        self._closing.append(server.close)
        return server

    def serve(self, cases):
        """Makes the mirror of every case; returns their URLs, by name."""
        urls, sites = {}, {}
        for number, case in enumerate(cases):
            folder = self.folder / "cases" / case.name
            folder.mkdir(parents=True)
            made = case.make(self, folder)
            if isinstance(made, Site):
                if made.address == Site.address:  # it does not care
                    made.address = f"127.0.50.{number + 1}"
                made.root = folder
                sites[case.name] = made
            else:
                urls[case.name] = made
        # Somebody else than who made the files, where we may be anybody: rights count for it.
        self.nginx = self.until_closed(Nginx(self.folder / "nginx", sites.values(), user="nobody nogroup"))
        for signers in {case.signers for case in cases}:
            self.keys.keyring(self.keyring(signers), *signers)
        return {case.name: urls.get(case.name) or f"{sites[case.name].url}{BELOW}/" for case in cases}

    def keyring(self, signers):
        """A file with the public keys of the names; `serve` has made those of its cases."""
        return self.folder / f"{'-'.join(signers)}.gpg"

    def tide_release(self, **more):
        """The text of a good Release of tide."""
        return self.tide.release(**{"valid_until": now() + 7 * DAY, "Origin": "Tide", **more})


def copied(tree, folder):
    """A mirror that has synced `tree` whole; returns its folder."""
    return pathlib.Path(shutil.copytree(tree, folder / BELOW))
