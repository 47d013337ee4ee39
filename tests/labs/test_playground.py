"""The playground without a page: every control over its range, playing, pausing, stepping, resetting, its state."""

import ast
import json
import re
import threading
import time
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from factories import PATIENCE, wait_until
from matplotlib.collections import LineCollection

from helpers import toy_data
from helpers.labs import controls, playground, playground_form, playground_frames, playground_page
from helpers.labs.playground import Playground
from helpers.labs.playground_form import START
from helpers.small_designs import SmallDesign
from helpers.small_networks import ACTIVATIONS, OPTIMISERS, REGULARISATIONS, Learners, SmallNetworks
from helpers.toy_data import FEATURES


@pytest.fixture
def bench(new_lab):
    return new_lab(Playground)


@pytest.fixture
def shown(bench):
    return with_a_page(bench)


def with_a_page(bench):
    """The playground with a page that sees every frame at once; `sent` keeps them, `stills` the still pictures."""
    bench.sent, bench.stills = [], []
    bench.page.place.shown = True
    update = lambda _self, bundle, **_options: bench.stills.append(bundle)  # noqa: E731
    bench.page.place.handle = type("Handle", (), {"update": update, "display": update})()
    put = bench.view.put

    def see(**traits):
        put(**traits)
        bench.sent.append(traits)
        bench.view.seen = bench.view.number

    bench.view.put = see
    bench.wishes.look_changed = True
    bench.runner.wake()
    settle(bench)
    return bench


def settle(bench):
    """Wait until what was wished for is there."""
    assert bench.runner.idle.wait(PATIENCE)


def wait_for(bench, happened):
    """Wait until something has happened while it plays."""
    wait_until(lambda: happened() or bench.runner.idle.is_set())
    assert happened(), bench.page.status.value


def values(bench):
    settle(bench)
    return bench.learners.networks.values


def array(bench, name, kind=np.float32):
    return np.frombuffer(getattr(bench.view, name), kind)


RANGES = {
    "data": [*toy_data.KINDS, *toy_data.REGRESSIONS],
    "new_points": [0, 3],
    "noise": [0.0, 1.0, 3.0],
    "train_share": [0.1, 0.9],
    "features": [("x2",), tuple(FEATURES)],
    "hidden": [(), (1,), (50,), (8, 1, 50, 2, 3, 4)],
    "activation": list(ACTIVATIONS),
    "learning_rate": [1e-5, 10.0],
    "optimiser": list(OPTIMISERS),
    "batch_size": list(playground_form.BATCH_SIZES),
    "regularisation": list(REGULARISATIONS),
    "regularisation_rate": [1e-4, 0.007, 10.0],
    "seed": [0, 9999],
    "start": [0, 99],
    "test_points": [True, False],
    "discretise": [True, False],
}


@pytest.mark.parametrize("name", START)
def test_every_control_works_over_its_whole_range(bench, name):
    for value in RANGES[name]:
        curves = bench.run(12, **{"regularisation": "L1", name: value})
        assert curves.steps == [0, 5, 10, 12]
        assert bench.settings[name] == value
    assert bench.page.status.value == ""


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
def test_a_preset_sets_a_network_of_the_lesson_and_leaves_the_points(bench, preset, sizes):
    assert bench.settings == START
    points = {"data": "circle", "noise": 0.3, "seed": 4}
    bench.run(5, **points, hidden=(20, 3), features=("sin x1",), regularisation="L2", optimiser="gradient descent")
    before = bench.plane.train.x
    bench.form.use_preset(preset)
    settle(bench)
    assert bench.learners.networks.design.sizes == sizes
    assert bench.settings == START | points | playground_form.PRESETS[preset]
    assert np.array_equal(bench.plane.train.x, before)
    assert tuple(bench.view.hidden) == sizes[1:-1]


def test_what_the_view_wants_the_settings_have_and_nonsense_is_put_back(bench):
    bench.view.hidden = [3, 50]
    bench.view.features = ["x2", "sin x1"]
    settle(bench)
    assert bench.settings["hidden"] == (3, 50) and bench.settings["features"] == ("x2", "sin x1")
    assert bench.learners.networks.design.sizes == (2, 3, 50, 1)
    bench.view.hidden = [51]
    bench.view.features = []
    assert bench.view.hidden == [3, 50] and bench.view.features == ["x2", "sin x1"]


