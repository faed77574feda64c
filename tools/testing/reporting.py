"""What the tests of reports share: a service with branches, and Python's own XML-RPC client."""

import contextlib
import http.client
import json
import sqlite3
import xmlrpc.client

from http_service import serving
from mirrorwarden_testing import ProgramTest, psql


class Bearer(xmlrpc.client.Transport):
    """Sends a token as programs that were written for us do."""

    def __init__(self, token):
        super().__init__()
        self.token = token

    def send_headers(self, connection, headers):
        super().send_headers(connection, [*headers, ("Authorization", f"Bearer {self.token}")])


class ReportingTest(ProgramTest):
    """A database with the branches `tree`, `import` and `far`, numbered 1, 2 and 3."""

    def setUp(self):
        super().setUp()
        self.make_database()
        for name, kind in (("tree", "MIRRORED"), ("import", "IMPORTED"), ("far", "REMOTE")):
            self.run_ok("branch", "add", name, f"https://git.example.org/{name}.git", "--type", kind)
        self.tokens = {}

    def make_database(self):
        """For who needs another one than each test has."""

    def sql(self, statement):
        """What one statement selects, as texts."""
        if self.database.startswith("sqlite:"):
            with contextlib.closing(sqlite3.connect(self.database.removeprefix("sqlite:"))) as database:
                return [tuple(str(value) for value in row) for row in database.execute(statement)]
        return [tuple(line.split("|")) for line in psql(self.database, statement).splitlines()]

    def token(self, scope="branch.report", name="puller-1"):
        if (scope, name) not in self.tokens:
            made = self.run_ok("token", "create", "--for", scope, name, "--expires", "1w")
            self.tokens[scope, name] = made.out.strip()
        return self.tokens[scope, name]

    def serving(self, *flags, **options):
        return serving(self.folder, self.database, "--no-access-log", *flags, **options)

    def proxy(self, service, path="/xmlrpc/branch", scope="branch.report", name="puller-1", **options):
        """Python's client as anybody would write it: the token is the password of the address."""
        host, port = service.address
        return xmlrpc.client.ServerProxy(f"http://{name}:{self.token(scope, name)}@{host}:{port}{path}",
                                         allow_none=True, **options)

    def post(self, service, path, fields=None, scope="branch.report", name="puller-1"):
        """A call of the JSON twin: its status, and its body."""
        connection = http.client.HTTPConnection(*service.address, timeout=30)
        try:
            connection.request("POST", path, json.dumps(fields or {}), {
                "Content-Type": "application/json", "Authorization": f"Bearer {self.token(scope, name)}"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def branch(self, name="tree"):
        """All that the program says of it."""
        return self.run_ok("branch", "show", name, "--json").json()
