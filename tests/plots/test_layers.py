"""Pictures from inside the layers: what is drawn is what the numbers and the words say."""

import base64
import io

import numpy as np
import pytest
from factories import history
from PIL import Image

from helpers import layer_statistics, networks
from helpers.activations import ACTIVATIONS
from helpers.layer_statistics import LayerStatistics
from helpers.plots import activations, layers, tables


def statistics(scale=1.0, depth=5, seed=0):
    """Made-up statistics of a network with `depth` layers."""
    random = np.random.default_rng(seed)
    spread = np.sort(random.normal(scale=scale, size=(3, depth, 5)), axis=2)
    return LayerStatistics(
        weights=spread[0],
        activations=spread[1],
        gradients=spread[2] * 1e-3,
        gradient_norms=scale * 10.0 ** np.arange(-depth, 0),
        saturated=np.linspace(0, 1, depth - 1),
        dead=np.linspace(0.004, 0.5, depth - 1),
    )


WEIGHTS = np.random.default_rng(2).normal(size=(784, 7))
TWO = {"std 1": statistics(), "std 0.1": statistics(0.1, seed=1)}
PICTURES = {
    **{f"{name} curve": lambda name=name: activations.value_and_slope(name) for name in ACTIVATIONS},
    **{f"{of} shares": lambda of=of: layers.shares(TWO, of) for of in ("saturated", "dead")},
    "gradient norms": lambda: layers.gradient_norms(TWO),
    "one network only": lambda: layers.gradient_norms({"alone": statistics()}),
    "no hidden layer": lambda: layers.gradient_norms({"one layer": statistics(depth=1)}),
    "weights of units": lambda: layers.unit_weights({"start": WEIGHTS, "end": 2 * WEIGHTS}, range(5)),
    "grid": lambda: tables.grid([[0.934, 0.955], [np.nan, 0.981]], ["sigmoid", "ReLU"], ["std 1", "std 0.1"]),
    "grid of nothing": lambda: tables.grid([[np.nan]], ["ReLU"], ["std 1"]),
    "grid of equals": lambda: tables.grid([[0.5, 0.5]], ["ReLU"], ["std 1", "std 0.1"]),
}


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_every_picture_is_drawn_and_has_its_words(draw):
    data, metadata = draw().bundle()
    image = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert len(np.unique(np.asarray(image.convert("L")))) > 3
    said = " ".join(data["text/plain"].split())
    assert metadata["image/png"]["alt"] == said
    assert len(said) > 20 and said.endswith(".")


def test_weights_of_units_stand_in_rows_on_one_scale():
    picture = layers.unit_weights({"start": WEIGHTS, "learned": 0.01 * WEIGHTS}, [6, 0])
    start, learned = (axes.images[0] for axes in picture.figure.axes)
    assert start.get_clim() == learned.get_clim()
    assert np.allclose(start.get_array()[:, 1:29], WEIGHTS[:, 6].reshape(28, 28))
    assert start.get_array().shape == (28, 2 * 30)
    assert f"start: {WEIGHTS[:, [6, 0]].std():.2g}; learned: {0.01 * WEIGHTS[:, [6, 0]].std():.2g}" in picture.words


def test_weights_of_units_may_have_a_scale_for_each_row():
    picture = layers.unit_weights({"start": WEIGHTS, "learned": 0.01 * WEIGHTS}, [6, 0], own_scale=True)
    start, learned = (axes.images[0].get_clim()[1] for axes in picture.figure.axes)
    assert learned == pytest.approx(0.01 * start)
    assert "each row on its own scale" in picture.figure.axes[0].get_title(loc="left")


# --- Activations ----------------------------------------------------------------------------------------------------


def test_the_curves_are_the_activations_that_networks_use_and_the_slopes_their_slopes():
    z = np.linspace(-6, 6, 241)
    for name, activation in ACTIVATIONS.items():
        value = activation.value
        np.testing.assert_allclose(networks.ACTIVATIONS[name].of_tensors(z), value(z), atol=1e-12)
        step = 1e-6
        away_from_the_kink = np.abs(z) > 1e-3
        measured = (value(z + step) - value(z - step)) / (2 * step)
        np.testing.assert_allclose(
            measured[away_from_the_kink], activation.slope(value(z))[away_from_the_kink], atol=1e-6
        )


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_the_shaded_part_is_what_counts_as_saturated(name):
    figure = activations.value_and_slope(name).figure
    edges = sorted(
        {round(patch.get_x() + side * patch.get_width(), 6) for patch in figure.axes[0].patches for side in (0, 1)}
    )
    for z, saturated in (
        (edges[1] - 0.01, 1.0),
        (edges[1] + 0.01, 0.0),
        (edges[2] - 0.01, 0.0),
        (edges[2] + 0.01, 1.0),
    ):
        assert layer_statistics.saturated_share(ACTIVATIONS[name].value(np.array([z])), name) == saturated


# --- Shares, gradients ----------------------------------------------------------------------------------------------


def test_bars_are_as_high_as_the_shares_and_carry_them():
    picture = layers.shares(TWO, "saturated")
    axes = picture.figure.axes[0]
    heights = [[bar.get_height() for bar in bars] for bars in axes.containers]
    np.testing.assert_allclose(heights, [each.saturated for each in TWO.values()])
    written = [text.get_text() for text in axes.texts]
    assert written == ["0%", "33%", "67%", "100%"] * 2
    said = "0%, 33%, 67%, 100%"
    assert picture.words == f"Share of saturated activations in hidden layers 1 to 4. std 1, {said}. std 0.1, {said}."