def test_what_has_no_effect_cannot_be_turned(bench):
    bench.view.hidden = []
    assert bench.form.controls["activation"].disabled
    assert bench.form.controls["regularisation_rate"].disabled
    bench.form.controls["regularisation"].value = "L1"
    assert not bench.form.controls["regularisation_rate"].disabled


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"hidden": (51,)}, ValueError),
        ({"features": ()}, ValueError),
        ({"features": "x1"}, ValueError),
        ({"noise": 3.5}, ValueError),
        ({"optimiser": "SGD"}, ValueError),
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
    page = shown.page
    page.play_button.click()
    assert page.play_button.disabled and not page.pause_button.disabled
    wait_for(shown, lambda: shown.steps > 20)
    page.pause_button.click()
    settle(shown)
    assert not page.play_button.disabled and page.pause_button.disabled
    steps = shown.steps
    assert shown.curves.steps[-1] == steps and f"step {steps:,}" in shown.view.line
    assert shown.view.said == repr(shown.curves)
    shown.play()
    wait_for(shown, lambda: shown.steps > steps)


def test_step_takes_one_step_and_reset_starts_again_with_the_same_weights(bench):
    fresh = values(bench).copy()
    for step in (1, 2):
        bench.page.step_button.click()
        settle(bench)
        assert bench.steps == step
    assert not np.array_equal(values(bench), fresh)
    bench.form.set(learning_rate=0.5)
    bench.page.reset_button.click()
    assert np.array_equal(values(bench), fresh) and bench.steps == 0
    assert bench.settings["learning_rate"] == 0.5


def test_every_press_of_step_and_epoch_counts_however_quick(bench):
    for _ in range(7):
        bench.page.step_button.click()
    bench.page.epoch_button.click()  # to the end of the first, if the steps were quicker
    bench.page.epoch_button.click()
    settle(bench)
    assert bench.steps == 20 and bench.learners.epochs == 2


def test_epoch_ends_the_epoch_that_is_under_way_or_takes_a_whole_one(shown):
    shown.form.set(batch_size=30)  # of 500 points: sixteen batches, and twenty points that are left out
    for steps, epoch in ((16, 1), (32, 2)):
        shown.page.epoch_button.click()
        settle(shown)
        assert f"step {steps}, epoch {epoch} " in shown.view.line
    shown.step()
    settle(shown)
    assert "step 33, epoch 3 " in shown.view.line
    shown.form.set(batch_size=100)  # a change in mid-run: of the third epoch 470 points are left
    settle(shown)
    assert "step 33, epoch 3 " in shown.view.line
    shown.step(epoch=True)
    settle(shown)
    assert "step 37, epoch 3 " in shown.view.line
    shown.form.controls["new_points"].click()
    shown.step(epoch=True)
    settle(shown)
    assert "step 42, epoch 4 " in shown.view.line
    shown.reset()
    shown.step()
    settle(shown)
    assert "step 1, epoch 1 " in shown.view.line


def test_callbacks_return_at_once_and_the_newest_wish_wins(bench, monkeypatch):
    """While the thread is held up, nobody who presses or turns something waits, and only the last of it is done."""
    begun, may_go_on, made = threading.Event(), threading.Event(), []
    make = toy_data.make

    def slowly(kind, **settings):
        begun.set()
        may_go_on.wait(PATIENCE)
        made.append(settings["noise"])
        return make(kind, **settings)

    monkeypatch.setattr(toy_data, "make", slowly)
    bench.form.set(noise=0.1)
    assert begun.wait(PATIENCE)
    bench.play()
    for noise in (0.2, 0.3, 0.4):
        bench.form.set(noise=noise)
    bench.page.step_button.click()
    bench.page.play_button.click()
    bench.page.reset_button.click()
    assert not bench.runner.idle.is_set()
    may_go_on.set()
    settle(bench)
    assert bench.steps == 0 and bench.plane.kind == "spiral"  # Reset came last, and nothing overtook it
    assert made[0] == 0.1 and made[-1] == 0.4 and 0.2 not in made and 0.3 not in made


