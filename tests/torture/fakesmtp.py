"""A mail server that misbehaves on demand, in a process of its own.

    python fakesmtp.py SINK [GOOD_PEM BAD_PEM]

It prints its port, then obeys lines of JSON on stdin and answers each with one line:
{"do": "mode", "mode": NAME, "at": N}   from the N-th mail on, or at it, do as MODES says
{"do": "hold", "stage": "mail"|"data"}  keep the next one who comes there; {"held": …} tells of it
{"do": "release"}                       let them go on
What it takes after a dot is written to SINK and synced before it answers, one line of JSON each.
"""

import asyncio
import contextlib
import json
import os
import re
import ssl
import sys

#: The modes of the fault table, by number: where it happens, and what. Those of a connection last
#: until the next mode is set; of the others only 17 does, for a server that closes down.
MODES = {
    "well": (None, None),
    "1 refused": ("listen", None),
    "2 name not found": ("name", None),
    "3 certificate invalid": ("tls", "bad"),
    "4 no STARTTLS though required": ("tls", "none"),
    "5 greeting hangs": ("greeting", "hang"),
    "6 greeting drips": ("greeting", "drip"),
    "7 421 at greeting": ("greeting", "421 4.3.2 closing down"),
    "8 535 at AUTH": ("auth", "535 5.7.8 wrong password"),
    "9 450 at MAIL": ("mail", "450 4.3.0 later"),
    "10 452 at MAIL": ("mail", "452 4.3.1 no room"),
    "11 550 5.7.1 at MAIL": ("mail", "550 5.7.1 not you"),
    "12 451 at RCPT": ("rcpt", "451 4.3.0 later"),
    "13 550 5.1.1 at RCPT": ("rcpt", "550 5.1.1 no such user"),
    "14 550 5.7.1 at RCPT": ("rcpt", "550 5.7.1 not for you"),
    "15 452 at DATA": ("data", "452 4.3.1 no room"),
    "16 554 at DATA": ("data", "554 5.6.0 no"),
    "17 421 before the dot": ("rcpt", "421 4.3.2 closing down"),
    "18 451 after the dot": ("dot", "451 4.3.0 later"),
    "19 452 after the dot": ("dot", "452 4.3.1 no room"),
    "20 552 after the dot": ("dot", "552 5.3.4 too large"),
    "21 554 after the dot": ("dot", "554 5.7.1 spam"),
    "22 closed after the dot": ("taken", "close"),
    "23 silence after the dot": ("taken", "hang"),
    "24 garbage after the dot": ("taken", "well, hello there"),
    "quota": ("mail", "421 4.7.0 too many mails for now"),
}

CONNECTION = ("listen", "name", "tls", "greeting", "auth")
LASTING = ("17 421 before the dot", "quota")


class HangUp(Exception):
    """The connection ends here, without a word."""


class Server:
    """What the server is to do, and how many mails were begun since it was told so."""

    def __init__(self, sink: str, certificates: list[str]) -> None:
        self.sink = os.open(sink, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.contexts = [_context(path) for path in certificates]
        self.listener: asyncio.Server | None = None
        self.port = 0
        self.holds: str | None = None
        self.released = asyncio.Event()
        self.set_mode("well", 1)

    def set_mode(self, mode: str, at: int) -> None:
        self.mode, self.at, self.begun = mode, at, 0
        self.where, self.what = MODES[mode]

    async def listen(self) -> None:
        if self.listener is None:
            self.listener = await asyncio.start_server(
                self.meet, "127.0.0.1", self.port, limit=1 << 26
            )
            self.port = self.listener.sockets[0].getsockname()[1]

    def deafen(self) -> None:
        if self.listener is not None:
            self.listener.close()
            self.listener = None

    def is_now(self, where: str) -> bool:
        """Whether it is time to misbehave, at this step of a mail or of a connection."""
        if where != self.where:
            return False
        if where in CONNECTION:
            return self.at == 1 or self.begun >= self.at
        return self.begun >= self.at if self.mode in LASTING else self.begun == self.at

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, HangUp, asyncio.IncompleteReadError, ssl.SSLError):
            await Talk(self, reader, writer).run()
        with contextlib.suppress(OSError, ssl.SSLError):
            writer.close()

    def take(self, to: str, data: bytes) -> None:
        found = re.search(rb"^Message-ID: *(\S+)", data, re.MULTILINE | re.IGNORECASE)
        line = json.dumps({"id": found.group(1).decode() if found else "", "to": to})
        os.write(self.sink, line.encode() + b"\n")
        os.fsync(self.sink)


