"""What the compiled loop can do besides plain descent: L2, dropout, shifted images, convolutions, validation."""

import dataclasses
import functools
import re
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from helpers import compiled_loop, data, training
from helpers.data import Dataset
from helpers.history import History
from helpers.networks import Design, Network

CONTRIBUTING = Path(__file__).resolve().parent.parent / "CONTRIBUTING.md"


def one_layer(value=0.0):
    W = tf.Variable(tf.fill([784, 10], value))
    b = tf.Variable(tf.fill([10], value))
    return W, b, lambda x: x @ W + b


# --- L2 -------------------------------------------------------------------------------------------------------------


def test_l2_pulls_the_weights_and_not_the_biases_and_is_not_reported(small):
    W, b, model = one_layer(0.5)
    plain_W, plain_b, plain = one_layer(0.5)
    one = {"learning_rate": 0.1, "steps": 1}
    with_l2 = training.train(model, small, l2=0.01, **one)
    without = training.train(plain, small, **one)
    assert with_l2.train_loss[0] == without.train_loss[0]
    np.testing.assert_allclose(plain_W - W, 0.1 * 2 * 0.01 * 0.5, rtol=1e-3)
    assert np.array_equal(b, plain_b)
    assert with_l2.notes == {"L2": "0.01"}


@pytest.mark.parametrize("l2", [-1, float("nan"), float("inf"), "much", True])
def test_an_l2_that_makes_no_sense_is_answered_in_words(small, l2):
    with pytest.raises(ValueError, match="l2 should be a number, 0 or more"):
        training.train(one_layer()[2], small, learning_rate=0.1, l2=l2)


# --- Dropout --------------------------------------------------------------------------------------------------------


def test_dropout_acts_in_steps_and_never_in_a_test(small):
    W, b, _ = one_layer()
    calls = []

    def model(x, training=False):
        calls.append(training)
        return (x * 0 if training else x) @ W + b  # everything is dropped

    history = training.train(model, small, learning_rate=0.1, steps=20, test_every=10)
    assert True in calls and False in calls
    assert not np.any(W)  # no image ever got through in a step
    assert np.any(b)
    assert history.test_loss[-1] == pytest.approx(history.test_loss[0], abs=0.05)


def test_a_dropout_layer_of_keras_acts_too(small):
    tf.keras.utils.set_random_seed(1)
    layers = [tf.keras.layers.Dropout(0.8), tf.keras.layers.Dense(10)]
    model = tf.keras.Sequential([tf.keras.Input([784]), *layers])
    history = training.train(model, small, learning_rate=0.3, steps=200)
    images, labels = (part[:1000] for part in (small.train.images, small.train.labels))
    learned = np.argmax(model(images.reshape(-1, 784) / np.float32(255), training=False), axis=1) == labels
    assert history.train_accuracy[-50:].mean() < learned.mean() - 0.05  # in steps most of each image was dropped
    logits = model(small.test.images.reshape(-1, 784) / np.float32(255), training=False)
    assert history.test_accuracy[-1] == pytest.approx(np.mean(np.argmax(logits, axis=1) == small.test.labels))


# --- Shifted images -------------------------------------------------------------------------------------------------


def test_images_move_whole_and_by_every_number_of_pixels_up_to_the_reach():
    image = np.zeros((6, 5), np.uint8)
    image[2:4, 2] = 7, 9
    batch = tf.constant(np.repeat(image.reshape(1, 30), 400, axis=0))
    moved = compiled_loop.shifted(batch, (6, 5), 1, tf.constant([0, 1])).numpy().reshape(400, 6, 5)
    expected = {np.roll(image, (down, right), axis=(0, 1)).tobytes() for down in (-1, 0, 1) for right in (-1, 0, 1)}
    assert {each.tobytes() for each in moved} == expected
    again = compiled_loop.shifted(batch, (6, 5), 1, tf.constant([0, 1])).numpy()
    other = compiled_loop.shifted(batch, (6, 5), 1, tf.constant([0, 2])).numpy()
    assert np.array_equal(again, moved.reshape(400, 30)) and not np.array_equal(again, other)