def test_changes_while_it_plays_rebuild_the_network_and_it_goes_on(shown):
    shown.page.pace.value = 50
    shown.play()
    changes = [
        ("features", ("x1", "sin x2"), [2, 8, 1]),
        ("hidden", (3, 3), [2, 3, 3, 1]),
        ("hidden", (), [2, 1]),
        ("hidden", (50, 2), [2, 50, 2, 1]),
    ]
    for name, value, sizes in changes:
        shown.form.set(**{name: value})
        wait_for(shown, lambda sizes=sizes: shown.view.design["sizes"] == sizes)
    shown.page.pace.value = 0
    for kind in RANGES["data"]:
        shown.form.controls["data"].value = kind
        wait_for(shown, lambda kind=kind: shown.plane.kind == kind and shown.steps > 5)
    shown.page.presets[2].click()
    wait_for(shown, lambda: shown.learners.networks.design.sizes == (2, 8, 8, 8, 1) and shown.steps > 600)
    shown.pause()
    assert shown.runner.error is None
    assert "2-8-8-8-1" in shown.view.alt and shown.view.line.startswith("2-8-8-8-1, 177 parameters")


def test_rate_and_optimiser_are_taken_up_without_starting_again(bench):
    bench.page.pace.value = 0
    bench.play()
    wait_for(bench, lambda: bench.steps > 10)
    learners, seen = bench.learners, [set()]
    learners.step, step = lambda **live: (seen.append(set(live.values())), step(**live)), learners.step
    bench.form.controls["learning_rate"].value = 0.3
    wait_for(bench, lambda: 0.3 in seen[-1])
    bench.form.controls["optimiser"].value = "gradient descent"
    wait_for(bench, lambda: "gradient descent" in seen[-1])
    bench.form.controls["optimiser"].value = "Adam"
    wait_for(bench, lambda: "Adam" in seen[-1])
    assert bench.learners is learners


def test_a_change_at_rest_is_seen_at_once(shown):
    learners, frames = shown.learners, len(shown.sent)
    shown.form.controls["test_points"].value = True
    settle(shown)
    assert len(shown.sent) == frames + 1 and shown.learners is learners
    assert len(array(shown, "points")) == 3 * 1000 and shown.view.learned == 500
    shown.form.controls["discretise"].value = True
    settle(shown)
    assert shown.view.discretise and shown.learners is learners
    shown.form.controls["learning_rate"].value = 0.1
    settle(shown)
    assert len(shown.sent) == frames + 2
    shown.form.controls["noise"].value = 0.4
    settle(shown)
    assert shown.learners is not learners and len(shown.sent) == frames + 3


def test_it_comes_to_rest_by_itself(bench, monkeypatch):
    monkeypatch.setattr(playground, "MOST_STEPS", 30)
    for steps in (30, 60):
        bench.play()
        settle(bench)
        assert bench.steps == steps


def test_what_goes_wrong_while_it_plays_is_said_in_the_page_and_raised_by_run(bench):
    def fail(**_settings):
        raise RuntimeError("the sky fell")

    bench.learners.step = fail
    bench.play()
    settle(bench)
    assert "the sky fell" in bench.page.status.value and bench.page.status.is_alert
    assert not bench.page.play_button.disabled
    bench.reset()
    assert bench.page.status.value == ""
    assert bench.run(5).steps[-1] == 5


def test_weights_beyond_measure_are_said_in_words(bench):
    for beyond in (1e30, np.inf, np.nan):
        bench.reset()
        values(bench)[:] = beyond
        bench.play(until=10)
        settle(bench)
        # A sentence, or nothing at all where tanh still makes numbers of it; never one of NumPy's warnings.
        assert bench.runner.error is None or "the loss is not a number any more" in bench.page.status.value
    assert isinstance(bench.runner.error, ArithmeticError)


@pytest.mark.parametrize("given", [False, True], ids=["its own network", "one that was handed in"])
def test_after_that_the_line_tells_of_which_step_the_loss_is(new_lab, given):
    network = SmallNetworks(SmallDesign(("x1", "x2"), (5,), "tanh"), [3])
    bench = with_a_page(new_lab(Playground, **({"network": network} if given else {})))
    bench.run(20)
    values(bench)[:] = np.nan
    bench.play(until=30)
    settle(bench)
    assert re.search(r"step (2[1-9]|30), .* · no loss any more; the last one, at step 20 · test: ", bench.view.line)
    assert bench.page.status.is_alert and not bench.page.play_button.disabled


