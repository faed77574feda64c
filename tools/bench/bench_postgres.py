"""A PostgreSQL server of our own, set to lose nothing in a power cut, as users' are."""

import glob
import os
import pathlib
import subprocess
import sys

SERVER = "MIRRORWARDEN_TEST_POSTGRES"  # set by tools/testing/private-postgres
NAME = "mirrorwarden_bench"
STARTED = "MIRRORWARDEN_BENCH_STARTED"
TESTING = pathlib.Path(__file__).resolve().parents[1] / "testing"


def start_again_with_a_server():
    """Replaces this process by itself, where nothing that it starts outlives it and,
    if PostgreSQL is installed, with a server beside it."""
    if STARTED in os.environ:
        return
    os.environ[STARTED] = "yes"
    os.environ.pop(SERVER, None)
    server = [TESTING / "private-postgres"] if glob.glob("/usr/lib/postgresql/*/bin/initdb") else []
    command = [str(word) for word in (TESTING / "contained", *server, *sys.argv)]
    os.execv(command[0], command)


def psql(*statements):
    command = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", os.environ[SERVER]]
    for statement in statements:
        command += ["-c", statement]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


def make_durable():
    """The server's own defaults again: tests do without."""
    if SERVER in os.environ:
        psql(*(f"ALTER SYSTEM SET {name} = on"
               for name in ("fsync", "synchronous_commit", "full_page_writes")),
             "SELECT pg_reload_conf()")


def postgres_note():
    """Why there is nothing to measure; empty if there is."""
    return "" if SERVER in os.environ else "not installed (postgresql)"


def postgres_database():
    """The URL of a new, empty database."""
    psql(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)", f"CREATE DATABASE {NAME}")
    return os.environ[SERVER].replace("/postgres?", f"/{NAME}?", 1)
