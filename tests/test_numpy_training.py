"""Training by hand: the loop, its lab, the pictures of units, and the mathematics of lessons 07 and 08 itself."""

import ast
import dataclasses
from pathlib import Path

import nbformat
import numpy as np
import pytest
import tensorflow as tf
from factories import ENDLESS, PATIENCE, wait_until
from threadpoolctl import threadpool_limits

from helpers import data, numpy_training
from helpers.history import DivergedError
from helpers.labs import backprop_stepper
from helpers.labs.numpy_lab import NumpyLab
from helpers.plots import layers, live
from helpers.plots.training_chart import TrainingChart

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


@pytest.fixture(scope="module", autouse=True)
def one_core():
    """As in the lesson: the products are too small to be shared out."""
    with threadpool_limits(limits=1, user_api="blas"):
        yield


def defined_in(notebook, **names):
    """What a lesson's cells define: its functions and classes, without running anything that takes time."""
    names = {"np": np, "numpy_training": numpy_training, **names}
    for cell in nbformat.read(NOTEBOOKS / notebook, as_version=4).cells:
        if cell.cell_type == "code":
            definitions = [
                each for each in ast.parse(cell.source).body if isinstance(each, ast.FunctionDef | ast.ClassDef)
            ]
            exec(compile(ast.Module(definitions, []), notebook, "exec"), names)
    return names


@pytest.fixture(scope="module")
def lesson(mnist):
    """Lesson 07, which is by hand."""
    rows = mnist.train.images.reshape(-1, 784)
    return defined_in("07_numpy_by_hand.ipynb", mnist=mnist, train_rows=rows, tape=[])


@pytest.fixture(scope="module")
def network(lesson):
    """The lesson's network with softmax and cross-entropy."""
    return numpy_training.Network(lesson["predict"], lesson["entropy_backward"], lesson["cross_entropy"], "mean")


@pytest.fixture(scope="module")
def ladder(mnist):
    """Lesson 08, where the gain came from."""
    rows = {"train_rows": mnist.train.images.reshape(-1, 784), "test_rows": mnist.test.images.reshape(-1, 784)}
    return defined_in("08_where_the_gain_came_from.ipynb", mnist=mnist, by_entropy=None, **rows)


@pytest.fixture(scope="module")
def with_biases(ladder):
    """The network of lesson 08, with biases."""
    return numpy_training.Network(ladder["predict"], ladder["backward"], ladder["cross_entropy"], "mean")


def train(network, weights, split, **settings):
    defaults = {"learning_rate": 0.3, "epochs": 1, "batch_size": 50, "test_every": 20}
    return numpy_training.train(network, weights, split, **(defaults | settings))


class Recorder:
    """A network that learns nothing and keeps what it was shown; its one weight falls by the rate at every step."""

    def __init__(self):
        self.seen = []
        self.network = numpy_training.Network(self.predict, self.backward, lambda outputs, goals: 0.5)

    def predict(self, x, weights):
        return np.zeros([len(x), 10])

    def backward(self, x, goals, weights):
        self.seen.append((x.copy(), goals.copy()))
        return np.zeros([len(x), 10]), [np.ones(1)]


# --- The lesson's mathematics ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_the_lessons_squared_error_deltas_are_the_tapes(lesson, seed):
    random = np.random.default_rng(seed)
    x, goals = random.random((6, 20)), np.eye(10)[random.integers(10, size=6)]
    weights = [random.normal(scale=0.3, size=(20, 15)), random.normal(scale=0.3, size=(15, 10))]
    variables = [tf.Variable(weight) for weight in weights]
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum((tf.nn.relu(x @ variables[0]) @ variables[1] - goals) ** 2) / 2
    outputs, deltas = lesson["backward"](x, goals, weights)
    assert outputs == pytest.approx(lesson["predict"](x, weights))
    for delta, gradient in zip(deltas, tape.gradient(loss, variables), strict=True):
        assert delta == pytest.approx(gradient.numpy(), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_the_lessons_cross_entropy_deltas_are_the_tapes(lesson, seed):
    random = np.random.default_rng(seed)
    x, goals = random.random((6, 20)), np.eye(10)[random.integers(10, size=6)]
    weights = [random.normal(scale=0.3, size=size) for size in [(20, 15), (15, 10)]]
    variables = [tf.Variable(weight) for weight in weights]
    with tf.GradientTape() as tape:
        logits = tf.nn.relu(x @ variables[0]) @ variables[1]
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(goals, logits))
    outputs, deltas = lesson["entropy_backward"](x, goals, weights)
    assert lesson["cross_entropy"](outputs, goals) == pytest.approx(loss.numpy())
    for delta, gradient in zip(deltas, tape.gradient(loss, variables), strict=True):
        assert delta == pytest.approx(gradient.numpy(), rel=1e-9, abs=1e-12)


