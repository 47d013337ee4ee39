"""The network lab without a page: the form, every control over its range, runs that are kept, panels and code."""

import csv
import gc
import io
import json
import re
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest
from factories import ENDLESS

from helpers import networks, training
from helpers.data import Dataset
from helpers.labs import init_lab, network_form, network_lab
from helpers.labs.network_lab import NetworkLab, design_of
from helpers.plots import live

pytestmark = pytest.mark.usefixtures("plain_tensorflow")
QUICK = {
    "hidden": (12, 8),
    "activation": "ReLU",
    "initialisation": "truncated normal",
    "std": 0.1,
    "learning_rate": 0.3,
    "batch_size": 100,
    "steps": 60,
    "seed": 0,
}


@pytest.fixture(scope="module")
def compiled():
    """The networks of all labs here, once they are compiled, which takes longer than to train them."""
    return {}


@pytest.fixture
def bench(new_lab, small, compiled):
    made = new_lab(NetworkLab, small, "lesson 02")
    made.source.compiled = compiled
    return made


def weights(lab):
    network = lab.source.inside.network
    return [variable.numpy() for variable in (*network.weights, *network.biases)]


def set_all(lab, settings):
    lab.form.set(**settings)


def test_a_preset_sets_the_network_of_its_lesson(bench):
    sizes = {"lesson 01": (784, 10), "lesson 02": (784, 200, 100, 60, 30, 10), "lesson 03": (784, 200, 100, 60, 30, 10)}
    for name, expected in sizes.items():
        bench.form.use_preset(name)
        assert design_of(bench.settings).sizes == expected
    assert (design_of(bench.settings).activation, design_of(bench.settings).std) == ("ReLU", pytest.approx(0.1))
    bench.form.use_preset("lesson 06")
    assert str(design_of(bench.settings)) == "784-500-500-10, ReLU, He"
    with pytest.raises(ValueError, match="no preset 'lesson 99'"):
        bench.form.use_preset("lesson 99")


def test_presets_leave_nothing_behind(bench):
    set_all(bench, QUICK)
    bench.form.use_preset("lesson 01")
    first = bench.settings
    bench.form.use_preset("lesson 03")
    bench.form.use_preset("lesson 01")
    assert bench.settings == first


def test_every_control_trains_over_its_whole_range(bench):
    ranges = {
        "hidden": [(), (1,), (500,), (3,) * 6],
        "activation": list(networks.ACTIVATIONS),
        "initialisation": list(networks.INITIALISATIONS),
        "std": [1e-4, 1.0],
        "learning_rate": [0.5, 1e-4],  # the large one where weights are small
        "batch_size": [1000, 10],
        "seed": [0, 9999],
    }
    for turn in range(max(map(len, ranges.values()))):  # all controls at once: what takes its time is a new network
        settings = {name: values[turn % len(values)] for name, values in ranges.items()}
        assert bench.run(**{**QUICK, **settings}).ended == "finished", settings


def test_what_makes_no_sense_cannot_be_chosen(bench):
    bench.form.set(initialisation="He")
    assert bench.form.controls["std"].disabled
    bench.form.set(initialisation="constant")
    assert not bench.form.controls["std"].disabled
    bench.form.set(hidden=())
    assert bench.form.controls["activation"].disabled
    assert [slider.layout.visibility for slider in bench.form.controls["hidden"].widths] == ["hidden"] * 6
    for wrong in [(0,), (501,), (5,) * 7, ("many",)]:
        with pytest.raises(ValueError):
            bench.form.set(hidden=wrong)


def test_the_drawing_says_how_many_parameters_there_are(bench):
    bench.form.set(hidden=(20,))
    assert f"{784 * 20 + 20 + 20 * 10 + 10:,} parameters: 784-20-10" in bench.form.beside[0].value


def test_the_same_settings_give_the_same_run_bit_for_bit_whatever_came_between(bench):
    first, before = bench.run(**QUICK), weights(bench)
    bench.run(**{**QUICK, "seed": 1})
    again, after = bench.run(**QUICK), weights(bench)
    assert np.array_equal(first.train_loss, again.train_loss)
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))
    assert not np.array_equal(first.train_loss, bench.histories[1].train_loss)


def test_the_sample_that_panels_look_at_is_put_on_the_device_once(bench):
    bench.run(**QUICK)
    before = training.on_device.cache_info().misses
    for _ in range(2):
        bench.run(**QUICK)
    assert training.on_device.cache_info().misses == before


