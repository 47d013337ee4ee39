"""The picture of layers that fold: it counts what it draws, and follows a point."""

import pytest

from helpers.labs import explorers
from helpers.plots import folding


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        (0, "No layer yet: 1 straight piece. The point is at 0.3."),
        (1, "1 layer of two ReLUs each, 2 units: 2 straight pieces. One layer of 2 units has 3 at most."),
        (3, "8 straight pieces. One layer of 6 units has 7 at most. The point goes 0.3, 0.6, 0.8, 0.4."),
    ],
)
def test_the_words_count_the_pieces_and_follow_the_point(layers, words):
    assert words in folding.picture(layers=layers, point=0.3, crease=0.5, height=1.0).words


def test_the_explorer_draws_at_every_end_of_its_sliders():
    explorer = explorers.folding_explorer()
    for name, control in explorer.controls.items():
        before = control.value
        for value in (control.stops[0], control.stops[-1]) if hasattr(control, "stops") else ():
            control.value = value
            assert "straight piece" in explorer.picture().words, name
        control.value = before
