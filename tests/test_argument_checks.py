"""Every mistake is answered in a sentence that holds what was expected, what it got and a cure, before any training."""

from dataclasses import dataclass

import numpy as np
import pytest
import tensorflow as tf

from helpers import argument_checks, training
from helpers.data import Dataset, Split
from helpers.errors import ReaderError


@dataclass
class Reader:
    """What a reader has made: weights and biases that are not zero any more, and the network that uses them."""

    W: tf.Variable
    b: tf.Variable

    def model(self, x):
        return x @ self.W + self.b


@pytest.fixture
def reader():
    random = np.random.default_rng(0)
    return Reader(tf.Variable(random.normal(size=(784, 10)), dtype=tf.float32), tf.Variable(tf.ones([10])))


def assert_refused(reader, error, words, model, data, **settings):
    """`train` answers with all these words, and nothing was trained or shown before."""
    W, b, seen = reader.W.numpy(), reader.b.numpy(), []
    with pytest.raises(error) as refusal:
        training.train(model, data, watch=seen.append, **{"learning_rate": 0.5, **settings})
    assert isinstance(refusal.value, ReaderError)  # no other ValueError, such as one of TensorFlow's
    for word in words:
        assert word in str(refusal.value)
    assert np.array_equal(reader.W, W) and np.array_equal(reader.b, b)
    assert not seen


# --- Settings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        ({"learning_rate": 0}, ValueError, "got 0."),
        ({"steps": 1e4}, TypeError, "got 10000.0"),
        ({"batch_size": 2001}, ValueError, "A batch of 2,001"),
        ({"test_every": 0}, ValueError, "got 0."),
        ({"seed": -1}, ValueError, "got -1"),
        ({"l2": -0.001}, ValueError, "got -0.001"),
        ({"shift": 0.5}, TypeError, "got 0.5"),
    ],
    ids=str,
)
def test_a_setting_that_makes_no_sense(reader, small, wrong, error, words):
    """What each is answered with is held in test_setting_checks.py."""
    assert_refused(reader, error, [words], reader.model, small, **wrong)


def test_settings_may_be_numpy_numbers(reader, small):
    history = training.train(reader.model, small, learning_rate=np.float32(0.5), steps=np.int64(2), seed=np.int32(1))
    assert history.step == 2


# --- Data -----------------------------------------------------------------------------------------------------------


def one_label_wrong(small, part, label):
    def spoil(split):
        labels = split.labels.astype(int)
        labels[7] = label
        return Split(split.images, labels)

    parts = {"train": small.train, "test": small.test}
    return Dataset(**parts | {part: spoil(parts[part])})


@pytest.mark.parametrize("label", [10, -1, 255])
@pytest.mark.parametrize("part", ["train", "test"])
def test_a_label_that_is_no_digit(reader, small, part, label):
    words = ["Labels should be the digits 0 to 9", f"the {part} label at position 7 is {label}"]
    assert_refused(reader, ValueError, words, reader.model, one_label_wrong(small, part, label))


@pytest.mark.parametrize(
    ("spoil", "error", "words"),
    [
        pytest.param(lambda small: small.train, TypeError, ["data.load_mnist()", "got Split"], id="one split"),
        pytest.param(lambda small: None, TypeError, ["data.load_mnist()", "got NoneType"], id="nothing"),
        pytest.param(
            lambda small: (small.train.images, small.train.labels),
            TypeError,
            ["data.load_mnist()", "got tuple", "train(model, mnist, learning_rate=0.5)"],
            id="arrays",
        ),
        pytest.param(
            lambda small: Dataset(Split(small.train.images / 255, small.train.labels), small.test),
            ValueError,
            ["The train images should be uint8", "got float64", "Leave the scaling"],
            id="scaled images",
        ),
        pytest.param(
            lambda small: Dataset(small.train, Split(small.test.images, small.test.labels[:-1])),
            ValueError,
            ["Every test image needs one label", "1,000 images and 999 labels"],
            id="a label too few",
        ),
        pytest.param(
            lambda small: Dataset(Split(small.train.images, np.eye(10)[small.train.labels]), small.test),
            ValueError,
            ["one digit for each image, shape [n]", "train labels have shape [2000, 10]", "one-hot itself"],
            id="one-hot labels",
        ),
        pytest.param(
            lambda small: Dataset(small.train, small.test[1000:]),
            ValueError,
            ["The test part of the data is empty", "at least one image"],
            id="an empty test set",
        ),
    ],
)
def test_data_of_the_wrong_kind(reader, small, spoil, error, words):
    assert_refused(reader, error, words, reader.model, spoil(small))


# --- Models ---------------------------------------------------------------------------------------------------------


