"""Networks as plain arithmetic: they say what their models say, and their slopes are TensorFlow's."""

import io
import json

import numpy as np
import pytest

from helpers import networks, own_folder
from helpers.own import frozen_networks, kept_networks
from helpers.own.frozen_networks import FrozenNetwork, freeze, smallest_change

import tensorflow as tf  # isort: skip

layers = tf.keras.layers


def weights(*shape):
    return tf.Variable(tf.random.stateless_normal(shape, (0, len(shape))) / 10)


def convolutions():
    first, second, last = weights(5, 5, 1, 4), weights(3, 3, 4, 6), weights(7 * 7 * 6, 10)

    def model(x):
        y = tf.nn.relu(tf.nn.conv2d(tf.reshape(x, [-1, 28, 28, 1]), first, strides=2, padding="SAME"))
        y = tf.nn.tanh(tf.nn.conv2d(y, second, strides=1, padding="SAME") + 0.1)
        return tf.reshape(tf.nn.max_pool2d(y, 3, 2, "SAME"), [-1, 7 * 7 * 6]) @ last

    return model


def from_keras():
    network = tf.keras.Sequential(
        [
            tf.keras.Input([784]),
            layers.Reshape([28, 28, 1]),
            layers.Conv2D(3, 4, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.5),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    return network


def with_itself_added():
    W, V = weights(784, 20), weights(20, 10)

    def model(x):
        y = tf.nn.sigmoid(x @ W)
        return (y * y + y) @ V * 0.5

    return model


def with_more_than_its_logits(more):
    W, seen = weights(784, 10), []

    def model(x):
        logits = x @ W
        seen.append(more(logits))
        return logits

    return model


MODELS = {
    "five layers of sigmoids": lambda: networks.Network(networks.Design()),
    "ReLU": lambda: networks.Network(networks.Design(hidden=(30,), activation="ReLU", initialisation="He")),
    "convolutions": convolutions,
    "Keras": from_keras,
    "a value used twice": with_itself_added,
    "something beside the logits": lambda: with_more_than_its_logits(tf.nn.relu),
    "beside them what cannot be kept": lambda: with_more_than_its_logits(tf.nn.softmax),
    "a tf.function": lambda: tf.function(with_itself_added()),
}


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS.keys())
def test_a_network_from_a_file_says_and_slopes_as_its_model_does(make, mnist):
    model = make()
    network = FrozenNetwork.from_bytes(freeze(model).to_bytes())
    towards = np.random.default_rng(0).normal(size=10).astype(np.float32)
    for image in mnist.test.images[:3]:
        row = tf.constant(image.reshape(1, 784) / 255, tf.float32)
        with tf.GradientTape() as tape:
            tape.watch(row)
            logits = model(row)
            value = tf.reduce_sum(logits * towards)
        scale = np.abs(logits).max()
        np.testing.assert_allclose(network.logits(image / 255), logits[0], atol=1e-5 * scale)
        np.testing.assert_allclose(network.probabilities(image / 255), tf.nn.softmax(logits)[0], atol=1e-5)
        slope = tape.gradient(value, row).numpy()[0]
        np.testing.assert_allclose(network.slope(image / 255, towards), slope, atol=1e-4 * np.abs(slope).max())


def test_what_is_kept_stays_as_it_was_while_the_model_trains_on(new_model):
    model = new_model()
    network = freeze(model)
    model.b.assign(tf.range(10.0))
    assert not network.logits(np.zeros(784)).any()


def test_an_operation_that_numpy_does_not_do_here_is_named(new_model):
    model, other = new_model(), weights(10, 784)
    with pytest.raises(ValueError, match=r"uses Erfc|uses Neg"):
        freeze(lambda x: tf.nn.gelu(model(x), approximate=False))
    with pytest.raises(ValueError, match="MatMul with another transpose_b"):
        freeze(lambda x: tf.matmul(x, other, transpose_b=True))
    with pytest.raises(ValueError, match="makes 10 numbers of 784"):
        freeze(lambda x: model(x) @ tf.ones([10, 3]))
    with pytest.raises(ValueError, match="makes 10 numbers of 784"):
        freeze(lambda x: tf.zeros([1, 10]))  # whatever the image
    with pytest.raises(ValueError, match="gives 2 things"):
        freeze(lambda x: (model(x), x))


def test_a_file_with_code_in_it_is_refused_and_its_code_is_not_run(new_model, tmp_path):
    class Evil:
        def __reduce__(self):
            return open, (str(tmp_path / "made by the file"), "w")

    file = io.BytesIO()
    np.savez(file, operations=np.array([Evil()], dtype=object))
    with pytest.raises(ValueError, match="damaged, or no network"):
        FrozenNetwork.from_bytes(file.getvalue())
    assert not (tmp_path / "made by the file").exists()


def test_damaged_and_foreign_files_are_answered_in_words(new_model):
    good = freeze(new_model()).to_bytes()
    foreign = io.BytesIO()
    np.savez(foreign, operations=np.array(json.dumps({"format": 1, "operations": [["Explode", [], "x", {}]]})))
    newer = io.BytesIO()
    np.savez(newer, operations=np.array(json.dumps({"format": 2})))
    for content in (b"", b"no archive", good[:-2000], foreign.getvalue(), newer.getvalue()):
        with pytest.raises(ValueError, match=r"damaged, or no network|it has format 2"):
            FrozenNetwork.from_bytes(content)


def test_a_small_change_makes_it_another_digit_and_stays_between_paper_and_ink(mnist):
    network = freeze(networks.Network(networks.Design(hidden=(50,), activation="ReLU", initialisation="He")))
    image = mnist.test.images[0].reshape(-1) / 255
    said = int(network.logits(image).argmax())
    for digit in range(10):
        change = smallest_change(network, image, digit)
        assert network.logits(image + change).argmax() == digit
        assert (image + change).min() >= -1e-6 and (image + change).max() <= 1 + 1e-6
        assert np.any(change) == (digit != said)
        assert np.linalg.norm(change) < 0.5 * np.linalg.norm(image)


def test_a_network_that_sees_nothing_has_no_change(new_model):
    assert smallest_change(freeze(new_model()), np.zeros(784), 3) is None


def test_networks_are_found_by_their_names_and_a_damaged_one_is_told(new_model, empty_own_folder):
    assert kept_networks.everything() == ({}, [])
    for name in ("lesson 03", "lesson 01", "my own, wider"):
        kept_networks.keep(new_model(), name)
    (empty_own_folder / "networks" / "lesson 03.npz").write_bytes(b"cut off")
    found, wrong = kept_networks.everything()
    assert list(found) == ["lesson 01", "my own, wider"]
    assert len(wrong) == 1 and "“lesson 03” is left out: it is damaged" in wrong[0]
    assert "delete the file work/networks/lesson 03.npz" in wrong[0]
    assert own_folder.names("networks/*") == [
        "networks/lesson 01.npz", "networks/lesson 03.npz", "networks/my own, wider.npz"
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["", "../elsewhere", "a/b", ".hidden", "x" * 41, None])
def test_a_name_that_no_file_can_have_is_answered_in_words(name, new_model, empty_own_folder):
    with pytest.raises(ValueError, match="A name should have letters"):
        kept_networks.keep(new_model(), name)
    with pytest.raises(ValueError, match="The network comes first"):
        kept_networks.keep("lesson 03", "lesson 03")
    assert not empty_own_folder.exists()


def test_a_network_that_has_diverged_is_not_kept(new_model, empty_own_folder):
    model = new_model()
    model.W.assign(model.W * np.nan)
    with pytest.raises(ValueError, match="its training diverged"):
        kept_networks.keep(model, "lesson 03")
    assert not empty_own_folder.exists()


def test_the_padding_of_a_window_is_that_of_tensorflow():
    for side, reach, stride in ((28, 5, 2), (14, 3, 3), (7, 2, 2), (9, 4, 1)):
        images = np.random.default_rng(side).normal(size=(2, side, side, 1)).astype(np.float32)
        kernel = np.random.default_rng(reach).normal(size=(reach, reach, 1, 2)).astype(np.float32)
        for padding in ("SAME", "VALID"):
            how = {"strides": [1, stride, stride, 1], "padding": padding, "ksize": [1, reach, reach, 1]}
            theirs = tf.nn.conv2d(images, kernel, stride, padding), tf.nn.max_pool2d(images, reach, stride, padding)
            ours = frozen_networks.OPERATIONS["Conv2D"].forward([images, kernel], how)
            np.testing.assert_allclose(ours, theirs[0], atol=1e-4)
            np.testing.assert_allclose(frozen_networks.OPERATIONS["MaxPool"].forward([images], how), theirs[1])
