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
    "encoding": _l("There is no encoding %(encoding)s."),
    "separator": _l("A comma, a semicolon, a tab, a bar or a blank may part the cells."),
    "no_table": _l("There is no table %(number)s; this file has %(tables)s."),
    "no_heading_row": _l("There is nothing in row %(row)s that could be headings."),
    "many_tables": _l("This file has more than %(limit)s tables; split it and import the parts."),
    "archive": _l(
        "This is a zip archive but not an Excel workbook:"
        " unpack it, or save the sheet as XLSX or CSV."
    ),
    "damaged": _l(
        "This workbook is damaged: open it in a spreadsheet, save it anew as XLSX or CSV"
        " and import that file."
    ),
    "many_parts": _l(
        "This workbook has more than %(limit)s parts: save the sheet you need"
        " in a workbook of its own."
    ),
    "strange_parts": _l("This workbook has parts that no spreadsheet writes; it was not opened."),
    "entities": _l("This workbook has definitions in it that no list needs; it was not opened."),
    "macros": _l("This workbook has macros: save it as XLSX without macros and import that file."),
    "external_links": _l(
        "This workbook takes figures from other files: break the links, or save the sheet as CSV,"
        " and import that file."
    ),
    "unpacks": _l(
        "Unpacked, this file is larger than %(limit)s MB; split it and import the parts."
    ),
    "busy": _l("Other files are being read just now; send this one again in a minute."),
    "gave_up": _l(
        "Reading this file takes more memory than a list may, or it is damaged:"
        " open it in a spreadsheet, save the sheet as CSV and import that file."
    ),
    "too_slow": _l(
        "Reading this file takes longer than a list may; split it and import the parts."
    ),
    "open_card": _l("Card %(number)s does not end: the file was cut off; export it again."),
    "no_cards": _l("There is no business card in this file."),
    "not_records": _l("This is not a list of records: a JSON file must be a list of objects."),
    "bad_record": _l("Record %(number)s cannot be read; export the file again."),
    # What to know about a file that is taken.
    "mended": _l(
        "Bytes that do not fit the rest of the text: %(count)s. They were read as Windows"
        " writes them; check the names with accents."
    ),
    "lost": _l("Characters that could not be read and are shown as � now: %(count)s."),
    "changed": _l("The file was changed while it was being imported; import it again."),
    # What is in it.
    "no_handle": _l(
        "This does not look like a list of influencers: no column holds the names or addresses"
        " of accounts. Its columns are: %(columns)s."
    ),
    "looks_like_ties": _l(
        "This looks like a list of who is tied to whom: import it as a list of ties."
    ),
    "kind": _l("Files of kind %(kind)s cannot be imported yet."),
    "no_platform": _l(
        "Which platform are these accounts on? Say it with --platform or in the form,"
        " or add a column named Platform."
    ),
    "platform": _l("There is no platform %(platform)s; choose one of %(platforms)s."),
    "day": _l(
        "%(day)s is not a day these figures can be from;"
        " write it as 2026-03-31, and not later than today."
    ),
    "looks_like_deals": _l(
        "This looks like the deals of a sales team, not a list of influencers;"
        " irm does not keep deals."
    ),
    "looks_like_companies": _l(
        "This looks like the customers of a sales team, not a list of influencers;"
        " irm does not keep companies."
    ),
    "looks_like_products": _l(
        "This looks like a list of products; irm keeps people, their accounts and their posts."
    ),
    "looks_like_teams": _l(
        "This looks like a list of sales teams; colleagues are added under Settings."
    ),
    "looks_like_audience": _l(
        "This looks like figures of a page’s audience as Meta exports them; they name nobody."
        " Export the list of posts instead."
    ),
    "looks_like_days": _l(
        "This looks like one figure per day as Meta exports it; it names no account and no post."
        " Export the list of posts instead."
    ),
    "no_kind": _l("This looks like nothing that irm can import. Its columns are: %(columns)s."),
    "map": _l("The file of --map cannot be used: %(what)s is not as docs/guide.md describes it."),
    "map_field": _l("There is no field %(field)s; choose from %(fields)s."),
    "map_column": _l("The file has no column %(column)s."),
    # One row.
    "no_account": _l("No account is named in this row."),
    "too_long": _l("The cell under %(column)s is longer than %(limit)s characters."),
    "unknown_platform": _l("%(platform)s is not a platform we know."),
    "many_cells": _l("This row has %(cells)s cells, the headings only %(headings)s."),
    "unknown_owner": _l(
        "Taken without an owner: %(owner)s is neither the address of somebody who works for this"
        " brand nor a name that only one of them has."
    ),
    "repeated": _l("Row %(row)s is about the same person or account and says the same."),
    "overruled": _l(
        "Row %(row)s is about the same person or account and says otherwise; where they differ,"
        " that row was taken."
    ),
    "handle_taken": _l(
        "The platform’s id says one account, the name %(handle)s another;"
        " nothing was changed. Compare the two people."
    ),
    "handle_reused": _l(
        "%(handle)s was once the name of another account, whose id is another;"
        " nothing was changed. Compare the two people."
    ),
    "handle_disputed": _l(
        "The name %(handle)s is, or was, that of another account. This one was kept by its id;"
        " decide whose the name is now."
    ),
    "two_people": _l(
        "This row speaks of two people who are here, %(one)s and %(other)s; nothing was changed."
    ),
    "two_people_unseen": _l(
        "This row speaks of two people who are here, one of them only with another brand;"
        " nothing was changed."
    ),
    "several_accounts": _l(
        "Several accounts were once named %(handle)s, and nothing tells which one is meant."
    ),
    "bad_figure": _l("Taken without what could not be read: %(cells)s."),
    "nobody": _l("This row names neither an account nor an e-mail address nor a phone number."),
    "no_day_column": _l(
        "No column says which day the figures are of. The columns are: %(columns)s."
    ),
    "bad_own": _l("What stands under %(column)s is not as irm exports it."),
    "contact_taken": _l(
        "Taken without %(contact)s, which is how %(name)s is reached; one address reaches one"
        " person."
    ),
    "contact_taken_unseen": _l(
        "Taken without %(contact)s, which reaches somebody whom another brand knows."
    ),
    "shared": _l(
        "%(contact)s is how %(name)s is reached, and nothing else in this row tells the two apart."
    ),
    "shared_unseen": _l(
        "%(contact)s reaches somebody whom another brand knows, and nothing else in this row tells"
        " the two apart."
    ),
    "possible_twin": _l("This may be %(name)s, who is here already; compare the two people."),
    "erased": _l("This person was erased at their own wish, and is not taken in again by a list."),
    "day_order": _l(
        "Does %(example)s under %(column)s begin with the day or with the month? Both are possible."
    ),
    # Posts.
    "no_posts": _l(
        "This does not look like a list of posts: no column holds their text, address or number."
        " Its columns are: %(columns)s."
    ),
    "no_owner": _l(
        "Whose posts are these? Say it with --account or in the form,"
        " or add a column named Account username."
    ),
    "no_post": _l("This row has neither text nor address nor number of a post."),
    "sum_row": _l("This row sums up the others; it is no post."),
    # Ties.
    "no_ties": _l(
        "This does not look like a list of ties: it takes two columns, one for who reaches and one"
        " for who is reached. Its columns are: %(columns)s."
    ),
    "many_ties": _l(
        "This file has more than %(limit)s ties, which is more than irm measures; split it and"
        " import the part that matters to you."
    ),
    "many_nodes": _l(
        "The list of accounts has more than %(limit)s rows; keep those that the ties speak of."
    ),
    "no_nodes": _l(
        "The second file names no accounts: it needs the number that the ties use, and a handle or"
        " a platform’s id. Its columns are: %(columns)s."
    ),
    "nodes_apart": _l(
        "The two files do not belong together: none of the first ties’ ends stands in the list of"
        " accounts."
    ),
    "no_end": _l("This row names only one account, or none."),
    "no_node": _l("%(number)s stands in no row of the list of accounts."),
    "name_alone_end": _l(
        "“%(name)s” is a name, and by a name alone nobody is found; give the account."
    ),
    "long_end": _l("An account, an id or a name in this row is longer than %(limit)s characters."),
    "bad_weight": _l("%(cell)s is no weight: a number above 0 is needed."),
    "self_loop": _l("This row ties an account to itself: the account was noted, the tie was not."),
    "added_up": _l("Row %(row)s is about the same tie; what the two weigh was added up."),
    "tie_kind": _l("There is no kind of tie %(kind)s; choose one of %(kinds)s."),
    # One row of a history: exchanges, touchpoints, relationships, moves.
    "no_person_column": _l(
        "No column says who the rows are about: an account, an e-mail address or our own number"
        " is needed. The columns are: %(columns)s."
    ),
    "no_column": _l("No column holds what irm calls %(field)s. The columns are: %(columns)s."),
    "no_person": _l("This row does not say who it is about."),
    "name_alone": _l(
        "This row gives but a name, and by a name alone nobody is found;"
        " add the account or the e-mail address."
    ),
    "not_here": _l("Nobody here has this account or address; import the influencers first."),
    "several_people": _l(
        "Several people have an account named %(handle)s; add the platform to the row."
    ),
    "no_text": _l("This row says neither what happened nor how."),
    "no_stage": _l("This row names no stage of the funnel."),
    "not_yet": _l("This has not happened yet; plan it as a touchpoint."),
    "too_far": _l("This day is more than three years ahead."),
    "bad_tags": _l("The tags of this row cannot be read; put semicolons between them."),
    "bad_tag": _l("Taken without %(tag)s, which cannot be a tag."),
    "no_colleague": _l("Taken without colleagues who are not known here: %(emails)s."),
    "owner_instead": _l(
        "Nobody here has the address %(emails)s: whoever looks after the person, or else brought"
        " the list, has the touchpoint."
    ),
    "no_campaign": _l("Taken without the campaign %(name)s, which is not there."),
    "ask_as_talk": _l("Taken as a talk: an ask is thought through in the ask form of the person."),
    "ask_as_talk_without": _l(
        "Taken as a talk, as an ask is thought through in the ask form, and without what is not"
        " known or cannot be read: %(cells)s."
    ),
    "ask_kept": _l("Taken as the ask it was; the gate looks at it when it is logged."),
    "ask_stays": _l("An ask is not opened by a list: this touchpoint stays as it is."),
    "no_day": _l("This row has no day that can be read."),
    "bad_day": _l("%(day)s cannot be read as a day."),
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
