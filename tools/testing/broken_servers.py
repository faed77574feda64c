"""Mirrors whose files are whole, and whose server is not."""

import gzip
import socket

from archive import SIGNER
from broken_mirrors import BELOW, DAY, Case, copied
from ftp_archive import FtpArchive, now
from interrupted_sync import sync
from loopback_mirrors import Answer, LoopbackMirrors
from nginx import SilentServer, Site

PAGE = "<html><head><title>mirror.example is for sale</title></head><body>Buy this domain.</body></html>"


def saying(directives, *left_out):
    """An nginx that serves the harbour whole, but for what the directives say and what is left out."""
    def make(world, folder):
        sync(world.harbour.root, folder / BELOW, *(f"--exclude={pattern}" for pattern in left_out))
        return Site(directives=directives)
    return make


def captive_portal(world, _):
    page = Answer(200, (("Content-Type", "text/html"),), b"<html><body>Please accept our terms.</body></html>")
    portal = world.until_closed(LoopbackMirrors(lambda *_: page, ["127.0.51.1"]))
    return Site(directives=f"location / {{ return 302 {portal.url('/login', '127.0.51.1')}; }}")


def https(address, start, end, issuer="authority", host=None):
    """nginx at `address`, with a certificate between two days from now, for it or another `host`."""
    def make(world, folder):
        copied(world.harbour.root, folder)
        authority = getattr(world, issuer)
        return Site(address, certificate=authority.certificate(host or address, now() + start * DAY, now() + end * DAY))
    return make


def self_signed(world, folder):
    copied(world.harbour.root, folder)
    return Site(certificate=world.unknown_authority.self_signed)


def refused(_, folder):
    with socket.socket() as free:
        free.bind(("127.0.51.2", 0))
        return f"http://127.0.51.2:{free.getsockname()[1]}/{BELOW}/"


def no_such_name(_, folder):
    return f"http://no-such-mirror.invalid/{BELOW}/"


def silent(world, folder):
    return f"{world.until_closed(SilentServer('127.0.51.3')).url}{BELOW}/"


def hangs_up(world, _):
    return world.until_closed(LoopbackMirrors(lambda *_: Answer(raw=b""), ["127.0.51.13"])).url(f"/{BELOW}/", "127.0.51.13")


def lying(address, answer):
    """A server of the harbour's files that answers for an index of arm64 with `answer(method, content)`."""
    def make(world, folder):
        def respond(_, method, path):
            file = world.harbour.root / path.removeprefix(f"/{BELOW}/")
            if not file.is_file():
                return Answer(404)
            content = file.read_bytes()
            if "binary-arm64/Packages" in path:
                return answer(method, content)
            return Answer(200, (), content)

        server = world.until_closed(LoopbackMirrors(respond, [address]))
        return server.url(f"/{BELOW}/", address)
    return make


