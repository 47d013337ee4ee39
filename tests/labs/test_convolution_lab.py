"""The convolution lab without a page: the form, runs, panels, and code that makes the same run."""

import json

import numpy as np
import pytest

from helpers import convolutional, data
from helpers.data import Dataset
from helpers.labs.convolution_form import PRESETS, START, design_of
from helpers.labs.convolution_lab import ConvolutionLab

QUICK = {"filters_1": 3, "filters_2": 4, "hidden": 8, "steps": 20}


@pytest.fixture(scope="module")
def small(mnist):
    return Dataset(mnist.train[:2000], mnist.test[:1000], mnist.train[2000:3000])


@pytest.fixture
def bench(new_lab, small):
    return new_lab(ConvolutionLab, small, test_every=10)


def test_it_begins_with_the_lesson_s_network(bench, small):
    assert design_of(bench.settings, small) == convolutional.Design()
    assert bench.settings == START
    assert "108,874 parameters: 28 × 28 → 12 × 12 × 16 → 10 × 10 × 32 → 5 × 5 × 32 → 128 → 10" in drawn(bench)


def test_it_takes_data_of_fewer_classes(new_lab, small):
    few = small.train.labels < 3
    mine = data.from_arrays(small.train.images[few], small.train.labels[few], validation=50)
    assert new_lab(ConvolutionLab, mine).settings["digit"] == 2


def drawn(lab):
    return lab.form.beside[0].value


def test_every_preset_can_be_chosen_and_makes_a_network(bench, small):
    for name in PRESETS:
        bench.form.use_preset(name)
        assert design_of(bench.settings, small).parameters > 1000


def test_a_layer_of_no_filters_is_left_out_and_offers_nothing(bench, small):
    bench.form.set(filters_1=0)
    assert [layer.size for layer in design_of(bench.settings, small).convolutions] == [3]
    assert all(bench.controls[f"{name}_1"].disabled for name in ("size", "stride", "pool"))
    bench.form.set(filters_1=2)
    assert not bench.controls["size_1"].disabled


def test_what_cannot_be_is_said_beside_the_controls_and_when_it_is_trained(bench):
    bench.form.set(**QUICK, size_1=9, stride_1=4, pool_1=True, size_2=5)
    assert "Layer 2 cannot be" in drawn(bench)
    with pytest.raises(ValueError, match="Layer 2 cannot be"):
        bench.run()
    bench.form.set(size_2=1, pool_2=False)
    assert bench.run().ended == "finished"


def test_the_shown_code_is_never_that_of_another_network(bench):
    shown, code = bench.kept.output, next(each for each in bench.kept.buttons if "code" in each.description)
    cannot_be = {"size_1": 9, "stride_1": 4, "size_2": 9}
    code.click()
    assert "def model(x" in shown.value
    bench.form.set(**cannot_be)
    assert shown.value.startswith("Layer 2 cannot be") and not bench.status.is_alert
    bench.form.use_preset("this lesson")
    assert "def model(x" in shown.value
    bench.kept.buttons[2].click()  # as CSV
    bench.form.set(**cannot_be)
    code.click()
    assert shown.value.startswith("Layer 2 cannot be") and not bench.status.is_alert


def test_runs_follow_their_settings_and_the_same_ones_repeat(bench):
    first = bench.run(**QUICK)
    again = bench.run(**QUICK)
    assert np.array_equal(first.train_loss, again.train_loss)
    assert first.notes["filters"] == "3 of 5 × 5, stride 2; 4 of 3 × 3, pooled"
    for change in ({"seed": 1}, {"shuffled": True}, {"dropout": 0.5}, {"shift": 1}, {"filters_2": 0}):
        bench.form.use_preset("this lesson")
        other = bench.run(**QUICK | change)
        assert other.ended == "finished"
        assert not np.array_equal(first.train_loss, other.train_loss), change


def test_shuffled_pixels_are_the_same_images(bench, small):
    bench.run(**QUICK, shuffled=True)
    here = bench.source.arrangements[True].validation.images.reshape(-1, 784)
    assert np.array_equal(np.sort(here), np.sort(small.validation.images.reshape(-1, 784)))
    assert not np.array_equal(here, small.validation.images.reshape(-1, 784))


def test_it_judges_by_validation_images_and_leaves_the_test_set_alone(bench, small):
    history = bench.run(**QUICK)
    assert len(history.validation_accuracy) == 2
    assert len(bench.source.dataset.test) == 0 and not len(history.test_accuracy)
    with pytest.raises(ValueError, match=r"holds none out\. Load it by data\.load_mnist\(validation=5000\)"):
        ConvolutionLab(Dataset(small.train, small.test))


def test_the_panels_look_at_the_chosen_digit(bench, small):
    assert all(bench.panel(name) is None for name in bench.panels)
    bench.run(**QUICK)
    for digit in (3, 4):
        bench.form.set(digit=digit)
        maps = bench.panel("feature maps")
        assert np.array_equal(
            maps.digit.get_array() * 255, small.validation.images[np.argmax(small.validation.labels == digit)]
        )
    assert "layer 1: 3 maps of 12 × 12" in maps.words and "reads" in maps.words
    assert "The 3 filters of layer 1" in bench.panel("filters").words
    assert "validation images" in bench.panel("validation mosaic").words
    bench.run(**QUICK | {"filters_1": 0, "filters_2": 0})
    assert bench.panel("feature maps") is None and bench.panel("filters") is None


@pytest.mark.parametrize("change", [{}, {"dropout": 0.0, "shift": 1, "filters_2": 0}, {"shuffled": True}])
def test_the_code_makes_the_same_run(bench, small, monkeypatch, change):
    history = bench.run(**QUICK | change)
    monkeypatch.setattr("helpers.data.load_mnist", lambda validation=0: small)
    monkeypatch.setattr("helpers.data.MNIST_COUNTS", (3000, 1000))
    names = {}
    exec(bench.code(), names)
    assert np.allclose(names["history"].train_loss, history.train_loss, atol=1e-5)


def test_the_code_on_a_part_of_mnist_says_so(bench, small):
    assert "load_mnist" not in bench.code()
    assert "# my_data: what the lab was made with, 2,000 images to train on, not all of MNIST\n" in bench.code()
    names = {"my_data": small}
    exec(bench.code().split("history = ")[0], names)
    assert names["images"] is small


def test_state_travels_as_text(bench, new_lab, small):
    bench.form.set(**QUICK, pool_1=True, shuffled=True)
    other = new_lab(ConvolutionLab, small, state=bench.to_json())
    assert other.settings == bench.settings
    for wrong in ({"filters_1": 65}, {"pool_1": 1}, {"filters_3": 2}, {"dropout": 1.0}):
        with pytest.raises((ValueError, TypeError)):
            new_lab(ConvolutionLab, small, state=json.dumps(wrong))
