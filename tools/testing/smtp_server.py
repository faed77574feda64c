#!/usr/bin/python3
"""A mail server on 127.0.0.1 for tests: keeps what it accepts, or misbehaves.

Usage: smtp_server.py PORTFILE MAILDIR [OPTIONS]

When it listens, it writes its port into PORTFILE and to standard output. Each
accepted message becomes MAILDIR/NNNN.eml: the envelope as "X-Envelope-From" and
"X-Envelope-To" headers, then the message byte for byte. Files appear whole.
"""

import argparse
import asyncio
import os
import pathlib
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


def write_whole(path: pathlib.Path, content: bytes) -> None:
    partial = path.with_name("." + path.name + ".part")
    partial.write_bytes(content)
    os.replace(partial, path)


class Keeper:
    """Answers as the options say."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.count = 0

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        if self.options.reject_sender:
            return f"{self.options.reject_sender} no mail from {address}"
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        code, *addresses = self.options.reject_recipient or [None]
        if code and (not addresses or address in addresses):
            return f"{code} no mail for {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.options.reject:
            return f"{self.options.reject} no such message wanted"
        self.keep(envelope)
        if self.options.close_after_data:
            server.transport.abort()
            await asyncio.Event().wait()
        if self.options.hang_after_data:
            await asyncio.Event().wait()
        return "250 OK, kept"

    def keep(self, envelope) -> None:
        self.count += 1
        head = f"X-Envelope-From: {envelope.mail_from}\r\n"
        head += "".join(f"X-Envelope-To: {address}\r\n" for address in envelope.rcpt_tos)
        write_whole(
            pathlib.Path(self.options.maildir) / f"{self.count:04}.eml",
            head.encode() + envelope.original_content,
        )


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A mail server on 127.0.0.1 for tests.")
    parser.add_argument("portfile")
    parser.add_argument("maildir")
    parser.add_argument("--reject", metavar="CODE", help="answer to each message")
    parser.add_argument("--reject-sender", metavar="CODE", help="answer to MAIL")
    parser.add_argument(
        "--reject-recipient", nargs="+", metavar=("CODE", "ADDRESS"), help="answer to RCPT"
    )
    parser.add_argument("--greet", metavar="CODE", help="say that for a greeting, and hang up")
    parser.add_argument("--close-after-data", action="store_true", help="keep, but say nothing")
    parser.add_argument("--hang-after-data", action="store_true", help="keep, then fall silent")
    parser.add_argument("--starttls", nargs=2, metavar=("CERT", "KEY"))
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"), help="from the first byte")
    parser.add_argument("--login", nargs=2, metavar=("USER", "PASSWORD"))
    return parser.parse_args()


def context_of(pair) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*pair)
    return context


def login_options(options: argparse.Namespace) -> dict:
    if not options.login:
        return {}

    def authenticate(server, session, envelope, mechanism, data):
        given = [data.login.decode(), data.password.decode()]
        return AuthResult(success=given == options.login, handled=False)

    return {"authenticator": authenticate, "auth_required": True, "auth_require_tls": False}


async def serve(options: argparse.Namespace) -> None:
    loop = asyncio.get_running_loop()
    keeper = Keeper(options)
    starttls = context_of(options.starttls) if options.starttls else None

    class Unwilling(asyncio.Protocol):
        def connection_made(self, transport):
            transport.write(f"{options.greet} mail.example is not at home\r\n".encode())
            transport.close()

    def session():
        if options.greet:
            return Unwilling()
        return SMTP(
            keeper,
            hostname="mail.example",
            tls_context=starttls,
            loop=loop,
            **login_options(options),
        )

    server = await loop.create_server(
        session, "127.0.0.1", 0, ssl=context_of(options.tls) if options.tls else None
    )
    port = server.sockets[0].getsockname()[1]
    write_whole(pathlib.Path(options.portfile), f"{port}\n".encode())
    print(port, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(read_options()))