def test_the_lessons_check_finds_right_gradients_right_and_every_mistake(lesson):
    random = np.random.default_rng(4)
    x, goals = random.random((6, 20)), np.eye(10)[random.integers(10, size=6)]
    weights = [random.normal(size=(20, 15)), random.normal(size=(15, 10))]
    kept = [weight.copy() for weight in weights]

    def look():
        return lesson["cross_entropy"](lesson["predict"](x, weights), goals), x @ weights[0] > 0

    errors = {
        name: lesson["compare"](look, weights, lesson[name](x, goals, weights)[1])
        for name in ("entropy_backward", "always_on", "slightly_off", "wrong_road")
    }
    assert max(errors["entropy_backward"]) < 1e-6
    assert errors["always_on"][0] > 0.01 and errors["slightly_off"][0] == pytest.approx(0.005, rel=0.05)
    assert errors["wrong_road"][0] > 0.1
    assert max(found[1] for found in errors.values()) < 1e-6  # every mistake lies on the way to W1
    assert all(np.array_equal(*pair) for pair in zip(weights, kept, strict=True))  # every nudge was taken back


def on_its_tape(lesson, forward, *arrays):
    """The slopes that the lesson's own tape finds along each array for what `forward` makes of them."""
    lesson["tape"].clear()
    noted = [lesson["Noted"](array) for array in arrays]
    lesson["walk_back"](forward(*noted))
    return [each.slope for each in noted]


@pytest.mark.parametrize("seed", range(3))
def test_the_lessons_tape_reproduces_its_way_back(lesson, seed):
    random = np.random.default_rng(seed)
    x, goals = random.random((6, 20)), np.eye(10)[random.integers(10, size=6)]
    weights = [random.normal(scale=0.3, size=(20, 15)), random.normal(scale=0.3, size=(15, 10))]
    slopes = on_its_tape(lesson, lambda x, W1, W2: ((x @ W1).relu() @ W2).half_squared_error(goals), x, *weights)
    for slope, delta in zip(slopes[1:], lesson["backward"](x, goals, weights)[1], strict=True):
        assert slope == pytest.approx(delta, rel=1e-12, abs=1e-14)


def test_the_lessons_tape_adds_where_paths_meet(lesson):
    random = np.random.default_rng(6)
    x, goals, W = random.random((5, 4)), np.eye(4)[[0, 1, 2, 3, 0]], random.normal(size=(4, 4))
    twice = on_its_tape(lesson, lambda x, W: lesson["mean_cross_entropy"]((x @ W).relu() @ W, goals), x, W)
    variables = [tf.Variable(x), tf.Variable(W)]
    with tf.GradientTape() as tape:
        logits = tf.nn.relu(variables[0] @ variables[1]) @ variables[1]
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(goals, logits))
    for slope, gradient in zip(twice, tape.gradient(loss, variables), strict=True):
        assert slope == pytest.approx(gradient.numpy(), rel=1e-9, abs=1e-12)


def test_the_small_network_of_the_lesson_is_the_steppers(lesson):
    every = {number.name: number.value for number in backprop_stepper.numbers(**backprop_stepper.START)}
    assert lesson["error"](0.5) == pytest.approx(every["error"])
    slope = (lesson["error"](0.5 + 1e-6) - lesson["error"](0.5 - 1e-6)) / 2e-6
    assert slope == pytest.approx(0.8 * every["delta of h1"], abs=1e-8)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("which", "bend"), [("", tf.nn.relu), ("flat_", tf.identity)])
