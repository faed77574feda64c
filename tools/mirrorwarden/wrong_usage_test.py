#!/usr/bin/python3
"""What is wrong with words, flags and files: status 2, a sentence, nothing changed."""

import pathlib
import unittest

from mirrorwarden_testing import ProgramTest

TESTDATA = pathlib.Path(__file__).resolve().parents[2] / "testdata" / "acceptance"
ADD = ["mirror", "add", "--distribution", "ubuntu", "--owner", "a@example.org", "--country", "BR"]
URL = ["--http-url", "http://new.example.org/"]
BUCKET = ["freshness-urls", "valid-mirror", "--series", "warty", "--pocket", "RELEASE",
          "--component", "main"]

NOBODY = 'no mirror named "nobody"; '

# Why, the words, what standard error says.
CASES = [
    ("no command", [], "say which command"),
    ("group without a command", ["mirror"], "say which command after mirrorwarden mirror: list"),
    ("misspelt command", ["mirror", "lst"], 'did you mean "list"?'),
    ("no such command", ["frobnicate"], 'there is no command "frobnicate"'),
    ("command of another group", ["catalog", "enable"], 'there is no command "enable"'),
    ("unknown flag", ["mirror", "list", "--colour"], "--colour"),
    ("one word too many", ["mirror", "list", "extra"], "extra"),
    ("database without a value", ["mirror", "list", "--database"], "--database"),
    ("an empty database", ["mirror", "list", "--database", ""], "--database: the value is empty"),
    ("the same before the command", ["--database=", "mirror", "list"], "the value is empty"),
    ("an empty configuration", ["--config", "", "mirror", "list"], "--config: the value is empty"),
    ("unknown flag of no command", ["--jsn"], "there is no option --jsn;"),
    ("unknown flag before a command", ["--databse", "x", "mirror", "list"],
     "did you mean --database?"),
    ("unknown flag of a group", ["mirror", "--jsn"], "there is no option --jsn;"),
    ("unknown flag before what is missing", ["mirror", "disable", "valid-mirror", "--resaon", "x"],
     "there is no option --resaon; did you mean --reason?"),
    ("a flag's beginning", ["mirror", "add", "--dist", "debian"],
     "there is no option --dist; did you mean --distribution?"),
    ("a flag's beginning that two have", ["probe", "--max", "3"], "there is no option --max; see"),
    ("a flag of another command", ["probe", "--reason=x"], "there is no option --reason; see"),
    ("several unknown flags", ["probe", "--timout", "5", "--frce"],
     "no options --timout (did you mean --timeout?) and --frce (did you mean --force?);"),
    ("a letter", ["probe", "-f"], "there is no option -f;"),
    ("an unknown flag, and a value that looks like one",
     ["mirror", "disable", "valid-mirror", "--reason", "--why", "--quitely"],
     "there is no option --quitely;"),
    ("several words too many", ["mirror", "list", "one", "two"], "not expected: one two;"),
    ("configuration that is not there", ["--config", "/nonexistent", "mirror", "list"],
     "cannot read /nonexistent"),
    ("database without a file", ["--database", "sqlite:", "mirror", "list"], "names no file"),
    ("database of no known kind", ["--database", "mysql://x", "mirror", "list"], "sqlite:"),

    ("no file", ["catalog", "load"], "FILE is required"),
    ("no folder for the site", ["export-site"], "DIR is required"),
    ("file that is not there", ["catalog", "load", "/nonexistent.toml"],
     "cannot read /nonexistent.toml: No such file"),
    ("a folder for a file", ["catalog", "load", "/"], "Is a directory"),
    ("endless file", ["catalog", "load", "/dev/zero"], "longer than"),
    ("no publications file", ["publications", "import", "/nonexistent"], "cannot read"),

    ("list: unknown distribution", ["mirror", "list", "--distribution", "ubunto"], '"ubunto"'),
    ("list: unknown content", ["mirror", "list", "--content", "archive"], "ARCHIVE|RELEASE"),
    ("show: no name", ["mirror", "show"], "NAME is required"),
    ("show: unknown mirror", ["mirror", "show", "valid-miror"], 'did you mean "valid-mirror"?'),

    ("add: no distribution", ["mirror", "add", "x", *URL], "--distribution is required"),
    ("add: unknown distribution", [*ADD[:3], "debian", *ADD[4:], *URL], '"debian"'),
    ("add: no URL", ADD, "needs a URL"),
    ("add: only rsync", [*ADD, "--rsync-url", "rsync://x.example.org/y"], "needs a URL"),
    ("add: no owner", [*ADD[:4], "--country", "BR", *URL], "needs an owner"),
    ("add: no country", [*ADD[:6], *URL], "needs the country"),
    ("add: bad owner", [*ADD, *URL, "--owner", "nobody"], "--owner: "),
    ("add: bad country", [*ADD[:7], "XX", *URL], '--country: "XX" is no country'),
    ("add: bad speed", [*ADD, *URL, "--speed", "3M"], '"3M" is none of 128K'),
    ("add: bad status", [*ADD, *URL, "--status", "GOOD"], '"GOOD" is none of PENDING_REVIEW'),
    ("add: bad content", [*ADD, *URL, "--content", "ISO"], '"ISO" is none of ARCHIVE'),
    ("add: wrong scheme", [*ADD, "--http-url", "https://x.example.org/"], "--http-url: "),
    ("add: a password in a URL", [*ADD, "--http-url", "http://a:b@x.example.org/"], "--http-url: "),
    ("add: a query in a URL", [*ADD, "--http-url", "http://x.example.org/?a"], "--http-url: "),
    ("add: a port that there is not", [*ADD, "--http-url", "http://x.example.org:99999/"],
     "port is not between 1 and 65535"),
    ("edit: a port that there is not",
     ["mirror", "edit", "valid-mirror", "--https-url", "https://x.example.org:80443/"],
     "port is not between 1 and 65535"),
    ("check: a port that there is not",
     ["check", "http://127.0.0.1:80443/d/", "--suite", "warty"], "not between 1 and 65535"),
    ("add: not ftp", [*ADD, *URL, "--ftp-url", "x"], "--ftp-url: "),
    ("add: not rsync", [*ADD, *URL, "--rsync_url", "http://x"], "--rsync-url: "),
    ("add: not https", [*ADD, *URL, "--https-url", "http://x"], "--https-url: "),
    ("add: a URL that is taken", [*ADD, "--http-url", "http://localhost:11375/valid-mirror/"],
     "valid-mirror"),
    ("add: a name that is taken", [*ADD[:2], "valid-mirror", *ADD[2:], *URL], "valid-mirror"),
    ("add: no name for a mirror", [*ADD[:2], "Valid Mirror", *ADD[2:], *URL], "is no name"),
    ("add: control character", [*ADD, *URL, "--display-name", "a\nb"], "--display-name: "),
    ("edit: unknown mirror", ["mirror", "edit", "nobody", "--speed", "1G"], NOBODY),
    ("edit: nothing to change", ["mirror", "edit", "valid-mirror"], "say what to change"),
    ("edit: a URL that is taken",
     ["mirror", "edit", "invalid-mirror", "--http-url", "http://localhost:11375/valid-mirror"],
     "valid-mirror"),
    ("edit: status is for review", ["mirror", "edit", "valid-mirror", "--status", "BROKEN"],
     "--status"),
    ("review: no status", ["mirror", "review", "valid-mirror"], "--status is required"),
    ("review: unknown mirror", ["mirror", "review", "nobody", "--status", "BROKEN"], NOBODY),
    ("disable: no reason", ["mirror", "disable", "valid-mirror"], "--reason is required"),
    ("disable: empty reason", ["mirror", "disable", "valid-mirror", "--reason", ""], "say why"),
    ("disable: unknown mirror", ["mirror", "disable", "nobody", "--reason", "x"], NOBODY),
    ("enable: unknown mirror", ["mirror", "enable", "nobody"], NOBODY),
    ("disable: no plain reason", ["mirror", "disable", "valid-mirror", "--reason", "a\x07"], "no plain UTF-8"),
    ("probe: no place of a statsd", ["probe", "--statsd", "localhost"], '"localhost" is no place of a statsd; write a host'),
    ("archive: a port that there is not", ["archive", "refresh", "--statsd", "a:65536"], '"a:65536"'),
    ("token: no command", ["token"], "say which command after mirrorwarden token: create"),
    ("token create: for whom", ["token", "create", "alice", "--expires", "1d"], "--for is required"),
    ("token create: for nobody known", ["token", "create", "--for", "owner", "x", "--expires", "1d"],
     '"owner" is none of admin|mirror'),
    ("token create: no end", ["token", "create", "--for", "admin", "alice"], "--expires is required"),
    ("token create: no duration", ["token", "create", "--for", "admin", "alice", "--expires", "soon"],
     '--expires: "soon" is no duration'),
    ("token create: no time", ["token", "create", "--for", "admin", "alice", "--expires", "0d"],
     '--expires: "0d" is no duration'),
    ("token create: too long", ["token", "create", "--for", "admin", "alice", "--expires", "60w"],
     "more than a year"),
    ("token create: no login", ["token", "create", "--for", "admin", "owner of x", "--expires", "1d"],
     '"owner of x" is no login name'),
    ("token create: another's word", ["token", "create", "--for", "admin", "prober", "--expires", "1d"],
     "no admin can be called"),
    ("token create: no mirror", ["token", "create", "--for", "mirror", "--expires", "1d"],
     "needs the mirror's NAME"),
    ("token create: unknown mirror", ["token", "create", "--for", "mirror", "nobody", "--expires", "1d"], NOBODY),
    ("token create: all and more", ["token", "create", "--for", "admin", "--for", "script.record", "alice", "--expires", "1d"],
     "An admin's token is good for everything"),
    ("token create: a mirror's and a worker's",
     ["token", "create", "--for", "mirror.sync", "--for", "branch.report", "valid-mirror", "--expires", "1d"], "not both"),
    ("token create: no worker", ["token", "create", "--for", "branch.report", "--expires", "1d"], "needs the worker's NAME"),
    ("token create: a worker with another's name", ["token", "create", "--for", "script.record", "owner of x", "--expires", "1d"],
     '"owner of x" is no login name'),
    ("token create: sync of an unknown mirror", ["token", "create", "--for", "mirror.sync", "nobody", "--expires", "1d"], NOBODY),
    ("token revoke: no number", ["token", "revoke"], "ID is required"),
    ("token revoke: no such number", ["token", "revoke", "7"], "no token 7"),
    ("token revoke: a token", ["token", "revoke", "mw_7_00"], "ID"),
    ("probe: requested and named", ["probe", "--requested", "--mirror", "valid-mirror"], "say either that"),
    ("probe: requested and forced", ["probe", "--requested", "--force"], "say either that"),
    ("maintenance: no word of when", ["mirror", "maintenance", "valid-mirror"], "--until, or --end"),
    ("maintenance: both", ["mirror", "maintenance", "valid-mirror", "--end", "--until",
                           "2999-01-01"], "--until, or --end"),
    ("maintenance: no time", ["mirror", "maintenance", "valid-mirror", "--until", "tomorrow"],
     '"tomorrow" is no time'),
    ("maintenance: past", ["mirror", "maintenance", "valid-mirror", "--until", "2020-01-01"],
     "2020-01-01T00:00:00Z has passed"),
    ("maintenance: for ever", ["mirror", "maintenance", "valid-mirror", "--until", "2999-01-01"],
     "more than a year away"),
    ("maintenance: no name", ["mirror", "maintenance", "--end"], "NAME is required"),
    ("maintenance: unknown mirror", ["mirror", "maintenance", "nobody", "--end"], NOBODY),
    ("delete: unknown mirror", ["mirror", "delete", "nobody"], NOBODY),

    ("paths: unknown mirror", ["paths", "nobody"], NOBODY),
    ("paths: unknown series", ["paths", "valid-mirror", "--series", "hairy"], '"hairy"'),
    ("paths: unknown kind", ["paths", "valid-mirror", "--kind", "debs"], "packages|sources"),
    ("paths: kind of CD images", ["paths", "invalid-mirror", "--kind", "packages"], "--kind"),
    ("freshness: neither arch nor source", BUCKET, "--arch"),
    ("freshness: both", [*BUCKET, "--arch", "i386", "--source"], "--arch"),
    ("freshness: unknown arch", [*BUCKET, "--arch", "amd64"], "it has i386"),
    ("freshness: unknown series", [*BUCKET[:3], "woody", *BUCKET[4:], "--source"], '"woody"'),
    ("freshness: unknown pocket", [*BUCKET[:5], "release", *BUCKET[6:], "--source"],
     "RELEASE|SECURITY"),
    ("freshness: unknown component", [*BUCKET[:7], "mian", "--source"], '"mian"; it has main'),
    ("freshness: no time", [*BUCKET, "--source", "--when", "yesterday"], "2005-09-17T00:00:00Z"),
    ("freshness: no real day", [*BUCKET, "--source", "--when", "2005-02-30"], '"2005-02-30"'),
    ("freshness: no series", ["freshness-urls", "valid-mirror", "--source"], "is required"),

    ("archive: no command", ["archive"], "add, refresh, show"),
    ("archive add: no suite", ["archive", "add", "http://127.0.0.1:9/"], "--suite is required"),
    ("archive add: no URL", ["archive", "add", "--suite", "warty"], "URL is required"),
    ("archive add: a path", ["archive", "add", "/srv/archive", "--suite", "warty"], "URL: "),
    ("archive add: a password", ["archive", "add", "http://a:b@127.0.0.1:9/", "--suite", "warty"],
     "URL: "),
    ("archive add: a folder for a suite", ["archive", "add", "http://127.0.0.1:9/", "--suite", "../x"],
     '"../x" is no suite'),
    ("archive add: no keyring there", ["archive", "add", "http://127.0.0.1:9/", "--suite", "warty",
                                       "--signed-by", "/no/such.gpg"], "/no/such.gpg"),
    ("archive add: no name", ["archive", "add", "http://127.0.0.1:9/", "--suite", "warty", "--name",
                              "No Name"], "--name"),
    ("archive add: an empty architecture", ["archive", "add", "http://127.0.0.1:9/", "--suite", "warty",
                                            "--arch"], "--arch"),
    ("archive refresh: unknown", ["archive", "refresh", "ubuntoo"], '"ubuntoo"'),
    ("archive show: unknown", ["archive", "show", "ubuntoo"], '"ubuntoo"'),
    ("archive refresh: no archive", ["archive", "refresh"], "no distribution has a primary"),
    ("archive refresh: no time", ["archive", "refresh", "--timeout", "0"], "seconds from 0.001"),
    ("probe: content", ["probe", "--content", "ALL"], "ARCHIVE|RELEASE"),
    ("probe: unknown mirror", ["probe", "--mirror", "nobody"], NOBODY),
    ("probe: misspelt mirror", ["probe", "--mirror", "valid-miror"], 'did you mean "valid-mirror"?'),
    ("probe: no mirror", ["probe", "--mirror"], "--mirror"),
    ("probe: none at most", ["probe", "--max-mirrors", "0"], "from 1 to"),
    ("probe: no number", ["probe", "--max-parallel", "many"], '"many" is no whole number'),
    ("probe: too many", ["probe", "--max-parallel", "1000000"], "from 1 to 20000"),
    ("probe: negative", ["probe", "--max-parallel-per-host", "-1"], "--max-parallel-per-host"),
    ("probe: no time", ["probe", "--timeout", "0"], "seconds from 0.001"),
    ("probe: endless", ["probe", "--timeout", "inf"], "seconds from 0.001"),
    ("probe: no seconds", ["probe", "--connect-timeout", "10s"], '"10s"'),
    ("probe: no proxy", ["probe", "--proxy"], "--proxy"),
    ("probe: a scheme of no proxy", ["probe", "--proxy", "gopher://x"],
     "--proxy: no proxy is asked by that scheme"),
    ("probe: a proxy's port that there is not", ["probe", "--proxy", "http://127.0.0.1:99999"],
     "write http://HOST:PORT"),
    ("probe: the same where nobody is asked", ["probe", "--dry-run", "--proxy", "foo:bar"],
     "--proxy: "),
    ("check: no proxy",
     ["check", "http://127.0.0.1:9/", "--suite", "warty", "--proxy", "foo:bar"], "--proxy: "),
    ("archive add: no proxy",
     ["archive", "add", "http://127.0.0.1:9/", "--suite", "warty", "--proxy", "foo:bar"],
     "--proxy: "),
    ("archive refresh: no proxy", ["archive", "refresh", "--proxy", "foo:bar"], "--proxy: "),
    ("probe: twice on one output", ["probe", "--json", "--report"], "--json or --report, not both"),
    ("probe: a report of nothing asked", ["probe", "--dry-run", "--report"],
     "--dry-run asks nobody, so that there is nothing to --report"),
    ("probe: deep images", ["probe", "--content", "RELEASE", "--deep"], "--deep is for ARCHIVE"),
    ("policy: no command", ["policy"], "say which command after mirrorwarden policy: replay"),
    ("policy: no time", ["policy", "replay"], "--since is required"),
    ("policy: no such time", ["policy", "replay", "--since", "noon"], '"noon" is no time'),
    ("policy: a time to come", ["policy", "replay", "--since", "9000-01-01"], "in the future"),
    ("policy: unknown distribution",
     ["policy", "replay", "--since", "2020-01-01", "--distribution", "ubunto"], '"ubunto"'),
    ("policy: no value", ["policy", "replay", "--since", "2020-01-01", "--set", "never_below"],
     "--set: \"never_below\": write KEY=VALUE"),
    ("policy: unknown key", ["policy", "replay", "--since", "2020-01-01", "--set", "never_bellow=1"],
     'did you mean "never_below"?'),
    ("policy: unknown word",
     ["policy", "replay", "--since", "2020-01-01", "--set", 'disable_when=["tron"]'],
     'did you mean "torn"?'),
    ("log: unknown mirror", ["log", "nobody"], NOBODY),
    ("log: never probed", ["log", "valid-mirror"], "never probed"),
    ("log: never probed by then", ["log", "valid-mirror", "--at", "2020-01-01"], "never probed"),
    ("log: no time", ["log", "valid-mirror", "--at", "noon"], '"noon" is no time'),
    ("log: JSON of a text", ["log", "valid-mirror", "--json"], "only with --list"),
    ("log: both", ["log", "valid-mirror", "--list", "--at", "2020-01-01"], "--at and --list"),
    ("budget: unknown mirror", ["budget", "nobody"], NOBODY),
    ("budget: two mirrors", ["budget", "valid-mirror", "other"], "other"),
    ("outbox: no number", ["outbox", "retry", "x"], '"x" is no whole number'),
    ("outbox: no such mail", ["outbox", "retry", "7"], "7"),
    ("outbox: no such mail to discard", ["outbox", "discard", "7"], "7"),
    ("completion: of another shell", ["completion", "fish"], 'there is no command "fish"'),
]

