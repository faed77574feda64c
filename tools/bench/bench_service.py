"""Row i: the status service, beside nginx serving the same bytes as files."""

import contextlib
import gzip
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "testing"))

import nginx  # noqa: E402
from bench_clients import absent, sqlite_database  # noqa: E402
from bench_input import Shape, Workload  # noqa: E402
from bench_measure import CLIENT_CORES, SERVER_CORES, free_port, run_client  # noqa: E402
from bench_table import aim, table  # noqa: E402

MIRRORS = Workload(1200, Shape(series=5, pockets=5, components=4, architectures=15))
COUNTRIES = ("AR AT AU BE BR CA CH CL CN CZ DE DK EE ES FI FR GB GR HU ID IE IL IN IS IT JP KE KR "
             "LT LU LV MD MX MY NL NO NZ PH PL PT RO RS RU SA SE SG SI SK TH TR TW UA US UY VN ZA").split()
FIRST_BYTE_MS_MAX, PAGE_KB_MAX, READS_MIN, PEAK_MB_MAX = 50, 250, 2000, 300
CONNECTIONS = 32
MIX = "3 lists of a country, kept, to 1 mirror's JSON, made anew"
WRK_S = 5

PAGE = "/fixture/mirrors"
ONE = "/api/v1/mirrors/mirror-7"
# A cookie has an answer made anew: nobody else may get it.
COOKIE = "a=b"
EACH_IN_TURN = """
local number = 0
request = function()
    number = (number + 1) % {hosts}
    return wrk.format("GET", "/api/v1/mirrors/mirror-" .. number, {fields})
end
"""
# As scripts ask: three times a list of a country, which somebody had a moment ago, and once all of
# a mirror, which nobody had.
MIXED = """
local countries = {{{countries}}}
local number = 0
request = function()
    number = (number + 1) % {hosts}
    if number % 4 == 0 then
        return wrk.format("GET", "/api/v1/mirrors/mirror-" .. number, {{["Cookie"] = "a=b"}})
    end
    return wrk.format("GET", "/api/v1/mirrors?country=" .. countries[number % #countries + 1])
end
"""


def write_catalog(workload, file):
    """The mirrors of the other rows, but all over the world."""
    workload.write_catalog(file, 80)
    text = file.read_text()
    number = iter(range(text.count('country = "BR"')))
    file.write_text(re.sub('country = "BR"',
                           lambda _: f'country = "{COUNTRIES[next(number) % len(COUNTRIES)]}"', text))


class Service:
    """`serve` on the client's core, until it is closed."""

    def __init__(self, program, database, folder):
        self.url = f"http://127.0.0.1:{free_port()}"
        began = time.monotonic()
        self.process = subprocess.Popen(
            [program, "--database", database, "serve", "--no-access-log",
             "--max-connections-per-client", "1000", "--listen", self.url.removeprefix("http://")],
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"},
            stdout=subprocess.PIPE, preexec_fn=lambda: os.sched_setaffinity(0, CLIENT_CORES))
        if not self.process.stdout.readline().startswith(b"Serving "):
            raise RuntimeError("the service does not serve")
        self.start_s = time.monotonic() - began

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self.process.stdout.close()

    def peak_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024

    def metric(self, name):
        return float(re.search(rf"^{name} (\S+)$", ask(self.url + "/metrics")[1].decode(), re.M)[1])


def ask(url, **fields):
    """(ms to the first byte, body)"""
    request = urllib.request.Request(url, headers={key.replace("_", "-"): value
                                                   for key, value in fields.items()})
    began = time.monotonic()
    with urllib.request.urlopen(request, timeout=60) as answer:
        first = answer.read(1)
        taken = 1000 * (time.monotonic() - began)
        return taken, first + answer.read()


def wrk(url, folder, script=None, fields=None):
    """Requests a second."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{WRK_S}s"]
    if script:
        file = folder / "requests.lua"
        file.write_text(script)
        command += ["-s", str(file)]
    for name, value in (fields or {}).items():
        command += ["-H", f"{name}: {value}"]
    done = subprocess.run([*command, url], capture_output=True, text=True, check=True,
                          timeout=WRK_S + 60,
                          preexec_fn=lambda: os.sched_setaffinity(0, SERVER_CORES))
    faults = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    if faults:
        raise RuntimeError(f"{url}: {faults[0]}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])


def refresh(service, program, database, folder):
    """What one change costs: (s until it is shown, s of that to read it)."""
    reads = service.metric("mirrorwarden_database_reads")
    began = time.monotonic()
    subprocess.run([program, "--database", database, "mirror", "disable", "mirror-7", "--reason",
                    "measured", "--no-owner-notification"], check=True, capture_output=True,
                   env={"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"})
    while service.metric("mirrorwarden_database_reads") == reads:
        if time.monotonic() - began > 60:
            raise RuntimeError("the change is not shown")
        time.sleep(0.02)
    return time.monotonic() - began, service.metric("mirrorwarden_database_read_seconds")


def pages(service, rounds):
    """ms to the first byte of the table: (made anew, kept), and its bytes with gzip."""
    anew = [ask(service.url + PAGE, Cookie=COOKIE, Accept_Encoding="gzip")[0]
            for _ in range(max(5, rounds))]
    ask(service.url + PAGE, Accept_Encoding="gzip")
    kept = [ask(service.url + PAGE, Accept_Encoding="gzip") for _ in range(max(5, rounds))]
    return statistics.median(anew), statistics.median(ms for ms, _ in kept), kept[-1][1]


@contextlib.contextmanager
def files_of_nginx(folder, page, one):
    """nginx on the service's core: the same bytes, as files."""
    root = folder / "files"
    root.mkdir()
    (root / "page.html").write_bytes(page)
    (root / "one.json").write_bytes(one)
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, CLIENT_CORES)
    try:
        site = nginx.Site(root=root, directives="access_log off;")
        server = nginx.Nginx(folder / "nginx", [site])
    finally:
        os.sched_setaffinity(0, allowed)
    with server:
        yield site.url


