import gc
import os
import signal
import subprocess
import sys
import weakref
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from helpers import training
from helpers.data import UNPACKED, Dataset, Split, batches, load_mnist, unpack
from helpers.history import DivergedError

PROJECT = Path(__file__).resolve().parent.parent

# What a script in a process of its own begins with.
SMALL_NETWORK = """
from helpers import data, training
import tensorflow as tf
mnist = data.load_mnist()
small = data.Dataset(mnist.train[:2000], mnist.test[:1000])
W, b = tf.Variable(tf.zeros([784, 10])), tf.Variable(tf.zeros([10]))
def model(x):
    return x @ W + b
"""


@pytest.fixture(scope="module")
def compiled(small, new_model):
    return training.Loop(new_model(), training.mean_cross_entropy, small)


@pytest.fixture
def fresh_loop(compiled):
    """A function that gives the network of lesson 01 with zeros in it, compiled once for all tests here."""

    def fresh() -> training.Loop:
        for variable in compiled.variables:
            variable.assign(tf.zeros_like(variable))
        return compiled

    return fresh


def assert_same(first, second):
    """Every number of two histories is the same, bit for bit."""
    for name in ("train_loss", "train_accuracy", "test_steps", "test_loss", "test_accuracy"):
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes(), name


# --- The same steps in NumPy ----------------------------------------------------------------------------------------


def numpy_measure(layers, split, chosen):
    """Logits, what enters each layer, and the one-hot labels of the chosen images, in float64."""
    x = split.images[chosen].reshape(len(chosen), 784) / 255
    entering = []
    for W, b in layers:
        entering.append(x)
        logits = x @ W + b
        x = np.maximum(logits, 0)
    return logits, entering, np.eye(10)[split.labels[chosen]]


def numpy_losses(logits, one_hot):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=1)) - (shifted * one_hot).sum(axis=1)


def numpy_train(layers, split, *, steps, batch_size, learning_rate, seed):
    """Train dense layers [(W, b), …] with ReLU between them; return the losses and accuracies, and the layers."""
    layers = [(np.array(W, float), np.array(b, float)) for W, b in layers]
    order = batches(len(split), batch_size, seed)
    losses, accuracies = [], []
    for _ in range(steps):
        logits, entering, one_hot = numpy_measure(layers, split, next(order))
        losses.append(numpy_losses(logits, one_hot).mean())
        accuracies.append(np.mean(logits.argmax(axis=1) == one_hot.argmax(axis=1)))
        exponentials = np.exp(logits)
        delta = (exponentials / exponentials.sum(axis=1, keepdims=True) - one_hot) / batch_size
        for number in reversed(range(len(layers))):
            W, b = layers[number]
            layers[number] = W - learning_rate * entering[number].T @ delta, b - learning_rate * delta.sum(axis=0)
            delta = delta @ W.T * (entering[number] > 0)
    return np.array(losses), np.array(accuracies), layers


@pytest.mark.parametrize("sizes", [[784, 10], [784, 30, 10]], ids=["one layer", "two layers with ReLU"])
def test_every_step_is_the_one_that_numpy_computes(small, sizes):
    random = np.random.default_rng(1)
    layers = [
        (random.normal(scale=0.1, size=shape).astype(np.float32), np.full(shape[1], 0.1, np.float32))
        for shape in pairwise(sizes)
    ]
    variables = [(tf.Variable(W), tf.Variable(b)) for W, b in layers]

    def model(x):
        for W, b in variables[:-1]:
            x = tf.nn.relu(x @ W + b)
        W, b = variables[-1]
        return x @ W + b

    settings = {"steps": 60, "batch_size": 50, "learning_rate": 0.2, "seed": 3}
    history = training.train(model, small, **settings)
    losses, accuracies, trained = numpy_train(layers, small.train, **settings)
    np.testing.assert_allclose(history.train_loss, losses, rtol=1e-4)
    np.testing.assert_allclose(history.train_accuracy, accuracies, atol=1e-6)
    for (W, b), (expected_W, expected_b) in zip(variables, trained, strict=True):
        np.testing.assert_allclose(W, expected_W, atol=1e-5)
        np.testing.assert_allclose(b, expected_b, atol=1e-5)


