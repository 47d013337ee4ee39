"""Our contender: `training.train`, as a lesson calls it, in a plain script; with --chart, the live chart draws too."""

import resource
import sys
import time
from itertools import pairwise

import tensorflow as tf

from benchmarks import setting
from helpers import data, training


def five_layers():
    """The network of five layers, as a lesson writes it: a function from images [batch, 784] to logits [batch, 10]."""
    tf.random.set_seed(setting.SEED)
    pairs = list(pairwise(setting.SIZES))
    weights = [tf.Variable(tf.random.truncated_normal(pair, stddev=setting.WEIGHT_STD)) for pair in pairs]
    biases = [tf.Variable(tf.zeros([outputs])) for _, outputs in pairs]

    def model(x):
        for W, b in zip(weights[:-1], biases[:-1], strict=True):
            x = tf.nn.relu(x @ W + b)
        return x @ weights[-1] + biases[-1]

    return model


def one_layer():
    """The network of one layer: a function from images [batch, 784] to logits [batch, 10]."""
    W, b = tf.Variable(tf.zeros([784, 10])), tf.Variable(tf.zeros([10]))
    return lambda x: x @ W + b


def peak_megabytes() -> float:
    """The most memory that this process has held, in millions of bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6  # Linux counts in KiB


def main(with_chart: bool) -> None:
    """Train once, from the first line of a fresh process, and report the time and the memory that it took."""
    watch = None
    if with_chart:
        from benchmarks.page import UnseenChart  # here, since Matplotlib takes memory even when it draws nothing

        watch = UnseenChart()
    mnist, model = data.load_mnist(), five_layers()
    began, busy = time.perf_counter(), time.process_time()
    history = training.train(model, mnist, **setting.RUN, watch=watch)
    setting.report(
        seconds=time.perf_counter() - began,  # checks of the arguments, tracing and compiling included
        loop_seconds=history.seconds,
        processor_seconds=time.process_time() - busy,
        test_accuracy=history.test_accuracy[-1],
        tests=len(history.test_accuracy),
        megabytes=peak_megabytes(),
    )


if __name__ == "__main__":
    main(with_chart="--chart" in sys.argv)
