"""The Python half of the number control: what it holds, what it refuses, and the values that it stops at."""

import threading

import numpy as np
import pytest
import traitlets

from helpers.widgets.number_slider import NumberSlider, decades, even, in_words


def rate(**options):
    return NumberSlider(0.3, decades(0.0001, 10), description="learning rate", **options)


def steps():
    return NumberSlider(1000, (500, 1000, 100_000), min=1, description="steps")


def test_any_value_in_range_is_held_exactly_and_told_once():
    made, told = rate(), []
    made.observe(lambda change: told.append(change["new"]), names="value")
    for value in (0.301995, 1e-4, 10, 0.1 + 0.2):
        made.value = value
        assert made.value == value and isinstance(made.value, float)
    assert told == [0.301995, 1e-4, 10, 0.1 + 0.2]


def test_whole_numbers_stay_whole():
    made = steps()
    for value in (250, 99_999, np.int64(7), 12.0):
        made.value = value
        assert made.value == value and type(made.value) is int


@pytest.mark.parametrize("wrong", [0, 10.1, 1e30, -0.3, float("nan"), float("inf"), True, "0.3", None, [0.3]])
def test_anything_else_is_refused_in_words_and_changes_nothing(wrong):
    made = rate()
    with pytest.raises(traitlets.TraitError, match=r"learning rate can be a number from 0\.0001 to 10; got") as error:
        made.value = wrong
    assert made.value == 0.3 and len(str(error.value)) < 100  # 1e30 is not written out
    with pytest.raises(traitlets.TraitError):
        NumberSlider(wrong, decades(0.0001, 10))


@pytest.mark.parametrize("wrong", [3.7, 0, 100_001])
def test_a_fraction_is_refused_where_whole_numbers_are_meant_not_rounded(wrong):
    made = steps()
    with pytest.raises(traitlets.TraitError, match="steps can be a whole number from 1 to 100,000; got"):
        made.value = wrong
    assert made.value == 1000


def test_what_the_page_sends_is_held_to_the_same_rules():
    made = steps()
    made.set_state({"value": 250})
    assert made.value == 250
    with pytest.raises(traitlets.TraitError):
        made.set_state({"value": 3.7})
    assert made.value == 250


def test_other_stops_are_another_range_and_a_value_beyond_goes_to_its_end():
    made = NumberSlider(44, range(1, 51))
    made.offer(range(1, 9))
    assert (made.value, made.max, made.stops) == (8, 8, [*range(1, 9)])
    made.offer(range(1, 51))
    made.value = 50
    assert made.reach == "1 to 50"


def test_stops_are_round():
    assert decades(0.01, 1) == [0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0]
    assert even(-1, 1, 0.1)[::5] == [-1, -0.5, 0, 0.5, 1] and 0.3 in even(-1, 1, 0.1)


@pytest.mark.parametrize(
    ("value", "whole", "words"),
    [
        (1e-5, False, "0.00001"),
        (1.25e-5, False, "0.0000125"),
        (10_000, True, "10,000"),
        (0.3, False, "0.3"),
        (0.301995172, False, "0.301995172"),
        (1e30, False, "1e+30"),
    ],
)
def test_a_number_is_written_with_all_its_digits_and_no_more(value, whole, words):
    assert in_words(value, whole) == words


def test_several_threads_may_set_it():
    made = steps()
    threads = [threading.Thread(target=lambda n=n: setattr(made, "value", n)) for n in range(1, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made.value in range(1, 20)
