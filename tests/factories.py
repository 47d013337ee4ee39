"""What several test files make up or wait for; labs, which have to be stopped, come from `new_lab` in conftest.py."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from helpers.history import History

ENDLESS = 10_000_000  # steps that no test waits for
PATIENCE = 60  # seconds for what comes within milliseconds, unless the machine is busy with something else
CURVES = ("train_accuracy", "train_loss", "test_accuracy", "test_loss")


def history(
    *, steps=1000, done=None, test_every=100, seed=0, rate=0.3, start_loss=2.3, end=0.9, end_loss=0.3, **fields
):
    """A run that never took place, from knowing nothing to a test accuracy of `end` and a loss of `end_loss`.

    done: how many of the steps it took, all unless said otherwise. seed: also how the batches' accuracies wobble.
    fields: any other field of History, as it shall be; curves may come as lists, `test_accuracy=[0.5, 0.7]`.
    """
    done = steps if done is None else done
    tests = len(fields["test_accuracy"]) if "test_accuracy" in fields else done // test_every
    learned, tested = np.linspace(0, 1, max(done, 1))[:done], np.linspace(0, 1, tests + 1)[1:]
    wobble = np.random.default_rng(seed).normal(0, 0.03, done)
    made_up = {
        "batch_size": 100,
        "loss": "mean_cross_entropy",
        "reduction": "mean",
        "rates": [(1, rate)],
        "ended": "finished",
        "train_accuracy": np.clip(0.1 + learned * (end - 0.1) + wobble, 0, 1),
        "train_loss": start_loss + learned * (end_loss - start_loss),
        "test_steps": np.arange(1, tests + 1) * test_every,
        "test_accuracy": 0.1 + tested * (end - 0.1),
        "test_loss": start_loss + tested * (end_loss - start_loss),
    } | fields
    made_up |= {name: np.array(made_up[name], np.float32) for name in CURVES}
    return History(steps=steps, test_every=test_every, seed=seed, **made_up)


def wait_until(happened: Callable[[], object]) -> None:
    """Wait for what another thread brings about, and fail when it never comes."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "this never came true"
        time.sleep(0.002)


def come_of(coroutine: Coroutine) -> Any:
    """What a coroutine gives; in a thread of its own, since a journey in the same process leaves a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
