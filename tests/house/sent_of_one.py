"""What the forms about one person send where all of it is right."""

import datetime as dt

#: Days to come that every form takes, whenever this runs.
SOON, LATER = (str(dt.datetime.now(dt.UTC).date() + dt.timedelta(days=n)) for n in (60, 64))

_SECTION = {"row_version": "1", "seen": "{}"}

_END = {"row_version": "1", "on": "2026-03-02", "back": "promises"}

_PROMISE = {
    "promiser": "us",
    "what": "Send the sample",
    "due_on": "2026-03-20",
    "owner": "0",
    "row_version": "1",
    "back": "",
}

_QUESTION = {
    "text": "May I film it?",
    "is_urgent": "y",
    "owner": "0",
    "row_version": "1",
    "back": "",
}

_FACT = {
    "kind": "passion",
    "text": "Bakes sourdough",
    "source": "told",
    "on_day": "3",
    "on_month": "2",
    "on_year": "2019",
    "is_yearly": "y",
    "known_on": "2026-01-05",
    "shelf_days": "365",
    "is_sensitive": "y",
    "visibility": "team",
    "row_version": "1",
}

_SEEN = {"row_version": "1", "back": "today"}

OF_ONE = {
    "owners.give": {"owner": "0", "row_version": "1"},
    "absences.add_of_person": {"first": SOON, "last": LATER, "why": "On tour"},
    "pauses.pause": {
        "until": SOON,
        "why": "On tour",
        "row_version": "1",
        "back": "funnel",
    },
    "pauses.resume": {"row_version": "1", "back": ""},
    "promises.add": {**_PROMISE, "visibility": "team", "interaction": "0"},
    "promises.change": _PROMISE,
    "promises.keep": _END,
    "promises.break_": _END,
    "promises.withdraw": _END,
    "promises.reopen": _END,
    "questions.ask": {
        **_QUESTION,
        "asked_on": "2026-03-02",
        "visibility": "team",
        "interaction": "0",
    },
    "questions.change": _QUESTION,
    "questions.hold": {**_END, "due_on": SOON},
    "questions.release": _END,
    "questions.answer": _END,
    "questions.drop": _END,
    "questions.reopen": _END,
    "ties.note": {"other": "1", "who": "", "joins": "knows", "note": "Met in Lyon"},
    "ties.drop": {"tie": "1"},
    "ties.admit": {"other": "1"},
    "facts.note": _FACT,
    "facts.edit": _FACT,
    "facts.confirm": _SEEN,
    "facts.end": _SEEN,
    "facts.restore": _SEEN,
    "facts.use": {"back": "today"},
    "facts.take_back": {"use": "1", "back": "today"},
    "gifts.give": {
        "item": "A banneton",
        "answers": "1",
        "note": "For her next loaf",
        "channel": "parcel",
        "happened_on": "2026-01-05",
        "is_confirmed": "y",
        "request_key": "",
    },
    "rhythms.save": {"level": "advanced", "ideal": "10", "worst": "20", "row_version": "1"},
    "pulses.take": {"pulse": "partner", "worked_on": "2026-01-05"},
    "newcomers.add": {
        "name": "Mira Okafor",
        "platform": "instagram",
        "handle": "mira.mends",
        "platform2": "",
        "handle2": "https://www.tiktok.com/@mira",
        "email": "mira@example.com",
        "phone": "+33 1 02 03 04 05",
        "country": "France",
        "language": "fr",
        "source": "Met at a fair",
        "lawful_basis": "consent",
        "is_another": "",
        "joins": "",
        "pulse": "partner",
        "worked_on": "2026-01-05",
    },
    "profile.save_facts": {
        **_SECTION,
        "name": "Mira Okafor",
        "archetype": "creator",
        "origin": "external",
        "country": "France",
        "city": "Lyon",
        "language": "fr",
        "further_languages": "English, es",
        "timezone": "Europe/Paris",
        "categories": "Repair",
        "bio": "Mends.",
    },
    "profile.save_terms": {
        **_SECTION,
        "do_not_contact": "",
        "preferred_channel": "email",
        "contact_ceiling": "2",
        "may_be_paid": "no",
        "may_be_paid_why": "Civil servant",
        "looks_for": "Tools",
        "business_model": "Workshops",
    },
    "profile.save_tier": {**_SECTION, "tier": "macro", "tier_reason": "Television"},
    "profile.save_basis": {**_SECTION, "source": "A fair", "lawful_basis": "consent"},
    "presence.add": {
        "handle": "https://www.instagram.com/mira",
        "email": "mira@example.com",
        "platform": "",
        "phone": "",
        "website": "",
        "address": "",
    },
    "presence.change_account": {
        "account": "1",
        "what": "rename",
        "handle": "mira",
        "why": "mistyped",
    },
    "presence.put_back": {"kind": "email", "value": "mira@example.com"},
    "presence.remove_contact": {"contact": "1"},
    "presence.add_tag": {"name": "Repair"},
    "presence.remove_tag": {"tag": "1"},
    "disclosure.show": {},
    "farewells.archive": {},
    "farewells.restore": {},
    "farewells.give_out": {},
    "farewells.erase": {"name": "x"},
}