@pytest.mark.parametrize("loss", [training.mean_cross_entropy, training.sum_cross_entropy])
def test_the_test_set_is_measured_whole_whatever_its_size(mnist, small, new_model, loss):
    model, random = new_model(), np.random.default_rng(0)
    model.W.assign(random.normal(scale=0.1, size=(784, 10)))
    loop = training.Loop(model, loss, small)
    for examples in (1, 300, 1000, 2345, 5000, 5100):  # in blocks of 2500
        split = mnist.test[:examples]
        logits, _, one_hot = numpy_measure([(model.W.numpy(), model.b.numpy())], split, np.arange(examples))
        accuracy, per_image = loop.evaluate(*training.on_device(split))
        assert float(accuracy) == pytest.approx(np.mean(logits.argmax(axis=1) == split.labels), abs=1e-6)
        assert float(per_image) == pytest.approx(numpy_losses(logits, one_hot).mean(), rel=1e-5)


# --- What can be trained --------------------------------------------------------------------------------------------


def test_a_loop_that_was_compiled_before_trains_the_same(small, new_model):
    first, second = new_model(), new_model()
    loop = training.Loop(first, training.sum_cross_entropy, small, batch_size=50)
    settings = {"learning_rate": 0.003, "steps": 30, "batch_size": 50}
    with_loop = training.train(loop, small, **settings)
    assert_same(with_loop, training.train(second, small, loss=training.sum_cross_entropy, **settings))
    assert with_loop.reduction == "sum"


def test_another_loss_beside_a_compiled_loop_is_answered_in_words(small, new_model):
    loop = training.Loop(new_model(), training.mean_cross_entropy, small)
    with pytest.raises(ValueError, match="compiled with the loss mean_cross_entropy; got sum_cross_entropy"):
        training.train(loop, small, learning_rate=0.1, loss=training.sum_cross_entropy)


def plain_function():
    W, b = tf.Variable(tf.zeros([784, 10])), tf.Variable(tf.zeros([10]))
    return lambda x: x @ W + b


def keras_model():
    return tf.keras.Sequential([tf.keras.layers.Dense(10, kernel_initializer="zeros")])


def compiled_function():
    return tf.function(plain_function())


@pytest.fixture
def build(request, new_model):
    return request.param or new_model


@pytest.mark.parametrize(
    "build",
    [None, plain_function, keras_model, compiled_function],
    ids=["a tf.Module", "a plain function", "a Keras model", "a tf.function"],
    indirect=True,
)
def test_every_way_to_write_a_network_learns_the_same(small, build):
    history = training.train(build(), small, learning_rate=0.3, steps=150)
    losses, _, _ = numpy_train(
        [(np.zeros((784, 10)), np.zeros(10))], small.train, learning_rate=0.3, steps=150, batch_size=100, seed=0
    )
    np.testing.assert_allclose(history.train_loss, losses, rtol=1e-4)
    assert history.test_accuracy[-1] > 0.8


def test_the_old_tutorials_55000_images_can_be_trained_on(mnist, new_model):
    held_out = Dataset(mnist.train[5000:], mnist.test[:1000], validation=mnist.train[:5000])
    history = training.train(new_model(), held_out, learning_rate=0.3, steps=100)
    assert history.test_accuracy[-1] > 0.8


# --- Seeds ----------------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(small, new_model, fresh_loop):
    model = new_model()
    first = training.train(model, small, learning_rate=0.3, steps=120, seed=5)
    again = training.train(loop := fresh_loop(), small, learning_rate=0.3, steps=120, seed=5)
    assert_same(first, again)
    assert model.W.numpy().tobytes() == loop.model.W.numpy().tobytes()
    other = training.train(fresh_loop(), small, learning_rate=0.3, steps=120, seed=6)
    assert not np.array_equal(first.train_loss, other.train_loss)
    assert not np.array_equal(model.W, loop.model.W)


