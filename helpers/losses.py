"""The two losses of the lessons: the cross-entropy of logits, averaged or summed over the batch."""

import tensorflow as tf


def mean_cross_entropy(labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """The cross-entropy of softmax(logits) with one-hot labels, both [batch, classes], averaged over the batch.

    Taught in notebooks/01_one_layer.ipynb, "The loss".
    """
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels, logits))


def sum_cross_entropy(labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """The cross-entropy of softmax(logits) with one-hot labels, both [batch, classes], summed over the batch.

    The step it takes is batch_size times that of the mean: for batches of 100, rate 0.003 here is rate 0.3 there.
    Taught in notebooks/01_one_layer.ipynb, "Sum or mean?".
    """
    return tf.reduce_sum(tf.nn.softmax_cross_entropy_with_logits(labels, logits))