# Why, the configuration, its line, what is said.
CONFIGURATIONS = [
    ("no TOML", "database = \n", 1, "not TOML"),
    ("unknown key", '# one\ndatabse = "x"\n', 2, 'did you mean "database"?'),
    ("unknown section", "[mial]\n", 1, "mial"),
    ("unknown mail key", '[mail]\nsmpt_url = "smtp://x"\n', 2, 'did you mean "smtp_url"?'),
    ("unknown probe key", "[probe]\nparallel = 1\n", 2, "parallel"),
    ("number for a text", "database = 1\n", 1, "text"),
    ("text for a section", 'mail = "x"\n', 1, "section"),
    ("no mail URL", '[mail]\nfrom = "a@example.org"\nsmtp_url = "http://x"\n', 3, "smtp://"),
    ("password in the mail URL", '[mail]\nfrom = "a@example.org"\nsmtp_url = "smtp://a:b@x"\n', 3,
     "password_file"),
    ("a port of mail that there is not",
     '[mail]\nfrom = "a@example.org"\nsmtp_url = "smtp://localhost:99999"\n', 3,
     "smtp://localhost:25"),
    ("port 0 of mail", '[mail]\nfrom = "a@example.org"\nsmtp_url = "smtp://x:0"\n', 3, "port"),
    ("mail to no host", '[mail]\nfrom = "a@example.org"\nsmtp_url = "smtps://:465"\n', 3,
     "smtp_url: "),
    ("a login without a password",
     '[mail]\nfrom = "a@example.org"\nsmtp_url = "smtp://x"\nuser = "me"\n', 4, "password_file"),
    ("a key of a section outside of it", 'ca_bundle = "/x"\n', 1,
     'unknown key "ca_bundle" here; it belongs in [probe] or [report]'),
    ("a key of another section", '[mail]\nmax_parallel = 3\n', 2, "it belongs in [probe]"),
    ("a key of no section in one", '[probe]\ndatabase = "sqlite:x"\n', 2,
     "it belongs before the first section"),
    ("no sender", '[mail]\nsmtp_url = "smtp://x"\n', 1, "from is missing"),
    ("bad sender", '[mail]\nfrom = "nobody"\n', 2, "from: "),
    ("starttls as a text", '[mail]\nstarttls = "yes"\n', 2, "true or false"),
    ("no proxy", '[probe]\nproxy = "foo:bar"\n', 2, "proxy: this is no address of a proxy"),
    ("too much at once", "[probe]\nmax_parallel = 0\n", 2, "from 1 to 20000"),
    ("fraction of a request", "[probe]\nmax_parallel_per_host = 1.5\n", 2, "whole number"),
    ("unknown report key", '[report]\nservce = "x"\n', 2, 'did you mean "service"?'),
    ("no time", "[probe]\ntimeout = -1\n", 2, "seconds"),
    ("seconds as a text", '[probe]\nconnect_timeout = "10"\n', 2, "seconds"),
]