# --- The history ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "test_every", "tested_at"),
    [
        (100, 20, [20, 40, 60, 80, 100]),
        (130, 60, [60, 120, 130]),
        (7, 100, [7]),
        (3, 1, [1, 2, 3]),
        (51, 50, [50, 51]),
    ],
)
def test_the_test_set_is_measured_at_these_steps_and_at_the_end(small, fresh_loop, steps, test_every, tested_at):
    history = training.train(fresh_loop(), small, learning_rate=0.3, steps=steps, test_every=test_every)
    assert history.test_steps.tolist() == tested_at
    assert history.test_accuracy.shape == history.test_loss.shape == (len(tested_at),)
    assert history.train_accuracy.shape == history.train_loss.shape == (steps,)
    assert {history.train_accuracy.dtype, history.train_loss.dtype, history.test_loss.dtype} == {np.dtype(np.float32)}
    assert (history.step, history.ended) == (steps, "finished")


def test_the_history_keeps_the_settings_and_prints_as_a_sentence(small, new_model):
    history = training.train(new_model(), small, learning_rate=0.25, steps=60, batch_size=50, test_every=30, seed=4)
    assert (history.learning_rate, history.steps, history.batch_size) == (0.25, 60, 50)
    assert (history.test_every, history.seed, history.loss) == (30, 4, "mean_cross_entropy")
    assert history.rates == [(1, 0.25)]
    assert history.seconds > 0
    assert repr(history) == (
        f"60 steps of 50 images at learning rate 0.25 (mean loss): test accuracy {history.test_accuracy[-1]:.1%}, "
        f"test loss {history.test_loss[-1]:.3f} per image, in {history.seconds:.1f} s."
    )


def test_accuracies_are_shares_and_the_first_loss_is_that_of_knowing_nothing(small, fresh_loop):
    history = training.train(fresh_loop(), small, learning_rate=0.3, steps=60)
    assert history.train_loss[0] == pytest.approx(np.log(10))
    assert history.train_accuracy[0] == pytest.approx(np.mean(small.train.labels[next(batches(2000, 100, 0))] == 0))
    assert 0 < history.train_accuracy.min() < history.train_accuracy.max() <= 1


def test_watch_sees_the_history_grow_to_its_end(small, fresh_loop):
    seen = []
    history = training.train(
        fresh_loop(),
        small,
        learning_rate=0.3,
        steps=220,
        watch=lambda history: seen.append((history.step, len(history.test_steps), history.ended)),
    )
    steps = [step for step, _, _ in seen]
    assert steps == sorted(set(steps))
    assert steps[0] == training.FIRST
    assert [each for each in seen if each[0] % 100 == 0 or each[2]] == [
        (100, 1, ""),
        (200, 2, ""),
        (220, 3, "finished"),
    ]
    assert history.step == 220


def test_the_numbers_do_not_depend_on_how_many_steps_one_call_takes(small, fresh_loop, monkeypatch):
    whole = training.train(fresh_loop(), small, learning_rate=0.3, steps=250)
    monkeypatch.setattr(training, "SECONDS_PER_CALL", 0.0)  # one step a call
    seen = []
    single = training.train(
        fresh_loop(), small, learning_rate=0.3, steps=250, watch=lambda history: seen.append(history.step)
    )
    assert seen == [training.FIRST, *range(training.FIRST + 1, 251)]
    assert np.array_equal(single.train_loss, whole.train_loss)
    assert np.array_equal(single.test_loss, whole.test_loss)


# --- Losses ---------------------------------------------------------------------------------------------------------


def test_a_sum_at_a_hundredth_of_the_rate_is_the_mean(small, new_model):
    mean_model, sum_model = new_model(), new_model()
    mean = training.train(mean_model, small, learning_rate=0.3, steps=150)
    total = training.train(sum_model, small, learning_rate=0.003, steps=150, loss=training.sum_cross_entropy)
    assert (mean.reduction, total.reduction) == ("mean", "sum")
    np.testing.assert_allclose(total.train_loss, mean.train_loss, rtol=1e-4)  # both per image
    np.testing.assert_allclose(total.test_loss, mean.test_loss, rtol=1e-4)
    np.testing.assert_allclose(sum_model.W, mean_model.W, atol=1e-5)


def test_a_loss_written_by_the_reader_is_trained_and_named(small, new_model):
    def squared_error(labels, probabilities):
        return tf.reduce_mean((labels - probabilities) ** 2)

    layer = new_model()
    history = training.train(lambda x: tf.nn.softmax(layer(x)), small, learning_rate=3.0, steps=100, loss=squared_error)
    assert (history.loss, history.reduction) == ("squared_error", "mean")
    assert history.train_loss[0] == pytest.approx((0.9**2 + 9 * 0.1**2) / 10, rel=1e-5)
    assert history.test_accuracy[-1] > 0.7


