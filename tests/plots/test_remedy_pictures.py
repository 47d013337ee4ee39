"""Pictures of overfitting and its remedies: they show what is there, and say it."""

import numpy as np
import pytest

from helpers import several_seeds
from helpers.data import Dataset
from helpers.networks import Design
from helpers.plots import generalise


def train(small, learning_rate):
    held_out = Dataset(small.train[:1500], small.test[:0], small.train[1500:])
    design = Design(hidden=(8,), activation="ReLU", initialisation="He")
    return several_seeds.train(
        design, held_out, seeds=2, judged_by="validation", learning_rate=learning_rate, steps=60, test_every=20
    )


@pytest.fixture
def runs(small):
    return train(small, 0.3)


def test_overfitting_marks_the_lowest_loss_of_every_seed(runs):
    runs.histories[0].validation_loss[:] = [0.5, 0.3, 0.4]
    picture = generalise.overfitting(runs)
    loss, accuracy = picture.figure.axes
    marks = [[line.get_xydata()[0] for line in axes.lines if line.get_marker() == "o"] for axes in (loss, accuracy)]
    assert marks[0][0].tolist() == pytest.approx([40, 0.3])
    assert marks[1][0].tolist() == pytest.approx([40, runs.histories[0].validation_accuracy[1]])
    assert len(marks[0]) == len(marks[1]) == 2
    assert "Seed 0: validation loss lowest at step 40 with 0.30 and accuracy" in picture.words


def test_overfitting_leaves_a_seed_out_that_diverged_before_its_first_test(runs, small):
    lost = train(small, 1e30)
    runs.histories[1] = lost.histories[1]
    picture = generalise.overfitting(runs)
    loss, _ = picture.figure.axes
    assert picture.words.startswith("Seed 0: validation loss lowest at step")
    assert picture.words.endswith("Seed 1 is left out: it diverged before its first test.")
    assert loss.get_title(loc="left") == "loss, 1 diverged: dots mark the lowest of each seed"
    assert loss.get_xlim() == (0, 60)
    runs.histories[0].validation_loss[-1] = np.nan
    assert f"; at the end {runs.histories[0].validation_loss[1]:.2f} and" in generalise.overfitting(runs).words
    assert generalise.overfitting(lost).words.count("is left out") == 2


def test_bars_show_how_sure_a_network_is_beside_how_often_it_is_right():
    sure = np.array([0.5, 0.6, 0.995, 0.999, 0.999])
    probabilities = np.stack([sure, 1 - sure], axis=1)
    picture = generalise.sure_against_right({"one": probabilities}, np.array([0, 1, 0, 0, 1]))
    heights = [bar.get_height() for bar in picture.figure.axes[0].patches]
    assert heights == pytest.approx([0.55, 0.5, np.mean([0.995, 0.999, 0.999]), 2 / 3])  # the other groups are empty
    assert [bar.get_x() + 0.19 for bar in picture.figure.axes[0].patches] == pytest.approx([-0.2, 0.2, 2.8, 3.2])
    marks = [label.get_text() for label in picture.figure.axes[0].get_xticklabels()]
    assert marks == ["below 70%\n2 images", "70 to 90%\n0 images", "90 to 99%\n0 images", "over 99%\n3 images"]
    assert "one, below 70% sure, 2 images: says 55%, is right 50%; one, over 99% sure, 3 images" in picture.words
    assert picture.words.endswith(f"one, all: says {sure.mean():.1%}, is right 60.0%.")


def test_side_by_side_has_a_point_for_each_seed_and_a_stroke_for_their_mean():
    picture = generalise.side_by_side({"plain": ([0.8, 0.9], [0.4, 0.2]), "better": ([0.92, 0.94], [0.1, 0.3])})
    accuracy, loss = picture.figure.axes
    points = [line.get_xdata() for line in accuracy.lines if line.get_marker() == "o"]
    assert [list(each) for each in points] == [[0.8, 0.9], [0.92, 0.94]]
    strokes = [line.get_xdata()[0] for line in loss.lines if line.get_linewidth() == 2]
    assert strokes == pytest.approx([0.3, 0.2])
    assert [label.get_text() for label in accuracy.get_yticklabels()] == ["plain", "better"]
    assert "plain: accuracy 85.0%, from 80.0% to 90.0%, loss 0.30; better: accuracy 93.0%" in picture.words


def test_weights_by_strength_counts_the_chosen_weights_before_those_without_l2():
    plain = np.random.default_rng(0).normal(size=(50, 4))
    picture = generalise.weights_by_strength([0, 0.01], [plain, plain * 0.001], [0.9, 0.8], [0.3, 0.5], 1)
    assert f"are {np.linalg.norm(plain) * 0.001:.1f} long together" in picture.words
    assert "100% of them are below 0.01 in size. Validation accuracy 80.0%, loss 0.50." in picture.words


def test_a_moved_digit_shows_which_pixels_differ():
    image = np.zeros((28, 28), np.uint8)
    image[10, 10] = 200
    says = {"plain": np.eye(10)[3], "moved": np.full(10, 0.1)}
    picture = generalise.moved_digit(image, np.roll(image, 1, 1), 7, says, "moved 1 right")
    assert picture.words.startswith("A 7, moved 1 right: 2 of 784 pixels differ. The network plain says 3, and gives")
    difference = picture.figure.axes[2].images[0].get_array()
    assert difference[10, 10] == -200 and difference[10, 11] == 200


def test_accuracy_by_move_says_every_point():
    picture = generalise.accuracy_by_move([-1, 0, 1], {"plain": [0.5, 0.9, 0.4], "moved": [0.9, 0.9, 0.9]}, trained=1)
    assert "plain: 50% at -1, 90% at 0, 40% at 1" in picture.words
    assert list(picture.figure.axes[0].lines[0].get_ydata()) == [0.5, 0.9, 0.4]


def test_accuracy_without_units_says_every_point():
    picture = generalise.accuracy_by_share_off([0, 0.5], {"plain": [0.9, 0.3], "dropout": [0.95, 0.8]})
    assert picture.words.endswith("plain: 90% at 0%, 30% at 50%; dropout: 95% at 0%, 80% at 50%.")
    assert [list(line.get_ydata()) for line in picture.figure.axes[0].lines] == [[0.9, 0.3], [0.95, 0.8]]


def test_nothing_is_shaded_for_networks_whose_images_never_moved():
    assert not generalise.accuracy_by_move([-1, 0, 1], {"one": [0.5, 0.9, 0.5]}, trained=0).figure.axes[0].patches