class Talk:
    """One connection."""

    def __init__(
        self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.is_encrypted = False
        self.to = ""

    async def say(self, *lines: str) -> None:
        *first, last = lines
        text = [f"{line[:3]}-{line[4:]}" for line in first] + [last]
        self.writer.write("".join(f"{line}\r\n" for line in text).encode())
        await self.writer.drain()

    async def run(self) -> None:
        await self.greet()
        while line := await self.reader.readline():
            verb = line.split()[0].upper().decode("ascii", "replace") if line.split() else ""
            if verb == "QUIT":
                await self.say("221 2.0.0 bye")
                return
            answer = getattr(self, f"on_{verb.lower()}", None)
            if answer is None:
                await self.say("502 5.5.1 what?")
            else:
                await answer(line.decode("utf-8", "replace").strip())

    async def greet(self) -> None:
        server = self.server
        if not server.is_now("greeting"):
            await self.say("220 fakesmtp")
        elif server.what == "hang":
            await self.reader.read()
            raise HangUp
        elif server.what == "drip":
            while not self.reader.at_eof():
                for byte in b"220-" + b"x" * 60 + b"\r\n":
                    self.writer.write(bytes([byte]))
                    await self.writer.drain()
                    await asyncio.sleep(0.05)
        else:
            await self.say(str(server.what))
            raise HangUp

    async def on_ehlo(self, _line: str) -> None:
        offers = ["250 fakesmtp", "250 8BITMIME", "250 AUTH PLAIN"]
        is_missing = self.server.is_now("tls") and self.server.what == "none"
        if self.server.contexts and not self.is_encrypted and not is_missing:
            offers.insert(1, "250 STARTTLS")
        await self.say(*offers)

    async def on_starttls(self, _line: str) -> None:
        good, bad = self.server.contexts
        await self.say("220 2.0.0 go ahead")
        await self.writer.start_tls(bad if self.server.is_now("tls") else good)
        self.is_encrypted = True

    async def on_auth(self, _line: str) -> None:
        await self.say(self.fault("auth") or "235 2.7.0 welcome")

    async def on_mail(self, _line: str) -> None:
        server = self.server
        server.begun += 1
        if server.where in CONNECTION and server.begun == server.at > 1:
            # The kept line is cut; whoever comes back meets the mode.
            if server.where == "listen":
                server.deafen()
            raise HangUp
        await self.wait("mail")
        await self.step("mail", "250 2.1.0 ok")

    async def on_rcpt(self, line: str) -> None:
        self.to = line.partition("<")[2].partition(">")[0]
        await self.step("rcpt", "250 2.1.5 ok")

    async def on_rset(self, _line: str) -> None:
        await self.say("250 2.0.0 ok")

    on_noop = on_rset

    async def on_data(self, _line: str) -> None:
        await self.wait("data")
        if fault := self.fault("data"):
            await self.say(fault)
            return
        await self.say("354 go")
        data = await self.reader.readuntil(b"\r\n.\r\n")
        if fault := self.fault("dot"):
            await self.say(fault)
            return
        # Where the answer goes astray the server has the mail: the worst case for a second copy.
        self.server.take(self.to, data)
        fault = self.fault("taken")
        if fault == "close":
            raise HangUp
        if fault == "hang":
            await self.reader.read()
            raise HangUp
        await self.say(fault or "250 2.0.0 taken")

    async def step(self, where: str, well: str) -> None:
        said = self.fault(where) or well
        await self.say(said)
        if said.startswith("421"):
            raise HangUp

    def fault(self, where: str) -> str | None:
        return self.server.what if self.server.is_now(where) else None

    async def wait(self, stage: str) -> None:
        if self.server.holds == stage:
            self.server.holds = None
            self.server.released.clear()
            tell({"held": stage})
            await self.server.released.wait()


def tell(what: dict) -> None:
    """Say a line on stdout."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _context(path: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


async def _obey(server: Server, order: dict) -> None:
    if order["do"] == "mode":
        server.set_mode(order["mode"], order.get("at", 1))
        if server.is_now("listen"):
            server.deafen()
        else:
            await server.listen()
    elif order["do"] == "hold":
        server.holds = order["stage"]
    elif order["do"] == "release":
        server.released.set()


async def main() -> None:
    server = Server(sys.argv[1], sys.argv[2:])
    await server.listen()
    tell({"port": server.port})
    orders = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(orders)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    while line := await orders.readline():
        await _obey(server, json.loads(line))
        tell({"ok": True})


if __name__ == "__main__":
    asyncio.run(main())