# --- When the loss runs away ----------------------------------------------------------------------------------------


class Slide:
    """A network whose ten numbers all shrink by `learning_rate` / 10 a step, whatever the image.

    Under `loss` it starts at 1, and becomes `bad` as soon as it falls below `limit`, while the slope stays as it is.
    """

    def __init__(self, limit, bad=float("nan")):
        self.limit, self.bad = limit, bad
        self.numbers = tf.Variable(tf.ones([10]))

    def __call__(self, x):
        return tf.zeros([x.shape[0], 10]) + self.numbers

    def loss(self, _labels, output):
        value = tf.reduce_mean(output)
        return value + tf.where(value > self.limit, 0.0, self.bad)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")], ids=["NaN", "infinite"])
@pytest.mark.parametrize(
    ("limit", "step", "before"), [(2.0, 1, None), (0.945, 7, 0.95), (0.395, 62, 0.4)], ids=["1", "7", "62"]
)
def test_training_stops_at_the_very_step_whose_loss_is_not_finite(small, limit, bad, step, before):
    model = Slide(limit, bad)
    with pytest.raises(DivergedError) as error:
        training.train(model, small, learning_rate=0.1, steps=500, test_every=20, loss=model.loss)
    history, sentence = error.value.history, str(error.value)
    assert f"The loss became {bad} at step {step};" in sentence
    assert (f"it was {before:.4g} per image a step before" if before else "no good step before") in sentence
    assert "learning rate that is too high (it is 0.1): try a tenth" in sentence
    assert "logarithm of 0" in sentence
    assert "in the exception's `history`" in sentence
    assert (history.step, history.ended) == (step - 1, "diverged")
    np.testing.assert_allclose(history.train_loss, 1 - 0.01 * np.arange(step - 1), rtol=1e-5)
    assert history.test_steps.tolist() == list(range(20, step, 20))
    assert f"diverged after step {step - 1} of 500" in repr(history)
    np.testing.assert_allclose(model.numbers, 1 - 0.01 * step, rtol=1e-5)  # no step was taken after it


def test_a_real_network_that_runs_away_is_told_the_usual_causes(small, new_model):
    def log_written_out(labels, probabilities):
        return -tf.reduce_sum(labels * tf.math.log(probabilities))

    layer, seen = new_model(), []
    with pytest.raises(DivergedError, match="10 for a loss summed over 100 images, which is like 1000 for a mean"):
        training.train(
            lambda x: tf.nn.softmax(layer(x)), small, learning_rate=10, loss=log_written_out, watch=seen.append
        )
    assert seen[-1].ended == "diverged"


# --- Stopping and going on ------------------------------------------------------------------------------------------


def interrupt_at(step):
    """Something to watch with that presses the stop button once."""

    def watch(history):
        if history.step == step and not history.ended:
            raise KeyboardInterrupt

    return watch


def test_interrupting_keeps_weights_and_history_and_says_where_it_stopped(small, new_model, fresh_loop, capsys):
    model = new_model()
    history = training.train(model, small, learning_rate=0.3, steps=1000, watch=interrupt_at(200))
    assert capsys.readouterr().out == (
        "Stopped after step 200 of 1,000. The weights keep what they have learned so far.\n"
    )
    whole = training.train(expected := fresh_loop(), small, learning_rate=0.3, steps=200)
    assert history.ended == "stopped"
    assert np.array_equal(history.train_loss, whole.train_loss)
    assert history.test_steps.tolist() == [100, 200]
    assert np.array_equal(model.W, expected.model.W)
    assert "stopped after step 200 of 1,000: test accuracy" in repr(history)


def test_interrupting_while_the_network_is_compiled_ends_in_words_too(small, new_model, capsys):
    model = new_model()

    def interrupted(x):
        raise KeyboardInterrupt

    history = training.train(interrupted, small, learning_rate=0.3)
    assert capsys.readouterr().out.startswith("Stopped before the first step")
    assert (history.step, history.ended) == (0, "stopped")
    assert not np.any(model.W)


