"""The index of stems names every post that may speak of a topic, on both databases."""

import threading

import make
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scoring.strategies import languages, topic_lists
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from irm.db import db
from irm.models import Post, UnreadPost
from irm.scoring import stem_index
from irm.scoring.facts import Topic
from irm.scoring.relevance import Matcher

PARTS = ["velo", "Vélos", "bike", "zéro", "dechet", "recette", "facile", "jeu", "jeux", "de"]
words = st.sampled_from(PARTS) | st.lists(st.sampled_from(PARTS), min_size=2, max_size=4).map(
    "".join
)
said = st.lists(words | st.text(max_size=12), max_size=12).map(" ".join)
long_ones = st.tuples(said, st.integers(0, 60)).map(lambda one: one[0] + " bla" * one[1] + one[0])


def topics_of(*keywords):
    return [Topic(1, "Topic", keywords)]


@pytest.fixture
def account(saved):
    return saved(make.account())


def posted(session, account, *texts, language=None, start=0):
    posts = [
        Post(account_id=account.id, platform_post_id=str(at), text=one, language=language)
        for at, one in enumerate(texts, start)
    ]
    session.add_all(posts)
    session.flush()
    return [post.id for post in posts]


def indexed(session):
    return stem_index.read_new(session, stem_index.Reader(), 1000)


def found(session, *keywords):
    return stem_index.find(session, stem_index.Reader().terms(topics_of(*keywords)))


@given(
    told=st.lists(st.tuples(said | long_ones, languages), max_size=5),
    topics=topic_lists(most=3)
    | st.lists(words | said, min_size=1, max_size=4).map(lambda them: topics_of(*them)),
)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_post_that_speaks_of_a_topic_is_missed(session, account, told, topics):
    told = [(one.replace("\0", ""), language) for one, language in told]
    matcher = Matcher(topics)
    posts = [
        posted(session, account, one, language=language, start=at)[0]
        for at, (one, language) in enumerate(told)
    ]
    indexed(session)

    named = set(stem_index.find(session, stem_index.Reader().terms(topics)))
    wordless = set(stem_index.wordless(session))
    session.rollback()

    masks = [matcher.match(one, language) for one, language in told]
    assert {post for post, mask in zip(posts, masks, strict=True) if mask} <= named
    assert {post for post, mask in zip(posts, masks, strict=True) if mask is None} == wordless


def test_stems_phrases_and_joined_words_are_found_and_little_else(session, account):
    speaking = posted(
        session,
        account,
        "Deux vélos neufs",
        "Zéro mais alors zéro, pas un déchet",
        "#zérodéchet",
        "#VeloZeroDechet et rien",
    )
    silent = posted(session, account, "Velours et zérotage", "🔥", "", start=9)

    indexed(session)

    assert found(session, "vélo", "zéro déchet") == speaking
    assert stem_index.wordless(session) == silent[1:]


def test_a_post_reworded_is_read_again_and_one_removed_is_forgotten(session, account):
    bread, bikes = posted(session, account, "Du pain", "Du pain à vélo")
    indexed(session)
    assert indexed(session) == 0

    session.get_one(Post, bread).text = "Des vélos"
    session.delete(session.get_one(Post, bikes))
    session.flush()

    assert found(session, "pain") == []
    assert indexed(session) == 1
    assert found(session, "vélo") == [bread]


def test_other_figures_of_a_post_do_not_make_it_unread(session, account):
    (post,) = posted(session, account, "Du pain")
    indexed(session)

    session.get_one(Post, post).likes = 7
    session.flush()

    assert session.scalar(select(func.count()).select_from(UnreadPost)) == 0


def test_more_words_than_one_question_holds_are_asked_for_in_several(session, account):
    speaking = posted(session, account, "mot7", "mot701", "autre")
    indexed(session)

    assert found(session, *(f"mot{n}" for n in range(2 * stem_index.TERMS))) == speaking[:2]


class Slow(stem_index.Reader):
    """Lets somebody else do something while the first text is read."""

    def __init__(self, meanwhile):
        super().__init__()
        self._meanwhile = meanwhile

    def tokens(self, text, language):
        if self._meanwhile is not None:
            other = threading.Thread(target=self._meanwhile)
            self._meanwhile = None
            other.start()
            # It may have to wait for whoever reads; then this does not wait for it.
            other.join(0.5)
            self.other = other
        return super().tokens(text, language)


@pytest.fixture
def beside(session, app):
    """Runs something in a session of its own and keeps what it gave, or what went wrong."""
    with app.app_context():
        maker = db.sessionmaker
    found = []

    def run(work):
        with maker() as other:
            try:
                found.append(work(other))
                other.commit()
            except SQLAlchemyError as failure:
                found.append(failure)

    run.found = found
    return run


def test_two_scorings_read_each_post_once(session, account, beside):
    speaking = posted(session, account, "Deux vélos", "Un vélo")
    session.commit()
    reader = Slow(lambda: beside(indexed))

    assert stem_index.read_new(session, reader, 1000) == 2
    session.commit()
    reader.other.join()

    assert beside.found == [0]
    assert found(session, "vélo") == speaking


def test_a_post_reworded_while_it_is_read_is_read_again(session, account, beside):
    (post,) = posted(session, account, "Du pain")
    session.commit()

    def reword(other):
        other.get_one(Post, post).text = "Des vélos"

    reader = Slow(lambda: beside(reword))
    stem_index.read_new(session, reader, 1000)
    session.commit()
    reader.other.join()
    indexed(session)
    session.commit()

    assert beside.found == [None]
    assert (found(session, "vélo"), found(session, "pain")) == ([post], [])


def test_a_post_that_somebody_holds_is_read_the_next_time(session, account, beside, backend):
    if backend == "sqlite":
        pytest.skip("on SQLite nobody writes while somebody else does")
    held, free = posted(session, account, "Du vélo", "Un vélo")
    session.commit()
    session.get_one(Post, held).text = "Des vélos"
    session.flush()

    beside(indexed)
    assert beside.found == [1]
    session.commit()

    assert indexed(session) == 1
    assert found(session, "vélo") == [held, free]
