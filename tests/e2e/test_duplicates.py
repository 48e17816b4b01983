"""The queue of duplicates in a browser, by keyboard alone."""

import make
import pytest
from sqlalchemy import select

from irm.models import Duplicate, DuplicateState, Influencer, Merge

#: One browser is enough: all of its tests run on one worker.
pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def queue(site):
    """Two pairs of Ana's people, the first the likelier; their ids."""
    people = [card.influencer for card in site.people[:4]]
    pairs = [
        make.duplicate(left=people[0], right=people[1], score=90),
        make.duplicate(left=people[2], right=people[3], score=70),
    ]
    site.session.add_all(pairs)
    site.session.commit()
    return [pair.id for pair in pairs]


def state_of(site, id):
    site.session.rollback()
    site.session.expire_all()
    return site.session.get(Duplicate, id).state


def focused(tab):
    return tab.page.evaluate("document.activeElement.closest('li.pair')?.id")


def test_a_pair_is_told_apart_and_the_next_one_merged_and_taken_back(site, tab, queue):
    first, second = queue
    tab.go("/duplicates")
    assert focused(tab) == f"pair-{first}"
    tab.page.keyboard.press("n")
    tab.page.wait_for_selector(f"#pair-{first}.is-decided")
    assert focused(tab) == f"pair-{second}"
    assert state_of(site, first) is DuplicateState.DISTINCT

    tab.page.keyboard.press("m")
    tab.page.wait_for_selector(f"#pair-{second}.is-merging")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(f"#pair-{second}.is-decided")
    site.session.rollback()
    made = site.session.scalars(select(Merge)).one()
    assert site.session.get(Influencer, made.gone_id).merged_into_id == made.kept_id

    tab.page.locator(f"#pair-{second} button").click()
    tab.page.wait_for_selector(f"#pair-{second}[data-row]")
    assert state_of(site, second) is DuplicateState.OPEN


def test_only_the_chosen_pair_shows_its_keys(tab, queue):
    first, second = queue
    tab.go("/duplicates")
    keys = [tab.page.locator(f"#pair-{id} kbd").first for id in (first, second)]
    assert [key.is_visible() for key in keys] == [True, False]

    tab.page.keyboard.press("j")
    assert [key.is_visible() for key in keys] == [False, True]

    tab.page.locator("h1").click()
    assert [key.is_visible() for key in keys] == [True, True]
    tab.page.keyboard.press("s")
    assert focused(tab) == f"pair-{first}"
    assert [key.is_visible() for key in keys] == [True, False]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_neither_the_queue_nor_a_merge_bars_anybody(site, tab, axe, queue, theme):
    tab.page.context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])
    tab.go("/duplicates")
    found = tab.barriers(axe)
    tab.page.keyboard.press("m")
    tab.page.wait_for_selector(f"#pair-{queue[0]}.is-merging")
    found += tab.barriers(axe)
    assert not found
