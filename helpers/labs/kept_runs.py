"""Every run of a lab: its chart, its table, as CSV, and the row of buttons that hides, deletes and exports them."""

import base64
import csv
import html
import io
from collections.abc import Callable

import ipywidgets as widgets
from IPython.display import display

from helpers.errors import ReaderValueError
from helpers.history import History, Measured
from helpers.labs import told_runs
from helpers.labs.controls import answering, button, row
from helpers.plots import live
from helpers.plots.live_chart import LiveChart
from helpers.plots.style import RUNS
from helpers.plots.tables import run_labels, runs_table
from helpers.plots.training_chart import TrainingChart
from helpers.widgets.status import Status


class KeptRuns:
    """The runs of a lab, numbered from 1, on one chart and in one table.

    weights: a function returning what reads the weights [784, 10] for the chart, or None. status: where errors are
    shown. texts: what else the row of buttons can show, as functions returning a text, by the button's name. measured:
    "test" or "validation", whose results are shown.
    """

    def __init__(
        self,
        status: Status,
        weights: Callable[[], Callable | None],
        texts: dict[str, Callable[[], str]],
        measured: Measured = "test",
    ):
        self.histories: list[History] = []
        self.status, self.weights, self.texts, self.measured = status, weights, texts, measured
        self.not_shown: list[History] = []  # those that the chart leaves out
        self.live_chart, self.table_place = LiveChart(measured), live.TablePlace()
        self.chosen = widgets.Dropdown(
            description="run", options=[], layout={"width": "10em"}, style={"description_width": "3em"}
        )
        self.buttons = [
            button("Show or hide", self._on_show),
            button("Delete", self._on_delete),
            button("Runs as CSV", self._on_csv),
            *(button(name, self._on_text) for name in texts),
        ]
        self.output = widgets.HTML()
        self.text_shown = ""  # the name of the button whose text stands below, if one does

    def chart(self) -> TrainingChart:
        """The latest runs on one chart, as many as can be told apart, as a still picture."""
        return TrainingChart(*self._charted(), weights=self.weights(), show=self.measured)

    def frames(self) -> LiveChart:
        """The chart on the page, following the runs as they are from now on."""
        self.live_chart.follow(*self._charted(), weights=self.weights())
        return self.live_chart

    def _charted(self) -> tuple[list[History], list[str]]:
        """The runs that the chart shows, and their names."""
        labels = run_labels(self.histories)
        shown = [number for number in range(len(self.histories)) if self.is_shown(number + 1)][-len(RUNS) :]
        return [self.histories[number] for number in shown], [labels[number] for number in shown]

    def show(self, number: int, shown: bool = True) -> None:
        """Put run `number` on the chart or take it off; the table keeps it. Raises ValueError if there is none."""
        run = self._run(number)
        self.not_shown = [each for each in self.not_shown if each is not run] + ([] if shown else [run])
        self.update()

    def is_shown(self, number: int) -> bool:
        """Whether the chart shows run `number`."""
        run = self._run(number)
        return not any(each is run for each in self.not_shown)

    def delete(self, number: int) -> None:
        """Forget run `number`. Raises ValueError if there is none."""
        self.show(number)  # so that nothing of it is kept
        del self.histories[number - 1]
        self.update()

    def forget(self) -> None:
        """Forget every run."""
        self.histories.clear()
        self.not_shown.clear()
        self.update()

    def to_csv(self) -> str:
        """Every run, those not shown too, test by test, as comma-separated values."""
        file = io.StringIO()
        table = csv.writer(file, lineterminator="\n")
        notes = list(dict.fromkeys(name for run in self.histories for name in run.notes))
        table.writerow(
            ["run", *notes, "learning_rate", "batch_size", "step", f"{self.measured}_accuracy", f"{self.measured}_loss"]
        )
        for number, run in enumerate(self.histories, start=1):
            noted = [run.notes.get(name, "") for name in notes]
            for step, *test in zip(run.test_steps, *run.tests_on(self.measured), strict=True):
                table.writerow([number, *noted, run.rate_at(step), run.batch_size, step, *test])
        return file.getvalue()

    def run_ended(self, history: History, lab: str, settings: dict, chunks: int | None) -> None:
        """Show a run that has come to its end in the table too, and let the class hear of it, unless it was a step."""
        self.update_table()
        if chunks is None or history.ended != "stopped":
            told_runs.tell(history, lab, settings, self.measured)

    def update(self) -> None:
        """Show the runs as they stand, on the chart and in the table."""
        self.frames().show(final=True)
        self.update_table()

    def update_table(self) -> None:
        """Show the runs as they stand, in the table."""
        self.table_place.replace(runs_table(self.histories, self.measured))
        was, of, numbers = self.chosen.value, len(self.chosen.options), range(1, len(self.histories) + 1)
        self.chosen.options = numbers  # which chooses the first
        if numbers:  # the newest stays chosen, and so does another that somebody chose: a run may end meanwhile
            self.chosen.value = numbers[-1] if was in (None, of) else min(was, numbers[-1])

    def show_chart(self) -> None:
        """Open the chart's place on the page, below the running cell."""
        self.frames().open()

    def show_table(self, *, with_buttons: bool) -> None:
        """Open the table's place on the page, with the row of buttons below it if asked for."""
        self.table_place.show(runs_table(self.histories, self.measured))
        if with_buttons:
            display(widgets.VBox([row(self.chosen, *self.buttons), self.output]))

    def refresh_text(self) -> None:
        """Let a text that is shown below the buttons follow what has changed; where there can be none, say why."""
        if not self.text_shown:
            return
        try:
            self.output.value = f"<pre>{html.escape(self.texts[self.text_shown]())}</pre>"
        except ReaderValueError as error:
            self.output.value = html.escape(str(error))

    def _run(self, number: int) -> History:
        if not 1 <= number <= len(self.histories):
            raise ReaderValueError(f"There is no run {number}; there are {len(self.histories)} runs.")
        return self.histories[number - 1]

    @answering
    def _on_show(self, _button) -> None:
        if self.chosen.value:
            self.show(self.chosen.value, not self.is_shown(self.chosen.value))

    @answering
    def _on_delete(self, _button) -> None:
        if self.chosen.value:
            self.delete(self.chosen.value)

    @answering
    def _on_csv(self, _button) -> None:
        self.text_shown = ""
        packed = base64.b64encode(self.to_csv().encode()).decode()
        link = f'<a download="runs.csv" href="data:text/csv;base64,{packed}">runs.csv</a>'
        self.output.value = f"{link}: {len(self.histories)} runs. A click saves it."

    @answering
    def _on_text(self, pressed) -> None:
        self.text_shown = pressed.description
        self.refresh_text()
