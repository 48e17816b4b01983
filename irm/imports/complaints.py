"""Why a file or a row is refused: stored as a code with parameters, shown as a sentence."""

from collections.abc import Mapping

from irm.errors import Refused
from irm.i18n import LazyText, _l

Params = Mapping[str, str | int]

#: One sentence for each code; the names in it are the code's parameters.
SENTENCES: dict[str, LazyText] = {
    # The file as a whole.
    "unreadable": _l("This file cannot be read: %(reason)s."),
    "not_a_file": _l("This cannot be read: it is a folder, a pipe or a device, not a file."),
    "empty": _l("This file is empty."),
    "blank": _l("This file holds only blank lines."),
    "too_large": _l("This file is larger than %(limit)s MB; split it and import the parts."),
    "workbook": _l(
        "This is an Excel workbook or a zip archive: save the sheet as CSV and import that file."
    ),
    "protected": _l(
        "This is an old Excel workbook or one protected by a password:"
        " open it, save the sheet as CSV and import that file."
    ),
    "pdf": _l("This is a PDF document, not a list: export the list as CSV and import that file."),
    "web_page": _l("This is a web page, not a list: download the list itself as CSV."),
    "binary": _l("This is not a text file: export the list as CSV and import that file."),
    "nul": _l("Line %(line)s holds characters that no text has; export the list again as CSV."),
    "long_line": _l("Line %(line)s is longer than a million characters; this is not a list."),
    "long_cell": _l(
        "Near line %(line)s a cell does not end; is a quotation mark missing or one too many?"
    ),
    "many_columns": _l("Row %(row)s has more than %(limit)s columns; this is not a list."),
    "no_rows": _l("This file has a line of headings but no rows below it."),
    "changed": _l("The file was changed while it was being imported; import it again."),
    # What is in it.
    "no_handle": _l(
        "This does not look like a list of influencers: no column holds the names or addresses"
        " of accounts. Its columns are: %(columns)s."
    ),
    "looks_like_posts": _l(
        "This looks like a list of posts; for now only lists of influencers can be imported."
    ),
    "looks_like_snapshots": _l(
        "This looks like figures of many days; for now only lists of influencers can be imported."
    ),
    "looks_like_ties": _l(
        "This looks like a list of who is tied to whom;"
        " for now only lists of influencers can be imported."
    ),
    "kind": _l("Files of kind %(kind)s cannot be imported yet; only lists of influencers can."),
    "no_platform": _l(
        "Which platform are these accounts on? Say it with --platform or in the form,"
        " or add a column named Platform."
    ),
    "platform": _l("There is no platform %(platform)s; choose one of %(platforms)s."),
    "day": _l(
        "%(day)s is not a day these figures can be from;"
        " write it as 2026-03-31, and not later than today."
    ),
    # One row.
    "no_account": _l("No account is named in this row."),
    "too_long": _l("The cell under %(column)s is longer than %(limit)s characters."),
    "unknown_platform": _l("%(platform)s is not a platform we know."),
    "many_cells": _l("This row has %(cells)s cells, the headings only %(headings)s."),
    "repeated": _l("Row %(row)s is about the same account and says the same."),
    "overruled": _l("Row %(row)s is about the same account and says otherwise; it was taken."),
    "handle_taken": _l(
        "The platform’s id says one account, the name %(handle)s another;"
        " nothing was changed. Compare the two people."
    ),
    "several_accounts": _l(
        "Several accounts were once named %(handle)s, and nothing tells which one is meant."
    ),
    "bad_figure": _l("Taken without what could not be read: %(cells)s."),
}


class Complaint(Refused):
    """A file or a row that cannot be taken, with the code and parameters that say why."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(LazyText(lambda: sentence(code, params)))
        self.code = code
        self.params = params

    def to_json(self) -> dict[str, object]:
        """Return it as a row of a batch keeps it."""
        return {"code": self.code, "params": self.params}


def sentence(code: str, params: Params) -> str:
    """Say in the reader's language why a file or a row was refused or noted."""
    return SENTENCES[code] % params