def reads(service, folder, workload, page):
    """{what: requests a second}"""
    in_turn = EACH_IN_TURN.format(hosts=workload.hosts, fields="{}")
    anew = EACH_IN_TURN.format(hosts=workload.hosts, fields='{["Cookie"] = "a=b"}')
    mixed = MIXED.format(hosts=workload.hosts,
                         countries=", ".join(f'"{code}"' for code in COUNTRIES))
    found = {
        MIX: wrk(service.url, folder, mixed),
        "one mirror's JSON, kept": wrk(service.url + ONE, folder),
        "JSON of all mirrors in turn, each kept for 5 s": wrk(service.url, folder, in_turn),
        "the same, each made anew": wrk(service.url, folder, anew),
        f"the table of {workload.hosts:,} mirrors, kept": wrk(
            service.url + PAGE, folder, fields={"Accept-Encoding": "gzip"}),
    }
    with files_of_nginx(folder, page, ask(service.url + ONE)[1]) as url:
        found["nginx: one mirror's JSON as a file"] = wrk(url + "one.json", folder)
        found["nginx: the table, compressed, as a file"] = wrk(url + "page.html", folder)
    return found


def row_i(setting):
    for program, package in (("wrk", "wrk"), ("nginx", "nginx")):
        if missing := absent(program, package) if shutil.which(program) is None else "":
            return ["## i: the status service", "", f"Not measured: {program} {missing}."]
    workload = setting.smaller(MIRRORS)
    catalog = setting.folder / "world.toml"
    write_catalog(workload, catalog)
    database = sqlite_database(setting.folder)()
    run_client([setting.programs.world_year, database, str(catalog)], limit_s=1800)
    size_mb = sum(file.stat().st_size for file in setting.folder.glob("bench.sqlite*")) / 1e6
    program = setting.programs.mirrorwarden
    with Service(program, database, setting.folder) as service:
        start_s, read_s = service.start_s, service.metric("mirrorwarden_database_read_seconds")
        anew_ms, kept_ms, page = pages(service, setting.rounds)
        speeds = reads(service, setting.folder, workload, page)
        shown_s, refresh_s = refresh(service, program, database, setting.folder)
        peak = service.peak_mb()
    page_kb = len(page) / 1000
    api = speeds[MIX]
    return [
        f"## i: the status service; {workload.hosts:,} mirrors x {workload.shape.paths:,} rows, "
        f"365 probes a mirror, in SQLite ({size_mb:,.0f} MB)", "",
        f"The service on one core, `wrk` ({CONNECTIONS} connections) on the other. Kept: made for "
        "somebody else a moment ago.", "",
        *table(["what", "s"], [["from the start to the first answer", f"{start_s:.2f}"],
                               ["of that: reading the database", f"{read_s:.2f}"],
                               ["from the command that changes a mirror to the page that shows it",
                                f"{shown_s:.2f}"],
                               ["of that: reading what changed", f"{refresh_s:.3f}"]]), "",
        *table(["what", "requests/s"], [[what, f"{speed:,.0f}"] for what, speed in speeds.items()]),
        "", f"The table of mirrors: {len(gzip.decompress(page)) / 1000:,.0f} KB, "
        f"{page_kb:,.0f} KB compressed; first byte after {anew_ms:.0f} ms made anew, {kept_ms:.1f} ms "
        "kept.", "",
        aim(f"i: first byte of the table under {FIRST_BYTE_MS_MAX} ms, made anew",
            f"{anew_ms:.0f}", anew_ms < FIRST_BYTE_MS_MAX),
        aim(f"i: first byte of the table under {FIRST_BYTE_MS_MAX} ms, kept", f"{kept_ms:.1f}",
            kept_ms < FIRST_BYTE_MS_MAX),
        aim(f"i: the table under {PAGE_KB_MAX} KB compressed", f"{page_kb:.0f}",
            page_kb < PAGE_KB_MAX),
        aim(f"i: {READS_MIN:,} API reads a second, {MIX}", f"{api:,.0f}",
            api >= READS_MIN),
        aim(f"i: under {PEAK_MB_MAX} MB", f"{peak:.0f}", peak < PEAK_MB_MAX)]