def test_data_that_a_network_of_yours_cannot_be_measured_on_leave_the_reason_on_the_page(new_lab):
    network = SmallNetworks(SmallDesign(("x1", "x2"), (8, 8), "tanh", "regression"), [3])
    bench = with_a_page(new_lab(Playground, network=network))
    bench.run(5)
    network.values[:] = np.nan
    for name, value in (("noise", 0.3), ("discretise", True)):
        bench.form.set(**{name: value})
        settle(bench)
        assert "the loss is not a number any more" in bench.page.status.value
    bench.reset()
    assert bench.page.status.value == "" and bench.steps == 0


def test_presses_of_step_that_wait_are_forgotten_by_reset_pause_and_play(bench):
    bench.step()
    bench.reset()
    bench.step()
    settle(bench)
    assert bench.steps == 1
    bench.form.set(batch_size=1)
    bench.step(epoch=True)
    bench.step(epoch=True)
    bench.pause()
    assert bench.steps < 400  # an epoch has 250
    steps = bench.steps
    bench.step()
    settle(bench)
    assert bench.steps == steps + 1


def test_a_run_that_nobody_could_make_again_says_so_to_the_class(bench, monkeypatch):
    told = []
    tell = lambda _lab, settings, **how: told.append((settings["learning_rate"], how["moved"]))  # noqa: E731
    monkeypatch.setattr(playground.told_runs, "tell_figures", tell)
    bench.run(20, learning_rate=0.01)
    bench.form.set(learning_rate=0.3)
    bench.play(until=40)
    settle(bench)
    bench.run(20)
    bench._on_edit({"layer": 1, "to": 0, "value": 2.0})
    bench.play(until=40)
    settle(bench)
    bench.run(20, data="spiral")
    assert told == [(0.01, False), (0.3, True), (0.3, False), (0.3, True), (0.3, False)]


def test_a_playground_whose_cell_is_run_again_stops(bench):
    bench.play()
    wait_for(bench, lambda: bench.steps > 0)
    bench.end()
    settle(bench)


# --- What is seen ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", [(), (3,), (50, 8), (8,) * 6])
def test_a_frame_holds_the_network_as_it_is(shown, hidden):
    shown.run(10, hidden=hidden, features=("x1", "sin x2"))
    networks, side = shown.learners.networks, playground_frames.THUMBNAIL
    neurons = sum(min(width, 8) for width in hidden) + 1
    maps = array(shown, "maps", np.int8).reshape(neurons, side, side)
    large = array(shown, "large", np.int8).reshape(100, 100)
    assert array(shown, "weights") == pytest.approx(np.concatenate([W[0].ravel() for W in networks.weights]))
    assert array(shown, "biases") == pytest.approx(np.concatenate([b[0].ravel() for b in networks.biases]))
    assert np.array_equal(maps[-1], large[1::3, 1::3])
    for x1, x2 in ((-5.94, 5.94), (0.06, -2.94), (5.94, -5.94)):  # the middles of three points of the map
        row, column = round((6 - x2) / 0.12 - 0.5), round((x1 + 6) / 0.12 - 0.5)
        output = networks.forward(toy_data.features(np.array([[x1, x2]]), ("x1", "sin x2")))[-1].item()
        assert large[row, column] == pytest.approx(127 * output, abs=1)
    assert shown.view.design["shown"] == [min(width, 8) for width in hidden]
    assert array(shown, "feature_maps", np.int8).shape == (7 * side * side,)


def test_a_value_keeps_its_sign_on_its_way_to_the_page():
    sent = playground_frames.as_bytes(np.array([-1, -0.5, -1e-6, 0, np.nan, 1e-6, 0.5, 1], np.float32))
    assert np.frombuffer(sent, np.int8).tolist() == [-127, -64, -1, 0, 0, 1, 64, 127]