def test_the_deltas_of_lesson_08_are_the_tapes_with_a_bend_and_without(ladder, which, bend, seed):
    random = np.random.default_rng(seed)
    x, goals = random.random((6, 20)), np.eye(10)[random.integers(10, size=6)]
    weights = [random.normal(scale=0.3, size=size) for size in [(20, 15), (15,), (15, 10), (10,)]]
    variables = [tf.Variable(weight) for weight in weights]
    with tf.GradientTape() as tape:
        logits = bend(x @ variables[0] + variables[1]) @ variables[2] + variables[3]
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(goals, logits))
    outputs, deltas = ladder[f"{which}backward"](x, goals, weights)
    assert outputs == pytest.approx(ladder[f"{which}predict"](x, weights))
    assert ladder["cross_entropy"](outputs, goals) == pytest.approx(loss.numpy())
    for delta, gradient in zip(deltas, tape.gradient(loss, variables), strict=True):
        assert delta == pytest.approx(gradient.numpy(), rel=1e-9, abs=1e-12)


def test_the_single_layers_deltas_of_lesson_08_are_the_tapes(ladder):
    random = np.random.default_rng(5)
    x, goals = random.random((6, 20)), np.eye(10)[random.integers(10, size=6)]
    weights = [random.normal(size=(20, 10)), random.normal(size=10)]
    variables = [tf.Variable(weight) for weight in weights]
    with tf.GradientTape() as tape:
        logits = x @ variables[0] + variables[1]
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(goals, logits))
    outputs, deltas = ladder["single_backward"](x, goals, weights)
    assert outputs == pytest.approx(ladder["single_predict"](x, weights))
    for delta, gradient in zip(deltas, tape.gradient(loss, variables), strict=True):
        assert delta == pytest.approx(gradient.numpy(), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("which", "forgives"),
    [
        ("squared_delta", lambda goals, sums: tf.zeros_like(sums, tf.bool)),
        ("more_forgiven", lambda goals, sums: (goals == 1) & (sums > 1)),
        ("less_forgiven", lambda goals, sums: (goals == 0) & (sums < 0)),
    ],
)
def test_the_deltas_of_squared_error_in_lesson_08_are_the_tapes(ladder, which, forgives):
    random = np.random.default_rng(7)
    goals, sums = np.eye(10)[random.integers(10, size=40)], tf.Variable(random.normal(1, 1, size=(40, 10)))
    with tf.GradientTape() as tape:
        squares = (sums - goals) ** 2 / 2
        loss = tf.reduce_sum(tf.where(forgives(goals, sums), tf.zeros_like(squares), squares))
    assert ladder[which](sums.numpy(), goals) == pytest.approx(tape.gradient(loss, sums).numpy())


def test_a_unit_that_switches_between_the_two_losses_gives_no_slope(lesson):
    weight = np.array([0.0])
    slope = lesson["slope_by_trying"](lambda: (max(weight[0], 0.0), weight > 0), weight, (0,))
    assert np.isnan(slope) and weight[0] == 0


def test_one_image_at_a_time_is_what_batches_of_one_are(lesson, mnist):
    by_squares = numpy_training.Network(lesson["predict"], lesson["backward"], lesson["squared_error"])
    random = np.random.RandomState(1)
    slow = [random.random_sample(size) * 1e-4 for size in [(784, 8), (8, 10)]]
    fast = [weight.copy() for weight in slow]
    errors = lesson["one_at_a_time"](slow, images=40)
    for image in range(40):
        x, goal = mnist.train.images[image].reshape(1, 784) * 1.0, np.eye(10)[mnist.train.labels[image]][None]
        assert errors[image] == pytest.approx(by_squares.loss(by_squares.predict(x, fast), goal))
        for weight, delta in zip(fast, by_squares.backward(x, goal, fast)[1], strict=True):
            weight -= 1e-5 * delta
    assert all(np.allclose(*pair) for pair in zip(slow, fast, strict=True))


# --- The loop -------------------------------------------------------------------------------------------------------


