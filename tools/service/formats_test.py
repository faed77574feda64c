#!/usr/bin/env python3
"""What the service writes is what other programs read: JSON Schema, XML, Prometheus' promtool and apt."""

import datetime
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

from apt_client import AptClient, AptSource
from handmade_archive import HandmadeArchive, stanza
from loopback_mirrors import Answer, LoopbackMirrors
from mirrorwarden_testing import temporary_folder

ANSWERS = os.environ["SERVICE_ANSWERS"]
MONITORING = pathlib.Path(__file__).parent / "monitoring"
ATOM = "{http://www.w3.org/2005/Atom}"
METALINK = "{urn:ietf:params:xml:ns:metalink}"


def ask(*targets):
    """What the service says to each target, of the world that was made by hand."""
    done = subprocess.run([ANSWERS, *targets], capture_output=True, text=True, encoding="utf-8", timeout=60, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def body(target):
    answer = ask(target)[0]
    assert answer["status"] == 200, answer
    return answer["body"]


class OpenApi(unittest.TestCase):
    """Every path of the document, asked as the document says, answers as it says."""

    # A value for each parameter of a path, and what else is to be asked of it.
    PATHS = {
        "/api/v1/openapi.json": [""],
        "/api/v1/distributions": ["", "?x=1"],
        "/api/v1/distributions/{name}": ["debian", "ubuntu", "nowhere"],
        "/api/v1/distributions/{name}/propagation": ["debian?suite=sid", "debian?suite=potato", "debian"],
        "/api/v1/mirrors": ["", "?limit=2", "?fields=name,lag", "?limit=x", "?distribution=ubuntu"],
        "/api/v1/mirrors/{name}": ["near", "far", "off", "unprobed", "hostile", "nowhere"],
        "/api/v1/mirrors/{name}/history": ["near", "off?points=12", "unprobed", "nowhere", "near?points=1"],
        "/api/v1/mirrors/{name}/events": ["off", "hostile?limit=1", "nowhere", "off?kind=x"],
        "/api/v1/events": ["", "?limit=1", "?kind=disabled", "?country=XX"],
        # These need a database: the tests of the program have them.
        "/api/v1/mirrors/{name}/probes": [],
        "/api/v1/mirrors/{name}/probes/{probe}/log": [],
        "/api/v1/jobs": [],
    }

    @classmethod
    def setUpClass(cls):
        try:
            import jsonschema
        except ImportError as error:
            raise unittest.SkipTest("needs python3-jsonschema") from error
        cls.jsonschema = jsonschema
        cls.document = json.loads(body("/api/v1/openapi.json"))

    def test_the_document_says_what_it_is(self):
        self.assertRegex(self.document["openapi"], r"^3\.1\.")
        for schema in self.document["components"]["schemas"].values():
            self.jsonschema.Draft202012Validator.check_schema(schema)

    def test_it_has_the_paths_that_are_asked_here(self):
        read = {path for path, item in self.document["paths"].items() if "get" in item}
        self.assertEqual(read, set(self.PATHS))  # the changes: tools/mirrorwarden/changes_test.py

    def test_every_answer_is_as_its_schema_says(self):
        checked = set()
        for path, fillings in self.PATHS.items():
            for filling in fillings:
                name, _, query = filling.partition("?")
                target = path.replace("{name}", name) + (f"?{query}" if "?" in filling else "")
                with self.subTest(target):
                    self.check(path, ask(target)[0])
                    checked.add(path)
        self.assertEqual(len(checked), len(self.PATHS) - 3)

    def check(self, path, answer):
        responses = self.document["paths"][path]["get"]["responses"]
        self.assertIn(str(answer["status"]), responses)
        content = responses[str(answer["status"])]["content"]
        self.assertIn(answer["content_type"], content)
        schema = content[answer["content_type"]]["schema"]
        validator = self.jsonschema.Draft202012Validator(
            {**schema, "components": self.document["components"]},
            format_checker=self.jsonschema.FormatChecker(),
        )
        validator.validate(json.loads(answer["body"]))

    def test_a_key_too_many_would_be_seen(self):
        answer = ask("/api/v1/mirrors/near")[0]
        answer["body"] = json.dumps({**json.loads(answer["body"]), "whiteboard": "x"})

        with self.assertRaises(self.jsonschema.ValidationError):
            self.check("/api/v1/mirrors/{name}", answer)

    def test_every_parameter_is_taken(self):
        for path, item in self.document["paths"].items():
            for parameter in item.get("get", {"parameters": []})["parameters"]:
                if parameter["in"] != "query" or not self.PATHS[path]:
                    continue
                with self.subTest(path=path, parameter=parameter["name"]):
                    target = f"{path.replace('{name}', 'near')}?{parameter['name']}=~"
                    text = ask(target)[0]["body"]
                    self.assertNotIn("There is no parameter", text)


class Feeds(unittest.TestCase):
    """RFC 4287, sections 4.1.1 and 4.1.2: what a feed and an entry must have, once each."""

    def test_feeds_are_valid(self):
        for target in ("/feeds/all.atom", "/feeds/distribution/debian.atom", "/feeds/country/DE.atom",
                       "/feeds/mirror/off.atom", "/feeds/mirror/hostile.atom", "/feeds/distribution/ubuntu.atom"):
            with self.subTest(target):
                answer = ask(target)[0]
                self.assertEqual(answer["content_type"], "application/atom+xml; charset=utf-8")
                self.check(ElementTree.fromstring(answer["body"].encode()))

    def check(self, feed):
        self.assertEqual(feed.tag, f"{ATOM}feed")
        identities = [self.only(feed, "id")]
        self.only(feed, "title")
        self.check_date(self.only(feed, "updated"))
        self.assertEqual(len(feed.findall(f"{ATOM}author")), 1)
        self.assertEqual([link.get("rel") for link in feed.findall(f"{ATOM}link")], ["self"])
        for entry in feed.findall(f"{ATOM}entry"):
            identities.append(self.only(entry, "id"))
            self.only(entry, "title")
            self.check_date(self.only(entry, "updated"))
            content = entry.findall(f"{ATOM}content")
            self.assertEqual(len(content), 1)
            self.assertEqual(content[0].get("type"), "text")
            self.assertEqual(len(content[0]), 0)
        for identity in identities:
            self.assertRegex(identity, r"^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
        self.assertEqual(len(set(identities)), len(identities))

    def only(self, parent, name):
        found = parent.findall(f"{ATOM}{name}")
        self.assertEqual(len(found), 1, name)
        return found[0].text

    def check_date(self, text):
        self.assertIsNotNone(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).tzinfo)

    def test_an_entry_says_what_happened_and_why(self):
        feed = ElementTree.fromstring(body("/feeds/mirror/off.atom"))
        entry = feed.find(f"{ATOM}entry")

        self.assertEqual(entry.find(f"{ATOM}title").text, "off: Disabled")
        self.assertEqual(entry.find(f"{ATOM}content").text, "Disabled: nothing was there")
        self.assertEqual(entry.find(f"{ATOM}updated").text, feed.find(f"{ATOM}updated").text)


class OtherXml(unittest.TestCase):
    def test_a_metalink_can_be_read(self):
        link = ElementTree.fromstring(body("/debian/metalink?file=dists/sid/InRelease"))

        self.assertEqual(link.tag, f"{METALINK}metalink")
        urls = link.findall(f"{METALINK}file/{METALINK}url")
        self.assertEqual([url.get("priority") for url in urls], ["1", "2", "3", "4", "5"])
        self.assertEqual(urls[0].text, "http://far.example.org/debian/dists/sid/InRelease")

    def test_a_badge_can_be_read(self):
        for name in ("near", "hostile", "off"):
            badge = ElementTree.fromstring(body(f"/badge/{name}.svg"))
            self.assertEqual(badge.tag, "{http://www.w3.org/2000/svg}svg")


class Prometheus(unittest.TestCase):
    def setUp(self):
        if not shutil.which("promtool"):
            self.skipTest("needs promtool, of the package prometheus")

    def run_promtool(self, *arguments, text=""):
        return subprocess.run(["promtool", *map(str, arguments)], input=text, capture_output=True, text=True,
                              encoding="utf-8", timeout=60, check=False)

    def test_promtool_accepts_the_metrics(self):
        done = self.run_promtool("check", "metrics", text=body("/metrics"))

        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_promtool_accepts_the_alert_rules(self):
        done = self.run_promtool("check", "rules", MONITORING / "alerts.yml")

        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("SUCCESS", done.stdout)

    def test_a_job_that_no_host_runs_is_an_alert_and_one_that_another_host_runs_is_not(self):
        """Of 30 hours, a sample a minute: the clock of promtool begins with 1970."""
        folder = self.enterContext(temporary_folder())
        last_success = "mirrorwarden_script_last_success_timestamp_seconds"
        series = [("probe", "old-host", "0x1800"), ("probe", "prober-1", "7200x1800"),
                  ("archive-refresh", "prober-1", "0+60x1800"), ("pull", "puller-1", "0x1800")]
        late = {"script": "probe", "severity": "critical"}
        expected = [{"eval_time": "26h", "alertname": "JobDidNotRun", "exp_alerts": []},
                    {"eval_time": "29h", "alertname": "JobDidNotRun", "exp_alerts": [{
                        "exp_labels": late, "exp_annotations": {
                            "summary": "The job probe has not ended well for 1d 3h 0m 0s",
                            "description": "On no host: it failed, was switched off by the control file, or is not "
                                           "run at all. The page /jobs shows when each job ran."}}]}]
        test = {"rule_files": [str(MONITORING / "alerts.yml")], "evaluation_interval": "1m", "tests": [{
            "interval": "1m", "alert_rule_test": expected, "input_series": [
                {"series": f'{last_success}{{script="{script}",host="{host}"}}', "values": values}
                for script, host, values in series]}]}
        (folder / "test.yml").write_text(json.dumps(test))

        done = self.run_promtool("test", "rules", folder / "test.yml")

        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_rules_and_dashboard_ask_for_metrics_that_there_are(self):
        there = set(re.findall(r"^# TYPE (\S+)", body("/metrics"), re.MULTILINE))
        for name in ("alerts.yml", "dashboard.json"):
            asked = set(re.findall(r"\bmirrorwarden_\w+", (MONITORING / name).read_text()))
            self.assertTrue(asked)
            self.assertEqual(asked - there, set(), name)

    def test_the_dashboard_is_json(self):
        self.assertGreater(len(json.loads((MONITORING / "dashboard.json").read_text())["panels"]), 5)


class Apt(unittest.TestCase):
    """The real apt follows `mirror+http:` to the list, and its priorities, types and architectures."""

    HOSTS = {"far": "127.0.0.2", "near": "127.0.0.3", "late": "127.0.0.4", "hostile": "127.0.0.5", "primary": "127.0.0.6"}

    def setUp(self):
        self.folder = self.enterContext(temporary_folder())
        self.archive = HandmadeArchive(self.folder)
        self.addCleanup(self.archive.close)
        packages = {name: stanza(name, architecture=architecture, Size="3", SHA256=hashlib.sha256(b"deb").hexdigest())
                    for name, architecture in (("first", "amd64"), ("second", "arm64"))}
        entries = self.archive.put_index("sid", packages["first"])
        entries += self.archive.put_index("sid", packages["second"], "main/binary-arm64/Packages")
        now = datetime.datetime.now(datetime.timezone.utc)
        self.archive.put_release("sid", self.archive.release("sid", now, entries, Architectures="amd64 arm64"))
        self.broken = set()
        self.server = LoopbackMirrors(self.respond, addresses=("127.0.0.1", *self.HOSTS.values()))
        self.addCleanup(self.server.close)

    def respond(self, host, _method, path):
        if path == "/mirrorlist":
            return Answer(200, body=self.list().encode())
        name = path.removeprefix("/debian/")
        if host in self.broken:
            return Answer(503)
        if name.endswith(".deb"):
            return Answer(200, body=b"deb")
        return Answer(200, body=self.archive.files[name]) if name in self.archive.files else Answer(404)

    def list(self):
        """As the service says it, with its mirrors here."""
        text = body("/debian/mirrorlist")
        for name, address in self.HOSTS.items():
            text = re.sub(rf"https?://{name}\.example\.org/", f"http://{address}:{self.server.port}/", text)
        assert "example.org" not in text, text
        return text

    def run_apt(self, *packages):
        source = AptSource("mirror+" + self.server.url("/mirrorlist"), "sid", self.archive.keyring)
        client = AptClient(self.folder / "apt", source)
        done = client.update()
        self.assertFalse(done.has_failed, done.output)
        if packages:
            self.server.requests.clear()
        for package in packages:
            done = client.download(package)
            self.assertFalse(done.has_failed, done.output)
        return {(host, path) for host, path in self.server.requests if path != "/mirrorlist"}

    def hosts(self, requests, part):
        names = {address: name for name, address in self.HOSTS.items()}
        return {names[host] for host, path in requests if part in path}

    def test_indexes_come_from_a_fresh_mirror_that_has_the_architecture(self):
        asked = self.run_apt()

        self.assertEqual(self.hosts(asked, "InRelease"), {"near"})
        self.assertEqual(self.hosts(asked, "binary-arm64"), {"near"})
        self.assertEqual(self.hosts(asked, "/"), {"near"})

    def test_a_package_of_an_architecture_that_one_mirror_lacks_comes_from_another(self):
        asked = self.run_apt("first:amd64", "second:arm64")

        self.assertNotIn("far", self.hosts(asked, "second"))
        self.assertTrue(self.hosts(asked, "first"))

    def test_the_primary_answers_where_no_mirror_does(self):
        self.broken = {address for name, address in self.HOSTS.items() if name != "primary"}

        asked = self.run_apt("first:amd64")

        self.assertIn("primary", self.hosts(asked, "first"))


if __name__ == "__main__":
    unittest.main()
