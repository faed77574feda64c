"""The real apt-get, with folders of its own: no root, and nothing of the machine's configuration."""

import dataclasses
import os
import pathlib
import re
import subprocess
import textwrap

RUN_SECONDS = 60


def apt_version():
    """Such as "2.6.1"."""
    return subprocess.check_output(["apt-get", "--version"], text=True).split()[1]


@dataclasses.dataclass
class AptRun:
    """How one run of apt-get ended."""

    status: int
    errors: list  # its lines that begin with E: or W:, without doubles
    output: str  # all that it said

    @property
    def has_failed(self):
        return self.status != 0


@dataclasses.dataclass
class AptSource:
    """The one archive that apt is told of."""

    url: str
    suite: str
    keyring: pathlib.Path
    components: tuple = ("main",)
    architectures: tuple = ("amd64", "arm64")
    authority: pathlib.Path | None = None  # certificates that apt trusts, instead of the machine's


class AptClient:
    """apt as a user of `source` has it; its lists and cache are in `folder`."""

    def __init__(self, folder, source):
        self.folder = pathlib.Path(folder).resolve()
        self.source = source
        for name in ("etc/apt.conf.d", "etc/preferences.d", "state/lists/partial", "cache/archives/partial", "log", "got"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "status").touch()
        (self.folder / "etc" / "sources.list").write_text(
            f"deb [signed-by={source.keyring}] {source.url} {source.suite} {' '.join(source.components)}\n"
        )
        self._configuration = self.folder / "apt.conf"
        self._configuration.write_text(self._settings())

    def update(self):
        """`apt-get update`; any index that it could not get makes it fail."""
        return self._run("update", "--option", "APT::Update::Error-Mode=any")

    def download(self, *packages):
        """`apt-get download` of packages that the last update knows."""
        return self._run("download", *packages)

    def _settings(self):
        source = self.source
        architectures = " ".join(f'"{name}";' for name in source.architectures)
        authority = f'Acquire::https::CAInfo "{source.authority}";\n' if source.authority else ""
        return authority + textwrap.dedent(f"""\
            Dir::Etc "{self.folder}/etc";
            Dir::State "{self.folder}/state";
            Dir::State::status "{self.folder}/status";
            Dir::Cache "{self.folder}/cache";
            Dir::Log "{self.folder}/log";
            APT::Architecture "{source.architectures[0]}";
            APT::Architectures {{ {architectures} }};
            APT::Sandbox::User "";
            Acquire::Languages "none";
            Acquire::Retries "0";
            Acquire::http::Timeout "3";
            Acquire::https::Timeout "3";
            """)

    def _run(self, *arguments):
        kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
        environment = {**kept, "HOME": str(self.folder), "APT_CONFIG": str(self._configuration), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            ["apt-get", "--quiet", *arguments], env=environment, cwd=self.folder / "got", timeout=RUN_SECONDS,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )
        output = done.stdout.decode(errors="replace")
        return AptRun(done.returncode, messages(output), output)


def messages(output):
    """What apt complains of, in its words: a message that goes on in indented lines is one."""
    found = re.findall(r"^([EW]: .*(?:\n[ \t]+.*)*)", output, re.MULTILINE)
    return list(dict.fromkeys(" ".join(text.split()) for text in found))
