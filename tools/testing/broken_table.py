"""Asks apt and us about every broken mirror, and writes the table that sets the two side by side."""

import concurrent.futures
import dataclasses
import json
import re

from apt_client import AptClient, AptSource

WORKERS = 2
# Only what differs from one run to the next; whoever reads the table sees one mirror.
SAME_EVERYWHERE = (
    (r"\[IP: [^]]*\]", ""),
    (r"(https?)://[^/\s'\"]+:\d+(?=[/\s'\"]|$)", r"\1://mirror.example"),
    (r"\b127\.0\.5\d\.\d+[: ]\d+", "mirror.example"),
    (r"\b127\.0\.5\d\.\d+\b", "mirror.example"),
    (r"/tmp/\S*?/state/lists", "/var/lib/apt/lists"),
    (r"/tmp/\S*?/([\w-]+\.gpg)", r"/usr/share/keyrings/\1"),
)


@dataclasses.dataclass
class Row:
    """One mirror, and what apt and we said of it."""

    case: object
    url: str
    apt: list  # of AptRun: the update, then each download as long as all went well
    status: int  # ours
    report: dict  # what `check --json` printed

    @property
    def apt_has_failed(self):
        return any(run.has_failed for run in self.apt)

    @property
    def apt_words(self):
        """What apt said, a message a line."""
        return "\n".join(message for run in self.apt for message in run.errors)

    @property
    def findings(self):
        return self.report["findings"]

    @property
    def main_finding(self):
        """The one that the case is about; else the worst."""
        wanted = [found for found in self.findings if found["rule"] == self.case.rule]
        return next(iter(wanted + self.findings), None)


def ask(world, cases, check):
    """Makes the mirrors of all cases and asks about each; `check(case, url)` returns our (status, report)."""
    urls = world.serve(cases)

    def ask_one(case):
        url = urls[case.name]
        source = AptSource(url, case.suite, world.keyring(case.signers), authority=world.authority.bundle)
        apt = AptClient(world.folder / "apt" / case.name, source)
        runs = [apt.update()]
        for package in case.packages:
            if not runs[-1].has_failed:
                runs.append(apt.download(package))
        return Row(case, url, runs, *check(case, url))

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(ask_one, cases))


def without_chance(text):
    """`text` without ports, folders and addresses that were chosen by chance."""
    for pattern, replacement in SAME_EVERYWHERE:
        text = re.sub(pattern, replacement, text)
    return " ".join(text.split())


def comparable(document):
    """The document without what differs each time that it is made: dates, sizes and digests, which of
    two architectures was asked for first, and apt's words, of which there are others in each version."""
    document = re.sub(r"<br>`[EW]: .*?`(?=<br>| \|)", "", document)
    document = re.sub(r"\b[0-9A-Fa-f]{8,}\b|\d+", "#", document)
    document = re.sub(r"\b[A-Z][a-z]{2}, # [A-Z][a-z]{2} #\b", "DATE", document)
    return re.sub(r"amd#|arm#", "ARCH", document)


def table(rows):
    """One section of the document."""
    lines = ["| the mirror | apt-get | mirrorwarden check |", "|---|---|---|"]
    lines += [f"| {cell(row.case.what)} | {apt_cell(row)} | {our_cell(row)} |" for row in rows]
    return "\n".join(lines)


def apt_cell(row):
    messages = [short(message) for run in row.apt for message in run.errors]
    # Of indexes that fail together apt says why of the first only, and it is not always the same.
    same = re.escape(row.case.file).replace("amd64", "a[mdr]+64").replace("arm64", "a[mdr]+64")
    told = [message for message in messages if re.search(same, message) and not re.search(r"Packages\.\wz$", message)]
    return f"{row.apt[-1].status}" + "".join(f"<br>{code(message)}" for message in (told or messages)[:2])


def short(message):
    """apt's message up to the list of hashes that it may end with."""
    return without_chance(re.split(r" Hashes of expected file:", message)[0])


def our_cell(row):
    found = row.main_finding
    if found is None:
        return f"{row.status} {row.report.get('verdict', '')}"
    parts = [f"{row.status} {found['severity']}, `{found['rule']}`: {cell(without_chance(found['summary']))}"]
    if found["answer"]:
        asked = f"{found['request']}: {found['answer']}"
        if found["expected"]:
            asked += f"; expected {found['expected']}"
        parts.append(cell(without_chance(asked)))
    if found["curl"]:
        parts.append(code(without_chance(found["curl"])))
    return "<br>".join(parts)


def cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


def code(text):
    return f"`{cell(text)}`".replace("&lt;", "<")


def parse_report(text):
    """What `check --json` printed; nothing found where it printed nothing."""
    return json.loads(text) if text else {"findings": []}
