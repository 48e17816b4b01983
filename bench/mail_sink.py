"""A mail server that takes everything at once and keeps nothing: `python -m bench.mail_sink`.

It prints its port, and runs in a process of its own, so that neither side waits for the other's
share of the interpreter.
"""

import socketserver


class Taker(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        """Say yes to everything, and read mails to their dot."""
        self._say(b"220 sink")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"QUIT":
                self._say(b"221 bye")
                return
            if word == b"DATA":
                self._say(b"354 go on")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
            self._say(b"250 ok")

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


class Server(socketserver.ThreadingTCPServer):
    """The server, on a port that is free."""

    daemon_threads = True


if __name__ == "__main__":
    with Server(("127.0.0.1", 0), Taker) as server:
        print(server.server_address[1], flush=True)  # whoever started it reads it
        server.serve_forever()
