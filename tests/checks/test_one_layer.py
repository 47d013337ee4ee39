"""The exercises' checks, on the notebook's own stubs and solutions and on the usual wrong answers."""

import ast

import numpy as np
import pytest
import tensorflow as tf

from helpers import checks
from tools import lessons


def exercises():
    """Of each exercise in the notebooks: the stub's cell, the solution as it is printed, and the call of the check."""
    for path in lessons.paths():
        lesson = lessons.read(path)
        for each in lessons.exercises(lesson):
            name = f"{path.stem}, {each.check}"
            yield pytest.param(lesson.cells[each.stub].source, each.solution, each.call, id=name)


EXERCISES = list(exercises())


def verdict_of(source):
    """Run source as a cell: what its last line gives."""
    *before, last = ast.parse(source).body
    names = {"np": np, "tf": tf, "checks": checks}
    exec(compile(ast.Module(before, []), "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


def test_lesson_01_has_its_three_exercises():
    names = [exercise.id for exercise in EXERCISES]
    assert [f"01_one_layer, {name}" for name in ("one_hot", "accuracy", "gradients")] == names[:3]


@pytest.mark.parametrize(("stub", "solution", "call"), EXERCISES)
def test_the_stub_as_printed_is_asked_for_a_body(stub, solution, call):
    verdict = verdict_of(stub)
    assert not verdict.right
    assert repr(verdict).startswith("Not yet. Your function returns nothing so far.")


@pytest.mark.parametrize(("stub", "solution", "call"), EXERCISES)
def test_the_solution_as_printed_is_right(stub, solution, call):
    verdict = verdict_of(f"{solution}\n{call}")
    assert verdict.right
    assert repr(verdict).startswith("Right. ")


def test_every_check_has_an_exercise_in_a_notebook():
    offered = {name for name, value in vars(checks).items() if callable(value) and name.islower() and name[0] != "_"}
    asked = {exercise.id.split(", ")[1] for exercise in EXERCISES}
    assert asked == offered - {"dataclass"}


# --- One-hot labels -------------------------------------------------------------------------------------------------


def one_by_one(labels):
    table = np.zeros((len(labels), 10))
    for row, digit in enumerate(labels):
        table[row, digit] = 1
    return table


def stops_after_the_first(labels):
    for digit in labels:
        row = np.zeros(10)
        row[digit] = 1
        return row


def on_its_side(labels):
    table = np.zeros((10, len(labels)))
    table[labels, np.arange(len(labels))] = 1
    return table


def from_one(labels):
    table = np.zeros((len(labels), 10))
    table[np.arange(len(labels)), labels - 1] = 1
    return table


def all_ones(labels):
    return np.ones((len(labels), 10))


def nine_columns(labels):
    return np.eye(labels.max() + 1)[labels][:, :9]


@pytest.mark.parametrize(
    "answer", [one_by_one, lambda labels: tf.one_hot(labels, 10), lambda labels: (np.eye(10)[labels] == 1).tolist()]
)
def test_one_hot_labels_may_be_written_in_any_way(answer):
    assert checks.one_hot(answer).right


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (on_its_side, "The table lies on its side"),
        (from_one, "one place too far left. Digit 0 belongs in column 0"),
        (lambda labels: labels, "These are the labels themselves"),
        (lambda labels: np.eye(10), "the same table for any labels"),
        (stops_after_the_first, "marks one image only"),
        (all_ones, "at position [0, 0] expected 0, got 1."),
        (nine_columns, "Expected shape [4, 10]; got shape [4, 9]."),
        (lambda labels: [[1], [0, 1]], "Expected an array of numbers; got [[1], [0, 1]], a list."),
    ],
)
def test_usual_wrong_one_hot_labels_are_recognised(answer, sentence):
    verdict = checks.one_hot(answer)
    assert not verdict.right
    assert sentence in repr(verdict)


# --- Accuracy -------------------------------------------------------------------------------------------------------


def right_answers(logits, labels):
    return np.argmax(logits, axis=1) == labels


@pytest.mark.parametrize(
    "answer",
    [
        lambda logits, labels: np.sum(right_answers(logits, labels)) / len(labels),
        lambda logits, labels: tf.reduce_mean(tf.cast(tf.argmax(logits, axis=1) == labels, tf.float32)),
        lambda logits, labels: 1 - np.mean(logits.argmax(axis=1) != labels),
    ],
)
def test_accuracy_may_be_written_in_any_way(answer):
    assert checks.accuracy(answer).right


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda logits, labels: right_answers(logits, labels).sum(), "the number of right answers"),
        (lambda logits, labels: 100 * right_answers(logits, labels).mean(), "in per cent"),
        (lambda logits, labels: np.mean(logits.argmax(axis=1) != labels), "the share of wrong answers"),
        (right_answers, "the single answers, right or wrong"),
        (lambda logits, labels: np.mean(np.argmax(logits, axis=0) == labels), "down the columns"),
        (lambda logits, labels: np.mean(labels == np.argmax(logits, axis=0)), "down the columns"),
        (lambda logits, labels: np.mean(np.max(logits, axis=1) == labels), "argmax, not max"),
        (lambda logits, labels: 0.5, "expected 0.75, got 0.5"),
        (lambda logits, labels: float("nan"), "expected 0.75, got nan"),
        (lambda logits, labels: "75%", "Expected an array of numbers; got '75%', a str."),
        (lambda logits, labels: logits, "Expected shape []; got shape [20, 10]."),
    ],
)
def test_usual_wrong_accuracies_are_recognised(answer, sentence):
    verdict = checks.accuracy(answer)
    assert not verdict.right
    assert sentence in repr(verdict)


