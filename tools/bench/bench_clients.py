"""The program, its engine and its peers, each as a client that can be measured."""

import os
import shutil
import subprocess

from bench_input import write_curl_config
from bench_measure import Client


def absent(program, package):
    return "" if shutil.which(program) else f"not installed ({package})"


class Programs:
    """What the preset `bench` builds."""

    def __init__(self, build):
        self.server = f"{build}/tools/bench/bench-server"
        self.bare_curl = f"{build}/tools/bench/bench-bare-curl"
        self.engine = f"{build}/tools/bench/bench-engine"
        self.row_limits = f"{build}/tools/bench/bench-row-limits"
        self.index_reader = f"{build}/tools/bench/bench-index-reader"
        self.world_year = f"{build}/tools/bench/bench-world-year"
        self.store_rows = f"{build}/tools/bench/bench-store-rows"
        self.mirrorwarden = f"{build}/tools/mirrorwarden/mirrorwarden"


class WholeRun:
    """`mirrorwarden probe` on a new database each time."""

    def __init__(self, programs, workload, port, folder, database):
        self.programs = programs
        self.workload = workload
        self.folder = folder
        self.database = database  # makes an empty database and returns its URL
        self.url = None
        self.catalog = folder / "catalog.toml"
        self.config = folder / "config.toml"
        self.config.write_text("")
        workload.write_catalog(self.catalog, port)
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}

    def command(self, *words):
        return [self.programs.mirrorwarden, "--config", str(self.config), "--database", self.url,
                *words]

    def run(self, *words):
        return subprocess.run(self.command(*words), env=self.environment, check=True,
                              capture_output=True, text=True, timeout=300).stdout

    def client(self, name, *flags, note="", statuses=(0,)):
        def prepare():
            self.url = self.database()
            self.run("catalog", "load", str(self.catalog))
            return self.command("probe", "--json", *map(str, flags))

        return Client(name, prepare, self.workload.requests, self.environment, statuses, note)


def sqlite_database(folder):
    """Makes `folder`/bench.sqlite anew."""

    def make():
        for old in folder.glob("bench.sqlite*"):
            old.unlink()
        return f"sqlite:{folder}/bench.sqlite"

    return make


def engine(programs, list_file, workload, *flags, name="engine alone"):
    command = [programs.engine, str(list_file), *map(str, flags)]
    return Client(name, lambda: command, workload.requests)


def bare_curl(programs, list_file, workload, *flags, name="bare libcurl, curl_multi_poll"):
    command = [programs.bare_curl, str(list_file), *map(str, flags)]
    return Client(name, lambda: command, workload.requests)


def curl_parallel(list_file, workload):
    config = list_file.with_suffix(".curl")
    write_curl_config(list_file, config)
    # 300 is the most that this curl takes.
    command = ["curl", "--silent", "--head", "--parallel", "--parallel-max", "300", "--config",
               str(config)]
    return Client("curl --parallel, 300 at once", lambda: command, workload.requests,
                  missing=absent("curl", "curl"), note="about 1 a host, by the order of the list")


def twisted(list_file, workload):
    script = os.path.join(os.path.dirname(__file__), "twisted_client.py")
    command = ["/usr/bin/python3", script, str(list_file)]
    has_twisted = subprocess.run(["/usr/bin/python3", "-c", "import twisted"],
                                 capture_output=True).returncode == 0
    return Client("Twisted, a connection a request, 100 at once", lambda: command,
                  workload.requests, missing="" if has_twisted else "not installed (python3-twisted)")


def wget2(list_file, workload, threads):
    command = ["wget2", "--quiet", "--spider", "--no-robots", f"--max-threads={threads}",
               f"--input-file={list_file}"]
    return Client(f"wget2 --spider, {threads} threads", lambda: command, workload.requests,
                  missing=absent("wget2", "wget2"), note="keeps no limit a host")


def ab(url, requests, at_once):
    command = ["ab", "-q", "-i", "-k", "-n", str(requests), "-c", str(at_once), url]
    return Client(f"ab -i -k, {at_once} at once to one host", lambda: command, requests,
                  missing=absent("ab", "apache2-utils"), note="the machine's limit")