def test_the_neuron_that_is_looked_at_is_sent_large(shown):
    shown.run(50, hidden=(8, 8))
    side = playground_frames.THUMBNAIL
    for neuron, row in (("1:2", 2), ("2:7", 15), ("output", 16)):
        shown.view._on_hand(None, {"look": neuron}, None)
        settle(shown)
        assert shown.view.large_of == neuron
        large = array(shown, "large", np.int8).reshape(100, 100)
        thumbnail = array(shown, "maps", np.int8).reshape(-1, side, side)[row]
        assert np.array_equal(np.sign(large[1::3, 1::3]), np.sign(thumbnail)) or neuron == "output"
        assert np.corrcoef(large[1::3, 1::3].ravel(), thumbnail.ravel())[0, 1] > 0.99
    shown.view._on_hand(None, {"look": "x1x2"}, None)
    settle(shown)
    assert shown.view.large_of == "x1x2"
    shown.view._on_hand(None, {"look": "2:7"}, None)
    shown.form.set(hidden=(4,))
    settle(shown)
    assert shown.view.large_of == "output"  # there is no such neuron any more


def test_a_number_that_is_typed_is_in_the_network_and_in_the_figures(shown):
    shown.run(20, hidden=(4, 3))
    loss, steps = shown.curves.metrics[-1][0], shown.curves.steps[:]
    shown.view._on_hand(None, {"edit": {"layer": 2, "from": 1, "to": 2, "value": -3.5}}, None)
    shown.view._on_hand(None, {"edit": {"layer": 3, "to": 0, "value": 2.0}}, None)
    settle(shown)
    networks = shown.learners.networks
    assert networks.weights[1][0, 1, 2] == -3.5 and networks.biases[2][0, 0, 0] == 2
    assert array(shown, "weights")[2 * 4 + 1 * 3 + 2] == -3.5 and array(shown, "biases")[-1] == 2
    assert shown.curves.metrics[-1][0] != loss and shown.curves.steps == steps


def test_a_number_typed_for_another_network_is_dropped(shown):
    shown.wishes.edits[3, 7, 0] = 1.0  # typed while the network was another one
    shown.form.set(hidden=(2,))
    settle(shown)
    assert shown.runner.error is None and not shown.wishes.edits


def test_a_long_run_keeps_the_curves_short_and_their_axis_long_enough(shown):
    shown.run(2600, hidden=(2,))
    assert shown.view.until == 4000
    rows = array(shown, "curves").reshape(-1, 5)
    assert 200 <= len(rows) <= 401 and rows[0, 0] == 0
    assert rows[-1] == pytest.approx([2600, *shown.curves.metrics[-1]])


def test_the_still_picture_follows_when_nothing_moves_and_nobody_holds_the_view(shown, monkeypatch):
    monkeypatch.setattr(playground_page, "AT_REST", 0.05)
    before = len(shown.stills)
    shown.page._on_held(True)
    shown.run(30)
    time.sleep(0.3)
    assert len(shown.stills) == before
    shown.page._on_held(False)
    wait_until(lambda: len(shown.stills) > before)
    (still,) = shown.stills[before:]
    assert "After step 30:" in still["text/plain"] and "image/png" in still
    assert still["application/vnd.jupyter.widget-view+json"]["model_id"] == shown.view.model_id
    shown.view._on_hand(None, {"look": "1:2"}, None)  # changes the view, but nothing that a file should keep
    settle(shown)
    time.sleep(0.3)
    assert len(shown.stills) == before + 1


@pytest.mark.parametrize("settings", [{"hidden": (50, 8), "test_points": True}, {"data": "gaussians"}, {"hidden": ()}])
def test_the_still_picture_shows_points_of_both_kinds_in_more_than_colour(bench, settings):
    bench.run(10, **settings)
    picture = bench.picture()
    (plane,) = [axes for axes in picture.figure.axes if "network says" in axes.get_title("left")]
    looks = {(line.get_marker(), line.get_markerfacecolor() == "white") for line in plane.lines}
    assert looks == {("o", hollow) for hollow in (False, True)[: 1 + bench.settings["test_points"]]} | {
        ("s", hollow) for hollow in (False, True)[: 1 + bench.settings["test_points"]]
    }
    assert repr(bench.curves) in picture.words


def test_a_line_of_the_still_picture_is_as_thick_in_every_layer_alike(bench):
    for W, weight in zip(bench.learners.networks.weights, (1.0, -2.0), strict=True):
        W[:] = weight
    collections = [each for axes in bench.picture().figure.axes for each in axes.collections]
    links = [each.get_linewidths() for each in collections if isinstance(each, LineCollection)]
    drawn = [width for widths in links if len(widths) > 1 for width in widths]  # those of the key stand alone
    assert Counter(drawn) == {1.5: 2 * 8, 3.0: 8}  # two features and eight neurons; eight neurons and the output


