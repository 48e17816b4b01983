"""What hypothesis may throw at the formulas: figures and texts as odd as lists have them."""

import datetime as dt

from hypothesis import strategies as st

from irm.models import Platform
from irm.scoring.facts import Account, Counts, Post, Topic

DAY = dt.date(2026, 3, 2)

PLATFORMS = [platform.value for platform in Platform]
WORDS = ["vélo", "velos", "bike", "a", "é", "c++", "zéro", "déchet", "🔥", "(.*", "#mode", "..."]

figures = st.none() | st.integers(-10, 50) | st.integers(0, 10**12)
averages = st.none() | st.floats(-10, 1e9)
days = st.none() | st.dates(DAY - dt.timedelta(400), DAY + dt.timedelta(3)) | st.dates()
texts = (
    st.none() | st.text(max_size=30) | st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
)
languages = st.sampled_from([None, "en", "fr", "fr-CA", "de", ""])
counts = st.builds(Counts, figures, figures, figures, figures)
scores = st.none() | st.floats(0, 100)


@st.composite
def posts(draw, ids):
    """Draw a post whose id nobody else has."""
    number = draw(st.integers(1, 10**6).filter(lambda n: n not in ids))
    ids.add(number)
    return Post(number, draw(days), draw(counts), draw(texts), draw(languages))


@st.composite
def accounts(draw, post_ids=None, account_ids=None, most_posts=6):
    """Draw an account with some posts."""
    post_ids = set() if post_ids is None else post_ids
    account_ids = set() if account_ids is None else account_ids
    number = draw(st.integers(1, 10**6).filter(lambda n: n not in account_ids))
    account_ids.add(number)
    return Account(
        number,
        draw(st.sampled_from(["instagram", "youtube", "blog", *PLATFORMS])),
        draw(figures),
        draw(st.none() | st.builds(Counts, averages, averages, averages, averages)),
        tuple(draw(st.lists(posts(post_ids), max_size=most_posts))),
    )


@st.composite
def people(draw, most=6):
    """Draw the accounts of one person, or of none."""
    post_ids, account_ids = set(), set()
    return draw(st.lists(accounts(post_ids, account_ids), max_size=most))


@st.composite
def topic_lists(draw, most=4):
    """Draw a brand's topics."""
    return [
        Topic(
            number,
            f"topic {number}",
            tuple(draw(st.lists(texts.filter(bool), max_size=3))),
            draw(st.floats(0, 1)),
        )
        for number in range(1, draw(st.integers(0, most)) + 1)
    ]
