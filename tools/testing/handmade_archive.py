"""An archive whose every file a test decides: indexes, Release files and who signs them."""

import gzip
import hashlib
import lzma
import urllib.parse

from loopback_mirrors import Answer, LoopbackMirrors
from signing import KeyChain

SIGNER = "signer"


def stanza(name, version="1.0", architecture="amd64", **fields):
    """A package as an index describes it."""
    lines = {
        "Package": name,
        "Version": version,
        "Architecture": architecture,
        "Filename": f"pool/main/{name[0]}/{name}/{name}_{version}_{architecture}.deb",
        "Size": "100",
        "SHA256": "0" * 64,
        **fields,
    }
    return "".join(f"{key}: {value}\n" for key, value in lines.items()) + "\n"


def rfc_date(moment):
    return moment.strftime("%a, %d %b %Y %H:%M:%S UTC")


class HandmadeArchive:
    """`files` maps paths to bytes; what is not in it is a 404. Counts the requests of each path.

    Answers conditional requests by an ETag of the content.
    """

    def __init__(self, folder):
        self.keys = KeyChain()
        self.keys.make(SIGNER)
        self.keyring = self.keys.keyring(folder / "handmade.gpg", SIGNER)
        self.files = {}
        self.endless = {}  # path: bytes that are sent again and again
        self.server = LoopbackMirrors(self._respond)
        self._conditions = {}

    def close(self):
        self.server.close()
        self.keys.close()

    @property
    def url(self):
        return self.server.url("/")

    def asked(self):
        """The requests since the last call, as {path: number}."""
        asked = {path.removeprefix("/"): number for (_, path), number in self.server.requests.items()}
        self.server.requests.clear()
        return asked

    def put_index(self, suite, text, path="main/binary-amd64/Packages", packed=None, form=".gz"):
        """An index packed as .gz or .xz, which may be other bytes. Returns the lines of its Release,
        which names it as it is, too."""
        plain = text.encode() if isinstance(text, str) else text
        if packed is None:
            packed = lzma.compress(plain) if form == ".xz" else gzip.compress(plain, mtime=0)
        self.files[f"dists/{suite}/{path}{form}"] = packed
        return release_line(plain, path) + release_line(packed, path + form)

    def release(self, suite, date, entries, valid_until=None, **fields):
        """The text of a Release file, as bytes."""
        lines = {"Origin": "Harbour", "Codename": suite, "Suite": suite, "Date": rfc_date(date),
                 "Architectures": "amd64", "Components": "main", **fields}
        if valid_until:
            lines["Valid-Until"] = rfc_date(valid_until)
        return ("".join(f"{key}: {value}\n" for key, value in lines.items()) + "SHA256:\n" + entries).encode()

    def put_release(self, suite, text, *signers, **how):
        """Publishes it as InRelease; returns what was published."""
        signed = self.keys.in_release(text, *(signers or (SIGNER,)), **how)
        self.files[f"dists/{suite}/InRelease"] = signed
        return signed

    def _respond(self, _host, method, path):
        # As Amazon's S3 takes a path: a bare plus is a blank.
        name = urllib.parse.unquote_plus(path).removeprefix("/")
        if name in self.endless:
            return Answer(200, (("Content-Length", str(1 << 40)),), endless=self.endless[name])
        if name not in self.files:
            return Answer(404)
        return Answer(200, body=self.files[name])


def release_line(content, path):
    return f" {hashlib.sha256(content).hexdigest()} {len(content)} {path}\n"
