"""An archive made by aptly, with by-hash copies of its indexes."""

import json
import pathlib
import subprocess

from archive import make_deb


def publish_with_aptly(directory, suite, packages, keys, signer):
    """Makes an archive of `packages`, a list of (name, version), for two architectures in an empty
    `directory`, signed by the key `signer` of the KeyChain `keys`. Returns what a web server serves."""
    directory = pathlib.Path(directory).resolve()
    work = directory / "packages"
    work.mkdir(parents=True)
    configuration = directory / "aptly.conf"
    configuration.write_text(json.dumps({"rootDir": str(directory / "aptly"), "architectures": ["amd64", "arm64"]}))
    for package, version in packages:
        for architecture in ("amd64", "arm64"):
            make_deb(work, package, version, architecture)

    def aptly(*arguments):
        command = ["aptly", f"-config={configuration}", *arguments]
        done = subprocess.run(command, env=keys.environment(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr or done.stdout}")

    aptly("repo", "create", "-component=main", suite)
    aptly("repo", "add", suite, *map(str, sorted(work.glob("*.deb"))))
    aptly("publish", "repo", "-batch", "-acquire-by-hash", "-skip-contents", "-skip-bz2", f"-distribution={suite}",
          "-gpg-provider=gpg2", f"-gpg-key={keys.fingerprint(signer)}", suite)
    return directory / "aptly" / "public"