def test_known_sizes_are_not_compiled_again_and_few_are_kept(bench):
    bench.source.compiled = {}
    bench.run(**QUICK)
    network = bench.source.inside.network
    bench.run(**{**QUICK, "std": 0.2, "initialisation": "He"})
    assert bench.source.inside.network is network
    for width in range(1, network_lab.NETWORKS_KEPT + 1):
        bench.run(**{**QUICK, "hidden": (width,)})
    assert len(bench.source.compiled) == network_lab.NETWORKS_KEPT
    forgotten = weakref.ref(network.weights[0])
    del network
    gc.collect()
    assert forgotten() is None


def test_the_shown_code_makes_and_trains_this_very_network(bench, small, monkeypatch):
    monkeypatch.setattr("helpers.data.load_mnist", lambda: small)
    monkeypatch.setattr("helpers.data.MNIST_COUNTS", (2000, 1000))
    for change in ({"initialisation": "Glorot", "activation": "tanh"}, {"hidden": ()}):
        history = bench.run(**{**QUICK, **change})
        pasted = {}
        exec(bench.code(), pasted)
        assert np.array_equal(pasted["history"].train_loss, history.train_loss)
        assert np.array_equal(pasted["W1"].numpy(), bench.source.inside.network.weights[0].numpy())


def test_without_test_images_it_is_judged_by_those_held_out(new_lab, small, monkeypatch):
    held_out = Dataset(small.train[:1500], small.test, small.train[1500:])
    bench = new_lab(NetworkLab, Dataset(held_out.train, small.test[:0], held_out.validation), "lesson 02")
    history = bench.run(**QUICK)
    assert not len(history.test_accuracy) and len(history.validation_accuracy)
    assert "validation accuracy" in bench.chart().words and "validation images" in bench.chart().key.get_text()
    monkeypatch.setattr("helpers.data.load_mnist", lambda validation: held_out)
    monkeypatch.setattr("helpers.data.MNIST_COUNTS", (2000, 1000))
    pasted = {}
    exec(bench.code(), pasted)
    assert np.array_equal(pasted["history"].train_loss, history.train_loss)
    assert not len(pasted["history"].test_accuracy)
    assert "validation images" in bench.panel("validation mosaic").words
    assert bench.panels["validation mosaic"].description == "validation mosaic" and "test mosaic" not in bench.panels
    starts = new_lab(init_lab.InitLab, bench.source.data)
    starts.run(steps=20)
    assert "validation accuracy" in starts.chart().words


def test_the_shown_code_on_a_part_of_mnist_says_so(new_lab, mnist, small):
    assert "\nimages = data.load_mnist()\n" in new_lab(NetworkLab, mnist).code()
    parts = Dataset(mnist.train[:5000], mnist.test), Dataset(mnist.train[:59_000], mnist.test, mnist.train[:500])
    for part in (*parts, Dataset(mnist.train, mnist.test[:1000])):
        code = new_lab(NetworkLab, part).code()
        assert "load_mnist" not in code and "\nimages = my_data\n" in code
        assert f"what the lab was made with, {len(part.train):,} images to train on, not all of MNIST\n" in code


@pytest.mark.parametrize(
    ("loss", "name"), [(training.sum_cross_entropy, "training.sum_cross_entropy"), (abs, "my_loss")]
)
def test_the_shown_code_names_another_loss(small, new_lab, loss, name):
    assert f"\n    loss={name},\n" in new_lab(NetworkLab, small, loss=loss).code()
    assert "loss=" not in new_lab(NetworkLab, small).code()


def test_a_batch_of_more_images_than_there_are_is_answered_in_words(new_lab, small):
    bench = new_lab(NetworkLab, Dataset(small.train[:300], small.test))
    with pytest.raises(ValueError, match="A batch of 500 cannot be drawn from 300"):
        bench.run(**QUICK | {"batch_size": 500})


def test_step_goes_on_with_a_stopped_run_and_train_starts_afresh(bench):
    set_all(bench, {**QUICK, "steps": 10_000})
    steps = []
    for _ in range(2):
        bench.start(chunks=1)
        bench.runner.idle.wait()
        steps += [history.step for history in bench.histories]
    assert steps[0] == training.FIRST < steps[1] <= training.FIRST + training.CHUNK
    assert len(steps) == 2
    bench.form.set(seed=5)
    bench.start(chunks=1)
    bench.runner.idle.wait()
    assert [history.step for history in bench.histories] == [steps[1], training.FIRST]


