"""Git repositories for tests, served by git's own daemon on loopback, and a server that takes
connections and never answers."""

import contextlib
import http.server
import os
import pathlib
import socket
import subprocess
import threading

ENVIRONMENT = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
               "LC_ALL": "C", "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
               "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org"}


def git(folder, *words):
    """What git prints in that folder."""
    done = subprocess.run(["git", *map(str, words)], cwd=folder, env=ENVIRONMENT, timeout=60, check=True,
                          stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


class Repository:
    """One with a branch `main` and a commit in it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        git(self.folder, "init", "--quiet", "--initial-branch=main")
        self.commit("first")

    def commit(self, text):
        """Another commit; returns it."""
        (self.folder / "file").write_text(text)
        git(self.folder, "add", "file")
        git(self.folder, "commit", "--quiet", "-m", text)
        return git(self.folder, "rev-parse", "HEAD")

    def git(self, *words):
        return git(self.folder, *words)


def refs(folder):
    """All refs of a repository, with what they are."""
    lines = git(folder, "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return dict(line.split() for line in lines)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as held:
        return held.getsockname()[1]


@contextlib.contextmanager
def git_daemon(folder):
    """Serves what is below the folder; yields the URL of its top."""
    port = free_port()
    process = subprocess.Popen(
        ["git", "daemon", "--listen=127.0.0.1", f"--port={port}", f"--base-path={folder}", "--export-all",
         "--reuseaddr", "--log-destination=none", folder], env=ENVIRONMENT, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        pause = threading.Event()
        for _ in range(1000):
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
            pause.wait(0.01)
        else:
            raise AssertionError("git daemon does not listen")
        yield f"git://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, 9)  # with the daemon below git
        process.wait()


@contextlib.contextmanager
def git_on_the_web(repository):
    """Serves it as plain files; yields its URL."""
    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=repository.folder / ".git")

        def log_message(self, *_):
            pass

    repository.git("update-server-info")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


class SilentServer:
    """Takes connections, says nothing, and knows how many there were."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"git://127.0.0.1:{self.listener.getsockname()[1]}/x"
        self.connections = []
        self.connected = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                self.connections.append(self.listener.accept()[0])
                self.connected.set()

    def close(self):
        self.listener.close()
        for connection in self.connections:
            connection.close()