def test_it_learns_and_writes_down_what_happened(lesson, network, small):
    history = train(network, lesson["he_start"](30), small, epochs=3)
    assert history.ended == "finished"
    assert history.step == history.steps == len(history.train_accuracy) == 120
    assert history.test_steps.tolist() == [20, 40, 60, 80, 100, 120]
    assert history.test_accuracy[-1] > 0.8 and history.train_loss[-20:].mean() < history.train_loss[:20].mean() / 2
    assert (history.loss, history.reduction, history.rates) == ("cross_entropy", "mean", [(1, 0.3)])


def test_the_seed_decides_what_happens(lesson, network, small):
    runs = [train(network, lesson["he_start"](10), small, seed=seed) for seed in (5, 5, 6)]
    assert np.array_equal(runs[0].train_loss, runs[1].train_loss)
    assert not np.array_equal(runs[0].train_loss, runs[2].train_loss)


def test_a_step_subtracts_the_rate_times_the_deltas_of_its_batch(lesson, network, small):
    weights = lesson["he_start"](10)
    before = [weight.copy() for weight in weights]
    train(network, weights, small, epochs=50 / 2000, seed=3)
    chosen = next(data.batches(2000, 50, 3))
    x, goals = numpy_training.as_rows(small.train.images[chosen]), numpy_training.one_hot(small.train.labels[chosen])
    for weight, old, delta in zip(weights, before, network.backward(x, goals, before)[1], strict=True):
        assert weight == pytest.approx(old - 0.3 * delta, abs=1e-6)


def test_a_falling_rate_falls_evenly_to_0(small):
    weights = [np.zeros(1)]
    history = train(Recorder().network, weights, small, falling=True)
    assert weights[0][0] == pytest.approx(-sum(0.3 * (1 - step / 40) for step in range(40)))
    assert history.rates == [(1, 0.3)] and history.notes["rate falls"] == "to 0"


def test_every_image_comes_once_an_epoch_with_its_own_goal(small):
    recorder = Recorder()
    train(recorder.network, [np.zeros(1)], small, pixels_over=1)
    shown = np.concatenate([x for x, _ in recorder.seen[1:]])  # the first is the trial before the first step
    goals = np.concatenate([goals for _, goals in recorder.seen[1:]])
    rows = small.train.images.reshape(-1, 784)
    places = {row.tobytes(): number for number, row in enumerate(rows)}
    order = [places[row.astype(np.uint8).tobytes()] for row in shown]
    assert sorted(order) == list(range(2000))
    assert np.array_equal(goals.argmax(axis=1), small.train.labels[order])


def test_shifted_batches_are_the_images_moved_by_at_most_so_many_pixels(small):
    recorder, shifts = Recorder(), set()
    train(recorder.network, [np.zeros(1)], small, shift=1, seed=2)
    order = data.batches(2000, 50, 2)
    for x, _ in recorder.seen[1:]:
        padded = np.pad(small.train.images[next(order)], ((0, 0), (1, 1), (1, 1))) / np.float32(255)
        found = [
            (down, right)
            for down in range(3)
            for right in range(3)
            if np.allclose(x, padded[:, down : down + 28, right : right + 28].reshape(-1, 784))
        ]
        assert len(found) == 1
        shifts.update(found)
    assert len(shifts) >= 7  # of nine; forty throws may miss one


def test_a_rate_that_is_moved_takes_effect_and_is_written_down(small):
    weights = [np.zeros(1)]
    settings = {"learning_rate": 0.5, "steps": 10, "batch_size": 10, "test_every": 5, "seed": 0}
    run = numpy_training.Training(Recorder().network, weights, small, **settings)
    for history in run:
        if history.step == 5:
            run.learning_rate = 0.1
    assert weights[0][0] == pytest.approx(-(5 * 0.5 + 5 * 0.1))
    assert history.rates == [(1, 0.5), (6, 0.1)]


def test_a_run_that_diverges_says_so_and_keeps_its_history(lesson, small):
    def backward(x, goals, weights):
        outputs = x @ weights[0]
        return outputs, [x.T @ (outputs - goals)]

    linear = numpy_training.Network(lambda x, weights: x @ weights[0], backward, lesson["squared_error"])
    weights = [np.zeros([784, 10], np.float32)]
    with pytest.raises(DivergedError, match="learning rate that is too high") as caught:
        train(linear, weights, small, learning_rate=0.01, pixels_over=1)
    history = caught.value.history
    assert history.ended == "diverged" and 0 < history.step < 40
    assert np.isfinite(history.train_loss).all()