def test_training_again_goes_on_from_the_present_weights_and_says_so(small, new_model, capsys):
    model = new_model()
    training.train(model, small, learning_rate=0.3, steps=500, watch=interrupt_at(100))
    first_loss = training.train(model, small, learning_rate=0.3, steps=60).train_loss[0]
    assert first_loss < 1
    assert "Going on from the present weights, which have 100 steps of training behind them." in capsys.readouterr().out
    training.train(model, small, learning_rate=0.3, steps=10)
    assert "which have 160 steps" in capsys.readouterr().out


def test_weights_of_which_some_were_set_anew_are_not_called_a_continuation(small, new_model, capsys):
    model = new_model()
    training.train(model, small, learning_rate=0.3, steps=50)
    model.W.assign(tf.reverse(model.W, axis=[0]))  # other weights of the same sum
    training.train(model, small, learning_rate=0.3, steps=50)
    model.W = tf.Variable(tf.zeros([784, 10]))  # while the biases stay
    training.train(model, small, learning_rate=0.3, steps=50)
    assert "Going on" not in capsys.readouterr().out


@pytest.mark.parametrize("build", [None, keras_model], ids=["a tf.Module", "a Keras model"], indirect=True)
def test_weights_set_anew_are_not_called_a_continuation(small, build, capsys):
    model = build()
    training.train(model, small, learning_rate=0.3, steps=50)
    for variable in model.trainable_variables:
        variable.assign(tf.zeros_like(variable))
    again = training.train(model, small, learning_rate=0.3, steps=50)
    assert again.train_loss[0] == pytest.approx(np.log(10))
    assert "Going on" not in capsys.readouterr().out


