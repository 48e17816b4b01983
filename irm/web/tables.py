"""Short tables as CSV files, made while they are waited for."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, send_file

from irm.directory import spreadsheet
from irm.web.words import words


def sent(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> tuple[Response, int]:
    """A table as a file to be kept, named with today's date; and how many rows it has."""
    text = io.StringIO(newline="")
    count = spreadsheet.write_csv(text, headings, rows)
    # With its mark at the front, a spreadsheet reads the accents as they are.
    content = io.BytesIO(text.getvalue().encode("utf-8-sig"))
    file = f"{name}-{words().today.isoformat()}.csv"
    answer = send_file(content, "text/csv; charset=utf-8", as_attachment=True, download_name=file)
    return answer, count
