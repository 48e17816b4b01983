"""Work during which the collector of cycles rests."""

import gc

import pytest

from irm.garbage import uncollected


def test_the_collector_rests_for_the_length_of_a_block_and_not_longer():
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_goes_on_after_a_fault():
    with pytest.raises(ZeroDivisionError), uncollected():
        _ = 1 / 0
    assert gc.isenabled()


def test_whoever_found_it_resting_leaves_it_so():
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