@pytest.mark.parametrize(("share", "words"), [(0, "0%"), (0.004, "<1%"), (0.006, "1%"), (0.996, ">99%"), (1, "100%")])
def test_little_is_never_rounded_to_nothing_nor_much_to_everything(share, words):
    one = statistics(depth=2)
    picture = layers.shares({"a": LayerStatistics(**{**vars(one), "dead": np.array([share])})}, "dead")
    assert picture.words == f"Share of dead units in hidden layers 1 to 1. a, {words}."


def test_gradient_norms_are_drawn_on_a_logarithmic_scale_with_their_values():
    picture = layers.gradient_norms(TWO)
    axes = picture.figure.axes[0]
    assert axes.get_yscale() == "log"
    for line, each in zip(axes.lines, TWO.values(), strict=True):
        np.testing.assert_allclose(line.get_ydata(), each.gradient_norms)
    assert "1e-05" in [text.get_text() for text in axes.texts]
    assert "std 0.1: 1e-06, 1e-05, 0.0001, 0.001, 0.01." in picture.words


def test_small_differences_between_gradients_are_not_made_to_look_large():
    level = LayerStatistics(**{**vars(statistics()), "gradient_norms": np.array([0.07, 0.072, 0.071, 0.07, 0.068])})
    bottom, top = layers.gradient_norms({"ReLU": level}).figure.axes[0].get_ylim()
    assert top / bottom >= 100


def test_the_letters_below_the_lowest_gradient_stay_above_the_axis():
    far = {
        name: LayerStatistics(**{**vars(statistics()), "gradient_norms": np.full(5, norm)})
        for name, norm in {"large": 60.0, "small": 5e-4}.items()
    }
    axes = layers.gradient_norms(far).figure.axes[0]
    bottom, top = np.log(axes.get_ylim())
    below = (np.log(5e-4) - bottom) / (top - bottom) * axes.bbox.height * 72 / axes.figure.dpi  # in points
    assert below > 14 + 2  # where the letters end


def test_a_network_without_any_gradient_is_drawn_too():
    nothing = LayerStatistics(**{**vars(statistics()), "gradient_norms": np.zeros(5), "gradients": np.zeros((5, 5))})
    norms = layers.gradient_norms({"dead": nothing})
    norms.bundle()  # a warning about the logarithm of 0 would be an error here
    assert norms.words.endswith("dead: 0, 0, 0, 0, 0.")


# --- Grid and table -------------------------------------------------------------------------------------------------


def test_the_grid_writes_every_value_and_says_what_diverged():
    picture = tables.grid([[0.934, 0.955], [np.nan, 0.981]], ["sigmoid", "ReLU"], ["std 1", "std 0.1"])
    assert [text.get_text() for text in picture.figure.axes[0].texts] == ["93.4%", "95.5%", "diverged", "98.1%"]
    assert picture.words == (
        "Test accuracy of 4 runs. sigmoid, std 1: 93.4%; sigmoid, std 0.1: 95.5%; ReLU, std 1: diverged; "
        "ReLU, std 0.1: 98.1%."
    )


def test_progress_tells_a_run_every_so_many_steps_as_text_and_as_html():
    table = tables.progress(history(steps=3000, end=0.9375, end_loss=0.25), every=1000)
    assert [row[0] for row in table.rows] == ["1,000", "2,000", "3,000"]
    assert table.rows[-1] == ("3,000", "93.8%", "0.250")
    assert repr(table).splitlines()[0] == " step  test accuracy  test loss per image"
    assert len({len(line) for line in repr(table).splitlines()}) == 1
    markup = table._repr_html_()
    assert markup.startswith("<table>") and "<td>3,000</td><td>93.8%</td><td>0.250</td>" in markup


def test_progress_of_a_run_that_was_not_tested_then_is_refused_in_words():
    with pytest.raises(ValueError, match="no test at any multiple of 1,000 steps: this run did 300"):
        tables.progress(history(steps=300), every=1000)


def test_a_table_shows_its_cells_as_they_are():
    table = tables.Table(("run", "note"), [("1", "a < b & c")])
    assert "<td>a &lt; b &amp; c</td>" in table._repr_html_()
    assert repr(table).endswith("1  a < b & c")


def test_what_only_some_runs_note_stands_under_its_own_name():
    table = tables.runs_table([history(notes={"L2": "0.1"}), history(notes={"shift": "1"})])["text/plain"]
    head, first, second = (line.split() for line in table.splitlines())
    assert head[4:6] == ["L2", "shift"] and (first[4], second[4]) == ("0.1", "1")
    assert table.splitlines()[2].index("1  ", 50) > table.splitlines()[1].index("0.1", 50)


def test_every_table_in_html_is_written_by_one_function():
    assert tables.html_table(("a", "b"), [("<", "&")], bold=1) == (
        "<table><tr><th>a</th><th>b</th></tr><tr><td>&lt;</td><td><b>&amp;</b></td></tr></table>"
    )
    runs = [history(steps=300), history(steps=300)]
    assert tables.runs_table(runs)["text/html"].startswith("<table><tr><th>run</th>")