def test_stepping_through_a_run_equals_training_it(bench):
    whole = bench.run(**QUICK)
    while len(bench.histories) < 2 or bench.histories[-1].ended != "finished":
        bench.start(chunks=1)
        bench.runner.idle.wait()
    assert len(bench.histories) == 2
    assert np.array_equal(bench.histories[1].train_loss, whole.train_loss)


def test_runs_can_be_hidden_deleted_and_exported(bench):
    bench.run(**QUICK)
    bench.run(**{**QUICK, "seed": 1})
    bench.kept.show(1, shown=False)
    assert bench.chart().runs == bench.histories[1:]
    rows = list(csv.DictReader(io.StringIO(bench.kept.to_csv())))
    assert [row["run"] for row in rows] == ["1", "2"]
    assert float(rows[0]["test_accuracy"]) == pytest.approx(float(bench.histories[0].test_accuracy[-1]))
    bench.kept.show(1)
    assert bench.chart().runs == bench.histories
    bench.kept.delete(1)
    assert [run.seed for run in bench.histories] == [1]
    with pytest.raises(ValueError, match="no run 7"):
        bench.kept.delete(7)


def test_a_state_travels_as_text_and_can_hide_controls(bench, new_lab, small):
    set_all(bench, QUICK)
    copy = new_lab(NetworkLab, small, state=bench.to_json())
    assert copy.settings == bench.settings
    hiding = new_lab(NetworkLab, small, state=json.dumps({"hidden": [5], "hide": ["hidden", "seed"]}))
    assert not {"hidden layers", "neurons in layer 1", "seed"} & set(hiding.form.knobs())
    assert new_lab(NetworkLab, small, state=hiding.to_json()).form.hidden_names == ("hidden", "seed")
    for wrong in ("{", '{"hide": ["colour"]}', '{"std": "wide"}', '{"colour": 1}'):
        with pytest.raises((ValueError, TypeError)):
            new_lab(NetworkLab, small, state=wrong)


def test_every_panel_shows_the_network_as_it_is(bench):
    assert [bench.panel(name) for name in bench.panels] == [None] * 4
    bench.run(**QUICK)
    for name in bench.panels:
        panel = bench.panel(name)
        before = panel.words
        artists = sum(len(axes.get_children()) for axes in panel.figure.axes)
        frames = live.Frames(panel, live.Place())
        trained = bench.source.inside.network.weights[0].numpy()
        for step in range(20):
            bench.source.inside.network.weights[0].assign_add(np.full((784, 12), 0.01 * step, np.float32))
            frames._draw()
        assert panel.words != before, name
        assert sum(len(axes.get_children()) for axes in panel.figure.axes) == artists, name
        assert panel.picture().words == panel.words, name
        bench.source.inside.network.weights[0].assign(trained)


def test_panels_of_a_network_without_hidden_layers(bench):
    bench.run(**{**QUICK, "hidden": ()})
    assert bench.panel("saturated and dead") is None
    assert "Inside the 1 layers" in bench.panel("inside the layers").words


def test_panels_may_be_chosen_while_it_trains(bench):
    drawn = []
    for name, place in bench.panel_places.items():
        place.show()
        place.widget.observe(lambda change, n=name: change["new"] and drawn.append(n), names="image")
    set_all(bench, {**QUICK, "steps": ENDLESS})
    bench.start()
    for name in bench.panels:
        bench.panels[name].value = True
    while not set(bench.panels) <= set(drawn):
        assert not bench.runner.idle.wait(0.01), bench.status.value
    bench.reset()
    assert bench.runner.error is None
    assert bench.histories == []


def test_changing_the_width_while_it_trains_is_safe(bench):
    bench.form.set(steps=ENDLESS)
    bench.start()
    while not bench.histories or not bench.histories[-1].step:
        assert not bench.runner.idle.wait(0.01), bench.status.value
    bench.form.set(hidden=(7,))
    bench.start()
    while len(bench.histories) < 2 or not bench.histories[-1].step:
        assert not bench.runner.idle.wait(0.01), bench.status.value
    bench.stop()
    assert [run.notes["hidden"] for run in bench.histories] == ["200-100-60-30", "7"]
    assert [run.ended for run in bench.histories] == ["stopped", "stopped"]