# --- Gradients ------------------------------------------------------------------------------------------------------


def softmax(logits, axis=1):
    exponentials = np.exp(logits)
    return exponentials / exponentials.sum(axis=axis, keepdims=True)


def gradients(x, delta):
    return x.T @ delta, delta.sum(axis=0)


def with_the_tape(x, one_hot, W, b):
    W, b = tf.Variable(W), tf.Variable(b)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(one_hot, x @ W + b))
    return tape.gradient(loss, [W, b])


def image_by_image(x, one_hot, W, b):
    gradient_W, gradient_b = np.zeros_like(W), np.zeros_like(b)
    for image, label in zip(x, one_hot, strict=True):
        delta = (softmax((image @ W + b)[None])[0] - label) / len(x)
        gradient_W += np.outer(image, delta)
        gradient_b += delta
    return gradient_W, gradient_b


@pytest.mark.parametrize("answer", [with_the_tape, image_by_image])
def test_gradients_may_be_written_in_any_way_and_are_those_of_the_tape(answer):
    assert checks.gradients(answer).right


def averaged_in_one_place_only(x, one_hot, W, b):
    delta = softmax(x @ W + b) - one_hot
    return x.T @ delta / len(x), delta.sum(axis=0)


def averaged_in_the_other_place_only(x, one_hot, W, b):
    delta = softmax(x @ W + b) - one_hot
    return x.T @ delta, delta.mean(axis=0)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda x, one_hot, W, b: gradients(x, (one_hot - softmax(x @ W + b)) / len(x)), "sign is turned round"),
        (lambda x, one_hot, W, b: gradients(x, softmax(x @ W + b) - one_hot), "gradients of the sum"),
        (lambda x, one_hot, W, b: gradients(x, (x @ W + b - one_hot) / len(x)), "The softmax is missing"),
        (
            lambda x, one_hot, W, b: gradients(x, (softmax(x @ W + b, axis=0) - one_hot) / len(x)),
            "softmax was taken down the columns",
        ),
        (averaged_in_one_place_only, "b is not divided by the number of images"),
        (averaged_in_the_other_place_only, "W is not divided by the number of images"),
        (lambda x, one_hot, W, b: gradients(x, softmax(x @ W + b) / len(x)), "The labels are missing"),
        (lambda x, one_hot, W, b: softmax(x @ W + b) - one_hot, "Expected two arrays, as in: return gradient_W"),
        (
            lambda x, one_hot, W, b: ((softmax(x @ W + b) - one_hot).T @ x, b),
            "Expected gradient_W of shape [784, 10] and gradient_b of shape [10]; got [10, 784] and [10].",
        ),
        (lambda x, one_hot, W, b: (b, W), "The two are turned round"),
        (lambda x, one_hot, W, b: (None, None), "Expected an array of numbers; got None"),
        (lambda x, one_hot, W, b: x @ one_hot, "Your function stopped in its line"),
    ],
)
def test_usual_wrong_gradients_are_recognised(answer, sentence):
    verdict = checks.gradients(answer)
    assert not verdict.right
    assert sentence in repr(verdict)


# --- Answers that stop ----------------------------------------------------------------------------------------------


def divides_by_nothing(*_arguments):
    return 1 / 0


def trips_inside_numpy(*_arguments):
    return np.mean(np.zeros(3), axis=7)


@pytest.mark.parametrize("check", [checks.one_hot, checks.accuracy, checks.gradients])
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (divides_by_nothing, "Your function stopped in its line 'return 1 / 0' with ZeroDivisionError"),
        (trips_inside_numpy, "stopped in its line 'return np.mean(np.zeros(3), axis=7)' with AxisError"),
        (lambda: 0, "could not be called as the exercise asks: <lambda>() takes 0 positional arguments"),
        (
            "not a function",
            "asks: 'str' object is not callable. Keep its first line as it was, and hand it to the check by its name",
        ),
        (lambda *arguments: {"answer": 1}, "got"),
    ],
)
def test_an_answer_that_stops_is_told_where_and_why(check, answer, words):
    verdict = check(answer)
    assert not verdict.right
    assert words in repr(verdict)