def closes_in_the_middle(method, content):
    if method == "HEAD":
        return Answer(200, (), content)
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(content)}\r\n\r\n".encode()
    return Answer(raw=head + content[: len(content) // 2])


def says_less(_, content):
    return Answer(200, (("Content-Length", str(len(content) - 100)),), content[:-100])


def gzip_again(_, content):
    return Answer(200, (("Content-Encoding", "gzip"),), gzip.compress(content, mtime=0))


def lies_to_head(method, content):
    return Answer(200, (), content if method == "HEAD" else content[: len(content) // 2])


def unpacked_by_proxy(world, folder):
    """A server that labels .gz as an encoding, and a proxy before it that takes the encoding off."""
    archive = FtpArchive(folder / "made", "harbour", forms=("", ".gz"))
    archive.add("buoy", "1.0", bulk=2000)
    archive.index()
    tree = copied(archive.root, folder)
    (tree / "dists/harbour/InRelease").write_bytes(world.keys.in_release(archive.release(), SIGNER))
    for file in tree.rglob("Packages"):  # Debian's mirrors have the compressed forms only, too
        file.unlink()

    def respond(_host, _method, path):
        file = tree / path.removeprefix(f"/{BELOW}/")
        if not file.is_file():
            return Answer(404)
        encoding = (("Content-Encoding", "gzip"),) if path.endswith(".gz") else ()
        return Answer(200, encoding, file.read_bytes())

    behind = world.until_closed(LoopbackMirrors(respond, ["127.0.51.8"]))
    return Site(directives=f"location / {{ proxy_pass {behind.url('', '127.0.51.8')}; gunzip on; }}")


CASES = (
    Case("nothing-there", "404 for everything", saying("location / { return 404; }"), "does not have a Release file",
         "release-missing", file="Release"),
    Case("maintenance", "503 for everything", saying("location / { return 503; }"), "503", "release-unanswered",
         file="InRelease"),
    Case("forbidden", "403 for everything", saying("location / { return 403; }"), "403", "release-unanswered",
         file="InRelease"),
    Case("parked", "A parked domain: 200 and a web page for everything",
         saying(f"location / {{ default_type text/html; return 200 '{PAGE}'; }}"), "Clearsigned file isn't valid",
         "not-an-archive"),
    Case("captive-portal", "A captive portal redirects everything to its login page", captive_portal,
         "Clearsigned file isn't valid", "release-unanswered", file="InRelease"),
    Case("web-page-for-missing",
         "The indexes of arm64 are missing, and the server answers 200 with a web page for what is missing",
         saying(f"location ~ binary-arm64 {{ default_type text/html; return 200 '{PAGE}'; }}"),
         "File has unexpected size", "not-an-archive", file="main/binary-arm64/Packages"),
    Case("served-as-html", "Nothing that counts: all files are served as text/html",
         saying("types { } default_type text/html;"), None, None, packages=("buoy",)),
    Case("gz-as-encoding", "Nothing that counts: the server labels .gz files with Content-Encoding: x-gzip, as an old Apache does",
         saying("location ~ [.]gz$ { add_header Content-Encoding x-gzip; }", "*.xz"), None, None, packages=("buoy",)),
    Case("gzip-again", "The server compresses the compressed indexes again", lying("127.0.51.4", gzip_again),
         "File has unexpected size", "torn-index", file="main/binary-arm64/Packages"),
    # It comes without a Content-Length: how much of it apt reads before it looks is chance.
    Case("unpacked-by-proxy", "A proxy unpacks Packages.gz on the way", unpacked_by_proxy,
         "Hash Sum mismatch|File has unexpected size", "torn-index", file="main/binary-amd64/Packages.gz"),
    Case("closes-in-the-middle", "The server closes in the middle of an index",
         lying("127.0.51.5", closes_in_the_middle), "reading from server|404", "index-unanswered", file="main/binary-arm64/Packages"),
    Case("says-less", "The Content-Length of an index, and what comes, is 100 bytes short",
         lying("127.0.51.6", says_less), "File has unexpected size", "torn-index", file="main/binary-arm64/Packages"),
    Case("lies-to-head", "HEAD has the right Content-Length, GET half of the file",
         lying("127.0.51.7", lies_to_head), "File has unexpected size", "torn-index", file="main/binary-arm64/Packages"),
    Case("redirect-loop", "Everything is redirected to itself", saying("location / { return 302 $request_uri; }"),
         "does not have a Release file", "release-unanswered", file="Release"),
    Case("refused", "Nobody listens at the port", refused, "Connection refused", "release-unanswered",
         file="InRelease"),
    Case("no-such-name", "The name does not resolve", no_such_name, "Could not resolve", "release-unanswered",
         file="InRelease"),
    Case("hangs-up", "The server closes without an answer", hangs_up, "Connection failed|reading from server",
         "release-unanswered", file="InRelease"),
    Case("silent", "The server accepts and says nothing", silent, "Connection failed", "no-answer", "unknown", file="InRelease",
         reason="Nothing came back to judge by: status 3, could not tell. A server that is far away, or a network of "
                "ours that is down, looks the same."),
    Case("good-certificate", "Nothing: https with a good certificate", https("127.0.51.9", -2, 30), None, None,
         packages=("buoy",)),
    Case("expired-certificate", "The certificate has expired", https("127.0.51.10", -30, -2), "certificate",
         "certificate-expired", file="InRelease"),
    Case("other-certificate", "The certificate is for another host", https("127.0.51.11", -2, 30, host="127.9.9.9"),
         "certificate", "certificate-wrong-host", file="InRelease"),
    Case("unknown-authority", "The certificate comes alone, and its issuer is not trusted: an intermediate may be missing",
         https("127.0.51.12", -2, 30, "unknown_authority"), "certificate", "chain-lacks-intermediate", file="InRelease"),
    Case("self-signed", "The certificate is self-signed", self_signed, "certificate", "certificate-untrusted",
         file="InRelease"),
)
