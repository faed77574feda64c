#!/usr/bin/python3
"""Twenty workers in four processes, on two services of one database, get each due branch exactly once."""

import contextlib
import json
import subprocess
import sys
import unittest

from mirrorwarden_testing import on_each_database
from reporting import ReportingTest

BRANCHES = 100
PROCESSES = 4

# Five workers as anybody would write them, who begin together; prints what each of them got.
WORKERS = """
import json, sys, threading, xmlrpc.client

begun = threading.Barrier(5)
acquired = [[] for _ in range(5)]

def work(mine):
    with xmlrpc.client.ServerProxy(sys.argv[1]) as branches:
        begun.wait(60)
        while branch := branches.acquireBranchToPull():
            mine.append(branch)

workers = [threading.Thread(target=work, args=(mine,)) for mine in acquired]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
print(json.dumps(acquired))
"""


@on_each_database
class BranchWorkers(ReportingTest):
    def setUp(self):
        super().setUp()
        for number in range(BRANCHES):
            self.run_ok("branch", "add", f"due-{number}", f"https://git.example.org/{number}.git", "--request")

    def address(self, service, name):
        host, port = service.address
        return f"http://{name}:{self.token(name=name)}@{host}:{port}/xmlrpc/branch"

    def test_each_due_branch_is_acquired_exactly_once(self):
        with contextlib.ExitStack() as stack:
            services = [stack.enter_context(self.serving()) for _ in range(2)]
            processes = []
            for number in range(PROCESSES):
                address = self.address(services[number % 2], f"puller-{number}")
                process = subprocess.Popen([sys.executable, "-c", WORKERS, address], stdout=subprocess.PIPE, text=True)
                stack.callback(process.communicate)
                stack.callback(process.kill)
                processes.append(process)
            acquired = [branch for process in processes for worker in json.loads(process.communicate(timeout=120)[0])
                        for branch in worker]

        self.assertEqual(sorted(branch[2] for branch in acquired), sorted(f"due-{number}" for number in range(BRANCHES)))
        self.assertEqual(len({attempt for *_, attempt in acquired}), BRANCHES)
        self.assertEqual(self.sql("SELECT count(*), count(lease_end) FROM branch WHERE name LIKE 'due-%'"), [("100", "100")])


if __name__ == "__main__":
    unittest.main()
