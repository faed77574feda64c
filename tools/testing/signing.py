"""Throw-away OpenPGP keys, and what gpg signs with them: good ones, expired ones, revoked ones."""

import os
import pathlib
import shutil
import subprocess
import tempfile


class KeyChain:
    """gpg with a home of its own. Keys are known by the name that they were made with."""

    def __init__(self):
        # gpg-agent's socket lies there, and a socket's path must be short.
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="keys.", dir="/tmp"))
        self._fingerprints = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends gpg's agent and forgets the keys."""
        subprocess.run(["gpgconf", "--kill", "all"], env=self.environment(), check=False)
        shutil.rmtree(self.home, ignore_errors=True)

    def environment(self):
        """What another program needs so that its gpg finds the keys."""
        return {**os.environ, "GNUPGHOME": str(self.home), "LC_ALL": "C.UTF-8"}

    def make(self, name, algorithm="ed25519", created=None, lifetime="1d"):
        """A new key that may sign; `created` (a datetime) may be long ago, `lifetime` is gpg's own word."""
        output = self._gpg(
            "--passphrase", "", "--status-fd", "1", "--quick-generate-key", f"{name} <{name}@example.org>",
            algorithm, "sign", lifetime, when=created,
        )
        created_line = next(line for line in output.decode().splitlines() if " KEY_CREATED " in line)
        self._fingerprints[name] = created_line.split()[3]

    def fingerprint(self, name):
        return self._fingerprints[name]

    def revoke(self, name):
        """Takes in the revocation that gpg made beside the key."""
        fingerprint = self._fingerprints[name]
        prepared = (self.home / "openpgp-revocs.d" / f"{fingerprint}.rev").read_text()
        # gpg puts a colon before the armour so that nobody revokes a key by accident.
        self._gpg("--import", stdin=prepared.replace(":-----BEGIN", "-----BEGIN").encode())

    def keyring(self, file, *names):
        """Writes the public keys of `names`, as gpgv and apt read them."""
        file = pathlib.Path(file)
        file.write_bytes(self._gpg("--export", *(self._fingerprints[name] for name in names)))
        return file

    def in_release(self, text, *names, when=None, digest="SHA512"):
        """`text` (bytes) as a clear-signed message with a signature by each of `names`."""
        return self._sign("--clear-sign", text, names, when, digest)

    def release_gpg(self, text, *names, when=None, digest="SHA512"):
        """The detached, armoured signatures of `text`."""
        return self._sign("--detach-sign", text, names, when, digest)

    def _sign(self, how, text, names, when, digest):
        users = [word for name in names for word in ("--local-user", self._fingerprints[name])]
        return self._gpg("--armor", "--digest-algo", digest, *users, how, stdin=text, when=when)

    def _gpg(self, *arguments, stdin=b"", when=None):
        then = ["--faked-system-time", f"{when:%Y%m%dT%H%M%S}"] if when else []
        command = ["gpg", "--batch", "--quiet", "--yes", *then, *arguments]
        done = subprocess.run(command, env=self.environment(), input=stdin, capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr.decode(errors='replace')}")
        return done.stdout