def with_hidden_layer(reader, sizes, dtype=tf.float32):
    """A network of two layers that do not fit together."""
    hidden = tf.Variable(tf.ones(sizes, dtype))
    return lambda x: tf.nn.relu(x @ hidden) @ reader.W + reader.b


def with_keras(*sizes):
    return tf.keras.Sequential([tf.keras.layers.Dense(size) for size in sizes])


def branching(x):
    return x if tf.reduce_sum(x) > 0 else -x


def noting(x):
    float(tf.reduce_mean(x).numpy())
    return x


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        pytest.param(
            lambda reader: reader.model(tf.zeros([100, 784])),
            TypeError,
            [
                "should be a function from a batch of images to logits",
                "got EagerTensor",
                "not the result of calling it",
            ],
            id="what the model returned",
        ),
        pytest.param(lambda reader: None, TypeError, ["should be a function", "got NoneType"], id="no model"),
        pytest.param(
            lambda reader: lambda x: x @ tf.zeros([784, 10]),
            ValueError,
            ["no tf.Variable", "nothing to train", "W = tf.Variable(tf.zeros([784, 10]))"],
            id="no variables",
        ),
        pytest.param(
            lambda reader: lambda x: x @ tf.Variable(reader.W) + reader.b,
            ValueError,
            ["new variables each time it is called", "above the function"],
            id="variables made inside",
        ),
        pytest.param(
            lambda reader: lambda x: (x @ reader.W)[:, :9],
            ValueError,
            ["10 logits for each image", "shape [100, 10]", "returned shape [100, 9]", "do not end in 10"],
            id="nine logits",
        ),
        pytest.param(
            lambda reader: with_keras(200, 100),
            ValueError,
            ["shape [100, 10]", "returned shape [100, 100]"],
            id="a Keras model without its last layer",
        ),
        pytest.param(
            lambda reader: lambda x: tf.reduce_mean(reader.model(x), axis=0),
            ValueError,
            ["shape [100, 10]", "returned shape [10]"],
            id="one row for all",
        ),
        pytest.param(
            lambda reader: lambda x: tf.nn.softmax(reader.model(x)),
            ValueError,
            ["should return logits", "it returned probabilities", "Remove the softmax"],
            id="probabilities",
        ),
        pytest.param(
            lambda reader: tf.keras.Sequential([tf.keras.layers.Dense(10, activation="softmax")]),
            ValueError,
            ["should return logits", "it returned probabilities"],
            id="a Keras model with a softmax",
        ),
        pytest.param(
            lambda reader: lambda x: None,
            ValueError,
            ["should return a tensor of logits", "returned NoneType", "missing a return"],
            id="no return",
        ),
        pytest.param(
            lambda reader: lambda x: x.numpy() @ reader.W.numpy(),
            ValueError,
            ["should return a tensor of logits", "returned ndarray", "tf.… rather than np.…"],
            id="NumPy",
        ),
        pytest.param(
            lambda reader: lambda x: tf.cast(x, tf.float64) @ tf.cast(reader.W, tf.float64),
            ValueError,
            ["float32 logits", "returned float64", "from float32 values"],
            id="float64 logits",
        ),
        pytest.param(
            lambda reader: with_hidden_layer(reader, [784, 784], dtype=tf.float64),
            ValueError,
            ["failed on its first batch", "float32 images of shape [100, 784]", "not float32"],
            id="float64 weights",
        ),
        pytest.param(
            lambda reader: with_hidden_layer(reader, [28, 784]),
            ValueError,
            ["failed on its first batch", "shape [100, 784]", "[100,784]", "[28,784]", "784 at the first layer"],
            id="a first layer for other images",
        ),
        pytest.param(
            lambda reader: with_hidden_layer(reader, [784, 200]),
            ValueError,
            ["failed on its first batch", "[100,200]", "[784,10]", "the width of what enters it"],
            id="layers that do not fit together",
        ),
        pytest.param(
            lambda reader: lambda x: x @ reader.weights,
            ValueError,
            ["failed on its first batch", "AttributeError", "'weights'"],
            id="a name that is not there",
        ),
        pytest.param(
            lambda reader: lambda: reader.W, ValueError, ["failed on its first batch", "positional argument"], id="no x"
        ),
        pytest.param(
            lambda reader: lambda x: tf.constant(reader.model(x).numpy()) + reader.b,
            ValueError,
            ["does not depend on the variable", "shape [784, 10]", "leaves TensorFlow (.numpy(), np.…)"],
            id="a way round TensorFlow",
        ),
        pytest.param(
            lambda reader: lambda x: tf.round(x @ reader.W) + reader.b,
            ValueError,
            ["does not depend on the variable", "shape [784, 10]", "cannot be trained", "tf.round"],
            id="a gradient that is cut",
        ),
        pytest.param(
            lambda reader: lambda x: reader.model(branching(x)),
            ValueError,
            ["cannot be compiled for training", "Python if on a tensor"],
            id="a Python if",
        ),
        pytest.param(
            lambda reader: lambda x: reader.model(noting(x)),
            ValueError,
            ["cannot be compiled for training", "numpy", ".numpy(), np.…"],
            id=".numpy() on the side",
        ),
        pytest.param(
            lambda reader: lambda x: reader.model(tf.reshape(x, [100, 784])),
            ValueError,
            ["cannot be compiled for training", "batch size written as a number"],
            id="a fixed batch size",
        ),
    ],
)
def test_a_model_that_cannot_be_trained(reader, small, wrong, error, words):
    assert_refused(reader, error, words, wrong(reader), small)