def test_another_process_computes_the_same_numbers_and_its_stop_button_stops_without_a_traceback(small, fresh_loop):
    script = SMALL_NETWORK + (
        "history = training.train(model, small, learning_rate=0.3, steps=120, seed=5)\n"
        "print(history.train_loss.tobytes().hex(), history.test_loss.tobytes().hex(), W.numpy().tobytes().hex())\n"
        "W.assign(tf.zeros_like(W))\n"
        "def watch(history):\n"
        "    if history.step == 100 and not history.ended:\n"
        "        print('running', flush=True)\n"
        "history = training.train(model, small, learning_rate=0.3, steps=10_000_000, watch=watch)\n"
        "print(history.ended, history.step == len(history.train_accuracy) > 0, bool(tf.reduce_any(W != 0)))\n"
        "again = training.train(model, small, learning_rate=0.3, steps=10)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        numbers = process.stdout.readline().split()
        assert process.stdout.readline().startswith("10,000,000 steps: about ")  # said before the first of them
        assert process.stdout.readline() == "running\n"
        os.kill(process.pid, signal.SIGINT)
        said, complaints = process.communicate(timeout=120)
    finally:
        process.kill()
    assert complaints == ""
    stopped, ended, going_on = said.splitlines()
    assert stopped.startswith("Stopped after step ") and stopped.endswith(
        " of 10,000,000. The weights keep what they have learned so far."
    )
    assert ended == "stopped True True"
    assert going_on.startswith("Going on from the present weights")
    assert process.returncode == 0
    here = training.train(loop := fresh_loop(), small, learning_rate=0.3, steps=120, seed=5)
    arrays = here.train_loss, here.test_loss, loop.model.W.numpy()
    assert numbers == [array.tobytes().hex() for array in arrays]


# --- The rate, moved while it trains --------------------------------------------------------------------------------


def start(loop, data, *, steps):
    """A run that can be stepped through, as the lab does."""
    return training.Training(loop, data, learning_rate=0.3, steps=steps, batch_size=100, test_every=100, seed=0)


def test_a_new_rate_takes_effect_with_the_next_chunk_and_is_written_down(small, fresh_loop):
    run = start(fresh_loop(), small, steps=120)
    for history in run:
        if history.step == 100:
            before = run.loop.model.W.numpy()
            run.learning_rate = 1e-12
    assert history.rates == [(1, 0.3), (101, 1e-12)]
    assert np.array_equal(run.loop.model.W, before)
    assert "at learning rate 0.3, then 1e-12" in repr(history)


@pytest.mark.parametrize("rate", [-1.0, float("nan"), "fast"])
def test_a_new_rate_that_makes_no_sense_is_refused_in_words(small, fresh_loop, rate):
    run = start(fresh_loop(), small, steps=120)
    next(iter(run))
    run.learning_rate = rate
    with pytest.raises((ValueError, TypeError), match="learning_rate should be a"):
        next(iter(run))


def test_leaving_the_loop_early_keeps_the_weights(small, fresh_loop):
    loop = fresh_loop()
    for _history in start(loop, small, steps=1000):
        break
    assert np.any(loop.model.W != 0)


# --- Without XLA ----------------------------------------------------------------------------------------------------

WITHOUT_XLA = "This model runs without XLA, TensorFlow's compiler, and so more slowly; the numbers are as good.\n"


def test_where_xla_is_missing_the_same_is_learned_and_said(small, new_model, fresh_loop, monkeypatch, capsys):
    with_xla = training.train(fresh_loop(), small, learning_rate=0.3, steps=120)
    assert capsys.readouterr().out == ""
    real = tf.function

    def function_without_xla(function, *, jit_compile=None, **options):
        if not jit_compile:
            return real(function, **options)

        def refuse(*_arguments):
            raise tf.errors.UnimplementedError(None, None, "XLA is not built into this TensorFlow")

        refuse.get_concrete_function = real(function, **options).get_concrete_function
        return refuse

    monkeypatch.setattr(tf, "function", function_without_xla)
    without = training.train(new_model(), small, learning_rate=0.3, steps=120)
    assert capsys.readouterr().out == WITHOUT_XLA
    np.testing.assert_allclose(without.train_loss, with_xla.train_loss, rtol=1e-4)
    np.testing.assert_allclose(without.test_loss, with_xla.test_loss, rtol=1e-4)


def test_a_network_that_xla_cannot_compile_is_trained_all_the_same(small, new_model, fresh_loop, capsys):
    layer = new_model()

    def model(x):
        passed_through_python = tf.py_function(lambda pixels: pixels * 1.0, [x], tf.float32)
        passed_through_python.set_shape(x.shape)
        return layer(passed_through_python)

    history = training.train(model, small, learning_rate=0.3, steps=120)
    assert capsys.readouterr().out == WITHOUT_XLA
    expected = training.train(fresh_loop(), small, learning_rate=0.3, steps=120)
    np.testing.assert_allclose(history.train_loss, expected.train_loss, rtol=1e-4)


# --- Quiet and lean -------------------------------------------------------------------------------------------------


def test_an_old_network_is_let_go(small, new_model):
    model = new_model()
    training.train(model, small, learning_rate=0.3, steps=20)
    weights = weakref.ref(model.W)
    del model
    gc.collect()
    assert weights() is None


@pytest.mark.slow
def test_training_over_and_over_keeps_no_old_network_in_memory_and_leaves_nothing_pink(in_new_process):
    """Seven networks in a row; what the last five let the process grow by is measured."""
    many_networks = in_new_process(
        SMALL_NETWORK
        + """
import gc, psutil
large = data.Dataset(mnist.train, mnist.test[:1500])
def megabytes():
    gc.collect()
    return psutil.Process().memory_info().rss / 2**20
for number in range(7):
    if number == 2:
        before = megabytes()
    W, b = tf.Variable(tf.zeros([784, 10])), tf.Variable(tf.zeros([10]))
    training.train(model, large, learning_rate=0.3, steps=55, batch_size=50 + number % 3)
print(megabytes() - before)
"""
    )
    assert many_networks.stderr == ""
    assert many_networks.returncode == 0
    # XLA itself keeps some 3 MB for each network that it ever compiled. A copy of the images would be 47 MB for each.
    assert float(many_networks.stdout) < 100


def test_the_images_are_put_on_the_device_once(mnist, new_model):
    training.on_device.cache_clear()
    data = Dataset(mnist.train[:500], mnist.test[:100])
    for _ in range(2):
        training.train(new_model(), data, learning_rate=0.3, steps=60)
    assert training.on_device.cache_info().misses == 2
    assert training.on_device(data.train)[0].dtype == tf.uint8


@pytest.mark.parametrize("mapped", [False, True], ids=["loaded", "mapped"])
def test_the_images_are_held_once_where_numpy_put_them(mnist, mapped, tmp_path, monkeypatch):
    if mapped:
        unpack(tmp_path)
        monkeypatch.setenv(UNPACKED, str(tmp_path))
        mnist = load_mnist()
    for split in (mnist.train, mnist.test, mnist.train[:100], load_mnist(validation=5000).train):
        images, labels = training.on_device(split)
        assert np.shares_memory(np.asarray(memoryview(images)), split.images)
        assert images.shape == (len(split), 784) and images.dtype == tf.uint8
        assert np.array_equal(labels, split.labels)
        with pytest.raises(ValueError, match="read-only"):
            split.images[0] = 1


@pytest.mark.parametrize(
    "chosen", [slice(1, 500), slice(None, 500, 2), slice(3, 4)], ids=["moved", "every other", "one"]
)
def test_images_that_a_tensor_cannot_share_are_copied_to_where_tensorflow_can_read_them(mnist, chosen):
    split = mnist.train[chosen]
    images, _ = training.on_device(split)
    assert np.array_equal(images, split.images.reshape(-1, 784))
    assert np.asarray(memoryview(images)).ctypes.data % 64 == 0


def test_a_split_of_the_readers_own_arrays_is_trained_on_as_it_was(mnist):
    own = mnist.train.images[:500].copy()
    images, _ = training.on_device(Split(own, mnist.train.labels[:500].copy()))
    own.flags.writeable = True
    own[:] = 0
    assert np.array_equal(images, mnist.train.images[:500].reshape(-1, 784))


def test_a_split_of_one_image_is_enough_to_train_on(mnist, new_model):
    one = Dataset(Split(mnist.train.images[:1], mnist.train.labels[:1]), mnist.test[:1])
    history = training.train(new_model(), one, learning_rate=0.3, steps=60, batch_size=1)
    assert history.train_accuracy[-1] == 1


# --- Pace and defaults --------------------------------------------------------------------------------------------


class Clock:
    """Stands in for the module `time`; it is set forward by hand."""

    now = 0.0

    def perf_counter(self):
        return self.now


def test_after_ten_steps_calls_are_of_like_size_and_take_at_most_six_hundredths_of_a_second(
    small, fresh_loop, monkeypatch
):
    clock, run = Clock(), start(fresh_loop(), small, steps=230)
    train_chunk = run.loop.train_chunk

    def timed(images, labels, order, count, *rest):
        clock.now += int(count) / 1024  # so that 61 steps fit into one call
        return train_chunk(images, labels, order, count, *rest)

    monkeypatch.setattr(training, "time", clock)
    monkeypatch.setattr(run.loop, "train_chunk", timed)
    assert [history.step for history in run] == [10, 55, 100, 150, 200, 230]
    assert run.history.seconds == 230 / 1024


def test_ten_thousand_steps_of_100_images_are_taken_unless_one_says_otherwise(small, fresh_loop, capsys):
    history = training.train(fresh_loop(), small, learning_rate=0.3, watch=interrupt_at(training.FIRST))
    assert (history.steps, history.batch_size, history.test_every, history.seed) == (10_000, 100, 100, 0)
    assert (history.loss, history.reduction) == ("mean_cross_entropy", "mean")
    alike = training.train(
        fresh_loop(), small, learning_rate=0.3, steps=training.FIRST, batch_size=100, test_every=100, seed=0
    )
    assert np.array_equal(history.train_loss, alike.train_loss)


def test_a_run_that_is_stopped_while_it_is_compiled_knows_its_settings(small, capsys):
    def interrupted(x):
        raise KeyboardInterrupt

    history = training.train(interrupted, small, learning_rate=0.3, steps=20, batch_size=50, test_every=5, seed=4)
    assert (history.steps, history.batch_size, history.test_every, history.seed) == (20, 50, 5, 4)
    assert history.rates == [(1, 0.3)]


def test_a_single_step_behind_the_weights_is_told_as_one(small, fresh_loop, capsys):
    loop = fresh_loop()
    for words in ("", "which have 1 step of training", "which have 2 steps of training"):
        training.train(loop, small, learning_rate=0.3, steps=1)
        printed = capsys.readouterr().out
        assert words in printed and bool(words) == bool(printed)