def test_an_interrupt_keeps_what_was_learned(lesson, network, small, capsys):
    seen = []

    def watch(history):
        seen.append(history.ended)
        if history.step >= 20 and not history.ended:
            raise KeyboardInterrupt

    history = train(network, lesson["he_start"](10), small, epochs=100, watch=watch)
    assert history.ended == "stopped" and seen[-1] == "stopped"
    assert f"Stopped after step {history.step:,}" in capsys.readouterr().out


def test_images_held_out_are_tested_beside_the_test_set(lesson, network, small):
    split = data.Dataset(small.train[:1500], small.test, small.train[1500:])
    weights = lesson["he_start"](10)
    history = train(network, weights, split)
    assert len(history.validation_accuracy) == len(history.test_accuracy) == 2
    accuracy, loss = numpy_training.evaluate(network, weights, split.validation)
    assert (history.validation_accuracy[-1], history.validation_loss[-1]) == pytest.approx((accuracy, loss))
    assert "validation accuracy" in str(history)


def test_the_live_room_shows_it_like_any_other_run(lesson, network, small, capsys):
    train(network, lesson["he_start"](10), small, watch=live.chart())
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:2] == ["step", "test"] and lines[-1].split()[0] == "40"


def test_a_chart_of_squared_errors_reaches_as_high_as_they_do(lesson, small):
    by_squares = numpy_training.Network(lesson["predict"], lesson["backward"], lesson["squared_error"])
    weights = [weight.astype(np.float32) for weight in lesson["published_start"]()]
    history = train(by_squares, weights, small, learning_rate=2e-5, pixels_over=1)
    chart = TrainingChart([history])
    assert chart.loss.get_title(loc="left") == "Loss per image"
    assert max(history.test_loss) <= chart.loss.get_ylim()[1] < np.log(10)  # not as high as a cross-entropy


def test_a_split_is_measured_whole_whatever_its_size(lesson, network, mnist):
    weights, split = lesson["he_start"](10), mnist.test[:5100]
    outputs = network.predict(numpy_training.as_rows(split.images), weights)
    accuracy, loss = numpy_training.evaluate(network, weights, split)
    assert accuracy == pytest.approx(np.mean(outputs.argmax(axis=1) == split.labels))
    assert loss == pytest.approx(network.loss(outputs, numpy_training.one_hot(split.labels)), rel=1e-5)


@pytest.mark.parametrize(
    ("wrong", "error", "sentence"),
    [
        (lambda x, goals, weights: np.zeros([len(x), 10]), TypeError, "should return two things"),
        (lambda x, goals, weights: (np.zeros([10, len(x)]), weights), ValueError, r"outputs of shape \[2, 10\]"),
        (lambda x, goals, weights: (goals, [weight.T for weight in weights]), ValueError, "a .T that is missing"),
        (lambda x, goals, weights: (goals, weights[::-1]), ValueError, "another order"),
        (lambda x, goals, weights: (goals, weights[:1]), ValueError, "The weights have shapes"),
    ],
)
def test_functions_that_do_not_fit_together_are_told_before_the_first_step(
    lesson, network, small, wrong, error, sentence
):
    broken = numpy_training.Network(network.predict, wrong, network.loss)
    with pytest.raises(error, match=sentence):
        train(broken, lesson["he_start"](10), small)


