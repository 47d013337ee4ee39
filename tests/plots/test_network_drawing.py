"""The drawing of a network: every column has its units, shades are what they put out, arrows what comes back."""

import base64
import io

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from PIL import Image

from helpers.plots import network_drawing
from helpers.plots.network_drawing import LIGHT, SHOWN

IMAGE = np.linspace(0, 1, 784).reshape(28, 28)
LOGITS = np.log(np.array([0.9] + [0.1 / 9] * 9))
LAYERS = [np.linspace(0, 1, 200), np.full((1, 4), 0.5), LOGITS[None]]  # [units] and [1, units] are both taken


def columns(picture):
    """The circles of each column, from left to right."""
    (axes,) = picture.figure.axes
    circles = [each for each in axes.collections if isinstance(each, PathCollection) and each.get_sizes()[0] == 140]
    return sorted(circles, key=lambda each: each.get_offsets()[0][0])


def written(picture):
    (axes,) = picture.figure.axes
    return [text.get_text() for text in axes.texts if text.get_text()]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: network_drawing.lit_up(IMAGE, LAYERS, [1e-3, 0.1, 2.0]),
        lambda: network_drawing.lit_up(IMAGE.ravel(), [LOGITS]),  # lesson 01's network
        lambda: network_drawing.lit_up(IMAGE, [np.zeros(3), 1000 * LOGITS], [0.0, np.inf]),
    ],
    ids=["with the way back", "one layer", "at the edge"],
)
def test_it_is_drawn_and_has_its_words(draw):
    data, metadata = draw().bundle()
    assert len(np.unique(np.asarray(Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).convert("L")))) > 3
    said = " ".join(data["text/plain"].split())
    assert metadata["image/png"]["alt"] == said and said.endswith(".")


def test_wide_columns_show_some_units_and_narrow_ones_all():
    picture = network_drawing.lit_up(IMAGE, LAYERS)
    assert [len(each.get_offsets()) for each in columns(picture)] == [SHOWN, SHOWN, 4, 10]
    assert written(picture).count("⋮") == 2
    assert {"784", "200 units", "4 units", "10"} <= set(written(picture))


def test_the_more_a_unit_puts_out_the_darker_it_is():
    lightness = [np.dot(LIGHT(value)[:3], [0.2, 0.7, 0.1]) for value in np.linspace(0, 1, 11)]
    assert (np.diff(lightness) < 0).all()
    pixels, wide, narrow, digits = columns(network_drawing.lit_up(IMAGE, LAYERS))
    assert np.allclose(wide.get_array(), np.linspace(0, 1, SHOWN), atol=0.01)  # evenly from the first to the last
    assert np.allclose(narrow.get_array(), 0.5)
    assert np.allclose(digits.get_array(), [0.9] + [0.1 / 9] * 9)
    assert len(pixels.get_array()) == SHOWN


def test_outputs_beyond_one_are_shaded_against_the_largest_of_their_column():
    _, relu, _ = columns(network_drawing.lit_up(IMAGE, [np.array([0.0, 2.0, 4.0]), LOGITS]))
    assert np.allclose(relu.get_array(), [0, 0.5, 1])


def test_what_it_says_of_the_network_is_in_the_words_and_on_the_page():
    picture = network_drawing.lit_up(IMAGE, LAYERS, [0.001, 0.1, 2.0])
    assert "A network 784-200-4-10" in picture.words
    assert "It says 0, with probability 0.90." in picture.words
    assert "layers 3 to 1: 2, 0.1, 0.001." in picture.words
    assert {"W1: 0.001", "W2: 0.1", "W3: 2"} <= set(written(picture))
    assert "0   90%" in written(picture)


def test_a_longer_gradient_makes_a_thicker_arrow_by_the_same_amount_for_each_factor_of_ten():
    (axes,) = network_drawing.lit_up(IMAGE, LAYERS, [0.001, 0.01, 0.1]).figure.axes
    shafts = [line for line in axes.lines if to_hex(line.get_color()) == to_hex(network_drawing.VERMILION)]
    widths = [line.get_linewidth() for line in shafts if line.get_marker() in ("None", "")]
    assert len(widths) == 3
    assert np.allclose(np.diff(widths), network_drawing.THICKER)