def test_two_labs_do_not_disturb_one_another(new_lab, small):
    labs = [new_lab(NetworkLab, small) for _ in range(2)]
    for seed, lab in enumerate(labs):
        set_all(lab, {**QUICK, "seed": seed})
        lab.start()
    for lab in labs:
        lab.runner.idle.wait()
    together = [lab.histories[0].train_loss for lab in labs]
    assert not np.array_equal(*together)
    for lab, loss in zip(labs, together, strict=True):
        assert np.array_equal(lab.run().train_loss, loss)


def test_the_buttons_answer_in_the_page(bench):
    bench.run(**QUICK)
    buttons = {button.description: button for button in bench.kept.buttons}
    buttons["Runs as CSV"].click()
    assert 'download="runs.csv"' in bench.kept.output.value
    buttons["Show me the code"].click()
    assert "def model(x):" in bench.kept.output.value
    bench.form.set(hidden=(9,))
    assert "W1 = " in bench.kept.output.value and "[784, 9]" in bench.kept.output.value  # it follows the controls
    buttons["State as text"].click()
    bench.form.set(learning_rate=0.123)
    assert "&quot;learning_rate&quot;: 0.123" in bench.kept.output.value
    buttons["Runs as CSV"].click()
    bench.form.set(learning_rate=0.3)
    assert "runs.csv" in bench.kept.output.value
    buttons["Delete"].click()
    assert bench.histories == []
    bench.presets[0].click()
    assert design_of(bench.settings).hidden == ()


def test_a_learning_rate_far_too_high_is_said_in_the_page_and_raised_by_run(bench):
    with pytest.raises(ArithmeticError, match="The loss became"):
        bench.run(**{**QUICK, "hidden": (50, 50, 50), "std": 1.0, "learning_rate": 10.0, "steps": 10_000})
    assert "DivergedError" in bench.status.value
    assert bench.histories[-1].ended == "diverged"


@pytest.mark.slow  # that a network is forgotten is also held above
def test_memory_does_not_grow_over_many_rebuilds(in_new_process):
    source = """
from helpers import data
from helpers.labs.network_lab import NetworkLab
mnist = data.load_mnist()
lab = NetworkLab(data.Dataset(mnist.train, mnist.test[:1000]))
def megabytes(): return int(open("/proc/self/statm").read().split()[1]) * 4096 / 1e6
for width in range(20, 23): lab.run(hidden=(width, 20), steps=500)
before = megabytes()
for width in range(40, 46): lab.run(hidden=(width, 20), steps=500)
print(megabytes() - before)
"""
    done = in_new_process(source)
    assert done.returncode == 0, done.stderr
    # TensorFlow never forgets what XLA compiled, 3.6 MB for each of these networks, and has no call to make it; with
    # fragments some 65 MB in all. A copy of the images for each network would be 280 MB more.
    assert float(done.stdout.split()[-1]) < 120


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's own account of the memory")
def test_a_hundred_runs_of_three_networks_leave_the_memory_as_it_was(in_new_process):
    """With the heaps that `make lab` gives to its kernels; with Linux's own count of them it grew by 64 MB."""
    config = Path(__file__).resolve().parents[2] / "tools/jupyter_server_config.py"
    (heaps,) = re.findall(r'"MALLOC_ARENA_MAX", "(\d+)"', config.read_text(encoding="utf-8"))
    source = """
import itertools
from helpers import data
from helpers.labs.network_lab import NetworkLab
lab = NetworkLab(data.load_mnist())
def own():
    lines = open("/proc/self/smaps_rollup").read().splitlines()
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith(("Anonymous:", "Swap:")))
networks, rates = [(200, 100, 60, 30), (100,), (500, 500)], [0.1, 0.03]
for hidden, rate in itertools.islice(zip(itertools.cycle(networks), itertools.cycle(rates)), 103):
    lab.run(hidden=hidden, learning_rate=rate, steps=30)
    if len(lab.histories) == 3: before = own()
print(own() - before)
"""
    done = in_new_process(source, MALLOC_ARENA_MAX=heaps)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout.split()[-1]) < 40  # MB


def test_the_form_draws_every_depth(bench):
    for depth in range(network_form.MOST_LAYERS + 1):
        bench.form.set(hidden=(10,) * depth)
        assert bench.form.beside[0].value.count("<text") == depth + 2


def test_the_state_that_teaching_hands_out_is_one(small):
    text = (Path(__file__).resolve().parents[2] / "TEACHING.md").read_text(encoding="utf-8")
    (source,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names = {"mnist": small}
    exec(source, names)
    assert names["bench"].settings["hidden"] == (30, 30)
    assert json.loads(names["bench"].to_json())["hide"] == ["seed"]
