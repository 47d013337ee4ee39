"""The playground without a page: every control over its range, playing, pausing, stepping, resetting, its state."""

import json
import time

import numpy as np
import pytest

from helpers import toy_data
from helpers.labs import controls, playground, playground_form
from helpers.labs.playground import Playground
from helpers.labs.playground_form import START
from helpers.plots import live
from helpers.plots.network_map import NetworkMap
from helpers.small_networks import ACTIVATIONS, REGULARISATIONS
from helpers.toy_data import FEATURES


@pytest.fixture
def bench(new_lab):
    return new_lab(Playground)


@pytest.fixture
def shown(bench):
    """The playground with a page that keeps the types of the images that it is sent."""
    bench.sent = []
    bench.place.show()
    bench.place.widget.observe(lambda _change: bench.sent.append(bench.place.widget.mime), names="number")
    return bench


def wait_for(bench, happened):
    """Wait until something has happened while it plays."""
    for _ in range(1000):
        if happened():
            return
        assert not bench.runner.idle.is_set(), bench.status.value
        time.sleep(0.01)
    raise AssertionError("It did not happen.")


def values(bench):
    return design(bench) and bench.learners.networks.values


def design(bench):
    """The network as it is when all that was changed has been taken up."""
    assert bench.runner.idle.wait(20)
    return bench.learners.networks.design


RANGES = {
    "data": list(toy_data.KINDS),
    "noise": [0.0, 1.0],
    "train_share": [0.1, 0.9],
    "features": [("x2",), tuple(FEATURES)],
    "hidden": [(), (1,), (50,), (8, 1, 50, 2, 3, 4)],
    "activation": list(ACTIVATIONS),
    "learning_rate": [1e-4, 10.0],
    "batch_size": list(playground_form.BATCH_SIZES),
    "regularisation": list(REGULARISATIONS),
    "regularisation_rate": list(playground_form.REGULARISATION_RATES),
    "seed": [0, 9999],
    "test_points": [True, False],
}


@pytest.mark.parametrize("name", START)
def test_every_control_works_over_its_whole_range(bench, name):
    for value in RANGES[name]:
        curves = bench.run(12, **{"regularisation": "L1", name: value})
        assert curves.steps == [0, 5, 10, 12]
        assert bench.settings[name] == value
    assert not bench.status.value.startswith("<div")


def test_the_same_settings_learn_the_same_and_run_begins_afresh(bench):
    first, before = bench.run(60), values(bench).copy()
    bench.run(60, seed=1, noise=0.5)
    again = bench.run(60, **START)
    assert np.array_equal(first.metrics, again.metrics)
    assert np.array_equal(before, values(bench))
    assert repr(again).startswith("After step 60: test accuracy ")


@pytest.mark.parametrize(
    ("preset", "sizes"),
    [
        ("8 neurons", (2, 8, 1)),
        ("8 neurons, 7 features", (7, 8, 1)),
        ("3 layers of 8", (2, 8, 8, 8, 1)),
        ("44 neurons", (2, 44, 1)),
    ],
)
def test_a_preset_sets_a_network_of_the_lesson_and_leaves_nothing_behind(bench, preset, sizes):
    bench.run(5, data="circle", noise=0.3, hidden=(20, 3), features=("sin x1",), regularisation="L2")
    bench.form.use_preset(preset)
    assert design(bench).sizes == sizes
    assert bench.settings == START | playground_form.PRESETS[preset]
    assert bench.form.controls["hidden"].wide.value == (44 in sizes)


def test_the_last_feature_stays_on(bench):
    boxes = bench.form.controls["features"].boxes
    boxes["x1"].value = False
    assert boxes["x2"].disabled and not boxes["x1"].disabled
    boxes["x2"].value = False  # a page that was not yet told that it cannot
    assert bench.settings["features"] == ("x2",)
    boxes["sin x1"].value = True
    assert not any(box.disabled for box in boxes.values())
    assert design(bench).features == ("x2", "sin x1")


def test_wide_layers_have_to_be_asked_for(bench):
    first = bench.form.controls["hidden"].widths[0]
    assert first.max == 8
    bench.form.controls["hidden"].wide.value = True
    first.value = 50
    assert design(bench).hidden == (50,)
    bench.form.controls["hidden"].wide.value = False
    assert design(bench).hidden == (8,)


