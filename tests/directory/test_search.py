"""Finding people by part of a name, a handle or a note: alike on both databases."""

import make
import pytest
from sqlalchemy import delete, select

from irm.directory import excerpts, people, reindexing, search
from irm.directory.sorting import Sort
from irm.funnel import interactions
from irm.funnel.interactions import Exchange
from irm.models import ContactPoint, Post, Relationship, SearchEntry, Visibility


@pytest.fixture
def acme(saved):
    return saved(make.brand(name="Acme"))


@pytest.fixture
def add(session, saved, acme):
    def add(name, handle=None, brand=acme):
        card = saved(make.relationship(name=name, brand=brand))
        entries = [
            {
                "influencer_id": card.influencer_id,
                "source": "name",
                "source_id": card.influencer_id,
                "text": name,
            }
        ]
        if handle:
            account = saved(make.account(influencer=card.influencer, handle=handle))
            entries.append({**entries[0], "source": "handle", "source_id": account.id})
            entries[1]["text"] = handle
        search.index_entries(session, entries)
        session.commit()
        return card

    return add


def found(session, brand, query, user_id=0, reads_private=False):
    reader = search.Reader(brand.id, user_id, reads_private)
    rows = session.execute(people.lookup(session, query, reader))
    return [row.name for row in rows]


@pytest.mark.parametrize("query", ["léon", "LEON", "eono", "lé", "onore Blanc", "  leonore  b"])
def test_case_accents_and_blanks_do_not_matter(session, acme, add, query):
    add("Léonore  Blanc")
    add("Marc Noir")

    assert found(session, acme, query) == ["Léonore  Blanc"]


def test_a_part_of_a_handle_finds_its_person(session, acme, add):
    add("Léonore Blanc", handle="the.wild_kitchen")

    assert found(session, acme, "wild_kit") == ["Léonore Blanc"]


@pytest.mark.parametrize("query", ["%", "_", '"', "a%b", "' OR 1=1 --", "NOT x", "x*", "(((", "\\"])
def test_signs_that_mean_something_to_databases_mean_nothing_here(session, acme, add, query):
    add("Léonore Blanc")

    assert found(session, acme, query + query + query) == []


def test_one_or_two_letters_match_the_beginning_of_names(session, acme, add):
    add("Zoé")
    add("Anzoletta")

    assert found(session, acme, "zo") == ["Zoé"]


def test_a_note_leads_to_its_person_in_its_brand_alone(session, saved, acme, add):
    other = saved(make.brand())
    card = add("Zoé")
    ana = saved(make.user())
    saved(make.relationship(influencer=card.influencer, brand=other))
    interactions.log(
        session,
        card,
        Exchange("Loved the copper kettle."),
        author=ana,
        happened_at=make.MONDAY,
        at=make.MONDAY,
    )
    session.commit()

    assert found(session, acme, "copper ket") == ["Zoé"]
    assert found(session, other, "copper ket") == []


def test_a_private_note_is_found_by_its_author_and_by_leads_only(session, saved, acme, add):
    card = add("Zoé")
    ana, ravi = saved(make.user()), saved(make.user())
    interactions.log(
        session,
        card,
        Exchange("Expects twins in May.", visibility=Visibility.PRIVATE),
        author=ana,
        happened_at=make.MONDAY,
        at=make.MONDAY,
    )
    session.commit()

    assert found(session, acme, "twins", ana.id) == ["Zoé"]
    assert found(session, acme, "twins", ravi.id) == []
    assert found(session, acme, "twins", ravi.id, reads_private=True) == ["Zoé"]


def test_people_of_another_brand_are_not_found(session, saved, acme, add):
    add("Zoé", brand=saved(make.brand()))

    assert found(session, acme, "zoe") == []


def test_many_hits_are_found_as_well_as_few(session, acme, add, monkeypatch):
    monkeypatch.setattr(search, "FEW", 2)
    names = [f"Martine {n}" for n in range(5)]
    for name in names:
        add(name)
    add("Zoé")

    assert sorted(found(session, acme, "martine")) == names


def test_a_changed_or_deleted_text_is_no_longer_found(session, acme, add):
    card = add("Léonore")
    search.reindex(session, "name", card.influencer_id, "Chantal")
    session.commit()
    assert found(session, acme, "leonore") == []
    assert found(session, acme, "chantal") == ["Léonore"]

    session.execute(delete(SearchEntry))
    session.commit()
    assert found(session, acme, "chantal") == []


def test_deleting_a_person_takes_her_out_of_the_index(session, acme, add):
    card = add("Léonore")
    session.execute(delete(Relationship).where(Relationship.id == card.id))
    session.delete(card.influencer)
    session.commit()

    assert session.scalars(select(SearchEntry)).all() == []
    add("Marc")
    assert found(session, acme, "leonore") == []