def test_the_variable_that_cannot_be_trained_is_named(small):
    W, scale = tf.Variable(tf.zeros([784, 10])), tf.Variable(1.0, name="scale")
    with pytest.raises(ValueError, match=r"variable 'scale' of shape \[\]"):
        training.train(lambda x: x @ W + tf.round(scale), small, learning_rate=0.5)


# --- Losses ---------------------------------------------------------------------------------------------------------


def per_image(labels, logits):
    return tf.nn.softmax_cross_entropy_with_logits(labels, logits)


def failing(labels, logits):
    return tf.reduce_mean(labels @ logits)


def with_another_term(labels, logits):
    return training.sum_cross_entropy(labels, logits) + 1000.0


@pytest.mark.parametrize(
    ("loss", "error", "words"),
    [
        ("mean", TypeError, ["should be a function", "training.mean_cross_entropy", "got str"]),
        (tf.constant(2.3), TypeError, ["should be a function", "without calling it"]),
        (per_image, ValueError, ["one number for the whole batch", "shape [100]", "tf.reduce_mean"]),
        (lambda labels, logits: None, ValueError, ["one number for the whole batch", "NoneType", "return is missing"]),
        (lambda labels, logits: np.float32(1), ValueError, ["one number", "float32", "tf.…"]),
        (failing, ValueError, ["The loss failed on its first batch", "[100, 10]", "labels first"]),
        (lambda labels: 0.0, ValueError, ["The loss failed on its first batch", "positional argument"]),
        (with_another_term, ValueError, ["a mean or a sum over the examples", "times as large", "another term"]),
        (lambda labels, logits: tf.reduce_sum(labels), ValueError, ["does not depend on the variable"]),
        (
            lambda labels, logits: tf.reduce_mean(tf.cast(tf.argmax(logits, 1) == tf.argmax(labels, 1), tf.float32)),
            ValueError,
            ["does not depend on the variable", "tf.argmax"],
        ),
        (
            lambda labels, logits: tf.cast(training.mean_cross_entropy(labels, logits), tf.float64),
            ValueError,
            ["a float32 number", "returned float64", "tf.cast"],
        ),
    ],
    ids=[
        "a name",
        "a number",
        "one for each image",
        "nothing",
        "NumPy",
        "failing",
        "of one argument",
        "with another term",
        "of the labels only",
        "accuracy",
        "float64",
    ],
)
def test_a_loss_that_cannot_be_trained_on(reader, small, loss, error, words):
    assert_refused(reader, error, words, reader.model, small, loss=loss)


def test_a_loss_of_ones_own_may_take_probabilities(reader, small):
    def written_out(labels, probabilities):
        return -tf.reduce_mean(tf.reduce_sum(labels * tf.math.log(probabilities + 1e-10), axis=1))

    history = training.train(
        lambda x: tf.nn.softmax(reader.model(x)), small, learning_rate=0.1, steps=10, loss=written_out
    )
    assert history.step == 10


def test_logits_that_happen_to_be_between_0_and_1_are_taken(small):
    W = tf.Variable(tf.fill([784, 10], 1e-3))
    assert training.train(lambda x: x @ W, small, learning_rate=0.1, steps=1).step == 1


def test_a_mistake_does_not_stand_in_the_way_of_the_next_try(reader, small, capsys):
    with pytest.raises(ValueError, match="cannot be compiled"):
        training.train(lambda x: reader.model(branching(x)), small, learning_rate=0.5)
    assert training.train(reader.model, small, learning_rate=0.5, steps=1).step == 1
    assert capsys.readouterr().out == ""


# --- At the limits --------------------------------------------------------------------------------------------------


def a_check(reader, small, model, loss=training.mean_cross_entropy, *, expects_logits=True, examples=20):
    """What the check of a model and a loss gives back, on a batch of so many images."""
    batch = tf.constant(small.train.images[:examples].reshape(examples, 784) / np.float32(255))
    one_hot = tf.one_hot(small.train.labels[:examples], 10)
    return argument_checks.check_model(model, loss, batch, one_hot, expects_logits=expects_logits)


