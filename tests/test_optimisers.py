"""Optimisers and schedules: the same steps as Keras', rates that fall as they say."""

import dataclasses
import math

import numpy as np
import pytest
import tensorflow as tf

from helpers import training
from helpers.optimisers import CONSTANT, LINEAR_TO_ZERO, SGD, Adam, Schedule, exponential

KERAS = {
    "SGD": (SGD(), lambda rate: tf.keras.optimizers.SGD(rate)),
    "momentum": (SGD(momentum=0.9), lambda rate: tf.keras.optimizers.SGD(rate, momentum=0.9)),
    "Adam": (Adam(), lambda rate: tf.keras.optimizers.Adam(rate)),
    "Adam of other settings": (
        Adam(beta1=0.8, beta2=0.9, epsilon=1e-3),
        lambda rate: tf.keras.optimizers.Adam(rate, beta_1=0.8, beta_2=0.9, epsilon=1e-3),
    ),
}


@pytest.mark.parametrize(("ours", "keras"), KERAS.values(), ids=KERAS)
def test_a_step_is_that_of_keras_in_float64(ours, keras):
    random = np.random.default_rng(0)
    start = random.normal(size=(4, 3))
    gradients = random.normal(size=(30, 4, 3)) * np.geomspace(1e-3, 10, 30)[:, None, None]
    rates = np.linspace(0.1, 0.01, 30)
    tf.keras.backend.set_floatx("float64")
    try:
        theirs, optimizer = tf.keras.Variable(start, dtype="float64"), keras(0.1)
        mine = tf.Variable(start)
        slots = ours.slots(mine)
        for step, (gradient, rate) in enumerate(zip(gradients, rates, strict=True), start=1):
            optimizer.learning_rate = rate
            optimizer.apply([tf.constant(gradient)], [theirs])
            ours.update(mine, tf.constant(gradient), slots, tf.constant(rate, tf.float64), tf.constant(step))
        # Keras rounds Adam's powers to float32 on the way, whatever the weights are.
        exact = {"atol": 2e-5} if isinstance(ours, Adam) else {"rtol": 1e-6}
        np.testing.assert_allclose(mine.numpy(), theirs.numpy(), **exact)
    finally:
        tf.keras.backend.set_floatx("float32")
    assert np.abs(mine.numpy() - start).max() > 0.01


def test_adam_is_that_of_the_paper_in_float64():
    random = np.random.default_rng(1)
    gradients = random.normal(size=(40, 3))
    mine, adam = tf.Variable(np.zeros(3)), Adam(beta1=0.8, beta2=0.95, epsilon=1e-4)
    slots = adam.slots(mine)
    weights, mean, square = np.zeros(3), np.zeros(3), np.zeros(3)
    for step, gradient in enumerate(gradients, start=1):
        adam.update(mine, tf.constant(gradient), slots, tf.constant(0.1, tf.float64), tf.constant(step))
        mean, square = 0.8 * mean + 0.2 * gradient, 0.95 * square + 0.05 * gradient**2
        # The paper's order: both means made up for; its epsilon then is ours divided by the root of what is made up.
        root = np.sqrt(1 - 0.95**step)
        weights -= 0.1 * mean / (1 - 0.8**step) / (np.sqrt(square) / root + 1e-4 / root)
    np.testing.assert_allclose(mine.numpy(), weights, rtol=1e-10)


def test_a_schedule_is_asked_for_no_more_than_the_whole_run(small):
    asked = []
    root = Schedule("root", lambda done: asked.append(done) or math.sqrt(1 - done))
    W = tf.Variable(tf.zeros([784, 10]))
    run = training.train(lambda x: x @ W, small, learning_rate=0.1, steps=130, schedule=root)
    assert run.ended == "finished" and (min(asked), max(asked)) == (0, 1)


def test_schedules_fall_as_they_say():
    assert [CONSTANT.factor(done) for done in (0, 0.5, 1)] == [1, 1, 1]
    assert [LINEAR_TO_ZERO.factor(done) for done in (0, 0.25, 1)] == [1, 0.75, 0]
    assert [exponential(to=0.01).factor(done) for done in (0, 0.5, 1)] == pytest.approx([1, 0.1, 0.01])
    assert [str(each) for each in (CONSTANT, LINEAR_TO_ZERO, exponential(0.01))] == [
        "constant",
        "linear to 0",
        "exponential to 0.01 of itself",
    ]


def steps_by_hand(small, rates, optimiser=None):
    """The weights of one layer after a step for each rate, in plain NumPy and TensorFlow, without any loop of ours."""
    W = tf.Variable(tf.zeros([784, 10]))
    slots = optimiser.slots(W) if optimiser else []
    order = training.batches(len(small.train), 50, 0)
    for step, rate in enumerate(rates, start=1):
        chosen = next(order)
        x = (small.train.images[chosen].reshape(50, 784) / np.float32(255)).astype(np.float32)
        with tf.GradientTape() as tape:
            loss = training.mean_cross_entropy(tf.one_hot(small.train.labels[chosen], 10), x @ W)
        gradient = tape.gradient(loss, W)
        if optimiser:
            optimiser.update(W, gradient, slots, tf.constant(rate, tf.float32), tf.constant(step))
        else:
            W.assign_sub(np.float32(rate) * gradient)
    return W.numpy()


@pytest.mark.parametrize("optimiser", [None, SGD(0.9), Adam()], ids=str)
@pytest.mark.parametrize("schedule", [CONSTANT, LINEAR_TO_ZERO, exponential(0.1)], ids=str)
def test_training_takes_these_steps(small, optimiser, schedule):
    W = tf.Variable(tf.zeros([784, 10]))
    choice = {"optimiser": optimiser} if optimiser else {}
    history = training.train(
        lambda x: x @ W, small, learning_rate=0.01, steps=130, batch_size=50, schedule=schedule, **choice
    )
    rates = [0.01 * schedule.factor(step / 130) for step in range(130)]
    np.testing.assert_allclose(W.numpy(), steps_by_hand(small, rates, optimiser), atol=1e-5)
    named = {"optimiser": str(optimiser)} if optimiser else {}
    named |= {} if schedule is CONSTANT else {"schedule": str(schedule)}
    assert history.notes == named


def test_each_run_starts_without_memories_of_the_one_before(small):
    W = tf.Variable(tf.zeros([784, 10]))
    loop = training.Loop(lambda x: x @ W, training.mean_cross_entropy, small, optimiser=Adam())
    losses = []
    for _ in range(2):
        W.assign(tf.zeros([784, 10]))
        losses.append(training.train(loop, small, learning_rate=0.01, steps=30).train_loss)
    assert np.array_equal(*losses)


def test_a_loop_is_not_given_another_optimiser(small):
    W = tf.Variable(tf.zeros([784, 10]))
    loop = training.Loop(lambda x: x @ W, training.mean_cross_entropy, small)
    with pytest.raises(ValueError, match=r"compiled with optimiser SGD; got Adam beside it"):
        training.train(loop, small, learning_rate=0.01, steps=30, optimiser=Adam())


@pytest.mark.parametrize(("thing", "name"), [(SGD(), "momentum"), (Adam(), "beta1"), (LINEAR_TO_ZERO, "factor")])
def test_optimisers_and_schedules_cannot_be_changed(thing, name):
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(thing, name, 0.5)