def test_what_leaves_at_one_side_does_not_come_in_at_the_other():
    image = np.full((1, 9), 5, np.uint8)
    moved = compiled_loop.shifted(tf.constant(np.repeat(image, 100, axis=0)), (3, 3), 1, tf.constant([3, 4])).numpy()
    assert {int((each == 5).sum()) for each in moved} == {4, 6, 9}
    assert set(np.unique(moved)) == {0, 5}


def test_shifted_training_is_the_same_for_the_same_seed_and_learns(small):
    loop = training.Loop(one_layer()[2], training.mean_cross_entropy, small, shift=2)
    runs = []
    for seed in (1, 1, 2):
        for variable in loop.variables:
            variable.assign(tf.zeros_like(variable))
        runs.append(training.train(loop, small, learning_rate=0.3, steps=60, shift=2, seed=seed))
    assert np.array_equal(runs[0].train_loss, runs[1].train_loss)
    assert not np.array_equal(runs[0].train_loss, runs[2].train_loss)
    plain = training.train(one_layer()[2], small, learning_rate=0.3, steps=60, seed=1)
    assert runs[0].train_accuracy[-20:].mean() < plain.train_accuracy[-20:].mean()
    assert runs[0].notes == {"shift": "2"}


# --- The compiler ---------------------------------------------------------------------------------------------------


def convolution():
    filters, W = tf.Variable(tf.fill([5, 5, 1, 4], 0.1)), tf.Variable(tf.fill([14 * 14 * 4, 10], 0.01))

    def model(x):
        maps = tf.nn.conv2d(tf.reshape(x, [-1, 28, 28, 1]), filters, strides=2, padding="SAME")
        return tf.reshape(tf.nn.relu(maps), [-1, 14 * 14 * 4]) @ W

    return model


def test_a_convolution_is_not_compiled_with_xla_and_that_is_said(small, capsys):
    history = training.train(convolution(), small, learning_rate=0.01, steps=20)
    assert (
        "without XLA, TensorFlow's compiler, which is slow at its convolutions; the numbers" in capsys.readouterr().out
    )
    assert history.ended == "finished"


def test_a_convolution_of_keras_is_found_too(small):
    layers = [tf.keras.layers.Reshape([28, 28, 1]), tf.keras.layers.Conv2D(2, 3), tf.keras.layers.Flatten()]
    model = tf.keras.Sequential([tf.keras.Input([784]), *layers, tf.keras.layers.Dense(10)])
    assert not training.Loop(model, training.mean_cross_entropy, small).xla


def test_a_dense_network_is_compiled_with_xla_unless_told_otherwise(small, capsys):
    with_it = training.Loop(one_layer()[2], training.mean_cross_entropy, small)
    without = training.Loop(one_layer()[2], training.mean_cross_entropy, small, xla=False)
    assert with_it.xla and not without.xla
    runs = [training.train(loop, small, learning_rate=0.3, steps=30, xla=loop.xla) for loop in (with_it, without)]
    np.testing.assert_allclose(runs[0].train_loss, runs[1].train_loss, rtol=1e-4)
    assert capsys.readouterr().out == ""  # who chose it need not be told


def test_a_network_that_draws_at_random_is_not_compiled_with_xla(small):
    dropping = Design(hidden=(20,), activation="ReLU", initialisation="He", dropout=0.25)
    loops = [training.Loop(Network(dropping), training.mean_cross_entropy, small) for _ in range(2)]
    assert not loops[0].xla and loops[0].why_not == "which is slow at its random numbers"
    assert training.Loop(Network(dataclasses.replace(dropping, dropout=0)), training.mean_cross_entropy, small).xla
    runs = [training.train(loop, small, learning_rate=0.1, steps=60).train_loss for loop in loops]
    assert np.array_equal(*runs)  # and yet a run can be repeated


def test_nor_is_one_that_adds_noise_to_its_images(small):
    network, chance = one_layer()[2], tf.random.Generator.from_seed(0)

    def noisy(x, training=False):
        return network(x + 0.2 * chance.normal(tf.shape(x)) if training else x)

    assert not training.Loop(noisy, training.mean_cross_entropy, small).xla


# --- Validation and data of one's own -------------------------------------------------------------------------------