# --- One's own points and network -----------------------------------------------------------------------------------


def test_points_of_ones_own_are_learned_and_can_be_left_for_others(new_lab):
    random = np.random.default_rng(0)
    points = random.normal(size=(200, 2)) * 30 + 500
    labels = np.where(points[:, 0] > 500, "tall", "small")
    bench = with_a_page(new_lab(Playground, points=points, labels=labels))
    assert "small is shown as −1, tall as 1." in bench.view.line and "moved and scaled" in bench.view.line
    assert bench.run(300).metrics[-1][3] > 0.9
    assert len(bench.plane.train.y) == 100
    bench.run(5, data="circle")
    assert bench.plane.kind == "circle"
    bench.form.set(data=toy_data.OWN)
    settle(bench)
    assert bench.plane.kind == toy_data.OWN


def test_a_network_that_is_handed_in_is_watched_and_reset_puts_back_what_it_was(new_lab, monkeypatch):
    looked = threading.Event()
    sleep = lambda seconds: (looked.set(), time.sleep(seconds))  # noqa: E731
    monkeypatch.setattr(playground_page, "time", SimpleNamespace(sleep=sleep))
    network = SmallNetworks(SmallDesign(("x1", "x1x2"), (5,), "tanh"), [3])
    first = network.values.copy()
    bench = with_a_page(new_lab(Playground, network=network))
    assert bench.learners.networks is network and bench.page.presets == []
    assert {"features", "hidden", "activation"} <= set(bench.form.hidden_names)
    playground_page.watch(bench)
    assert looked.wait(PATIENCE)
    for _ in range(20):  # in a cell of the reader's
        network.step(bench.learners.train[0], bench.learners.train[1], 0.05)
    wait_until(lambda: "step 20 · " in bench.view.line)  # of how many epochs nobody knows
    settle(bench)
    assert array(bench, "biases")[-1] == network.biases[-1].item()
    loss = bench.curves.metrics[-1][0]
    network.values *= 1.5  # by hand, which makes no step
    wait_until(lambda: bench.curves.metrics[-1][0] != loss)
    assert bench.curves.metrics[-1][0] == bench.learners.measure()[0, 0]
    trained = network.values.copy()
    bench.form.set(noise=0.3)  # other points: what it has learned is kept
    assert np.array_equal(values(bench), trained)
    bench.run(10)
    bench.reset()
    assert np.array_equal(network.values, first) and network.steps == 0
    bench.end()
    bench.play(until=5)  # which the kernel's stop button has ended, and somebody works with again
    settle(bench)
    watching = bench.page.watching
    playground_page.watch(bench)  # shown a second time
    assert bench.page.watching is watching and watching.is_alive()
    network.step(bench.learners.train[0], bench.learners.train[1], 0.05)
    wait_until(lambda: "step 6 · " in bench.view.line)
    with pytest.raises(ValueError, match="as the network that was handed in has them"):
        bench.run(5, hidden=(3,))
    bench.end()  # the thread that watches ends with it


