"""What a training chart shows of its runs, as numbers and in words, whether the page draws it or Matplotlib."""

from collections.abc import Sequence

import numpy as np

from helpers.history import RECIPE, History, Measured

STRETCHES = 160  # of a run whose batches are summed up, each some two pixels wide
BEYOND = (1.1, 2.2, 4.4)  # the axis of the loss ends here, in units of a loss that knows nothing
USUAL = 90  # per cent of a run's losses that the axis holds: one batch or one test may be as wild as it likes


def tests(run: History, show: Measured = "test") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Steps, accuracy and loss per image of a run's tests so far, three arrays of one length [tests done].

    show: "test", or "validation" for the held-out images. Raises ValueError for a run that held none out.
    """
    accuracy, loss = run.tests_on(show)
    done = min(len(run.test_steps), len(accuracy), len(loss))  # another thread may be adding a test just now
    return run.test_steps[:done], accuracy[:done], loss[:done]


def stretches(values: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lowest, mean and highest of every `width` values, three arrays [stretches]; the last may hold fewer."""
    if not len(values):
        return values, values, values
    starts = np.arange(0, len(values), width)
    counts = np.diff(np.append(starts, len(values)))
    return (
        np.minimum.reduceat(values, starts),
        np.add.reduceat(values, starts, dtype=np.float64) / counts,
        np.maximum.reduceat(values, starts),
    )


def stretch(runs: Sequence[History]) -> int:
    """How many training batches are summed up into one point of a chart of these runs."""
    return max(1, round(last_step(runs) / STRETCHES))


def batches(run: History, width: int) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """For every `width` training batches the middle step, lowest, mean and highest accuracy; then the same of the loss.

    Two times four arrays [stretches].
    """
    done = min(len(run.train_accuracy), len(run.train_loss))  # another thread may be adding steps just now
    starts = np.arange(0, done, width)
    steps = (starts + 1 + np.minimum(starts + width, done)) / 2
    accuracy, loss = (stretches(values[:done], width) for values in (run.train_accuracy, run.train_loss))
    return (steps, *accuracy), (steps, *loss)


def last_step(runs: Sequence[History]) -> int:
    """Where the axis of the steps ends: at the planned steps, or where a run ended before them."""
    # A run may have ended before its first step was good.
    return max([run.step if run.ended else run.steps for run in runs], default=10_000) or 1


def is_cross_entropy(runs: Sequence[History]) -> bool:
    """Whether the losses of all runs are cross-entropies."""
    return all("cross_entropy" in run.loss for run in runs)


def knows_nothing(runs: Sequence[History]) -> float:
    """The cross-entropy of giving each kind of image the same probability."""
    return float(np.log(max((run.classes for run in runs), default=10)))


def loss_top(runs: Sequence[History], show: Measured = "test") -> float:
    """Where the axis of the loss ends, so that neither a first batch nor a run that goes wild flattens the rest."""
    usual = [loss for loss in (_usual_loss(run, show) for run in runs) if np.isfinite(loss)]
    if is_cross_entropy(runs):
        stops = [knows_nothing(runs) * times for times in BEYOND]
        return next((stop for stop in stops if stop >= max(usual, default=0.0)), stops[-1])
    return min(_round_above(max(usual, default=1.0)), 5 * _round_above(min(usual, default=1.0)))


def _usual_loss(run: History, show: Measured) -> float:
    """A loss that most tests of the run stay below; before the first test, what half of its batches stay below."""
    losses, share = (tests(run, show)[2], USUAL) if len(run.test_steps) else (run.train_loss, 50)
    losses = losses[np.isfinite(losses)]
    return float(np.percentile(losses, share)) if len(losses) else np.nan


def _round_above(number: float) -> float:
    """The next of …, 0.1, 0.2, 0.5, 1, 2, 5, … above a number: an axis that ends there rarely changes."""
    if number <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(number))
    return float(next(power * times for times in (1, 2, 5, 10) if power * times >= number))


def prefix(label: str) -> str:
    """What tells a run apart at the end of its line: "2: rate 3" ends as "2: 90.8%"."""
    return label.split(":")[0] + ": " if ":" in label else ""


def short(loss: float) -> str:
    """A loss in at most five characters: there is no room for more where the lines end."""
    decimals = 3 if loss < 9.9995 else 1 if loss < 999.95 else 0
    return f"{loss:.{decimals}f}" if loss < 99_999.5 else f"{loss:.0e}"


def names(runs: Sequence[History], labels: Sequence[str]) -> list[str]:
    """The runs' labels, and in brackets what was chosen beyond plain descent, where any run has that.

    A label that names such a choice already, as a lab's do, stays as it is.
    """
    if not any(run.recipe for run in runs):
        return list(labels)
    named = []
    for run, label in zip(runs, labels, strict=True):
        recipe = run.recipe or "plain descent"
        told = recipe in label or any(f"{name} " in label for name in RECIPE)
        named.append(label if told else f"{label} ({recipe})" if label else recipe)
    return named


def in_words(runs: Sequence[History], labels: Sequence[str], show: Measured = "test") -> str:
    """The chart in words: where each run starts and ends."""
    if not runs:
        return "An empty chart of accuracy and loss against the step: there is no run yet."
    return " ".join(_run_in_words(run, label, show) for run, label in zip(runs, labels, strict=True))


def _run_in_words(run: History, label: str, show: Measured) -> str:
    name = f"Run {label}" if label else "The run"
    steps, accuracy, loss = tests(run, show)
    if not len(steps):
        return f"{name} has no {show} result yet."
    return (
        f"{name}: {show} accuracy goes from {accuracy[0]:.1%} at step {steps[0]:,} to {accuracy[-1]:.1%} at step "
        f"{steps[-1]:,}, and {show} loss from {loss[0]:.3g} to {loss[-1]:.3g} per image."
    )
