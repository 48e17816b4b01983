"""A server of a protocol of lines, on a thread of its own, for one client after the other."""

import contextlib
import socket
import threading


class LineServer:
    """Listens on a port of this machine while its `with` lasts; what is said, `talk` says."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def talk(self, client: socket.socket) -> None:
        raise NotImplementedError

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                with client, contextlib.suppress(OSError):
                    client.settimeout(5)
                    self.talk(client)