def test_what_has_no_effect_cannot_be_turned(bench):
    bench.form.controls["hidden"].depth.value = 0
    assert bench.form.controls["activation"].disabled
    assert "layer 1" not in bench.form.knobs()
    assert bench.form.controls["regularisation_rate"].disabled
    bench.form.controls["regularisation"].value = "L1"
    assert not bench.form.controls["regularisation_rate"].disabled


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"hidden": (51,)}, ValueError),
        ({"features": ()}, ValueError),
        ({"features": "x1"}, ValueError),
        ({"noise": 3.0}, ValueError),
        ({"activation": "swish"}, ValueError),
        ({"colour": 1}, TypeError),
    ],
)
def test_wrong_settings_are_refused_in_words_and_change_nothing(bench, wrong, error):
    with pytest.raises(error):
        bench.run(5, **wrong)
    assert bench.run(5).steps[-1] == 5


# --- Playing --------------------------------------------------------------------------------------------------------


def test_it_plays_until_paused_and_goes_on_from_there(shown):
    shown.play_button.click()
    assert shown.play_button.disabled and not shown.pause_button.disabled
    wait_for(shown, lambda: shown.steps > 20)
    shown.pause_button.click()
    assert shown.runner.idle.wait(20)
    assert shown.runner.idle.is_set() and not shown.play_button.disabled
    steps = shown.steps
    assert shown.curves.steps[-1] == steps
    assert shown.sent[-1] == "image/png" and "image/jpeg" in shown.sent
    shown.play()
    wait_for(shown, lambda: shown.steps > steps)


def test_step_takes_one_step_and_reset_starts_again_with_the_same_weights(bench):
    fresh = values(bench).copy()
    for step in (1, 2):
        bench.step_button.click()
        bench.runner.idle.wait()
        assert bench.steps == step
    assert not np.array_equal(values(bench), fresh)
    bench.form.set(learning_rate=0.5)
    bench.reset_button.click()
    assert bench.runner.idle.wait(20)
    assert bench.steps == 0 and np.array_equal(values(bench), fresh)
    assert bench.settings["learning_rate"] == 0.5


def test_changes_while_it_plays_rebuild_the_network_and_it_goes_on(shown):
    shown.pace.value = 50  # so slow that no other reason to draw anew comes first
    shown.play()
    changes = [
        ("features", ("x1", "sin x2"), (2, 8, 1)),
        ("hidden", (3, 3), (2, 3, 3, 1)),
        ("hidden", (), (2, 1)),
        ("hidden", (50, 2), (2, 50, 2, 1)),
    ]
    for name, value, sizes in changes:
        shown.form.set(**{name: value})
        drawn = f"network is {'-'.join(map(str, sizes))} "
        wait_for(shown, lambda drawn=drawn: drawn in shown.place.widget.alt)
        assert shown.learners.networks.design.sizes == sizes
    shown.pace.value = 0
    for kind in toy_data.KINDS:
        shown.form.controls["data"].value = kind
        wait_for(shown, lambda kind=kind: shown.plane.kind == kind and shown.steps > 5)
    shown.presets[2].click()
    wait_for(shown, lambda: shown.learners.networks.design.sizes == (2, 8, 8, 8, 1) and shown.steps > 600)
    shown.pause()
    assert shown.runner.error is None
    assert "2-8-8-8-1" in shown.place.widget.alt


def test_the_learning_rate_is_taken_up_without_starting_again(bench):
    bench.pace.value = 0
    bench.play()
    wait_for(bench, lambda: bench.steps > 10)
    learners = bench.learners
    seen = []
    learners.step, step = lambda **live: (seen.append(live["learning_rate"]), step(**live)), learners.step
    bench.form.controls["learning_rate"].value = 0.3
    wait_for(bench, lambda: 0.3 in seen)
    assert bench.learners is learners


def test_a_change_at_rest_is_seen_at_once(shown):
    shown.form.controls["noise"].value = 0.4
    assert design(shown) and len(shown.sent) == 1 and shown.steps == 0
    shown.form.controls["learning_rate"].value = 0.1
    assert len(shown.sent) == 1
    learners = shown.learners
    shown.form.controls["test_points"].value = True
    assert design(shown) and len(shown.sent) == 2 and shown.learners is learners


def test_it_comes_to_rest_by_itself(bench, monkeypatch):
    monkeypatch.setattr(playground, "MOST_STEPS", 30)
    for steps in (30, 60):
        bench.play()
        assert bench.runner.idle.wait(20) and bench.steps == steps


def test_what_goes_wrong_while_it_plays_is_said_in_the_page_and_raised_by_run(bench):
    def fail(**_settings):
        raise RuntimeError("the sky fell")

    bench.learners.step = fail
    bench.play()
    bench.runner.idle.wait()
    assert "the sky fell" in bench.status.value and 'role="alert"' in bench.status.value
    assert not bench.play_button.disabled
    bench.reset()
    assert bench.run(5).steps[-1] == 5


