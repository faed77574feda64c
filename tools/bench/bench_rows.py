"""The rows of the table: what is measured against what, and what was hoped for."""

import contextlib
import dataclasses
import json
import math
import pathlib
import sqlite3

import bench_clients as clients
from bench_index import row_h
from bench_input import Shape, Workload, make_certificates, mirror_name
from bench_measure import Fixture, compare, median
from bench_postgres import postgres_database, postgres_note
from bench_reports import row_j
from bench_service import row_i
from bench_store import row_g
from bench_table import aim, cost_table

PER_HOST = 2


@dataclasses.dataclass
class Setting:
    programs: clients.Programs
    folder: pathlib.Path
    rounds: int
    quick: bool

    def smaller(self, workload):
        """The workload, or a tenth of it where the point is that all of this works."""
        return dataclasses.replace(workload, hosts=workload.hosts // 10) if self.quick else workload

    def write_list(self, workload, port):
        file = self.folder / "urls"
        workload.write_list(file, port)
        return file

    def whole_run(self, workload, port, kind="sqlite"):
        make = (clients.sqlite_database(self.folder) if kind == "sqlite" else postgres_database)
        return clients.WholeRun(self.programs, workload, port, self.folder, make)


def ideal_s(requests_a_host, delay_ms):
    """Nobody asks an odd one out in half a turn."""
    return math.ceil(requests_a_host / PER_HOST) * delay_ms / 1000


def share_of_ideal(costs, client, workload, delay_ms):
    """(wall time by the ideal for what it asked, requests a host): a probe asks for more than
    the list, such as each suite's Release. None: not measured."""
    asked = of(costs, client, "requests")
    if asked is None:
        return None, None
    a_host = asked / workload.hosts
    return of(costs, client) / ideal_s(a_host, delay_ms), a_host


def of(costs, client, measure="wall_s"):
    """A client's median, or None."""
    return median(costs[client.name], measure) if costs[client.name] else None


def ratio(above, below):
    return None if above is None or below is None else above / below


def ratio_aim(words, value, is_met):
    return aim(words, None if value is None else f"{value:.2f}",
               value is not None and is_met(value))


DAILY = Workload(450, Shape(series=2, pockets=2, components=2, architectures=16))
DAILY_DELAY_MS = 50


def limits(workload):
    return "--max-parallel", workload.hosts * PER_HOST, "--max-parallel-per-host", PER_HOST


def rows_a_and_b(setting):
    workload = setting.smaller(DAILY)
    ideal = ideal_s(workload.shape.paths, DAILY_DELAY_MS)
    with Fixture(setting.programs.server, workload.hosts, "--delay", DAILY_DELAY_MS) as fixture:
        urls = setting.write_list(workload, fixture.port)
        sqlite = setting.whole_run(workload, fixture.port)
        postgres = setting.whole_run(workload, fixture.port, "postgres")
        whole = sqlite.client("mirrorwarden probe, SQLite", *limits(workload))
        on_postgres = postgres.client("mirrorwarden probe, PostgreSQL", *limits(workload),
                                      note="without the server's own CPU")
        on_postgres.missing = postgres_note()
        at_300 = sqlite.client("mirrorwarden probe, SQLite, 300 at once", "--max-parallel", 300)
        engine = clients.engine(setting.programs, urls, workload, *limits(workload))
        bare = clients.bare_curl(setting.programs, urls, workload)
        curl = clients.curl_parallel(urls, workload)
        twisted = clients.twisted(urls, workload)
        wget2 = clients.wget2(urls, workload, 100)
        wget2_300 = clients.wget2(urls, workload, 300)
        ours = [whole, on_postgres, engine]
        peers = [curl, twisted, wget2, wget2_300]
        everybody = [*ours, bare, at_300, *peers]
        costs = compare(everybody, fixture, setting.rounds)

    lines = [f"## a, b: {workload.hosts} hosts x {workload.shape.paths} HEADs, "
             f"{DAILY_DELAY_MS} ms each, {PER_HOST} a host; ideal {ideal:.2f} s", "",
             *cost_table(everybody, costs, ideal), "",
             "So many at once need at least: " + ", ".join(
                 f"{at_once}: {workload.requests * DAILY_DELAY_MS / 1000 / at_once:.1f} s"
                 for at_once in (workload.hosts * PER_HOST, 300, 100)) + ".", ""]
    for client in ours[:2]:
        share, a_host = share_of_ideal(costs, client, workload, DAILY_DELAY_MS)
        lines.append(ratio_aim(f"a: {client.name} within 1.10 of the ideal for the "
                               f"{a_host or 0:.0f} requests a host that it makes", share,
                               lambda value: value <= 1.10))
        peak = of(costs, client, "peak_mb")
        lines.append(ratio_aim(f"a: {client.name} under 64 MB", peak, lambda value: value < 64))
    for peer in peers:
        faster = ratio(of(costs, peer), of(costs, whole))
        cheaper = ratio(of(costs, peer, "cpu_ms_per_1000"), of(costs, whole, "cpu_ms_per_1000"))
        lines.append(ratio_aim(f"b: at least 5 times faster than {peer.name}", faster,
                               lambda value: value >= 5))
        lines.append(ratio_aim(f"b: 4 times less CPU a request than {peer.name}", cheaper,
                               lambda value: value >= 4))
    return lines


FULL_SPEED = Workload(200, Shape(series=5, pockets=5, components=2, architectures=9))


def row_c(setting):
    workload = setting.smaller(FULL_SPEED)
    with Fixture(setting.programs.server, workload.hosts) as fixture:
        urls = setting.write_list(workload, fixture.port)
        whole = setting.whole_run(workload, fixture.port).client("mirrorwarden probe, SQLite",
                                                                 *limits(workload))
        engine = clients.engine(setting.programs, urls, workload, *limits(workload))
        bare = clients.bare_curl(setting.programs, urls, workload)
        ab = clients.ab(workload.base_url(0, fixture.port), workload.requests,
                        workload.hosts * PER_HOST)
        peers = [clients.curl_parallel(urls, workload), clients.twisted(urls, workload),
                 clients.wget2(urls, workload, 100)]
        everybody = [bare, engine, whole, ab, *peers]
        costs = compare(everybody, fixture, setting.rounds)

    def speed(client):
        return ratio(of(costs, client, "requests_per_second"),
                     of(costs, bare, "requests_per_second"))

    return [f"## c: no delay, {workload.hosts} hosts x {workload.shape.paths} HEADs, "
            f"{PER_HOST} a host", "", *cost_table(everybody, costs), "",
            ratio_aim("c: the engine alone at 0.9 of bare libcurl", speed(engine),
                      lambda value: value >= 0.9),
            ratio_aim("c: a whole run at 0.7 of bare libcurl", speed(whole),
                      lambda value: value >= 0.7)]


REAL = Workload(600, Shape(series=5, pockets=5, components=4, architectures=15))
REAL_DELAY_MS = 20
# (workload, delay in ms, aim): 2 connections a host.
CROWDS = [(Workload(2500, Shape(series=2, pockets=2, components=3, architectures=4)), 500, 1.2),
          (Workload(7500, Shape(series=1, pockets=2, components=2, architectures=4)), 2000, 1.25)]


def measure_bound(setting, workload, delay_ms, most, with_engine=True):
    """A whole run, and the engine alone, against the ideal. Returns (lines, peak MB of the run).
    Without the engine it is the long run that memory is looked at in: one round."""
    ideal = ideal_s(workload.shape.paths, delay_ms)
    with Fixture(setting.programs.server, workload.hosts, "--delay", delay_ms) as fixture:
        urls = setting.write_list(workload, fixture.port)
        whole = setting.whole_run(workload, fixture.port).client("mirrorwarden probe, SQLite",
                                                                 *limits(workload))
        everybody = [whole]
        if with_engine:
            everybody += [clients.engine(setting.programs, urls, workload, *limits(workload)),
                          clients.bare_curl(setting.programs, urls, workload,
                                            name="bare libcurl: no run can be faster on one core")]
        costs = compare(everybody, fixture, setting.rounds if with_engine else 1)
    title = f"{workload.hosts:,} mirrors x {workload.shape.paths:,} paths, {delay_ms} ms"
    share, a_host = share_of_ideal(costs, whole, workload, delay_ms)
    lines = [f"### {title}; ideal {ideal:.2f} s", "", *cost_table(everybody, costs, ideal), "",
             ratio_aim(f"d: {title}: within {most} of the ideal for the {a_host or 0:.0f} requests "
                       "a host that it makes", share, lambda value: value <= most), ""]
    return lines, of(costs, whole, "peak_mb")


def row_d(setting):
    real = setting.smaller(REAL)
    lines = ["## d: many paths, many connections", ""]
    of_real, peak = measure_bound(setting, real, REAL_DELAY_MS, 1.2)
    lines += of_real
    larger = dataclasses.replace(
        real, shape=dataclasses.replace(real.shape, series=4 * real.shape.series))
    of_larger, larger_peak = measure_bound(setting, larger, REAL_DELAY_MS, 1.2, with_engine=False)
    lines += of_larger
    lines.append(ratio_aim("d: 4 times the paths within 1.2 times the memory",
                           ratio(larger_peak, peak), lambda value: value <= 1.2))
    lines.append("")
    for workload, delay_ms, most in CROWDS:
        of_crowd, _ = measure_bound(setting, setting.smaller(workload), delay_ms, most)
        lines += of_crowd
    return lines


def healthy_hosts_that_failed(run, costs, ill):
    """Mirrors that should have every index, and have not: by each round's report, and in
    the database that the last round left."""
    expected = run.workload.shape.paths
    healthy = {mirror_name(number) for number in range(ill, run.workload.hosts)}
    rows = [(mirror["name"], mirror["rows"])
            for cost in costs for mirror in json.loads(cost.output)["mirrors"]]
    with contextlib.closing(sqlite3.connect(run.url.removeprefix("sqlite:"))) as database:
        stored = dict(database.execute(
            "SELECT m.name, COUNT(r.bucket) FROM mirror m "
            "LEFT JOIN content_row r ON r.mirror = m.id GROUP BY m.id"))
    rows += [(name, stored.get(name, 0)) for name in healthy]
    return {name for name, count in rows if name in healthy and count != expected}


def row_e(setting):
    workload = setting.smaller(DAILY)
    connect_timeout_s = 10
    swallow, reset, drip = (max(1, workload.hosts * share // 100) for share in (5, 2, 1))
    ill = swallow + reset + drip
    modes = ["--swallow", 0, swallow, "--reset", swallow, swallow + reset, "--drip",
             swallow + reset, ill]
    flags = [*limits(workload), "--connect-timeout", connect_timeout_s, "--timeout",
             connect_timeout_s]
    asked = dataclasses.replace(workload, hosts=workload.hosts - ill).requests
    results = {}
    for name, options in (("all healthy", []), ("some ill", modes)):
        with Fixture(setting.programs.server, workload.hosts, "--delay", DAILY_DELAY_MS,
                     *options) as fixture:
            run = setting.whole_run(workload, fixture.port)
            client = run.client(f"mirrorwarden probe, SQLite, {name}", *flags)
            if options:
                client.requests, client.note = asked, "requests: those to healthy hosts, and some"
            results[name] = (run, client, compare([client], fixture, setting.rounds)[client.name])
    lines = [f"## e: as a, with {swallow} hosts that swallow every packet, {reset} that reset, "
             f"{drip} that drip; time limits {connect_timeout_s} s", ""]
    both = [client for _, client, _ in results.values()]
    lines += cost_table(both, {client.name: costs for _, client, costs in results.values()})
    run, _, costs = results["some ill"]
    if not costs or not results["all healthy"][2]:
        return [*lines, "", aim("e", None, False)]
    longer = median(costs, "wall_s") - median(results["all healthy"][2], "wall_s")
    failed = healthy_hosts_that_failed(run, costs, ill)
    return [*lines, "",
            aim("e: at most one connect timeout longer", f"{longer:.2f} s longer",
                longer <= connect_timeout_s),
            aim("e: not one healthy host failed", f"{len(failed)} did", not failed)]


def row_f(setting):
    workload = dataclasses.replace(setting.smaller(DAILY), scheme="https")
    plain = setting.smaller(DAILY)
    keys = make_certificates(setting.folder, workload.hosts)
    tls = ["--certificate", keys.certificate, "--key", keys.key]
    one_each = Workload(workload.hosts, Shape(1, 1, 1, 1), "https")
    with Fixture(setting.programs.server, workload.hosts, *tls) as fixture:
        urls = setting.write_list(one_each, fixture.port)
        handshakes = clients.bare_curl(setting.programs, urls, one_each, "--new-connections",
                                       "--ca-bundle", keys.bundle,
                                       name="bare libcurl: the handshakes and no more")
        all_costs = compare([handshakes], fixture, setting.rounds)
    with Fixture(setting.programs.server, plain.hosts, "--delay", DAILY_DELAY_MS) as fixture:
        over_http = setting.whole_run(plain, fixture.port).client("mirrorwarden probe, http",
                                                                  *limits(plain))
        all_costs |= compare([over_http], fixture, setting.rounds)
    with Fixture(setting.programs.server, workload.hosts, "--delay", DAILY_DELAY_MS,
                 *tls) as fixture:
        run = setting.whole_run(workload, fixture.port)
        run.config.write_text(f'[probe]\nca_bundle = "{keys.bundle}"\n')
        over_https = run.client("mirrorwarden probe, https, verified", *limits(workload))
        all_costs |= compare([over_https], fixture, setting.rounds)
    allowed = None
    if all_costs[handshakes.name] and all_costs[over_http.name]:
        allowed = of(all_costs, over_http) + of(all_costs, handshakes)
    connections = [cost.counters["connections"] for cost in all_costs[over_https.name]]
    return [f"## f: as a, over https; {workload.hosts * PER_HOST} connections", "",
            *cost_table([handshakes, over_http, over_https], all_costs), "",
            ratio_aim("f: within 1.2 of http and the handshakes",
                      ratio(of(all_costs, over_https), allowed), lambda value: value <= 1.2),
            aim("f: one handshake a connection, and no connection more",
                f"{max(connections):,} connections" if connections else None,
                bool(connections) and max(connections) <= workload.hosts * PER_HOST)]


# "a" stands for a and b: they are one list, asked in turns.
ROWS = {"a": rows_a_and_b, "c": row_c, "d": row_d, "e": row_e, "f": row_f, "g": row_g,
        "h": row_h, "i": row_i, "j": row_j}
