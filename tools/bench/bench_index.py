"""Row h: an index inflated, hashed and parsed."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "testing"))

import real_archive  # noqa: E402
from bench_table import aim, table  # noqa: E402

INDEX = "dists/{}/main/binary-amd64/Packages.gz"
PIPE_SHARE_MAX = 0.5
PEAK_MB_MAX = 32
PIPE = "zcat piped into sha256sum"


def run(command, shell=False):
    """(wall s, CPU s, standard output). On all cores: a pipe is two processes."""
    began = time.monotonic()
    child = subprocess.Popen(command, shell=shell, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    output = child.stdout.read().decode()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - began
    child.stdout.close()
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{command} ended with status {child.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, output


def row_h(setting):
    try:
        archive = real_archive.RealArchive(ROOT / "build" / "real-archive")
    except real_archive.Unavailable as why:
        return ["## h: an index is read", "", f"Not measured: {why}."]
    file = archive.root / INDEX.format(archive.suite)
    commands = {"ours, one thread": ([setting.programs.index_reader, str(file)], False),
                PIPE: (f"zcat '{file}' | sha256sum", True)}
    found = {name: [] for name in commands}
    for _ in range(max(5, setting.rounds)):
        for name, (command, shell) in commands.items():
            found[name].append(run(command, shell))
    ours = json.loads(found["ours, one thread"][-1][2])
    assert ours["inflated_sha256"] in found[PIPE][-1][2], "both must have read the same"

    def median(name, place):
        return statistics.median(one[place] for one in found[name])

    share = median("ours, one thread", 0) / median(PIPE, 0)
    peak = max(json.loads(one[2])["peak_kb"] for one in found["ours, one thread"]) / 1024
    return [f"## h: the amd64 index of {archive.release_field('Origin')} {archive.release_field('Codename')}, "
            f"{ours['packages']:,} packages, {ours['inflated_bytes'] / 1e6:.1f} MB of text", "",
            "Ours inflates with zlib, hashes both forms, parses every stanza, and sorts keys of all "
            "packages.", "",
            *table(["way", "wall s", "CPU s", "peak MB"],
                   [[name, f"{median(name, 0):.3f}", f"{median(name, 1):.3f}",
                     "" if name == PIPE else f"{peak:.0f}"] for name in commands]), "",
            aim(f"h: at most {PIPE_SHARE_MAX} of the wall time of {PIPE}", f"{share:.2f}",
                share <= PIPE_SHARE_MAX),
            aim(f"h: under {PEAK_MB_MAX} MB", f"{peak:.0f}", peak < PEAK_MB_MAX)]