@pytest.mark.parametrize(
    ("wrong", "error", "sentence"),
    [
        ({"learning_rate": 0}, ValueError, "learning_rate should be a finite number above 0, such as 0.5; got 0"),
        ({"learning_rate": float("nan")}, ValueError, "learning_rate should be a finite number .* got nan"),
        ({"learning_rate": "0.5"}, TypeError, "learning_rate should be a number such as 0.5; got '0.5', a str"),
        ({"epochs": -1}, ValueError, "epochs should be a finite number above 0, such as 5; got -1"),
        ({"epochs": float("inf")}, ValueError, "epochs should be a finite number above 0, such as 5; got inf"),
        ({"epochs": True}, TypeError, "epochs should be a number such as 5; got True, a bool"),
        ({"epochs": 1e-6}, ValueError, "epochs=1e-06 of 2,000 images in batches of 50 come to no step at all"),
        ({"batch_size": 0}, ValueError, "batch_size should be 1 or more, such as 5; got 0"),
        ({"batch_size": 2001}, ValueError, "A batch of 2,001 cannot be drawn from 2,000 training examples"),
        ({"test_every": 1e4}, TypeError, "test_every should be a whole number such as 100; got 10000.0"),
        ({"shift": -1}, ValueError, "shift should be 0 or more, such as 1; got -1"),
    ],
)
def test_settings_that_make_no_sense_are_told_before_the_first_step(small, wrong, error, sentence):
    with pytest.raises(error, match=sentence):
        train(Recorder().network, [np.zeros(1)], small, **wrong)


def test_weights_of_whole_numbers_are_refused(small):
    with pytest.raises(TypeError, match="got int64"):
        train(Recorder().network, [np.zeros(1, np.int64)], small)


# --- The lab and the pictures ---------------------------------------------------------------------------------------


@pytest.fixture
def bench(new_lab, lesson, network, small):
    return new_lab(NumpyLab, small, network, lesson["he_start"], steps=60)


def test_the_lab_trains_with_every_setting(bench):
    for settings in ({"hidden": 10}, {"shift": 3}, {"falling": True}, {"batch_size": 1000}, {"learning_rate": 0.01}):
        history = bench.run(**settings)
        assert history.ended == "finished" and history.steps == 60
    assert [run.notes["shift"] for run in bench.histories] == ["0", "3", "3", "3", "3"]
    assert bench.histories[-1].notes == {"hidden": "10", "shift": "3", "rate falls": "to 0"}
    assert len({run.train_loss[-1] for run in bench.histories}) == 5


def test_the_lab_starts_from_fresh_weights_each_time(bench):
    first, second = bench.run(hidden=10), bench.run(hidden=10)
    assert np.array_equal(first.train_loss, second.train_loss)


def test_the_lab_stops_and_goes_on(bench):
    bench.controls["steps"].value = ENDLESS
    bench.start(chunks=1)
    assert bench.runner.idle.wait(PATIENCE)
    stopped = bench.histories[-1]
    before = stopped.step
    assert stopped.ended == "stopped" and 0 < before < ENDLESS
    bench.start(chunks=1)
    assert bench.runner.idle.wait(PATIENCE)
    assert bench.histories == [stopped] and stopped.step > before
    bench.start()
    wait_until(lambda: len(bench.histories) == 2)  # a run that is stopped before it begins leaves nothing behind
    bench.stop()
    assert len(bench.histories) == 2 and bench.histories[-1].ended == "stopped"


def test_a_mistake_in_the_readers_functions_is_shown_in_the_lab(new_lab, lesson, network, small):
    bench = new_lab(NumpyLab, small, network, lambda hidden: lesson["he_start"](hidden)[::-1])
    with pytest.raises(ValueError):
        bench.run()
    assert "lab-error" in bench.status.value


def test_units_are_shown_with_their_digits_in_words():
    shares = np.zeros([2, 10])
    shares[0, [4, 9]], shares[1] = (0.9, 0.8), np.linspace(0, 0.9, 10)
    picture = layers.switched_on(np.random.default_rng(0).normal(size=(784, 2)), shares, ["unit 5", "unit 7"])
    assert "unit 5: on most often for 4 (90%), 9 (80%), least often for 8 (0%), 7 (0%)" in picture.words
    assert "unit 7: on most often for 9 (90%), 8 (80%), least often for 0 (0%), 1 (10%)" in picture.words
    heights = [[bar.get_height() for bar in axes.patches] for axes in picture.figure.axes[2:]]
    assert heights == pytest.approx(shares)


# --- When steps are looked at and measured, and when they end -------------------------------------------------------


