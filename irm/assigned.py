"""What is open to whoever sees those alone who are assigned to her: closed by default.

A partner, somebody of an agency, works with the people she owns. Each of these addresses either
loads a row, which access.load() refuses unless it is of one of those; or asks with a `Reader` that
is narrowed to them; or tells of herself alone. A new address is closed to her until it stands here,
and a test tries each of them.
"""

_BY_BLUEPRINT: dict[str, str] = {
    # Who she is, and how she works.
    "settings": "index profile save_profile language",
    "letters": "index alone",
    "calendars": "show renew switch_off",
    "absences": "index save_working add of_person add_of_person show save end remove",
    "sign_in": "index change_password end end_others",
    "second_factor": "show begin confirm renew_codes switch_off",
    "auth": "sign_out",
    # Signed links of her mails.
    "act": "show ask_until ask_why keep snooze skip undo",
    # Her day, her board, her list.
    "today": "home index days",
    "funnel": "index more_cards",
    "board_facts": "show",
    "card_fields": "choose put",
    "changes": "show",
    "claims": "index decide accept_several undo_several",
    "promised": "index colleagues",
    "influencers": "index count lookup",
    "filtering": "choose put choose_columns put_columns",
    "views": "index tabs add save rename delete",
    "stages": "index show",
    # A person, and the relationship with them.
    "person": "show more_entries",
    "history": "show",
    "scores": "show",
    "resonance": "show",
    "profile": "facts save_facts terms save_terms tier save_tier basis save_basis",
    "presence": "show add change_account put_back remove_contact add_tag remove_tag",
    "moves": "move prove",
    "evidence": "show missing add remove",
    "guides": "show",
    "pulses": "show take",
    "pauses": "choose pause resume",
    "rhythms": "choose save",
    "interactions": "log log_line settle_outcome colleagues",
    "lines": "show",
    "amending": "show edit remove versions put_back",
    "facts": "show note choose edit confirm end restore use take_back",
    "promises": "of_one new add show change keep break_ withdraw reopen",
    "questions": "new ask show change hold release answer drop reopen",
    "asks": "show plan",
    "gifts": "choose give",
    "touchpoints": "plan complete snooze skip reopen bring_forward ask_what ask_until ask_why",
    "passing_on": "choose give give_back",
    "briefs": "show",
}

#: The endpoints.
OPEN = frozenset(
    f"{blueprint}.{name}" for blueprint, names in _BY_BLUEPRINT.items() for name in names.split()
)
