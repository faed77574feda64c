"""Row j: reports of workers, beside what the database itself commits."""

import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import time
import xmlrpc.client

from bench_clients import absent, sqlite_database
from bench_measure import CLIENT_CORES
from bench_postgres import postgres_database, postgres_note
from bench_service import CONNECTIONS, WRK_S, Service, wrk
from bench_table import table

# The service's own: it writes with so many connections at most.
STORES = 3
TIMES = ("2026-11-21T03:00:00Z", "2026-11-21T03:12:41Z")

POST = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "{content_type}"
wrk.headers["Authorization"] = "Bearer {token}"
wrk.body = [[{body}]]
"""

# What one report of a job writes, as the storage has it.
SCHEMA = """
CREATE TABLE script (id INTEGER PRIMARY KEY, name TEXT NOT NULL, host TEXT NOT NULL, runs INTEGER NOT NULL,
    UNIQUE (name, host));
CREATE TABLE script_activity (script INTEGER NOT NULL, number INTEGER NOT NULL, started BIGINT NOT NULL,
    completed BIGINT NOT NULL, PRIMARY KEY (script, number));
CREATE INDEX script_activity_by_completion ON script_activity (completed);
INSERT INTO script VALUES (1, 'probe', 'prober-1', 0), (2, 'probe', 'prober-2', 0), (3, 'probe', 'prober-3', 0);
"""
COUNT = "UPDATE script SET runs = runs + 1 WHERE id = {client} RETURNING runs"
ADD = "INSERT INTO script_activity VALUES ({client}, {number}, 1795230000000000, 1795230761000000)"


def program(setting, database, *words):
    """What the command prints, which must end well."""
    done = subprocess.run([setting.programs.mirrorwarden, "--database", database, *words], check=True, text=True,
                          capture_output=True, env={"PATH": os.environ["PATH"], "HOME": str(setting.folder)})
    return done.stdout


def commits_of_sqlite(_url, folder):
    """Commits a second of one connection: a write-ahead log, each commit on the disk before the next."""
    file = folder / "limit.sqlite"
    file.unlink(missing_ok=True)
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.executescript(SCHEMA)
    began, count = time.monotonic(), 0
    while time.monotonic() - began < WRK_S:
        connection.execute("BEGIN IMMEDIATE")
        [number] = connection.execute(COUNT.format(client=1)).fetchall()[0]
        connection.execute(ADD.format(client=1, number=number))
        connection.execute("COMMIT")
        count += 1
    speed = count / (time.monotonic() - began)
    connection.close()
    return speed


def commits_of_postgres(url, folder):
    """The same, by as many connections as the service has, each of its own row."""
    # Beside the tables of the service, which are called the same.
    beside = {**os.environ, "PGOPTIONS": "-c search_path=beside"}
    subprocess.run(["psql", "-X", "-q", "-d", url, "-c", "DROP SCHEMA IF EXISTS beside CASCADE", "-c",
                    "CREATE SCHEMA beside", "-c", SCHEMA], check=True, capture_output=True, env=beside)
    script = folder / "report.sql"
    script.write_text("\\set client :client_id + 1\nBEGIN;\n" + COUNT.format(client=":client") + " \\gset\n" +
                      ADD.format(client=":client", number=":runs") + ";\nCOMMIT;\n")
    done = subprocess.run(["pgbench", "-n", "-f", str(script), "-c", str(STORES), "-T", str(WRK_S), url],
                          check=True, text=True, capture_output=True, timeout=WRK_S + 60, env=beside,
                          preexec_fn=lambda: os.sched_setaffinity(0, CLIENT_CORES))
    return float(re.search(r"tps = ([\d.]+)", done.stdout)[1])


def requests(branch):
    """{what: (path, type, body)}"""
    names = ("probe", "prober-1", *TIMES)
    keys = ("name", "host", "started", "completed")
    activity = "{" + ", ".join(f'"{key}": "{value}"' for key, value in zip(keys, names)) + "}"
    stamps = [xmlrpc.client.DateTime(text.replace("-", "").rstrip("Z")) for text in TIMES]
    xml = "text/xml"
    return {
        "JSON: a job ran": ("/api/v1/script-activity", "application/json", activity),
        "XML-RPC: a job ran": ("/xmlrpc/scripts", xml,
                               xmlrpc.client.dumps((*names[:2], *stamps), "recordSuccess")),
        "JSON: a branch is begun": (f"/api/v1/branches/{branch}/mirror-start", "application/json", "{}"),
        "XML-RPC: a branch is begun": ("/xmlrpc/branch", xml, xmlrpc.client.dumps((branch,), "startMirroring")),
    }


def check(service, token, branch):
    """A fault of XML-RPC is status 200, too: one call of each kind must come to something."""
    url = service.url.replace("http://", f"http://worker:{token}@")
    if xmlrpc.client.ServerProxy(f"{url}/xmlrpc/branch").startMirroring(branch) is not True:
        raise RuntimeError("no branch is begun")
    stamps = [xmlrpc.client.DateTime(text.replace("-", "").rstrip("Z")) for text in TIMES]
    xmlrpc.client.ServerProxy(f"{url}/xmlrpc/scripts").recordSuccess("probe", "prober-1", *stamps)


def reports(setting, database, own, commits):
    """{what: medians of a second}; `commits` measures the database's own, which is called `own`."""
    program(setting, database, "database", "migrate")
    token = program(setting, database, "token", "create", "--for", "branch.report", "--for", "script.record",
                    "worker", "--expires", "1d").strip()
    program(setting, database, "branch", "add", "trunk", "https://git.example.org/trunk")
    speeds = {}
    with Service(setting.programs.mirrorwarden, database, setting.folder) as service:
        check(service, token, 1)
        for _ in range(setting.rounds):
            speeds.setdefault(own, []).append(commits(database, setting.folder))
            for what, (path, content_type, body) in requests(1).items():
                script = POST.format(content_type=content_type, token=token, body=body)
                speeds.setdefault(what, []).append(wrk(service.url + path, setting.folder, script))
    return {what: statistics.median(found) for what, found in speeds.items()}


def row_j(setting):
    if shutil.which("wrk") is None:
        return ["## j: reports of workers", "", f"Not measured: wrk {absent('wrk', 'wrk')}."]
    databases = {"SQLite": (sqlite_database(setting.folder), "its own commits, one connection", commits_of_sqlite)}
    if not postgres_note() and shutil.which("pgbench"):
        databases["PostgreSQL"] = (postgres_database, f"its own commits, {STORES} connections", commits_of_postgres)
    rows = []
    for name, (make, own, commits) in databases.items():
        speeds = reports(setting, make(), own, commits)
        rows += [[f"{name}, {what}", f"{speed:,.0f}", f"{speed / speeds[own]:.2f}"]
                 for what, speed in speeds.items()]
    return ["## j: reports a second, each answered after its commit", "",
            f"The service on one core, `wrk` ({CONNECTIONS} connections of one worker) on the other. A commit of the "
            "database's own writes the rows that the report of a job writes, and is on the disk before the next one of "
            "its connection begins.", "", *table(["what", "a second", "of its own"], rows)]
