"""Results side by side: a run as a table, every run of a lab as a table, and a grid of accuracies as a heat map."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Rectangle

from helpers.errors import ReaderValueError
from helpers.history import History, Measured
from helpers.plots.style import (
    INK,
    MUTED,
    Picture,
    new_figure,
    styled,
)


def grid(
    accuracies: Sequence[Sequence[float]], rows: Sequence[str], columns: Sequence[str], what: str = "test accuracy"
) -> Picture:
    """Accuracies of runs that differ in two settings, as a small heat map with its values.

    accuracies: shares [rows, columns], NaN for a run that diverged. rows, columns: what each is called. what: they are.
    Taught in notebooks/03_five_layers_relu.ipynb, "Two changes, taken apart".
    """
    values = np.asarray(accuracies, float)
    figure = new_figure(1.6 + 1.9 * len(columns), 0.8 + 0.9 * len(rows))
    with styled():
        axes = figure.add_subplot()
        shown = np.ma.masked_invalid(values)
        low, high = (float(shown.min()), float(shown.max())) if shown.count() else (0.0, 1.0)
        axes.imshow(shown, cmap="YlGnBu", vmin=low - 0.6 * (high - low + 0.01), vmax=high + 0.8 * (high - low + 0.01))
        for (row, column), value in np.ndenumerate(values):
            if np.isnan(value):
                hatched = {"facecolor": "#eeeeee", "edgecolor": MUTED, "hatch": "//", "linewidth": 0}
                axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, **hatched))
            words = "diverged" if np.isnan(value) else f"{value:.1%}"
            paper = {"boxstyle": "round", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
            axes.text(column, row, words, ha="center", va="center", fontsize=12, color=INK, bbox=paper)
        axes.set_xticks(range(len(columns)), columns)
        axes.set_yticks(range(len(rows)), rows)
        axes.xaxis.tick_top()
        axes.set_title(what, fontsize=10, pad=24)
        axes.set_aspect("auto")
        axes.grid(False)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    said = (
        f"{rows[row]}, {columns[column]}: {'diverged' if np.isnan(value) else f'{value:.1%}'}"
        for (row, column), value in np.ndenumerate(values)
    )
    return Picture(figure, f"{what.capitalize()} of {values.size} runs. {'; '.join(said)}.")


def html_table(head: Sequence[str], rows: Iterable[Sequence[str]], bold: int | None = None) -> str:
    """Rows of text under a head as a table in HTML, the text escaped. bold: the column that stands out, if any."""
    top = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(_cell(text, place == bold) for place, text in enumerate(row))}</tr>" for row in rows)
    return f"<table><tr>{top}</tr>{body}</table>"


def _cell(text: str, bold: bool) -> str:
    return f"<td><b>{html.escape(text)}</b></td>" if bold else f"<td>{html.escape(text)}</td>"


@dataclass(frozen=True)
class Table:
    """Rows of text under a head: shows as a table on the page, and as lined-up text elsewhere."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def __repr__(self):
        widths = [max(map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
        lines = [
            "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
            for row in (self.head, *self.rows)
        ]
        return "\n".join(lines)

    def _repr_html_(self):
        return html_table(self.head, self.rows)


def progress(history: History, every: int = 1000) -> Table:
    """A run as a table: step, test accuracy and test loss per image, every so many steps.

    Raises ValueError if the test set was measured at none of these steps.
    Taught in notebooks/02_five_layers_sigmoid.ipynb, "Ten thousand steps".
    """
    measured = zip(history.test_steps, history.test_accuracy, history.test_loss, strict=True)
    rows = [(f"{step:,}", f"{accuracy:.1%}", f"{loss:.3f}") for step, accuracy, loss in measured if step % every == 0]
    if not rows:
        raise ReaderValueError(f"There is no test at any multiple of {every:,} steps: this run did {history.step:,}.")
    return Table(("step", "test accuracy", "test loss per image"), rows)


def run_labels(histories: list[History]) -> list[str]:
    """A name for each run: its number and the settings in which the runs differ."""
    if len(histories) < 2:
        return [""] * len(histories)
    settings = [_settings_in_words(history) for history in histories]
    names = dict.fromkeys(name for each in settings for name in each)  # only some runs may name an optimiser
    differing = [name for name in names if len({each.get(name) for each in settings}) > 1]
    return [
        f"{number}: " + (", ".join(f"{name} {each[name]}" for name in differing if name in each) or "the same settings")
        for number, each in enumerate(settings, start=1)
    ]


def runs_table(histories: list[History], show: Measured = "test") -> dict[str, str]:
    """All runs with their settings and their last accuracy, as HTML and as plain text, by MIME type."""
    if not histories:
        return {"text/plain": "No runs yet.", "text/html": "<p><em>No runs yet.</em></p>"}
    settings = [_settings_in_words(history) for history in histories]
    names = dict.fromkeys(name for each in settings for name in each)  # only some runs may name an optimiser
    head = ["run", *names, f"{show} accuracy", "seconds"]
    rows = [
        [str(number), *(each.get(name, "") for name in names), *_result(history, show)]
        for number, (history, each) in enumerate(zip(histories, settings, strict=True), start=1)
    ]
    plain = "\n".join("  ".join(f"{cell:>13}" for cell in row) for row in [head, *rows])
    return {"text/plain": plain, "text/html": html_table(head, rows)}


def _result(history: History, show: Measured) -> list[str]:
    accuracies = history.tests_on(show)[0]
    accuracy = f"{accuracies[-1]:.1%}" if len(accuracies) else "not measured"
    if history.ended in ("stopped", "diverged"):
        accuracy += f" ({history.ended} after step {history.step:,})"
    return [accuracy, f"{history.seconds:.1f}"]


def _settings_in_words(history: History) -> dict[str, str]:
    rate = " then ".join(f"{rate:g}" for _, rate in history.rates)
    return {"rate": rate, "batch": str(history.batch_size), "steps": f"{history.steps:,}", **history.notes}
