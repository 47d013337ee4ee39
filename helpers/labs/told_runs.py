"""What a class's board hears of a run: the lab, its settings, how it ended, and the accuracy it came to."""

import math
from collections.abc import Mapping

from helpers import events
from helpers.history import History, Measured
from helpers.labs.form import plain


def tell(history: History, lab: str, settings: Mapping, measured: Measured) -> None:
    """Tell of a run of a lab, by the accuracy that the lab shows. The rate is the one that it ended with."""
    accuracies = history.tests_on(measured)[0]
    tell_figures(
        lab,
        {**settings, "learning_rate": history.learning_rate},
        steps=history.step,
        ended=history.ended or "stopped",
        accuracy=float(accuracies[-1]) if len(accuracies) else None,
        moved=len(history.rates) > 1,
    )


def tell_figures(
    lab: str, settings: Mapping, *, steps: int, ended: str, accuracy: float | None, moved: bool = False
) -> None:
    """Tell of a run by its figures.

    accuracy: a share, or None if it has none. moved: whether something was changed in mid-run, so that these settings
    would not make it again.
    """
    if accuracy is not None and not math.isfinite(accuracy):  # regression has none
        accuracy = None
    if accuracy is None and ended != "diverged":
        return
    chosen = {name: plain(value) for name, value in settings.items()}
    body = {"lab": lab, "settings": chosen, "steps": steps, "ended": ended, "accuracy": accuracy, "moved": moved}
    events.tell("run", body)