def test_the_training_part_may_not_be_empty(small):
    with pytest.raises(ValueError, match="The train part of the data is empty"):
        argument_checks.check_data(Dataset(small.train[:0], small.test))


def test_probabilities_are_told_from_logits_even_when_some_are_exactly_0(reader, small):
    with pytest.raises(ValueError, match="it returned probabilities"):
        a_check(reader, small, lambda x: tf.nn.softmax(1e4 * reader.model(x)))
    a_check(reader, small, lambda x: tf.nn.softmax(reader.model(x)), expects_logits=False)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param([2.0, -1.0, *[0.0] * 8], id="they sum to 1, but some are negative"),
        pytest.param([0.101] * 10, id="they are positive, but sum to 1.01"),
        pytest.param([0.099] * 10, id="they are positive, but sum to 0.99"),
        pytest.param([-0.1] * 10, id="they are negative and sum to -1"),
    ],
)
def test_logits_that_look_like_probabilities_are_taken(reader, small, row):
    row = tf.Variable(row)
    variables, reduction = a_check(reader, small, lambda x: row + tf.zeros([x.shape[0], 10]))
    assert variables[0] is row and reduction == "mean"


@pytest.mark.parametrize(("loss", "reduction"), [("mean_cross_entropy", "mean"), ("sum_cross_entropy", "sum")])
def test_a_mean_and_a_sum_are_told_apart_and_the_variables_are_found(reader, small, loss, reduction):
    variables, found = a_check(reader, small, reader.model, getattr(training, loss))
    assert found == reduction
    assert {id(variable) for variable in variables} == {id(reader.W), id(reader.b)}


@pytest.mark.parametrize("power", [0.99, 1.01, 0.01, -0.01])
def test_a_loss_that_is_nearly_a_mean_or_a_sum_is_neither(reader, small, power):
    def nearly(labels, logits):
        return training.sum_cross_entropy(labels, logits) / tf.cast(tf.shape(labels)[0], tf.float32) ** power

    with pytest.raises(ValueError, match=r"a sum doubles; yours became (1\.01|0\.993|1\.99|2\.01) times as large"):
        a_check(reader, small, reader.model, nearly)


def test_a_loss_that_starts_as_nan_is_left_to_the_first_step(reader, small):
    def bad(labels, logits):
        return training.sum_cross_entropy(labels, logits) * float("nan")

    assert a_check(reader, small, reader.model, bad)[1] == "mean"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyError(), "before any training: KeyError."),
        (RuntimeError("It broke. Nobody knows\nwhy"), "before any training: RuntimeError: It broke."),
    ],
)
def test_of_an_error_inside_the_model_the_first_sentence_is_told(reader, small, error, words):
    def failing_model(x):
        raise error

    with pytest.raises(ValueError) as refused:
        a_check(reader, small, failing_model)
    assert str(refused.value).endswith(words)  # and nobody guesses at a cause that is not known


def test_each_error_inside_the_model_has_its_own_likely_cause(reader, small):
    doubles = tf.Variable(tf.zeros([784, 10], tf.float64))
    narrow = tf.Variable(tf.zeros([783, 10]))
    causes = {
        "name 'Wx' is not defined. Is the name misspelt, or has the cell that makes it not been run?": (
            lambda x: x @ Wx  # noqa: F821
        ),
        "has no attribute 'rellu'. Is the name after the dot misspelt?": lambda x: tf.nn.rellu(x @ reader.W),
        "The model is called with one argument, the batch of images.": lambda x, y: x @ reader.W,
        "a variable that is not float32.": lambda x: x @ doubles,
        "(784 at the first layer), or biases of another width than their layer.": lambda x: x @ narrow,
    }
    for words, model in causes.items():
        with pytest.raises(ReaderError) as refused:
            a_check(reader, small, model)
        assert str(refused.value).endswith(words)


def test_a_misspelt_name_in_the_loss_is_no_matter_of_the_order_of_its_arguments(reader, small):
    with pytest.raises(ReaderError, match="Is the name misspelt"):
        a_check(reader, small, reader.model, lambda labels, logits: tf.reduce_mean(nowhere))  # noqa: F821


def test_a_batch_size_written_into_the_loss_is_told(reader, small):
    def loss(labels, logits):
        return tf.reduce_mean(tf.reshape(labels, [20, 10]) * logits)

    with pytest.raises(ReaderError, match=r"on a batch of 20 images but not on one of 40: .* Take the mean instead"):
        a_check(reader, small, reader.model, loss)


def test_what_tensorflow_says_in_mid_training_is_told_in_words():
    with pytest.raises(ReaderError, match=r"failed after step 1,200, although .* InvalidArgumentError: No such row\."):
        with argument_checks.in_words(1200):
            raise tf.errors.InvalidArgumentError(None, None, "No such row. [Op:Gather]")