@pytest.mark.parametrize("letter", ["\ud7ff", "\U0010ffff", "\ue000"])
def test_the_last_letters_there_are_can_be_searched_for(session, acme, add, letter):
    add(name=f"A{letter} Petit")
    add(name="Ab Petit")

    assert found(session, acme, f"a{letter}") == [f"A{letter} Petit"]
    assert found(session, acme, letter) == []


@pytest.fixture
def index(session, saved, acme):
    """Somebody of whom several things can be found."""

    def index(name, **texts):
        card = saved(make.relationship(name=name, brand=acme))
        entries = [("name", name), *texts.items()]
        known = {"influencer_id": card.influencer_id}
        search.index_entries(
            session,
            [
                {**known, "source": source, "source_id": 1000 * card.id + n, "text": text}
                for n, (source, text) in enumerate(entries)
            ],
        )
        session.commit()
        return card

    return index


def test_the_best_match_comes_first(session, acme, index):
    index("Zed", post="We baked with Marina.")
    index("Yvo", note="Knows Marina well.")
    index("Xena", contact="marina@example.com")
    index("Wim", handle="the_marina")
    index("Vera", handle="marina.cooks")
    index("Submarina Day")
    index("Ana Marina")
    index("Marina Blue")

    names = ["Marina Blue", "Ana Marina", "Submarina Day", "Vera", "Wim", "Xena", "Yvo", "Zed"]
    assert found(session, acme, "MARINA") == names


def test_pages_of_a_ranked_list_go_on_where_the_last_one_ended(session, acme, index, monkeypatch):
    monkeypatch.setattr(search, "NAMED", 3)
    for n in range(9):
        index(["Marina", "Ana Marina", "Zed"][n % 3] + f" {n}", note="Marina")
    hits = search.find(session, "marina", search.Reader(acme.id, 0))

    seen, after = [], None
    while True:
        page = people.page(session, acme.id, [hits.condition], Sort.MATCH, after, 4, rank=hits.rank)
        seen += [(row.rank, row.name) for row in page[:4]]
        if len(page) <= 4:
            break
        after = people.page_token(page[3])

    assert [rank for rank, _name in seen] == [0, 0, 0, 1, 1, 1, 6, 6, 6]
    assert len({name for _rank, name in seen}) == 9


def test_too_many_hits_are_found_without_a_rank(session, acme, index, monkeypatch):
    monkeypatch.setattr(search, "FEW", 2)
    for n in range(4):
        index(f"Marina {n}")

    hits = search.find(session, "marina", search.Reader(acme.id, 0))

    assert hits.rank is None
    assert hits.best == {}


def test_ligatures_are_searched_as_they_are_typed(session, acme, index):
    index("Cœur de Lyon")

    assert found(session, acme, "coeur") == ["Cœur de Lyon"]
    assert found(session, acme, "cœur") == ["Cœur de Lyon"]


@pytest.mark.parametrize(
    ("text", "needle", "around"),
    [
        ("Léonore  aime le Cœur fondant", "coeur", ("Léonore aime le ", "Cœur", " fondant")),
        ("CAFE\u0301 noir", "cafe", ("", "CAFE", "\u0301 noir")),
        ("abc", "xyz", ("abc", "", "")),
    ],
)
def test_an_excerpt_shows_what_was_found_as_it_was_written(text, needle, around):
    assert excerpts.around(text, needle) == around


def test_a_long_text_is_cut_around_what_was_found():
    before, match, after = excerpts.around("x" * 99 + " kettle " + "y" * 99, "kettle")

    assert (before[0], match, after[-1]) == ("…", "kettle", "…")
    assert len(before + match + after) < 110


def test_a_rebuild_mends_the_index_and_then_finds_nothing_to_mend(session, saved, acme, add):
    card = add("Zoé")
    account = saved(make.account(influencer=card.influencer, handle="zoe.makes"))
    saved(Post(account_id=account.id, platform_post_id="1", text="A copper kettle."))
    key = {"kind": "email", "value": "zoe@example.com", "value_key": "zoe@example.com"}
    saved(ContactPoint(influencer_id=card.influencer_id, **key))
    saved(make.interaction(relationship=card, summary="Loves tin."))
    search.reindex(session, "name", card.influencer_id, "Wrong")
    gone = {"influencer_id": card.influencer_id, "source": "post", "source_id": 2**30}
    search.index_entries(session, [{**gone, "text": "Nobody wrote this."}])
    session.commit()

    assert reindexing.rebuild(session) >= 5
    session.commit()

    for query in ("zoe", "copper", "zoe@ex", "loves tin", "zoe.makes"):
        assert found(session, acme, query) == ["Zoé"], query
    assert found(session, acme, "wrong") == []
    assert reindexing.rebuild(session) == 0


