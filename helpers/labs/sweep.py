"""Many small trainings over two settings, width and learning rate: a map that fills in while they train."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle

from helpers import networks, pace, setting_checks, training
from helpers.data import Dataset
from helpers.errors import ReaderValueError
from helpers.history import DivergedError, History
from helpers.interrupts import Interrupt
from helpers.labs import told_runs
from helpers.plots import live
from helpers.plots.style import INK, MUTED, SHADE, VERMILION, Picture, new_figure, styled

FRAME = 1 / 4  # seconds between frames: the map has many words, and training should lose little
GUESSING = 0.15  # an accuracy below this is no better than always naming one digit: the commonest is right on 11%
AWAY = 10  # a loss this many times the first one has left for good, if the network guesses at the end
ACROSS, UP = 1.12, 0.66  # inches of one cell


class Sweep:
    """Train 784-width-width-10 ReLU networks from He's start, one for each pair of a width and a learning rate.

    data: a Dataset with `validation` images, which the networks are compared on. steps: of each training, in batches of
    100. seed: of the initial weights and shuffles, the same for all. `histories` keeps the finished ones, by (width,
    learning rate). Raises ValueError or TypeError, in words, for settings that cannot be trained.
    Taught in notebooks/06_deeper_and_wider.ipynb, "The alchemy of settings".
    """

    def __init__(
        self,
        data: Dataset,
        *,
        widths: Sequence[int],
        learning_rates: Sequence[float],
        steps: int = 2000,
        seed: int = 0,
    ):
        if data.validation is None:
            raise ReaderValueError(
                "A sweep compares networks on images that are held out of both training and test, and this data holds "
                "none out. Load it with data.load_mnist(validation=5000)."
            )
        settings = {"steps": steps, "batch_size": 100, "test_every": steps, "seed": seed}
        for rate in learning_rates:
            setting_checks.check_settings(learning_rate=rate, examples=len(data.train), **settings)
        self.data = replace(data, test=data.validation, validation=None)
        self.designs = {width: self._design(width, seed) for width in widths}
        if not self.designs or not len(learning_rates):
            raise ReaderValueError("A sweep needs at least one width and one learning rate, such as widths=[100].")
        self.settings: dict[str, Any] = settings
        self.widths, self.learning_rates = tuple(self.designs), tuple(dict.fromkeys(learning_rates))
        self.histories: dict[tuple[int, float], History] = {}

    def _design(self, width: int, seed: int) -> networks.Design:
        like = {"inputs": self.data.pixels, "outputs": self.data.classes, "seed": seed}
        return networks.Design(hidden=(width, width), activation="ReLU", initialisation="He", **like)

    def extend(self, *, widths: Sequence[int] = (), learning_rates: Sequence[float] = ()) -> "Sweep":
        """Add widths and rates where the best cell lies on the edge; `run()` trains the cells that are new."""
        seed = self.settings["seed"]
        for rate in learning_rates:
            setting_checks.check_settings(learning_rate=rate, examples=len(self.data.train), **self.settings)
        designs = self.designs | {width: self._design(width, seed) for width in widths}
        self.designs = {width: designs[width] for width in sorted(designs)}
        self.widths = tuple(self.designs)
        self.learning_rates = tuple(sorted({*self.learning_rates, *learning_rates}))
        return self

    @property
    def cells(self) -> list[tuple[int, float]]:
        """Every pair of a width and a learning rate, row by row."""
        return [(width, rate) for width in self.widths for rate in self.learning_rates]

    @property
    def accuracies(self) -> np.ndarray:
        """Final accuracy on the validation images, float [widths, rates]; NaN where it diverged or is not yet done."""
        found = [_accuracy(self.histories.get(cell)) for cell in self.cells]
        return np.array(found).reshape(len(self.widths), len(self.learning_rates))

    @property
    def best(self) -> tuple[int, float] | None:
        """Width and learning rate of the highest accuracy so far; None before any cell is done without diverging."""
        found = {cell: _accuracy(history) for cell, history in self.histories.items()}
        good = {cell: accuracy for cell, accuracy in found.items() if accuracy >= GUESSING}
        return max(good, key=lambda cell: good[cell], default=None)

    def outcome(self, cell: tuple[int, float]) -> str:
        """What a cell came to: "", "diverged", "guesses", "good" or "best".

        Diverged is a loss that is no longer a number, or one that shot up and left a network that only guesses.
        """
        history = self.histories.get(cell)
        if history is None:
            return ""
        if _accuracy(history) >= GUESSING:
            return "best" if cell == self.best else "good"
        shot_up = history.ended == "diverged" or history.train_loss.max() > AWAY * history.train_loss[0]
        return "diverged" if shot_up else "guesses"

    def run(self) -> "Sweep":
        """Train the cells that are not yet done, shown on a map; interrupted, it keeps them and goes on when run again.

        Outside a notebook it prints a line for each cell.
        """
        done, every = len(self.histories), len(self.cells)
        if done == every:
            print(f"All {every} cells are done already. A new Sweep would start from the beginning.")
        elif done:
            print(f"Going on: {done} of {every} cells are done already.")
        self._tell()
        place, page = live.Place(), live.on_page()
        chart = SweepMap(self)
        frames = live.Frames(chart, place, every=FRAME)
        if page:
            place.show(words="The map appears with the first steps.")
        with Interrupt() as interrupt:
            try:
                for width in self.widths:
                    self._train_row(width, chart, frames, interrupt, say=not page)
            except KeyboardInterrupt:
                print(
                    f"Stopped: {len(self.histories)} of {every} cells are done and kept. Run this cell again to go on."
                )
            chart.running = None
            frames.show(final=True)
        return self

    def _tell(self) -> None:
        """Say how long the cells that are not yet done take."""
        counts = {"steps": self.settings["steps"], "batch_size": 100, "tests": 1, "tested": len(self.data.test)}
        missing = [width for width, rate in self.cells if (width, rate) not in self.histories]
        seconds = sum(pace.expected(self.designs[width].parameters, **counts) for width in missing)
        pace.tell(f"{len(missing)} networks", seconds)

    def _train_row(
        self, width: int, chart: "SweepMap", frames: live.Frames, interrupt: Interrupt, *, say: bool
    ) -> None:
        """Train the cells of one width; its network is compiled once, for the learning rate is only a number in it."""
        missing = [rate for rate in self.learning_rates if (width, rate) not in self.histories]
        if not missing:
            return
        network = networks.Network(self.designs[width])
        loop = training.Loop(network, training.mean_cross_entropy, self.data)
        for rate in missing:
            network.start_again(self.designs[width])
            run = training.Training(loop, self.data, learning_rate=rate, **self.settings)
            chart.running = (width, rate), run.history
            try:
                for _ in run:
                    interrupt.check()
                    frames.show()
            except DivergedError:
                pass  # a result like any other: its history says so, and the map shows it
            self.histories[width, rate] = run.history
            told_runs.tell(run.history, "Sweep", {**self.settings, "hidden": (width, width)}, "test")
            if say:
                print(f"width {width}, learning rate {rate:g}: {_in_words(run.history)}")

    def picture(self) -> Picture:
        """The map of what is done so far."""
        return SweepMap(self).picture()

    def __repr__(self):
        seconds = sum(history.seconds for history in self.histories.values())
        words = f"{len(self.histories)} of {len(self.cells)} cells done, {seconds:.0f} s of training"
        if self.best:
            accuracy = _accuracy(self.histories[self.best])
            words += f"; best {accuracy:.1%} at width {self.best[0]}, learning rate {self.best[1]:g}"
        return f"{words}."


def _accuracy(history: History | None) -> float:
    return float(history.test_accuracy[-1]) if history and len(history.test_accuracy) else np.nan


def _in_words(history: History) -> str:
    return f"NaN at step {history.step + 1}" if history.ended == "diverged" else f"{_accuracy(history):.1%}"


class SweepMap:
    """The map of a sweep, drawn so that it can move: widths by row, learning rates by column.

    `running`: the cell that trains, and its growing History.
    """

    def __init__(self, sweep: Sweep):
        self.sweep = sweep
        self.running: tuple[tuple[int, float], History] | None = None  # the cell that trains, and its run
        rows, columns = len(sweep.widths), len(sweep.learning_rates)
        self.figure = new_figure(max(5.0, 1.1 + ACROSS * columns), 1.1 + UP * rows)
        with styled():
            axes = self.figure.add_subplot()
            self.image = axes.imshow(np.zeros((rows, columns)), cmap="YlGnBu", vmin=0.85, vmax=1.08, aspect="auto")
            axes.set(xlabel="learning rate", ylabel="width")
            axes.set_xticks(range(columns), [f"{rate:g}" for rate in sweep.learning_rates])
            axes.set_yticks(range(rows), [str(width) for width in sweep.widths])
            axes.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
            axes.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
            axes.grid(False)
            axes.grid(which="minor", color="white", linewidth=2)
            axes.tick_params(which="both", length=0)
            axes.spines[:].set_visible(False)
            self.title = axes.text(0, 1.03, "", transform=axes.transAxes, fontsize=10)
            self.failures = [axes.add_patch(_hatched(row, column)) for row, column in np.ndindex(rows, columns)]
            self.texts = [self._text(axes, row, column) for row, column in np.ndindex(rows, columns)]
            self.bar = axes.add_patch(Rectangle((0, 0), 0, 0.1, color=VERMILION, visible=False))
            self.frame = axes.add_patch(Rectangle((0, 0), 0.96, 0.94, fill=False, edgecolor=VERMILION, linewidth=3))
        self.moving = [self.image, *self.failures, self.frame, self.bar, *self.texts, self.title]
        self.update()

    def _text(self, axes, row: int, column: int):
        paper = {"boxstyle": "round", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
        return axes.text(column, row, "", ha="center", va="center", fontsize=10, color=INK, bbox=paper)

    def update(self) -> None:
        """Let every cell show what the sweep has come to."""
        sweep, outcomes = self.sweep, [self.sweep.outcome(cell) for cell in self.sweep.cells]
        self.image.set_data(np.ma.masked_invalid(sweep.accuracies))
        for cell, outcome, text, hatched in zip(sweep.cells, outcomes, self.texts, self.failures, strict=True):
            failed = outcome in ("diverged", "guesses")
            hatched.set_visible(failed)
            hatched.set_hatch("//" if outcome == "diverged" else "..")
            number = _in_words(sweep.histories[cell]) if outcome else ""
            text.set_text(number if outcome == "good" else f"{number}\n{outcome}")
            text.set_visible(bool(outcome))
            text.set_fontweight("bold" if outcome == "best" else "normal")
        self._place_frame()
        self._place_bar()
        self.title.set_text(
            f"accuracy on {len(sweep.data.test):,} held-out images after {sweep.settings['steps']:,} steps: "
            f"{len(sweep.histories)} of {len(sweep.cells)} cells done"
        )

    def _place_frame(self) -> None:
        self.frame.set_visible(self.sweep.best is not None)
        if self.sweep.best:
            column, row = self._at(self.sweep.best)
            self.frame.set_xy((column - 0.48, row - 0.47))

    def _place_bar(self) -> None:
        """A bar along the lower edge of the cell that trains: how many of its steps are done."""
        self.bar.set_visible(self.running is not None)
        if self.running:
            (column, row), history = self._at(self.running[0]), self.running[1]
            self.bar.set(xy=(column - 0.45, row + 0.32), width=0.9 * history.step / history.steps)

    def _at(self, cell: tuple[int, float]) -> tuple[int, int]:
        """Column and row of a cell on the map."""
        return self.sweep.learning_rates.index(cell[1]), self.sweep.widths.index(cell[0])

    @property
    def words(self) -> str:
        """The map in words."""
        sweep = self.sweep
        rows = "; ".join(
            f"width {width}: "
            + ", ".join(f"{self._said(width, rate)} at rate {rate:g}" for rate in sweep.learning_rates)
            for width in sweep.widths
        )
        best = f" Best: width {sweep.best[0]} at learning rate {sweep.best[1]:g}." if sweep.best else ""
        return f"Accuracy on held-out images by width and learning rate. {rows}.{best}"

    def _said(self, width: int, rate: float) -> str:
        outcome = self.sweep.outcome((width, rate))
        if not outcome:
            return "not yet done"
        number = _in_words(self.sweep.histories[width, rate])
        return f"{number} ({outcome})" if outcome in ("diverged", "guesses") else number

    def picture(self) -> Picture:
        """The map as it is now, with its words."""
        self.update()
        return Picture(self.figure, self.words)


def _hatched(row: int, column: int) -> Rectangle:
    look = {"facecolor": SHADE, "edgecolor": MUTED, "linewidth": 0, "visible": False}
    return Rectangle((column - 0.5, row - 0.5), 1, 1, **look)
