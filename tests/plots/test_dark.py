"""The dark theme: every colour that moves on the page has a dark twin, which can be read on the dark paper."""

import io
import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from factories import history
from matplotlib.colors import to_rgb
from PIL import Image

from helpers.labs import backprop_stepper
from helpers.plots import activations, loss, panels, style
from helpers.plots.gradient_descent import Valley
from helpers.plots.initialisation import StartPanel
from helpers.plots.style import DARK, Picture, in_dark, new_figure, styled
from helpers.plots.training_chart import TrainingChart

DARK_PAPER = DARK[style.PAPER]
INKS = (*style.RUNS, style.INK, style.MUTED)


def luminance(colour):
    parts = np.array(to_rgb(colour))
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def contrast(first, second):
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ink", INKS)
def test_every_ink_can_be_read_on_dark_paper_and_on_what_is_shaded_there(ink):
    assert contrast(DARK[ink], DARK_PAPER) >= 4.5
    assert contrast(DARK[ink], DARK[style.SHADE]) >= 4.5


def test_the_runs_can_be_told_apart_in_the_dark_too():
    def far(one, other):
        return np.linalg.norm(np.subtract(to_rgb(one), to_rgb(other)))

    pairs = list(itertools.combinations(style.RUNS, 2))
    assert min(far(DARK[one], DARK[other]) for one, other in pairs) > 0.25


def test_a_colour_keeps_its_transparency_and_an_unknown_one_stays():
    assert in_dark((*to_rgb(style.BLUE), 0.4)) == (*to_rgb(DARK[style.BLUE]), 0.4)
    assert in_dark("#123456") == "#123456" and in_dark(None) is None


def pixels(picture, *, dark):
    return np.asarray(Image.open(io.BytesIO(picture.png(dark=dark, dpi=96))).convert("RGB"))


def statistics():
    rows = np.tile([-1.0, -0.5, 0.1, 0.5, 1.0], (3, 1))
    return SimpleNamespace(
        weights=rows,
        activations=rows,
        gradients=rows,
        gradient_norms=[1.0, 2.0, 3.0],
        saturated=[0.2, 0.3],
        dead=[0, 1],
    )


def start_panel():
    weights = [np.linspace(-1, 1, 784 * 6).reshape(784, 6), np.ones((6, 10))]
    return StartPanel(lambda: weights, {0: np.ones(2), 100: np.ones(2)}, (0, 100)).picture()


def chart():
    runs = [history(end=accuracy) for accuracy in np.linspace(0.5, 0.9, 6)]
    return TrainingChart(runs, [f"run {number}" for number in range(6)]).picture()


LIVE = {
    "cross-entropy": lambda: loss.cross_entropy(0.3),
    "descent": lambda: Valley(lambda bias: bias**2 / 9).picture(learning_rate=1, steps=3, start=3.0),
    "slopes": lambda: activations.slopes_through_layers(1.0),
    "stepper": lambda: backprop_stepper.picture(27, **backprop_stepper.START),
    "bands": lambda: panels.BandsPanel(statistics).picture(),
    "shares": lambda: panels.SharesPanel(statistics).picture(),
    "first layer": lambda: panels.FirstLayerPanel(lambda: np.linspace(-1, 1, 784 * 12).reshape(784, 12)).picture(),
    "start": start_panel,
    "chart": chart,
}


@pytest.mark.parametrize("draw", LIVE.values(), ids=LIVE.keys())
def test_nothing_that_moves_is_drawn_in_a_colour_without_a_dark_twin(draw, monkeypatch):
    unknown, picture = set(), draw()
    dark_already = {tuple(round(255 * part) for part in to_rgb(colour)) for colour in DARK.values()}

    def known(colour):
        if colour is not None:
            red, green, blue, alpha = style.to_rgba(colour)
            rgb = tuple(round(255 * part) for part in (red, green, blue))
            if alpha and rgb not in style._IN_DARK and rgb not in dark_already:
                unknown.add(rgb)
        return in_dark(colour)

    monkeypatch.setattr(style, "in_dark", known)
    picture.png(dark=True)
    assert unknown == set()


@pytest.mark.parametrize("draw", LIVE.values(), ids=LIVE.keys())
def test_a_dark_picture_is_the_light_one_on_dark_paper_and_leaves_it_as_it_was(draw):
    picture = draw()
    picture.figure.set_layout_engine("none")  # it goes on settling with each drawing of an image
    light, dark, again = pixels(picture, dark=False), pixels(picture, dark=True), pixels(picture, dark=False)
    assert np.array_equal(light, again)
    assert (dark[2, 2] == [17, 17, 17]).all() and light[2, 2].min() > 250
    paper = (np.abs(light.astype(int) - light[2, 2]) < 3).all(axis=-1)
    assert dark[paper].mean() < 40


def test_images_keep_their_colours_in_the_dark():
    figure = new_figure(2, 2, layout="none")
    sheet = np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8)
    with styled():
        axes = figure.add_axes((0.25, 0.25, 0.5, 0.5))
        axes.imshow(sheet)
        axes.axis("off")
    light, dark = (pixels(Picture(figure, ""), dark=dark) for dark in (False, True))
    assert np.array_equal(light[50:-50, 50:-50], dark[50:-50, 50:-50])
    assert light[5, 5].min() > 250 and dark[5, 5].max() < 20
