"""What several test files share: the data, a small part of it, fresh networks, and processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import data  # before TensorFlow, as in the lessons

import tensorflow as tf  # isort: skip

PROJECT = Path(__file__).resolve().parent.parent


class OneLayer(tf.Module):
    """The network of lesson 01, starting from zeros."""

    def __init__(self):
        super().__init__()
        self.W = tf.Variable(tf.zeros([784, 10]))
        self.b = tf.Variable(tf.zeros([10]))

    def __call__(self, x):
        return x @ self.W + self.b


def pytest_addoption(parser):
    parser.addoption(
        "--seeds", type=int, default=1, help="how many other seeds the lessons' claims have to hold for (default: 1)"
    )


@pytest.fixture(scope="session")
def mnist():
    return data.load_mnist()


@pytest.fixture(scope="session")
def small(mnist):
    """A data set for quick runs."""
    return data.Dataset(mnist.train[:2000], mnist.test[:1000])


@pytest.fixture
def new_model():
    """A function that makes a fresh one-layer network with its weights `W` and biases `b`."""
    return OneLayer


@pytest.fixture(scope="session")
def in_new_process():
    """A function that runs Python source in a process of its own and returns what it printed and how it ended."""

    def run(source: str) -> subprocess.CompletedProcess:
        # ipykernel and TensorFlow behave a little differently when they believe to run under pytest.
        environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
        return subprocess.run(
            [sys.executable, "-c", source], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=300
        )

    return run
