"""How long `data.load_mnist()` takes, from the file to checked arrays."""

import statistics
import time

from benchmarks import setting
from helpers import data

REPEATS = 5


def main() -> None:
    """Report the median of five, and their spread."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        data.load_mnist()
        times.append(time.perf_counter() - began)
    setting.report(seconds=statistics.median(times), low=min(times), high=max(times))


if __name__ == "__main__":
    main()