def test_what_is_held_out_is_measured_at_every_test(small):
    held_out = Dataset(small.train[500:], small.test, small.train[:500])
    _, _, model = one_layer()
    history = training.train(model, held_out, learning_rate=0.3, steps=250)
    assert history.test_steps.tolist() == [100, 200, 250]
    x, labels = held_out.validation.images.reshape(-1, 784) / np.float32(255), held_out.validation.labels
    assert history.validation_accuracy[-1] == pytest.approx(np.mean(np.argmax(model(x), axis=1) == labels))
    loss = training.mean_cross_entropy(tf.one_hot(labels, 10), model(x))
    assert history.validation_loss[-1] == pytest.approx(float(loss), rel=1e-5)
    assert len(history.validation_loss) == 3
    assert "validation accuracy" in repr(history)
    assert len(training.train(model, small, learning_rate=0.3, steps=10).validation_loss) == 0


def test_where_there_is_no_test_set_nobody_can_look_at_it(small):
    held_out = Dataset(small.train[500:], small.test[:0], small.train[:500])
    history, with_it = (
        training.train(one_layer()[2], each, learning_rate=0.3, steps=150)
        for each in (held_out, dataclasses.replace(held_out, test=small.test))
    )
    assert np.array_equal(history.validation_loss, with_it.validation_loss)
    assert len(history.test_accuracy) == 0 and "test accuracy" not in repr(history)
    with pytest.raises(ValueError, match="no test results, since its data has no test images"):
        history.tests_on("test")


def test_images_of_another_size_and_number_of_classes_can_be_learned():
    random = np.random.default_rng(0)
    labels = np.arange(600) % 3
    images = random.integers(0, 100, (600, 6, 5)).astype(np.uint8)
    images[np.arange(600), labels] += 120  # a bright row says what it is
    own = data.from_arrays(images, labels)
    W = tf.Variable(tf.zeros([30, 3]))
    history = training.train(lambda x: x @ W, own, learning_rate=0.5, steps=300, batch_size=50, shift=0)
    assert history.test_accuracy[-1] > 0.95 and history.classes == 3
    with pytest.raises(ValueError, match=r"one row of 3 logits .* shape \[50, 3\]"):
        training.train(lambda x: x @ tf.Variable(tf.zeros([30, 10])), own, learning_rate=0.5, batch_size=50)


# --- What CONTRIBUTING.md shows -------------------------------------------------------------------------------------


def test_every_capability_that_contributing_shows_works(small, monkeypatch):
    section = CONTRIBUTING.read_text(encoding="utf-8").split("## What training can do")[1].split("\n## ")[0]
    cells = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    train = functools.partial(training.train, steps=40)
    held_out = Dataset(small.train[200:], small.test, small.train[:200])
    monkeypatch.setattr(data, "load_mnist", lambda validation: held_out)
    monkeypatch.setattr(training, "train", train)
    names = {}
    for cell in cells:
        assert len([line for line in cell.splitlines() if line and not line.startswith(("import", "from"))]) <= 6
        exec(cell.replace("steps=2000", "steps=40").replace("validation=1000", "validation=100"), names)
    runs = [value for value in names.values() if isinstance(value, History)]
    assert len(runs) == 7 and all(run.ended == "finished" for run in runs)
    assert len(names["runs"].results) == 5


def test_multiplications_are_counted_as_often_as_a_number_is_used():
    dense = Network(Design(hidden=(30,), activation="ReLU"))
    # Every weight once, and the biases: they are variables, of which each is used once at least.
    assert compiled_loop._multiplications(dense, [*dense.weights, *dense.biases], 784) == 784 * 30 + 30 + 30 * 10 + 10

    filters = tf.Variable(tf.ones([5, 5, 1, 4]))

    def convolution(x):
        return tf.nn.conv2d(tf.reshape(x, [-1, 28, 28, 1]), filters, 1, "VALID")

    used = 24 * 24 * filters.shape.num_elements()  # at every place where the window fits
    assert compiled_loop._multiplications(convolution, [filters], 784) == pytest.approx(used * compiled_loop.CONVOLVING)


def test_a_product_of_two_images_is_left_out_of_the_count_where_its_size_is_not_known():
    W = tf.Variable(tf.ones([784, 10]))
    where = tf.Variable(3, trainable=False)

    def some_of_it(x):
        return x @ W + tf.reduce_sum(x[:, :where] @ W[:where])

    assert compiled_loop._multiplications(some_of_it, [W], 784) == 7840
