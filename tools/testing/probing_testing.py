"""What tests share that run whole probes: mirrors on loopback, and a mail server."""

import contextlib
import dataclasses
import email
import email.policy
import pathlib
import subprocess
import sys
import tempfile
import time

import mirrorwarden_testing
from mirrorwarden_testing import ProgramTest

SMTP_SERVER = pathlib.Path(__file__).with_name("smtp_server.py")


@dataclasses.dataclass
class MailServer:
    """A real SMTP server that keeps what it accepted."""

    folder: pathlib.Path
    config: str  # a configuration file that sends mail there

    def messages(self):
        """What was accepted, in the order of arrival, as email.message.EmailMessage."""
        files = sorted(self.folder.glob("*.eml"))
        return [email.message_from_bytes(f.read_bytes(), policy=email.policy.default) for f in files]


class ProbingTest(ProgramTest):
    """A ProgramTest with shorter words for what probing tests do all the time."""

    def json(self, *arguments, **options):
        """What a command that ends well prints as JSON."""
        return self.run_ok(*arguments, "--json", **options).json()

    def refused(self, status, *arguments):
        """The command ends with `status` and one sentence on standard error."""
        result = self.run_program(*arguments)
        self.assertEqual(result.status, status, f"{arguments}: {result.err}")
        self.assertTrue(result.err.startswith("mirrorwarden: "), result.err)
        return result

    def start(self, *arguments, env=None, **options):
        """The program under way, its output thrown away; for tests that kill it."""
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | options
        return mirrorwarden_testing.start(arguments, self.folder, self.database, env, **streams)

    @contextlib.contextmanager
    def mail_server(self, *options):
        """A MailServer for the length of a `with`; `options` as smtp_server.py has them."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="mail-", dir=self.folder))
        port_file = folder / "port"
        server = subprocess.Popen(
            [sys.executable, "-B", str(SMTP_SERVER), str(port_file), str(folder), *options],
            stdout=subprocess.DEVNULL,
        )
        try:
            deadline = time.monotonic() + 20
            while not port_file.exists():
                if server.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the SMTP server did not start")
                time.sleep(0.02)  # there is no event to wait for: the file is the sign
            port = int(port_file.read_text())
            config = self.write(
                "mail.toml", f'[mail]\nsmtp_url = "smtp://127.0.0.1:{port}"\nfrom = "warden@example.org"\n'
            )
            yield MailServer(folder, str(config))
        finally:
            server.terminate()
            server.wait(10)
