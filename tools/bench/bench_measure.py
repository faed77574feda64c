"""Running one client at a time, and what it cost."""

import contextlib
import dataclasses
import json
import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

# The server on one core and the client on another, where there are two.
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORES = {CORES[0]}
CLIENT_CORES = {CORES[-1]}


@dataclasses.dataclass
class Cost:
    """One run of one client. `cpu_s` is user and system time of the process and of
    those that it waited for."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    requests: int
    counters: dict
    output: str

    @property
    def requests_per_second(self):
        return self.requests / self.wall_s

    @property
    def cpu_ms_per_1000(self):
        return 1e6 * self.cpu_s / self.requests if self.requests else float("nan")


class ClientFailed(Exception):
    pass


def use_client_core():
    os.sched_setaffinity(0, CLIENT_CORES)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def run_client(command, environment=None, statuses=(0,), limit_s=600):
    """Runs a command to its end; returns (wall, cpu, peak MB, standard output)."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.monotonic()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                 env=environment, preexec_fn=use_client_core)
        alarm = signal.signal(signal.SIGALRM, lambda *_: child.kill())
        signal.alarm(limit_s)
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except BaseException:
            child.kill()
            raise
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, alarm)
        wall = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if child.returncode not in statuses:
            words = err.read()[-2000:].decode(errors="replace")
            raise ClientFailed(f"{command[0]} ended with status {child.returncode}: {words}")
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out.read().decode(
            errors="replace")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Fixture:
    """A running fixture server; see fixture.hpp."""

    def __init__(self, program, hosts, *options, port=None):
        self.hosts = hosts
        self.port = port or free_port()
        self.process = subprocess.Popen(
            [program, "--port", str(self.port), "--hosts", str(hosts), *map(str, options)],
            preexec_fn=lambda: os.sched_setaffinity(0, SERVER_CORES))

    def __enter__(self):
        deadline = time.monotonic() + 10
        while True:
            try:
                self.ask("/counters")
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise ClientFailed("the fixture does not answer") from None
                time.sleep(0.02)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def ask(self, path):
        """What was counted; `/reset` then forgets it."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return json.load(answer)

    def wait_until_quiet(self):
        """Until the last client's connections are gone."""
        deadline = time.monotonic() + 20
        while self.ask("/counters")["connections_open"] > 0 and time.monotonic() < deadline:
            time.sleep(0.05)


@dataclasses.dataclass
class Client:
    """Something that asks for all URLs of a list. `prepare` runs before each
    measurement, and is not measured; it returns the command."""

    name: str
    prepare: object
    requests: int
    environment: dict = None
    statuses: tuple = (0,)
    note: str = ""
    missing: str = ""  # why it cannot be measured here


def measure(client, fixture):
    command = client.prepare()
    fixture.wait_until_quiet()
    fixture.ask("/reset")
    wall, cpu, peak, output = run_client(command, client.environment, client.statuses)
    counters = fixture.ask("/counters")
    return Cost(wall, cpu, peak, counters["requests"], counters, output)


def compare(clients, fixture, rounds):
    """Measures the clients in turns, so that what the machine does meanwhile hits all.
    Returns {name: [Cost, ...]}; those that cannot be measured have an empty list."""
    costs = {client.name: [] for client in clients}
    for number in range(rounds):
        for client in clients:
            if client.missing:
                continue
            try:
                cost = measure(client, fixture)
            except ClientFailed as failure:
                client.missing = f"failed: {' '.join(str(failure).split())[:160]}"
                continue
            costs[client.name].append(cost)
            print(f"  {number + 1}/{rounds} {client.name}: {cost.wall_s:.2f} s, "
                  f"{cost.requests} requests, {cost.cpu_ms_per_1000:.1f} ms/1k, "
                  f"{cost.peak_mb:.0f} MB", file=sys.stderr, flush=True)
    return costs


def median(costs, measure_name):
    return statistics.median(getattr(cost, measure_name) for cost in costs)


@contextlib.contextmanager
def step(title):
    began = time.monotonic()
    print(f"== {title}", file=sys.stderr, flush=True)
    yield
    print(f"   took {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
