"""Labs are composed: what an instructor can make of the parts, and that no lab overrides another."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import tensorflow as tf

from helpers import data, training
from helpers.labs import convolution_lab, init_lab, lab, network_lab, numpy_lab, remedy_lab, training_lab
from helpers.labs.network_lab import NetworkLab
from helpers.labs.training_lab import TrainingLab

CONTRIBUTING = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"
LABS = (
    training_lab.TrainingLab,
    network_lab.NetworkLab,
    init_lab.InitLab,
    numpy_lab.NumpyLab,
    remedy_lab.RemedyLab,
    convolution_lab.ConvolutionLab,
)


def test_no_lab_overrides_anything():
    for kind in LABS:
        assert kind.__mro__[1] is lab.Lab
        assert set(vars(kind)) & set(vars(lab.Lab)) <= {"__init__", "__doc__", "__module__", "__firstlineno__"}
        assert {name for name in vars(kind) if name in dir(lab.Lab) and not name.startswith("__")} == set()


def test_a_lab_takes_another_loss_another_rhythm_of_tests_and_presets_of_ones_own(new_lab, small, new_model):
    presets = {"slow": {"learning_rate": 0.01}, "fast": {"learning_rate": 1.0, "steps": 60}}
    options = {"loss": training.sum_cross_entropy, "test_every": 20, "presets": presets}
    for bench in (new_lab(TrainingLab, small, new_model, **options), new_lab(NetworkLab, small, **options)):
        bench.presets[1].click()
        history = bench.run(learning_rate=0.001)
        assert (history.steps, history.reduction, list(history.test_steps)) == (60, "sum", [20, 40, 60])
        assert [button.description for button in bench.presets] == ["slow", "fast"]


def test_a_state_travels_between_labs_of_one_kind(new_lab, small, new_model):
    first = new_lab(TrainingLab, small, new_model, learning_rate=0.03)
    assert new_lab(TrainingLab, small, new_model, state=first.to_json()).settings == first.settings


def test_every_lab_exports_its_runs(new_lab, small, new_model):
    bench = new_lab(TrainingLab, small, new_model, test_every=20)
    bench.run(steps=60)
    rows = list(csv.DictReader(io.StringIO(bench.kept.to_csv())))
    assert [row["step"] for row in rows] == ["20", "40", "60"]


def test_a_new_panel_is_added_in_one_place(new_lab, small, monkeypatch):
    seen = []

    class Panel:
        def __init__(self, weights):
            seen.append(weights()[0].shape)

    monkeypatch.setitem(network_lab.PANELS, "mine", lambda inside: Panel(inside.weights))
    bench = new_lab(NetworkLab, small)
    assert "mine" in bench.panels and bench.panel("mine") is None
    bench.run(hidden=(5,), steps=20)
    bench.panel("mine")
    assert seen == [(784, 5)]


def test_a_rate_moved_while_the_network_compiles_is_the_first_one_used(new_lab, small):
    W = tf.Variable(tf.zeros([784, 10]))

    def build():
        bench.controls["learning_rate"].value = 0.01
        return lambda x: x @ W

    bench = new_lab(TrainingLab, small, build)
    history = bench.run(learning_rate=0.5, steps=20)
    assert history.rates == [(1, 0.01)]
    assert np.abs(W.numpy()).max() < 0.1


def test_the_lab_that_contributing_shows_works(new_lab, small, monkeypatch):
    section = CONTRIBUTING.read_text().split("## A lab of your own")[1]
    code = re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]
    assert len([line for line in code.splitlines() if line]) <= 5
    monkeypatch.setattr("helpers.data.load_mnist", lambda: small)
    names = {}
    exec(code, names)
    bench = new_lab(lambda: names["bench"])
    bench.presets[1].click()
    history = bench.run(hidden=(5,), steps=500)
    assert history.notes["start"] == "He" and list(history.test_steps[:2]) == [50, 100]


def test_a_network_lab_takes_data_of_ones_own(new_lab):
    labels = np.arange(900) % 3
    images = np.random.default_rng(0).integers(0, 100, (900, 6, 5)).astype(np.uint8)
    images[np.arange(900), labels] += 120  # a bright row says what it is
    bench = new_lab(NetworkLab, data.from_arrays(images, labels), "lesson 03")
    for box in bench.panels.values():
        box.value = True
    history = bench.run(hidden=(8,), steps=500)
    assert history.test_accuracy[-1] > 0.9
    assert "30-8-3" in bench.form.beside[0].value
    assert all(bench.panel(name) is not None for name in bench.panels)
    assert "my_data" in bench.code() and "[30, 8]" in bench.code()