class Falling:
    """A network that puts out its one number, which falls from 1 by the rate at every step; the loss is that number.

    Below `limit` the loss is `bad`. A step takes 1/64 of a second on a clock of its own.
    """

    def __init__(self, limit=-np.inf, bad=np.nan):
        self.limit, self.bad, self.now = limit, bad, 0.0
        self.weights = [np.ones(1)]
        self.network = numpy_training.Network(self.predict, self.backward, self.loss)

    def perf_counter(self):
        return self.now

    def predict(self, x, weights):
        return np.tile(weights[0], [len(x), 10])

    def backward(self, x, goals, weights):
        self.now += 1 / 64
        return self.predict(x, weights), [np.ones(1)]

    def loss(self, outputs, goals):
        return outputs[0, 0] if outputs[0, 0] > self.limit else self.bad


@pytest.mark.parametrize(
    ("steps", "test_every", "tested_at"),
    [(10, 4, [4, 8, 10]), (7, 100, [7]), (3, 1, [1, 2, 3]), (11, 10, [10, 11])],
)
def test_the_test_set_is_measured_at_these_steps_and_at_the_end(small, steps, test_every, tested_at):
    falling = Falling()
    history = train(falling.network, falling.weights, small, epochs=steps * 50 / 2000, test_every=test_every)
    assert history.steps == steps and history.test_steps.tolist() == tested_at
    assert history.test_loss == pytest.approx(1 - 0.3 * np.array(tested_at))
    assert history.train_loss == pytest.approx(1 - 0.3 * np.arange(steps))


def test_steps_are_handed_out_every_twentieth_of_a_second_and_at_every_test(small, monkeypatch):
    falling, seen = Falling(), []
    monkeypatch.setattr(numpy_training, "time", falling)
    history = train(
        falling.network,
        falling.weights,
        small,
        epochs=14 * 50 / 2000,
        test_every=6,
        watch=lambda history: seen.append((history.step, history.test_steps.tolist(), history.ended)),
    )
    assert seen == [(4, [], ""), (6, [6], ""), (10, [6], ""), (12, [6, 12], ""), (14, [6, 12, 14], "finished")]
    assert history.seconds == 14 / 64


@pytest.mark.parametrize("bad", [np.nan, np.inf], ids=["NaN", "infinite"])
@pytest.mark.parametrize(("limit", "step"), [(2, 1), (0.35, 8)])
def test_it_stops_at_the_very_step_whose_loss_is_not_finite_and_does_not_take_it(small, limit, step, bad):
    falling, seen = Falling(limit, bad), []
    with pytest.raises(DivergedError, match=f"The loss became {bad} at step {step};"):
        train(falling.network, falling.weights, small, learning_rate=0.1, test_every=3, watch=seen.append)
    history = seen[-1]
    assert (history.step, history.ended) == (step - 1, "diverged")
    assert history.test_steps.tolist() == list(range(3, step, 3))
    assert falling.weights[0] == pytest.approx(1 - 0.1 * (step - 1))


def test_an_interrupt_that_nobody_watches_ends_in_words_too(small, capsys):
    falling = Falling()

    def backward(x, goals, weights):
        if weights[0] < 0.05:
            raise KeyboardInterrupt
        return falling.backward(x, goals, weights)

    network = numpy_training.Network(falling.predict, backward, falling.loss)
    history = train(network, falling.weights, small, learning_rate=0.1, test_every=5)
    assert (history.step, history.ended) == (10, "stopped")
    assert capsys.readouterr().out == "Stopped after step 10. The weights keep what they have learned so far.\n"


# --- What holds unless one says otherwise ---------------------------------------------------------------------------


def test_pixels_run_from_0_to_1_and_nothing_is_shifted_or_falls_unless_one_says_otherwise(small):
    recorder, weights = Recorder(), [np.zeros(1)]
    history = numpy_training.train(recorder.network, weights, small, learning_rate=0.5, epochs=26, batch_size=50)
    assert history.test_steps.tolist() == [1000, 1040]
    assert history.notes == {"shift": "0", "rate falls": "no"} and history.seed == 0
    assert weights[0][0] == pytest.approx(-0.5 * 1040)
    first = small.train.images[next(data.batches(2000, 50, 0))].reshape(50, 784)
    assert recorder.seen[1][0] == pytest.approx(first / 255)


