"""Keras' own `fit`, set up to be as fast as we could make it while it does the same work.

Chosen by trying, each in processes of their own; wall and processor time, best of several runs:
- `steps_per_execution=100`, so that Python is entered once for 100 steps, and `jit_compile=True`, which beat False.
- The pipeline draws whole batches of positions and gathers their rows from one tensor: it beat arrays handed to `fit`
  and a shuffle of single examples (which spends its time on stitching batches together). Prefetching pays.
- The test set is measured every 100 steps by making an epoch 100 steps long. Its batches, of 1,000, are cached;
  batches of 500 or 10,000 took as long.
Keras reports the accuracy and loss on training batches as means over each epoch, where the others keep every step's.
"""

import time

import keras
import tensorflow as tf

from benchmarks import setting
from helpers import data

EPOCHS = setting.STEPS // setting.TEST_EVERY


def prepared(split: data.Split) -> tuple[tf.Tensor, tf.Tensor]:
    """Images as float32 [n, 784] from 0 to 1, and labels [n]."""
    return tf.constant(split.images.reshape(len(split), -1) / 255.0, tf.float32), tf.constant(split.labels, tf.int32)


def endless_batches(images: tf.Tensor, labels: tf.Tensor) -> tf.data.Dataset:
    """Batches of images [batch, 784] and labels [batch], from a fresh shuffle for every epoch over the data."""
    examples = len(labels)

    def shuffled(_):
        order = tf.random.shuffle(tf.range(examples))
        return tf.data.Dataset.from_tensor_slices(tf.reshape(order, [-1, setting.BATCH]))

    chosen = tf.data.Dataset.range(1).repeat().flat_map(shuffled)
    batches = chosen.map(lambda rows: (tf.gather(images, rows), tf.gather(labels, rows)))
    return batches.prefetch(tf.data.AUTOTUNE)


def main() -> None:
    """Compile the network, warm up, set the weights anew, and time `fit`."""
    keras.utils.set_random_seed(setting.SEED)
    mnist = data.load_mnist()
    start = keras.initializers.TruncatedNormal(stddev=setting.WEIGHT_STD)
    *hidden, outputs = setting.SIZES[1:]
    model = keras.Sequential([keras.Input([setting.SIZES[0]])])
    for units in hidden:
        model.add(keras.layers.Dense(units, activation="relu", kernel_initializer=start))
    model.add(keras.layers.Dense(outputs, kernel_initializer=start))
    model.compile(
        optimizer=keras.optimizers.SGD(setting.MEAN_RATE),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        steps_per_execution=setting.TEST_EVERY,
        jit_compile=True,
    )
    batches = endless_batches(*prepared(mnist.train))
    tests = tf.data.Dataset.from_tensor_slices(prepared(mnist.test)).batch(1000).cache().prefetch(tf.data.AUTOTUNE)
    initial = model.get_weights()

    def fit(epochs: int) -> dict[str, list]:
        model.set_weights(initial)
        how = {"epochs": epochs, "steps_per_epoch": setting.TEST_EVERY, "validation_data": tests, "verbose": 0}
        return model.fit(batches, **how).history

    fit(epochs=2)
    began, busy = time.perf_counter(), time.process_time()
    history = fit(epochs=EPOCHS)
    setting.report(
        seconds=time.perf_counter() - began,
        processor_seconds=time.process_time() - busy,
        test_accuracy=history["val_accuracy"][-1],
        tests=len(history["val_accuracy"]),
    )


if __name__ == "__main__":
    main()
