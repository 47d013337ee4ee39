"""The loop that the TensorFlow 1 tutorials published, run through tf.compat.v1: graph mode, a Session, a feed per step.

As published: softmax with log(y + 1e-10) and a summed loss, float32 images in memory, batches sliced from arrays that
are shuffled anew each epoch (as `input_data` did), and at every step a call that trains, then one for the statistics.
"""

import time
from itertools import pairwise

import numpy as np
import tensorflow as tf

from benchmarks import setting
from helpers import data

tf1 = tf.compat.v1
WARM_UP = 200  # steps: two test evaluations' worth, so that nothing in the timed loop is done for the first time


class Batches:
    """The `next_batch` of the tutorials' input_data."""

    def __init__(self, images: np.ndarray, labels: np.ndarray):
        self.shuffle, self.at = np.random.default_rng(setting.SEED), len(images)
        self.images, self.labels = images, labels

    def next(self) -> tuple[np.ndarray, np.ndarray]:
        """The next images [batch, 784] and one-hot labels [batch, 10]."""
        if self.at + setting.BATCH > len(self.images):
            order = self.shuffle.permutation(len(self.images))
            self.images, self.labels, self.at = self.images[order], self.labels[order], 0
        chosen = slice(self.at, self.at + setting.BATCH)
        self.at += setting.BATCH
        return self.images[chosen], self.labels[chosen]


def prepared(split: data.Split) -> tuple[np.ndarray, np.ndarray]:
    """Images as float32 [n, 784] from 0 to 1, and one-hot labels [n, 10]."""
    return split.images.reshape(len(split), -1) / np.float32(255), np.eye(10, dtype=np.float32)[split.labels]


def main() -> None:
    """Build the graph, warm up, set the weights anew, and time the loop."""
    tf1.disable_eager_execution()
    tf1.set_random_seed(setting.SEED)
    mnist = data.load_mnist()
    x, labels = tf1.placeholder(tf.float32, [None, 784]), tf1.placeholder(tf.float32, [None, 10])
    y = x
    layers = list(pairwise(setting.SIZES))
    for inputs, outputs in layers:
        W = tf1.Variable(tf1.truncated_normal([inputs, outputs], stddev=setting.WEIGHT_STD))
        b = tf1.Variable(tf1.zeros([outputs]))
        y = tf.matmul(y, W) + b
        y = tf.nn.softmax(y) if (inputs, outputs) == layers[-1] else tf.nn.relu(y)
    loss = -tf.reduce_sum(labels * tf1.log(y + 1e-10))
    train_step = tf1.train.GradientDescentOptimizer(setting.SUM_RATE).minimize(loss)
    accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(y, 1), tf.argmax(labels, 1)), tf.float32))
    test_images, test_labels = prepared(mnist.test)
    batches = Batches(*prepared(mnist.train))

    with tf1.Session() as session:

        def train(steps: int) -> tuple[list, list]:
            session.run(tf1.global_variables_initializer())
            on_batches, on_test = [], []
            for step in range(1, steps + 1):
                images, digits = batches.next()
                feed = {x: images, labels: digits}
                session.run(train_step, feed)
                on_batches.append(session.run([accuracy, loss], feed))
                if step % setting.TEST_EVERY == 0:
                    on_test.append(session.run([accuracy, loss], {x: test_images, labels: test_labels}))
            return on_batches, on_test

        train(WARM_UP)
        began, busy = time.perf_counter(), time.process_time()
        on_batches, on_test = train(setting.STEPS)
        seconds, processor_seconds = time.perf_counter() - began, time.process_time() - busy
    assert len(on_batches) == setting.STEPS
    setting.report(
        seconds=seconds,
        processor_seconds=processor_seconds,
        test_accuracy=on_test[-1][0],
        tests=len(on_test),
    )


if __name__ == "__main__":
    main()