def test_a_run_of_its_own_is_like_one_of_train(small):
    recorder, weights = Recorder(), [np.zeros(1)]
    settings = {"learning_rate": 0.5, "steps": 4, "batch_size": 10, "test_every": 5, "seed": 0}
    (history,) = numpy_training.Training(recorder.network, weights, small, **settings)
    assert history.notes == {"shift": "0", "rate falls": "no"} and weights[0][0] == -2
    assert recorder.seen[1][0].max() == 1


def test_a_network_sums_unless_it_says_otherwise_and_cannot_be_changed():
    network = Falling().network
    assert network.reduction == "sum"
    with pytest.raises(dataclasses.FrozenInstanceError):
        network.loss = None


def test_a_split_is_measured_on_pixels_from_0_to_1_unless_one_says_otherwise(small):
    shown = []
    network = numpy_training.Network(
        lambda x, weights: shown.append(x) or np.eye(10)[[3] * len(x)], None, lambda outputs, goals: goals[:, 3].mean()
    )
    accuracy, loss = numpy_training.evaluate(network, [], small.test[:100])
    assert accuracy == pytest.approx(np.mean(small.test.labels[:100] == 3)) == pytest.approx(loss)
    assert np.concatenate(shown) == pytest.approx(small.test.images[:100].reshape(100, 784) / 255)


def test_batches_of_one_image_can_be_learned_from(small):
    history = train(Recorder().network, [np.zeros(1)], small, epochs=2 / 2000, batch_size=1)
    assert history.step == 2


# --- More that does not fit together --------------------------------------------------------------------------------


def test_one_array_of_whole_numbers_among_the_weights_is_refused(small):
    with pytest.raises(TypeError, match=r"got float64, int64|got int64, float64"):
        train(Recorder().network, [np.zeros(1), np.zeros(1, np.int64)], small)


@pytest.mark.parametrize("returned", [lambda outputs: (outputs, [], []), lambda outputs: [outputs, [np.ones(1)]]])
def test_backward_returns_a_pair(small, returned):
    recorder = Recorder()
    network = numpy_training.Network(
        recorder.predict, lambda x, goals, weights: returned(goals), lambda outputs, goals: 0.5
    )
    with pytest.raises(TypeError, match="should return two things"):
        train(network, [np.zeros(1)], small)


def test_predict_gives_outputs_of_the_same_shape_as_backward(small):
    recorder = Recorder()
    network = numpy_training.Network(
        lambda x, weights: np.zeros([len(x), 9]), recorder.backward, lambda outputs, goals: 0.5
    )
    with pytest.raises(ValueError, match=r"For 2 images, .* got \[2, 9\] and \[2, 10\]"):
        train(network, [np.zeros(1)], small)


def test_a_run_leads_where_tensorflows_gradients_lead_with_keras_plain_steps(ladder, with_biases, small):
    weights = [weight.astype(np.float64) for weight in ladder["he_start"](12)]
    variables = [tf.keras.Variable(weight, dtype="float64") for weight in weights]
    descent, order = tf.keras.optimizers.SGD(), data.batches(2000, 50, 3)
    history = train(with_biases, weights, small, epochs=8 * 50 / 2000, seed=3, falling=True, learning_rate=0.5)
    for step in range(8):
        chosen = next(order)
        x, goals = (
            numpy_training.as_rows(small.train.images[chosen]),
            numpy_training.one_hot(small.train.labels[chosen]),
        )
        raw = [variable.value for variable in variables]
        with tf.GradientTape() as tape:
            logits = tf.nn.relu(x.astype(float) @ raw[0] + raw[1]) @ raw[2] + raw[3]
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(goals.astype(float), logits))
        assert history.train_loss[step] == pytest.approx(float(loss), rel=1e-5)
        right = logits.numpy().argmax(axis=1) == small.train.labels[chosen]
        assert history.train_accuracy[step] == pytest.approx(right.mean())
        descent.learning_rate = 0.5 * (1 - step / 8)
        descent.apply(tape.gradient(loss, raw), variables)
    for weight, variable in zip(weights, variables, strict=True):
        assert weight == pytest.approx(variable.numpy(), abs=1e-6)
