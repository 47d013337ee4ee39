"""What every contender trains, so that all of them do the same work."""

import json
from typing import Any

SIZES = [784, 200, 100, 60, 30, 10]
WEIGHT_STD = 0.1  # of the truncated normal that the weights start from; the biases start from zero
STEPS, BATCH, TEST_EVERY = 10_000, 100, 100
MEAN_RATE, SUM_RATE = 0.3, 0.003  # the same steps: for a loss averaged, and for one summed, over batches of 100
SEED = 0
# As our own `train` and `Training` take them.
RUN: dict[str, Any] = {
    "learning_rate": MEAN_RATE,
    "steps": STEPS,
    "batch_size": BATCH,
    "test_every": TEST_EVERY,
    "seed": SEED,
}


def report(**figures) -> None:
    """Print what a contender measured, as the last line that it prints."""
    print(json.dumps({name: float(figure) for name, figure in figures.items()}), flush=True)
