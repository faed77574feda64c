"""Row g: rows written a second."""

import json
import statistics
import sys

from bench_clients import sqlite_database
from bench_input import Shape, Workload
from bench_measure import ClientFailed, run_client
from bench_postgres import postgres_database, postgres_note
from bench_table import aim, table

MIRRORS = Workload(450, Shape(series=5, pockets=5, components=4, architectures=15))

# As a run stores them: those that wait together, and one that waits alone.
MIRRORS_TOGETHER = 6
SOME = f"{MIRRORS_TOGETHER} mirrors a transaction"
ONE = "a transaction a mirror"


def row_g(setting):
    workload = setting.smaller(MIRRORS)
    catalog = setting.folder / "catalog.toml"
    workload.write_catalog(catalog, 80)
    programs = setting.programs
    databases = {"SQLite": sqlite_database(setting.folder)}
    if not postgres_note():
        databases["PostgreSQL"] = postgres_database
    limit_words = {"SQLite": "prepared inserts", "PostgreSQL": "COPY"}

    found = {}
    for _ in range(setting.rounds):
        for name, make in databases.items():
            limit = [programs.row_limits, "--rows", workload.requests]
            paths = workload.shape.paths
            commands = {
                f"{name}: {limit_words[name]}, {SOME}":
                    [*limit, "--rows-per-transaction", MIRRORS_TOGETHER * paths],
                f"{name}: {limit_words[name]}, {ONE}": [*limit, "--rows-per-transaction", paths],
                f"{name}: our storage, {SOME}":
                    [programs.store_rows, "--mirrors-per-transaction", MIRRORS_TOGETHER],
                f"{name}: our storage, {ONE}": [programs.store_rows],
            }
            for title, command in commands.items():
                arguments = [catalog] if command[0] == programs.store_rows else []
                words = [command[0], make(), *arguments, *command[1:]]
                try:
                    output = json.loads(run_client([str(word) for word in words])[3])
                except ClientFailed as failure:
                    print(f"  {title}: {failure}", file=sys.stderr)
                    continue
                found.setdefault(title, []).append(output["rows"] / output["seconds"])
                if "changed_seconds" in output:
                    found.setdefault(f"{title}, rows that replace others", []).append(
                        output["rows"] / output["changed_seconds"])
    medians = {title: statistics.median(speeds) for title, speeds in found.items()}

    lines = [f"## g: rows written; {workload.hosts} mirrors x {workload.shape.paths:,} rows", "",
             "Ours: with each probe's record and its log. In no line does a "
             "commit wait for the disk (SQLite: WAL, synchronous NORMAL; PostgreSQL: "
             "synchronous_commit off): the commit of a run's decisions does.",
             "", *table(["way", "rows/s"],
                        [[title, f"{speed:,.0f}"] for title, speed in medians.items()]), ""]
    for name in databases:
        for way in (SOME, ONE):
            ours = medians.get(f"{name}: our storage, {way}")
            limit = medians.get(f"{name}: {limit_words[name]}, {way}")
            share = ours / limit if ours and limit else None
            lines.append(aim(f"g: {name}: at least half of its own limit, {way}",
                             None if share is None else f"{share:.2f}", share and share >= 0.5))
    return lines
