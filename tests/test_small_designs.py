"""The design of a small network: what can be built, what is refused, how it prints."""

import dataclasses

import numpy as np
import pytest

from helpers.small_designs import SmallDesign


@pytest.mark.parametrize(
    "wrong",
    [
        {"hidden": (0,)},
        {"hidden": (51,)},
        {"hidden": (2,) * 7},
        {"activation": "swish"},
        {"problem": "clustering"},
        {"initialisation": "Glorot"},
    ],
)
def test_designs_that_cannot_be_built_are_refused_in_words(wrong):
    with pytest.raises(
        ValueError, match=r"hidden should list|no activation 'swish'|one of classification, regression|of ±0\.5, He"
    ):
        SmallDesign(**wrong)
    assert dataclasses.replace(SmallDesign(), hidden=(50,) * 6).sizes == (2, *[50] * 6, 1)


def test_a_design_prints_as_what_it_is_and_cannot_be_changed():
    assert str(SmallDesign()) == "2-8-1 ReLU on x1 and x2, 33 parameters"
    assert str(SmallDesign(("x1", "x2", "x1x2"), (4, 3), "tanh")) == "3-4-3-1 tanh on 3 features, 35 parameters"
    with pytest.raises(dataclasses.FrozenInstanceError):
        SmallDesign().hidden = (9,)


@pytest.mark.parametrize("hidden", [(1,), (50,), (np.int64(3), 4), ()])
def test_the_smallest_and_the_widest_layers_can_be_built(hidden):
    assert SmallDesign(hidden=hidden).sizes == (2, *hidden, 1)


@pytest.mark.parametrize("hidden", [(2.5,), (8, 0), ("8",)])
def test_widths_that_are_no_numbers_of_neurons_are_refused_in_words(hidden):
    with pytest.raises(ValueError, match="hidden should list the neurons"):
        SmallDesign(hidden=hidden)