class WrongUsage(ProgramTest):
    def setUp(self):
        super().setUp()
        self.run_ok("catalog", "load", TESTDATA / "catalog.toml")

    def everything(self):
        listed = self.run_ok("mirror", "list", "--json").json()
        return ([self.run_ok("mirror", "show", mirror["name"], "--json").json() for mirror in listed],
                self.run_ok("catalog", "show", "--json").json(),
                self.run_ok("outbox", "list", "--all", "--json").json())

    def check(self, result, told):
        self.assertEqual((result.status, result.out), (2, ""), result.err)
        self.assertTrue(result.err.startswith("mirrorwarden: "), result.err)
        self.assertIn(told, result.err)

    def test_wrong_words_end_with_status_2_and_change_nothing(self):
        before = self.everything()
        for why, words, told in CASES:
            with self.subTest(why):
                self.check(self.run_program(*words), told)
        self.assertEqual(self.everything(), before)

    def test_wrong_configurations_are_told_with_file_and_line(self):
        for why, text, line, told in CONFIGURATIONS:
            with self.subTest(why):
                file = self.write("config.toml", text)
                result = self.run_program("--config", file, "mirror", "list")
                self.check(result, told)
                self.assertIn(f"{file}:{line}: ", result.err)

    def test_a_wrong_proxy_of_the_environment_is_told_before_anybody_is_asked(self):
        asking = [["probe"], ["probe", "--dry-run"],
                  ["check", "http://127.0.0.1:9/", "--suite", "warty"],
                  ["archive", "add", "http://127.0.0.1:9/", "--suite", "warty"]]
        for words in asking:
            with self.subTest(words=words):
                self.check(self.run_program(*words, env={"http_proxy": "foo:bar"}),
                           "http_proxy of the environment: this is no address of a proxy")
        # A flag wins, and who asks nobody needs none.
        self.run_ok("probe", "--dry-run", "--proxy", "http://127.0.0.1:9",
                    env={"http_proxy": "foo:bar"})
        self.run_ok("mirror", "list", env={"http_proxy": "foo:bar"})


if __name__ == "__main__":
    unittest.main()