def test_weights_beyond_measure_are_said_in_words(bench):
    for beyond in (1e30, np.inf, np.nan):
        bench.reset()
        values(bench)[:] = beyond
        bench.play(until=10)
        bench.runner.idle.wait()
        # A sentence, or nothing at all where tanh still makes numbers of it; never one of NumPy's warnings.
        assert bench.runner.error is None or "the loss is not a number any more" in bench.status.value
    assert isinstance(bench.runner.error, ArithmeticError)


# --- What is seen ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", [(), (3,), (50, 8), (8,) * 6])
def test_the_map_shows_the_network_as_it_is_and_adds_no_artists(bench, hidden):
    bench.run(10, hidden=hidden, features=tuple(FEATURES), test_points=True)
    seen = bench._map()
    columns = seen.columns
    assert [column.get_array().shape[0] for column in columns] == [
        25 * shown + 3 * (shown - 1) for shown in (7, *(min(width, 8) for width in hidden))
    ]
    artists = sum(len(axes.get_children()) for axes in seen.figure.axes)
    before, words = seen.map.get_array().copy(), seen.words
    frames = live.Frames(seen, live.Place())
    for _ in range(3):
        bench._learn(20)
        frames._draw()
    assert seen.words != words and not np.array_equal(before, seen.map.get_array())
    assert sum(len(axes.get_children()) for axes in seen.figure.axes) == artists
    assert isinstance(seen, NetworkMap) and seen.picture().words == seen.words


def test_training_and_test_points_differ_in_more_than_colour(bench):
    bench.run(0, test_points=True)
    looks = [(line.get_marker(), line.get_markerfacecolor() == "white") for line in bench._map().map.axes.lines]
    assert sorted(looks) == [("o", False), ("o", True), ("s", False), ("s", True)]


def test_a_long_run_keeps_the_curves_short_and_their_axis_long_enough(bench):
    bench.run(2600, hidden=(2,))
    seen = bench._map()
    assert seen.until == 4000
    for line in seen.lines:
        assert len(line.get_xdata()) <= 800
        assert line.get_xdata()[0] == 2600  # the latest is always there
    latest = [line.get_ydata()[0] for line in seen.lines]
    assert latest == pytest.approx(bench.curves.metrics[-1][[0, 2, 1, 3]])


# --- The state ------------------------------------------------------------------------------------------------------


def test_a_state_travels_as_text_and_can_hide_controls(bench, new_lab):
    bench.form.set(data="circle", features=("x1", "x2²"), hidden=(3, 30), learning_rate=0.03, seed=8)
    copy = new_lab(Playground, state=bench.to_json())
    assert copy.settings == bench.settings
    assert np.array_equal(values(copy), values(bench))
    hiding = new_lab(Playground, state=json.dumps({"hidden": [5], "hide": ["hidden", "seed", "features"]}))
    assert set(hiding.form.knobs()) == {
        *("data", "noise", "training share", "activation", "learning rate", "batch size", "regularisation", "its rate"),
        "show the test points",
    }
    assert hiding.form.controls["features"].boxes["x1"] not in [
        each for row in playground_form.rows(hiding.form) for each in row.children
    ]
    assert new_lab(Playground, state=hiding.to_json()).form.hidden_names == ("hidden", "seed", "features")


@pytest.mark.parametrize("wrong", ["{", "[]", '{"hide": ["colour"]}', '{"noise": "much"}', '{"colour": 1}'])
def test_a_text_that_is_no_state_is_refused_in_words(new_lab, wrong):
    with pytest.raises((ValueError, TypeError), match=r"playground|no control|cannot be set|no setting"):
        new_lab(Playground, state=wrong)


def test_the_page_shows_the_controls_and_keeps_a_table(bench, monkeypatch):
    shown = []
    monkeypatch.setattr(controls, "display", lambda bundle, **_options: shown.append(bundle))
    monkeypatch.setattr(bench.place.handle, "display", lambda bundle, **_options: shown.append(bundle))
    bench._ipython_display_()
    assert "layer 1 8 (1 to 8)" in shown[0]["text/plain"] and "x1² off (on, off)" in shown[0]["text/plain"]
    assert "layer 2" not in shown[0]["text/plain"]
    assert "image/png" in shown[1]
    bench.state_button.click()
    assert "learning_rate" in bench.output.value
