"""Data sets by their pictures: what is held, what is refused, what the page is sent."""

import numpy as np
import pytest
import traitlets

from helpers.widgets.data_choice import DataChoice


@pytest.fixture
def choice():
    return DataChoice({"circle": "classification", "plane": "regression"}, [np.zeros((2, 3)), np.ones((3, 3))])


def test_the_first_is_chosen_until_another_is(choice):
    assert (choice.value, choice.label, choice.reach) == ("circle", "circle", "circle, plane (regression)")
    choice.set_state({"value": "plane"})
    assert choice.label == "plane (regression)"


@pytest.mark.parametrize("wrong", ["hexagon", "plane (regression)", "", None, 1])
def test_what_is_not_there_is_refused_in_words_and_changes_nothing(choice, wrong):
    words = "data can be circle, plane" if isinstance(wrong, str) else "value"
    with pytest.raises(traitlets.TraitError, match=words):
        choice.value = wrong
    assert choice.value == "circle"


def test_the_page_is_sent_the_points_of_all_each_with_the_place_of_its_data_set(choice):
    rows = np.frombuffer(choice.get_state()["points"], np.float32).reshape(-1, 4)
    assert rows.tolist() == [[0, 0, 0, 0]] * 2 + [[1, 1, 1, 1]] * 3


def test_the_page_is_sent_the_names_in_their_order_which_a_saved_notebook_sorts_in_a_dict():
    choice = DataChoice(
        {"spiral": "classification", "plane": "regression", "circle": "classification"}, [np.ones((1, 3))] * 3
    )
    assert choice.get_state()["names"] == ["spiral", "plane", "circle"]
