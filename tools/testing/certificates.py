"""Certificates for servers on loopback, made by openssl: good ones and expired ones."""

import pathlib
import subprocess
import textwrap


class Authority:
    """A certificate authority of our own, in `directory`. `bundle` is what a client trusts."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory).resolve()
        self.directory.mkdir(parents=True, exist_ok=True)
        self.bundle = self.directory / "authority.pem"
        self._key = self.directory / "authority.key"
        (self.directory / "index.txt").touch()
        self._configuration = self.directory / "openssl.cnf"
        self._configuration.write_text(textwrap.dedent(f"""\
            [ca]
            default_ca = ours
            [ours]
            dir = {self.directory}
            database = $dir/index.txt
            new_certs_dir = $dir
            rand_serial = yes
            unique_subject = no
            default_md = sha256
            policy = any
            copy_extensions = copy
            [any]
            commonName = supplied
            """))
        openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Authority of the tests",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign",
            "-keyout", self._key, "-out", self.bundle,
        )

    @property
    def self_signed(self):
        """A certificate that nobody else has signed, and its key: the authority's own."""
        return self.bundle, self._key

    def certificate(self, address, start, end):
        """A certificate for an address, valid between two times; its path and its key's."""
        key, request, file = (self.directory / f"{address}.{kind}" for kind in ("key", "csr", "pem"))
        openssl(
            "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={address}",
            "-addext", f"subjectAltName=IP:{address}", "-keyout", key, "-out", request,
        )
        openssl(
            "ca", "-batch", "-notext", "-config", self._configuration, "-cert", self.bundle, "-keyfile", self._key,
            "-startdate", f"{start:%Y%m%d%H%M%SZ}", "-enddate", f"{end:%Y%m%d%H%M%SZ}", "-in", request, "-out", file,
        )
        return file, key


def openssl(*arguments):
    command = ["openssl", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
