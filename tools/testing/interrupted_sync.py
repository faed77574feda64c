"""Syncs by a real rsync, and downloads by a real curl, that end badly: killed half way, or out of space."""

import os
import resource
import signal
import subprocess
import time

SYNC_SECONDS = 30
KILOBYTES_A_SECOND = 150


def sync(source, target, *options):
    """A sync that ends well; `options` are rsync's, such as "--exclude=InRelease"."""
    subprocess.run(rsync(source, target, *options), check=True, capture_output=True)


def sync_killed(source, target, moment, *options):
    """A sync that is killed, as by a power cut, as soon as `moment()` is true.

    It is slow, so that `moment` sees every file arrive. Raises if the sync ends before.
    """
    kill_at(moment, rsync(source, target, f"--bwlimit={KILOBYTES_A_SECOND}", *options))


def download_killed(url, target):
    """A file that curl was getting, from a server that sends it slowly, when it was killed."""
    begun = lambda: target.exists() and target.stat().st_size > 0
    kill_at(begun, ["curl", "--silent", "--output", str(target), url])


def kill_at(moment, command):
    process = subprocess.Popen(command, start_new_session=True)
    deadline = time.monotonic() + SYNC_SECONDS
    try:
        while not moment():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(command)} was not where it should be killed")
            time.sleep(0.002)
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)  # rsync's sender and both receivers
        except ProcessLookupError:
            pass
        process.wait()


def sync_out_of_space(source, target, bytes_max, *options):
    """A sync that can write no file beyond `bytes_max`, as on a disk or a quota that is full.

    It writes in place, as mirrors do that have no room for a second copy. Raises if it ends well.
    """
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_max, bytes_max))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails, as with ENOSPC, and nobody is killed

    done = subprocess.run(
        rsync(source, target, "--inplace", *options), preexec_fn=limit, capture_output=True, check=False
    )
    if done.returncode == 0:
        raise RuntimeError(f"rsync from {source} to {target} fits into {bytes_max} bytes a file")


def rsync(source, target, *options):
    return ["rsync", "--archive", *options, f"{source}/", f"{target}/"]
