"""The exercises of lesson 06: what a right answer is, and the usual mistakes."""

from collections.abc import Callable

import numpy as np

from helpers.checks import judge
from helpers.checks.judge import NotAsAskedError, Verdict


def choose(answer: Callable) -> Verdict:
    """Check a function from accuracies [widths, rates], with NaN, widths and rates to the best pair of settings.

    Exercise of lesson 06.
    """
    # The best is at a row and a column that differ, and cannot be found by a place among all cells.
    accuracies = np.array([[0.91, 0.95], [0.97, 0.2], [0.94, np.nan]])
    widths, rates = [20, 100, 200], [0.1, 1.0]
    return judge.judge(
        lambda: answer(accuracies, widths, rates),
        np.array([100, 0.1]),
        {
            "That run diverged: a NaN is not a high accuracy, though argmax takes it for one. Use np.nanargmax.": (
                np.array([200, 1.0])
            ),
            "The two are turned round. Return the width first, then the rate.": np.array([0.1, 100]),
            "That is its row and column. Return the width and the rate that stand there.": np.array([1, 0]),
            "That is row and column of a run that diverged: argmax takes NaN for the largest. Use np.nanargmax.": (
                np.array([2, 1])
            ),
            "That is NaN, which max takes for the largest. Leave it out, and return the settings, not the accuracy.": (
                np.array(np.nan)
            ),
            "That is the place of the run that diverged. Leave NaN out: np.nanargmax.": np.array(5),
            "Row and column have changed places. A row is a width, a column a rate.": np.array([20, 1.0]),
            "These are the width and the rate that are best on average. Look for the best single run.": np.array(
                [200, 0.1]
            ),
            "That is the width alone. Return the width, then the rate.": np.array(100),
            "That is the rate alone. Return the width, then the rate.": np.array(0.1),
            "Those are arrays with one place each: take the first of row and column, or use np.unravel_index.": (
                np.array([[1], [0]])
            ),
            "That is its place among all cells, counted row by row. np.unravel_index makes row and column of it.": (
                np.array(2)
            ),
            "That is the accuracy itself. Return the settings that reached it.": np.array(0.97),
            "That is the worst of the runs that finished. Look for the largest accuracy.": np.array([100, 1.0]),
        },
        praise="The best of those that finished. How it does on images nobody has chosen by is another question.",
        usual_errors={
            "list index": "argmax gives a place among all cells. np.unravel_index makes row and column of it.",
            "only integer scalar": "That is a list of places. Make it two numbers, row and column of the best run.",
            "ambiguous": "Python's `max` and `if` ask for one truth, and a row is many numbers. Use np.nanargmax.",
        },
    )


def momentum_step(answer: Callable) -> Verdict:
    """Check a function from a number, its velocity, its slope, rate and momentum to the number and velocity after it.

    Exercise of lesson 06.
    """
    w, velocity, slope, rate, momentum = 2.0, 0.3, 1.5, 0.1, 0.8
    new = momentum * velocity - rate * slope

    def two_numbers():
        got = answer(w, velocity, slope, rate, momentum)
        if got is None:
            raise judge.NothingReturnedError
        if not isinstance(got, tuple | list) or len(got) != 2:
            raise NotAsAskedError(f"Expected two numbers, as in: return w, velocity; got {got!r}.")
        return judge.all_of(got)

    return judge.judge(
        two_numbers,
        np.array([w + new, new]),
        {
            "The velocity is right; w has to move by the new one, not by the old.": np.array([w + velocity, new]),
            "w is right, but the velocity that is returned is the old one.": np.array([w + new, velocity]),
            "That goes uphill: the slope is subtracted, for the loss is to fall.": np.array(
                [w + momentum * velocity + rate * slope, momentum * velocity + rate * slope]
            ),
            "w is to move *by* the velocity: add it.": np.array([w - new, new]),
            "The slope has to be multiplied by the rate.": np.array(
                [w + momentum * velocity - slope, momentum * velocity - slope]
            ),
            "The old velocity has to be multiplied by the momentum.": np.array(
                [w + velocity - rate * slope, velocity - rate * slope]
            ),
            "That is a plain step: the old velocity is missing.": np.array([w - rate * slope, -rate * slope]),
            "The two are turned round. Return the number first, then the velocity.": np.array([new, w + new]),
        },
        praise="That is all there is to momentum, and optimisers.SGD does the same.",
    )
