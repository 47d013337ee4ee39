"""The run's matrix products and nothing else: as one large product would do them, and at their own small shapes."""

import statistics
import time
from itertools import pairwise

import tensorflow as tf

from benchmarks import setting
from helpers.compiled_loop import CHUNK, EVALUATE

SIDE = 4096  # of the two square matrices: large enough for every core's full rate
REPEATS = 9
TEST_IMAGES = 10_000


def operations() -> int:
    """Every multiplication and addition in the matrix products of one run, training steps and test evaluations.

    What is not a product of matrices (activations, softmax, loss, changing the weights) is left out.
    """
    weights = [inputs * outputs for inputs, outputs in pairwise(setting.SIZES)]
    # One multiplication and one addition for each weight and image, in each of three products:
    forward = 2 * sum(weights)  # inputs times weights
    weight_gradients = 2 * sum(weights)  # inputs, turned on their side, times the gradients of the outputs
    input_gradients = 2 * sum(weights[1:])  # those gradients times the weights; nobody asks for those of the pixels
    training = setting.STEPS * setting.BATCH * (forward + weight_gradients + input_gradients)
    testing = setting.STEPS // setting.TEST_EVERY * TEST_IMAGES * forward
    return training + testing


@tf.function(jit_compile=True, autograph=False)
def products_of_steps(images: tf.Tensor, weights: list[tf.Tensor], steps: tf.Tensor) -> list[tf.Tensor]:
    """The products of so many training steps, in one compiled call as our loop makes them. images: [batch, 784]."""

    def step(i, weights):
        inputs = [images]
        for W in weights:
            inputs.append(inputs[-1] @ W)
        products: list[tf.Tensor] = []
        gradient = inputs[-1]
        for number in reversed(range(len(weights))):
            products.insert(0, tf.matmul(inputs[number], gradient, transpose_a=True))
            if number:
                gradient = tf.matmul(gradient, weights[number], transpose_b=True)
        # Each step's products are the next one's weights, so that the compiler can leave none out. The numbers soon
        # overflow, which makes no product slower.
        return i + 1, products

    return tf.while_loop(lambda i, _: i < steps, step, (0, weights))[1]


def at_their_own_shapes() -> float:
    """Seconds for all products of the run, in training steps and tests, each of the shape that it has there."""
    weights = [tf.random.normal(pair) for pair in pairwise(setting.SIZES)]
    batch, block = tf.random.normal([setting.BATCH, setting.SIZES[0]]), tf.random.normal([EVALUATE, setting.SIZES[0]])
    steps = tf.constant(CHUNK)
    products_of_steps(batch, weights, steps)[0].numpy()
    began = time.perf_counter()
    for _ in range(setting.STEPS // CHUNK):
        products_of_steps(batch, weights, steps)[0].numpy()
    for _ in range(setting.STEPS // setting.TEST_EVERY * TEST_IMAGES // EVALUATE):
        x = block
        for W in weights:
            x = x @ W
        x.numpy()
    return time.perf_counter() - began


def main() -> None:
    """Report the median rate of a large float32 product on all cores, and how long the run takes either way."""
    a, b = tf.random.normal([SIDE, SIDE]), tf.random.normal([SIDE, SIDE])
    tf.matmul(a, b)[0, 0].numpy()
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        tf.matmul(a, b)[0, 0].numpy()
        times.append(time.perf_counter() - began)
    rate = 2 * SIDE**3 / statistics.median(times)
    setting.report(seconds=operations() / rate, gigaflops=rate / 1e9, own_seconds=at_their_own_shapes())


if __name__ == "__main__":
    main()