def test_run_takes_as_many_steps_as_it_is_told_behind_those_that_a_network_of_yours_has_made(new_lab):
    network = SmallNetworks(SmallDesign(("x1", "x2"), (5,), "tanh"), [3])
    network.steps = 2000
    assert new_lab(Playground, network=network).run(10).steps[-1] == 2010


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        ({"points": [[0, 1]] * 20}, ValueError, "belong together"),
        ({"network": "2-8-1"}, TypeError, "should be one of small_networks.SmallNetworks"),
        ({"network": SmallNetworks(SmallDesign(), (0, 1))}, ValueError, r"a stack of 2. Take one: network.copy\(0\)"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(wrong, error, words):
    with pytest.raises(error, match=words):
        Playground(**wrong)


def test_other_weights_meet_the_same_points_and_reset_brings_them_back(bench):
    points, first = bench.plane.train.x, values(bench).copy()
    bench.form.set(start=1)
    settle(bench)
    others = values(bench).copy()
    assert np.array_equal(bench.plane.train.x, points) and not np.array_equal(others, first)
    bench.run(3, start=1)
    bench.reset()
    assert np.array_equal(values(bench), others)
    bench.form.set(start=0)
    settle(bench)
    assert np.array_equal(values(bench), first)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_steps_are_the_optimiser_s_that_is_chosen(shown, optimiser):
    shown.form.set(optimiser=optimiser)
    settle(shown)
    assert shown.view.line.startswith(f"2-8-1, 33 parameters, {optimiser}. Press Play.")
    shown.run(20)
    alone = Learners(SmallDesign(), [toy_data.make()], [0])
    for _ in range(20):
        alone.step(START["learning_rate"], optimiser=optimiser)
    assert np.array_equal(values(shown), alone.networks.values)


@pytest.mark.parametrize(
    ("kind", "noise", "share"),
    [
        *(("spiral", 0.5, "50%"), ("circle", 2.5, "50%"), ("exclusive or", 0.25, "5%"), ("gaussians", 3.0, "50%")),
        *(("two clouds", 0.0, "7%"), ("two clouds", 3.0, "50%"), ("spiral", 3.0, "300%")),
    ],
)
def test_noise_is_told_in_the_measure_of_tensorflow_playground_too(shown, kind, noise, share):
    shown.form.set(data=kind, noise=noise)
    settle(shown)
    hint = f"Each point is moved by up to {noise:g} each way"
    assert shown.form.controls["noise"].hint == f"{hint}: {share} in TensorFlow Playground."
    assert shown.view.line.endswith(f". Noise: {share} in TF Playground.") == (noise > 0)
    shown.form.set(data="chessboard")
    assert shown.form.controls["noise"].hint == f"{hint}."


def test_new_points_meet_the_network_as_it_is_and_stay_when_it_is_reset(shown):
    shown.run(20, data="two clouds")
    points, trained, loss = shown.plane.train.x, values(shown).copy(), shown.curves.metrics[-1][2]
    shown.form.controls["new_points"].click()
    settle(shown)
    others = shown.plane.train.x
    assert not np.array_equal(others, points) and np.array_equal(values(shown), trained)
    assert array(shown, "points").reshape(-1, 3)[:, :2] == pytest.approx(others)
    assert shown.curves.steps[-1] == 20 and shown.curves.metrics[-1][2] != loss  # measured on the new ones
    shown.reset()
    assert np.array_equal(shown.plane.train.x, others) and shown.steps == 0
    shown.play()
    wait_for(shown, lambda: shown.steps > 20)
    learned = shown.steps
    shown.form.controls["new_points"].click()
    wait_for(shown, lambda: not np.array_equal(shown.plane.train.x, others) and shown.steps > learned)
    shown.pause()
    assert shown.curves.steps[0] == 0 and json.loads(shown.to_json())["new_points"] == 2


# --- The state ------------------------------------------------------------------------------------------------------


def test_a_state_travels_as_text_and_can_hide_controls(bench, new_lab):
    bench.form.set(data="circle", features=("x1", "x2²"), hidden=(3, 30), learning_rate=0.03, seed=8)
    copy = new_lab(Playground, state=bench.to_json())
    assert copy.settings == bench.settings
    assert np.array_equal(values(copy), values(bench))
    hiding = new_lab(Playground, state=json.dumps({"hidden": [5], "hide": ["hidden", "seed", "features"]}))
    assert set(hiding.form.knobs()) == {
        *("data", "noise", "training share", "activation", "learning rate", "optimiser", "batch size"),
        *("regularisation", "its rate", "New points", "other weights", "show the test points", "discretise output"),
    }
    assert {"hidden", "features"} <= set(hiding.view.offered["fixed"])
    assert new_lab(Playground, state=hiding.to_json()).form.hidden_names == ("hidden", "seed", "features")


def again(bench, new_lab, monkeypatch, **names):
    """What the cell shows that the state's text is pasted into."""
    monkeypatch.setattr(playground, "Playground", lambda **parts: new_lab(Playground, **parts))
    imported, shown = ast.parse(bench.page.state.value).body
    exec(compile(ast.Module([imported], []), "cell", "exec"), names)
    return eval(compile(ast.Expression(shown.value), "cell", "eval"), names)


def test_the_text_on_the_page_pasted_into_a_cell_makes_the_same_playground(new_lab, monkeypatch):
    hide = ["seed", "start", "new_points", "step"]
    bench = new_lab(Playground, state=json.dumps({"seed": 12, "start": 3, "hide": hide}))
    bench.form.set(**{name: values[-1] for name, values in RANGES.items() if name not in hide})
    bench.form.controls["new_points"].value = 2
    settle(bench)
    copy = again(bench, new_lab, monkeypatch)
    assert copy is not bench and copy.settings == bench.settings
    assert copy.form.hidden_names == bench.form.hidden_names and list(copy.page.row) == list(bench.page.row)
    assert np.array_equal(values(copy), values(bench))
    for part in ("train", "test"):
        assert np.array_equal(getattr(copy.plane, part).x, getattr(bench.plane, part).x)
    assert copy.page.state.value == bench.page.state.value


def test_the_text_asks_for_what_was_handed_in(new_lab, monkeypatch):
    points, labels = np.random.default_rng(0).uniform(-5, 5, (40, 2)), np.arange(40) % 2
    of_points = new_lab(Playground, points=points, labels=labels)
    copy = again(of_points, new_lab, monkeypatch, points=points, labels=labels)
    assert copy.settings == of_points.settings and np.array_equal(copy.plane.train.x, of_points.plane.train.x)
    network = SmallNetworks(SmallDesign(hidden=(3,)))
    watching = new_lab(Playground, network=network)
    copy = again(watching, new_lab, monkeypatch, network=network)
    assert copy.given is network and copy.settings == watching.settings


def test_presets_do_not_bring_back_what_is_hidden(new_lab):
    def offered(**state):
        bench = new_lab(Playground, state=json.dumps(state))
        return [each.description for each in bench.page.presets]

    assert len(offered()) == 4
    assert offered(hide=["features"]) == ["8 neurons", "3 layers of 8", "44 neurons"]
    assert offered(hidden=[2], hide=["features", "hidden"]) == []
    assert len(offered(data="circle", seed=12, hide=["data", "seed"])) == 4  # no preset is about these


def test_a_state_can_hide_buttons_and_no_preset_brings_them_back(new_lab):
    bench = with_a_page(new_lab(Playground, state='{"hide": ["play", "presets", "state"]}'))
    no_word_of_a_button = "2-8-1, 33 parameters, Adam. Loss: test "
    assert bench.view.line.startswith(no_word_of_a_button)
    for preset in playground_form.PRESETS:
        bench.form.use_preset(preset)
        assert list(bench.page.row) == ["step", "reset", "pace"]
    settle(bench)
    assert new_lab(Playground, state=bench.to_json()).form.hidden_names == ("play", "presets", "state")
    assert set(new_lab(Playground).page.row) == set(playground_form.BUTTONS)


def test_reset_and_presets_have_the_page_forget_what_was_refused(bench, monkeypatch):
    told = []
    fields = [bench.view, *(bench.form.controls[name] for name in ("noise", "seed"))]
    for each in fields:
        monkeypatch.setattr(each, "send", told.append)
    for press in (bench.page.reset_button, bench.page.presets[0]):
        press.click()
        assert told == [{"settle": True}] * len(fields)
        told.clear()
    settle(bench)


@pytest.mark.parametrize("wrong", ["{", "[]", '{"hide": ["colour"]}', '{"noise": "much"}', '{"colour": 1}'])
def test_a_text_that_is_no_state_is_refused_in_words(new_lab, wrong):
    with pytest.raises((ValueError, TypeError), match=r"playground|no control|cannot be set|no setting"):
        new_lab(Playground, state=wrong)


def test_the_page_shows_the_controls_and_keeps_a_table(bench, monkeypatch):
    shown = []
    monkeypatch.setattr(controls, "display", lambda bundle, **_options: shown.append(bundle))
    monkeypatch.setattr(bench.page.place.handle, "display", lambda bundle, **_options: shown.append(bundle))
    bench._ipython_display_()
    assert "batch size 50 (1 to 100)" in shown[0]["text/plain"]
    assert "image/png" in shown[1] and "Press Play" not in shown[1]["text/plain"]
    assert shown[1]["application/vnd.jupyter.widget-view+json"]["model_id"] == bench.view.model_id
    bench.form.set(noise=0.3, learning_rate=0.05)
    assert repr(bench.to_json()) in bench.page.state.value and '"noise": 0.3' in bench.page.state.value
    settle(bench)
    bench.end()
