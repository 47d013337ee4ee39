"""What the live chart costs: training with its frames drawn over training without, in pairs, in one process."""

import statistics
import sys
import time

from benchmarks import setting
from benchmarks.ours import five_layers, one_layer
from benchmarks.page import UnseenChart
from helpers import data, training
from helpers.history import History

NETWORKS = {"five-layer": five_layers, "one-layer": one_layer, "one-layer, its weights too": one_layer}


def main(name: str, pairs: int) -> None:
    """Compile one network once, train it `pairs` times each way, and report the ratios' median and spread."""
    mnist = data.load_mnist()
    loop = training.Loop(NETWORKS[name](), training.mean_cross_entropy, mnist, setting.BATCH)
    initial = [variable.numpy() for variable in loop.variables]
    weights = loop.variables[0].numpy if "weights" in name else None  # as lesson 01 shows them, ten images below

    def train(chart: UnseenChart | None = None) -> tuple[float, History]:
        for variable, value in zip(loop.variables, initial, strict=True):
            variable.assign(value)
        run = training.Training(loop, mnist, **setting.RUN)
        began = time.perf_counter()
        for history in run:
            if chart:
                chart(history)
        return time.perf_counter() - began, history

    train()
    train(UnseenChart(weights))
    charts, ratios, seconds, rates = [], [], [], []
    for pair in range(pairs):
        chart = UnseenChart(weights)
        # Whichever comes second may find the machine warmer or busier, so they take turns.
        if pair % 2:
            (drawn, history), (plain, _) = train(chart), train()
        else:
            (plain, _), (drawn, history) = train(), train(chart)
        drawn -= chart.final  # training is over when the picture that stays is drawn
        charts.append(chart)
        ratios.append(drawn / plain)
        seconds.append(plain)
        rates.append((1 + len(chart.passing)) / drawn)
    setting.report(
        ratio=statistics.median(ratios),
        low=min(ratios),
        high=max(ratios),
        seconds=statistics.median(seconds),
        frames_a_second=statistics.median(rates),
        first_ms=1000 * statistics.median(chart.first for chart in charts),
        passing_ms=1000 * statistics.median(took for chart in charts for took in chart.passing),
        final_ms=1000 * statistics.median(chart.final for chart in charts),
        test_accuracy=history.test_accuracy[-1],
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
