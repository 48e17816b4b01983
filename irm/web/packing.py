"""Pages over slow lines: packed where the browser asks for it.

Secrets beside echoed input in a packed page can be guessed by its size only by somebody who makes
the reader's browser ask for it again and again with the reader's cookie; SameSite=Lax, no CORS
and frame-ancestors 'none' let nobody do that.
"""

import gzip

from flask import Flask, Response, request

#: Below this, packing costs more than it saves: what is left of a network packet is wasted anyway.
SMALLEST = 1400

#: Of nine levels the one beyond which packing takes twice the time to save a tenth.
LEVEL = 3

PACKED = frozenset({"text/html", "application/json", "text/calendar"})


def init_app(app: Flask) -> None:
    """Pack what pages answer; the files of the front end were packed when they were built."""

    @app.after_request
    def pack(response: Response) -> Response:
        if response.mimetype not in PACKED:
            return response
        response.vary.add("Accept-Encoding")
        if (
            "gzip" not in request.headers.get("Accept-Encoding", "")
            or response.is_streamed
            or response.direct_passthrough
            or "Content-Encoding" in response.headers
            or response.calculate_content_length() in range(SMALLEST)
        ):
            return response
        response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        return response
