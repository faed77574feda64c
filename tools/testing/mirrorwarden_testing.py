"""What tests of the mirrorwarden program share: running it, databases of their own.

Reads two environment variables, which CTest sets:
  MIRRORWARDEN                 the program
  MIRRORWARDEN_TEST_POSTGRES   a URL of a PostgreSQL server where databases may be made;
                               without it, tests on PostgreSQL are skipped

    from mirrorwarden_testing import ProgramTest, on_each_database

    @on_each_database
    class Listings(ProgramTest):
        def test_an_empty_database_lists_nothing(self):
            self.assertEqual(self.run_ok("mirror", "list", "--json").json(), [])
"""

import contextlib
import dataclasses
import json
import os
import pathlib
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

PROGRAM = os.environ.get("MIRRORWARDEN", "mirrorwarden")
POSTGRES = os.environ.get("MIRRORWARDEN_TEST_POSTGRES", "")


@dataclasses.dataclass
class Result:
    """How one run of the program ended."""

    status: int
    out: str
    err: str

    def json(self):
        """Standard output as JSON; objects keep their order."""
        return json.loads(self.out)


def clean_environment(home, **more):
    """The variables that a run sees: nothing of the user's own settings."""
    kept = {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH") if key in os.environ}
    kept.update({key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")})
    kept.update(HOME=str(home), LANG="C.UTF-8", TZ="UTC")
    kept.update({key: str(value) for key, value in more.items()})
    return kept


def run(arguments, home, database=None, stdin=None, env=None, timeout=60):
    """Runs the program to its end. `database` goes into MIRRORWARDEN_DATABASE."""
    variables = clean_environment(home, **(env or {}))
    if database is not None:
        variables.setdefault("MIRRORWARDEN_DATABASE", database)
    done = subprocess.run([PROGRAM, *map(str, arguments)], env=variables, timeout=timeout,
                          cwd=home, input=stdin if stdin is not None else "",
                          capture_output=True, text=True, encoding="utf-8")
    return Result(done.returncode, done.stdout, done.stderr)


def start(arguments, home, database=None, env=None, **options):
    """Starts the program and returns its Popen; for tests that signal or watch it."""
    variables = clean_environment(home, **(env or {}))
    if database is not None:
        variables.setdefault("MIRRORWARDEN_DATABASE", database)
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
               "text": True, "encoding": "utf-8"} | options
    return subprocess.Popen([PROGRAM, *map(str, arguments)], env=variables, cwd=home, **options)


@contextlib.contextmanager
def temporary_folder():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="mirrorwarden-test-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def psql(url, statement):
    """Runs one SQL statement; returns what it prints, unaligned and without headers."""
    done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url,
                           "-c", statement], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"psql: {done.stderr}")
    return done.stdout


@contextlib.contextmanager
def temporary_database(kind):
    """The URL of an empty database of `kind` ("sqlite", "postgresql"), gone afterwards."""
    if kind == "sqlite":
        with temporary_folder() as folder:
            yield f"sqlite:{folder}/mirrorwarden.sqlite"
        return
    name = f"mirrorwarden_test_{secrets.token_hex(6)}"
    psql(POSTGRES, f"CREATE DATABASE {name}")
    try:
        parts = urllib.parse.urlsplit(POSTGRES)
        # Not urlunsplit: it leaves out the "//" where there is no host.
        yield f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")
    finally:
        psql(POSTGRES, f"DROP DATABASE {name} WITH (FORCE)")


class ProgramTest(unittest.TestCase):
    """A test with an empty database (`database`) and an empty folder (`folder`, also HOME)."""

    database_kind = "sqlite"
    maxDiff = None

    def setUp(self):
        if self.database_kind == "postgresql" and not POSTGRES:
            self.skipTest("MIRRORWARDEN_TEST_POSTGRES names no server")
        with contextlib.ExitStack() as stack:
            self.folder = stack.enter_context(temporary_folder())
            self.database = stack.enter_context(temporary_database(self.database_kind))
            self.addCleanup(stack.pop_all().close)

    def run_program(self, *arguments, stdin=None, env=None, timeout=60):
        """Runs the program on this test's database, in this test's folder."""
        result = run(arguments, self.folder, self.database, stdin, env, timeout)
        if result.status < 0:
            self.fail(f"{arguments} died of {signal.Signals(-result.status).name}: {result.err}")
        return result

    def run_ok(self, *arguments, **options):
        """The same, and it must end well."""
        result = self.run_program(*arguments, **options)
        self.assertEqual(result.status, 0, f"{arguments}: {result.err}")
        return result

    def write(self, name, text):
        """Writes a file into the test's folder and returns its path."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def write_sql(self, statement):
        """Changes the database by one statement of SQL."""
        if self.database.startswith("sqlite:"):
            with contextlib.closing(sqlite3.connect(self.database.removeprefix("sqlite:"))) as database, database:
                database.execute(statement)
        else:
            psql(self.database, statement)

    def load(self, catalog):
        """Loads a catalogue given as TOML."""
        return self.run_ok("catalog", "load", self.write("catalog.toml", catalog))


def on_each_database(case):
    """Replaces a ProgramTest class by one for each kind of database."""
    module = sys.modules[case.__module__]
    for kind in ("sqlite", "postgresql"):
        name = f"{case.__name__}_{kind}"
        made = type(name, (case,), {"database_kind": kind, "__module__": case.__module__,
                                    "__qualname__": name, "__doc__": case.__doc__})
        setattr(module, name, made)
    return None
