"""The floating-point operations of the whole run, and how fast this machine does them in one large matrix product."""

import statistics
import time
from itertools import pairwise

import tensorflow as tf

from benchmarks import setting

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


def main() -> None:
    """Report the median rate of a large float32 product on all cores, and the time the run's products take at it."""
    a, b = tf.random.normal([SIDE, SIDE]), tf.random.normal([SIDE, SIDE])
    tf.matmul(a, b)[0, 0].numpy()
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        tf.matmul(a, b)[0, 0].numpy()
        times.append(time.perf_counter() - began)
    rate = 2 * SIDE**3 / statistics.median(times)
    setting.report(seconds=operations() / rate, gigaflops=rate / 1e9)


if __name__ == "__main__":
    main()