@pytest.mark.parametrize(
    "name", ["Océane D'Amboise", "Océane d\u2019Amboise", "OCÉANE D\u00b4AMBOISE"]
)
@pytest.mark.parametrize("query", ["d'amboise", "d\u2019amboise", "d\u02bcamb", "e d\u2018a"])
def test_apostrophes_are_the_same_however_they_are_set(session, acme, add, name, query):
    add(name)
    add("Marc Noir")

    assert found(session, acme, query) == [name]


@pytest.mark.parametrize("name", ["D'Amboise", "D\u2019Amboise"])
def test_a_letter_and_an_apostrophe_begin_a_name(session, acme, add, name):
    add(name)
    add("Dora")

    assert found(session, acme, "d\u2019") == found(session, acme, "d'") == [name]


@pytest.mark.parametrize("name", ["Jean-Luc", "Jean\u2010Luc", "Jean\u2011Luc", "Jean\u2013Luc"])
def test_hyphens_are_the_same_however_they_are_set(session, acme, add, name):
    add(name)

    assert found(session, acme, "jean-luc") == found(session, acme, "Jean\u2011L") == [name]


@pytest.mark.parametrize("name", ["Amboise, Océane", "Océane d'Amboise", "Amboise-Lys Océane"])
@pytest.mark.parametrize("query", ["Océane Amboise", "amboise oceane", "Amboise, Océane"])
def test_words_are_found_in_any_order(session, acme, add, name, query):
    add(name)
    add("Océane Petit")
    add("Clara Amboise")

    assert found(session, acme, query) == [name]


def test_every_word_must_be_found_be_it_in_several_texts(session, acme, index):
    index("Océane Petit", handle="amboise.cooks", note="Loves tin kettles.")
    index("Marc Petit", note="Loves copper kettles.")

    assert sorted(found(session, acme, "petit kettles")) == ["Marc Petit", "Océane Petit"]
    assert found(session, acme, "petit tin") == ["Océane Petit"]
    assert found(session, acme, "kettles amboise oceane") == ["Océane Petit"]
    assert found(session, acme, "petit gold") == []


def test_a_word_of_two_letters_stands_in_the_name(session, acme, index):
    index("Li Moreau", note="Met in Paris.")
    index("Ana Moreau", note="Likes tea.")

    assert found(session, acme, "moreau li") == ["Li Moreau"]


def test_words_as_they_were_typed_come_before_words_in_another_order(session, acme, index):
    index("Zed", note="Ana Marina told us.")
    index("Yvo", note="Marina knows Ana.")
    index("Juliana Submarina")
    index("Marina Ana")
    index("Old Ana Marina")
    index("Ana Marina")

    assert found(session, acme, "ana marina") == [
        "Ana Marina",
        "Old Ana Marina",
        "Marina Ana",
        "Juliana Submarina",
        "Zed",
        "Yvo",
    ]


def test_common_words_are_found_beside_rare_ones(session, acme, index, monkeypatch):
    monkeypatch.setattr(search, "FEW", 6)
    for n in range(4):
        index(f"Marina {n}", note="Copper kettle.")
    index("Zoé Marina", note="Tin kettle.")
    index("Zoé Petit")

    assert found(session, acme, "marina zoe") == ["Zoé Marina"]
    assert len(found(session, acme, "kettle marina")) == 5
    assert len(found(session, acme, "copper marina")) == 4


def test_words_of_a_private_note_are_found_by_those_who_may_read_it(session, saved, acme, add):
    card, ana = add("Zoé"), saved(make.user())
    said = Exchange("Expects twins in May.", visibility=Visibility.PRIVATE)
    interactions.log(session, card, said, author=ana, happened_at=make.MONDAY, at=make.MONDAY)
    session.commit()

    assert found(session, acme, "twins zoe", ana.id) == ["Zoé"]
    assert found(session, acme, "twins zoe", 0) == []


def test_an_excerpt_shows_a_word_where_the_words_stand_apart():
    assert excerpts.around("Loves tin.", "tin loves", "loves", "tin")[1] == "Loves"


def test_a_rebuild_folds_what_an_earlier_version_indexed(session, acme, add):
    card = add("D\u2019Amboise")
    entry = session.scalars(select(SearchEntry)).one()
    entry.text = "d\u2019amboise"
    session.commit()
    assert found(session, acme, "d'amboise") == []

    assert reindexing.rebuild(session) == 1
    session.commit()
    assert found(session, acme, "d'amboise") == [card.influencer.name]
