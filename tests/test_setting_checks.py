"""The numbers of a run: every mistake is answered by what was expected, what it got and a cure."""

import numpy as np
import pytest

from helpers import setting_checks
from helpers.errors import ReaderError

RIGHT = {"learning_rate": 0.5, "steps": 1, "batch_size": 100, "test_every": 1, "seed": 0, "examples": 300}
NUMBERS = [  # neither a rate nor a number of epochs may be one of these
    (0, ValueError, ["a finite number above 0", "got 0."]),
    (-0.1, ValueError, ["a finite number above 0", "got -0.1"]),
    (float("nan"), ValueError, ["a finite number above 0", "got nan"]),
    (float("inf"), ValueError, ["a finite number above 0", "got inf"]),
    ("0.5", TypeError, ["a number such as", "got '0.5', a str"]),
    (True, TypeError, ["a number such as", "got True, a bool"]),
    (None, TypeError, ["a number such as", "got None"]),
    ([0.1, 0.2], TypeError, ["a number such as", "got [0.1, 0.2], a list"]),
]
WHOLE = [
    (1e4, TypeError, ["a whole number such as", "got 10000.0, a float", "written with a point or as 1e4"]),
    (float("nan"), TypeError, ["a whole number such as", "got nan"]),
    ("100", TypeError, ["a whole number such as", "got '100', a str"]),
    (True, TypeError, ["a whole number such as", "got True, a bool"]),
    (None, TypeError, ["a whole number such as", "got None"]),
    (-5, ValueError, ["or more, such as", "got -5"]),
]
NONE = (0, ValueError, ["1 or more, such as", "got 0"])
L2 = [(value, ValueError, ["0 or more, such as 0.001", f"got {value!r}"]) for value in (-1e-9, float("inf"), "0", True)]
SETTINGS = [
    *(("learning_rate", *case) for case in NUMBERS),
    *((name, *case) for name in ("steps", "batch_size", "test_every") for case in [*WHOLE, NONE]),
    *((name, *case) for name in ("seed", "shift") for case in WHOLE),
    *(("l2", *case) for case in L2),
]


def assert_refused(error, words, check, *arguments, **settings):
    with pytest.raises(error) as refusal:
        check(*arguments, **settings)
    assert isinstance(refusal.value, ReaderError)
    for word in words:
        assert word in str(refusal.value)


@pytest.mark.parametrize(("name", "value", "error", "words"), SETTINGS, ids=str)
def test_a_setting_that_makes_no_sense(name, value, error, words):
    assert_refused(error, [f"{name} should be ", *words], setting_checks.check_settings, **RIGHT | {name: value})


@pytest.mark.parametrize(("value", "error", "words"), NUMBERS, ids=str)
def test_epochs_that_make_no_sense(value, error, words):
    assert_refused(error, ["epochs should be", *words], setting_checks.check_epochs, value)


@pytest.mark.parametrize(("value", "error", "words"), [*WHOLE, NONE], ids=str)
def test_a_count_that_makes_no_sense(value, error, words):
    assert_refused(error, ["seeds should be", *words], setting_checks.check_count, "seeds", value)


def test_why_a_rate_is_above_0_and_what_half_an_epoch_is():
    assert_refused(
        ValueError, ["such as 0.5", "every step would climb the loss"], setting_checks.check_learning_rate, -1
    )
    assert_refused(ValueError, ["such as 5", "half an epoch is 0.5"], setting_checks.check_epochs, 0)


def test_the_least_of_each_and_numpys_numbers_are_taken():
    setting_checks.check_settings(**RIGHT | {"learning_rate": 1e-9, "batch_size": 1}, l2=0, shift=0)
    setting_checks.check_settings(**RIGHT | {"learning_rate": np.float32(0.5), "steps": np.int64(2)}, l2=1e-9, shift=1)
    setting_checks.check_epochs(np.float64(0.001))
    setting_checks.check_count("seeds", 1)


def test_all_the_examples_may_come_in_one_batch_and_no_more():
    setting_checks.check_settings(**RIGHT | {"batch_size": 300})
    words = ["A batch of 2,001 cannot be drawn from 300 training examples", "at most 300"]
    assert_refused(ValueError, words, setting_checks.check_settings, **RIGHT | {"batch_size": 2001})
